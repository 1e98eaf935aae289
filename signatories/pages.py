"""What pages about a letter share: the letter in the reader's language, its form, and how they answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from letters.models import Letter
from letters.translating import best_translation
from scrutiny.models import Switch
from signatories import tokens
from signatories.forms import SignForm

View = Callable[..., HttpResponse]
R = TypeVar("R", bound=HttpResponseBase)


class SeeOther(HttpResponse):
    """303: the form was taken; fetch the next page. Only to addresses of our own."""

    status_code = 303

    def __init__(self, name: str, **arguments: Any) -> None:
        super().__init__(headers={"Location": reverse(name, kwargs=arguments)})


def unlisted(view: View) -> View:
    """A page that anybody may open and no search engine or cache shall keep."""

    @wraps(view)
    def kept_nowhere(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _keep_nowhere(view(request, *args, **kwargs))

    return kept_nowhere


def private_page(view: View) -> View:
    """A page behind a secret link: in no cache, no index, and its address is told to nobody."""

    kept_nowhere = unlisted(view)

    @wraps(view)
    def private(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = kept_nowhere(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return private


def token_page(purpose: str, read: Callable[..., Any] = tokens.read) -> Callable[[View], View]:
    """A private page whose authority is the token in its path; the view gets the row it names.

    That is a signature, unless it is `read` elsewhere.
    """

    def decorate(view: View) -> View:
        @csrf_exempt  # the token is the authority
        @require_http_methods(["GET", "HEAD", "POST"])
        @private_page
        @wraps(view)
        def page(request: HttpRequest, token: str, **arguments: Any) -> HttpResponse:
            try:
                row = read(token, purpose=purpose)
            except tokens.NoSuchLink as error:
                raise Http404 from error
            return view(request, row, **arguments)

        return page

    return decorate


def sheltered(response: R, letter: Letter) -> R:
    """The answer about a letter; if that is at risk, no search engine and no cache shall keep it."""
    return _keep_nowhere(response) if letter.is_at_risk() else response


def _keep_nowhere(response: R) -> R:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return response


def public_letter(slug: str) -> Letter:
    """The letter anybody may read, with the version people sign. Raises Http404.

    Its translations are asked for by the pages that show them: most POSTs end in a redirect.
    """
    letter = get_object_or_404(Letter.objects.select_related("current"), slug=slug)
    if not letter.is_public():
        raise Http404
    return letter


def is_stopped(request: HttpRequest, form: SignForm) -> bool:
    """Whether the desk has stopped signing; the form then says so, and keeps what was typed."""
    if Switch.Name.SIGNING not in request.thrown:  # type: ignore[attr-defined]
        return False
    form.add_error(None, _("Nobody can sign for the moment. Please send this again later."))
    return True


def page_of(letter: Letter, **context: Any) -> dict[str, Any]:
    """What every page about a letter shows: the letter in the reader's language."""
    language = translation.get_language() or letter.original_language
    return {"letter": letter, "translation": best_translation(letter, [language]), **context}


def form_for(letter: Letter, data: Any = None, **options: Any) -> SignForm:
    """The sign form of a letter's current version."""
    version = letter.current
    if version is None:
        raise Http404
    return SignForm(
        data,
        version=version.number,
        recipients=version.recipients.values_list("office", "country"),
        at_risk=letter.is_at_risk(),
        **options,
    )
