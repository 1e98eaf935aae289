"""Whom a letter's page names as announced, apart from who has signed. One query each."""

from typing import Any

from django import template

from invitations.models import ANNOUNCED_FOR, Announced, Invitation
from letters.models import Letter

register = template.Library()
SHOWN = 100


@register.inclusion_tag("invitations/announced.html")
def announced(letter: Letter) -> dict[str, Any]:
    """The organisations that the coalition announces, and that have not confirmed."""
    rows = Invitation.objects.announced(letter).order_by("pk")[:SHOWN]
    return {
        "letter": letter,
        "rows": sorted(rows, key=lambda row: (row.name or "").casefold()),
        "days": ANNOUNCED_FOR.days,
    }


@register.inclusion_tag("invitations/announced_number.html")
def announced_number(letter: Letter) -> dict[str, Any]:
    """How many those are, as the clock has last counted."""
    number = Announced.objects.filter(letter=letter).values_list("number", flat=True).first()
    return {"number": number or 0}
