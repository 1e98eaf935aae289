"""What an office answers to a letter that was delivered to it, and what was decided about it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from deliveries.models import WIDE, Delivery
from letters.languages import html_language
from letters.models import Letter, Role
from letters.permitting import KINDS, Verb, letters_for
from updates.models import Spread
from vault.fields import SealedTextField

LONGEST = 10_000  # characters
# What is left of words nobody publishes
FORGOTTEN = {"text": "", "name": "", "role": "", "digest": ""}


class AnswerQuerySet(models.QuerySet["Answer"]):
    def of(self, letter: Letter) -> Self:
        """The answers to a letter, the newest first."""
        mine = self.filter(delivery__dossier__version__letter=letter)
        return mine.select_related("delivery__recipient", "reviewed_by", "entered_by").order_by(
            "-received_at", "-pk"
        )

    def light(self) -> Self:
        """Without the mail that is answered, and what is wide of its dossier: for pages that only tell."""
        wide = (f"delivery__dossier__{field}" for field in WIDE)
        return self.select_related("delivery__dossier").defer("delivery__mail", *wide)

    def waiting(self) -> Self:
        """What nobody has decided about."""
        return self.filter(published_at=None, declined_at=None)

    def to_decide(self, user: User) -> Self:
        """What waits for this person, by their role: not what they entered and somebody else publishes."""
        letter = "delivery__dossier__version__letter"
        mine = letters_for(user, Verb.DELIVER)
        others = Role.objects.filter(
            letter=OuterRef(letter), kind__in=KINDS[Verb.DELIVER], user__is_active=True
        ).exclude(user=user)
        waiting = self.waiting().filter(**{f"{letter}__in": mine.values("pk")})
        return waiting.exclude(Q(entered_by=user) & Exists(others)).order_by("pk")

    def published(self) -> Self:
        return self.filter(published_at__isnull=False, declined_at=None)


class Answer(models.Model):
    """One answer, as the office wrote it. A person reads it before anybody else does.

    The office gives it on its own page, or it came by e-mail or on paper and somebody entered it.
    """

    class Way(models.TextChoices):
        PAGE = "page", _("on its own page")
        EMAIL = "email", _("by e-mail")
        PAPER = "paper", _("on paper")

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
    way = models.CharField(_("how it came"), max_length=10, choices=Way, default=Way.PAGE, db_default="page")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered"), null=True)
    scan = SealedTextField(null=True, editable=False)  # a picture of what came, in base64
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
                | Q(ground="withheld", scan__isnull=True, **FORGOTTEN),
                name="an_answer_says_something_and_not_too_much",
            ),
            models.CheckConstraint(
                condition=Q(way="page", entered_by=None, entered_at=None, scan__isnull=True)
                | ~Q(way="page")
                & Q(entered_by__isnull=False, entered_at__isnull=False, received_at__lte=F("entered_at")),
                name="what_no_office_typed_somebody_entered",
                violation_error_message=_("Who enters an answer is known, and it has come before."),
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
