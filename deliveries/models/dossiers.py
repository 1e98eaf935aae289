"""What was frozen of a letter at one moment."""

import base64
import json
import secrets
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letters.models import Letter, Version
from vault import sealing
from vault.fields import SealedTextField

KEY_BYTES = 32
PLACE = "deliveries.dossier.names"


# What lies beside the facts of a dossier, a list of a hundred thousand names at worst
WIDE = ("public_edition", "names", "key")


class DossierDestroyed(Exception):
    """The key of the sealed edition is gone, by retention: its names are nobody's any more."""


class DossierQuerySet(models.QuerySet["Dossier"]):
    def light(self) -> Self:
        """Without the public edition, the sealed names and their key: for pages that only tell of it."""
        return self.defer(*WIDE)


class Dossier(models.Model):
    """One version of a letter and who stood under it, frozen at one moment.

    The public edition is kept as it is published. What the edition for the offices needs besides, the
    names for their eyes only, is sealed under a key of its own: destroying the key destroys the names.

    Part 0 is the whole; a supplement, from 1 on, holds who signed since the part that it comes `after`.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="dossiers")
    part = models.PositiveSmallIntegerField(_("part"), default=0, db_default=0)
    after = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supplements")
    taken_at = models.DateTimeField(_("frozen at"))
    persons = models.PositiveIntegerField(_("persons"))
    organisations = models.PositiveIntegerField(_("organisations"))
    size = models.PositiveIntegerField(_("lines of the roll"))
    root = models.CharField(_("root of the roll"), max_length=64)
    head_at = models.DateTimeField(_("tree head of"))
    head_signature = models.CharField(_("signature of the tree head"), max_length=128)
    public_edition = models.TextField(_("public edition"))
    public_hash = models.CharField(_("SHA-256 of the public edition"), max_length=64)
    sent_hash = models.CharField(_("SHA-256 of the edition for the offices"), max_length=64)
    names = models.BinaryField(editable=False)
    key = SealedTextField(null=True, editable=False)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(part=0, after=None) | Q(part__gt=0, after__isnull=False),
                name="a_supplement_comes_after_something",
                violation_error_message=_("A supplement says what it comes after."),
            )
        ]

    def __str__(self) -> str:
        return f"dossier {self.pk}"

    @property
    def signatures(self) -> int:
        return self.persons + self.organisations

    @property
    def letter(self) -> Letter:
        return self.version.letter

    def seal(self, lines: list[Any]) -> None:
        """Keep the lines of the list, names included, under a fresh key of this dossier alone."""
        key = secrets.token_bytes(KEY_BYTES)
        self.key = base64.b64encode(key).decode()
        self.names = self.seal_text(json.dumps(lines, ensure_ascii=False), place=PLACE)

    def unseal(self) -> list[Any]:
        """The sealed lines. Raises DossierDestroyed."""
        return json.loads(self.unseal_text(bytes(self.names), place=PLACE))

    def seal_text(self, text: str, *, place: str) -> bytes:
        """A text that shall last as long as this dossier's key, for `place`. Raises DossierDestroyed."""
        return sealing.seal(text, place=place, keys=[self._key()])

    def unseal_text(self, sealed: bytes, *, place: str) -> str:
        """The text that was sealed for `place`. Raises DossierDestroyed."""
        return sealing.unseal(sealed, place=place, keys=[self._key()])

    def _key(self) -> bytes:
        if self.key is None:
            raise DossierDestroyed(self)
        return base64.b64decode(str(self.key))
