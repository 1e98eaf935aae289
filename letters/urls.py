from django.urls import path

from letters import history, notices, views

app_name = "letters"

urlpatterns = [
    path("", views.index, name="index"),
    path("privacy/", views.privacy, name="privacy"),
    path("contact/", notices.contact, name="contact"),
    path("accessibility/", notices.accessibility, name="accessibility"),
    path("letters/<slug:slug>/", views.show, name="show"),
    path("letters/<slug:slug>/versions/", history.versions, name="versions"),
    path("letters/<slug:slug>/privacy/", notices.notice, name="notice"),
]
