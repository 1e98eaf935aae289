"""What a page that shows many signatures asks for first: that whoever looks at very many is really there."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts import proving
from letters.desk import staff_of
from letters.models import Letter
from signatories import budgeting


def proof(
    request: HttpRequest, letter: Letter, rows: Iterable[int], *, then: str = ""
) -> HttpResponse | None:
    """None while the rows, by their numbers, are within the hour's budget; else where one proves to be there.

    `then` is where one goes on, if it is not the page that was asked for.
    """
    if budgeting.look_at(letter, rows, by=staff_of(request), is_proven=proving.is_fresh(request)):
        return None
    messages.warning(request, _("You have looked at very many signatures within this hour."))
    return proving.ask(request, then=then or request.get_full_path())
