"""Which organisations a host asks to sign, and what became of each invitation."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter
from signatories.models import Signature
from signatories.models.choices import new_public_id, new_secret
from vault.fields import SealedTextField

MOST_REMINDERS = 2


class State(models.TextChoices):
    """Where an invitation stands, as its host reads it."""

    PREPARED = "prepared", _("prepared")
    LEAVING = "leaving", _("leaves soon")
    NOT_MAILED = "not_mailed", _("not mailed")
    BOUNCED = "bounced", _("came back")
    INVITED = "invited", _("invited")
    OPENED = "opened", _("opened")
    SIGNED = "signed", _("signed")
    DECLINED = "declined", _("declined")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def prepared(self) -> "InvitationQuerySet":
        """What nobody has sent yet."""
        return self.filter(posted_at=None)

    def posted(self) -> "InvitationQuerySet":
        return self.filter(posted_at__isnull=False)

    def with_answers(self) -> "InvitationQuerySet":
        """Each with whether a signature was ever confirmed by it, and whether that stands."""
        confirmed = Attempt.objects.filter(invitation=OuterRef("pk"), signature__confirmed_at__isnull=False)
        return self.annotate(
            was_confirmed=Exists(confirmed), has_signed=Exists(confirmed.filter(signature__withdrawn_at=None))
        )

    def unanswered(self) -> "InvitationQuerySet":
        """Whom a mail has reached, as far as anybody can know, and who has neither signed nor declined."""
        reached = self.filter(mailed_at__isnull=False, bounced_at=None, not_mailed_at=None)
        unsigned = reached.exclude(attempts__signature__confirmed_at__isnull=False)
        return unsigned.filter(declined_at=None).with_answers()


class Invitation(models.Model):
    """One organisation that one host asks to sign one letter. Only that host sees whom it names."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    nonce = models.CharField(max_length=32, default=new_secret)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="invitations")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = SealedTextField(null=True)
    email = SealedTextField(null=True)
    address = models.CharField(max_length=64)
    language = models.CharField(max_length=8)
    country = models.CharField(max_length=2, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    created_at = models.DateTimeField(default=timezone.now)
    posted_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    not_mailed_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        indexes = [models.Index(fields=["letter", "address"], name="invitation_by_address")]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "invited_by", "address"], name="one_invitation_per_host_and_address"
            ),
            models.CheckConstraint(
                condition=Q(reminders__lte=MOST_REMINDERS), name="two_reminders_at_most"
            ),
            models.CheckConstraint(
                condition=Q(posted_at__isnull=False) | Q(mailed_at=None, not_mailed_at=None, reminders=0),
                name="nothing_is_mailed_before_it_is_sent",
            ),
            models.CheckConstraint(
                condition=Q(name__isnull=False, email__isnull=False)
                | Q(name__isnull=True, email__isnull=True)
                & (Q(declined_at__isnull=False) | Q(not_mailed_at__isnull=False)),
                name="who_is_invited_has_name_and_address",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def state(self) -> State:
        """Where it stands; asked of rows `with_answers()`. Who signed and withdrew has declined after all."""
        if self.has_signed:  # type: ignore[attr-defined]
            return State.SIGNED
        if self.declined_at or self.was_confirmed:  # type: ignore[attr-defined]
            return State.DECLINED
        moments = (
            (State.OPENED, self.opened_at),
            (State.BOUNCED, self.bounced_at),
            (State.INVITED, self.mailed_at),
            (State.NOT_MAILED, self.not_mailed_at),
            (State.LEAVING, self.posted_at),
        )
        return next((state for state, moment in moments if moment), State.PREPARED)


class Attempt(models.Model):
    """An attempt to sign that was made by an invitation's link; it may be one of several."""

    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="attempts")
    signature = models.OneToOneField(Signature, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("attempt by invitation")
        verbose_name_plural = _("attempts by invitation")

    def __str__(self) -> str:
        return f"attempt by invitation {self.invitation_id}"
