"""The logos that stood beside names when a letter was frozen."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from deliveries.models.dossiers import Dossier
from logos.models import is_webp

LARGEST_PICTURE = 40_000  # bytes: a list of hundreds stays a file that can be mailed


class Picture(models.Model):
    """One logo as a dossier's paper shows it; the edition names it by its SHA-256.

    It is public as the name beside it is, and stays as long as the public edition.
    """

    class Of(models.TextChoices):
        AUTHOR = "author", _("author")
        ORGANISATION = "organisation", _("organisation")

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="pictures")
    of = models.CharField(_("of"), max_length=12, choices=Of)
    name = models.CharField(_("name"), max_length=200)
    content = models.BinaryField(editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, db_index=True)

    class Meta:
        verbose_name = _("logo in a dossier")
        verbose_name_plural = _("logos in dossiers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "of", "name", "sha256"], name="a_dossier_has_a_logo_once"
            ),
            models.CheckConstraint(
                condition=Q(of__in=["author", "organisation"]), name="a_picture_is_of_an_author_or_signatory"
            ),
            models.CheckConstraint(condition=is_webp("content"), name="pictures_are_webp"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("content"), LARGEST_PICTURE), name="pictures_are_light"
            ),
        ]

    def __str__(self) -> str:
        return f"picture {self.pk} of dossier {self.dossier_id}"
