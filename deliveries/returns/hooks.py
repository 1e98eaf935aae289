"""What a mail provider reports of our mail by HTTP, understood by django-anymail (PROVIDER_WEBHOOK).

Only providers that name our own Message-ID in what they report: by it the mail is found. Their word is
believed because they know the secret; whoever else knows it can add to the record what `returned` says.
"""

import hashlib

from anymail.signals import AnymailTrackingEvent, EventType
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from deliveries.models import Delivery, Report
from deliveries.returns import providers, returned
from outbox import returning as returns
from outbox.returning import Return
from signatories.origins import origin_checked

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


@origin_checked  # a provider is no browser; it is known by its secret
@require_http_methods(["HEAD", "POST"])
def events(request: HttpRequest) -> HttpResponse:
    """Take in what a provider reports. 404 unless PROVIDER_WEBHOOK is set, 400 unless it is the provider."""
    if not settings.PROVIDER_WEBHOOK:
        raise Http404
    if request.method == "POST":
        for event in _told(request):
            record(event)
    return HttpResponse()


def record(event: AnymailTrackingEvent) -> bool:
    """Note what a provider says of a delivery, or of any other mail of ours; False if that is nothing new."""
    message_id = str(event.message_id or "")[: returned.LOOKED_AT]
    if not returns.MESSAGE_ID.fullmatch(message_id):
        return False
    delivery = Delivery.objects.defer("mail").filter(message_id=message_id).first()
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
    view = providers.provider(settings.PROVIDER_WEBHOOK).view()
    try:
        view.run_validators(request)
        return view.parse_events(request)
    except NOT_UNDERSTOOD as error:
        raise SuspiciousOperation("no event of the provider’s") from error


def _digest(event: AnymailTrackingEvent, message_id: str) -> str:
    """The same event, however often the provider repeats it, is the same text."""
    told = [message_id, event.event_type, event.event_id or event.timestamp, event.mta_response]
    return hashlib.sha256("\n".join(str(part) for part in told).encode(errors="replace")).hexdigest()
