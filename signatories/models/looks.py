from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from signatories.models.signatures import Signature


class SecondLookQuerySet(models.QuerySet["SecondLook"]):
    def due(self) -> "SecondLookQuerySet":
        """Those at which nobody has looked yet and that stand as they did."""
        stands = Q(
            signature__withdrawn_at=None,
            signature__held_at=None,
            signature__rejected_at=None,
            signature__erased_at=None,
        )
        return self.filter(stands, outcome="").order_by("day", "pk")


class SecondLook(models.Model):
    """One of the few that passed by themselves and that a moderator looks at all the same."""

    class Outcome(models.TextChoices):
        FINE = "fine", _("found fine")
        QUEUED = "queued", _("taken into the queue")
        REJECTED = "rejected", _("rejected")

    signature = models.OneToOneField(Signature, on_delete=models.CASCADE, related_name="second_look")
    day = models.DateField()  # on which it was confirmed
    outcome = models.CharField(_("what was found"), max_length=10, choices=Outcome, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)

    objects = SecondLookQuerySet.as_manager()

    class Meta:
        verbose_name = _("second look")
        verbose_name_plural = _("second looks")
        indexes = [models.Index(fields=["at"], condition=Q(at__isnull=False), name="second_looks_taken")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", by=None, at=None)
                | Q(outcome__in=["fine", "queued", "rejected"], by__isnull=False, at__isnull=False),
                name="somebody_takes_a_second_look",
            )
        ]

    def __str__(self) -> str:
        return f"second look {self.pk}"
