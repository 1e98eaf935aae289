"""What is known about those who try to sign, without knowing any signature."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Limit(models.Model):
    """A threshold that the desk may move; without a row the default of `limits` holds."""

    name = models.CharField(_("name"), max_length=60, primary_key=True)
    value = models.PositiveIntegerField(_("value"))

    class Meta:
        verbose_name = _("limit")
        verbose_name_plural = _("limits")

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


class SpentChallenge(models.Model):
    """Solved work that was handed in once; the attempt it came with may be looked at again, no other."""

    challenge = models.CharField(max_length=64, primary_key=True)
    attempt = models.BigIntegerField()
    forget_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("spent challenge")
        verbose_name_plural = _("spent challenges")

    def __str__(self) -> str:
        return f"challenge of attempt {self.attempt}"
