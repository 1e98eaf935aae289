"""The desk's pages of logos."""

from django.urls import path

from logos import desk

app_name = "logos"

urlpatterns = [
    path("letters/<slug:slug>/draft/authors/<int:number>/logo/", desk.of_author, name="of_author"),
    path("organisations/<str:organisation>/logo/", desk.of_organisation, name="of_organisation"),
]
