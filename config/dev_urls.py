"""What exists with DEBUG only: the mail box, and signing in as one of the cast."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("accounts.dev_urls")),
    path("", include("outbox.dev_urls")),
]
