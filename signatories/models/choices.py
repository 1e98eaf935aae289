"""What the rows of this app are told apart by, and what names them without telling anything."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")


class Visibility(models.TextChoices):
    """Who sees the name. The signer may lower it, nobody can raise it."""

    PUBLIC = "public", _("everyone")
    RECIPIENT = "recipient", _("only the governments addressed")
    COUNTED = "counted", _("nobody")


def new_public_id() -> str:
    """A name for a row that tells neither its number nor its time (96 random bits)."""
    return secrets.token_urlsafe(12)


def new_secret() -> str:
    """What a secret link or a leaf of the roll is made unguessable with (128 random bits)."""
    return secrets.token_hex(16)
