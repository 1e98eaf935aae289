"""Who a letter is addressed to, who wrote it, and who of the staff may do what with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Recipient(models.Model):
    """A government office a version is addressed to, fixed with that version."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        POST = "post", _("post")
        HAND = "hand", _("by hand")
        PORTAL = "portal", _("the office’s own web form")

    version = models.ForeignKey("letters.Version", on_delete=models.CASCADE, related_name="recipients")
    order = models.PositiveSmallIntegerField(default=0)
    office = models.CharField(_("office"), max_length=200)
    person = models.CharField(_("person"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.EMAIL)
    address = models.EmailField(_("address"), blank=True)
    postal = models.TextField(_("postal address"), max_length=400, blank=True, db_default="")
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True, db_default="")
    size_limit = models.PositiveSmallIntegerField(
        _("largest mail it takes, in MB"), default=10, db_default=10
    )

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "address"],
                condition=~Q(address=""),
                name="one_recipient_per_address_and_version",
            ),
            models.CheckConstraint(
                condition=~Q(channel="email") | ~Q(address=""),
                name="recipient_by_mail_has_an_address",
                violation_error_message=_("An office that gets the letter by e-mail has an address."),
            ),
            models.CheckConstraint(
                condition=~Q(channel="post") | ~Q(postal=""),
                name="recipient_by_post_has_an_address",
                violation_error_message=_("An office that gets the letter by post has a postal address."),
            ),
        ]

    def __str__(self) -> str:
        return self.office


class Author(models.Model):
    """A hosting organisation that wrote the letter; authors stand apart from signatories."""

    letter = models.ForeignKey("letters.Letter", on_delete=models.CASCADE, related_name="authors")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """Who may do what with this letter."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("owner")
        AUTHOR = "author", _("author")
        TRANSLATOR = "translator", _("translator")
        MODERATOR = "moderator", _("moderator")
        EXPORTER = "exporter", _("exporter")
        DELIVERER = "deliverer", _("deliverer")
        AUDITOR = "auditor", _("auditor")

    letter = models.ForeignKey("letters.Letter", on_delete=models.CASCADE, related_name="roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(_("role"), max_length=12, choices=Kind)
    given_at = models.DateTimeField(_("given"), null=True, blank=True)  # by an owner, at the desk

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "user", "kind"], name="one_role_of_a_kind_per_user_and_letter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"
