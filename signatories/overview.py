"""The desk page with a letter's numbers, and each of its charts as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from letters.desk import desk_page, render_desk
from letters.models import Letter
from letters.permitting import Verb
from signatories.enrolled import overviewing, reckoning, writing
from signatories.enrolled.reckoning import Figure


@require_safe
@desk_page(Verb.SEE)
def overview(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Every chart, with its table behind it."""
    charts = overviewing.charts(letter)
    return render_desk(
        request, "desk/overview.html", letter, charts=charts, as_of=reckoning.counted_at(letter)
    )


@require_safe
@desk_page(Verb.SEE)
def chart(request: HttpRequest, letter: Letter, name: str) -> HttpResponse:
    """One chart's table as CSV."""
    found = next((chart for chart in overviewing.charts(letter) if chart.name == name), None)
    if found is None:
        raise Http404
    rows = [[row.label, *map(_plain, row.figures)] for row in found.rows]
    response = HttpResponse(
        writing.table_to_csv([found.columns, *rows]), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{letter.slug}-{name}.csv"'
    return response


def _plain(figure: Figure) -> str:
    if figure.is_few:
        return "<10"
    return f"{figure.number}+" if figure.is_at_least else str(figure.number)
