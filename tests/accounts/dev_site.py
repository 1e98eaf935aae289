"""The whole site, and the developer's pages with it."""

from django.urls import include, path

from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500"]
urlpatterns = [path("dev/", include("config.dev_urls")), *site]
