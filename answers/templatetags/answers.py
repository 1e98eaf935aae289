"""What offices say: `{% replies letter %}` on its page, `{% answers_of letter %}` on that of a signer."""

from typing import Any

from django import template
from django.utils import timezone

from answers import waiting
from answers.models import Answer
from answers.offices import Offices
from letters.models import Letter

register = template.Library()


@register.inclusion_tag("answers/replies.html")
def replies(letter: Letter) -> dict[str, Any]:
    """Which offices have answered, and for how many days the others have not."""
    return {"replies": waiting.replies(letter, at=timezone.now())}


@register.inclusion_tag("answers/of_letter.html")
def answers_of(letter: Letter) -> dict[str, Any]:
    """The published answers with their words."""
    rows = list(Answer.objects.of(letter).published().defer("delivery__mail"))
    offices = Offices(letter) if rows else None
    return {"answers": [(row, offices.name(row.delivery.recipient)) for row in rows] if offices else []}
