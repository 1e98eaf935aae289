"""What the clock asks for."""

from celery import shared_task

from signatories import (
    asking,
    claiming,
    forgetting,
    holding,
    looking,
    rechecking,
    summing,
    telling,
    undoing,
)
from signatories.enrolled import enrolling, reckoning, tallying
from signatories.judging import braking, reviewing, sweeping


@shared_task(name="signatories.enrol")
def enrol() -> None:
    enrolling.enrol()


@shared_task(name="signatories.count_holdings")
def count_holdings() -> None:
    holding.write_down()


@shared_task(name="signatories.brake")
def brake() -> None:
    """Look whether mail does harm."""
    braking.look()


@shared_task(name="signatories.forget")
def forget() -> None:
    forgetting.forget()
    undoing.forget()
    claiming.forget()


@shared_task(name="signatories.sweep")
def sweep() -> None:
    sweeping.sweep()


@shared_task(name="signatories.review")
def review() -> None:
    """Count what was held by itself and let go: an alert as long as it is much; and a mail once a week."""
    reviewing.look()
    for letter in summing.busy():
        telling.tell_weekly(letter, telling.REVIEW)


@shared_task(name="signatories.end_questions")
def end_questions() -> None:
    """Wait no longer for signers who have not answered in time."""
    asking.end_overdue()


@shared_task(name="signatories.draw_second_looks")
def draw_second_looks() -> None:
    looking.draw()


@shared_task(name="signatories.tell_what_waits")
def tell_what_waits() -> None:
    telling.tell_what_waits()


@shared_task(name="signatories.forget_clues")
def forget_clues() -> None:
    forgetting.forget_clues()


@shared_task(name="signatories.reckon")
def reckon() -> None:
    reckoning.reckon_due()


@shared_task(name="signatories.recount")
def recount() -> None:
    """Set right what is wrong in the numbers of overviews."""
    tallying.recount_all()


@shared_task(name="signatories.recheck")
def recheck() -> None:
    """Hold what was signed by organisations for which others' word is not enough any more."""
    rechecking.recheck()
