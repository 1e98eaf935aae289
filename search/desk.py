"""The desk's page for finding things by a few words."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from letters.desk import staff_of, title_of
from search import searching
from search.forms import SearchForm
from search.searching import Found
from signatories import budget_desk


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """What a few words find. They come by POST, since names and addresses belong into no address or log."""
    if request.method != "POST":
        return render(request, "desk/search.html", {"form": SearchForm()})
    form = SearchForm(request.POST)
    if not form.is_valid():
        return render(request, "desk/search.html", {"form": form}, status=422)
    words = form.cleaned_data["words"]
    found = searching.search(words, by=staff_of(request))
    if found.signatures and (asked := _proof(request, found)):
        return asked
    context = {
        "form": form,
        "words": words,
        "found": found,
        "is_nothing": found == Found(),
        "is_address": searching.is_address(words),
        "letters": [{"letter": row, "title": title_of(row)} for row in found.letters],
        "signatures": [
            {
                "signature": row,
                "name": searching.name_of(row, words=words),
                "state": searching.state_of(row),
                "title": title_of(row.letter),
            }
            for row in found.signatures
        ],
    }
    return render(request, "desk/search.html", context)


def _proof(request: HttpRequest, found: Found) -> HttpResponse | None:
    """Where one proves to be there, once it is very many signatures that one has looked at."""
    letter, numbers = found.signatures[0].letter, [row.pk for row in found.signatures]
    return budget_desk.proof(request, letter, numbers, then=request.path)
