"""The desk's pages on which logos are handed in."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from letters import writing
from letters.desk import desk_page, staff_of, title_of
from letters.models import Letter
from letters.permitting import Verb
from logos import pages, replacing
from logos.drawing import Drawing
from organisations.desk import organisation_page
from organisations.models import Organisation

FORMED = require_http_methods(["GET", "HEAD", "POST"])


@organisation_page(is_proven=True)
@FORMED
def of_organisation(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """An organisation's logo."""
    return pages.answer(
        request,
        organisation,
        by=staff_of(request),
        template="desk/organisations/logo.html",
        then=reverse("desk:organisation", args=[organisation.public_id]),
        organisation=organisation,
    )


@desk_page(Verb.WRITE)
@FORMED
def of_author(request: HttpRequest, letter: Letter, number: int) -> HttpResponse:
    """The logo of who writes a draft; `known`, where posted, takes the one that the directory has."""
    author = get_object_or_404(letter.authors.select_related("letter"), pk=number)
    if letter.is_published():
        raise Http404
    known = replacing.known_for(author)
    then = f"{reverse('desk:draft', kwargs={'slug': letter.slug})}#authors"
    try:
        if request.method == "POST" and "known" in request.POST and known:
            copy = Drawing(bytes(known.content), known.width, known.height)
            replacing.replace(author, copy, by=staff_of(request))
            messages.success(request, _("Saved."))
            return redirect(then)
        return pages.answer(
            request,
            author,
            by=staff_of(request),
            template="desk/author_logo.html",
            then=then,
            author=author,
            known=known,
            letter=letter,
            letter_title=title_of(letter),
        )
    except writing.NoDraft:  # published meanwhile
        raise Http404 from None
