"""What every page of the desk about one letter begins with."""

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from letters import translating
from letters.models import Letter
from letters.permitting import Verb, verbs_of

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]


def desk_page(verb: Verb) -> Callable[[View], View]:
    """Hand the letter to the view of one who may: 404 for a letter of others, 403 without the right."""

    def decorator(view: View) -> View:
        @login_required
        @functools.wraps(view)
        def guarded(request: HttpRequest, slug: str, **arguments: Any) -> HttpResponse:
            letter = get_object_or_404(Letter, slug=slug)
            verbs = verbs_of(request.user, letter)  # type: ignore[arg-type]
            if not verbs:
                raise Http404
            if verb not in verbs:
                logger.warning("user %s may not %s letter %s", request.user.pk, verb.value, letter.pk)
                raise PermissionDenied
            return view(request, letter, **arguments)

        return guarded

    return decorator


def title_of(letter: Letter) -> str:
    """The letter's title as its desk shows it; a draft has one as well, or else its address."""
    version = letter.current or letter.versions.order_by("-number").first()
    if version is None or not version.translations.all():
        return letter.slug
    return translating.best_of(version, [get_language() or ""], original=letter.original_language).title
