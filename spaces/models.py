"""Who speaks for an organisation in its space, and who of them gave and confirmed what it signed there."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter
from organisations.models import Organisation
from signatories.models import CONFIRM_WITHIN, Signature, Visibility
from vault.fields import SealedTextField

OFF_AFTER = timedelta(days=14)


class Membership(models.Model):
    """Somebody's part in an organisation: a speaker signs for it, an editor writes what it says of itself."""

    class Role(models.TextChoices):
        SPEAKER = "speaker", _("speaker: signs and withdraws, and says who else is here")
        EDITOR = "editor", _("editor: writes what it says of itself")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="members")
    role = models.CharField(_("role"), max_length=8, choices=Role)
    by_invitation = models.BooleanField(default=False)  # no moderator has approved what they signed for it
    typed = SealedTextField(null=True)  # their address as whoever let them in wrote it
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("membership of an organisation")
        verbose_name_plural = _("memberships of organisations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                name="one_membership_per_user_and_organisation",
                violation_error_message=_("They are here already."),
            ),
            models.CheckConstraint(condition=Q(role__in=["speaker", "editor"]), name="members_have_a_role"),
            models.CheckConstraint(
                condition=Q(by_invitation=False) | Q(role="speaker"), name="who_was_invited_speaks"
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(by_invitation=True),
                name="one_invitation_opens_a_space",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.organisation_id}"

    def is_on_trial(self) -> bool:
        """Whether an invitation alone let them in: they sign, and no moderator has approved that yet."""
        return self.by_invitation

    @property
    def mailbox(self) -> str:
        """Their address as whoever let them in knows it: another spelling would tell of an account."""
        return self.typed or self.user.mailbox

    def may_speak(self) -> bool:
        return self.role == self.Role.SPEAKER


class TwoSignQuerySet(models.QuerySet["TwoSign"]):
    def lapsed(self, at: datetime | None = None) -> "TwoSignQuerySet":
        """Those whose end one speaker has asked for, and nobody refused in time."""
        over = (at or timezone.now()) - OFF_AFTER
        return self.filter(off_asked_by__isnull=False, off_asked_at__lte=over)

    def of(self, organisation: Organisation) -> "TwoSignQuerySet":
        """What is on for the organisation, or was for one that has been merged into it."""
        own = Q(organisation=organisation) | Q(organisation__merged_into=organisation)
        return self.filter(own).exclude(pk__in=self.lapsed().values("pk"))

    def holds(self, organisation: Organisation) -> bool:
        """Whether two must sign for it; while there are not two speakers the rule rests."""
        return self.of(organisation).exists() and speakers(organisation).count() > 1


class TwoSign(models.Model):
    """The rule of an organisation that two of its speakers sign: one gives, another confirms."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="two_sign")
    since = models.DateTimeField(default=timezone.now)
    off_asked_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    off_asked_at = models.DateTimeField(null=True)

    objects = TwoSignQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule that two sign")
        verbose_name_plural = _("rules that two sign")

    def __str__(self) -> str:
        return f"two sign for {self.organisation_id}"

    def is_off_at(self) -> datetime | None:
        """When it is off if nobody says no; None unless somebody here has asked for that."""
        if self.off_asked_by_id is None or self.off_asked_at is None:
            return None
        return self.off_asked_at + OFF_AFTER


class Waiting(models.Model):
    """What a speaker has given in the organisation's name, until another speaker confirms it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="waiting")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="waiting")
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    name = SealedTextField()
    role = SealedTextField()
    visibility = models.CharField(max_length=10, choices=Visibility)
    updates = models.BooleanField()
    language = models.CharField(max_length=8)
    consent = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("signature that waits for a second speaker")
        verbose_name_plural = _("signatures that wait for a second speaker")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "letter"], name="one_waits_per_organisation_and_letter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} under {self.letter_id}"

    def expires_at(self) -> datetime:
        return self.at + CONFIRM_WITHIN


class Given(models.Model):
    """Who gave a signature in the organisation's space, and who confirmed it there."""

    signature = models.OneToOneField(Signature, on_delete=models.CASCADE, related_name="given")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    by_two = models.BooleanField()

    class Meta:
        verbose_name = _("signature given in a space")
        verbose_name_plural = _("signatures given in spaces")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("signed_by")),
                name="who_gave_it_does_not_confirm_it",
            ),
            models.CheckConstraint(
                condition=Q(by_two=False, confirmed_by=None) | Q(by_two=True, confirmed_by__isnull=False),
                name="what_two_sign_has_a_second",
            ),
        ]

    def __str__(self) -> str:
        return f"signature {self.signature_id} by {self.signed_by_id} and {self.confirmed_by_id}"


def speakers(organisation: Organisation) -> models.QuerySet[Membership]:
    """Who signs for it."""
    return Membership.objects.filter(organisation=organisation, role=Membership.Role.SPEAKER)
