from django.urls import path

from signatories import managing, reports, views
from signatories.enrolled import lists

app_name = "signatories"

urlpatterns = [
    path("letters/<slug:slug>/sign/", views.sign, name="sign"),
    path("letters/<slug:slug>/check-your-email/", views.check_your_email, name="check_your_email"),
    path("letters/<slug:slug>/code/", views.code, name="code"),
    path("letters/<slug:slug>/resend/", views.resend, name="resend"),
    path("letters/<slug:slug>/signatories/", lists.signatories, name="signatories"),
    path("letters/<slug:slug>/report/<str:public_id>/", reports.report, name="report"),
    path("letters/<slug:slug>/reported/", reports.reported, name="reported"),
    path("letters/<slug:slug>/integrity/", lists.integrity, name="integrity"),
    path("letters/<slug:slug>/count.json", lists.count, name="count"),
    path("letters/<slug:slug>/roll.json", lists.roll_head, name="roll_head"),
    path("letters/<slug:slug>/roll.txt", lists.roll_lines, name="roll_lines"),
    path("s/<str:token>/", views.confirm, name="confirm"),
    path("m/", managing.request_link, name="request_link"),
    path("m/<str:token>/", managing.manage, name="manage"),
    path("u/<str:token>/", managing.unsubscribe, name="unsubscribe"),
]
