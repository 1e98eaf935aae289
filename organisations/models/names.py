"""What organisations are called, language by language, and what their own people propose to call them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.languages import html_language
from vault.fields import SealedTextField


class InLanguage(models.Model):
    """Something of an organisation that is written in one language."""

    language = models.CharField(_("language"), max_length=8)

    class Meta:
        abstract = True

    @property
    def html_language(self) -> str:
        return html_language(self.language)

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES).get(self.language, self.language))


class Name(InLanguage):
    """One of the names by which an organisation is recognised."""

    class Kind(models.TextChoices):
        MAIN = "main", _("the name it is listed by")
        TRANSLATION = "translation", _("its name in another language")
        ALIAS = "alias", _("another spelling, a former name or an abbreviation")

    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.CASCADE, related_name="names"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    text = SealedTextField()
    key = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("name of an organisation")
        verbose_name_plural = _("names of organisations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["main", "translation", "alias"]), name="names_are_of_a_kind"
            ),
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(kind="main"), name="one_main_name_per_organisation"
            ),
            models.UniqueConstraint(
                fields=["organisation", "language"],
                condition=~Q(kind="alias"),
                name="one_name_per_organisation_and_language",
            ),
        ]

    def __str__(self) -> str:
        return f"name {self.pk} of organisation {self.organisation_id}"


class ProposedNameQuerySet(models.QuerySet["ProposedName"]):
    def waiting(self) -> Self:
        """Those on which no moderator has decided."""
        return self.filter(accepted_at=None, declined_at=None)


class ProposedName(InLanguage):
    """A name that people of an organisation typed in its space: no name of it, but a question to moderators.

    Once they decide, its words are gone: those of an accepted one are a `Name`.
    """

    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.CASCADE, related_name="proposed_names"
    )
    text = SealedTextField(null=True)
    at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    objects = ProposedNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed name of an organisation")
        verbose_name_plural = _("proposed names of organisations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(declined_at=None),
                name="a_proposed_name_is_decided_once",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None, declined_at=None, text__isnull=False)
                | (~Q(accepted_at=None, declined_at=None) & Q(text__isnull=True)),
                name="a_proposed_name_has_words_until_it_is_decided",
            ),
            models.UniqueConstraint(
                fields=["organisation", "language"],
                condition=Q(accepted_at=None, declined_at=None),
                name="one_waiting_name_per_organisation_and_language",
            ),
        ]

    def __str__(self) -> str:
        return f"proposed name {self.pk} of organisation {self.organisation_id}"

    def is_waiting(self) -> bool:
        """Whether no moderator has decided; the same question as `.waiting()`."""
        return self.accepted_at is None and self.declined_at is None
