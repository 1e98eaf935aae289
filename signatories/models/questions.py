from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from signatories.models.decisions import UNDO_WITHIN
from signatories.models.signatures import Signature

ANSWER_WITHIN = timedelta(days=7)  # since its mail may leave


class QuestionQuerySet(models.QuerySet["Question"]):
    def open(self) -> "QuestionQuerySet":
        """Those that wait for an answer."""
        return self.filter(ended_at=None)


class Question(models.Model):
    """What a moderator has asked the signer of one that waits, in set words, and how that ended."""

    class Topic(models.TextChoices):
        """In set words: translated beforehand, and nobody writes anything else to people in danger."""

        NAME = "name", _("Is the name right, and as it should be shown?")
        OFFICE = "office", _("Which office or role do you hold?")
        AFFILIATION = "affiliation", _("Do you belong to the organisation that you named?")
        AUTHORITY = "authority", _("Are you signing for the organisation, with its consent?")
        TWICE = "twice", _("Have you signed already, from another address?")

    class Outcome(models.TextChoices):
        AS_IS = "as_is", _("Its signer says that all of it is right.")
        CORRECTED = "corrected", _("Its signer has corrected it: it is shown as it is now.")
        OVERDUE = "overdue", _("Its signer has not answered within seven days.")
        UNREACHABLE = "unreachable", _("The mail with the question did not reach its signer.")
        TAKEN_BACK = "taken_back", _("The question was taken back.")
        SETTLED = "settled", _("It was settled before an answer came.")

    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="questions")
    topic = models.CharField(_("question"), max_length=12, choices=Topic)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("how it ended"), max_length=12, choices=Outcome, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to a signer")
        verbose_name_plural = _("questions to signers")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(topic__in=["name", "office", "affiliation", "authority", "twice"]),
                name="questions_are_asked_in_set_words",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, outcome="")
                | Q(
                    ended_at__isnull=False,
                    outcome__in=["as_is", "corrected", "overdue", "unreachable", "taken_back", "settled"],
                ),
                name="questions_end_somehow",
            ),
            models.UniqueConstraint(
                fields=["signature"], condition=Q(ended_at=None), name="one_question_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.pk}"

    def leaves_at(self) -> datetime:
        """When its mail leaves: once who asked cannot undo it any more."""
        return self.asked_at + UNDO_WITHIN

    def answer_by(self) -> datetime:
        """Until when an answer is waited for."""
        return self.leaves_at() + ANSWER_WITHIN
