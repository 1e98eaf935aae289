"""The desk's pages of logos."""

from django.urls import path

from logos import desk

app_name = "logos"

urlpatterns = [
    path("organisations/<str:organisation>/logo/", desk.of_organisation, name="of_organisation"),
]
