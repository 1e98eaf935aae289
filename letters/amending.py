"""Changing what people sign: a published letter gets a next version, reviewed and published like the first.

Who has signed stands under the text they signed until they agree to the new one: `updates.notices` asks them.
"""

from django.db import transaction

from accounts import trail
from accounts.models import User
from letters import correcting, publishing
from letters.models import Letter, Recipient, Version

OFFICE = (
    "office", "person", "country", "language", "channel", "address", "postal", "time_zone", "size_limit",
)  # fmt: skip


class NotOpen(Exception):
    """Only the text of an open letter is changed: nobody could sign the new one, or agree to it."""


class NothingToDiscard(Exception):
    """There is no next version, or it was published meanwhile."""


@transaction.atomic
def begin(letter: Letter, *, by: User) -> Version:
    """Begin the next version of a letter as a draft with the words of the present one, or go on with it.

    Raises NotOpen.
    """
    row = Letter.objects.select_for_update().get(pk=letter.pk)
    if not row.is_open():
        raise NotOpen(letter)
    if draft := row.versions.filter(published_at=None).first():
        return draft
    draft = publishing.amend(row)
    trail.record("next version begun", about=draft, by=by, version=draft.number)
    return draft


@transaction.atomic
def discard(letter: Letter, *, by: User) -> None:
    """Throw the next version away before it is published. Raises NothingToDiscard."""
    row = Letter.objects.select_for_update().get(pk=letter.pk)
    draft = row.versions.select_for_update().filter(published_at=None).first()
    if draft is None or not row.is_published():
        raise NothingToDiscard(letter)
    trail.record("next version discarded", about=draft, by=by, version=draft.number)
    draft.delete()


def differs(draft: Version, present: Version) -> bool:
    """Whether a draft says anything else than the present version, or says it to somebody else."""
    return _words(draft) != _words(present) or _offices(draft) != _offices(present)


def _words(version: Version) -> dict[str, dict[str, str]]:
    return {text.language: publishing.text_of(correcting.read(text)) for text in version.translations.all()}


def _offices(version: Version) -> list[tuple[str, ...]]:
    return list(Recipient.objects.filter(version=version).values_list(*OFFICE))
