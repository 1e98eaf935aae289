"""What a draft will look like: its text while it is typed, and the whole page as its signers will find it."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from letters import prose, views
from letters.desk import desk_page
from letters.drafts import FORMED, draft_of
from letters.forms import LONGEST_SUMMARY, LONGEST_TEXT, LONGEST_TITLE
from letters.models import Letter, Translation, Version
from letters.permitting import Verb


@desk_page(Verb.TRANSLATE)
@require_POST
def preview(request: HttpRequest, letter: Letter) -> HttpResponse:
    """What a `body` will look like: a part of a page, for who writes; nothing is kept."""
    body = request.POST.get("body", "")[:LONGEST_TEXT]
    return HttpResponse(prose.to_html(body))


@desk_page(Verb.TRANSLATE)  # type: ignore[arg-type]
@FORMED
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
@xframe_options_sameorigin
def as_read(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The page as signers will find it, in the language of the address; nothing on it can be sent.

    The draft is shown as if it were published, and nothing of that is saved. What is posted stands in the
    place of the text in that language: so it is seen before it is saved. The desk frames it as a phone.
    """
    version, now = draft_of(letter), timezone.now()
    if not letter.is_published():
        letter.published_at = letter.opens_at = now
    letter.current, version.published_at = version, now
    shown = views.shown(letter) | {"is_draft": True}
    if request.method == "POST":
        shown |= {"translation": _typed(request, version), "is_in_another_language": False}
    shown["is_framed"] = request.headers.get("Sec-Fetch-Dest") == "iframe"
    return render(request, "letters/show.html", shown)


def _typed(request: HttpRequest, version: Version) -> Translation:
    """The text that a writer has not saved yet, cut to what can be saved."""
    return Translation(
        version=version,
        language=get_language(),
        title=request.POST.get("title", "")[:LONGEST_TITLE],
        summary=request.POST.get("summary", "")[:LONGEST_SUMMARY],
        body=request.POST.get("body", "")[:LONGEST_TEXT],
    )
