"""Who is to get a letter: a frozen dossier for each office, and the queue that brings it there."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import trail
from deliveries.dossiers import freezing
from deliveries.models import Delivery, Dossier, Release
from letters.models import Letter, Recipient, Version
from outbox import queueing
from outbox.models import State
from signatories.enrolled import enrolling
from signatories.models import Entry


class TakenDown(Exception):
    """The letter was taken down: nothing of it leaves any more."""


class Archived(Exception):
    """The letter is archived: its names are gone, so nobody can be told any more who signed it."""


def deliverable(letter: Letter) -> list[Version]:
    """The versions under which somebody stands, the present one first; it alone if nobody stands anywhere.

    Each is delivered to the offices that it names, with those who signed it.
    """
    if letter.current is None:
        return []
    signed = Q(tally__persons__gt=0) | Q(tally__organisations__gt=0)
    versions = letter.versions.filter(signed, published_at__isnull=False).order_by("-number")
    return list(versions) or [letter.current]


def unserved(letter: Letter) -> list[Recipient]:
    """Those to whom no delivery was prepared yet: the offices of each deliverable version, in their order.

    Raises NothingToDeliver, TakenDown, Archived.
    """
    if letter.current is None:
        raise freezing.NothingToDeliver(letter)
    if letter.taken_down_at:
        raise TakenDown(letter)
    if letter.archived_at:
        raise Archived(letter)
    return list(waiting(letter))


def waiting(letter: Letter) -> QuerySet[Recipient]:
    """The offices of each deliverable version for which no delivery stands, in their order."""
    served = Delivery.objects.standing().filter(part=0).values("recipient")
    rows = Recipient.objects.filter(version__in=deliverable(letter)).exclude(pk__in=served)
    return rows.select_related("version__letter").order_by("-version__number", "order", "pk")


def free(letter: Letter, *, after: Dossier | None = None) -> QuerySet[Recipient]:
    """The offices that something can be proposed for: the letter, or a supplement to a part that they have.

    Of what is under way for them already nothing is proposed a second time.
    """
    pending = Release.objects.open().filter(letter=letter, after=after).values("recipients")
    if after is None:
        return waiting(letter).exclude(pk__in=pending)
    mine = [one.recipient_id for one in served(letter) if one.dossier_id == after.pk]
    rows = Recipient.objects.filter(pk__in=mine).exclude(pk__in=pending)
    return rows.select_related("version__letter").order_by("order", "pk")


def served(letter: Letter) -> list[Delivery]:
    """The last part that each office of a letter got: after which a supplement may come."""
    last: dict[int, Delivery] = {}
    for delivery in Delivery.objects.of(letter).sent().light():
        last[delivery.recipient_id] = delivery
    return list(last.values())


def joined_since(dossier: Dossier) -> int:
    """How many lines of the roll joined since a part was frozen, and have not left."""
    since = Entry.objects.filter(
        version=dossier.version_id, index__gte=dossier.size, left_by=None, signature__isnull=False
    )
    again = freezing.entries_again(dossier.version, dossier)
    return since.exclude(pk__in=again.order_by().values("pk")).count()


def prepare(letter: Letter) -> list[Delivery]:
    """Freeze what is deliverable and record one delivery for each recipient not served yet; returns those.

    The operator's own act, written to the trail. Whoever is served already is left alone: without anybody
    to serve nothing is frozen. Two of these at once serve nobody twice.
    Raises NothingToDeliver, TakenDown, Archived.
    """
    enrolling.enrol()
    new: list[Delivery] = []
    for version, recipients in groupby(unserved(letter), key=lambda recipient: recipient.version):
        new += _prepare(letter, version, list(recipients))
    return new


def _prepare(letter: Letter, version: Version, recipients: list[Recipient]) -> list[Delivery]:
    dossier = freezing.freeze(letter, version=version)
    with transaction.atomic():
        new = record(dossier, recipients)
        trail.record(
            "deliveries prepared", about=dossier, by=None, letter=letter.pk, deliveries=len(new),
            signatures=dossier.signatures, sha256=dossier.sent_hash,
        )  # fmt: skip
    return new


def record(
    dossier: Dossier,
    recipients: Sequence[Recipient],
    *,
    release: Release | None = None,
    next_at: Callable[[Recipient], datetime] | None = None,
) -> list[Delivery]:
    """One delivery of the dossier for each office that has none of this part; returns those that are new.

    By e-mail they leave from `next_at` on (default: at once), every other way is a person's.
    """
    Delivery.objects.bulk_create(
        [
            Delivery(
                dossier=dossier, recipient=recipient, release=release, part=dossier.part,
                channel=recipient.channel, state=State.READY if _is_by_mail(recipient) else State.HELD,
                **({"next_at": next_at(recipient)} if next_at else {}),
            )
            for recipient in recipients
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return list(dossier.deliveries.select_related("recipient").order_by("recipient__order", "pk"))


def _is_by_mail(recipient: Recipient) -> bool:
    return recipient.channel == Recipient.Channel.EMAIL


def queue(deliveries: list[Delivery]) -> bool:
    """Give each delivery by mail its task; False if no broker answers, and then the clock finds the rows."""
    return queueing.queue("deliveries.send", *(one.pk for one in deliveries if one.state == State.READY))
