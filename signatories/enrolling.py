"""The roll: what is confirmed and allowed gets its line, its place in the count and, if public, in the list.

Whoever changes a signature only sets `unsettled_at`. The clock settles it here, under the lock of the
version's tally, so each version has one writer, and entries, tree head, count and list change together.
"""

import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from letters.models import Letter, Version
from signatories import copying, receipts, roll
from signatories.models import Entry, Listing, Signature, Tally, TreeHead, Visibility

logger = logging.getLogger(__name__)

BATCH = 5000
# Nothing else of a signature is read (and unsealed) here
LOOKED_AT = (
    "letter", "kind", "name", "organisation_name", "salt", "role", "affiliation", "website", "country",
    "visibility", "confirmed_at", "withdrawn_at", "held_at", "rejected_at", "enrolled_at", "erased_at",
)  # fmt: skip
AT_RISK_PAUSE = timedelta(minutes=15)
AT_RISK_JITTER = timedelta(minutes=5)


def enrol(*, at: datetime | None = None, at_once: bool = False) -> int:
    """Settle what has changed, version by version. Returns how many signatures were settled.

    For letters at risk a batch is settled about every 15 minutes, so that neither count nor list
    tells when anybody signed; `at_once` does not wait for it (demo data, measuring).
    """
    at = at or timezone.now()
    changed = Signature.objects.unsettled().order_by().values_list("version_id", flat=True).distinct()
    versions = Version.objects.filter(pk__in=list(changed)).select_related("letter")
    return sum(_enrol_version(version, at=at, at_once=at_once) for version in versions)


def _enrol_version(version: Version, *, at: datetime, at_once: bool) -> int:
    settled = 0
    batch = BATCH
    while batch == BATCH:
        batch = _settle_batch(version, at=at, at_once=at_once)
        settled += batch
    if settled:
        logger.info("version %s: %s signatures settled", version.pk, settled)
    return settled


@transaction.atomic
def _settle_batch(version: Version, *, at: datetime, at_once: bool) -> int:
    Tally.objects.get_or_create(version=version, defaults={"next_batch_at": _next_batch(at)})
    tally = Tally.objects.select_for_update().get(version=version)
    in_batches = version.letter.is_at_risk()
    if in_batches and tally.next_batch_at > at and not at_once:
        return 0
    changed = list(
        Signature.objects.select_for_update()
        .filter(version=version, unsettled_at__isnull=False)  # by whatever clock
        .only(*LOOKED_AT)
        .order_by("unsettled_at")[:BATCH]
    )
    if not changed:
        return 0
    secrets.SystemRandom().shuffle(changed)
    _Settling(version, tally, changed).run(at=at)
    if in_batches and len(changed) < BATCH:
        tally.next_batch_at = _next_batch(at)
    tally.save()
    return len(changed)


def _next_batch(at: datetime) -> datetime:
    return at + AT_RISK_PAUSE - AT_RISK_JITTER * secrets.SystemRandom().random()


@dataclass(frozen=True)
class _Line:
    """The living line of a signature."""

    index: int
    leaf: str


class _Settling:
    """One batch of one version, whose tally is locked by the caller."""

    def __init__(self, version: Version, tally: Tally, changed: list[Signature]) -> None:
        self.version = version
        self.tally = tally
        self.changed = changed
        self.frontier = roll.Frontier(tally.size, tally.frontier)
        self.entries: list[Entry] = []
        self.left: dict[int, int] = {}
        self.listed: list[Signature] = []
        self.first_enrolled: list[int] = []

    def run(self, *, at: datetime) -> None:
        lines = self._living_lines()
        for signature in self.changed:
            self._settle(signature, lines.get(signature.pk))
        self._write_entries()
        self._write_list()
        others = {signature.pk for signature in self.changed}.difference(self.first_enrolled)
        Signature.objects.filter(pk__in=self.first_enrolled).update(enrolled_at=at, unsettled_at=None)
        Signature.objects.filter(pk__in=others).update(unsettled_at=None)
        if self.entries:
            self._write_head(at)

    def _living_lines(self) -> dict[int, _Line]:
        known = [signature.pk for signature in self.changed if signature.enrolled_at]
        living = Entry.objects.filter(signature__in=known, left_by=None) if known else ()
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
            self.listed.append(signature)
        if signature.enrolled_at is None:
            self.first_enrolled.append(signature.pk)

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
