"""A task of its own for what waits in the database, now rather than at the clock's next turn."""

import logging

from celery import current_app

logger = logging.getLogger(__name__)


def queue(task: str, *keys: int) -> bool:
    """Give the row of each key its task, in one line to the broker; False if no broker answers.

    Call it after the commit. The rows are safe, and the clock finds them, so whatever the broker says
    changes nothing.
    """
    try:
        with current_app.producer_or_acquire() as producer:
            for key in keys:
                current_app.send_task(task, [key], retry=False, producer=producer)
    except Exception as error:
        logger.warning("no worker could be told of %s: %s", task, type(error).__name__)
        return False
    return True
