"""Public pages about what has become of a letter."""

from django.urls import path

from deliveries import feeds
from deliveries.proofs import checking

app_name = "deliveries_public"

urlpatterns = [
    path("letters/<slug:slug>/feed/", feeds.feed, name="feed"),
    path("verify/", checking.verify, name="verify"),
]
