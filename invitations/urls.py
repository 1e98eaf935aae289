from django.urls import path

from invitations import desk, views

app_name = "invitations"

DESK = "desk/letters/<slug:slug>/invitations/"

urlpatterns = [
    path("o/<str:token>/", views.invited, name="invited"),
    path("o/<str:token>/decline/", views.decline, name="decline"),
    path(DESK, desk.invitations, name="invitations"),
    path(f"{DESK}pattern/", desk.pattern, name="pattern"),
    path(f"{DESK}discard/", desk.discard, name="discard"),
    path(f"{DESK}send/", desk.send, name="send"),
    path(f"{DESK}remind/", desk.remind, name="remind"),
    path(f"{DESK}unanswered/", desk.unanswered, name="unanswered"),
]
