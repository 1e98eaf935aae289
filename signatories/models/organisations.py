from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from signatories.models.choices import new_public_id
from vault.fields import SealedTextField


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
