"""The desk's pages of updates."""

from django.urls import path

from updates import desk

app_name = "updates"

ALL = "letters/<slug:slug>/updates/"
ONE = f"{ALL}<int:number>/"

urlpatterns = [
    path(ALL, desk.updates, name="updates"),
    path(f"{ALL}begin/", desk.begin, name="begin"),
    path(ONE, desk.update, name="update"),
    path(f"{ONE}text/", desk.begin_text, name="begin_text"),
    path(f"{ONE}text/<str:language>/", desk.text, name="text"),
    path(f"{ONE}text/<str:language>/trial/", desk.try_out, name="try_out"),
    path(f"{ONE}remove/", desk.remove, name="remove"),
    path(f"{ONE}propose/", desk.propose, name="propose"),
    path(f"{ONE}approve/", desk.approve, name="approve"),
]
