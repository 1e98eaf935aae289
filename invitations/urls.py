from django.urls import path

from invitations import desk, founders_desk, views

app_name = "invitations"

DESK = "desk/letters/<slug:slug>/invitations/"
FOUNDERS = "desk/letters/<slug:slug>/founders/"

urlpatterns = [
    path("o/<str:token>/", views.invited, name="invited"),
    path("o/<str:token>/decline/", views.decline, name="decline"),
    path(DESK, desk.invitations, name="invitations"),
    path(f"{DESK}pattern/", desk.pattern, name="pattern"),
    path(f"{DESK}discard/", desk.discard, name="discard"),
    path(f"{DESK}send/", desk.send, name="send"),
    path(f"{DESK}remind/", desk.remind, name="remind"),
    path(f"{DESK}unanswered/", desk.unanswered, name="unanswered"),
    path(FOUNDERS, founders_desk.founders, name="founders"),
    path(f"{FOUNDERS}pattern/", founders_desk.founders_pattern, name="founders_pattern"),
    path(f"{FOUNDERS}discard/", founders_desk.discard_founders, name="discard_founders"),
    path(f"{FOUNDERS}announce/", founders_desk.announce, name="announce"),
    path(f"{FOUNDERS}take-back/", founders_desk.take_back, name="take_back"),
]
