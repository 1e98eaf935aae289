"""Bringing one dossier to one recipient. A government never gets it twice."""

import logging
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from deliveries import announcing, emails, ending, noting, throttling
from deliveries.dossiers import editions, freezing
from deliveries.dossiers.editions import Edition
from deliveries.models import Delivery, DossierDestroyed, Release
from deliveries.papers import rendering, stamping
from deliveries.returns import returning
from letters.models import Letter
from outbox import clock, composing, draining, pausing, transports
from outbox.models import Channel, State
from vault.failpoints import failpoint

logger = logging.getLogger(__name__)

LEASE = timedelta(
    minutes=10
)  # laying out a hundred thousand names takes seconds; a slow machine may need more
AGAIN = 3


class ListChanged(Exception):
    """Somebody withdrew or hid while the mail was made ready: it must be made anew."""


class CalledOff(Exception):
    """Its release was called off, or is void because something was changed."""


class LeaseLost(Exception):
    """Another sender has this delivery by now."""


class Ready(NamedTuple):
    """What is about to leave, and the list it was made of."""

    mime: bytes
    lines: list[Any]
    facts: dict[str, Any]
    evidence: dict[str, Any]


def send(delivery: Delivery) -> bool:
    """Send one dossier to one recipient; True if it left now.

    False, having done nothing, unless the delivery is due and nobody else has it. Who withdrew or hid
    until the moment the mail goes out is not in it. What surely did not leave is tried again for five
    days; what a recipient's server refuses for good is given up with its reason; where nobody can tell
    whether it left, the delivery is *uncertain* and a person looks at it first.
    """
    claimed = claim(delivery)
    if claimed is None:
        return False
    failpoint("delivery_after_claim")
    try:
        with transports.connect() as connection:
            reply, ready = _hand_over(claimed, connection)
        failpoint("delivery_after_250")
        left = _record(claimed, reply, ready)
        failpoint("delivery_after_record")
        return left
    except CalledOff:
        claimed.finish(State.VOID, last_reply="called off before it left")
    except LeaseLost:
        logger.warning("delivery %s went to another sender", claimed.pk)
    except transports.Ambiguous as error:
        _end(claimed, State.UNCERTAIN, str(error))
    except transports.Refused as refusal:
        _refused(claimed, refusal)
    except transports.ChannelRefused as refusal:
        _channel_refused(claimed, refusal)
    except (transports.Unreachable, ListChanged, stamping.NoTimeStamp) as error:
        _again(claimed, str(error) or type(error).__name__)
    except DossierDestroyed:
        _end(claimed, State.DEAD, "the names of this dossier were destroyed")
    except Exception as error:
        # Whatever went wrong before the first byte left may be tried again; after it, nobody can tell
        _failed(claimed, draining.place(error))
        raise
    return False


@transaction.atomic
def claim(delivery: Delivery) -> Delivery | None:
    """Take the delivery, if it is due, not taken, the way out is open, and its letter still stands."""
    at = clock.now()
    channel = Channel.objects.filter(name=transports.route().channel).first()
    if channel is not None and not channel.may_be_tried(at):
        return None
    mine = Delivery.objects.filter(pk=delivery.pk)
    if mine.filter(recipient__version__letter__taken_down_at__isnull=False).exists():
        return None
    row = mine.select_related("recipient").get()
    if (later := throttling.free_at(row, at=at)) > at:
        mine.filter(state=State.READY).update(next_at=later)
        return None
    for claimed in mine.claim(at=at, lease_for=LEASE, limit=1, host=composing.site_host()):
        rows = Delivery.objects.select_related("dossier", "recipient__version__letter", "release__letter")
        return rows.get(pk=claimed.pk)
    return None


def _hand_over(delivery: Delivery, connection: transports.Connection) -> tuple[transports.Reply, Ready]:
    """Make the mail and offer it, anew if the list shrinks meanwhile. Raises what transports raise."""
    for attempt in range(AGAIN):
        ready = make_ready(delivery)
        failpoint("delivery_after_paper")

        def before_data(ready: Ready = ready) -> None:
            if freezing.lines_now(delivery.dossier) != ready.lines:
                raise ListChanged
            with transaction.atomic():  # whoever calls it off waits, or is here first
                holds = _may_leave(delivery)
                failpoint("delivery_before_sending")
                has_begun = holds and _begin(delivery, ready)
            if not holds:
                raise CalledOff
            if not has_begun:
                raise LeaseLost
            failpoint("delivery_before_data")

        try:
            reply = connection.send(
                returning.path(delivery), delivery.recipient.address, ready.mime,
                before_data=before_data, envelope_id=str(delivery.return_tag or ""),
            )  # fmt: skip
            return reply, ready
        except ListChanged:
            logger.info("delivery %s: the list shrank, made anew (%s)", delivery.pk, attempt + 1)
    raise ListChanged


def _may_leave(delivery: Delivery) -> bool:
    """Whether its letter is public at this moment, and its release, if it has one, what was approved."""
    letters = Letter.objects.select_for_update(no_key=True)  # whoever takes it down waits, or was here first
    letter = letters.get(pk=delivery.recipient.version.letter_id)
    if not letter.is_public() or letter.archived_at:
        return False
    return delivery.release is None or ending.holds(Release.objects.locked(delivery.release))


def _begin(delivery: Delivery, ready: Ready) -> bool:
    """Note, before the mail's bytes go out, what they are and when: nobody may ever be unsure of that."""
    at = clock.now()
    evidence = {**ready.evidence, "begun_at": at.isoformat()}
    kept = {**ready.facts, "evidence": evidence, "mail": delivery.seal_mail(ready.mime)}
    return delivery.begin_sending(until=at + LEASE, **kept)


def make_ready(delivery: Delivery) -> Ready:
    """The mail as it may leave at this moment, and the facts that are recorded with it.

    What is larger than the office's server takes leaves as a private link instead. Raises DossierDestroyed.
    """
    lines = freezing.lines_now(delivery.dossier)
    edition = freezing.edition_with(delivery.dossier, lines)
    unsigned = rendering.volumes(edition, recipient=delivery.recipient)
    papers = [stamping.stamp(volume) for volume in unsigned]
    facts = noting.paper(edition, unsigned=unsigned, signed=papers) | {"is_link": False}
    mime = _mime(delivery, edition, papers)
    if delivery.is_link or not emails.fits(mime, delivery.recipient):
        facts["is_link"] = True
        mime = _mime(delivery, edition, [])
    return Ready(mime, lines, facts, _evidence(delivery, edition, facts, papers, mime))


def _mime(delivery: Delivery, edition: Edition, papers: list[bytes]) -> bytes:
    mail = emails.letter_mail(delivery, edition, papers=papers)
    return composing.compose(mail, message_id=delivery.message_id or "", at=clock.now())


def _evidence(
    delivery: Delivery, edition: Edition, facts: dict[str, Any], papers: list[bytes], mime: bytes
) -> dict[str, Any]:
    letter = delivery.recipient.version.letter
    return {
        "from": returning.path(delivery),
        "to": delivery.recipient.address,
        "frozen": noting.frozen(delivery.dossier),
        **noting.names(edition),
        "linked" if facts["is_link"] else "attached": noting.files(letter.slug, papers),
        "mail": editions.sha256(mime),
        "size": len(mime),
    }


def _record(delivery: Delivery, reply: transports.Reply, ready: Ready) -> bool:
    """Write down that it left, with the evidence, in one UPDATE."""
    evidence = {**ready.evidence, "server": reply.server, "tls": reply.tls}
    left = delivery.finish(
        State.SENT, sent_at=clock.now(), attempts=delivery.attempts + 1, last_reply=reply.without_addresses(),
        evidence=evidence, tried_at=delivery.tried_at or clock.now(), **ready.facts,
    )  # fmt: skip
    if left:
        pausing.prove(transports.route().channel)
        logger.info("delivery %s has left with %s signatures", delivery.pk, delivery.signatures)
    else:
        logger.error("delivery %s left after its lease was lost: a person has to look", delivery.pk)
    return left


def _refused(delivery: Delivery, refusal: transports.Refused) -> None:
    if _is_too_large(refusal.reply) and not delivery.is_link:
        _again(delivery, str(refusal), is_link=True)
    elif refusal.permanent:
        _end(delivery, State.DEAD, str(refusal))
    else:
        _again(delivery, str(refusal))


def _is_too_large(reply: transports.Reply) -> bool:
    """Whether a server takes no mail of this size (RFC 1870, 6; RFC 3463, 3.4): a link is small enough."""
    return "5.3.4" in reply.text or (reply.code == 552 and "5.2.2" not in reply.text)


def _channel_refused(delivery: Delivery, refusal: transports.ChannelRefused) -> None:
    """Our relay takes nothing from us: no fault of this delivery, which waits until that is mended."""
    if not refusal.to_recipient:
        pausing.pause(transports.route().channel, reason=str(refusal), probing=True)
    _again(delivery, str(refusal))


def _failed(delivery: Delivery, reason: str) -> None:
    state = Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk)
    if state == State.SENDING:
        _end(delivery, State.UNCERTAIN, reason)
    else:
        _again(delivery, reason)


def _again(delivery: Delivery, reason: str, **changes: Any) -> None:
    """Back into the queue with full jitter, or given up when five days have passed."""
    at = clock.now()
    first = delivery.tried_at or at
    if at - first >= draining.PATIENCE:
        _end(delivery, State.DEAD, reason)
        return
    delivery.finish(
        State.READY, tried_at=first, attempts=delivery.attempts + 1, last_reply=reason,
        next_at=at + draining.wait(delivery.attempts), **changes,
    )  # fmt: skip
    logger.warning("delivery %s did not leave: %s", delivery.pk, reason)


def _end(delivery: Delivery, state: State, reason: str) -> None:
    at = clock.now()
    with transaction.atomic():
        if delivery.finish(
            state, tried_at=delivery.tried_at or at, attempts=delivery.attempts + 1, last_reply=reason
        ):
            announcing.tell_of_trouble(delivery)
    logger.error("delivery %s is %s: %s", delivery.pk, state.value, reason)


def recover(*, at: datetime | None = None) -> int:
    """Settle what a lost sender left behind; returns how many.

    Claimed only: it surely has not left and may go again. Being sent: it may have left, and nothing but
    a person may send it again.
    """
    at = at or clock.now()
    lost = {"lease": "", "lease_until": None}
    expired = Delivery.objects.expired(at)
    unsure = sum(_is_unsure(delivery, lost) for delivery in expired.filter(state=State.SENDING))
    unharmed = expired.filter(state=State.CLAIMED).update(state=State.READY, **lost)
    if unsure:
        logger.error("%s deliveries are uncertain: a person has to look", unsure)
    return unsure + unharmed


@transaction.atomic
def _is_unsure(delivery: Delivery, lost: dict[str, Any]) -> int:
    """Leave what may have left to a person, unless its sender has just said how it ended."""
    mine = Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, lease=delivery.lease)
    reason = "the sender was lost while it handed the mail over"
    if not mine.update(state=State.UNCERTAIN, last_reply=reason, **lost):
        return 0
    announcing.tell_of_trouble(delivery)
    return 1


def due(*, at: datetime | None = None) -> list[int]:
    """The deliveries that may leave now, by id: what a sweep hands to the workers."""
    return list(Delivery.objects.due(at or clock.now()).values_list("pk", flat=True))
