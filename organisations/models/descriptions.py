"""What organisations say of themselves, language by language."""

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from organisations.models.names import InLanguage
from vault.fields import SealedTextField

LONGEST_DESCRIPTION = 600  # characters
LONGEST_SEALED = 4 * LONGEST_DESCRIPTION + 200  # bytes: four a character, and what the seal adds


class Description(InLanguage):
    """What an organisation is, in a sentence or two in one language."""

    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.CASCADE, related_name="descriptions"
    )
    text = SealedTextField()

    class Meta:
        verbose_name = _("description of an organisation")
        verbose_name_plural = _("descriptions of organisations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "language"],
                name="one_description_per_organisation_and_language",
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("text"), LONGEST_SEALED), name="descriptions_are_short"
            ),
        ]

    def __str__(self) -> str:
        return f"description {self.pk} of organisation {self.organisation_id}"
