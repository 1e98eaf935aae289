"""Freezing a letter with its signatories at one moment, and what may leave of it at another."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from deliveries.dossiers import editions
from deliveries.dossiers.picturing import Gallery
from deliveries.models import Dossier
from letters.models import Letter, Version
from signatories.enrolled import enrolling, exporting, receipts, roll
from signatories.enrolled.exporting import GONE, Line
from signatories.models import Entry, Signature, TreeHead, Visibility
from signatories.models.rolls import roll_line
from vault.failpoints import failpoint
from vault.moments import one_moment

logger = logging.getLogger(__name__)


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
        gallery = Gallery(version.letter)
        dossier = _frozen(version, gallery, after=after, at=at)
        failpoint("dossier_before_save")
        dossier.save(force_insert=True)
        gallery.keep(dossier)
    logger.info("dossier %s frozen: %s signatures", dossier.pk, dossier.signatures)
    return dossier


def _frozen(version: Version, gallery: Gallery, *, after: Dossier | None, at: datetime) -> Dossier:
    """The dossier, not yet saved: for that a million names want the memory that their lines have here."""
    head, frame = _frame(version, gallery, after=after, at=at)
    lines = gallery.hung(_as_told(line, after) for line in _lines(version))
    sent_hash = editions.sha256(editions.text(editions.build(frame, lines, edition=editions.SENT)).encode())
    text, count = _public(frame, lines)
    organisations = editions.organisations_of(editions.listed(frame, lines))
    dossier = Dossier(
        version=version,
        part=after.part + 1 if after else 0,
        after=after,
        taken_at=at,
        persons=count - organisations,
        organisations=organisations,
        size=head.size,
        root=head.root,
        head_at=head.at,
        head_signature=head.signature,
        public_edition=text,
        public_hash=editions.sha256(text.encode()),
        sent_hash=sent_hash,
    )
    dossier.seal(lines)
    return dossier


def _public(frame: editions.Edition, lines: list[Line]) -> tuple[str, int]:
    """The public edition as text, and its count; of a million names one edition is held at a time."""
    edition = editions.build(frame, lines, edition=editions.PUBLIC)
    return editions.text(edition), edition["count"]["signatures"]


def _lines(version: Version) -> Iterator[Line]:
    """The living lines of the roll. Whom the public list does not show yet only the offices see."""
    waiting = Entry.objects.filter(
        version=version, left_by=None, signature__visibility=Visibility.PUBLIC, signature__listing=None
    )
    unlisted = set(waiting.values_list("index", flat=True))
    for line in exporting.lines(version):
        is_early = line.visibility == Visibility.PUBLIC and line.line in unlisted
        yield line._replace(visibility=Visibility.RECIPIENT.value, logo="") if is_early else line


def _as_told(line: Line, after: Dossier | None) -> Line:
    """A line as a part holds it: without a name if an earlier part told it."""
    if after is None or line.line >= after.size or line.visibility == GONE:
        return line
    return Line(line.line, line.leaf, Visibility.COUNTED.value, line.kind)


def _frame(
    version: Version, gallery: Gallery, *, at: datetime, after: Dossier | None = None
) -> tuple[TreeHead, editions.Edition]:
    head = TreeHead.objects.filter(version=version).last() or _head_of_nothing(version, at=at)
    entries = Entry.objects.filter(version=version, index__lt=head.size).order_by("index")
    rows = entries.values_list("leaf", "leaves").iterator(chunk_size=exporting.CHUNK)
    lines = [roll_line(*row) for row in rows]
    frame = editions.frame(
        version, head=receipts.head_of(head), taken_at=at, lines=lines, logos=gallery.authors
    )
    again = entries_again(version, after) if after else ()
    return head, frame | editions.supplement(after, again=[entry.leaf for entry in again])


def entries_again(version: Version, after: Dossier) -> QuerySet[Entry]:
    """Lines since a part whose signers it told under an earlier line, corrected since: none is new."""
    earlier = Entry.objects.filter(version=version, index__lt=after.size).exclude(left_by__lt=after.size)
    since = Entry.objects.filter(version=version, index__gte=after.size, left_by=None)
    return since.filter(signature__in=earlier.values("signature")).order_by("index")


def _head_of_nothing(version: Version, *, at: datetime) -> TreeHead:
    head = TreeHead(version=version, size=0, root=roll.EMPTY_ROOT, at=at)
    head.signature = roll.sign_head(receipts.head_of(head))
    return head


def lines_now(dossier: Dossier) -> list[Line]:
    """The dossier's list without whoever withdrew, hid, corrected the name or was taken back since.

    It only ever shrinks: nobody who signed later is in it, and no name under which nobody signed when it was
    frozen. Who has corrected theirs is counted and not named. Raises DossierDestroyed.
    """
    changes, names = _changes(dossier), _corrected_names(dossier)
    return [_as_now(Line(*line), changes, names) for line in dossier.unseal()]


def _changes(dossier: Dossier) -> dict[int, str]:
    """Who on the dossier's roll is gone or hidden by now: its line's index and what has become of it.

    Gone is also who has agreed to a later version since.
    """
    mine = Entry.objects.filter(version=dossier.version_id, index__lt=dossier.size, signature__isnull=False)
    standing = Signature.objects.standing().filter(version=dossier.version_id)
    gone = mine.exclude(signature__in=standing).values_list("index", flat=True)
    is_erased = Q(signature__erased_at__isnull=False) & ~Q(signature__visibility=Visibility.PUBLIC)
    is_hidden = Q(signature__visibility=Visibility.COUNTED) | is_erased
    hidden = mine.filter(is_hidden | Q(left_by__gte=dossier.size)).values_list("index", flat=True)
    return dict.fromkeys(hidden, Visibility.COUNTED.value) | dict.fromkeys(gone, GONE)


def _corrected_names(dossier: Dossier) -> dict[int, str]:
    """What those are called whose change the roll does not show yet, by their line's index."""
    waiting = Entry.objects.filter(version=dossier.version_id, index__lt=dossier.size, left_by=None)
    signatures = Signature.objects.filter(
        unsettled_at__isnull=False, erased_at=None, entries__in=waiting.values("pk")
    ).annotate(line=F("entries__index"))
    return {signature.line: signature.shown_name() or "" for signature in signatures}


def _as_now(line: Line, changes: dict[int, str], names: dict[int, str]) -> Line:
    visibility = changes.get(line.line)
    if visibility is None and line.name and names.get(line.line, line.name) != line.name:
        visibility = Visibility.COUNTED.value
    if visibility is None or line.visibility == GONE:
        return line
    return Line(line.line, line.leaf, visibility, line.kind)


def edition_now(dossier: Dossier, *, edition: str = editions.SENT) -> editions.Edition:
    """One edition of the dossier as it may leave at this moment. Raises DossierDestroyed."""
    return edition_with(dossier, lines_now(dossier), edition=edition)


def edition_with(dossier: Dossier, lines: list[Line], *, edition: str = editions.SENT) -> editions.Edition:
    """The same of lines that `lines_now` has given: a million of them are opened once."""
    frame = editions.frame_of(json.loads(dossier.public_edition))
    return editions.build(frame, lines, edition=edition)


def edition_of(version: Version, *, edition: str = editions.SENT) -> editions.Edition:
    """One edition of a published version as it would be frozen now; nothing is recorded."""
    at = timezone.now().replace(microsecond=0)
    enrolling.enrol()
    with one_moment():
        gallery = Gallery(version.letter)
        _head, frame = _frame(version, gallery, at=at)
        return editions.build(frame, gallery.hung(_lines(version)), edition=edition)
