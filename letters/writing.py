"""Writing a letter: its draft version with texts, recipients and authors, until somebody else publishes it.

Whatever changes takes back what was agreed on before: a text loses its reviewer's sign-off, and with the
original all do; a version that was proposed is a draft again. What is published is never written to.
"""

import logging

from django.db import transaction
from django.db.models import Max
from django.forms import ModelForm
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts import trail
from accounts.models import User
from letters import amending, publishing
from letters.models import Author, Letter, Recipient, Role, Translation, Version

logger = logging.getLogger(__name__)


class NoDraft(Exception):
    """There is nothing to write to: the version is published."""


class OwnText(Exception):
    """Somebody would sign off what they wrote themselves, or publish what they proposed."""


class ProposedAnew(Exception):
    """It was changed and proposed again since somebody has looked at it."""


class Unfinished(Exception):
    """The draft cannot be proposed yet; `reasons` says in words what is missing."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(len(reasons))
        self.reasons = reasons


@transaction.atomic
def begin(letter: Letter, *, title: str, by: User) -> Letter:
    """Save a new letter with an empty first text; who begins it owns it."""
    letter.save(force_insert=True)
    version = Version.objects.create(letter=letter)
    Translation.objects.create(version=version, language=letter.original_language, title=title, written_by=by)
    Role.objects.create(letter=letter, user=by, kind=Role.Kind.OWNER)
    trail.record("letter begun", about=letter, by=by)
    return letter


def draft_of(letter: Letter) -> Version | None:
    """The version that is being written, if any."""
    return letter.versions.filter(published_at=None).first()


@transaction.atomic
def write(letter: Letter, form: ModelForm, *, language: str, by: User) -> Translation:
    """Save a text of the draft in one language. Raises NoDraft."""
    version = _opened(letter)
    text = form.save(commit=False)
    text.version, text.language, text.written_by = version, language, by
    text.reviewed_by = text.reviewed_at = None
    if text.pk is None:
        text.save(force_insert=True)
    else:
        text.save(update_fields=[*form.cleaned_data, "written_by", "reviewed_by", "reviewed_at"])
    if language == letter.original_language:
        version.translations.update(reviewed_by=None, reviewed_at=None)
    trail.record("text written", about=text, by=by, language=language)
    return text


@transaction.atomic
def review(letter: Letter, *, language: str, by: User) -> None:
    """Sign a translation off as saying what the original says. Raises NoDraft, OwnText."""
    texts = Translation.objects.filter(version__letter=letter, version__published_at=None)
    text = texts.select_for_update(of=("self",)).filter(language=language).first()
    if text is None:
        raise NoDraft(letter)
    if text.written_by_id == by.pk:
        raise OwnText(text)
    text.reviewed_by, text.reviewed_at = by, timezone.now()
    text.save(update_fields=["reviewed_by", "reviewed_at"])
    trail.record("translation reviewed", about=text, by=by, language=language)


@transaction.atomic
def change(letter: Letter, form: ModelForm, *, by: User) -> None:
    """Save what goes with the draft: facts of the letter, a recipient, an author. Raises NoDraft."""
    row, fields = form.save(commit=False), list(form.cleaned_data)
    version = open_authors(letter) if isinstance(row, Author) else _opened(letter)
    if row.pk is None:
        beside = version.recipients if isinstance(row, Recipient) else letter.authors
        last = beside.aggregate(last=Max("order"))["last"]
        row.order = 0 if last is None else last + 1
        row.save(force_insert=True)
    else:
        row.save(update_fields=fields)
    trail.record(f"{row._meta.model_name} written", about=row, by=by, fields=", ".join(form.changed_data))


@transaction.atomic
def remove(letter: Letter, row: Recipient | Author, *, by: User) -> None:
    """Take a recipient or an author off the draft. Raises NoDraft."""
    if isinstance(row, Author):
        open_authors(letter)
    else:
        _opened(letter)
    trail.record(f"{row._meta.model_name} removed", about=row, by=by)
    row.delete()


@transaction.atomic
def move(letter: Letter, author: Author, *, before: bool, by: User) -> None:
    """Name an author one place earlier (`before`), or later; nobody moves past the ends. Raises NoDraft."""
    open_authors(letter)
    named = list(letter.authors.all())
    if author not in named:  # taken off meanwhile
        return
    place = named.index(author)
    other = place - 1 if before else place + 1
    if not 0 <= other < len(named):
        return
    named[place], named[other] = named[other], named[place]
    for order, one in enumerate(named):
        Author.objects.filter(pk=one.pk).exclude(order=order).update(order=order)
    trail.record("author moved", about=author, by=by, place=other + 1)


def open_authors(letter: Letter) -> Version:
    """The first draft, opened to change who writes the letter: that is the same under all its versions.

    Raises NoDraft once the first version is published.
    """
    version = _opened(letter)
    if version.number > 1:
        raise NoDraft(letter)
    return version


def missing(letter: Letter) -> list[str]:
    """What stands between the draft and being proposed, in words; nothing if it is whole."""
    version = draft_of(letter)
    if version is None:
        return [str(_("There is no draft."))]
    texts = list(version.translations.all())
    original = next((text for text in texts if text.language == letter.original_language), None)
    found = []
    if letter.is_published() and not letter.is_open():
        found.append(_("The letter is not open: its text changes no more."))
    if letter.current and not amending.differs(version, letter.current):
        found.append(_("Nothing in it differs from the text that is signed now."))
    if original is None or not original.body.strip():
        found.append(_("The letter has no text yet."))
    if not version.recipients.exists():
        found.append(_("It is addressed to nobody yet."))
    if not letter.authors.exists():
        found.append(_("It says nowhere who wrote it."))
    if not letter.contact:
        found.append(_("It has no address to which readers and offices can write."))
    found += [
        format_lazy(_("Nobody has reviewed the translation “{title}”."), title=text.title)
        for text in texts
        if text is not original and text.reviewed_at is None
    ]
    return [str(reason) for reason in found]


@transaction.atomic
def propose(letter: Letter, *, by: User) -> None:
    """Say that the draft is ready: somebody else may publish it now. Raises Unfinished, NoDraft."""
    version = _locked(letter)
    if reasons := missing(letter):
        raise Unfinished(reasons)
    version.proposed_by, version.proposed_at = by, timezone.now()
    version.save(update_fields=["proposed_by", "proposed_at"])
    trail.record("version proposed", about=version, by=by)


@transaction.atomic
def publish(letter: Letter, *, seen: str, by: User) -> Version:
    """Publish what somebody else has proposed at the moment `seen`, and nothing that was proposed after it.

    Raises OwnText, Unfinished, NoDraft, ProposedAnew.
    """
    version = _locked(letter)
    if version.proposed_at is None:
        raise Unfinished([str(_("Nobody has proposed it."))])
    if version.proposed_by_id == by.pk:
        raise OwnText(version)
    if version.proposed_at.isoformat() != seen:
        raise ProposedAnew(version)
    if reasons := missing(letter):  # the letter was closed meanwhile
        raise Unfinished(reasons)
    published = publishing.publish(letter, by=by)
    trail.record("version published", about=published, by=by, sha256=published.text_hash)
    return published


def _opened(letter: Letter) -> Version:
    """The draft, which a change makes one again that nobody has proposed."""
    version = _locked(letter)
    Version.objects.filter(pk=version.pk).update(proposed_by=None, proposed_at=None)
    return version


def _locked(letter: Letter) -> Version:
    version = letter.versions.select_for_update().filter(published_at=None).first()
    if version is None:
        raise NoDraft(letter)
    return version
