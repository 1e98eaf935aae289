"""Sending what is due: claim a batch, carry it over one connection, record each reply."""

import contextlib
import logging
import secrets
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

from outbox import building, claiming, clock, composing, pausing, routing, transports
from outbox.models import Channel, Message, State
from vault.failpoints import failpoint

FAULTS = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
PATIENCE = timedelta(days=5)
SOON = timedelta(seconds=5)
RECORD_TRIES = 20

logger = logging.getLogger(__name__)
dice = secrets.SystemRandom()


class LeaseLost(Exception):
    """Another sender has this message by now."""


class NoSlowerLane(Exception):
    """A builder has put its message into the lane it is in, which would go on for ever."""


class Halted(Exception):
    """Nothing more can leave for the moment."""


def drain(*, stopping: Callable[[], bool] = lambda: False, seconds: float | None = None) -> int:
    """Send what is due, in order, until nothing is left, `stopping()` says so or `seconds` have passed.

    Returns the number of mails that left. Any number of drains may run at once: each message is
    claimed by one of them, and beyond claiming.SENDERS they find nothing to do. What goes wrong is recorded
    with the message; only failures of the database are raised, and builders of mail that cannot be loaded.
    """
    building.look_for_builders()  # if one is broken, no mail is claimed for it
    end = None if seconds is None else time.monotonic() + seconds

    def over() -> bool:
        return stopping() or (end is not None and time.monotonic() >= end)

    sender = Sender(over)
    with contextlib.suppress(Halted):
        while not over() and (batch := claiming.claim()):
            sender.carry_all(batch)
    return sender.left


def wait(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: full jitter below 30 s, doubled each time, to 1 h."""
    return min(FIRST_WAIT * 2 ** min(attempts, 10), LONGEST_WAIT) * dice.random()


def place(error: Exception) -> str:
    """What went wrong, and where, without the error's own words: they may quote somebody."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


class Sender:
    """Carries batches, each over one connection that opens when its first mail is ready."""

    def __init__(self, over: Callable[[], bool]) -> None:
        self.over = over
        self.route = routing.route()
        self.line = contextlib.ExitStack()
        self.connection: transports.Connection | None = None
        self.proved = False
        self.left = 0

    def carry_all(self, batch: list[Message]) -> None:
        """Carry the claimed `batch`; whatever is not begun when it ends goes back to the queue unharmed."""
        failpoint("after_claim")
        lease = batch[0].lease
        try:
            prepare(batch)
            for message in batch:
                if self.over():
                    break
                self.carry(message)
        finally:
            self.hang_up()
            Message.objects.release(lease)

    def carry(self, message: Message) -> None:
        """Bring one message to its next state. Raises Halted when there is no use in going on."""
        mail = self.build(message)
        if mail is None:
            return
        to, mime = mail
        try:
            reply = self.transmit(message, to, mime)
        except LeaseLost:
            logger.warning("message %s went to another sender", message.pk)
        except transports.Refused as refusal:
            if refusal.permanent:
                bury(message, str(refusal))
            else:
                retry(message, str(refusal))
        except transports.ChannelRefused as refusal:
            self.close_channel(message, refusal)
        except (transports.Unreachable, transports.Ambiguous) as error:
            self.hang_up()
            retry(message, str(error))
            if isinstance(error, transports.Insecure):
                pausing.alert(self.route.channel, reason=str(error))
            raise Halted from error
        else:
            self.left += record(message, reply)
            self.prove()

    def build(self, message: Message) -> tuple[str, bytes] | None:
        """Address and bytes of the mail; None if there is none, and then the message is settled."""
        try:
            with transaction.atomic():
                outcome = building.builder(message.kind).build(message)
            if isinstance(outcome, building.Slower) and outcome.lane <= message.lane:
                raise NoSlowerLane(outcome.lane)
            if isinstance(outcome, building.Mail):
                assert message.message_id  # noqa: S101 - every claim sees to it
                mime = composing.compose(outcome, message_id=message.message_id, at=clock.now())
                return outcome.to, mime
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            fault(message, place(error))
            return None
        settle(message, outcome)
        return None

    def transmit(self, message: Message, to: str, mime: bytes) -> transports.Reply:
        """Hand the mail over; a connection that has served before and broke is replaced once."""
        used = self.connection is not None
        try:
            return self.offer(message, to, mime)
        except transports.Unreachable:
            if not used:
                raise
        self.hang_up()
        return self.offer(message, to, mime)

    def offer(self, message: Message, to: str, mime: bytes) -> transports.Reply:
        if self.connection is None:
            self.connection = self.line.enter_context(transports.connect())

        def before_data() -> None:
            longest = timedelta(seconds=self.route.data_seconds + self.route.connect_seconds)
            if not message.begin_sending(until=clock.now() + longest + settings.OUTBOX_LEASE):
                raise LeaseLost
            failpoint("before_data")

        reply = self.connection.send(composing.sender(), to, mime, before_data=before_data)
        failpoint("after_250")
        return reply

    def hang_up(self) -> None:
        self.connection = None
        self.line.close()

    def close_channel(self, message: Message, refusal: transports.ChannelRefused) -> None:
        """Pause the channel and keep the message, unless only this recipient can be meant."""
        at = clock.now()
        if refusal.to_recipient and Channel.objects.accepted_since(at - claiming.HOUR):
            # The relay takes our mail for others: an address must not be able to stop everybody's.
            bury(message, str(refusal))
            return
        pausing.pause(self.route.channel, reason=str(refusal), probing=True)
        message.finish(State.READY, last_reply=str(refusal), tried_at=message.tried_at or at)
        raise Halted from refusal

    def prove(self) -> None:
        """Note, once a drain, that the channel takes our mail."""
        if not self.proved:
            self.proved = True
            pausing.prove(self.route.channel)


def prepare(batch: list[Message]) -> None:
    """Let each kind's owner do at once what all its messages of the batch need before they are built."""
    for kind in dict.fromkeys(message.kind for message in batch):
        try:
            if owner := building.builder(kind).prepare:
                owner([message for message in batch if message.kind == kind])
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            logger.error("messages of kind %s were not prepared: %s", kind, place(error))


def record(message: Message, reply: transports.Reply) -> bool:
    """Record that `message` has left, however often the database must be asked to.

    False if the lease was lost meanwhile. Raises OperationalError when the database stays away:
    the message then goes again, under its Message-ID.
    """
    for _try in range(RECORD_TRIES):
        try:
            return _record(message, reply)
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(0.5)
    return _record(message, reply)


@transaction.atomic
def _record(message: Message, reply: transports.Reply) -> bool:
    at = clock.now()
    evidence = {"server": reply.server, "tls": reply.tls}
    changes = {"attempts": message.attempts + 1, "tried_at": message.tried_at or at, "evidence": evidence}
    if not message.finish(State.SENT, sent_at=at, last_reply=reply.without_addresses(), **changes):
        logger.error("message %s left after its lease was lost", message.pk)
        return False
    _tell(message, "left", at)
    logger.info("message %s has left", message.pk)
    return True


def _tell(message: Message, hook: str, *args: datetime) -> None:
    """Tell the builder's owner how it ended. If that fails the end stays recorded: the mail has left."""
    try:
        told = getattr(building.builder(message.kind), hook)
        with transaction.atomic():
            if told:
                told(message, *args)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.error("message %s: %s was not noted: %s", message.pk, hook, place(error))


def settle(message: Message, outcome: building.Later | building.Slower | building.Nothing) -> None:
    """Do with the message what its builder says, since no mail leaves for it now."""
    if isinstance(outcome, building.Later):
        soonest = clock.now() + SOON  # whoever counts by another clock must not make us run in circles
        message.finish(State.READY, next_at=max(outcome.at, soonest))
    elif isinstance(outcome, building.Slower):
        message.finish(State.READY, lane=outcome.lane)
    else:
        message.finish(State.VOID, last_reply=outcome.reason)


def retry(message: Message, reason: str) -> None:
    """Put the message back for a later attempt, or give it up when five days have passed."""
    at = clock.now()
    tried_at = message.tried_at or at
    if at - tried_at >= PATIENCE:
        bury(message, reason)
        return
    changes = {"attempts": message.attempts + 1, "tried_at": tried_at, "last_reply": reason}
    message.finish(State.READY, next_at=at + wait(message.attempts), **changes)
    logger.warning("message %s did not leave: %s", message.pk, reason)


def fault(message: Message, reason: str) -> None:
    """Put a message that could not be built back; after FAULTS of them it is given up. Others flow."""
    logger.error("message %s of kind %s could not be built: %s", message.pk, message.kind, reason)
    faults = message.faults + 1
    if faults >= FAULTS:
        bury(message, reason, faults=faults)
    else:
        message.finish(
            State.READY, faults=faults, next_at=clock.now() + wait(message.faults), last_reply=reason
        )


@transaction.atomic
def bury(message: Message, reason: str, **changes: int) -> None:
    """Give the message up: it stays visible to staff with its reason, and can be tried again."""
    attempts = message.attempts + (0 if changes else 1)
    if message.finish(State.DEAD, attempts=attempts, last_reply=reason, **changes):
        logger.error("message %s is given up: %s", message.pk, reason)
        _tell(message, "dead")
