"""The logos themselves, for pages to show."""

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from logos.models import Logo

FOR_EVER = "public, max-age=31536000, immutable"  # a year; another logo is at another place


@require_safe
@csp_update({"sandbox": True})  # type: ignore[arg-type]
def show(request: HttpRequest, name: str) -> HttpResponse:
    """One logo. Whoever opens it by itself gets a file, and no page of this site."""
    logo = get_object_or_404(Logo, name=name)
    response = HttpResponse(bytes(logo.content), content_type="image/webp")
    response["Content-Disposition"] = 'attachment; filename="logo.webp"'
    response["Cache-Control"] = FOR_EVER
    return response
