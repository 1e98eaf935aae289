from datetime import timedelta

import pytest

from config.celery import app
from outbox import clock, emails, forgetting
from outbox.building import Mail
from outbox.models import Rendered

pytestmark = pytest.mark.django_db


def test_ready_made_mail_that_never_left_goes_after_thirty_days():
    now = clock.now()
    mail = Mail(to="ada@mail.example", subject="Code", text="1234")
    old, young = emails.seal(mail), emails.seal(mail)
    Rendered.objects.filter(pk=old.pk).update(created_at=now - timedelta(days=30))
    assert forgetting.forget(now) == 1
    assert list(Rendered.objects.all()) == [young]


def test_the_clock_asks_for_it_and_for_what_is_due():
    app.loader.import_default_modules()
    on_the_clock = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"outbox.drain", "outbox.forget"} <= on_the_clock & set(app.tasks)
