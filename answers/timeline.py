"""Published answers among all else that has become of a letter."""

from collections.abc import Iterable

from answers.models import Answer
from deliveries.timeline import Event, source
from letters.models import Letter


@source
def published(letter: Letter) -> Iterable[Event]:
    """Each published answer on the day on which the office gave it.

    Its words stand in the feed too, but for a letter at risk: others may see what a feed reader holds.
    """
    for answer in Answer.objects.of(letter).published().light():
        key = f"answer-{answer.pk}"
        words = "" if letter.is_at_risk() else answer.text
        told_at = answer.published_at
        yield Event(
            answer.received_at, "answered", key, answer.delivery, words=words, answer=answer, told_at=told_at
        )
