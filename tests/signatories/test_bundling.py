import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Trail
from signatories import bundling, claiming, moderating, signing, undoing
from signatories.enrolled import enrolling
from signatories.judging import suspecting
from signatories.models import Decision, Signature
from tests import cast, entering

pytestmark = pytest.mark.django_db

WHY = "All from one hand."


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


@pytest.fixture
def desk(client, chidi):
    entering.enter(client, chidi)
    return client


@pytest.fixture
def held(letter):
    rows = [
        cast.confirmed(letter, email=f"{name}@mail.example", name=f"{name.title()} Okafor")
        for name in ("uche", "ngozi", "emeka")
    ]
    suspecting.hold(rows, reason="Many at once.")
    return rows


def among(letter):
    return letter.signatures.order_by("pk")


def post(browser, letter, signatures, **more):
    data = {"signature": [signature.public_id for signature in signatures]} | more
    return browser.post(f"/desk/letters/{letter.slug}/queue/together/", data, follow=True)


def words(response):
    return " ".join(response.content.decode().replace("&#x27;", "'").split())


class TestDeciding:
    def test_all_are_approved_and_count(self, letter, chidi, held):
        bundle = bundling.decide(letter, among(letter), "approve", by=chidi)
        enrolling.enrol(at_once=True)
        assert bundle.done == held and not bundle.left_out
        assert enrolling.tally(letter).persons == 3
        assert Decision.objects.filter(by=chidi).values("together").distinct().count() == 1
        line = Trail.objects.latest("pk")
        assert (line.what, line.who, line.detail["count"]) == ("signatures approve", chidi, 3)

    def test_who_cannot_follow_is_left_as_it_was(self, letter, chidi, held):
        uche, ngozi, emeka = held
        moderating.approve(uche, by=cast.esra(letter))
        claiming.claim([ngozi.pk], by=cast.esra(letter))
        bundle = bundling.decide(letter, among(letter), "reject", by=chidi, reason=WHY)
        assert bundle.done == [emeka]
        assert [left_out.signature for left_out in bundle.left_out] == [uche, ngozi]
        assert [cast.fresh(row).rejected_at is None for row in held] == [True, True, False]
        assert cast.fresh(ngozi).is_waiting()

    def test_nothing_done_leaves_no_line(self, letter, chidi, held):
        for row in held:
            signing.withdraw(row)
        lines = Trail.objects.count()
        assert not bundling.decide(letter, among(letter), "approve", by=chidi).done
        assert Trail.objects.count() == lines


class TestUndoing:
    def test_all_wait_again(self, letter, chidi, held):
        bundling.decide(letter, among(letter), "reject", by=chidi, reason=WHY)
        undone = bundling.undo(undoing.undoable(letter, by=chidi).first(), by=chidi)
        enrolling.enrol(at_once=True)
        assert undone.done == held and letter.signatures.waiting().count() == 3
        assert enrolling.tally(letter).persons == 0
        assert not undoing.undoable(letter, by=chidi).exists()

    def test_what_has_changed_since_is_named(self, letter, chidi, held):
        bundling.decide(letter, among(letter), "approve", by=chidi)
        signing.withdraw(cast.fresh(held[1]))
        undone = bundling.undo(undoing.undoable(letter, by=chidi).first(), by=chidi)
        assert undone.done == [held[0], held[2]]
        assert [left_out.signature for left_out in undone.left_out] == [held[1]]

    def test_ten_minutes_are_all(self, letter, chidi, held):
        bundling.decide(letter, among(letter), "approve", by=chidi)
        decision = undoing.undoable(letter, by=chidi).first()
        Decision.objects.filter(by=chidi).update(at=timezone.now() - timedelta(minutes=10))
        with pytest.raises(undoing.TooLate):
            bundling.undo(decision, by=chidi)
        assert not letter.signatures.waiting().exists()


class TestTheDesk:
    def test_what_was_ticked_is_seen_first(self, desk, letter, held):
        seen = words(post(desk, letter, held[:2]))
        assert "2 signatures. Nothing has been decided yet." in seen and "Many at once." in seen
        assert "Uche Okafor" in seen and "Emeka Okafor" not in seen
        assert letter.signatures.waiting().count() == 3

    def test_then_rejected_and_taken_back_by_one_button(self, desk, letter, chidi, held):
        done = words(post(desk, letter, held[:2], act="reject", reason=WHY, ground="fake"))
        assert "2 rejected together." in done and "<strong>2 signatures</strong>, rejected together" in done
        assert set(Decision.objects.filter(by=chidi).values_list("reason", "ground")) == {(WHY, "fake")}
        last = undoing.undoable(letter, by=chidi).first()
        undone = words(desk.post(f"/desk/letters/{letter.slug}/decisions/{last.pk}/undo/", follow=True))
        assert "Undone: 2 signatures." in undone and letter.signatures.waiting().count() == 3

    def test_t33_nobody_is_named_who_shows_the_name_to_nobody(self, desk, letter, chidi, held):
        hidden = cast.confirmed(letter, email="zola@mail.example", name="Zola Dlamini", visibility="counted")
        seen = words(post(desk, letter, [hidden, held[0]], act="approve"))
        assert "Left as it was: –." in seen and "Zola" not in seen
        moderating.invalidate(hidden, by=chidi, reason=WHY, ground="fake")
        made = words(desk.get(f"/desk/letters/{letter.slug}/decisions/"))
        assert WHY in made and "Uche Okafor" in made and "Zola" not in made

    def test_a_rejection_without_words_is_asked_again(self, desk, letter, held):
        answer = post(desk, letter, held, act="reject")
        assert answer.status_code == 422 and "3 signatures" in words(answer)
        assert letter.signatures.waiting().count() == 3

    def test_what_another_looks_at_is_named(self, desk, letter, held):
        claiming.claim([held[0].pk], by=cast.esra(letter))
        seen = words(post(desk, letter, held))
        assert "Left out" in seen and "2 signatures." in seen
        done = words(post(desk, letter, held, act="approve"))
        assert "2 approved together." in done and "Left as it was: Uche Okafor." in done

    def test_nothing_of_another_letter(self, desk, letter, held):
        other = cast.union(cast.quiet_streets())
        assert "Nothing was ticked." in words(post(desk, letter, [other], act="approve"))
        assert Signature.objects.get(pk=other.pk).is_waiting()

    def test_nonsense_is_refused(self, desk, letter, held):
        assert post(desk, letter, held, act="reinstate").status_code == 400


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_two_who_decide_on_the_same_at_once_decide_on_each_once():
    letter = cast.clean_rivers()
    rows = [cast.confirmed(letter, email=f"p{n}@mail.example", name=f"Ada {n}dler") for n in range(6)]
    suspecting.hold(rows, reason="Many at once.")
    start, bundles = threading.Barrier(2), []

    def decide(by, verdict):
        start.wait()
        bundles.append(bundling.decide(letter, among(letter), verdict, by=by, reason=WHY))
        connection.close()

    them = [(cast.chidi(letter), "approve"), (cast.esra(letter), "reject")]
    threads = [threading.Thread(target=decide, args=one) for one in them]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((len(bundle.done), len(bundle.left_out)) for bundle in bundles) == [(0, 6), (6, 0)]
    assert Decision.objects.filter(by__isnull=False).count() == 6
