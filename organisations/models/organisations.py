"""The organisations that sign, across letters, and what proves who they are."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from organisations.models.descriptions import Description
from organisations.models.names import Name
from vault.fields import SealedTextField

VOUCHERS_NEEDED = 2
TYPES = "association union profession faith education media business public network other"


def new_public_id() -> str:
    """A name for a row that tells neither its number nor its time (96 random bits)."""
    return secrets.token_urlsafe(12)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self) -> "OrganisationQuerySet":
        """Those that did not go into another."""
        return self.filter(merged_into=None)

    def proven(self, at: datetime | None = None) -> "OrganisationQuerySet":
        """Verified by evidence of their own; only these can vouch, so that no circle holds itself up."""
        own = Evidence.objects.standing(at).exclude(kind=Evidence.Kind.VOUCHED)
        return self.filter(Exists(own.filter(organisation=OuterRef("pk"))))

    def verified(self, at: datetime | None = None) -> "OrganisationQuerySet":
        """Those that have the badge: proven, or vouched for by two that are."""
        vouched = (
            Evidence.objects.standing(at)
            .filter(organisation=OuterRef("pk"), voucher__in=Organisation.objects.proven(at))
            .order_by()
            .values("organisation")
            .annotate(vouchers=Count("voucher"))
            .values("vouchers")
        )
        proven = Organisation.objects.proven(at)
        return self.alias(vouchers=Coalesce(Subquery(vouched), 0)).filter(
            Q(pk__in=proven.values("pk")) | Q(vouchers__gte=VOUCHERS_NEEDED)
        )

    def fallen(self, at: datetime | None = None) -> "OrganisationQuerySet":
        """Those that had the badge by others' word, which is not enough any more, and nothing else is."""
        verified = Organisation.objects.verified(at)
        return self.filter(carried_at__isnull=False).exclude(pk__in=verified.values("pk"))


class Organisation(models.Model):
    """An organisation that has signed, recognised by its names under a key; sealed unless it is listed."""

    class Type(models.TextChoices):
        ASSOCIATION = "association", _("association or charity")
        UNION = "union", _("trade union")
        PROFESSION = "profession", _("association of a profession")
        FAITH = "faith", _("religious community")
        EDUCATION = "education", _("university, school or institute")
        MEDIA = "media", _("newspaper or broadcaster")
        BUSINESS = "business", _("company")
        PUBLIC = "public", _("public body")
        NETWORK = "network", _("network of organisations")
        OTHER = "other", _("something else")

    class Answer(models.TextChoices):
        """What the DNS said when it was last asked for the organisation's record."""

        FOUND = "found", _("The record is there.")
        MISSING = "missing", _("There is no such record. New ones can take some hours to be seen everywhere.")
        OTHER = "other", _("There is a record, but with other words. Compare them letter by letter.")
        SILENT = "silent", _("The DNS did not answer. Nothing is known; try again later.")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    website = SealedTextField(null=True)
    country = models.CharField(_("country"), max_length=2)
    type = models.CharField(_("type"), max_length=12, choices=Type, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    dns_asked_at = models.DateTimeField(null=True)
    dns_checked_at = models.DateTimeField(null=True)
    dns_answer = models.CharField(max_length=8, choices=Answer, blank=True)
    carried_at = models.DateTimeField(null=True)  # since when others' word has given it the badge
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="no_organisation_goes_into_itself",
            ),
            models.CheckConstraint(
                condition=Q(type__in=["", *TYPES.split()]),
                name="organisations_are_of_a_known_type",
            ),
        ]

    def __str__(self) -> str:
        return f"organisation {self.pk}"

    @property
    def name(self) -> str:
        """The name under which it is listed."""
        return next((name.text for name in self.names.all() if name.kind == Name.Kind.MAIN), "")

    @property
    def description(self) -> Description | None:
        """What it says of itself: in the reader's language, else in that of its name, else in any."""
        said = {row.language: row for row in self.descriptions.all()}
        own = [name.language for name in self.names.all() if name.kind == Name.Kind.MAIN]
        return next((said[language] for language in [get_language(), *own, *said] if language in said), None)

    def is_verified(self) -> bool:
        """Whether it has the badge; the same question as `.verified()`."""
        return Organisation.objects.verified().filter(pk=self.pk).exists()


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def standing(self, at: datetime | None = None) -> "EvidenceQuerySet":
        """What holds at the moment `at`: neither revoked nor too old."""
        at = at or timezone.now()
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=at), revoked_at=None)


class Evidence(models.Model):
    """One thing that was seen and speaks for an organisation being who it says it is."""

    class Kind(models.TextChoices):
        MAILBOX = "mailbox", _("a mailbox at the domain of its website")
        DNS = "dns", _("a TXT record in the DNS of its website's domain")
        VOUCHED = "vouched", _("the word of another verified organisation")
        CALL_BACK = "call_back", _("a call to a number that we found ourselves")

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=12, choices=Kind)
    seen = SealedTextField()
    voucher = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="vouches"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="evidence"
    )
    at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["mailbox", "dns", "vouched", "call_back"]),
                name="evidence_is_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="vouched", voucher__isnull=False) | (~Q(kind="vouched") & Q(voucher=None)),
                name="who_vouches_is_named",
            ),
            models.CheckConstraint(
                condition=Q(voucher=None) | ~Q(voucher=F("organisation")), name="nobody_vouches_for_itself"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["vouched", "call_back"]) | Q(by__isnull=False),
                name="a_person_stands_for_what_people_say",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=Q(revoked_at=None, voucher=None),
                name="one_standing_evidence_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["organisation", "voucher"],
                condition=Q(revoked_at=None, voucher__isnull=False),
                name="one_standing_word_of_a_voucher",
            ),
        ]

    def __str__(self) -> str:
        return f"evidence {self.pk}"

    def is_standing(self) -> bool:
        """Whether it holds now; the same question as `.standing()`."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())
