"""A chain of hashes over the trail: who changes, removes or slips in a line later cannot hide it.

The clock chains each line within a minute, so that no two deeds wait for each other; the last hash leaves the
site every day, by mail and on public pages. The scheme is linked time-stamping (Haber and Stornetta, 1991):
digest = SHA-256(digest before it, SHA-256(line)), all in hex.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts import forgetting
from accounts.models import Link, Trail

BATCH = 1000
UNCHAINED = timedelta(hours=1)  # a line that has no link by then was written by nobody of ours

logger = logging.getLogger(__name__)


def chain() -> int:
    """Link the lines that have none, in the order of their numbers; returns how many.

    Positions are unique: of two that do it at once one finds them taken, and leaves it to the other.
    """
    try:
        with transaction.atomic():
            return _chain()
    except IntegrityError:
        return 0


def _chain() -> int:
    last = Link.objects.last()
    before, digest = (last.position, last.digest) if last else (0, "")
    linked = Link.objects.filter(line=OuterRef("pk"))
    lines = list(Trail.objects.filter(~Exists(linked)).order_by("pk")[:BATCH])
    links = []
    for position, line in enumerate(lines, before + 1):
        content = content_of(line)
        digest = digest_of(digest, content)
        links.append(Link(position=position, line=line.pk, at=line.at, content=content, digest=digest))
    Link.objects.bulk_create(links)
    return len(links)


def faults(*, at: datetime | None = None, head: str = "") -> Iterator[str]:
    """What is wrong with the trail, a sentence each; nothing if every line stands as it was written.

    `head`: a digest that was noted earlier, which has to be in the chain.
    """
    at = at or timezone.now()
    digest, position, seen = "", 0, not head
    links = list(Link.objects.all())  # first: what is written and linked meanwhile is no fault
    lines = {line.pk: line for line in Trail.objects.iterator(BATCH)}
    for link in links:
        position += 1
        if link.position != position:
            yield f"Links are missing before number {link.position}."
            position = link.position
        digest = digest_of(digest, link.content)
        if digest != link.digest:
            yield f"Link {link.position} does not follow from the one before it."
            digest = link.digest
        line = lines.pop(link.line, None)
        if line is None and at - link.at < forgetting.KEPT:
            yield f"Line {link.line} is gone."
        elif line is not None and content_of(line) != link.content:
            yield f"Line {link.line} was altered."
        seen = seen or link.digest == head
    for line in lines.values():
        if at - line.at > UNCHAINED:
            yield f"Line {line.pk} was slipped in."
    if not seen:
        yield "The hash that was noted is not in the chain: its end was cut off, or it was written anew."


def head(*, before: datetime | None = None) -> Link | None:
    """The last link, or the last of a line written `before` a moment: its digest stands for all up to it."""
    links = Link.objects.filter(at__lt=before) if before else Link.objects.all()
    return links.last()


def head_of_yesterday() -> Link | None:
    """What leaves the site: the hash of days that are over, so that it tells nobody when people work here."""
    return head(before=timezone.now().replace(hour=0, minute=0, second=0, microsecond=0))


def content_of(line: Trail) -> str:
    """SHA-256 of everything that a line says, in hex."""
    said = [
        line.pk, line.at.isoformat(), line.who_id, line.what, line.about_type, line.about_id, line.letter,
        line.detail,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def digest_of(before: str, content: str) -> str:
    return hashlib.sha256(f"{before}{content}".encode()).hexdigest()
