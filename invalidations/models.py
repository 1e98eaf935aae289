"""Many signatures taken out at once, as a record: by which conditions, which ones, and who let it happen."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter
from signatories.models import Decision, Signature
from vault.fields import SealedTextField

ALONE = 50  # signatures of one letter within a day: more take a second person
ALONE_WITHIN = timedelta(days=1)
REVERSE_WITHIN = timedelta(days=30)


class State(models.TextChoices):
    GATHERING = "gathering", _("is looking for signatures")
    GATHERED = "gathered", _("waits for somebody to let it run")
    RUNNING = "running", _("rejects signatures")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("stopped")
    REVERSING = "reversing", _("puts signatures back")
    REVERSED = "reversed", _("reversed")


UNDER_WAY = (State.GATHERING, State.RUNNING, State.REVERSING)


class InvalidationQuerySet(models.QuerySet["Invalidation"]):
    def under_way(self) -> Self:
        """Those with which a worker has something to do."""
        return self.filter(state__in=UNDER_WAY)


class Invalidation(models.Model):
    """What is looked for under one letter, and what was done with the signatures that were found.

    They are found first, once; only those are taken out, whoever signs meanwhile. All conditions hold.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="invalidations")
    domain = SealedTextField(null=True)
    name = SealedTextField(null=True)
    network = models.CharField(max_length=64, blank=True)  # kept while it gathers
    is_by_network = models.BooleanField(default=False)
    since = models.DateTimeField(_("signed since"), null=True, blank=True)
    until = models.DateTimeField(_("signed until"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score of at least"), null=True, blank=True)
    ground = models.CharField(
        _("ground"), max_length=12, choices=Decision.Ground, default=Decision.Ground.FAKE
    )
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.GATHERING)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reversed_at = models.DateTimeField(null=True)
    reversal_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    looked_at = models.BigIntegerField(default=0)  # the number of the last signature it has looked at
    last = models.BigIntegerField(default=0)  # and of the last at which it will look
    found = models.PositiveIntegerField(default=0)
    handled = models.PositiveIntegerField(default=0)  # since it runs, or since it reverses
    taken_out = models.PositiveIntegerField(default=0)
    put_back = models.PositiveIntegerField(default=0)

    objects = InvalidationQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk invalidation")
        verbose_name_plural = _("bulk invalidations")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=["gathering", "running", "reversing"]),
                name="invalidations_under_way",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["gathering", "gathered", "cancelled"]) | Q(started_by__isnull=False),
                name="somebody_lets_an_invalidation_run",
            ),
            models.CheckConstraint(
                condition=Q(started_by=None) | Q(found__lte=ALONE) | ~Q(started_by=F("proposed_by")),
                name="nobody_invalidates_many_alone",
                violation_error_message=_("Somebody else lets so many be taken out."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="an_invalidation_says_why",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=~Q(state="gathering")
                | Q(domain__isnull=False)
                | Q(name__isnull=False)
                | Q(is_by_network=True)
                | Q(since__isnull=False)
                | Q(until__isnull=False)
                | Q(score__isnull=False),
                name="an_invalidation_has_a_condition",
                violation_error_message=_("Say which signatures: at least one condition."),
            ),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(since__lt=F("until")),
                name="an_invalidation_ends_after_it_begins",
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(network="") | Q(state="gathering"),
                name="a_network_is_kept_while_it_is_looked_for",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["reversing", "reversed"]) | Q(reversed_by__isnull=False),
                name="somebody_reverses_an_invalidation",
            ),
            models.CheckConstraint(
                condition=~Q(state="reversing")
                | Q(reversed_at__isnull=False, reversal_asked_by__isnull=False),
                name="a_reversal_is_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(reversed_by=None)
                | Q(taken_out__lte=ALONE)
                | ~Q(reversed_by=F("reversal_asked_by")),
                name="nobody_reverses_many_alone",
                violation_error_message=_("Somebody else lets so many be put back."),
            ),
        ]

    def __str__(self) -> str:
        return f"invalidation {self.pk}"

    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    def can_be_reversed(self, at: datetime | None = None) -> bool:
        """For thirty days from its end, if it has taken anything out."""
        return (
            self.state in (State.DONE, State.CANCELLED)
            and self.taken_out > 0
            and self.ended_at is not None
            and (at or timezone.now()) < self.ended_at + REVERSE_WITHIN
        )

    def progress(self) -> tuple[int, int]:
        """How much is done of how much, while it is under way."""
        if self.state == State.GATHERING:
            return self.looked_at, self.last
        return self.handled, self.found


class Match(models.Model):
    """One signature that was found, and the decision by which it was taken out."""

    invalidation = models.ForeignKey(Invalidation, on_delete=models.CASCADE, related_name="matches")
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="+")
    decision = models.OneToOneField(Decision, null=True, on_delete=models.SET_NULL, related_name="+")
    held_at = models.DateTimeField(null=True)  # since when it waited for a moderator, if it did
    is_handled = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("match of a bulk invalidation")
        verbose_name_plural = _("matches of bulk invalidations")
        constraints = [
            models.UniqueConstraint(fields=["invalidation", "signature"], name="each_signature_found_once")
        ]
        indexes = [models.Index(fields=["invalidation", "is_handled", "signature"], name="matches_to_handle")]

    def __str__(self) -> str:
        return f"match {self.pk} of invalidation {self.invalidation_id}"
