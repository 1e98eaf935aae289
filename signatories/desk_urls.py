from django.urls import path

from signatories import desk

app_name = "desk"

ONE = "letters/<slug:slug>/"
SIGNATURE = f"{ONE}signatures/<str:public_id>/"

urlpatterns = [
    path("", desk.letters, name="letters"),
    path(ONE, desk.letter, name="letter"),
    path(f"{ONE}queue/", desk.queue_of, name="queue"),
    path(f"{ONE}decisions/", desk.decisions, name="decisions"),
    path(f"{SIGNATURE}approve/", desk.decide, {"verdict": "approve"}, name="approve"),
    path(f"{SIGNATURE}reject/", desk.decide, {"verdict": "reject"}, name="reject"),
    path(f"{SIGNATURE}reinstate/", desk.decide, {"verdict": "reinstate"}, name="reinstate"),
]
