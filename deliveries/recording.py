"""What a person does with a delivery: bring it by another way, say how an uncertain one ended, try again."""

import base64
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts import trail
from accounts.models import User
from deliveries import manifests, noting
from deliveries.dossiers import editions
from deliveries.models import Delivery, Release, Report, Step
from letters.models import Recipient
from logos import drawing
from outbox import clock
from outbox.models import State

SCAN = (1600, 2200)  # pixels: a page that can be read
LARGEST_SCAN = 1_500_000  # bytes
NO_MAIL: dict[str, Any] = {
    "mail": None, "is_link": False, "message_id": None, "last_reply": "", "evidence": {},
    "signatures": None, "paper_hash": "", "file_hash": "", "list_hash": "", "handed_at": None,
}  # fmt: skip
BY_HAND = (Recipient.Channel.POST, Recipient.Channel.HAND, Recipient.Channel.PORTAL)


class NotThatWay(Exception):
    """The delivery is not in the state in which this can be done: another was quicker, or it is off."""


class NotHandedOut(Exception):
    """Its paper was not given out by then, so nobody knows what was brought."""


def scan_of(data: bytes) -> str:
    """A photograph or scan, drawn anew, as it is stored. Raises what drawing raises."""
    return base64.b64encode(drawing.draw(data, within=SCAN, largest=LARGEST_SCAN).content).decode()


@transaction.atomic
def record(
    delivery: Delivery, *, by: User, at: datetime, reference: str = "", words: str = "", scan: str = "",
    arrived: bool = False,
) -> None:  # fmt: skip
    """Write down that somebody brought the paper to the office, when and with what proof.

    It is the one that the desk gave out last before: its count and its hashes, whoever withdrew afterwards.
    What was called off meanwhile is recorded only as brought before. `arrived`: the office has it, as a
    stamped receipt shows. Raises NotThatWay, NotHandedOut.
    """
    row = locked(delivery)
    if row.state != State.HELD or row.channel not in BY_HAND:
        raise NotThatWay(delivery)
    handing, end = row.handed_by(at), until(row)
    if handing is None and end is None:
        raise NotHandedOut(delivery)
    if handing is None or at < since(row) or (end and at > end):
        raise NotThatWay(delivery)
    changes = {name: handing.facts[name] for name in ("signatures", "paper_hash", "file_hash", "list_hash")}
    changes |= {"state": State.SENT, "sent_at": at, "handed_at": handing.at}
    for name, value in changes.items():
        setattr(row, name, value)
    row.evidence = {
        "channel": row.channel,
        "by": by.pk,
        "recorded_at": editions.moment(timezone.now()),
        "reference": reference,
        "frozen": noting.frozen(row.dossier),
        "named": handing.facts["named"],
        "total": handing.facts["total"],
        "handed_out_at": editions.moment(handing.at),
        "brought": handing.facts["files"],
    }
    row.save(update_fields=["evidence", *changes])
    trail.record(
        "delivery recorded", about=row, by=by, letter=row.dossier.version.letter_id, channel=row.channel
    )
    if arrived or scan or words:
        report(row, by=by, arrived=arrived, at=at, words=words, scan=scan)


@transaction.atomic
def note(
    delivery: Delivery, *, by: User, at: datetime, reference: str = "", words: str = "", scan: str = "",
    arrived: bool = False,
) -> None:  # fmt: skip
    """Add to one that has left: that it arrived after all, or was brought another way once it had come back.

    Raises NotThatWay.
    """
    row = locked(delivery)
    if row.state != State.SENT or at < left(row):
        raise NotThatWay(delivery)
    report(row, by=by, arrived=arrived, at=at, words=words, scan=scan, reference=reference)
    letter = row.dossier.version.letter_id
    trail.record("delivery noted about", about=row, by=by, letter=letter, arrived=arrived)


def since(delivery: Delivery) -> datetime:
    """From which minute on (UTC) it can have been brought: once it was approved, and its paper given out.

    What is kept ends by when it left, so a wrong year would destroy names.
    """
    approved = delivery.release.approved_at if delivery.release else None
    moments = [approved or delivery.dossier.taken_at, *(one.at for one in delivery.handings()[:1])]
    return max(moments).replace(second=0, microsecond=0)


def until(delivery: Delivery) -> datetime | None:
    """Until when (UTC) it can have been brought: until it was called off; None while it stands."""
    release, letter = delivery.release, delivery.dossier.version.letter
    moments = [moment for moment in (letter.taken_down_at, letter.archived_at) if moment]
    if release and release.step != Step.APPROVED:
        moments.append(release.ended_at or release.proposed_at)
    return min(moments, default=None)


def left(delivery: Delivery) -> datetime:
    """From which minute on (UTC) something can have become of it: it had to leave first."""
    return (delivery.sent_at or clock.now()).replace(second=0, microsecond=0)


def report(
    delivery: Delivery, *, by: User, at: datetime, arrived: bool = False, words: str = "", scan: str = "",
    reference: str = "",
) -> Report:  # fmt: skip
    """Add what somebody of the letter's learnt of a delivery after it left."""
    return Report.objects.create(
        delivery=delivery, kind=Report.Kind.DELIVERED if arrived else Report.Kind.NOTED,
        source=Report.Source.PERSON, by=by, at=at, words=words, scan=scan or None,
        facts={"reference": reference} if reference else {},
    )  # fmt: skip


@transaction.atomic
def settle(delivery: Delivery, *, arrived: bool, why: str, by: User) -> None:
    """Say of an uncertain delivery that it left after all, or let it go again. Raises NotThatWay.

    It left, then, when it was last handed over: the moment that was noted before its first byte went out.
    """
    row = locked(delivery)
    if row.state != State.UNCERTAIN:
        raise NotThatWay(delivery)
    trail.record("delivery settled", about=row, by=by, letter=row.dossier.version.letter_id, arrived=arrived)
    if not arrived:
        _again(row)
        return
    begun = parse_datetime(row.evidence.get("begun_at", ""))
    row.state, row.sent_at = State.SENT, begun or row.tried_at or clock.now()
    settled_at = editions.moment(clock.now())
    row.evidence = {**row.evidence, "settled_by": by.pk, "settled_why": why, "settled_at": settled_at}
    row.save(update_fields=["state", "sent_at", "evidence"])


@transaction.atomic
def again(delivery: Delivery, *, by: User) -> None:
    """Try one that was given up once more, with all patience. Raises NotThatWay."""
    row = locked(delivery)
    if row.state != State.DEAD or row.channel != Recipient.Channel.EMAIL or not may_leave(row):
        raise NotThatWay(delivery)
    trail.record("delivery tried again", about=row, by=by, letter=row.dossier.version.letter_id)
    _again(row)


@transaction.atomic
def by_another_way(delivery: Delivery, *, channel: str, by: User) -> None:
    """Bring one that was given up, or not begun, by post, by hand or by a web form.

    What is known of a mail that its server did not take is no evidence of what somebody brings: its hash
    stays on the trail alone. Raises NotThatWay.
    """
    row = locked(delivery)
    is_open = row.state in (State.DEAD, State.READY, State.HELD) and channel in BY_HAND
    if not is_open or not may_leave(row):
        raise NotThatWay(delivery)
    trail.record(
        "delivery by another way", about=row, by=by, letter=row.dossier.version.letter_id, channel=channel,
        mail=row.evidence.get("mail", ""),
    )  # fmt: skip
    kept = NO_MAIL if row.channel == Recipient.Channel.EMAIL else {}
    for name, value in {**kept, "channel": channel, "state": State.HELD}.items():
        setattr(row, name, value)
    row.save(update_fields=["channel", "state", *kept])


def _again(row: Delivery) -> None:
    row.state, row.next_at, row.tried_at, row.attempts = State.READY, clock.now(), None, 0
    row.save(update_fields=["state", "next_at", "tried_at", "attempts"])


@transaction.atomic
def not_brought(delivery: Delivery, *, by: User) -> None:
    """Say of a paper that was given out before it was called off that nobody brought it. Raises NotThatWay.

    It is called off then like the rest, and its office can be served by another release.
    """
    row = locked(delivery)
    if row.state != State.HELD or row.handed_at is None or until(row) is None:
        raise NotThatWay(delivery)
    row.state, row.last_reply = State.VOID, "given out, called off, and not brought"
    row.save(update_fields=["state", "last_reply"])
    trail.record("delivery not brought", about=row, by=by, letter=row.dossier.version.letter_id)


def may_leave(row: Delivery) -> bool:
    """Whether it is still what was approved; the operator's own was approved by nobody else."""
    release = row.release
    return release is None or (release.step == Step.APPROVED and not manifests.changed(release))


def locked(delivery: Delivery) -> Delivery:
    """The delivery as it is now, its release locked first, as who calls that off does."""
    if delivery.release_id:
        Release.objects.select_for_update().get(pk=delivery.release_id)
    rows: Any = Delivery.objects.select_for_update(of=("self",))
    return rows.select_related(
        "dossier__version__letter", "recipient", "release__letter", "release__version", "release__dossier"
    ).get(pk=delivery.pk)
