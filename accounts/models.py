"""Who works here, and who speaks for an organisation. Persons who sign have no account, ever."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vault import browsers
from vault.fields import SealedTextField
from vault.indexing import address_index

NOWHERE = "speakers.invalid"  # RFC 2606: no mail goes there


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        # in small letters, as sign-in looks it up
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def of_mailbox(self, email: str) -> "User | None":
        """Who signs in with this address, as staff or for an organisation."""
        return self.filter(models.Q(email__iexact=email) | models.Q(email=alias(email))).first()


def alias(email: str) -> str:
    """What stands for an address in a speaker's account; nobody reads it back."""
    return f"{address_index(email)}@{NOWHERE}"


class User(AbstractUser):
    """A member of staff, or who speaks for an organisation: known by an e-mail address, no username."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    address = SealedTextField(null=True, editable=False)
    works_here = models.BooleanField(
        _("works at the desk"),
        default=True,
        help_text=_("Others only speak for an organisation, in its space."),
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_user_per_address",
                violation_error_message=_("Somebody with this address works here already."),
            ),
            models.CheckConstraint(
                condition=models.Q(works_here=True, address__isnull=True)
                | models.Q(works_here=False, address__isnull=False, email__endswith=f"@{NOWHERE}"),
                name="addresses_of_speakers_are_sealed",
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @property
    def mailbox(self) -> str:
        """Where mail to them goes."""
        return self.address or self.email


class Trail(models.Model):
    """One line of what was done here, by whom: appended by `trail.record`, never changed.

    The database refuses to alter a line, and to delete one before its two years are over.
    """

    at = models.DateTimeField(_("when"), default=timezone.now)
    who = models.ForeignKey(
        User, verbose_name=_("who"), null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text=_("Nobody: the operator, on the command line, or the site itself."),
    )  # fmt: skip
    what = models.CharField(_("what"), max_length=60)
    about_type = models.CharField(_("about"), max_length=60)
    about_id = models.BigIntegerField(_("number"))
    letter = models.BigIntegerField(_("letter"), null=True, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)

    class Meta:
        verbose_name = _("line of the trail")
        verbose_name_plural = _("trail")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["about_type", "about_id"], name="trail_by_subject"),
            models.Index(fields=["letter", "-at", "-id"], name="trail_by_letter"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.about_type} {self.about_id}"


class Link(models.Model):
    """One link of the chain over the trail (chaining): it stays when its line's two years are over."""

    position = models.PositiveBigIntegerField(_("position"), primary_key=True)
    line = models.BigIntegerField(_("line"), unique=True)
    at = models.DateTimeField(_("when"))
    content = models.CharField(_("hash of the line"), max_length=64)
    digest = models.CharField(_("hash of the chain up to it"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("link of the trail")
        verbose_name_plural = _("links of the trail")
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}: {self.digest}"


class Session(AbstractBaseSession):
    """A browser in which somebody is signed in: its owner sees it and may end it.

    It keeps no address of anybody's and no version of anything, and a hash for a key (sessions.kept_as).
    """

    user = models.ForeignKey(
        User, verbose_name=_("who"), null=True, on_delete=models.CASCADE, related_name="sessions"
    )
    browser = models.CharField(_("browser"), max_length=12, choices=browsers.NAMES, default=browsers.NONE)
    began_at = models.DateTimeField(_("signed in"), default=timezone.now)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    def __str__(self) -> str:
        return f"session of {self.user_id}"
