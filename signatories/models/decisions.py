from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from signatories.models.signatures import Signature
from vault.fields import SealedTextField

UNDO_WITHIN = timedelta(minutes=10)


class DecisionQuerySet(models.QuerySet["Decision"]):
    def lasting(self) -> "DecisionQuerySet":
        """What was decided and not taken back at once."""
        return self.filter(undone=None, undoes=None)


class Decision(models.Model):
    """What was decided about a signature: who, when and why."""

    class Verdict(models.TextChoices):
        HOLD = "hold", _("held")
        APPROVE = "approve", _("approved")
        REJECT = "reject", _("rejected")
        ASK = "ask", _("asked")
        REINSTATE = "reinstate", _("reinstated")
        UNDO = "undo", _("undone")

    class Ground(models.TextChoices):
        """What the public is told of a rejection; the reason in words stays at the desk."""

        NOT_ITSELF = "not_itself", _("not who it says")
        FAKE = "fake", _("invented")
        DUPLICATE = "duplicate", _("signed twice")
        ABUSE = "abuse", _("abusive")
        OTHER = "other", _("something else")

    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="decisions")
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(_("reason"), blank=True)
    ground = models.CharField(_("ground"), max_length=12, choices=Ground, blank=True)
    undoes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="undone"
    )
    together = models.UUIDField(null=True, blank=True, db_index=True)  # with which others, in one step
    before = SealedTextField(null=True)  # what it changed, as it was, for as long as that can be undone

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict__in=["hold", "reject"]) | ~Q(reason=""),
                name="holding_and_rejecting_take_a_reason",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=Q(ground="")
                | Q(verdict="reject", ground__in=["not_itself", "fake", "duplicate", "abuse", "other"]),
                name="only_rejections_have_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(verdict="undo", undoes__isnull=False) | (~Q(verdict="undo") & Q(undoes=None)),
                name="undoing_names_what_is_undone",
            ),
            models.CheckConstraint(
                condition=Q(verdict="hold") | Q(by__isnull=False), name="people_decide_what_is_held"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.signature_id}"
