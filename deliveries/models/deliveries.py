"""How a dossier reached each office it is addressed to, and what came of it."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from deliveries.models.dossiers import WIDE, Dossier
from deliveries.models.releases import ENDED, Release
from letters.models import Letter, Recipient
from letters.permitting import Verb, letters_for
from outbox.models import Claimable, ClaimableQuerySet, State
from signatories.models import new_public_id, new_secret
from vault.fields import SealedTextField

MAIL = "deliveries.delivery.mail"


def new_return_tag() -> str:
    """What the return path of one delivery ends in: lower case, for mail servers that know no other."""
    return secrets.token_hex(10)


class Handing(NamedTuple):
    """A paper that the desk gave out to be brought, and when.

    Its facts: "signatures", "named", "total" (counts), "paper_hash", "file_hash", "list_hash" (SHA-256, as of
    the delivery), and of each volume's file, by its name, in "files".
    """

    facts: dict[str, Any]
    at: datetime


class DeliveryQuerySet(ClaimableQuerySet):
    def of(self, letter: Letter) -> Self:
        """The deliveries of a letter, in the order of its recipients.

        Each says whether it `came_back`, and whether it `is_off`: nothing of it leaves any more.
        """
        bounced = Report.objects.filter(delivery=OuterRef("pk"), kind=Report.Kind.BOUNCED)
        mine = self.filter(dossier__version__letter=letter)
        is_off = Q(release__step__in=ENDED) | Q(recipient__version__letter__taken_down_at__isnull=False)
        return (
            mine.annotate(came_back=Exists(bounced))
            .annotate(is_off=ExpressionWrapper(is_off, output_field=models.BooleanField()))
            .select_related("recipient", "dossier")
            .order_by("dossier__taken_at", "recipient__order", "pk")
        )

    def light(self) -> Self:
        """Without the mail as it left, and what is wide of the dossier: for pages that only tell of them.

        The dossier is read with them: one that is fetched by itself comes whole.
        """
        return self.select_related("dossier").defer("mail", *(f"dossier__{field}" for field in WIDE))

    def standing(self) -> Self:
        """Those that were not called off."""
        return self.exclude(state=State.VOID)

    def with_page(self) -> Self:
        """Those whose office can have a page of its own, open or closed."""
        return self.standing().exclude(public_id=None)

    def sent(self) -> Self:
        return self.filter(state=State.SENT)

    def to_see_to(self, user: User) -> Self:
        """What waits for this person, who delivers its letter: uncertain, given up, or to be brought."""
        mine = letters_for(user, Verb.DELIVER).values("pk")
        states = (State.UNCERTAIN, State.DEAD, State.HELD)
        return self.filter(state__in=states, dossier__version__letter__in=mine)

    def given_out(self) -> Self:
        """Those whose paper is with somebody who brings it: it may be in the office by now."""
        return self.filter(state=State.HELD, handed_at__isnull=False)


class Delivery(Claimable):
    """One dossier on its way to one recipient, who never gets it twice.

    By e-mail it leaves by itself. Every other way is a person's: it is `held` until they record it.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="deliveries")
    recipient = models.ForeignKey(Recipient, on_delete=models.PROTECT, related_name="deliveries")
    release = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="deliveries")
    part = models.PositiveSmallIntegerField(_("part"), default=0, db_default=0)
    channel = models.CharField(
        _("channel"), max_length=10, choices=Recipient.Channel, default="email", db_default="email"
    )
    public_id = models.CharField(max_length=16, unique=True, null=True, default=new_public_id)  # noqa: DJ001
    nonce = models.CharField(max_length=32, default=new_secret, db_default="")
    return_tag = models.CharField(max_length=20, unique=True, null=True, default=new_return_tag)  # noqa: DJ001
    signatures = models.PositiveIntegerField(_("signatures delivered"), null=True, blank=True)
    paper_hash = models.CharField(_("SHA-256 of the paper, unsigned"), max_length=64, blank=True)
    file_hash = models.CharField(_("SHA-256 of the file sent"), max_length=64, blank=True)
    list_hash = models.CharField(_("SHA-256 of the list inside"), max_length=64, blank=True)
    is_link = models.BooleanField(_("as a link"), default=False, db_default=False)
    mail = models.BinaryField(null=True, editable=False)
    handed_at = models.DateTimeField(_("paper given out"), null=True, editable=False)

    objects = DeliveryQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(fields=["next_at", "id"], condition=Q(state="ready"), name="delivery_ready"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "part"],
                condition=~Q(state="void"),
                name="one_delivery_per_office_and_part",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent")
                | (
                    Q(sent_at__isnull=False, signatures__isnull=False)
                    & ~Q(evidence={})
                    & (
                        ~Q(channel="email")
                        | (
                            Q(message_id__isnull=False)
                            & ~Q(paper_hash="")
                            & ~Q(file_hash="")
                            & ~Q(list_hash="")
                            & ~Q(last_reply="")
                        )
                    )
                ),
                name="sent_delivery_has_evidence",
                violation_error_message=_("What was sent has its evidence: hashes, count, reply and moment."),
            ),
            models.CheckConstraint(
                condition=Q(channel="email") | ~Q(state__in=["ready", "claimed", "sending", "uncertain"]),
                name="only_mail_leaves_by_itself",
                violation_error_message=_("What goes by another way than e-mail, a person brings."),
            ),
            models.CheckConstraint(
                condition=Q(channel="email") | Q(mail=None, is_link=False),
                name="what_is_brought_has_no_mail",
                violation_error_message=_("What a person brings is no mail, and no link in one."),
            ),
            models.CheckConstraint(
                condition=Q(handed_at=None)
                | (
                    ~Q(channel="email")
                    & Q(signatures__isnull=False)
                    & ~Q(paper_hash="")
                    & ~Q(file_hash="")
                    & ~Q(list_hash="")
                ),
                name="a_paper_given_out_is_known",
                violation_error_message=_("Of a paper that was given out, count and hashes are known."),
            ),
        ]

    def __str__(self) -> str:
        return f"delivery {self.pk}"

    def is_demonstration(self) -> bool:
        """Whether it was only written down for the demo, and nothing left."""
        return bool(self.evidence.get("demonstration"))

    def is_settled(self) -> bool:
        """Whether a person said that it left, since nobody knows what its mail server answered."""
        return "settled_why" in self.evidence

    def handings(self) -> list[Handing]:
        """How its paper was given out to who brings it, the first time first."""
        return [Handing(one, datetime.fromisoformat(one["at"])) for one in self.evidence.get("handed", [])]

    def handed_by(self, at: datetime) -> Handing | None:
        """The paper that was given out last before the end of the minute `at`: what was brought then."""
        end = at + timedelta(minutes=1)
        return next((one for one in reversed(self.handings()) if one.at < end), None)

    def seal_mail(self, mime: bytes) -> bytes:
        """The mail as it leaves, to be kept as long as the names in it. Raises DossierDestroyed."""
        return self.dossier.seal_text(base64.b64encode(mime).decode(), place=MAIL)

    def unseal_mail(self) -> bytes | None:
        """The mail that left; None where none did. Raises DossierDestroyed."""
        if self.mail is None:
            return None
        return base64.b64decode(self.dossier.unseal_text(bytes(self.mail), place=MAIL))


class ReportQuerySet(models.QuerySet["Report"]):
    def light(self) -> Self:
        """Without the picture, and the mail that left: for pages that only tell of them."""
        return self.defer("scan", "delivery__mail")

    def believed(self) -> Self:
        """Those that everybody is told of: not that one came back if only the Message-ID says of which.

        Whom the office shows the mail knows that. The desk sees those too.
        """
        return self.filter(~Q(kind=Report.Kind.BOUNCED) | ~Q(facts__has_key="matched"))


class Report(models.Model):
    """What became known of a delivery after it left. It is added, and never changed."""

    BY_MESSAGE_ID = "message-id"

    class Kind(models.TextChoices):
        DELIVERED = "delivered", _("it arrived")
        DELAYED = "delayed", _("it is delayed")
        BOUNCED = "bounced", _("it came back")
        NOTED = "noted", _("something was noted")
        WRONG = "wrong", _("another office is meant")
        RETRACTED = "retracted", _("the office was told that the letter is withdrawn")
        CLOSED = "closed", _("the office’s own page was closed")
        OPENED = "opened", _("the office was given a new page")
        LOST = "lost", _("the mail with the address of the new page did not arrive")

    class Source(models.TextChoices):
        SERVER = "server", _("a mail server’s report")
        PROVIDER = "provider", _("the mail provider’s report")
        PAGE = "page", _("the office’s own page")
        PERSON = "person", _("somebody of the letter’s")

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="reports")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    source = models.CharField(_("source"), max_length=10, choices=Source)
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(_("words"), blank=True)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    scan = SealedTextField(null=True, editable=False)  # a picture, in base64
    digest = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001 - of what came: once

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of a delivery")
        verbose_name_plural = _("reports of deliveries")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source="person") | Q(by__isnull=False),
                name="a_persons_report_says_whose",
                violation_error_message=_("What a person reports bears their name."),
            )
        ]

    def __str__(self) -> str:
        return f"report {self.pk} of delivery {self.delivery_id}"


class Trial(models.Model):
    """One delivery as it would leave, mailed to somebody of the desk instead. It serves nobody."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="trials")
    recipient = models.ForeignKey(Recipient, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("trial of a delivery")
        verbose_name_plural = _("trials of deliveries")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"trial {self.pk}"
