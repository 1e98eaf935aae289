from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class BrakeQuerySet(models.QuerySet["Brake"]):
    def in_force(self, at: datetime | None = None) -> "BrakeQuerySet":
        """Those that nobody has lifted for now."""
        return self.filter(Q(lifted_until=None) | Q(lifted_until__lte=at or timezone.now()))


class Brake(models.Model):
    """Why mail that anybody could have asked for waits: all of it, or that of one network or mail domain.

    There is a row while the cause lasts; the clock makes it and takes it away.
    """

    class Cause(models.TextChoices):
        BOUNCES = "bounces", _("much mail comes back")
        COMPLAINTS = "complaints", _("many complain about our mail")
        UNCONFIRMED = "unconfirmed", _("hardly anybody confirms")

    cause = models.CharField(_("cause"), max_length=12, choices=Cause.choices)
    network = models.CharField(max_length=64, blank=True, default="")
    domain = models.CharField(max_length=64, blank=True, default="")
    since = models.DateTimeField(_("since"))
    lifted_until = models.DateTimeField(_("lifted until"), null=True, blank=True)

    objects = BrakeQuerySet.as_manager()

    class Meta:
        verbose_name = _("brake")
        verbose_name_plural = _("brakes")
        constraints = [
            models.UniqueConstraint(fields=["cause", "network", "domain"], name="one_brake_of_a_kind"),
            models.CheckConstraint(
                condition=Q(network="") | Q(domain=""), name="brakes_are_for_a_network_or_a_domain"
            ),
            models.CheckConstraint(
                condition=Q(cause="unconfirmed") ^ Q(network="", domain=""), name="brakes_fit_their_cause"
            ),
        ]

    def __str__(self) -> str:
        return f"brake {self.pk}"

    def is_for_all(self) -> bool:
        return not self.network and not self.domain
