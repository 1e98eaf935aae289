"""The desk: the letters one works on, and each of them at a glance."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from letters import writing
from letters.desk import desk_page, render_desk, title_of
from letters.models import Correction, Letter, LetterQuerySet, Version
from letters.permitting import Verb, letters_for, letters_of, may
from outbox.models import Alert
from signatories import queue
from signatories.judging import reviewing
from signatories.models import Tally

ALERTS_SHOWN = 20


@require_safe
@login_required
def letters(request: HttpRequest) -> HttpResponse:
    """The letters one works on, each with what waits."""
    mine = letters_of(request.user).with_text()
    moderated = set(letters_for(request.user, Verb.MODERATE).values_list("pk", flat=True))
    waiting = queue.waiting_of(moderated)
    rows = [
        {
            "letter": letter,
            "title": title_of(letter),
            "waiting": waiting.get(letter.pk),
            "may_moderate": letter.pk in moderated,
        }
        for letter in mine
    ]
    return render(request, "desk/letters.html", {"rows": rows, "alerts": _alerts(mine)})


def _alerts(letters: LetterQuerySet) -> list[Alert]:
    """What somebody should look at: about the site, or about one of these letters."""
    mine = [f"letter {letter.pk}" for letter in letters]
    return list(Alert.objects.open().filter(about__in=["", *mine])[:ALERTS_SHOWN])


@require_safe
@desk_page(Verb.SEE)
def letter(request: HttpRequest, letter: Letter) -> HttpResponse:
    """One letter at a glance: where it stands, and what one may do with it."""
    tally = Tally.objects.filter(version=letter.current_id).first()
    waiting = queue.waiting_of({letter.pk}).get(letter.pk)
    draft = writing.draft_of(letter)
    rate = reviewing.rate(letter) if may(request.user, Verb.MODERATE, letter) else None
    context: dict[str, Any] = {"tally": tally, "waiting": waiting, "draft": draft, "rate": rate}
    return render_desk(request, "desk/letter.html", letter, **context, proposed=_proposed(letter, draft))


def _proposed(letter: Letter, draft: Version | None) -> list[dict[str, Any]]:
    """What waits for somebody else to publish it: the next version, and slips set right."""
    found = []
    if draft and draft.proposed_at:
        page = reverse("desk:draft", kwargs={"slug": letter.slug})
        found.append({"what": _("the draft"), "by": draft.proposed_by, "at": draft.proposed_at, "page": page})
    waiting = Correction.objects.filter(translation__version=letter.current_id, published_at=None)
    page = reverse("desk:corrections", kwargs={"slug": letter.slug})
    return found + [
        {"what": _("a slip set right"), "by": row.proposed_by, "at": row.proposed_at, "page": page}
        for row in waiting.select_related("proposed_by")
    ]
