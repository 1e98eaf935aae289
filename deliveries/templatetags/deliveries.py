"""What has become of a letter, for its page: `{% timeline letter %}`; for the desk, what waits there."""

from typing import Any

from django import template
from django.db.models import Count
from django.utils import timezone

from accounts.models import User
from deliveries import telling
from deliveries import timeline as story
from deliveries.models import Release
from letters.models import Letter

register = template.Library()


@register.inclusion_tag("deliveries/timeline.html")
def timeline(letter: Letter) -> dict[str, Any]:
    """Publication, milestones, deliveries and what came of them, in their order."""
    return {"letter": letter, "events": story.events(letter, at=timezone.now())}


@register.inclusion_tag("deliveries/what_we_hold.html")
def what_we_hold(letter: Letter) -> dict[str, Any]:
    """What is still kept about the letter's signers, in sentences; nothing is counted here."""
    return {"sentences": telling.still_held(letter)}


@register.simple_tag
def releases_to_approve(user: User, letter: Letter | None = None) -> list[Release]:
    """The deliveries that wait for this person's approval: of one letter, or of all that are theirs."""
    rows = Release.objects.to_approve(user).select_related("proposed_by")
    rows = rows.filter(letter=letter) if letter else rows
    return list(
        rows.only("letter_id", "proposed_at", "proposed_by__name").annotate(offices=Count("recipients"))
    )
