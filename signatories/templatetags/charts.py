"""Charts as SVG that scales with the page and runs the way its language does.

Lengths across are shares of the width, so that words in a chart keep their size on a phone; what is drawn
has classes only, and its colours stand in the style sheet.
"""

from dataclasses import dataclass
from typing import Any

from django import template
from django.utils import translation

from letters.models import Letter
from signatories.enrolled.overviewing import Chart, Row
from signatories.enrolled.reckoning import Figure

register = template.Library()

LINE = 56  # pixels for a bar and its words
UP, DOWN = 120, 60  # pixels for what joined and what left
MARGIN = 26  # pixels for the words above and below columns


@dataclass(frozen=True)
class Bar:
    """One bar: where it begins, its length and, in pixels, where it stands. Shares are in percent."""

    row: Row
    figure: Figure
    x: str
    width: str
    y: float
    height: float
    words_y: float = 0


@register.inclusion_tag("desk/chart.html")
def chart(letter: Letter, chart: Chart) -> dict[str, Any]:
    """The chart with its words, its table and the link to its file."""
    drawn = _columns(chart) if chart.is_over_time else _bars(chart)
    is_rtl = translation.get_language_bidi()
    start, end = ("100%", "0") if is_rtl else ("0", "100%")
    return {"letter": letter, "chart": chart, "start": start, "end": end, **drawn}


def _bars(chart: Chart) -> dict[str, Any]:
    """Bars below each other, the longest as wide as the chart."""
    most = _most(row.first for row in chart.drawn)
    bars = [
        Bar(
            row,
            row.first,
            *_place(0, 100 * row.first.number / most),
            y=LINE * index + 28,
            height=16,
            words_y=LINE * index + 19,
        )
        for index, row in enumerate(chart.drawn)
    ]
    return {"bars": bars, "height": LINE * len(bars)}


def _columns(chart: Chart) -> dict[str, Any]:
    """Columns beside each other: above the line what joined, below it what left."""
    step = 100 / max(len(chart.drawn), 1)
    width = min(step * 0.8, 8)
    joined = _most(row.figures[0] for row in chart.drawn)
    line = MARGIN + UP
    columns, falls = [], []
    for index, row in enumerate(chart.drawn):
        place = _place(step * index + (step - width) / 2, width)
        up, down = (figure.number for figure in row.figures)
        high, deep = UP * up / joined, min(UP * down / joined, DOWN)
        columns.append(Bar(row, row.figures[0], *place, y=line - high, height=high))
        falls.append(Bar(row, row.figures[1], *place, y=line + 1, height=deep))
    below = max((fall.height for fall in falls), default=0)
    peak = max(chart.drawn, key=lambda row: row.first.number, default=None)
    last = chart.drawn[-1].label if chart.drawn else ""
    height = line + below + MARGIN
    return {
        "bars": columns,
        "falls": falls if below else [],
        "line": line,
        "height": f"{height:.1f}",
        "words_y": f"{height - 6:.1f}",
        "peak": peak,
        "last_label": last,
    }


def _most(figures: Any) -> int:
    return max((figure.number for figure in figures), default=0) or 1


def _place(begin: float, width: float) -> tuple[str, str]:
    """Where a bar begins and how wide it is; where one reads from right to left, it begins there."""
    x = 100 - begin - width if translation.get_language_bidi() else begin
    return f"{x:.3f}%", f"{width:.3f}%"
