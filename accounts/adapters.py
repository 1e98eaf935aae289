"""How allauth behaves here: staff only, nobody signs up, and nothing leads off the site."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import truncate_ip
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from vault.indexing import blind_index
from vault.peers import client_ip

logger = logging.getLogger(__name__)

# What the next page shows anyway
UNSAID = {f"account/messages/{name}.txt" for name in ("logged_in", "logged_out", "login_code_sent")}


class StaffAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Only a path of this site is a place to go on to; not even our own host by its full name."""
        if not url or not url.startswith("/") or not url.isprintable():
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request: HttpRequest) -> str:
        """What limits are counted by: a keyed hash of the visitor's network, for the cache keeps it."""
        return blind_index("network signing in", truncate_ip(client_ip(request)))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link of the mail: on our own address, whatever Host the request that caused it named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.SITE_URL + path.replace("UID-KEY", key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post a mail to staff; like all mail it waits in the outbox."""
        facts = {"email": email, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        self.render_mail(template_prefix, email, facts | context).send()

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **more: Any
    ) -> None:
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **more)

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> Any:
        logger.info("user %s signed in", user.pk)
        return super().post_login(request, user, **more)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        logger.warning("a sign-in failed")
