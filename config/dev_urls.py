"""What exists with DEBUG only: the mail box, and signing in as one of the cast."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
