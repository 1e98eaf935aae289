"""The desk's pages on which one organisation goes into another."""

from django.urls import path

from merges import desk

app_name = "merges"

ONE = "organisations/<str:organisation>/"

urlpatterns = [
    path(f"{ONE}merge/", desk.choose, name="choose"),
    path(f"{ONE}merge/<str:other>/", desk.merge, name="merge"),
    path(f"{ONE}merges/<int:number>/undo/", desk.undo, name="undo"),
]
