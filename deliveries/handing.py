"""Handing out what has names that only the offices see: nobody at the desk gets them alone.

A paper goes to who brings it: what is noted then is what the office gets. A case file goes to who has to
prove what left.
"""

from typing import Any

from django.db import transaction

from accounts import trail
from accounts.models import User
from deliveries import announcing, noting, recording, releasing
from deliveries.dossiers import freezing
from deliveries.dossiers.editions import Edition
from deliveries.models import Delivery
from deliveries.papers import rendering, stamping
from deliveries.proofs import casing
from letters.models import Recipient
from outbox import clock
from outbox.models import State


class NeedsAnother(Exception):
    """Nobody gets the names that only the offices see alone: not who has proposed to mail them."""


def hand_out(delivery: Delivery, *, by: User) -> list[bytes]:
    """The volumes of the paper as it stands now, for who prints and brings it, or hands it in.

    Its count and hashes are noted, so that cover, receipt and record name this very list, whoever withdraws
    afterwards. Handed out again, the last one counts. What was approved to leave by mail, and is brought
    instead, is not for who has proposed it: nobody gets the names that only offices see alone. The others
    are told. Raises recording.NotThatWay, NeedsAnother, DossierDestroyed, CertificateUnusable.
    """
    if not _is_to_be_brought(delivery):
        raise recording.NotThatWay(delivery)
    if not may_bring(delivery, by=by):
        raise NeedsAnother(delivery)
    edition = freezing.edition_now(delivery.dossier)
    unsigned = rendering.volumes(edition, recipient=delivery.recipient)
    papers = [stamping.stamp(volume, is_timed=False) for volume in unsigned]
    _note(delivery, edition, unsigned, papers, by=by)
    return papers


def may_bring(delivery: Delivery, *, by: User) -> bool:
    """Whether somebody may have the paper of what is brought, or the office’s link, which leads to it."""
    return not _was_to_be_mailed(delivery) or may_have_all(delivery, by=by)


def may_have_all(delivery: Delivery, *, by: User) -> bool:
    """Whether somebody may have the mail of a delivery as it left: who has not proposed to send it.

    What the operator let go by themselves, anybody who delivers the letter is the second person of.
    """
    return delivery.release is None or releasing.are_two(delivery.release, by)


def case_file(delivery: Delivery, *, by: User, is_whole: bool) -> bytes:
    """Everything about what has left; whole, with the mail, and then all who deliver the letter are told.

    Raises NeedsAnother, certifying.NotSent, NoTimeStamp, CertificateUnusable.
    """
    if is_whole and not may_have_all(delivery, by=by):
        raise NeedsAnother(delivery)
    content = casing.build(delivery, is_whole=is_whole)
    with transaction.atomic():
        trail.record("case file", about=delivery, by=by, letter=delivery.dossier.letter.pk, whole=is_whole)
        if is_whole:
            announcing.tell_of(delivery, announcing.CASE)
    return content


@transaction.atomic
def _note(
    delivery: Delivery, edition: Edition, unsigned: list[bytes], papers: list[bytes], *, by: User
) -> None:
    row = recording.locked(delivery)
    if not _is_to_be_brought(row):
        raise recording.NotThatWay(delivery)
    facts = noting.paper(edition, unsigned=unsigned, signed=papers)
    row.handed_at = clock.now()
    handing: dict[str, Any] = facts | {
        "at": row.handed_at.isoformat(),
        **noting.names(edition),
        "files": noting.files(row.dossier.version.letter.slug, papers),
    }
    row.evidence = row.evidence | {"handed": [*row.evidence.get("handed", []), handing]}
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=["handed_at", "evidence", *facts])
    trail.record(
        "paper handed out", about=row, by=by, letter=row.dossier.version.letter_id,
        signatures=row.signatures, sha256=row.file_hash, list=row.list_hash,
    )  # fmt: skip
    if _was_to_be_mailed(row):
        announcing.tell_of(row, announcing.HANDED_OUT)


def _was_to_be_mailed(row: Delivery) -> bool:
    """Whether two people agreed on a mail, and somebody took it another way alone."""
    return row.recipient.channel == Recipient.Channel.EMAIL


def _is_to_be_brought(row: Delivery) -> bool:
    is_held = row.state == State.HELD and row.channel in recording.BY_HAND
    return is_held and recording.until(row) is None and recording.may_leave(row)
