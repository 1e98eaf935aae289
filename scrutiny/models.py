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
