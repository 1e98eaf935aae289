"""The desk's pages on which logos are handed in."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from letters.desk import staff_of
from logos import pages
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
