from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter
from vault.fields import SealedTextField


class Mailbox(models.Model):
    """An address we have written to, known by its index: when mail left, and whether it wants none."""

    address = models.CharField(max_length=64, unique=True)
    moments = models.JSONField(default=list)
    told_at = models.DateTimeField(null=True)
    opted_out_at = models.DateTimeField(null=True)
    complained_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        indexes = [
            models.Index(
                fields=["complained_at"],
                condition=models.Q(complained_at__isnull=False),
                name="mailbox_complained",
            ),
        ]

    def __str__(self) -> str:
        return f"mailbox {self.pk}"


class LinkRequest(models.Model):
    """Somebody asked that links be mailed to an address; whether there is anything to mail shows later."""

    class Purpose(models.TextChoices):
        CONFIRM = "confirm", _("confirm")
        MANAGE = "manage", _("manage")

    purpose = models.CharField(max_length=10, choices=Purpose)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=8)
    email = SealedTextField()
    address = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("request for links")
        verbose_name_plural = _("requests for links")

    def __str__(self) -> str:
        return f"request {self.pk}"
