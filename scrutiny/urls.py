from django.urls import path

from scrutiny import views

app_name = "scrutiny"

urlpatterns = [
    path("letters/<slug:slug>/challenge.json", views.challenge, name="challenge"),
]
