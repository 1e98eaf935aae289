"""The roll: what is confirmed and allowed gets its line, its place in the count and, if public, in the list.

Whoever changes a signature only sets `unsettled_at`. The clock settles it here, under the lock of the
version's tally, so each version has one writer, and entries, tree head, count and list change together.
"""

import logging
import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from letters.models import Letter, Version
from signatories.enrolled import copying, receipts, reckoning, roll, tallying
from signatories.models import Entry, Listing, Signature, Tally, TreeHead, Visibility

logger = logging.getLogger(__name__)

BATCH = 5000
# Nothing else of a signature is read (and unsealed) here
LOOKED_AT = (
    "letter", "kind", "name", "organisation_name", "salt", "role", "affiliation", "website", "country",
    "language", "visibility", "confirmed_at", "withdrawn_at", "held_at", "rejected_at", "enrolled_at",
    "erased_at",
)  # fmt: skip
AT_RISK_PAUSE = timedelta(minutes=15)
AT_RISK_JITTER = timedelta(minutes=5)
AT_RISK_NAMES_WAIT = timedelta(hours=1)


def enrol(*, at: datetime | None = None, at_once: bool = False) -> int:
    """Settle what has changed, version by version. Returns how many signatures were settled.

    For letters at risk that happens in batches, whose clock runs whether or not anybody signs, so that
    neither count nor list tells when somebody did; a name is listed an hour after it was confirmed at
    the earliest. `at_once` waits for neither (demo data, measuring).
    """
    at = at or timezone.now()
    changed = Signature.objects.unsettled().order_by().values_list("version_id", flat=True).distinct()
    versions = Version.objects.filter(pk__in=list(changed)).select_related("letter")
    ordinary = [version for version in versions if at_once or not version.letter.is_at_risk()]
    settled = sum(_enrol_version(version, at=at) for version in ordinary)
    if at_once:
        return settled
    _set_clocks((version for version in versions if version.letter.is_at_risk()), at=at)
    return settled + sum(_run_batch(letter, at=at) for letter in _due(at))


def _set_clocks(versions: Iterable[Version], *, at: datetime) -> None:
    """With the first signature of a version at risk its batches begin, and never stop."""
    for version in versions:
        Tally.objects.get_or_create(version=version, defaults={"next_batch_at": _next_batch(at)})


def _due(at: datetime) -> Iterable[Letter]:
    tallies = Tally.objects.filter(next_batch_at__lte=at)
    return Letter.objects.filter(risk=Letter.Risk.AT_RISK, versions__tally__in=tallies).distinct()


@transaction.atomic
def _run_batch(letter: Letter, *, at: datetime) -> int:
    """Settle all versions of a letter at risk at one moment, and wind their clocks for the next.

    A batch takes what was there when its time came: when the clock comes late, nobody who signs just then
    appears just then.
    """
    tallies = Tally.objects.select_for_update(of=("self",)).select_related("version__letter")
    rows = list(tallies.filter(version__letter=letter).order_by("version__number"))
    due = [tally.next_batch_at for tally in rows if tally.next_batch_at <= at]
    if not due:
        return 0  # another clock was first
    settled = sum(_enrol_version(tally.version, at=at, batch_of=max(due)) for tally in rows)
    Tally.objects.filter(pk__in=[tally.pk for tally in rows]).update(next_batch_at=_next_batch(at))
    reckoning.reckon(letter, at=at)
    return settled


def _enrol_version(version: Version, *, at: datetime, batch_of: datetime | None = None) -> int:
    settled = 0
    batch = BATCH
    while batch == BATCH:
        batch = _settle_batch(version, at=at, batch_of=batch_of)
        settled += batch
    if settled:
        logger.info("version %s: %s signatures settled", version.pk, settled)
    return settled


@transaction.atomic
def _settle_batch(version: Version, *, at: datetime, batch_of: datetime | None) -> int:
    Tally.objects.get_or_create(version=version, defaults={"next_batch_at": _next_batch(at)})
    *earlier, tally = _locked_tallies(version)
    # what is ordinary is settled whatever clock it was written by
    due = {"unsettled_at__lte": batch_of} if batch_of else {"unsettled_at__isnull": False}
    changed = list(
        Signature.objects.select_for_update()
        .filter(version=version, **due)
        .only(*LOOKED_AT)
        .order_by("unsettled_at")[:BATCH]
    )
    if not changed:
        return 0
    secrets.SystemRandom().shuffle(changed)
    stay: set[int] = set()
    for other in earlier:
        moved = _living_under(other.version, changed)
        if moved:
            stay |= {signature.pk for signature in moved if signature.is_standing()}
            _Settling(other.version, other, moved, stay=stay).leave(at=at)
            other.save()
    named_before = batch_of - AT_RISK_NAMES_WAIT if batch_of else None
    _Settling(version, tally, changed, stay=stay, named_before=named_before).run(at=at)
    tally.save()
    return len(changed)


def _locked_tallies(version: Version) -> list[Tally]:
    """The tally of a version, and before it those of earlier ones, from which signatures may come."""
    tallies = Tally.objects.select_for_update(of=("self",)).select_related("version__letter")
    return list(
        tallies.filter(version__letter=version.letter_id, version__number__lte=version.number).order_by(
            "version__number"
        )
    )


def _living_under(version: Version, signatures: list[Signature]) -> list[Signature]:
    """Those of the signatures that still have a line under a version: their signers agreed to a later one.

    Not what was erased by retention since: its line could be written nowhere else.
    """
    known = [one.pk for one in signatures if one.enrolled_at and not (one.erased_at and one.is_standing())]
    living = Entry.objects.filter(version=version, signature__in=known, left_by=None)
    moved = set(living.values_list("signature", flat=True))
    return [signature for signature in signatures if signature.pk in moved]


def _next_batch(at: datetime) -> datetime:
    return at + AT_RISK_PAUSE - AT_RISK_JITTER * secrets.SystemRandom().random()


@dataclass(frozen=True)
class _Line:
    """The living line of a signature."""

    index: int
    leaf: str


class _Settling:
    """One batch of one version, whose tally is locked by the caller.

    `stay`: who only goes from one roll of the letter to another, and so neither leaves nor joins it.
    """

    def __init__(
        self,
        version: Version,
        tally: Tally,
        changed: list[Signature],
        *,
        stay: set[int],
        named_before: datetime | None = None,
    ) -> None:
        self.version = version
        self.tally = tally
        self.changed = changed
        self.stay = stay
        self.frontier = roll.Frontier(tally.size, tally.frontier)
        self.entries: list[Entry] = []
        self.left: dict[int, int] = {}
        self.named_before = named_before
        self.listed: list[Signature] = []
        self.listed_later: list[int] = []
        self.first_enrolled: list[int] = []
        self.changes: tallying.Sorts = Counter()

    def run(self, *, at: datetime) -> None:
        self.at = at
        lines = self._living_lines()
        for signature in self.changed:
            self._settle(signature, lines.get(signature.pk))
        self._write_entries()
        self._write_list()
        others = {signature.pk for signature in self.changed}.difference(self.first_enrolled)
        Signature.objects.filter(pk__in=self.first_enrolled).update(enrolled_at=at, unsettled_at=None)
        Signature.objects.filter(pk__in=others).update(unsettled_at=None)
        if self.listed_later:
            waiting = Signature.objects.filter(pk__in=self.listed_later)
            waiting.update(unsettled_at=F("confirmed_at") + AT_RISK_NAMES_WAIT)
        if self.entries:
            self._write_head(at)
        tallying.add(self.version.letter_id, self.changes)

    def leave(self, *, at: datetime) -> None:
        """Take off this roll who has agreed to a later version; the roll of that one takes them in."""
        self.at = at
        lines = self._living_lines()
        for signature in self.changed:
            self._leave(lines[signature.pk])
            self._count(signature, -1)
        self._write_entries()
        self._write_head(at)
        tallying.add(self.version.letter_id, self.changes)

    def _living_lines(self) -> dict[int, _Line]:
        known = [signature.pk for signature in self.changed if signature.enrolled_at]
        mine = Entry.objects.filter(version=self.version, left_by=None)
        living = mine.filter(signature__in=known) if known else ()
        return {entry.signature_id: _Line(entry.index, entry.leaf) for entry in living if entry.signature_id}

    def _settle(self, signature: Signature, line: _Line | None) -> None:
        if not signature.is_standing():
            if line:
                self._leave(line)
                self._count(signature, -1)
            return
        if signature.erased_at:
            return  # its line stays as it is: nobody can recompute it any more
        leaf = self._leaf(signature)
        if line is None:
            self._join(signature, leaf)
            self._count(signature, +1)
        elif line.leaf != leaf:
            self._leave(line)
            self._join(signature, leaf)
        if signature.visibility == Visibility.PUBLIC:
            if self._may_be_named(signature):
                self.listed.append(signature)
            else:
                self.listed_later.append(signature.pk)
        if signature.enrolled_at is None:
            self.first_enrolled.append(signature.pk)

    def _may_be_named(self, signature: Signature) -> bool:
        return (
            self.named_before is None
            or signature.confirmed_at is None
            or signature.confirmed_at <= self.named_before
        )

    def _leaf(self, signature: Signature) -> str:
        content = receipts.content(
            signature, letter=self.version.letter.slug, text_hash=self.version.text_hash
        )
        return roll.commitment(content)

    def _join(self, signature: Signature, leaf: str) -> None:
        self._append(Entry(leaf=leaf, signature=signature))

    def _leave(self, line: _Line) -> None:
        self.left[line.index] = self.frontier.size
        self._append(Entry(leaves=line.index))

    def _append(self, entry: Entry) -> None:
        entry.version, entry.index = self.version, self.frontier.size
        self.frontier.append(entry.line)
        self.entries.append(entry)

    def _count(self, signature: Signature, difference: int) -> None:
        if signature.is_organisation():
            self.tally.organisations += difference
        else:
            self.tally.persons += difference
        if signature.pk in self.stay:
            return
        for sort, number in tallying.sorts_of(signature, difference=difference, at=self.at).items():
            self.changes[sort] += number

    def _write_entries(self) -> None:
        for index, left_by in self.left.items():
            Entry.objects.filter(version=self.version, index=index).update(left_by=left_by)
        copying.insert(self.entries)

    def _write_list(self) -> None:
        changed = [s.pk for s in self.changed if s.enrolled_at and not _keeps_its_listing(s)]
        Listing.objects.filter(signature__in=changed).delete()
        copying.insert([listing_of(signature) for signature in self.listed])

    def _write_head(self, at: datetime) -> None:
        self.tally.size, self.tally.frontier = self.frontier.size, self.frontier.hexes()
        head = TreeHead(
            version=self.version,
            size=self.frontier.size,
            root=self.frontier.root(),
            at=at.replace(microsecond=0),
        )
        head.signature = roll.sign_head(receipts.head_of(head))
        head.save(force_insert=True)


def _keeps_its_listing(signature: Signature) -> bool:
    """Whether the list holds the only copy of a public name, because the signature itself is erased."""
    is_public = signature.visibility == Visibility.PUBLIC
    return is_public and signature.erased_at is not None and signature.is_standing()


def listing_of(signature: Signature) -> Listing:
    """The signature's name in clear, for the list that everyone sees."""
    name = signature.shown_name() or ""
    listing = Listing(
        signature=signature,
        letter_id=signature.letter_id,
        kind=signature.kind,
        name=name,
        country=signature.country,
    )
    if signature.is_organisation():
        listing.website = signature.website or ""
    else:
        listing.role, listing.affiliation = signature.role or "", signature.affiliation or ""
    listing.position = f"{name.casefold()[:300]}\N{UNIT SEPARATOR}{listing.public_id}"
    return listing


def tallies(letters: Iterable[Letter]) -> dict[int, Tally]:
    """The count of each letter over all its versions, by the letter's id; no row is counted."""
    sums = {letter.pk: Tally() for letter in letters}
    for tally in Tally.objects.filter(version__letter__in=list(sums)).select_related("version"):
        total = sums[tally.version.letter_id]
        total.persons += tally.persons
        total.organisations += tally.organisations
    return sums


def tally(letter: Letter) -> Tally:
    """The count of one letter."""
    return tallies([letter])[letter.pk]
