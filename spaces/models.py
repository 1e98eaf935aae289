"""Who speaks for an organisation in its space, and who looks after what is said of it there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.models import Organisation
from vault.fields import SealedTextField


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
