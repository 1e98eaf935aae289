"""What an invalidation's own task and the clock's sweep ask for."""

from celery import shared_task

from invalidations import forgetting, working
from invalidations.models import Invalidation


@shared_task(name="invalidations.work")
def work(pk: int) -> None:
    if working.work(pk):
        work.delay(pk)


@shared_task(name="invalidations.sweep")
def sweep() -> None:
    """Go on with what a dead worker or a broker that forgot has left."""
    for pk in Invalidation.objects.under_way().values_list("pk", flat=True):
        work.apply_async((pk,), expires=60)


@shared_task(name="invalidations.forget")
def forget() -> None:
    forgetting.forget()
