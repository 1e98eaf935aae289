"""What an office answers to a letter that was delivered to it, and what was decided about it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deliveries.models import Delivery
from letters.languages import html_language
from letters.models import Letter
from updates.models import Spread

LONGEST = 10_000  # characters
FORGOTTEN = {"text": "", "name": "", "role": "", "digest": ""}  # what is left of words nobody publishes


class AnswerQuerySet(models.QuerySet["Answer"]):
    def of(self, letter: Letter) -> Self:
        """The answers to a letter, the newest first."""
        mine = self.filter(delivery__dossier__version__letter=letter)
        return mine.select_related("delivery__recipient", "reviewed_by").order_by("-received_at", "-pk")

    def waiting(self) -> Self:
        """What nobody has decided about."""
        return self.filter(published_at=None, declined_at=None)

    def published(self) -> Self:
        return self.filter(published_at__isnull=False, declined_at=None)


class Answer(models.Model):
    """One answer, as the office wrote it on its own page. A person reads it before anybody else does."""

    class Ground(models.TextChoices):
        STRANGE = "strange", _("it is no answer of this office")
        WITHHELD = "withheld", _("it is its answer, and is not published")

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="answers")
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    text = models.TextField(_("text"), max_length=LONGEST)
    name = models.CharField(_("name"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    digest = models.CharField(max_length=64, blank=True)  # of what was sent: the same twice is one
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True)
    declined_at = models.DateTimeField(_("declined"), null=True)
    ground = models.CharField(_("why it is not published"), max_length=10, choices=Ground, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of an office")
        verbose_name_plural = _("answers of offices")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["delivery", "digest"],
                condition=~Q(digest=""),
                name="the_same_answer_counts_once",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None, published_at=None, declined_at=None)
                | Q(reviewed_by__isnull=False) & ~Q(published_at=None, declined_at=None),
                name="somebody_decides_about_an_answer",
                violation_error_message=_("Whoever publishes or declines an answer is known."),
            ),
            models.CheckConstraint(
                condition=Q(declined_at=None, ground="", reason="")
                | Q(declined_at__isnull=False) & ~Q(ground="") & ~Q(reason=""),
                name="a_declined_answer_has_a_reason",
                violation_error_message=_("Say why it is not published."),
            ),
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(digest="") & Q(LessThanOrEqual(Length("text"), LONGEST))
                | Q(ground="withheld", **FORGOTTEN),
                name="an_answer_says_something_and_not_too_much",
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None and self.declined_at is None

    @property
    def is_withheld(self) -> bool:
        """Whether the office has answered and its words are kept back, as everybody is told."""
        return self.ground == self.Ground.WITHHELD

    @property
    def is_forgotten(self) -> bool:
        """Whether its words were erased, a year after it was decided not to publish them."""
        return not self.text

    @property
    def html_language(self) -> str:
        return html_language(self.language) if self.language else ""

    @property
    def direction(self) -> str:
        """For the words of it; the browser looks at them where nobody has said the language."""
        if not self.language:
            return "auto"
        return "rtl" if self.language in settings.LANGUAGES_BIDI else "ltr"


class News(Spread):
    """How far the mails have got that tell signers of a published answer."""

    answer = models.OneToOneField(Answer, on_delete=models.CASCADE, related_name="news")

    class Meta:
        verbose_name = _("news of an answer")
        verbose_name_plural = _("news of answers")

    def __str__(self) -> str:
        return f"news of answer {self.answer_id}"
