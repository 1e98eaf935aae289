from datetime import timedelta

import pytest
from django.db import IntegrityError

from outbox import alerting, clock
from outbox.models import Alert

pytestmark = pytest.mark.django_db

SENTENCE = "Much mail comes back."


def said(caplog):
    return [line for line in caplog.records if line.levelname == "ERROR"]


def test_an_alert_is_one_row_and_one_line_however_often_it_is_raised(caplog):
    assert alerting.raise_alert("bounces", reason=SENTENCE)
    assert not alerting.raise_alert("bounces", reason=SENTENCE)
    assert not alerting.raise_alert("bounces", reason=SENTENCE)
    [alert] = Alert.objects.open()
    assert (alert.count, alert.reason) == (3, SENTENCE)
    assert len(said(caplog)) == 1


def test_it_is_said_again_after_an_hour(caplog):
    alerting.raise_alert("bounces", reason=SENTENCE)
    Alert.objects.update(said_at=clock.now() - timedelta(minutes=61))
    assert alerting.raise_alert("bounces", reason=SENTENCE)
    assert Alert.objects.count() == 1
    assert len(said(caplog)) == 2


def test_what_it_is_about_makes_it_another():
    assert alerting.raise_alert("bounces", about="letter 1", reason=SENTENCE)
    assert alerting.raise_alert("bounces", about="letter 2", reason=SENTENCE)
    assert Alert.objects.open().count() == 2


def test_once_it_is_over_it_can_begin_anew():
    alerting.raise_alert("bounces", reason=SENTENCE)
    assert alerting.end("bounces")
    assert not alerting.end("bounces")
    assert alerting.raise_alert("bounces", reason=SENTENCE)
    assert Alert.objects.count() == 2
    assert Alert.objects.open().count() == 1


def test_what_does_not_come_again_for_a_day_is_over():
    alerting.raise_alert("bounces", reason=SENTENCE)
    alerting.raise_alert("complaints", reason=SENTENCE)
    Alert.objects.filter(kind="bounces").update(last_at=clock.now() - timedelta(hours=25))
    assert alerting.end_old(clock.now()) == 1
    assert [alert.kind for alert in Alert.objects.open()] == ["complaints"]


def test_the_database_keeps_two_open_ones_of_a_kind_apart():
    moments = dict.fromkeys(["first_at", "last_at", "said_at"], clock.now())
    Alert.objects.create(kind="bounces", reason=SENTENCE, **moments)
    with pytest.raises(IntegrityError):
        Alert.objects.create(kind="bounces", reason=SENTENCE, **moments)
