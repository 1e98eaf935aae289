from datetime import datetime, timedelta

from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import GRACE, Letter, Version
from organisations.models import Organisation
from signatories.models.choices import Kind, Visibility, new_public_id, new_secret
from vault.fields import SealedTextField

CONFIRM_WITHIN = timedelta(hours=72)
CONFIRM_AT_MOST = timedelta(days=14)
CODE_TRIES = 5  # of each network
CODE_TRIES_IN_ALL = 30_000  # of all networks: one chance in 36 million against 40 bits


IN_QUEUE = Q(withdrawn_at=None, rejected_at=None, deleted_at=None, asked_at=None) & (
    Q(held_at__isnull=False) | Q(corrected_at__isnull=False) | Q(reported_at__isnull=False)
)


STANDING = {"confirmed_at__isnull": False, "withdrawn_at": None, "held_at": None, "rejected_at": None}


class SignatureQuerySet(models.QuerySet["Signature"]):
    def attempts(self) -> "SignatureQuerySet":
        """Neither confirmed, deleted, rejected nor erased: what its owner may still confirm, if in time."""
        return self.filter(confirmed_at=None, deleted_at=None, rejected_at=None, erased_at=None)

    def mailable(self) -> "SignatureQuerySet":
        """Attempts of which mail may tell: none that waits for a moderator."""
        return self.attempts().filter(held_at=None)

    def confirmed(self) -> "SignatureQuerySet":
        """Confirmed by the owner of the address and not withdrawn, whatever a moderator says."""
        return self.filter(confirmed_at__isnull=False, withdrawn_at=None)

    def standing(self) -> "SignatureQuerySet":
        """What belongs on the roll: confirmed, not withdrawn, neither held nor rejected."""
        return self.filter(**STANDING)

    def waiting(self) -> "SignatureQuerySet":
        """What a moderator has to look at: first what is confirmed, the oldest first.

        Attempts come behind: anybody can make up many of them, and shall bury nobody.
        """
        return (
            self.filter(
                Q(held_at__isnull=False, erased_at=None)
                | Q(corrected_at__isnull=False, erased_at=None)
                | Q(reported_at__isnull=False)  # a listed name outlives the rest of its signature
            )
            .filter(IN_QUEUE)  # which the index knows
            .annotate(
                waits_since=Coalesce("held_at", "corrected_at", "reported_at"),
                is_attempt=ExpressionWrapper(Q(confirmed_at=None), output_field=models.BooleanField()),
            )
            .order_by("is_attempt", "waits_since", "pk")
        )

    def asked(self) -> "SignatureQuerySet":
        """What waits for its signer's answer before a moderator looks at it again, the oldest first."""
        since = Coalesce("held_at", "corrected_at", "reported_at")
        return self.filter(asked_at__isnull=False).annotate(waits_since=since).order_by("waits_since", "pk")

    def unsettled(self) -> "SignatureQuerySet":
        """Changed since the roll was last brought up to date."""
        return self.filter(unsettled_at__isnull=False)


class Signature(models.Model):
    """One attempt to sign, and what became of it, as moments.

    Names are sealed here whoever may see them: only `Listing` holds a name in clear.
    """

    PERSONAL = (
        "name", "email", "role", "affiliation", "organisation_name", "website", "corrected_name",
        "salt", "address", "organisation_key", "network", "domain", "name_key", "clues",
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
    # What tells a fake: equal values under a key, what the request showed, and what came of it (suspecting)
    network = models.CharField(max_length=64, null=True)  # noqa: DJ001 - nothing, after 24 hours
    domain = models.CharField(max_length=64, null=True)  # noqa: DJ001
    name_key = models.CharField(max_length=64, null=True)  # noqa: DJ001
    clues = models.JSONField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    suspicions = models.JSONField(default=list)
    code_mailed_at = models.DateTimeField(null=True)  # the code of a mail that tells of several is this one's
    code_tries = models.PositiveSmallIntegerField(default=0)
    consent = models.JSONField(null=True)
    corrected_name = SealedTextField(null=True)
    corrections = models.PositiveSmallIntegerField(default=0)  # that stood without a moderator's look

    created_at = models.DateTimeField(default=timezone.now)
    scored_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    rejected_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # since when its signer's answer is waited for
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
            models.Index(  # as .waiting() asks and orders
                "letter",
                ExpressionWrapper(Q(confirmed_at=None), output_field=models.BooleanField()),
                Coalesce("held_at", "corrected_at", "reported_at"),
                "id",
                condition=IN_QUEUE,
                name="signature_in_queue",
            ),
            models.Index(
                fields=["letter", "reported_at"],
                condition=Q(reported_at__isnull=False),
                name="signature_reported",
            ),
            models.Index(
                fields=["letter", "network", "created_at"],
                condition=Q(network__isnull=False),
                name="signature_by_network",
            ),
            models.Index(fields=["letter", "domain", "created_at"], name="signature_by_domain"),
            models.Index(
                fields=["letter", "confirmed_at"],
                condition=Q(confirmed_at__isnull=False),
                name="signature_by_confirmation",
            ),
            models.Index(
                fields=["created_at"],
                condition=Q(network__isnull=False) | Q(clues__isnull=False),
                name="signature_with_clues",
            ),
            models.Index(
                fields=["bounced_at"], condition=Q(bounced_at__isnull=False), name="signature_bounced"
            ),
            models.Index(fields=["letter", "name_key", "created_at"], name="signature_by_name"),
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
                | Q(withdrawn_at=None, enrolled_at=None, corrected_at=None, reported_at=None),
                name="only_confirmed_signatures_go_on",
            ),
            models.CheckConstraint(
                condition=Q(asked_at=None)
                | Q(confirmed_at__isnull=False, withdrawn_at=None, rejected_at=None, erased_at=None)
                & (Q(held_at__isnull=False) | Q(corrected_at__isnull=False) | Q(reported_at__isnull=False)),
                name="only_who_waits_is_asked",
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
                    network=None,
                    domain=None,
                    name_key=None,
                    clues__isnull=True,
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
            self.withdrawn_at is None
            and self.rejected_at is None
            and self.deleted_at is None
            and self.asked_at is None
            and (
                self.reported_at is not None
                or (self.erased_at is None and (self.held_at is not None or self.corrected_at is not None))
            )
        )

    def shown_name(self) -> str | None:
        """The name as it appears: an organisation's own, never its representative's."""
        return self.organisation_name if self.is_organisation() else self.name

    def may_be_named(self) -> bool:
        """Whether moderators read the name: its signer shows it to somebody, or they must judge it."""
        is_judged = self.is_waiting() or self.asked_at is not None
        return is_judged or (self.hidden_at is None and self.visibility != Visibility.COUNTED)

    def name_for_moderators(self) -> str:
        """The name where moderators read it, else nothing."""
        return (self.shown_name() or "") if self.may_be_named() else ""

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
        """Whether its owner may confirm it no more; a rejected attempt is as good as expired."""
        if self.confirmed_at is not None:
            return False
        return self.rejected_at is not None or self.expires_at() <= (at or timezone.now())
