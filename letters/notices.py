"""Pages that say how signers' data is treated, for each letter, and what the site says about itself."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from letters.caching import cached_page
from letters.models import Letter, Recipient
from letters.views import about, shared, translation_for_reader

# The European Economic Area by ISO 3166-1: the Union, Iceland, Liechtenstein and Norway
EEA = frozenset(
    (
        "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT",
        "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "IS", "LI", "NO",
    )
)  # fmt: skip
SECURITY_TXT_LASTS = timedelta(days=180)  # RFC 9116, 2.5.5: less than a year


@require_safe
@cached_page(seconds=60)
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """How data is treated under one letter (Art. 13 GDPR): by whom, who receives what, and for how long."""
    letters = Letter.objects.public().with_text().prefetch_related("authors", "current__recipients")
    letter = get_object_or_404(letters, slug=slug)
    recipients = letter.current.recipients.all()  # type: ignore[union-attr]
    context = {
        "letter": letter,
        "translation": translation_for_reader(letter),
        "authors": letter.authors.all(),
        "recipients": recipients,
        "is_transferred": bool(outside_eea(recipients)),
        "site_contact": settings.CONTACT_ADDRESS,
    }
    return about(letter, render(request, "letters/notice.html", context))


def outside_eea(recipients: Iterable[Recipient]) -> list[Recipient]:
    """The offices to which a delivery is a transfer (Chapter V GDPR), as if to one without a country."""
    return [recipient for recipient in recipients if recipient.country not in EEA]


@require_safe
@cached_page(seconds=60)
def contact(request: HttpRequest) -> HttpResponse:
    """Whom to write to about what."""
    return shared(render(request, "contact.html", {"site_contact": settings.CONTACT_ADDRESS}))


@require_safe
@cached_page(seconds=60)
def accessibility(request: HttpRequest) -> HttpResponse:
    """What works for whom, what does not yet, and whom to tell."""
    return shared(render(request, "accessibility.html", {"site_contact": settings.CONTACT_ADDRESS}))


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where faults of security are reported (RFC 9116)."""
    lines = [
        f"Contact: mailto:{settings.CONTACT_ADDRESS}",
        f"Expires: {expires(timezone.now()):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {settings.SITE_URL}{request.path}",
        f"Policy: {settings.SITE_URL}{reverse('letters:contact')}",
    ]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    return shared(response)


def expires(at: datetime) -> datetime:
    """Until when the file may be relied upon: the same moment all day, so that it can be cached."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_TXT_LASTS
