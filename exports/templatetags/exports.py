"""What waits at the desk of lists that somebody wants to take out."""

from django import template

from accounts.models import User
from exports.models import Export
from letters.models import Letter

register = template.Library()


@register.simple_tag
def exports_to_approve(user: User, letter: Letter | None = None) -> list[Export]:
    """The lists that wait for this person's approval: of one letter, or of all that are theirs."""
    rows = Export.objects.to_approve(user).select_related("proposed_by")
    rows = rows.filter(letter=letter) if letter else rows
    return list(rows.only("letter_id", "rows", "proposed_at", "proposed_by__name"))
