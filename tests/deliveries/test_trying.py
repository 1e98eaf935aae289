"""A delivery is tried out whole or not at all."""

import pytest

from accounts.models import Trail
from deliveries import releasing, trying
from deliveries.models import Trial
from letters.models import Recipient
from outbox.models import Message
from tests.deliveries.test_releasing import desk, dunya, esra, other, place, proposed

__all__ = ["desk", "dunya", "esra", "other"]

pytestmark = pytest.mark.django_db


def test_each_office_that_is_reached_by_mail_is_tried_once(letter, desk, dunya):
    office = letter.current.recipients.first()
    Recipient.objects.filter(pk=office.pk).update(channel="post", address="", postal="1 Quay Street")
    release = proposed(letter, desk)
    assert trying.try_out(release, by=dunya) == Trial.objects.count() == 1
    assert Trail.objects.filter(what="delivery tried out").count() == 1


def test_where_one_cannot_be_posted_none_is(letter, desk, dunya, monkeypatch):
    release = proposed(letter, desk)
    posted = []

    def post(kind, **about):
        if posted:
            raise ConnectionError
        posted.append(kind)

    monkeypatch.setattr("outbox.posting.post", post)
    with pytest.raises(ConnectionError):
        desk.post(place(letter, f"releases/{release.pk}/try/"))
    assert posted and not Trial.objects.exists()


def test_what_is_over_is_not_tried(letter, desk, dunya):
    release = proposed(letter, desk)
    desk.post(place(letter, f"releases/{release.pk}/cancel/"))
    release.refresh_from_db()
    with pytest.raises(releasing.NothingToShow):
        trying.try_out(release, by=dunya)
    assert not Trial.objects.exists() and not Message.objects.filter(kind="delivery_trial").exists()
