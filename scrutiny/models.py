"""What is known about those who try to sign, without knowing any signature."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter


class Limit(models.Model):
    """A threshold that the desk may move; without a row the default of `limits` holds."""

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    value = models.PositiveIntegerField(_("value"))

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


class Switch(models.Model):
    """Something of the site that is stopped, or said, while the row is there (steering)."""

    class Name(models.TextChoices):
        SIGNING = "signing", _("nobody signs")
        READ_ONLY = "read-only", _("nothing is changed by the public")
        BANNER = "banner", _("a sentence on every page")

    name = models.CharField(_("name"), max_length=10, choices=Name, primary_key=True)
    words = models.JSONField(_("words"), default=dict, blank=True)

    class Meta:
        verbose_name = _("switch")
        verbose_name_plural = _("switches")
        constraints = [
            models.CheckConstraint(
                condition=Q(name__in=["signing", "read-only", "banner"]), name="switch_is_one_of_ours"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SpentChallenge(models.Model):
    """Solved work that was handed in once; the attempt it came with may be looked at again, no other."""

    challenge = models.CharField(max_length=64, primary_key=True)
    attempt = models.BigIntegerField()
    forget_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("spent challenge")
        verbose_name_plural = _("spent challenges")

    def __str__(self) -> str:
        return f"challenge of attempt {self.attempt}"


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def during(self, since: datetime, until: datetime) -> "GatheringQuerySet":
        """Those that two people have agreed on and that touch a span of time."""
        return self.filter(approved_by__isnull=False, begins_at__lt=until, ends_at__gt=since)


class Gathering(models.Model):
    """Many who sign from one place: a conference, a campus, a camp. One person asks for it, another approves.

    While it lasts, many signatures from one network tell nothing about them, nor do many at its mail domain.
    """

    LONGEST = timedelta(days=3)

    letter = models.ForeignKey(
        Letter, verbose_name=_("letter"), on_delete=models.CASCADE, related_name="gatherings"
    )
    what = models.CharField(_("what and where"), max_length=200)
    domain = models.CharField(
        _("mail domain"),
        max_length=253,
        blank=True,
        help_text=_("Of the host, if many have an address there."),
    )
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked for by"), editable=False, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("approved by"), null=True, editable=False,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip

    objects = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("begins_at")),
                name="gatherings_end_after_they_begin",
                violation_error_message=_("A gathering ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")),
                name="nobody_approves_their_own_gathering",
                violation_error_message=_("Somebody else has to approve it."),
            ),
        ]

    def __str__(self) -> str:
        return f"gathering {self.pk}"

    def clean(self) -> None:
        if self.begins_at and self.ends_at and self.ends_at > self.begins_at + self.LONGEST:
            raise ValidationError({"ends_at": _("A gathering lasts three days at most.")})


class MailDomain(models.Model):
    """A mail domain that somebody has tried to sign from, by its blind index, and since when it is known."""

    index = models.CharField(max_length=64, primary_key=True)
    first_seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")

    def __str__(self) -> str:
        return f"mail domain first seen {self.first_seen_at:%Y-%m-%d}"


class WatchedQuerySet(models.QuerySet["Watched"]):
    def in_force(self) -> "WatchedQuerySet":
        """What has not been ended."""
        return self.filter(ended_at=None)


class Watched(models.Model):
    """A name, title, office or organisation that the desk adds to the watch list, or takes off it."""

    class Kind(models.TextChoices):
        NAME = "name", _("name of a person")
        TITLE = "title", _("title before a name")
        OFFICE = "office", _("public office")
        ORGANISATION = "organisation", _("name of an organisation")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    text = models.CharField(_("text"), max_length=200, help_text=_("Capitals and accents do not matter."))
    is_exempt = models.BooleanField(
        _("taken off the list"), default=False, help_text=_("For what is on the list from the start.")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = WatchedQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the watch list")
        verbose_name_plural = _("watch list")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "text"], condition=Q(ended_at=None), name="watched_once_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["name", "title", "office", "organisation"]), name="watched_is_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="somebody_ends_what_is_watched",
            ),
        ]

    def __str__(self) -> str:
        return f"watched {self.kind} {self.pk}"
