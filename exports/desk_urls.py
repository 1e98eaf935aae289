"""The desk's pages for lists that leave, beside all others."""

from django.urls import path

from exports import desk
from signatories import desk_urls

app_name = desk_urls.app_name

ONE = "letters/<slug:slug>/exports/"

urlpatterns = [
    *desk_urls.urlpatterns,
    path(ONE, desk.exports, name="exports"),
    path(f"{ONE}new/", desk.new, name="new_export"),
    path(f"{ONE}<int:number>/approve/", desk.approve, name="approve_export"),
    path(f"{ONE}<int:number>/take/", desk.take, name="take_export"),
    path(f"{ONE}<int:number>/cancel/", desk.cancel, name="cancel_export"),
]
