"""Whether what proved the organisations of a letter still does, looked at once more before it leaves."""

import logging
import time
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import trail
from deliveries import preparing
from letters.models import Letter
from organisations import checking
from organisations.models import Organisation, OrganisationQuerySet
from signatories import rechecking
from signatories.models import Signature, Visibility

BEFORE_CLOSING = timedelta(days=1)
OLDER_THAN = timedelta(days=1)  # what was seen since is believed
AT_MOST = 60.0  # seconds for all of a letter: a DNS that is slow delays it, and does not stop it

logger = logging.getLogger(__name__)


class Looked(NamedTuple):
    """Whose evidence fell, of whom nothing could be learnt, and how many lost the badge with others' word."""

    fallen: list[Organisation]
    unknown: list[Organisation]
    uncarried: int


def recheck(letter: Letter, *, at: datetime | None = None) -> Looked:
    """Look again at each domain by which an organisation on the letter's list is verified.

    What is not there any more is taken away, and who was carried by its word waits for a moderator again. A
    DNS that does not answer takes nothing away.
    """
    at, end = at or timezone.now(), time.monotonic() + AT_MOST
    looked = Looked([], [], 0)
    for organisation in old(letter, at=at).prefetch_related("names"):
        still = (
            checking.still_proves(organisation, before=at - OLDER_THAN) if time.monotonic() < end else None
        )
        if still is None:
            looked.unknown.append(organisation)
        elif not still:
            looked.fallen.append(organisation)
    counted = {"fallen": len(looked.fallen), "unknown": len(looked.unknown)}
    trail.record("evidence of organisations looked at again", about=letter, by=None, **counted)
    logger.info("letter %s: evidence of %s organisations fell", letter.pk, len(looked.fallen))
    return looked._replace(uncarried=rechecking.recheck(at=at))


def due(*, at: datetime | None = None) -> list[Letter]:
    """Letters that close within a day, or are closed and not delivered, with evidence that is old."""
    at = at or timezone.now()
    closing = Letter.objects.public().filter(archived_at=None, closes_at__lte=at + BEFORE_CLOSING)
    return [
        letter
        for letter in closing.select_related("current").order_by("pk")
        if preparing.unserved(letter) and old(letter, at=at).exists()
    ]


def old(letter: Letter, *, at: datetime) -> OrganisationQuerySet:
    """Organisations that the list names, with evidence of a domain that nobody has looked at for a day."""
    listed = Signature.objects.standing().filter(letter=letter).exclude(visibility=Visibility.COUNTED)
    of_domain = checking.unseen_since(at - OLDER_THAN).filter(organisation=OuterRef("pk"))
    rows = Organisation.objects.filter(pk__in=listed.values("organisation"))
    return rows.filter(Exists(of_domain)).order_by("pk")
