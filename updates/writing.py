"""Writing an update: texts in several languages, proposed by one and approved by another.

Whatever changes makes a draft again of what was proposed. What is approved is never written to.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.forms import ModelForm
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import trail
from accounts.models import User
from letters.models import Letter
from outbox import posting
from scrutiny import limits
from updates.models import Text, Update

logger = logging.getLogger(__name__)

TRIAL = "news_trial"


class NotADraft(Exception):
    """It is approved, or taken away: nobody writes to it any more."""


class OwnUpdate(Exception):
    """Who proposed or wrote it would approve it."""


class Changed(Exception):
    """It is not, or no longer, what the approver has read."""


class Unfinished(Exception):
    """It cannot be proposed yet; the words say what is missing."""


class TooSoon(Exception):
    """The letter's signers had news a short while ago; `until` is when they may have some again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@transaction.atomic
def begin(letter: Letter, *, by: User) -> Update:
    """The letter's draft of an update: the one there is, or a new one."""
    update, is_new = Update.objects.get_or_create(letter=letter, approved_at=None)
    if is_new:
        trail.record("update begun", about=update, by=by)
    return update


@transaction.atomic
def write(update: Update, form: ModelForm, *, language: str, by: User) -> None:
    """Save what it says in one language. Raises NotADraft."""
    row = _opened(update)
    Text.objects.update_or_create(
        update_of=row, language=language, defaults=form.cleaned_data | {"written_by": by}
    )
    trail.record("update written", about=row, by=by, language=language)


@transaction.atomic
def remove(update: Update, *, by: User) -> None:
    """Take a draft away. Raises NotADraft."""
    row = _opened(update)
    trail.record("update removed", about=row, by=by)
    row.delete()


def missing(update: Update) -> str:
    """Why it cannot be proposed, in words; nothing if it can."""
    if not update.letter.is_public():
        return _("The letter is not published yet, so nobody has asked for news.")
    if not update.texts.filter(language=update.letter.original_language).exists():
        return _("It says nothing yet in the language of the letter, which those get who read no other.")
    return ""


@transaction.atomic
def propose(update: Update, *, by: User) -> None:
    """Say that it is ready: somebody else may approve it now. Raises NotADraft, Unfinished."""
    row = _opened(update)
    if reason := missing(row):
        raise Unfinished(reason)
    row.proposed_by, row.proposed_at = by, timezone.now()
    row.save(update_fields=["proposed_by", "proposed_at"])
    trail.record("update proposed", about=row, by=by)


@transaction.atomic
def approve(update: Update, *, digest: str, by: User) -> None:
    """Have it mailed as somebody else has proposed it; `digest` is of the texts that were read.

    Raises NotADraft, Changed, OwnUpdate, TooSoon.
    """
    Letter.objects.select_for_update().get(pk=update.letter_id)  # two updates of a letter wait for each other
    row = _locked(update)
    if row.proposed_at is None or row.digest() != digest:
        raise Changed(row)
    if by.pk == row.proposed_by_id or row.texts.filter(written_by=by).exists():
        raise OwnUpdate(row)
    now = timezone.now()
    if (until := next_possible(row.letter)) and until > now:
        raise TooSoon(until)
    row.approved_by, row.approved_at = by, now
    row.save(update_fields=["approved_by", "approved_at"])
    trail.record("update approved", about=row, by=by, letter=row.letter_id, sha256=digest)
    logger.info("update %s approved", row.pk)


def next_possible(letter: Letter) -> datetime | None:
    """From when the letter's signers may have news again; None if they never had any."""
    last = letter.updates.exclude(approved_at=None).order_by("-approved_at").first()
    if last is None or last.approved_at is None:
        return None
    return last.approved_at + timedelta(days=limits.limit("days_between_updates"))


@transaction.atomic
def try_out(text: Text, *, by: User) -> None:
    """Mail the text to oneself, once a minute at most, as signers would get it."""
    minute = timezone.now().strftime("%Y%m%d%H%M")
    posting.post(TRIAL, subject=text.pk, dedupe_key=f"{TRIAL}:{text.pk}:{by.pk}:{minute}")
    trail.record("update tried out", about=text, by=by)


def _opened(update: Update) -> Update:
    """The draft, which a change makes one again that nobody has proposed."""
    row = _locked(update)
    row.proposed_by = row.proposed_at = None
    row.save(update_fields=["proposed_by", "proposed_at"])
    return row


def _locked(update: Update) -> Update:
    drafts = Update.objects.select_for_update(of=("self",)).filter(approved_at=None)
    row = drafts.filter(pk=update.pk).select_related("letter").first()
    if row is None:
        raise NotADraft(update)
    return row
