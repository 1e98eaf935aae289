from django.urls import path

from outbox import dev

app_name = "box"

urlpatterns = [
    path("mail/", dev.mails, name="mails"),
    path("mail/<str:mail_id>/", dev.mail, name="mail"),
]
