"""What anybody may read about a letter's signatories: count, list and roll. Nothing here counts rows."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import chaining
from letters import countries
from letters.caching import cached_page
from letters.models import Letter, Version
from scrutiny.rationing import rationed
from signatories import tokens
from signatories.enrolled import enrolling, receipts, reckoning
from signatories.models import Kind, Listing, TreeHead
from signatories.pages import page_of, public_letter, sheltered

PAGE = 100
LINES = 5000
PAGED_BY = ("q", "kind", "country", "after")


@require_safe
@rationed(
    "list_pages_per_network_in_10_minutes",
    crowd="list_pages_per_crowd_in_10_minutes",
    query=PAGED_BY,
)
@cached_page(query=PAGED_BY)
def signatories(request: HttpRequest, slug: str) -> HttpResponse:
    """The public list, by name, a page at a time."""
    letter = public_letter(slug)
    chosen = {name: request.GET.get(name, "")[:200].strip() for name in ("q", "kind", "country")}
    if letter.is_at_risk():
        chosen["country"] = ""  # nobody shall pick out the few of one country
    listings = _after(_matching(letter, chosen), request.GET.get("after", ""))[: PAGE + 1]
    shown = list(listings)[:PAGE]
    context = page_of(
        letter,
        listings=shown,
        query=chosen["q"],
        kind=chosen["kind"],
        country=chosen["country"],
        countries=[] if letter.is_at_risk() else countries.choices(),
        next_after=shown[-1].public_id if len(listings) > PAGE else "",
    )
    response = render(request, "signatories/signatories.html", context)
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    return sheltered(response, letter)


def _matching(letter: Letter, chosen: dict[str, str]) -> Any:
    listings = Listing.objects.with_badges().filter(letter=letter)
    if chosen["q"]:
        listings = listings.filter(name__icontains=chosen["q"].replace("\x00", ""))
    if chosen["kind"] in Kind.values:
        listings = listings.filter(kind=chosen["kind"])
    if chosen["country"] in countries.codes():
        listings = listings.filter(country=chosen["country"])
    return listings.order_by("position")


def _after(listings: Any, public_id: str) -> Any:
    """What follows a listing; from the beginning if that one is gone since."""
    last = Listing.objects.filter(public_id=public_id).first() if tokens.is_public_id(public_id) else None
    return listings.after(last.position) if last else listings


@require_safe
@cached_page(seconds=2)
def count(request: HttpRequest, slug: str) -> HttpResponse:
    """The count, light enough to be asked for often. Clock and cache together lag less than 5 s."""
    letter = get_object_or_404(Letter.objects.public(), slug=slug)
    tally = enrolling.tally(letter)
    head = TreeHead.objects.filter(version__letter=letter).order_by("-at").first()
    as_of = head.at if letter.is_at_risk() and head else timezone.now()
    persons, organisations = reckoning.split(letter, tally) or (None, None)
    answer = {
        "letter": letter.slug,
        "signatures": tally.signatures,
        "persons": persons,
        "organisations": organisations,
        "as_of": as_of.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return sheltered(JsonResponse(answer), letter)


@require_safe
@cached_page()
def integrity(request: HttpRequest, slug: str) -> HttpResponse:
    """What became of every attempt to sign, in numbers that the clock has counted."""
    letter = public_letter(slug)
    context = page_of(letter, figures=reckoning.figures(letter), trail_head=chaining.head_of_yesterday())
    return sheltered(render(request, "signatories/integrity.html", context), letter)


@require_safe
@cached_page(query=("version",))
def roll_head(request: HttpRequest, slug: str) -> HttpResponse:
    """The signed tree head of a version's roll (RFC 6962)."""
    head = TreeHead.objects.filter(version=_version(request, slug)).select_related("version__letter").last()
    if head is None:
        raise Http404
    return sheltered(JsonResponse(receipts.head_of(head)), head.version.letter)


@require_safe
def roll_lines(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """The lines of a version's roll, from which anybody recomputes root and count."""
    version = _version(request, slug)
    answer = StreamingHttpResponse(_lines(version), content_type="text/plain; charset=utf-8")
    return sheltered(answer, version.letter)


def _lines(version: Version) -> Iterator[str]:
    for entry in version.entries.order_by("index").iterator(chunk_size=LINES):
        yield f"{entry.line}\n"


def _version(request: HttpRequest, slug: str) -> Version:
    letter = get_object_or_404(Letter.objects.public().select_related("current__letter"), slug=slug)
    number = request.GET.get("version", "")
    if not number:
        assert letter.current is not None  # noqa: S101 - public letters have one, the database says
        return letter.current
    if not number.isascii() or not number.isdigit() or len(number) > 4:
        raise Http404
    return get_object_or_404(
        letter.versions.exclude(published_at=None).select_related("letter"), number=int(number)
    )
