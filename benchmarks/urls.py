"""The map of the whole site, and beside it the views it is compared with."""

from django.urls import path

from benchmarks import views
from config.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *urlpatterns,
    path("benchmarks/<slug:slug>/sign/", views.sign),
    path("benchmarks/<slug:slug>/sign-unseen/", views.sign_unseen),
    path("benchmarks/constant/<int:size>/", views.constant),
]
