"""How allauth behaves here: staff only, nobody signs up, and nothing leads off the site."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import Login
from allauth.core import context
from allauth.core.internal.ratelimit import truncate_ip
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import known_browsers, proving, second_factors, sessions, trail
from accounts.models import User
from vault import browsers
from vault.indexing import blind_index
from vault.peers import client_ip

logger = logging.getLogger(__name__)

LOGIN_CODE, SPACE_CODE = "account/email/login_code", "account/email/space_code"
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
        """Post a mail to somebody with an account; like all mail it waits in the outbox."""
        if speaker := User.objects.filter(email=email, works_here=False).first():
            email = speaker.mailbox
            template_prefix = SPACE_CODE if template_prefix == LOGIN_CODE else template_prefix
        facts = {"email": email, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
        self.render_mail(template_prefix, email, facts | context).send()

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **more: Any
    ) -> None:
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **more)

    def is_login_by_code_required(self, login: Login) -> bool:
        """A mailed code follows the password until a second factor is set up, and then that does."""
        has_factor = login.user is not None and second_factors.has_one(login.user)
        return not has_factor and super().is_login_by_code_required(login)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where sign-in leads if no page was asked for."""
        works_here = getattr(request.user, "works_here", True)
        return super().get_login_redirect_url(request) if works_here else reverse("spaces:home")

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Who came in minutes ago has just proven everything."""
        return not proving.is_fresh(context.request)

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> Any:
        request.session[sessions.BROWSER] = browsers.family(request.headers.get("User-Agent", ""))
        if second_factors.has_one(user):
            second_factors.note_shown(request)
        response = super().post_login(request, user, **more)
        if not known_browsers.is_known(request, user):
            self.send_mail("account/email/new_browser", user.email, {"began_at": timezone.now()})
            known_browsers.remember(response, user)
        logger.info("user %s signed in", user.pk)
        trail.record("signed in", about=user, by=user)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        logger.warning("a sign-in failed")
