from django.urls import path

from letters import views

app_name = "letters"

urlpatterns = [
    path("", views.index, name="index"),
    path("privacy/", views.privacy, name="privacy"),
    path("letters/<slug:slug>/", views.show, name="show"),
]
