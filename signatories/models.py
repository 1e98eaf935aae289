"""Who stands under a letter: signatures, the roll that numbers them, and what is decided about them."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import GRACE, Letter, Version
from vault.fields import SealedTextField

CONFIRM_WITHIN = timedelta(hours=72)
CONFIRM_AT_MOST = timedelta(days=14)
CODE_TRIES = 5


class Kind(models.TextChoices):
    PERSON = "person", _("person")
    ORGANISATION = "organisation", _("organisation")


class Visibility(models.TextChoices):
    """Who sees the name. The signer may lower it, nobody can raise it."""

    PUBLIC = "public", _("everyone")
    RECIPIENT = "recipient", _("only the governments addressed")
    COUNTED = "counted", _("nobody")


def new_public_id() -> str:
    """A name for a row that tells neither its number nor its time (96 random bits)."""
    return secrets.token_urlsafe(12)


def new_secret() -> str:
    """What a secret link or a leaf of the roll is made unguessable with (128 random bits)."""
    return secrets.token_hex(16)


class Organisation(models.Model):
    """An organisation that signs, recognised by its name under a key; sealed unless it is listed."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    key = models.CharField(max_length=64, unique=True)
    name = SealedTextField()
    website = SealedTextField(null=True)
    country = models.CharField(max_length=2)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return f"organisation {self.pk}"


class SignatureQuerySet(models.QuerySet["Signature"]):
    def attempts(self) -> "SignatureQuerySet":
        """Neither confirmed, nor deleted, nor erased: what its owner may still confirm, if in time."""
        return self.filter(confirmed_at=None, deleted_at=None, erased_at=None)

    def confirmed(self) -> "SignatureQuerySet":
        """Confirmed by the owner of the address and not withdrawn, whatever a moderator says."""
        return self.filter(confirmed_at__isnull=False, withdrawn_at=None)

    def standing(self) -> "SignatureQuerySet":
        """What belongs on the roll: confirmed, not withdrawn, neither held nor rejected."""
        return self.confirmed().filter(held_at=None, rejected_at=None)

    def waiting(self) -> "SignatureQuerySet":
        """What a moderator has to look at, the oldest first."""
        return (
            self.confirmed()
            .filter(Q(held_at__isnull=False) | Q(corrected_at__isnull=False), rejected_at=None)
            .annotate(waits_since=Coalesce("held_at", "corrected_at"))
            .order_by("waits_since", "pk")
        )

    def unsettled(self) -> "SignatureQuerySet":
        """Changed since the roll was last brought up to date."""
        return self.filter(unsettled_at__isnull=False)


class Signature(models.Model):
    """One attempt to sign, and what became of it, as moments.

    Names are sealed here whoever may see them: only `Listing` holds a name in clear.
    """

    PERSONAL = (
        "name", "email", "role", "affiliation", "organisation_name", "website", "corrected_name",
        "salt", "address", "organisation_key",
    )  # fmt: skip

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    nonce = models.CharField(max_length=32, default=new_secret)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="signatures")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="signatures")
    language = models.CharField(max_length=8)
    kind = models.CharField(max_length=12, choices=Kind)
    name = SealedTextField(null=True)
    email = SealedTextField(null=True)
    role = SealedTextField(null=True)
    affiliation = SealedTextField(null=True)
    organisation_name = SealedTextField(null=True)
    website = SealedTextField(null=True)
    salt = SealedTextField(null=True, default=new_secret)
    address = models.CharField(max_length=64, null=True)  # noqa: DJ001 - nothing, once erased
    organisation_key = models.CharField(max_length=64, null=True)  # noqa: DJ001
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="signatures"
    )
    country = models.CharField(max_length=2)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.COUNTED)
    updates = models.BooleanField(default=False)
    is_trapped = models.BooleanField(default=False)
    code_tries = models.PositiveSmallIntegerField(default=0)
    consent = models.JSONField(null=True)
    corrected_name = SealedTextField(null=True)

    created_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    rejected_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField(null=True)
    unsettled_at = models.DateTimeField(null=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        indexes = [
            models.Index(fields=["address", "letter"], name="signature_by_address"),
            models.Index(
                fields=["version", "unsettled_at"],
                condition=Q(unsettled_at__isnull=False),
                name="signature_unsettled",
            ),
            models.Index(
                fields=["letter", "held_at"], condition=Q(held_at__isnull=False), name="signature_held"
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(confirmed_at=None, erased_at=None),
                name="signature_unconfirmed",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "address"],
                condition=Q(kind="person", confirmed_at__isnull=False, withdrawn_at=None),
                name="one_person_per_address_and_letter",
            ),
            models.UniqueConstraint(
                fields=["letter", "organisation"],
                condition=Q(
                    organisation__isnull=False,
                    confirmed_at__isnull=False,
                    withdrawn_at=None,
                    rejected_at=None,
                ),
                name="one_signature_per_organisation_and_letter",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="signatures_are_of_a_kind"),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="signatures_have_a_visibility"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(consent__isnull=False), name="confirming_takes_consent"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False)
                | Q(withdrawn_at=None, enrolled_at=None, held_at=None, rejected_at=None, corrected_at=None),
                name="only_confirmed_signatures_go_on",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | Q(visibility="counted"), name="hidden_means_counted_only"
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(confirmed_at=None),
                name="confirmed_signatures_are_not_deleted",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None)
                | Q(
                    name__isnull=True,
                    email__isnull=True,
                    role__isnull=True,
                    affiliation__isnull=True,
                    organisation_name__isnull=True,
                    website__isnull=True,
                    corrected_name__isnull=True,
                    salt__isnull=True,
                    address=None,
                    organisation_key=None,
                ),
                name="erased_means_nothing_personal",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"signature {self.pk}"

    def is_organisation(self) -> bool:
        return self.kind == Kind.ORGANISATION

    def is_standing(self) -> bool:
        """Whether it belongs on the roll; the same question as `.standing()`."""
        return (
            self.confirmed_at is not None
            and self.withdrawn_at is None
            and self.held_at is None
            and self.rejected_at is None
        )

    def is_waiting(self) -> bool:
        """Whether a moderator has to look at it; the same question as `.waiting()`."""
        return (
            self.confirmed_at is not None
            and self.withdrawn_at is None
            and self.rejected_at is None
            and (self.held_at is not None or self.corrected_at is not None)
        )

    def shown_name(self) -> str | None:
        """The name as it appears: an organisation's own, never its representative's."""
        return self.organisation_name if self.is_organisation() else self.name

    def expires_at(self) -> datetime:
        """Until when it may be confirmed.

        72 hours from the moment the mail left, 14 days after signing at most, and not beyond a day
        after closing, unless our own mail left late: then a day from there.
        """
        at_most = self.created_at + CONFIRM_AT_MOST
        if self.mailed_at is None:
            return at_most
        end = min(self.mailed_at + CONFIRM_WITHIN, at_most)
        if self.letter.closes_at is None:
            return end
        return min(end, max(self.letter.closes_at, self.mailed_at) + GRACE)

    def has_expired(self, at: datetime | None = None) -> bool:
        return self.confirmed_at is None and self.expires_at() <= (at or timezone.now())


class Decision(models.Model):
    """What was decided about a signature: who, when and why."""

    class Verdict(models.TextChoices):
        HOLD = "hold", _("held")
        APPROVE = "approve", _("approved")
        REJECT = "reject", _("rejected")
        REINSTATE = "reinstate", _("reinstated")

    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="decisions")
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(verdict__in=["hold", "reject"]) | ~Q(reason=""),
                name="holding_and_rejecting_take_a_reason",
                violation_error_message=_("Say why."),
            ),
            models.CheckConstraint(
                condition=Q(verdict="hold") | Q(by__isnull=False), name="people_decide_what_is_held"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.signature_id}"


class Entry(models.Model):
    """One line of the roll of a version: a leaf that joined, or the departure of an earlier line."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="entries")
    index = models.PositiveIntegerField()
    leaf = models.CharField(max_length=64, blank=True)
    leaves = models.PositiveIntegerField(null=True)
    left_by = models.PositiveIntegerField(null=True)
    signature = models.ForeignKey(Signature, null=True, on_delete=models.PROTECT, related_name="entries")

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["index"]
        constraints = [
            models.UniqueConstraint(fields=["version", "index"], name="one_entry_per_line"),
            models.UniqueConstraint(
                fields=["signature"],
                condition=Q(left_by=None, signature__isnull=False),
                name="one_living_line_per_signature",
            ),
            models.UniqueConstraint(
                fields=["version", "leaves"], condition=Q(leaves__isnull=False), name="a_line_leaves_once"
            ),
            models.CheckConstraint(
                condition=(~Q(leaf="") & Q(leaves=None, signature__isnull=False))
                | Q(leaf="", leaves__isnull=False, signature=None, left_by=None),
                name="a_line_joins_or_leaves",
            ),
        ]

    def __str__(self) -> str:
        return self.line

    @property
    def line(self) -> str:
        """The line of roll.txt: `+hash` joined, `-index` left."""
        return f"+{self.leaf}" if self.leaf else f"-{self.leaves}"


class Tally(models.Model):
    """The count of a version and the state of its roll; the one row that enrolling locks."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="tally")
    persons = models.PositiveIntegerField(default=0)
    organisations = models.PositiveIntegerField(default=0)
    size = models.PositiveIntegerField(default=0)
    frontier = models.JSONField(default=list)
    next_batch_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("tally")
        verbose_name_plural = _("tallies")

    def __str__(self) -> str:
        return f"{self.signatures} under {self.version_id}"

    @property
    def signatures(self) -> int:
        return self.persons + self.organisations


class TreeHead(models.Model):
    """The root of a version's roll at one moment, signed with the site's roll key (RFC 6962)."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="heads")
    size = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    signature = models.CharField(max_length=128)

    class Meta:
        verbose_name = _("tree head")
        verbose_name_plural = _("tree heads")
        ordering = ["size"]
        constraints = [models.UniqueConstraint(fields=["version", "size"], name="one_head_per_size")]

    def __str__(self) -> str:
        return f"{self.version_id}@{self.size}"


class ListingQuerySet(models.QuerySet["Listing"]):
    def after(self, position: str) -> "ListingQuerySet":
        """What follows one position in the list's order."""
        return self.filter(position__gt=position)


class Listing(models.Model):
    """A name that everyone may see: the only table that holds one in clear, and all that pages read."""

    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="listing")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="listings")
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    position = models.CharField(max_length=320)
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=120, blank=True)
    affiliation = models.CharField(max_length=120, blank=True)
    website = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2)

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        ordering = ["position"]
        indexes = [models.Index(fields=["letter", "kind", "position"], name="listing_in_order")]
        constraints = [
            models.UniqueConstraint(fields=["letter", "position"], name="one_listing_per_position"),
        ]

    def __str__(self) -> str:
        return f"listing {self.pk}"


class Mailbox(models.Model):
    """An address we have written to, known by its index: when mail left, and whether it wants none."""

    address = models.CharField(max_length=64, unique=True)
    moments = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True)
    opted_out_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")

    def __str__(self) -> str:
        return f"mailbox {self.pk}"


class LinkRequest(models.Model):
    """Somebody asked that links be mailed to an address; whether there is anything to mail shows later."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("confirm")
        MANAGE = "manage", _("manage")

    purpose = models.CharField(max_length=10, choices=Purpose)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=8)
    email = SealedTextField()
    address = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("request for links")
        verbose_name_plural = _("requests for links")

    def __str__(self) -> str:
        return f"request {self.pk}"


class Limit(models.Model):
    """A threshold that the desk may move; without a row the default of `throttling` holds."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    value = models.PositiveIntegerField(_("value"))

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"
