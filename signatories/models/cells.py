from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from letters.models import Letter


class Cell(models.Model):
    """One number of a letter's overview: how many of its counted signatures are of one sort.

    Days are those on which lines joined the roll and left it for good (ISO 8601, UTC); they stay when
    names and addresses go.
    """

    class Facet(models.TextChoices):
        JOINED = "joined", _("joined")
        LEFT = "left", _("left")
        COUNTRY = "country", _("country")
        LANGUAGE = "language", _("language")
        KIND = "kind", _("kind")

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="cells")
    facet = models.CharField(max_length=8, choices=Facet)
    value = models.CharField(max_length=12, blank=True)
    number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("cell")
        verbose_name_plural = _("cells")
        constraints = [
            models.UniqueConstraint(fields=["letter", "facet", "value"], name="one_cell_of_a_sort"),
            models.CheckConstraint(
                condition=Q(facet__in=["joined", "left", "country", "language", "kind"]),
                name="cells_have_a_facet",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facet} {self.value}: {self.number}"
