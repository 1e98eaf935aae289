"""What a mail provider reports of our mail by HTTP, understood by django-anymail (PROVIDER_WEBHOOK).

Only providers that name our own Message-ID in what they report: by it the mail is found. Their word is
believed because they know the secret; whoever else knows it can add to the record what `returned` says.
One that signs a moment and a token, but not what it says, is believed once by each, and for a day.
"""

import contextlib
import hashlib
import logging
from datetime import datetime
from typing import Any

import redis
from anymail.signals import AnymailTrackingEvent, EventType
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from deliveries.models import Delivery, Report
from deliveries.returns import providers, returned
from deliveries.returns.providers import Signed
from outbox import returning as returns
from outbox.returning import Return
from signatories.origins import origin_checked

USER = "undersigned"  # as whom a provider without signatures comes
KINDS = {
    EventType.BOUNCED: Report.Kind.BOUNCED,
    EventType.REJECTED: Report.Kind.BOUNCED,
    EventType.DEFERRED: Report.Kind.DELAYED,
    EventType.DELIVERED: Report.Kind.DELIVERED,
}
OF_OTHER_MAIL = {
    EventType.BOUNCED: Return.BOUNCE,
    EventType.REJECTED: Return.BOUNCE,
    EventType.COMPLAINED: Return.COMPLAINT,
}
# what django-anymail lets through when a request, checked or not, is of another shape than a provider's
NOT_UNDERSTOOD = (
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    OSError,  # with OverflowError: a moment that no calendar has
    OverflowError,
    RecursionError,
    ImproperlyConfigured,
)

logger = logging.getLogger(__name__)


@origin_checked  # a provider is no browser; it is known by its secret
@require_http_methods(["HEAD", "POST"])
def events(request: HttpRequest) -> HttpResponse:
    """Take in what a provider reports. 404 unless PROVIDER_WEBHOOK is set, 400 unless it is the provider.

    406, which tells it not to try again, where its signature is of another day or was used before.
    """
    if not settings.PROVIDER_WEBHOOK:
        raise Http404
    if request.method != "POST":
        return HttpResponse()
    told, at = _told(request), timezone.now()
    try:
        signed = _signed(request, at)
    except providers.Stale:
        return HttpResponse(status=406)
    if signed and not _use(signed, at):
        return HttpResponse(status=406)
    try:
        for event in told:
            record(event)
    except BaseException:
        if signed:
            _give_back(signed)
        raise
    return HttpResponse()


def record(event: AnymailTrackingEvent) -> bool:
    """Note what a provider says of a delivery, or of any other mail of ours; False if that is nothing new."""
    message_id = str(event.message_id or "")[: returned.LOOKED_AT]
    if not returns.MESSAGE_ID.fullmatch(message_id):
        return False
    delivery = Delivery.objects.light().filter(message_id=message_id).first()
    if delivery is None:
        why = OF_OTHER_MAIL.get(event.event_type)
        return bool(why and returns.note(returns.Report(why, message_id)))
    kind = KINDS.get(event.event_type)
    if kind is None:
        return False
    report = returned.note(
        delivery, kind=kind, source=Report.Source.PROVIDER, digest=_digest(event, message_id),
        words=returned.clean(str(event.mta_response or event.description or "")),
        facts={"action": event.event_type},
    )  # fmt: skip
    return report is not None


def _told(request: HttpRequest) -> list[AnymailTrackingEvent]:
    """The events in a request. Raises SuspiciousOperation, which answers 400."""
    view = _understands(providers.provider(settings.PROVIDER_WEBHOOK))
    try:
        view.run_validators(request)
        return view.parse_events(request)
    except NOT_UNDERSTOOD as error:
        raise SuspiciousOperation("no event of the provider’s") from error


def _understands(provider: providers.Provider) -> Any:
    """What checks and understands the provider's requests; loaded where one reports."""
    from anymail.webhooks.brevo import BrevoTrackingWebhookView
    from anymail.webhooks.mailgun import MailgunTrackingWebhookView

    if provider.name == providers.MAILGUN:  # which signs what it says
        return MailgunTrackingWebhookView(webhook_signing_key=provider.secret)
    return BrevoTrackingWebhookView(webhook_secret=[f"{USER}:{provider.secret}"])


def _signed(request: HttpRequest, at: datetime) -> Signed | None:
    """What is used up by this request. Raises Stale, and SuspiciousOperation, which answers 400."""
    try:
        return providers.provider(settings.PROVIDER_WEBHOOK).signed(request, at=at)
    except NOT_UNDERSTOOD as error:
        raise SuspiciousOperation("no signature of the provider’s") from error


def _use(signed: Signed, at: datetime) -> bool:
    """Whether it is used for the first time. While the cache is away nobody can tell, and it is believed."""
    try:
        return cache.add(f"hook:{signed.name}", 1, (signed.until - at).total_seconds() + 1)
    except redis.RedisError as error:
        logger.warning("cache away, a provider's signature is not remembered: %s", type(error).__name__)
        return True


def _give_back(signed: Signed) -> None:
    """What could not be recorded may be told again."""
    with contextlib.suppress(redis.RedisError):
        cache.delete(f"hook:{signed.name}")


def _digest(event: AnymailTrackingEvent, message_id: str) -> str:
    """The same event, however often the provider repeats it, is the same text."""
    told = [message_id, event.event_type, event.event_id or event.timestamp, event.mta_response]
    return hashlib.sha256("\n".join(str(part) for part in told).encode(errors="replace")).hexdigest()
