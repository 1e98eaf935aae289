"""What waits to leave. A row is the truth; the queue that nudges a sender is only a hint."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from vault.fields import SealedTextField


class State(models.TextChoices):
    READY = "ready", _("waiting")
    CLAIMED = "claimed", _("claimed: surely not sent yet")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    UNCERTAIN = "uncertain", _("uncertain whether it left")
    DEAD = "dead", _("given up")
    HELD = "held", _("held back")
    VOID = "void", _("nothing had to leave")


class Lane(models.IntegerChoices):
    """In which queue a message waits. Each is behind those before it, and within its share of the pace."""

    FAST = 0, _("first")
    SLOW = 1, _("slow")
    BRAKED = 2, _("braked")
    NEWS = 3, _("news")


class ClaimableQuerySet(models.QuerySet):
    def due(self, at: datetime) -> Self:
        """What may leave at the moment `at`, in the order in which it became due."""
        return self.filter(state=State.READY, next_at__lte=at).order_by("next_at", "pk")

    def in_flight(self) -> Self:
        """What some sender has taken and not finished."""
        return self.filter(state__in=[State.CLAIMED, State.SENDING])

    def expired(self, at: datetime) -> Self:
        """What a sender took and lost: it died, or was slower than its lease."""
        return self.in_flight().filter(lease_until__lte=at)

    def senders(self) -> int:
        """How many senders are at work."""
        return self.in_flight().order_by().values("lease").distinct().count()

    def claim(
        self,
        *,
        at: datetime,
        lease_for: timedelta,
        limit: int,
        host: str,
        order: Sequence[Any] = (),
        lease: str = "",
    ) -> list[Any]:
        """Take up to `limit` due rows under one fresh lease, or `lease`; two claims never share a row.

        Each row keeps the Message-ID (at `host`) of its first claim for ever. Rows leave in the
        order in which they became due, or first by `order`. Must run inside a transaction.
        """
        due = self.due(at).order_by(*order, "next_at", "pk").select_for_update(skip_locked=True)
        rows: list[Any] = list(due[:limit])
        lease = lease or secrets.token_hex(16)
        taken = {"state": State.CLAIMED, "lease": lease, "lease_until": at + lease_for}
        unnamed = [row for row in rows if not row.message_id]
        for row in rows:
            for name, value in taken.items():
                setattr(row, name, value)
        for row in unnamed:
            row.message_id = f"<{secrets.token_hex(16)}@{host}>"
        everyone = self.model._default_manager
        everyone.filter(pk__in=[row.pk for row in rows]).update(**taken)
        everyone.bulk_update(unnamed, ["message_id"])  # one value each, so it costs more than the rest
        return rows

    def release(self, lease: str) -> int:
        """Give back, unharmed, what is claimed under `lease` and was not begun."""
        untouched = self.filter(lease=lease, state=State.CLAIMED)
        return untouched.update(state=State.READY, lease="", lease_until=None)

    def oldest_due(self, at: datetime) -> datetime | None:
        """Since when the row that has waited longest could have left; None if nothing is due."""
        return self.due(at).values_list("next_at", flat=True).first()

    def queue_age(self, at: datetime) -> timedelta:
        """How long the row that has waited longest is overdue."""
        oldest = self.oldest_due(at)
        return at - oldest if oldest else timedelta(0)


class Claimable(models.Model):
    """Something that must leave once: ready → claimed → sending → sent, uncertain, dead, held or void."""

    State = State

    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.READY)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("may leave from"), db_default=Now())
    tried_at = models.DateTimeField(_("first tried at"), null=True, blank=True)
    lease = models.CharField(max_length=32, blank=True, default="", editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    message_id = models.CharField("Message-ID", max_length=255, unique=True, null=True, blank=True)
    last_reply = models.TextField(_("last reply"), blank=True, default="")
    evidence = models.JSONField(_("evidence"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    objects = ClaimableQuerySet.as_manager()

    class Meta:
        abstract = True

    def begin_sending(self, *, until: datetime, **changes: Any) -> bool:
        """Note, before the mail's bytes go out, that they may have gone; False if the lease was lost."""
        return self._change(state=State.SENDING, lease_until=until, **changes)

    def finish(self, state: str, **changes: Any) -> bool:
        """End this claim in `state`; False, and nothing changed, if another sender has the row now."""
        return self._change(state=state, lease="", lease_until=None, **changes)

    def _change(self, **changes: Any) -> bool:
        mine = type(self)._default_manager.in_flight().filter(pk=self.pk, lease=self.lease)
        if not self.lease or mine.update(**changes) != 1:
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True


class MessageQuerySet(ClaimableQuerySet):
    def recover(self, at: datetime) -> int:
        """Let what was claimed or being sent under an expired lease go again, under its Message-ID."""
        lost = {"state": State.READY, "lease": "", "lease_until": None}
        unsure = self.expired(at).filter(state=State.SENDING).update(attempts=F("attempts") + 1, **lost)
        return unsure + self.expired(at).update(**lost)

    def in_lane(self, lane: int) -> Self:
        return self.filter(lane=lane)

    def has_work(self, at: datetime) -> bool:
        """Is anything due, or left behind by a lost sender?"""
        # lane by lane, as the index has it: what may leave later is not looked through
        return any(self.in_lane(lane).due(at).exists() for lane in Lane) or self.expired(at).exists()

    def by_lane(self) -> dict[int, int]:
        """How many there are in each lane."""
        return dict(self.order_by().values_list("lane").annotate(models.Count("pk")))

    def sent_since(self, at: datetime) -> Self:
        return self.filter(state=State.SENT, sent_at__gt=at)

    def troubled(self) -> Self:
        """What a person should look at."""
        return self.filter(state__in=[State.DEAD, State.UNCERTAIN, State.HELD])

    def revive(self) -> int:
        """Let those that are in trouble go again, at once and with full patience."""
        return self.troubled().update(
            state=State.READY, next_at=Now(), tried_at=None, attempts=0, faults=0, last_reply=""
        )


class Message(Claimable):
    """One mail that has to leave, or be found not to: a kind and what it is about, no body, no token."""

    kind = models.CharField(_("kind"), max_length=64)
    subject = models.BigIntegerField(_("subject"))
    dedupe_key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    faults = models.PositiveSmallIntegerField(_("failures to build it"), default=0)
    bounced_at = models.DateTimeField(_("came back at"), null=True, blank=True)
    complained_at = models.DateTimeField(_("complained about at"), null=True, blank=True)
    lane = models.PositiveSmallIntegerField(
        _("lane"), choices=Lane.choices, default=Lane.FAST, db_default=Lane.FAST
    )

    objects = MessageQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["lane", "next_at", "id"], condition=Q(state="ready"), name="message_due"),
            models.Index(
                fields=["lease_until"], condition=Q(state__in=["claimed", "sending"]), name="message_leased"
            ),
            models.Index(fields=["sent_at", "lane"], condition=Q(state="sent"), name="message_left"),
            models.Index(
                fields=["id"], condition=Q(state__in=["dead", "uncertain", "held"]), name="message_troubled"
            ),
            models.Index(fields=["kind", "subject"], name="message_about"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False, message_id__isnull=False),
                name="sent_message_has_evidence",
                violation_error_message=_("What was sent has a moment and a Message-ID."),
            ),
            models.CheckConstraint(condition=Q(lane__in=Lane.values), name="messages_wait_in_a_lane"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Rendered(models.Model):
    """A mail that came ready-made from Django or allauth, sealed until it has left."""

    mail = SealedTextField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"rendered mail {self.pk}"


class ChannelQuerySet(models.QuerySet):
    def is_paused(self) -> bool:
        """Is any way out closed?"""
        return self.filter(paused_at__isnull=False).exists()

    def accepted_since(self, at: datetime) -> bool:
        """Has a relay taken a mail of ours after the moment `at`?"""
        return self.filter(accepted_at__gt=at).exists()


class Channel(models.Model):
    """One way out ("smtp", "box"), and whether it is open."""

    name = models.CharField(_("name"), max_length=20, primary_key=True)
    paused_at = models.DateTimeField(_("paused at"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True, default="")
    alerted_at = models.DateTimeField(_("alerted at"), null=True, blank=True)
    probe_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("last accepted a mail at"), null=True, blank=True)
    wait = models.PositiveIntegerField(_("how many minutes mail may take"), default=0, db_default=0)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.name

    def may_be_tried(self, at: datetime) -> bool:
        """Is it open, or paused by itself and due for a try?"""
        return self.paused_at is None or (self.probe_at is not None and self.probe_at <= at)


class AlertQuerySet(models.QuerySet):
    def open(self) -> Self:
        """What somebody should look at, the newest first."""
        return self.filter(ended_at=None).order_by("-first_at")


class Alert(models.Model):
    """Something that needs somebody: what, since when, how often, and until when. Nobody's data."""

    kind = models.CharField(_("kind"), max_length=40)
    about = models.CharField(_("about"), max_length=80, blank=True, default="")
    reason = models.TextField(_("reason"))
    first_at = models.DateTimeField(_("first at"))
    last_at = models.DateTimeField(_("last at"))
    said_at = models.DateTimeField(_("said at"))
    count = models.PositiveIntegerField(_("times"), default=1)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about"], condition=Q(ended_at=None), name="one_open_alert_of_a_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".strip()
