"""The paper as an office may have it at this moment, and how many are left out since it was sent."""

import logging
import time
from typing import NamedTuple

import redis
from django.core.cache import cache

from deliveries.dossiers import editions, freezing, parting
from deliveries.models import Delivery, DossierDestroyed
from deliveries.papers import rendering, stamping
from signatories.enrolled.exporting import GONE

WINDOW = 600  # seconds
KEPT = 30  # seconds: within a minute the page says that somebody withdrew
MOST = 10  # papers in a window: setting a long one takes seconds

logger = logging.getLogger(__name__)


class NoSuchVolume(Exception):
    """The paper has fewer volumes."""


class Offer(NamedTuple):
    """What stands in the paper now; how many signatures, and how many names, less than were sent."""

    signatures: int
    withdrawn: int
    unnamed: int
    volumes: int


def offer(delivery: Delivery) -> Offer:
    """What a download would hold now, or held less than half a minute ago. Raises DossierDestroyed.

    Who withdrew is neither named nor counted; who hid the name still counts. How many names left is noted
    as evidence; of deliveries older than that no name is told to be missing. The sealed list is not opened
    for each who reads the page: the numbers, and no name, are kept meanwhile.
    """
    dossier = delivery.dossier
    if dossier.key is None:
        raise DossierDestroyed(dossier)
    name = f"offer:{delivery.pk}"
    try:
        if kept := cache.get(name):
            return Offer(*kept)
        made = _offer(delivery)
        cache.set(name, list(made), KEPT)
    except redis.RedisError as error:
        logger.warning("cache away, an offer is counted anew: %s", type(error).__name__)
        return _offer(delivery)
    return made


def _offer(delivery: Delivery) -> Offer:
    dossier = delivery.dossier
    since = dossier.after.size if dossier.after else 0
    lines = [line for line in freezing.lines_now(dossier) if line.line >= since and line.visibility != GONE]
    named = sum(line.visibility in editions.NAMED[editions.SENT] for line in lines)
    sent = delivery.signatures if delivery.signatures is not None else len(lines)
    unnamed = delivery.evidence.get("named", named) - named
    return Offer(len(lines), max(sent - len(lines), 0), max(unnamed, 0), parting.number_of(named))


def paper(delivery: Delivery, *, volume: int) -> bytes:
    """One volume of the paper, made now and signed: whoever withdrew or hid is not in it.

    Raises DossierDestroyed, NoSuchVolume.
    """
    edition = freezing.edition_now(delivery.dossier)
    if not 1 <= volume <= parting.number_of(len(edition["signatories"])):
        raise NoSuchVolume(volume)
    unsigned = rendering.render(edition, recipient=delivery.recipient, volume=volume)
    return stamping.stamp(unsigned, is_timed=False)


def wait(delivery: Delivery) -> int:
    """Count one more paper for this office; for how many seconds it has to wait for the next, 0 if for none.

    While the cache is away nobody waits.
    """
    now = int(time.time())
    name = f"paper:{delivery.pk}:{now // WINDOW}"
    try:
        cache.add(name, 0, WINDOW)
        made = cache.incr(name)
    except (redis.RedisError, ValueError) as error:  # away, or emptied between the two
        logger.warning("cache away, no papers are counted: %s", type(error).__name__)
        return 0
    return WINDOW - now % WINDOW if made > MOST else 0
