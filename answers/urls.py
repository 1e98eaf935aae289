from django.urls import path

from answers import desk, views

app_name = "answers"

DESK = "desk/letters/<slug:slug>/answers/"

urlpatterns = [
    path("d/<str:token>/", views.office, name="office"),
    path("d/<str:token>/letter.pdf", views.paper, name="paper"),
    path("d/<str:token>/letter-<int:volume>.pdf", views.paper, name="volume"),
    path("desk/deliveries/<int:number>/answers/", desk.by_number, name="by_number"),
    path(DESK, desk.answers, name="answers"),
    path(f"{DESK}new/", desk.enter, name="enter"),
    path(f"{DESK}<int:number>/scan.webp", desk.scan, name="scan"),
    path(f"{DESK}<int:number>/publish/", desk.publish, name="publish"),
    path(f"{DESK}<int:number>/decline/", desk.decline, name="decline"),
]
