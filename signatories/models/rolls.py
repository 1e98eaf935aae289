"""What is published of signatures: the lines of the roll, its count and tree heads, and the list of names."""

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter, Version
from logos.models import Logo
from organisations.models import Organisation
from signatories.models.choices import Kind, new_public_id
from signatories.models.signatures import Signature


def roll_line(leaf: str, leaves: int | None) -> str:
    """The line of roll.txt: `+hash` joined, `-index` left."""
    return f"+{leaf}" if leaf else f"-{leaves}"


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
        return roll_line(self.leaf, self.leaves)


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
    def with_badges(self) -> "ListingQuerySet":
        """Each with `.is_verified`, whether something proves that the organisation is itself, and `.logo`.

        Of a logo it is the name of what readers may see, or None.
        """
        verified = Organisation.objects.verified().filter(signatures=OuterRef("signature"))
        logos = Logo.objects.shown().filter(organisation__signatures=OuterRef("signature"))
        return self.annotate(is_verified=Exists(verified), logo=Subquery(logos.values("name")[:1]))

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
