"""What has happened to a letter, as a feed for programs that readers follow (Atom, RFC 4287)."""

import re
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from deliveries import timeline
from letters.caching import cached_page
from letters.languages import html_language
from letters.models import Letter
from letters.views import about, translation_for_reader

NEWEST = 50
# What XML 1.0 has no way to write, not even escaped (its section 2.2)
UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@require_safe
@cached_page(seconds=60)
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest events of a letter. Of one that was taken down only that it was, and when."""
    letter = get_object_or_404(Letter.objects.published().with_text(), slug=slug)
    events = timeline.events(letter, at=timezone.now())[-NEWEST:]
    if letter.taken_down_at:
        events = [event for event in events if event.what == "withdrawn"]
    if not events:
        raise Http404
    return about(letter, HttpResponse(written(letter, events), content_type="application/atom+xml"))


def written(letter: Letter, events: list[timeline.Event]) -> bytes:
    """The events, in the active language, as an Atom feed: the newest first."""
    page = settings.SITE_URL + reverse("letters:show", kwargs={"slug": letter.slug})
    here = settings.SITE_URL + reverse("deliveries_public:feed", kwargs={"slug": letter.slug})
    text = translation_for_reader(letter)
    # of a letter at risk a feed reader's list, which others may see, says nothing
    title = settings.SITE_NAME if letter.is_at_risk() else text.title
    atom = Atom1Feed(
        title=_writable(title), link=page, description="", language=html_language(get_language() or "en"),
        feed_url=here, feed_guid=page,
    )  # fmt: skip
    for event in reversed(events):
        atom.add_item(
            title=_writable(event.sentence()), link=f"{page}#timeline", description=_as_html(event.words),
            unique_id=_identity(letter, event.key), pubdate=event.at, updateddate=event.told_at or event.at,
        )  # fmt: skip
    return atom.writeString("utf-8").encode()


def _writable(text: str) -> str:
    """The text, whoever typed it, without what would leave the feed unreadable as a whole."""
    return UNWRITABLE.sub("", text)


def _as_html(words: str) -> str:
    """What somebody wrote as the HTML that a summary is: their words, and none of their markup."""
    return linebreaks(_writable(words), autoescape=True) if words else ""


def _identity(letter: Letter, key: str) -> str:
    """A name that stays whatever language is read (RFC 4151)."""
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    began: datetime = letter.published_at  # type: ignore[assignment]
    return f"tag:{host},{began:%Y-%m-%d}:{letter.slug}/{key}"
