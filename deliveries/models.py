"""What was frozen of a letter, and how it reached each office it is addressed to."""

import base64
import json
import secrets
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letters.models import Letter, Recipient, Version
from outbox.models import Claimable, ClaimableQuerySet, State
from vault import sealing
from vault.fields import SealedTextField

KEY_BYTES = 32
PLACE = "deliveries.dossier.names"


class DossierDestroyed(Exception):
    """The key of the sealed edition is gone, by retention: its names are nobody's any more."""


class Dossier(models.Model):
    """One version of a letter and who stood under it, frozen at one moment.

    The public edition is kept as it is published. What the edition for the offices needs besides, the
    names for their eyes only, is sealed under a key of its own: destroying the key destroys the names.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="dossiers")
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

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["-taken_at", "-pk"]

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
        self.names = sealing.seal(json.dumps(lines, ensure_ascii=False), place=PLACE, keys=[key])
        self.key = base64.b64encode(key).decode()

    def unseal(self) -> list[Any]:
        """The sealed lines. Raises DossierDestroyed."""
        if self.key is None:
            raise DossierDestroyed(self)
        return json.loads(
            sealing.unseal(bytes(self.names), place=PLACE, keys=[base64.b64decode(str(self.key))])
        )


class DeliveryQuerySet(ClaimableQuerySet):
    def of(self, letter: Letter) -> Self:
        """The deliveries of a letter, in the order of its recipients."""
        mine = self.filter(dossier__version__letter=letter)
        return mine.select_related("recipient", "dossier").order_by(
            "dossier__taken_at", "recipient__order", "pk"
        )

    def sent(self) -> Self:
        return self.filter(state=State.SENT)


class Delivery(Claimable):
    """One dossier on its way to one recipient, who never gets it twice."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="deliveries")
    recipient = models.OneToOneField(Recipient, on_delete=models.PROTECT, related_name="delivery")
    signatures = models.PositiveIntegerField(_("signatures delivered"), null=True, blank=True)
    paper_hash = models.CharField(_("SHA-256 of the paper, unsigned"), max_length=64, blank=True)
    file_hash = models.CharField(_("SHA-256 of the file sent"), max_length=64, blank=True)
    list_hash = models.CharField(_("SHA-256 of the list inside"), max_length=64, blank=True)

    objects = DeliveryQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(state="ready"), name="delivery_ready"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent")
                | (
                    Q(sent_at__isnull=False, message_id__isnull=False, signatures__isnull=False)
                    & ~Q(paper_hash="")
                    & ~Q(file_hash="")
                    & ~Q(list_hash="")
                    & ~Q(last_reply="")
                    & ~Q(evidence={})
                ),
                name="sent_delivery_has_evidence",
                violation_error_message=_("What was sent has its evidence: hashes, count, reply and moment."),
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"

    def is_demonstration(self) -> bool:
        """Whether it was only written down for the demo, and nothing left."""
        return bool(self.evidence.get("demonstration"))
