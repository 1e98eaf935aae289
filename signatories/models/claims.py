from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from signatories.models.signatures import Signature


class Claim(models.Model):
    """A moderator has a signature before their eyes, until a moment: nobody else decides on it meanwhile."""

    signature = models.OneToOneField(Signature, on_delete=models.CASCADE, related_name="claim")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")

    def __str__(self) -> str:
        return f"claim {self.signature_id}"
