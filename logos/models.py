"""The logos of organisations and of who writes letters: small, and drawn by ourselves."""

import secrets

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Length, Substr
from django.db.models.lookups import Exact, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Author
from organisations.models import Evidence, Organisation

WIDEST, HIGHEST = 480, 240  # pixels: twice what pages need, for fine screens
LARGEST = 100_000  # bytes
PROVES_ENOUGH = (Evidence.Kind.DNS, Evidence.Kind.CALL_BACK)


def new_name() -> str:
    """Where a logo is found: another place for every one, which nobody guesses (128 random bits)."""
    return secrets.token_hex(16)


def _bytes(field: str, first: int, expected: bytes) -> Exact:
    """That the field has these bytes at a place, the first being 1."""
    binary = models.BinaryField()
    return Exact(
        Substr(field, first, len(expected), output_field=binary), Value(expected, output_field=binary)
    )


def is_webp(field: str) -> Q:
    """That a field begins as WebP does."""
    return Q(_bytes(field, 1, b"RIFF")) & Q(_bytes(field, 9, b"WEBP"))


class LogoQuerySet(models.QuerySet["Logo"]):
    def shown(self) -> "LogoQuerySet":
        """What readers see: authors' logos, and those of organisations that more than a mailbox proves."""
        proofs = Evidence.objects.standing().filter(kind__in=PROVES_ENOUGH)
        return self.filter(
            Q(author__isnull=False) | Exists(proofs.filter(organisation=OuterRef("organisation")))
        )


class Logo(models.Model):
    """The picture by which an organisation is known, as WebP; a new one is a new row at a new place."""

    organisation = models.OneToOneField(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="logo"
    )
    author = models.OneToOneField(
        Author, null=True, blank=True, on_delete=models.CASCADE, related_name="logo"
    )
    name = models.CharField(max_length=32, unique=True, default=new_name)
    content = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=timezone.now)

    objects = LogoQuerySet.as_manager()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, author=None)
                | Q(organisation=None, author__isnull=False),
                name="a_logo_is_of_one",
            ),
            models.CheckConstraint(condition=is_webp("content"), name="logos_are_webp"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("content"), LARGEST), name="logos_are_light"
            ),
            models.CheckConstraint(
                condition=Q(width__gte=1, width__lte=WIDEST, height__gte=1, height__lte=HIGHEST),
                name="logos_are_small",
            ),
        ]

    def __str__(self) -> str:
        return f"logo {self.pk}"
