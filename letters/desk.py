"""What every page of the desk about one letter begins with."""

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language

from accounts import proving
from accounts.models import User
from letters import translating
from letters.models import Letter
from letters.permitting import Verb, verbs_of

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]


def desk_page(verb: Verb, *, proven_at: str = "", by_passkey: bool = False) -> Callable[[View], View]:
    """Hand the letter to the view of one who may: 404 for a letter of others, 403 without the right.

    `proven_at`, for what can hardly be undone: who has not signed in within the last minutes proves first
    to be there, and then finds the page of that name. `by_passkey`, for approving what others propose.
    """

    def decorator(view: View) -> View:
        @login_required
        @functools.wraps(view)
        def guarded(request: HttpRequest, slug: str, **arguments: Any) -> HttpResponseBase:
            letter = get_object_or_404(Letter.objects.select_related("current"), slug=slug)
            verbs = verbs_of(request.user, letter)  # type: ignore[arg-type]
            if not verbs:
                raise Http404
            request.verbs = verbs  # type: ignore[attr-defined]
            if verb not in verbs:
                logger.warning("user %s may not %s letter %s", request.user.pk, verb.value, letter.pk)
                raise PermissionDenied
            if proven_at and not proving.is_fresh(request, by_passkey=by_passkey):
                page = reverse(proven_at, kwargs={"slug": slug})
                return proving.ask(request, then=page, by_passkey=by_passkey)
            return view(request, letter, **arguments)

        return guarded

    return decorator


def site_page(*, proven_at: str = "") -> Callable[[View], View]:
    """A page of the desk about the whole site: 404 but for superusers. `proven_at` as with `desk_page`."""

    def decorator(view: View) -> View:
        @login_required
        @functools.wraps(view)
        def guarded(request: HttpRequest, **arguments: Any) -> HttpResponseBase:
            if not staff_of(request).is_superuser:
                raise Http404
            if proven_at and not proving.is_fresh(request):
                return proving.ask(request, then=reverse(proven_at))
            return view(request, **arguments)

        return guarded

    return decorator


def staff_of(request: HttpRequest) -> User:
    """Who asks, behind a page that only staff see."""
    assert isinstance(request.user, User)  # noqa: S101 - for the type checker
    return request.user


def render_desk(
    request: HttpRequest, template: str, letter: Letter, *, status: int = 200, **context: object
) -> HttpResponse:
    """A page of the desk about one letter; `may_write` and the like say what one may do with it."""
    verbs = getattr(request, "verbs", None) or verbs_of(staff_of(request), letter)
    rights = {f"may_{verb.value}": verb in verbs for verb in Verb}
    about = {"letter": letter, "letter_title": title_of(letter)}
    return render(request, template, rights | about | context, status=status)


def title_of(letter: Letter) -> str:
    """The title that a letter was published with, or its draft has, else its address: what its desk shows."""
    version = letter.current or letter.versions.order_by("-number").first()
    if version is None:
        return letter.slug
    prefetch_related_objects([version], "translations")
    if not version.translations.all():
        return letter.slug
    return translating.frozen_of(version, [get_language() or ""], original=letter.original_language).title
