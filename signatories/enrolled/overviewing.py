"""A letter in numbers for its desk: each chart with its table, made of what is kept, never of signatures.

Under letters at risk staff see of groups what the public would: none below ten, larger ones in steps of ten.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from letters import countries
from letters.models import Letter
from letters.templatetags.pages import day, language_in_words
from organisations.models import Organisation
from signatories.enrolled import reckoning
from signatories.enrolled.reckoning import Figure, Figures
from signatories.models import Cell, Kind

Facet = Cell.Facet
MOST_COLUMNS = 92  # days; a longer story is told by months
MOST_BARS = 12


@dataclass(frozen=True)
class Row:
    """One line of a chart's table: what it is called, and a number for each column."""

    label: str
    figures: tuple[Figure, ...]

    @property
    def first(self) -> Figure:
        return self.figures[0]


@dataclass(frozen=True)
class Chart:
    """One question about a letter, answered in numbers. `is_over_time`: its rows follow each other."""

    name: str
    title: str
    about: str
    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    is_over_time: bool = False

    @property
    def drawn(self) -> list[Row]:
        """What is drawn; the table tells of all."""
        return self.rows if self.is_over_time else self.rows[:MOST_BARS]

    @property
    def hidden(self) -> int:
        return len(self.rows) - len(self.drawn)


def charts(letter: Letter) -> list[Chart]:
    """All charts of a letter's overview, in their order, in two queries."""
    cells: dict[str, Counter[str]] = {facet.value: Counter() for facet in Facet}
    for cell in Cell.objects.filter(letter=letter, number__gt=0):
        cells[cell.facet][cell.value] = cell.number
    figures = reckoning.figures(letter)
    return [
        _over_time(letter, cells[Facet.JOINED], cells[Facet.LEFT]),
        *_by_group(letter, cells),
        _by_type(letter, figures.types if figures else {}),
        *_of_reckoning(figures),
    ]


def _over_time(letter: Letter, joined: Counter[str], left: Counter[str]) -> Chart:
    days = sorted({*joined, *left})
    about = _("How many signatures joined the roll each day, and how many left it, in UTC.")
    columns = (_("Day"), _("Joined"), _("Left"))
    spans = _days(days[0], days[-1]) if days else []
    if len(spans) > MOST_COLUMNS:
        about = _("How many signatures joined the roll each month, and how many left it, in UTC.")
        columns = (_("Month"), *columns[1:])
        joined, left = _monthly(joined), _monthly(left)
        spans = sorted({span[:7] for span in spans})
    rows = [
        Row(
            day(date.fromisoformat(span)) if len(span) > 7 else span,
            (reckoning.figure(letter, joined[span]), reckoning.figure(letter, left[span])),
        )
        for span in spans
    ]
    return Chart("days", _("Over time"), about, columns, rows, is_over_time=True)


def _days(first: str, last: str) -> list[str]:
    """Every day from the first to the last, those without a signature too."""
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(begin + timedelta(days=passed)).isoformat() for passed in range((end - begin).days + 1)]


def _monthly(daily: Counter[str]) -> Counter[str]:
    months: Counter[str] = Counter()
    for of_day, number in daily.items():
        months[of_day[:7]] += number
    return months


def _by_group(letter: Letter, cells: dict[str, Counter[str]]) -> Iterable[Chart]:
    counted = _("Signatures")
    yield Chart(
        "countries",
        _("By country"),
        _("Where those who are counted say they are."),
        (_("Country"), counted),
        _groups(
            letter,
            {
                countries.name(code) if code else _("erased with the name"): number
                for code, number in cells[Facet.COUNTRY].items()
            },
        ),
    )
    yield Chart(
        "languages",
        _("By language"),
        _("In which language they read what they signed."),
        (_("Language"), counted),
        _groups(letter, {language_in_words(code): n for code, n in cells[Facet.LANGUAGE].items()}),
    )
    yield Chart(
        "kinds",
        _("Persons and organisations"),
        _("Who signed in their own name, and who for an organisation."),
        (_("Signed as"), counted),
        _groups(letter, {str(Kind(kind).label): n for kind, n in cells[Facet.KIND].items()}),
    )


def _by_type(letter: Letter, types: dict[str, int]) -> Chart:
    return Chart(
        "types",
        _("By type of organisation"),
        _("What the organisations on the roll are, where the directory knows it."),
        (_("Type"), _("Signatures")),
        _groups(letter, {str(Organisation.Type(kind).label): number for kind, number in types.items()}),
    )


def _groups(letter: Letter, numbers: dict[str, int]) -> list[Row]:
    """The largest first. What is too small to be told of is not even named."""
    ordered = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = [Row(label, (reckoning.figure(letter, number),)) for label, number in ordered]
    told = [row for row in rows if not row.first.is_few]
    if len(told) < len(rows):
        told.append(Row(_("others"), (Figure(0, is_few=True),)))
    return told


def _of_reckoning(figures: Figures | None) -> Iterable[Chart]:
    """What the clock has counted; empty before it did."""
    yield Chart(
        "funnel",
        _("From the form to the roll"),
        _("How many attempts got how far. Attempts without a mail wait for it, or for a moderator."),
        (_("Step"), _("Signatures")),
        _rows(
            {
                _("Submitted"): figures.submitted,
                _("Mail left"): figures.mailed,
                _("Confirmed"): figures.confirmed,
                _("Counted"): figures.counted,
            }
            if figures
            else {}
        ),
    )
    yield Chart(
        "mail",
        _("Mail that came back"),
        _("Of the mails that asked to confirm: how many left, and how many no mailbox took."),
        (_("Mail"), _("Number")),
        _rows({_("Left"): figures.mailed, _("Came back"): figures.bounced} if figures else {}),
    )
    yield Chart(
        "waiting",
        _("How long the queue has waited"),
        _("Signatures that wait for a moderator, by how long they have."),
        (_("For"), _("Signatures")),
        _rows({label: figures.ages[age] for age, label in _ages().items()} if figures else {}),
    )


def _ages() -> dict[str, str]:
    return {
        "waits_hour": _("less than an hour"),
        "waits_day": _("up to a day"),
        "waits_three_days": _("up to three days"),
        "waits_week": _("up to a week"),
        "waits_longer": _("longer"),
    }


def _rows(figures: dict[str, Figure]) -> list[Row]:
    return [Row(label, (figure,)) for label, figure in figures.items()]
