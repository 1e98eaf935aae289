"""What has become of a letter, for its page: `{% timeline letter %}`; for the desk, what waits there."""

from typing import Any

from django import template
from django.db.models import Count, F
from django.utils import timezone

from accounts.models import User
from deliveries import telling
from deliveries import timeline as story
from deliveries.models import Delivery, Release
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


@register.simple_tag
def deliveries_to_see_to(user: User, letter: Letter | None = None) -> list[dict[str, int]]:
    """How many deliveries wait for a person under each letter that this one delivers, or under one."""
    rows = Delivery.objects.to_see_to(user).annotate(letter_id=F("dossier__version__letter"))
    rows = rows.filter(letter_id=letter.pk) if letter else rows
    counted = rows.order_by().values_list("letter_id").annotate(number=Count("pk"))
    return [{"letter_id": pk, "number": number} for pk, number in counted]
