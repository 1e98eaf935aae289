"""Taking out many signatures at once, through the desk's pages."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Trail
from invalidations import forgetting, working
from invalidations.models import ALONE, Invalidation, State
from letters.models import Role
from signatories import moderating, signing
from signatories.enrolled import enrolling
from signatories.models import Entry, Signature
from tests import cast
from tests.invalidations.conftest import ALL, ASKED

pytestmark = pytest.mark.django_db


def propose(client, **conditions):
    """Say what to look for, and let the worker look."""
    client.post(f"{ALL}new/", ASKED | conditions)
    row = Invalidation.objects.latest("pk")
    assert working.work(row.pk) is False
    row.refresh_from_db()
    return row


def press(client, row, button):
    answer = client.post(f"{ALL}{row.pk}/{button}/")
    working.work(row.pk)
    enrolling.enrol(at_once=True)
    row.refresh_from_db()
    return answer


def counted(letter):
    return enrolling.tally(letter).signatures


def test_few_are_looked_at_taken_out_and_put_back_by_one_person(letter, bots, moderator):
    bots(3)
    esra = moderator()
    row = propose(esra)
    page = esra.get(f"{ALL}{row.pk}/").content.decode()
    assert (row.state, row.found) == (State.GATHERED, 3)
    assert "Bot 0 Smith" in page and "Eve" not in page
    assert counted(letter) == 5
    press(esra, row, "start")
    assert (row.state, row.taken_out, counted(letter)) == (State.DONE, 3, 2)
    press(esra, row, "reverse")
    assert (row.state, row.put_back, counted(letter)) == (State.REVERSED, 3, 5)
    told = [line.what for line in Trail.objects.filter(about_type="invalidations.invalidation")]
    assert told == ["invalidation reversed", "invalidation started", "invalidation proposed"]
    assert "bots.example" not in str(Trail.objects.values_list("detail", flat=True))


@pytest.mark.parametrize(
    "conditions, names",
    [
        ({"domain": "bots.example"}, {"Bot 0 Smith", "Bot 1 Smith"}),
        ({"domain": "@BOTS.example"}, {"Bot 0 Smith", "Bot 1 Smith"}),
        ({"domain": "mail.bots.example"}, {"Bot 0 Smith", "Bot 1 Smith"}),
        ({"domain": "", "name": "bot *  smith"}, {"Bot 0 Smith", "Bot 1 Smith"}),
        ({"domain": "", "name": "bot*"}, {"Bot 0 Smith", "Bot 1 Smith"}),
        ({"domain": "", "name": "*bot*"}, {"Bot 0 Smith", "Bot 1 Smith", "Adam Botha"}),
        ({"domain": "", "name": "Bot 1 SMITH"}, {"Bot 1 Smith"}),
        ({"domain": "", "name": "b.t*"}, set()),
        ({"domain": "bots.example", "name": "*1*"}, {"Bot 1 Smith"}),
        ({"since": "2000-01-01T00:00"}, {"Bot 0 Smith", "Bot 1 Smith"}),
        ({"until": "2000-01-01T00:00"}, set()),
        ({"score": "40"}, {"Bot 1 Smith"}),
    ],
)
def test_all_conditions_hold(bots, moderator, conditions, names):
    _, second = bots(2)
    Signature.objects.filter(pk=second.pk).update(score=40)
    row = propose(moderator(), **conditions)
    assert {match.signature.name for match in row.matches.all()} == names


def test_a_network_is_found_by_one_who_came_from_it_and_forgotten_at_once(bots, moderator):
    first, second, _ = bots(3)
    Signature.objects.filter(pk__in=[first.pk, second.pk]).update(network="a" * 64)
    esra = moderator()
    page = esra.get(f"{ALL}new/?like={first.public_id}").content.decode()
    assert "From the same network" in page and 'value="bots.example"' in page
    row = propose(esra, domain="", like=first.public_id, is_by_network="on")
    assert (row.found, row.network) == (2, "")
    assert "From the same network" not in esra.get(f"{ALL}new/").content.decode()


def test_nobody_signs_meanwhile_into_what_was_looked_at(bots, moderator, letter):
    bots(2)
    esra = moderator()
    row = propose(esra)
    bots(1, email="late@bots.example", name="Late Comer")
    press(esra, row, "start")
    assert (row.taken_out, counted(letter)) == (2, 3)


def test_above_fifty_somebody_else_lets_it_run(bots, moderator, letter):
    bots(1)
    esra, femi = moderator(), moderator("Femi")
    row = propose(esra)
    Invalidation.objects.filter(pk=row.pk).update(found=ALONE + 1)
    assert "by two people" in esra.get(f"{ALL}{row.pk}/").content.decode()
    assert press(esra, row, "start").status_code == 403
    assert (row.state, counted(letter)) == (State.GATHERED, 3)
    press(femi, row, "start")
    assert (row.state, counted(letter)) == (State.DONE, 2)


def test_many_small_ones_are_many(bots, moderator, letter):
    second = bots(2)[1]
    esra = moderator()
    row = propose(esra, domain="", name="Bot 0 Smith")
    press(esra, row, "start")
    Invalidation.objects.filter(pk=row.pk).update(found=ALONE)
    again = propose(esra, domain="", name="Bot 1 Smith")
    assert "by two people" in esra.get(f"{ALL}{again.pk}/").content.decode()
    assert press(esra, again, "start").status_code == 403
    assert cast.fresh(second).rejected_at is None
    Invalidation.objects.filter(pk=row.pk).update(started_at=timezone.now() - timedelta(days=1))
    press(esra, again, "start")
    assert cast.fresh(second).rejected_at


def test_the_database_lets_nobody_take_out_many_alone(bots, moderator):
    bots(1)
    row = propose(moderator())
    with pytest.raises(IntegrityError, match="nobody_invalidates_many_alone"), transaction.atomic():
        Invalidation.objects.filter(pk=row.pk).update(found=ALONE + 1, started_by=row.proposed_by)


def test_above_fifty_one_asks_for_the_reversal_and_another_lets_it_happen(bots, moderator, letter):
    bots(1)
    esra, femi = moderator(), moderator("Femi")
    row = propose(esra)
    press(esra, row, "start")
    Invalidation.objects.filter(pk=row.pk).update(taken_out=ALONE + 1)
    assert "put back by two people" in esra.get(f"{ALL}{row.pk}/").content.decode()
    assert press(esra, row, "reverse").status_code == 403
    assert press(esra, row, "reversal").status_code == 302
    assert (row.state, counted(letter)) == (State.DONE, 2)
    assert "You have asked for that" in esra.get(f"{ALL}{row.pk}/").content.decode()
    assert press(esra, row, "reverse").status_code == 403
    assert press(femi, row, "reversal").status_code == 409
    assert press(femi, row, "reverse").status_code == 302
    assert (row.state, counted(letter)) == (State.REVERSED, 3)
    told = {line.what: line.who.name for line in Trail.objects.filter(what__contains="revers")}
    assert told == {"invalidation reversal asked for": "Esra", "invalidation reversed": "Femi"}


def test_many_small_reversals_are_many(bots, moderator, letter):
    second = bots(2)[1]
    esra = moderator()
    rows = [propose(esra, domain="", name=f"Bot {number} Smith") for number in range(2)]
    for row in rows:
        press(esra, row, "start")
    press(esra, rows[0], "reverse")
    Invalidation.objects.filter(pk=rows[0].pk).update(taken_out=ALONE)
    assert press(esra, rows[1], "reverse").status_code == 403
    assert cast.fresh(second).rejected_at
    Invalidation.objects.filter(pk=rows[0].pk).update(reversed_at=timezone.now() - timedelta(days=1))
    press(esra, rows[1], "reverse")
    assert cast.fresh(second).rejected_at is None


@pytest.mark.parametrize(
    "asked, taken_out, name",
    [(True, ALONE + 1, "nobody_reverses_many_alone"), (False, 1, "a_reversal_is_asked_for")],
)
def test_the_database_lets_nobody_put_back_many_alone(bots, moderator, asked, taken_out, name):
    bots(1)
    esra = moderator()
    row = propose(esra)
    press(esra, row, "start")
    by = row.proposed_by
    reversing = {"state": State.REVERSING, "reversed_by": by, "reversed_at": timezone.now()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Invalidation.objects.filter(pk=row.pk).update(
            **reversing, taken_out=taken_out, reversal_asked_by=by if asked else None
        )


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"domain": ""}, "at least one condition"),
        ({"domain": "bots"}, "A domain looks like this"),
        ({"domain": "b@bots.example"}, "A domain looks like this"),
        ({"name": "**"}, "some letters of the name"),
        ({"name": "*a*b*c*"}, "Three * at most"),
        ({"reason": " "}, "required"),
        ({"reason": "as eve@mail.example said"}, "Leave addresses out"),
        ({"since": "2026-02-02T10:00", "until": "2026-02-02T10:00"}, "lies before the beginning"),
        ({"score": "-1"}, "greater than or equal"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_looked_for(moderator, changes, words):
    answer = moderator().post(f"{ALL}new/", ASKED | changes)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Invalidation.objects.exists()


def test_the_numbers_of_other_letters_signatures_take_no_time(bots, moderator, letter, monkeypatch):
    monkeypatch.setattr(working, "WINDOW", 3)
    other = cast.quiet_streets()
    for number in range(9):
        cast.attempt(other, email=f"{number}@bots.example")
    bots(2)
    moderator().post(f"{ALL}new/", ASKED)
    row = Invalidation.objects.get()
    assert [working.batch(row.pk), working.batch(row.pk)] == [True, False]
    row.refresh_from_db()
    assert (row.state, row.found) == (State.GATHERED, 2)


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(bots, moderator, letter, monkeypatch):
    monkeypatch.setattr(working, "BATCH", 2)
    monkeypatch.setattr(working, "WINDOW", 3)
    bots(5)
    esra = moderator()
    esra.post(f"{ALL}new/", ASKED)
    row = Invalidation.objects.get()
    assert working.batch(row.pk)
    assert working.work(row.pk) is False
    esra.post(f"{ALL}{row.pk}/start/")
    assert working.batch(row.pk)
    row.refresh_from_db()
    assert (row.handled, row.progress()) == (2, (2, 5))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        working.batch(row.pk)
        raise ZeroDivisionError  # it dies before it has committed
    row.refresh_from_db()
    assert row.handled == 2
    assert working.work(row.pk) is False
    row.refresh_from_db()
    enrolling.enrol(at_once=True)
    assert (row.state, row.taken_out, counted(letter)) == (State.DONE, 5, 2)
    assert working.work(row.pk) is False


def test_stopped_in_the_middle_it_takes_out_no_more_and_what_is_out_can_return(
    bots, moderator, letter, monkeypatch
):
    monkeypatch.setattr(working, "BATCH", 2)
    bots(5)
    esra = moderator()
    row = propose(esra)
    esra.post(f"{ALL}{row.pk}/start/")
    working.batch(row.pk)
    press(esra, row, "cancel")
    assert (row.state, row.taken_out, counted(letter)) == (State.CANCELLED, 2, 5)
    press(esra, row, "reverse")
    assert (row.state, row.put_back, counted(letter)) == (State.REVERSED, 2, 7)


def test_who_withdraws_or_is_decided_about_meanwhile_is_left_alone(bots, moderator, letter):
    early, late, judged, back = bots(4)
    esra = moderator()
    row = propose(esra)
    signing.withdraw(early)
    press(esra, row, "start")
    assert row.taken_out == 3
    user = cast.chidi(letter)
    moderating.reinstate(judged, by=user, reason="A real person.")
    Signature.objects.filter(pk=late.pk).update(withdrawn_at=timezone.now())
    press(esra, row, "reverse")
    assert row.put_back == 1
    standing = set(Signature.objects.standing().values_list("pk", flat=True))
    assert {judged.pk, back.pk} <= standing and not {early.pk, late.pk} & standing


def test_who_waited_for_a_moderator_waits_again(bots, moderator, letter):
    (held,) = bots(1)
    since = timezone.now() - timedelta(hours=3)
    Signature.objects.filter(pk=held.pk).update(held_at=since)
    esra = moderator()
    row = propose(esra)
    press(esra, row, "start")
    assert not letter.signatures.waiting().exists()
    press(esra, row, "reverse")
    assert letter.signatures.waiting().get().held_at == since
    assert counted(letter) == 2


def test_the_roll_says_that_they_left_and_each_has_a_decision_on_a_ground(bots, moderator):
    bots(2)
    before = Entry.objects.filter(leaves__isnull=False).count()
    esra = moderator()
    press(esra, propose(esra), "start")
    assert Entry.objects.filter(leaves__isnull=False).count() == before + 2
    assert Signature.objects.filter(decisions__ground="fake", decisions__verdict="reject").count() == 2


def test_nothing_is_done_out_of_turn(bots, moderator, letter):
    bots(1)
    esra = moderator()
    esra.post(f"{ALL}new/", ASKED)
    row = Invalidation.objects.get()
    for button in ("start", "reverse"):
        assert esra.post(f"{ALL}{row.pk}/{button}/").status_code == 409
    working.work(row.pk)
    press(esra, row, "start")
    for button in ("start", "cancel"):
        assert esra.post(f"{ALL}{row.pk}/{button}/").status_code == 409
    Invalidation.objects.update(ended_at=timezone.now() - timedelta(days=30))
    assert esra.post(f"{ALL}{row.pk}/reverse/").status_code == 409
    enrolling.enrol(at_once=True)
    assert counted(letter) == 2


def test_another_letters_invalidation_is_not_there(bots, moderator):
    bots(1)
    esra = moderator()
    row = propose(esra)
    others = cast.quiet_streets()
    Role.objects.create(letter=others, user=row.proposed_by, kind=Role.Kind.MODERATOR)
    for page in ("", "start/", "cancel/", "reversal/", "reverse/"):
        place = f"/desk/letters/{others.slug}/invalidations/{row.pk}/{page}"
        assert (esra.post(place) if page else esra.get(place)).status_code == 404


def test_what_was_looked_for_is_forgotten_when_nothing_can_be_reversed(bots, moderator):
    bots(1)
    esra = moderator()
    row = propose(esra, name="bot*")
    press(esra, row, "start")
    assert forgetting.forget() == 0
    assert forgetting.forget(at=timezone.now() + timedelta(days=31)) == 1
    row.refresh_from_db()
    assert (row.domain, row.name) == (None, None)


def test_a_name_that_is_shown_to_nobody_stays_sealed(bots, moderator):
    bots(1, visibility="counted", name="Rosa Luz")
    esra = moderator()
    page = esra.get(f"{ALL}{propose(esra).pk}/").content.decode()
    assert "sealed" in page and "Rosa" not in page


def test_an_empty_page_teaches(moderator):
    assert "Nothing was ever rejected in bulk" in moderator().get(ALL).content.decode()
