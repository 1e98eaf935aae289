"""Changes that one moderator has proposed and another has to agree to."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organisations.models.names import InLanguage, Name
from vault.fields import SealedTextField


class ProposedChange(InLanguage):
    """What a moderator would change of an organisation that others know, too; gone once it is decided."""

    class Kind(models.TextChoices):
        WEBSITE = "website", _("website")
        NAME = "name", _("one more name")
        LEAD = "lead", _("listed by this name")
        DROP = "drop", _("name taken off")

    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.CASCADE, related_name="proposed_changes"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    text = SealedTextField(null=True)  # the website, which may be none, or the name
    name = models.ForeignKey(Name, null=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("proposed change of an organisation")
        verbose_name_plural = _("proposed changes of organisations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="website", text__isnull=False, name=None, language="")
                | (Q(kind="name", text__isnull=False, name=None) & ~Q(language=""))
                | Q(kind__in=["lead", "drop"], text__isnull=True, name__isnull=False, language=""),
                name="a_proposed_change_says_what",
            ),
            models.UniqueConstraint(
                fields=["organisation", "kind", "language"],
                condition=Q(name=None),
                name="one_proposed_change_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["name"], condition=Q(name__isnull=False), name="one_proposed_change_per_name"
            ),
        ]

    def __str__(self) -> str:
        return f"proposed change {self.pk} of organisation {self.organisation_id}"
