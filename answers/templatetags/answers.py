"""What offices say: `{% replies letter %}` on its page, `{% answers_of letter %}` on that of a signer.

For the desk, `{% answers_to_decide user as … %}`.
"""

from typing import Any

from django import template
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from answers import waiting
from answers.models import Answer
from deliveries.offices import Offices
from letters.models import Letter

register = template.Library()


@register.inclusion_tag("answers/replies.html")
def replies(letter: Letter) -> dict[str, Any]:
    """Which offices have answered, and for how many days the others have not."""
    return {"replies": waiting.replies(letter, at=timezone.now())}


@register.inclusion_tag("answers/of_letter.html")
def answers_of(letter: Letter) -> dict[str, Any]:
    """The published answers with their words."""
    rows = list(Answer.objects.of(letter).published().light())
    offices = Offices(letter) if rows else None
    return {"answers": [(row, offices.name(row.delivery.recipient)) for row in rows] if offices else []}


@register.simple_tag
def answers_to_decide(user: User, letter: Letter | None = None) -> list[Answer]:
    """The answers that wait to be read by this person: of one letter, or of all that are theirs."""
    rows = Answer.objects.to_decide(user).annotate(letter_id=F("delivery__dossier__version__letter"))
    rows = rows.filter(letter_id=letter.pk) if letter else rows
    return list(rows.select_related("delivery__recipient").only("received_at", "delivery__recipient__office"))
