from typing import Any

from django import template
from django.utils.translation import get_language

from letters.models import Letter
from updates.models import Update

register = template.Library()

SHOWN = 10


@register.inclusion_tag("updates/of_letter.html")
def news_of(letter: Letter) -> dict[str, Any]:
    """The latest news of a letter, as its signers got it, in the reader's language."""
    mailed = Update.objects.filter(letter=letter, approved_at__isnull=False).order_by("-approved_at")
    rows = mailed.select_related("letter").prefetch_related("texts")[:SHOWN]
    return {"news": [(update, update.text_in(get_language() or "")) for update in rows]}
