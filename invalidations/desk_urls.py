"""The desk's pages of bulk invalidations."""

from django.urls import path

from invalidations import desk

app_name = "invalidations"

ALL = "letters/<slug:slug>/invalidations/"
ONE = f"{ALL}<int:number>/"

urlpatterns = [
    path(ALL, desk.invalidations, name="invalidations"),
    path(f"{ALL}new/", desk.new, name="new"),
    path(ONE, desk.invalidation, name="invalidation"),
    path(f"{ONE}start/", desk.start, name="start"),
    path(f"{ONE}cancel/", desk.cancel, name="cancel"),
    path(f"{ONE}reversal/", desk.ask_to_reverse, name="ask_to_reverse"),
    path(f"{ONE}reverse/", desk.reverse, name="reverse"),
]
