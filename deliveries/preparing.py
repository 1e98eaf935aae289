"""Freezing a letter with its signatories at one moment, and queueing what brings it to its recipients."""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts import trail
from deliveries import editions
from deliveries.models import Delivery, Dossier, Release
from deliveries.picturing import Gallery
from letters.models import Letter, Recipient, Version
from outbox.models import State
from signatories.enrolled import enrolling, exporting, receipts, roll
from signatories.enrolled.exporting import GONE, Line
from signatories.models import Entry, Signature, TreeHead, Visibility
from vault.failpoints import failpoint
from vault.moments import one_moment

logger = logging.getLogger(__name__)


class TakenDown(Exception):
    """The letter was taken down: nothing of it leaves any more."""


class Archived(Exception):
    """The letter is archived: its names are gone, so nobody can be told any more who signed it."""


class NothingToDeliver(Exception):
    """The letter is a draft: nobody has signed it and no text of it is fixed."""


def freeze(
    letter: Letter,
    *,
    version: Version | None = None,
    after: Dossier | None = None,
    at: datetime | None = None,
) -> Dossier:
    """Freeze one version of a letter (default: the present one): text, count, roll and list at one moment.

    `at` is that moment (default: now; UTC). A supplement lists only who joined since the part that it comes
    `after`. Raises NothingToDeliver.
    """
    version = version or letter.current
    if version is None:
        raise NothingToDeliver(letter)
    at = (at or timezone.now()).replace(microsecond=0)
    enrolling.enrol()
    with one_moment():
        return _freeze(version, after=after, at=at)


def _freeze(version: Version, *, after: Dossier | None, at: datetime) -> Dossier:
    gallery = Gallery(version.letter)
    head, frame = _frame(version, gallery, after=after, at=at)
    lines = gallery.hung(_as_told(line, after) for line in exporting.lines(version))
    public, sent = (editions.build(frame, lines, edition=one) for one in (editions.PUBLIC, editions.SENT))
    text, organisations = editions.text(public), editions.organisations_of(editions.listed(frame, lines))
    dossier = Dossier(
        version=version,
        part=after.part + 1 if after else 0,
        after=after,
        taken_at=at,
        persons=public["count"]["signatures"] - organisations,
        organisations=organisations,
        size=head.size,
        root=head.root,
        head_at=head.at,
        head_signature=head.signature,
        public_edition=text,
        public_hash=editions.sha256(text.encode()),
        sent_hash=editions.sha256(editions.text(sent).encode()),
    )
    dossier.seal(lines)
    failpoint("dossier_before_save")
    dossier.save(force_insert=True)
    gallery.keep(dossier)
    logger.info("dossier %s frozen: %s signatures", dossier.pk, dossier.signatures)
    return dossier


def _as_told(line: Line, after: Dossier | None) -> Line:
    """A line as a part holds it: without a name if an earlier part told it."""
    if after is None or line.line >= after.size or line.visibility == GONE:
        return line
    return Line(line.line, line.leaf, Visibility.COUNTED.value, line.kind)


def _frame(
    version: Version, gallery: Gallery, *, at: datetime, after: Dossier | None = None
) -> tuple[TreeHead, editions.Edition]:
    head = TreeHead.objects.filter(version=version).last() or _head_of_nothing(version, at=at)
    entries = Entry.objects.filter(version=version, index__lt=head.size).order_by("index").iterator()
    lines = [entry.line for entry in entries]
    frame = editions.frame(
        version, head=receipts.head_of(head), taken_at=at, lines=lines, logos=gallery.authors
    )
    return head, frame | editions.supplement(after)


def _head_of_nothing(version: Version, *, at: datetime) -> TreeHead:
    head = TreeHead(version=version, size=0, root=roll.EMPTY_ROOT, at=at)
    head.signature = roll.sign_head(receipts.head_of(head))
    return head


def lines_now(dossier: Dossier) -> list[Line]:
    """The dossier's list without whoever withdrew, hid or was taken back since it was frozen.

    It only ever shrinks: nobody who signed later is in it. Raises DossierDestroyed.
    """
    changes = _changes(dossier)
    return [_as_now(Line(*line), changes) for line in dossier.unseal()]


def _changes(dossier: Dossier) -> dict[int, str]:
    """Who on the dossier's roll is gone or hidden by now: its line's index and what has become of it.

    Gone is also who has agreed to a later version since.
    """
    mine = Entry.objects.filter(version=dossier.version_id, index__lt=dossier.size, signature__isnull=False)
    standing = Signature.objects.standing().filter(version=dossier.version_id)
    gone = mine.exclude(signature__in=standing).values_list("index", flat=True)
    is_erased = Q(signature__erased_at__isnull=False) & ~Q(signature__visibility=Visibility.PUBLIC)
    is_hidden = Q(signature__visibility=Visibility.COUNTED) | is_erased
    hidden = mine.filter(is_hidden).values_list("index", flat=True)
    return dict.fromkeys(hidden, Visibility.COUNTED.value) | dict.fromkeys(gone, GONE)


def _as_now(line: Line, changes: dict[int, str]) -> Line:
    visibility = changes.get(line.line)
    if visibility is None or line.visibility == GONE:
        return line
    return Line(line.line, line.leaf, visibility, line.kind)


def edition_now(dossier: Dossier, *, edition: str = editions.SENT) -> editions.Edition:
    """One edition of the dossier as it may leave at this moment. Raises DossierDestroyed."""
    frame = editions.frame_of(json.loads(dossier.public_edition))
    return editions.build(frame, lines_now(dossier), edition=edition)


def edition_of(version: Version, *, edition: str = editions.SENT) -> editions.Edition:
    """One edition of a published version as it would be frozen now; nothing is recorded."""
    at = timezone.now().replace(microsecond=0)
    enrolling.enrol()
    with one_moment():
        gallery = Gallery(version.letter)
        _head, frame = _frame(version, gallery, at=at)
        return editions.build(frame, gallery.hung(exporting.lines(version)), edition=edition)


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
        raise NothingToDeliver(letter)
    if letter.taken_down_at:
        raise TakenDown(letter)
    if letter.archived_at:
        raise Archived(letter)
    enrolling.enrol()
    served = Delivery.objects.standing().filter(part=0).values("recipient")
    waiting = Recipient.objects.filter(version__in=deliverable(letter)).exclude(pk__in=served)
    return list(waiting.select_related("version").order_by("-version__number", "order", "pk"))


def served(letter: Letter) -> list[Delivery]:
    """The last part that each office of a letter got: after which a supplement may come."""
    last: dict[int, Delivery] = {}
    for delivery in Delivery.objects.of(letter).sent().defer("dossier__public_edition", "dossier__names"):
        last[delivery.recipient_id] = delivery
    return list(last.values())


def joined_since(dossier: Dossier) -> int:
    """How many lines of the roll joined since a part was frozen, and have not left."""
    return Entry.objects.filter(
        version=dossier.version_id, index__gte=dossier.size, left_by=None, signature__isnull=False
    ).count()


def prepare(letter: Letter) -> list[Delivery]:
    """Freeze what is deliverable and record one delivery for each recipient not served yet; returns those.

    The operator's own act, written to the trail. Whoever is served already is left alone: without anybody
    to serve nothing is frozen. Two of these at once serve nobody twice.
    Raises NothingToDeliver, TakenDown, Archived.
    """
    new: list[Delivery] = []
    for version, recipients in groupby(unserved(letter), key=lambda recipient: recipient.version):
        new += _prepare(letter, version, list(recipients))
    return new


def _prepare(letter: Letter, version: Version, recipients: list[Recipient]) -> list[Delivery]:
    dossier = freeze(letter, version=version)
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
    try:
        with current_app.producer_or_acquire() as producer:  # one line to the broker for all of them
            for delivery in (one for one in deliveries if one.state == State.READY):
                current_app.send_task("deliveries.send", [delivery.pk], retry=False, producer=producer)
    except Exception as error:  # the rows are safe, so whatever the broker says changes nothing
        logger.warning("no worker could be told of deliveries: %s", type(error).__name__)
        return False
    return True
