"""PROVIDER_WEBHOOK: which mail provider reports to us by HTTP, and how it is known."""

from typing import Any, NamedTuple

from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from django.core.exceptions import ImproperlyConfigured

USER = "undersigned"
SHORTEST = 16  # characters of a secret


class Provider(NamedTuple):
    """PROVIDER_WEBHOOK, taken apart."""

    name: str
    secret: str

    def view(self) -> Any:
        """What checks and understands the provider's requests."""
        if self.name == "mailgun":  # which signs what it says
            return MailgunTrackingWebhookView(webhook_signing_key=self.secret)
        return BrevoTrackingWebhookView(webhook_secret=[f"{USER}:{self.secret}"])


def provider(text: str) -> Provider:
    """Read PROVIDER_WEBHOOK, `brevo:SECRET` or `mailgun:SIGNING KEY`. Raises ImproperlyConfigured."""
    name, _colon, secret = text.partition(":")
    if name not in ("brevo", "mailgun") or len(secret) < SHORTEST or not secret.isascii():
        raise ImproperlyConfigured(
            f"PROVIDER_WEBHOOK must read brevo:SECRET or mailgun:KEY, of {SHORTEST} characters at least."
        )
    return Provider(name, secret)
