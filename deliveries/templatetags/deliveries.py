"""What has become of a letter, for its page: `{% timeline letter %}`."""

from typing import Any

from django import template
from django.utils import timezone

from deliveries import telling
from deliveries import timeline as story
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
