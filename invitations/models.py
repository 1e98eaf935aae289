"""Which organisations a host asks to sign, and what became of each invitation."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter
from signatories.models import Signature, Visibility
from signatories.models.choices import new_public_id, new_secret
from vault.fields import SealedTextField

MOST_REMINDERS = 2
ANNOUNCED_FOR = timedelta(days=14)  # after its mail has left


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

    def founders(self) -> "InvitationQuerySet":
        """Those that have agreed beforehand, as their host says."""
        return self.filter(evidence__isnull=False)

    def ordinary(self) -> "InvitationQuerySet":
        return self.filter(evidence__isnull=True)

    def announced(self, letter: Letter, at: datetime | None = None) -> "InvitationQuerySet":
        """Whom the letter's page names as announced: neither confirmed nor declined, and not for long.

        What was announced under an older text is not under this one. Who is listed by a signature of its own
        does not stand there twice; what a signature hides is not told by this, either.
        """
        at = at or timezone.now()
        if letter.current is None or letter.is_at_risk() or not letter.is_open(at):
            return self.none()
        confirmed = Attempt.objects.filter(invitation=OuterRef("pk"), signature__confirmed_at__isnull=False)
        listed = Signature.objects.standing().filter(
            letter=letter,
            organisation_key=OuterRef("name_key"),
            visibility=Visibility.PUBLIC,
            hidden_at=None,
        )
        rows = self.filter(letter=letter, announced_until__gt=at, posted_at__gte=letter.current.published_at)
        return rows.exclude(Exists(confirmed)).exclude(Exists(listed))

    def say_no(self, at: datetime) -> int:
        """Let them have declined, which ends reminders and announcements. Returns of how many it is news."""
        return self.filter(declined_at=None).update(declined_at=at, announced_until=None)

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
    evidence = SealedTextField(null=True)  # how it has agreed beforehand: it is a founder, and announced
    name_key = models.CharField(max_length=64, null=True)  # noqa: DJ001 - nothing, unless it was a founder

    created_at = models.DateTimeField(default=timezone.now)
    posted_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    not_mailed_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    announced_until = models.DateTimeField(null=True)

    resembled: list[str]  # known organisations that its name could be taken for, where a page shows them

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
            models.CheckConstraint(
                condition=Q(evidence__isnull=True) | Q(name_key__isnull=False),
                name="founders_are_known_by_name",
            ),
            models.UniqueConstraint(
                fields=["letter", "name_key"],
                condition=Q(name_key__isnull=False),
                name="one_founder_of_a_name_and_letter",
            ),
            models.CheckConstraint(
                condition=Q(announced_until=None)
                | Q(
                    evidence__isnull=False,
                    name__isnull=False,
                    mailed_at__isnull=False,
                    not_mailed_at=None,
                    bounced_at=None,
                    declined_at=None,
                ),
                name="only_founders_who_could_say_no_are_announced",
            ),
            models.CheckConstraint(
                condition=Q(announced_until=None) | Q(announced_until__lte=F("mailed_at") + ANNOUNCED_FOR),
                name="nobody_is_announced_for_long",
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


class Announced(models.Model):
    """How many organisations a letter's page names as announced; the clock counts, readers do not."""

    letter = models.OneToOneField(Letter, on_delete=models.CASCADE, related_name="announced")
    number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number of announced organisations")
        verbose_name_plural = _("numbers of announced organisations")

    def __str__(self) -> str:
        return f"{self.number} announced under {self.letter_id}"
