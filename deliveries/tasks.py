"""What a delivery's own task and the clock's sweep ask for."""

from celery import shared_task
from django.utils import timezone

from deliveries import ending, rechecking, releasing, retaining, retracting, sending, timeline
from deliveries.models import Delivery, Release
from deliveries.returns import collecting
from letters.models import Letter


@shared_task(name="deliveries.send")
def send(delivery_id: int) -> bool:
    return sending.send(Delivery.objects.get(pk=delivery_id))


@shared_task(name="deliveries.freeze")
def freeze(release_id: int) -> bool:
    return releasing.freeze(releasing.fresh(Release(pk=release_id)))


@shared_task(name="deliveries.sweep")
def sweep() -> None:
    """Settle what lost senders left, and give all that is due a task of its own again."""
    sending.recover()
    ending.end_what_is_down()
    releasing.count()
    retracting.spread()
    for pk in Release.objects.to_freeze(timezone.now()).values_list("pk", flat=True):
        freeze.apply_async((pk,), expires=60)
    for pk in sending.due():
        send.apply_async((pk,), expires=60)


@shared_task(name="deliveries.mark")
def mark() -> None:
    """Note which numbers of signatures letters have reached."""
    timeline.mark()


@shared_task(name="deliveries.recheck")
def recheck(letter_id: int) -> None:
    rechecking.recheck(Letter.objects.get(pk=letter_id))


@shared_task(name="deliveries.recheck_due")
def recheck_due() -> None:
    """Look again at what proves the organisations of letters that are about to be delivered."""
    for letter in rechecking.due():
        recheck.apply_async((letter.pk,), expires=3000)


@shared_task(name="deliveries.retain")
def retain() -> None:
    """Keep nothing of a letter longer than was promised once it was carried to everyone."""
    retaining.retain()


@shared_task(name="deliveries.read_returned", soft_time_limit=60, time_limit=90)
def read_returned() -> None:
    """Read what came back of our mail, where IMAP_URL says where to."""
    collecting.collect()
