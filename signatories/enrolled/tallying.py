"""The numbers of a letter's overview, kept together with the roll so that no page counts signatures.

They tell no more than the rows they stand for: what an erased row no longer knows, they do not know either.
"""

import logging
from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from letters.models import Letter, Version
from signatories.models import Cell, Entry, Signature, Tally, TreeHead

logger = logging.getLogger(__name__)

Facet = Cell.Facet
Sort = tuple[str, str]  # a facet and a value
Sorts = Counter[Sort]
Move = tuple[str, datetime, int]  # a facet, when, and which signature
BATCH = 5000


def sorts_of(signature: Signature, *, difference: int, at: datetime) -> Sorts:
    """In which cells a signature is counted, or no longer: what to add to each."""
    moved = Facet.JOINED if difference > 0 else Facet.LEFT
    return Counter(
        {
            (moved.value, at.astimezone(UTC).date().isoformat()): 1,
            (Facet.COUNTRY.value, signature.country): difference,
            (Facet.LANGUAGE.value, signature.language): difference,
            (Facet.KIND.value, signature.kind): difference,
        }
    )


def add(letter: int, changes: Sorts) -> None:
    """Add to the letter's cells, in the transaction that changes the roll, and as the last thing it locks.

    Letters that had a roll before they had cells are counted whole at that occasion.
    """
    wanted = {sort: number for sort, number in changes.items() if number}
    if not wanted:
        return
    if not Cell.objects.filter(letter=letter).exists():
        wanted = {sort: number for sort, number in _count(letter).items() if number}
    cells = [Cell(letter_id=letter, facet=facet, value=value) for facet, value in sorted(wanted)]
    Cell.objects.bulk_create(cells, ignore_conflicts=True)
    mine = [
        cell
        for cell in _locked(letter, facets={facet for facet, _ in wanted})
        if (cell.facet, cell.value) in wanted
    ]
    for cell in mine:
        # a wrong number here must not keep anybody off the roll; `recount` sets it right
        cell.number = max(cell.number + wanted[cell.facet, cell.value], 0)
    Cell.objects.bulk_update(mine, ["number"])


def countries_of(signatures: Collection[int]) -> dict[int, Sorts]:
    """What takes counted signatures out of the cells of their countries, by letter: they are erased."""
    living = Entry.objects.filter(signature__in=signatures, left_by=None).order_by()
    found: dict[int, Sorts] = {}
    by_country = living.values_list("signature__letter", "signature__country").annotate(Count("pk"))
    for letter, country, number in by_country.exclude(signature__country=""):
        changes = found.setdefault(letter, Counter())
        changes[Facet.COUNTRY.value, country] -= number
        changes[Facet.COUNTRY.value, ""] += number
    return found


@transaction.atomic
def recount(letter: Letter) -> int:
    """Count the letter's roll anew and set right what is wrong in its cells; returns how many were wrong."""
    versions = Tally.objects.filter(version__letter=letter).order_by("version__number")
    list(versions.select_for_update(of=("self",)).values_list("pk", flat=True))
    known = {(cell.facet, cell.value): cell.number for cell in _locked(letter.pk)}
    counted = _count(letter.pk)
    wrong = Counter({sort: counted[sort] - known.get(sort, 0) for sort in {*counted, *known}})
    wrong = Counter({sort: number for sort, number in wrong.items() if number})
    if wrong and known:
        logger.warning("letter %s: %s cells of its overview were wrong", letter.pk, len(wrong))
    add(letter.pk, wrong)
    return len(wrong)


def recount_all() -> int:
    """The same for every public letter; returns how many cells were wrong."""
    return sum(recount(letter) for letter in Letter.objects.public().order_by("pk"))


def _locked(letter: int, *, facets: Collection[str] = Facet.values) -> list[Cell]:
    rows = Cell.objects.select_for_update().filter(letter=letter, facet__in=facets)
    return list(rows.order_by("pk"))


def _count(letter: int) -> Sorts:
    """What the letter's cells have to say, counted row by row."""
    counted: Sorts = Counter()
    living = Signature.objects.filter(letter=letter, entries__left_by=None, entries__isnull=False).order_by()
    for facet in (Facet.COUNTRY, Facet.LANGUAGE, Facet.KIND):
        for value, number in living.values_list(facet.value).annotate(Count("pk")):
            counted[facet.value, value] = number
    several = Entry.objects.filter(version__letter=letter).order_by().values("signature")
    several = several.annotate(rolls=Count("version", distinct=True)).filter(rolls__gt=1)
    movers = set(several.values_list("signature", flat=True))
    moves: list[Move] = []
    for version in Version.objects.filter(letter=letter):
        days = _Days(movers)
        days.count(version)
        counted += days.counted
        moves += days.moves
    return counted + _of_movers(moves)


def _of_movers(moves: list[Move]) -> Sorts:
    """What counts of those who were on several rolls: not that they left one as they joined the next."""
    gone, come = (
        Counter(move[1:] for move in moves if move[0] == facet) for facet in (Facet.LEFT, Facet.JOINED)
    )
    joined = Counter(signature for facet, _at, signature in moves if facet == Facet.JOINED)
    # heads know seconds: of what one did in the same, no more is a move than there are rolls to move between
    stayed = Counter({one: min(both, joined[one[1]] - 1) for one, both in (gone & come).items()})
    told = ((Facet.LEFT.value, gone - stayed), (Facet.JOINED.value, come - stayed))
    return Counter((facet, _day(at)) for facet, left in told for at, _signature in left.elements())


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


class _Days:
    """On which days lines came and went. A line that makes room for another of its signature did neither.

    What those did who were on several rolls is not counted but noted down in `moves`.
    """

    def __init__(self, movers: Collection[int]) -> None:
        self.movers = movers
        self.counted: Sorts = Counter()
        self.moves: list[Move] = []

    def count(self, version: Version) -> None:
        heads = iter(list(TreeHead.objects.filter(version=version).order_by("size")))
        size, at, gone = 0, timezone.now(), None
        entries = Entry.objects.filter(version=version).order_by("index")
        left = dict(entries.filter(left_by__isnull=False).values_list("index", "signature"))
        lines = entries.values_list("index", "leaves", "signature").iterator(chunk_size=BATCH)
        for index, leaves, signature in lines:
            if index >= size:
                self._note(Facet.LEFT, at, gone)
                head = next(heads)
                size, at, gone = head.size, head.at, None
            if leaves is not None:
                self._note(Facet.LEFT, at, gone)
                gone = left[leaves]
            elif gone is not None and gone == signature:
                gone = None
            else:
                self._note(Facet.LEFT, at, gone)
                self._note(Facet.JOINED, at, signature)
                gone = None
        self._note(Facet.LEFT, at, gone)

    def _note(self, facet: Facet, at: datetime, signature: int | None) -> None:
        if signature is None:
            return
        if signature in self.movers:
            self.moves.append((facet.value, at, signature))
        else:
            self.counted[facet.value, _day(at)] += 1
