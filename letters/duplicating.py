"""A new letter from one that is there: its texts, offices and authors; nothing of its signers or its team."""

from django.db import transaction
from django.forms.models import model_to_dict

from accounts import trail
from accounts.models import User
from letters import correcting
from letters.models import Author, Letter, Recipient, Role, Translation, Version

ABOUT = ("original_language", "risk", "goal", "contact")
TEXT = ("language", "title", "summary", "body")
OFFICE = (
    "order", "office", "person", "country", "language", "channel", "address", "postal", "time_zone",
    "size_limit",
)  # fmt: skip
AUTHOR = ("order", "name", "website")
LOGO = ("width", "height")


class NothingToCopy(Exception):
    """The letter has no version that could be copied."""


@transaction.atomic
def duplicate(letter: Letter, *, slug: str, by: User) -> Letter:
    """Begin a draft with the newest text of a letter, in all its languages; who does owns it.

    It has no dates, and its translations wait to be reviewed again: nobody has compared them as part of
    this letter. Raises NothingToCopy.
    """
    source = letter.versions.order_by("-number").first()
    if source is None:
        raise NothingToCopy(letter)
    copy = Letter.objects.create(slug=slug, **{name: getattr(letter, name) for name in ABOUT})
    version = Version.objects.create(letter=copy)
    for text in source.translations.all():
        Translation.objects.create(
            version=version, written_by=text.written_by, **model_to_dict(correcting.read(text), TEXT)
        )
    for office in source.recipients.all():
        Recipient.objects.create(version=version, **model_to_dict(office, OFFICE))
    for author in letter.authors.all():
        _keep_logo(author, Author.objects.create(letter=copy, **model_to_dict(author, AUTHOR)))
    Role.objects.create(letter=copy, user=by, kind=Role.Kind.OWNER)
    trail.record("letter begun", about=copy, by=by, copy_of=letter.pk)
    return copy


def _keep_logo(author: Author, twin: Author) -> None:
    """Give the author of the copy the logo that they have, as a picture of its own (logos.models.Logo)."""
    if logo := getattr(author, "logo", None):
        type(logo).objects.create(author=twin, **model_to_dict(logo, LOGO), content=logo.content)
