"""What an office wrote and nobody shows is forgotten in time; that it has answered is not."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from answers import forgetting, telling
from answers.models import Answer
from tests.answers.conftest import DESK, shown, words

pytestmark = pytest.mark.django_db

STRANGE = {"ground": "strange", "reason": "A joke."}
WITHHELD = {"ground": "withheld", "reason": "It names a child."}
IN_A_YEAR = timedelta(days=366)


@pytest.fixture
def decline(answer, desk):
    def declined(facts: dict[str, str]) -> Answer:
        assert desk.post(f"{DESK}{answer.pk}/decline/", facts).status_code == 302
        return Answer.objects.get(pk=answer.pk)

    return declined


def in_a_year() -> int:
    return forgetting.forget(at=timezone.now() + IN_A_YEAR)


def test_what_was_none_goes_after_a_year_and_is_counted_alone(answer, desk, decline):
    desk.post(f"{DESK}{answer.pk}/publish/")
    telling.spread()
    decline(STRANGE)
    assert forgetting.forget() == 0
    assert in_a_year() == 1
    assert not Answer.objects.exists()


def test_of_one_that_is_kept_back_only_its_words_go(answer, decline, fresh_cache, later, link, desk):
    kept = decline(WITHHELD)
    assert forgetting.forget() == 0
    assert in_a_year() == 1 and in_a_year() == 0
    row = Answer.objects.get()
    assert (row.text, row.name, row.role, row.digest) == ("", "", "", "")
    assert (row.received_at, row.ground, row.reason) == (kept.received_at, "withheld", "It names a child.")
    for page in (Client().get(link), desk.get(DESK)):
        assert "erased" in words(page) and "N. Qadri" not in words(page)
    assert "Publish it" not in words(desk.get(DESK))
    later(IN_A_YEAR)
    public = shown(fresh_cache)
    assert "It names a child." in public and "without a reply" not in public


def test_what_has_no_words_any_more_is_not_published(answer, decline, desk):
    decline(WITHHELD)
    in_a_year()
    refused = desk.post(f"{DESK}{answer.pk}/publish/")
    assert refused.status_code == 409 and "erased" in words(refused)
    assert not Answer.objects.published().exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.update(declined_at=None, ground="", reason="", published_at=timezone.now())


def test_an_office_may_answer_again_once_its_words_are_forgotten(answer, decline, link):
    for text in ("We will act.", "We have acted."):
        Client().post(link, {"act": "answer", "text": text})
    Answer.objects.exclude(pk=answer.pk).update(
        declined_at=timezone.now(), reviewed_by=decline(WITHHELD).reviewed_by, **WITHHELD
    )
    assert in_a_year() == 3


@pytest.mark.parametrize("change", [{"text": ""}, {"text": "", "name": "", "role": "", "digest": ""}])
def test_no_words_are_forgotten_that_somebody_may_still_publish(answer, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(pk=answer.pk).update(**change)


def test_what_is_kept_back_is_forgotten_whole(answer, decline):
    decline(WITHHELD)
    for change in ({"text": ""}, {"name": ""}, {"text": "We will not."}, {"received_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.filter(pk=answer.pk).update(**change)


def test_an_answer_is_kept(answer, decline):
    if connection.vendor == "sqlite":
        pytest.skip("on SQLite rules do not look at DELETE")
    for row in (answer, decline(WITHHELD)):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.delete()
