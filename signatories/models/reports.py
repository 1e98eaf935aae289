from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from signatories.models.signatures import Signature


class Report(models.Model):
    """Somebody says that a listed name is wrong: why, on which day, and for that day from which network."""

    class Reason(models.TextChoices):
        NOT_ME = "not_me", _("I am this person, or speak for this organisation, and did not sign")
        NOT_REAL = "not_real", _("There is no such person or organisation")
        OTHERS_NAME = "others_name", _("Somebody signed with another one’s name")
        OTHER = "other", _("Something else is wrong with this name")

    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=12, choices=Reason)
    network = models.CharField(max_length=64, null=True)  # noqa: DJ001 - nothing, after 24 hours
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("report of a name")
        verbose_name_plural = _("reports of names")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["network"], condition=Q(network__isnull=False), name="report_by_network"),
        ]
        constraints = [
            # a network's mark changes with the day, so this is one a day
            models.UniqueConstraint(fields=["signature", "network"], name="one_report_per_network_and_name"),
            models.CheckConstraint(
                condition=Q(reason__in=["not_me", "not_real", "others_name", "other"]),
                name="reports_have_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"
