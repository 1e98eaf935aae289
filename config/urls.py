"""The map of the whole site."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from config import health
from deliveries.proofs import checking
from deliveries.returns import hooks
from letters import notices
from logos import views as logos

# One address for every language
urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path(".well-known/security.txt", notices.security_txt, name="security_txt"),
    path("hooks/mail/", hooks.events, name="mail_events"),
    path(".well-known/undersigned-keys.json", checking.published_keys, name="undersigned_keys"),
    path("logos/<str:name>.webp", logos.show, name="logo"),
    path("admin/login/", secure_admin_login(admin.site.login)),  # the one way in is /accounts/
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/", admin.site.urls),
]

# What people read, in their language: English without a prefix. One include a line.
pages: list[URLPattern | URLResolver] = [
    path("", include("letters.urls")),
    path("", include("scrutiny.urls")),
    path("", include("signatories.urls")),
    path("", include("invitations.urls")),
    path("", include("deliveries.urls")),
    path("", include("answers.urls")),
    path("accounts/", include("accounts.urls")),
    path("", include("spaces.urls")),
    path("desk/", include("logos.desk_urls")),
    path("desk/", include("search.desk_urls")),
    path("desk/", include("merges.desk_urls")),
    path("desk/", include("invalidations.desk_urls")),
    path("desk/", include("exports.desk_urls")),
    path("desk/", include("updates.desk_urls")),
    path("desk/", include("deliveries.desk.urls")),
]
urlpatterns += i18n_patterns(*pages, prefix_default_language=False)

if settings.DEBUG:
    urlpatterns += [path("dev/", include("config.dev_urls"))]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler429 = "config.errors.too_many"
handler500 = "config.errors.broken"
