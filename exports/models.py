"""Lists that somebody wants to take out: proposed, built, approved by somebody else, taken once."""

import base64
import json
import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from letters.models import Letter, Version
from letters.permitting import Verb, letters_for
from organisations.models import Organisation
from signatories.enrolled.exporting import PROFILES, Line, Wanted
from signatories.models import Kind
from vault import sealing
from vault.fields import SealedTextField

KEPT = timedelta(days=3)
OPEN_FOR = timedelta(minutes=30)
SILENT = timedelta(minutes=5)  # a builder that is not heard of for so long is dead
ATTEMPTS = 3
KEY_BYTES = 32
PLACE = "exports.piece.lines"


class Profile(models.TextChoices):
    GOVERNMENT = "government", _("government: public names, and those shown to the offices alone")
    PRESS = "press", _("press: only what the public page shows")
    ARCHIVE = "archive", _("archive: the public list, with what proves each line")
    INTERNAL = "internal", _("internal: as for governments, with the day of signing")


class Format(models.TextChoices):
    XLSX = "xlsx", _("XLSX, for spreadsheets")
    CSV = "csv", _("CSV, for spreadsheets and programs")
    JSON = "json", _("JSON, for programs")
    PDF = "pdf", _("PDF, for paper")


class State(models.TextChoices):
    WAITING = "waiting", _("waits for its turn")
    BUILDING = "building", _("is being built")
    BUILT = "built", _("waits for somebody else’s approval")
    APPROVED = "approved", _("approved")
    TAKEN = "taken", _("taken out")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("expired and destroyed")
    FAILED = "failed", _("could not be built")


READY = (State.BUILT, State.APPROVED, State.TAKEN)
UNDER_WAY = (State.WAITING, State.BUILDING)


class ExportQuerySet(models.QuerySet["Export"]):
    def claimable(self, at: datetime) -> Self:
        """What waits for a builder, or was left by one that died."""
        return self.filter(
            Q(state=State.WAITING) | Q(state=State.BUILDING, heard_at__lte=at - SILENT)
        ).order_by("pk")

    def to_approve(self, user: User, *, at: datetime | None = None) -> Self:
        """What somebody else has asked for and this person's role lets them approve, the oldest first.

        Under a letter at risk they can do so only once they are known (`permitting.are_known`).
        """
        mine = letters_for(user, Verb.EXPORT)
        asked = self.filter(
            state=State.BUILT, expires_at__gt=at or timezone.now(), letter__in=mine.values("pk")
        )
        return asked.exclude(proposed_by=user).order_by("pk")


class Export(models.Model):
    """One list on its way out of the house.

    What is in it is frozen and sealed under a key of its own, and the file is made of that whenever it is
    needed: the same lines give the same bytes. Destroying the key destroys the list.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="exports")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    profile = models.CharField(_("for whom"), max_length=12, choices=Profile)
    format = models.CharField(_("format"), max_length=4, choices=Format)
    kind = models.CharField(_("who"), max_length=12, choices=Kind, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    type = models.CharField(_("type of organisation"), max_length=12, choices=Organisation.Type, blank=True)
    since = models.DateField(_("confirmed since"), null=True, blank=True)
    until = models.DateField(_("confirmed until"), null=True, blank=True)
    why = models.CharField(_("why"), max_length=200)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed"), default=timezone.now)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    heard_at = models.DateTimeField(_("builder last heard of"), null=True)
    total = models.PositiveIntegerField(_("lines to freeze"), default=0)
    frozen = models.PositiveIntegerField(_("lines frozen"), default=0)
    rows = models.PositiveIntegerField(_("rows"), null=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    expires_at = models.DateTimeField(_("destroyed at"), null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(_("taken out"), null=True)
    taken_rows = models.PositiveIntegerField(_("rows taken out"), null=True)
    taken_sha256 = models.CharField(_("SHA-256 of what was taken out"), max_length=64, blank=True)
    key = SealedTextField(null=True, editable=False)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state__in=["waiting", "building"]), name="exports_under_way"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="nobody_approves_their_own_export",
                violation_error_message=_("Somebody else approves what one has proposed."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False, rows__isnull=False)
                & ~Q(sha256=""),
                name="what_is_approved_is_built",
                violation_error_message=_("Approved is one very file, by its SHA-256."),
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None)
                | Q(taken_by__isnull=False, approved_at__isnull=False, taken_rows__lte=F("rows"))
                & ~Q(taken_sha256=""),
                name="what_is_taken_is_approved_and_only_shrinks",
                violation_error_message=_("Only what was approved leaves, and it only ever shrinks."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "taken"]) | Q(approved_at__isnull=False),
                name="no_export_is_open_unapproved",
                violation_error_message=_("An export opens by approval only."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cancelled", "expired", "failed"]) | Q(key__isnull=True),
                name="an_export_that_is_over_is_destroyed",
                violation_error_message=_("Nothing is kept of a list once it is over."),
            ),
            models.CheckConstraint(
                condition=~Q(why=""),
                name="an_export_says_why",
                violation_error_message=_("Say why the list is needed."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def name(self) -> str:
        """What its file is called, and what stands at its foot."""
        return f"{self.letter.slug}-{self.profile}-{self.pk}"

    @property
    def columns(self) -> tuple[str, ...]:
        return PROFILES[self.profile]

    @property
    def wanted(self) -> Wanted:
        """Whose lines are asked for."""
        return Wanted(self.profile, self.kind, self.country, self.since, self.until, self.type)

    @property
    def closes_at(self) -> datetime | None:
        """Until when it can be taken out."""
        return self.approved_at and self.approved_at + OPEN_FOR

    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether it can be taken out at this moment (default: now): approved, and not taken yet."""
        closes_at = self.closes_at
        return self.state == State.APPROVED and closes_at is not None and (at or timezone.now()) < closes_at

    def can_be_approved(self, at: datetime | None = None) -> bool:
        """Whether it is built, and either new or closed again."""
        return self.state in READY and not self.is_open(at)


class Piece(models.Model):
    """Some of an export's frozen lines, sealed under its key."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField(_("number"))
    lines = models.BinaryField(editable=False)

    class Meta:
        verbose_name = _("piece of an export")
        verbose_name_plural = _("pieces of exports")
        constraints = [
            models.UniqueConstraint(fields=["export", "number"], name="each_piece_of_an_export_once")
        ]

    def __str__(self) -> str:
        return f"piece {self.number} of export {self.export_id}"


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def seal(lines: list[Line], *, key: str) -> bytes:
    """Frozen lines, under an export's key."""
    return sealing.seal(json.dumps(lines, ensure_ascii=False), place=PLACE, keys=[base64.b64decode(key)])


def unseal(piece: Piece, *, key: str) -> list[Line]:
    """The lines of a piece. Raises sealing.Unreadable."""
    text = sealing.unseal(bytes(piece.lines), place=PLACE, keys=[base64.b64decode(key)])
    lines: list[list[Any]] = json.loads(text)
    return [Line(*line) for line in lines]
