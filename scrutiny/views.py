"""What a page's script asks for while somebody fills in the form."""

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from letters.models import Letter
from scrutiny import challenging, networks
from vault.peers import client_ip


@require_GET
def challenge(request: HttpRequest, slug: str) -> JsonResponse:
    """Work for one attempt to sign; a new one each time, so it is kept nowhere."""
    letter = get_object_or_404(Letter.objects.public(), slug=slug)
    if letter.is_open():
        response = JsonResponse(challenging.challenge(slug, network=networks.mark(client_ip(request))))
    else:
        response = JsonResponse({}, status=410)
    response.headers["Cache-Control"] = "no-store"
    return response
