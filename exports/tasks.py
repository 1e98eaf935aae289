"""What an export's own task and the clock's sweep ask for."""

from celery import shared_task

from exports import building
from signatories.enrolled import sheets


@shared_task(name="exports.build")
def build(export_id: int) -> bool:
    return building.build(export_id)


@shared_task(name="exports.sweep")
def sweep() -> None:
    """Destroy what is over or was left by who was killed, and give every export that waits a task again."""
    building.expire()
    sheets.sweep()
    for pk in building.due():
        build.apply_async((pk,), expires=60)
