import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Trail
from organisations.models import Evidence, Organisation
from outbox.models import Message
from signatories import erasing, moderating, reporting, signing, undoing
from signatories.enrolled import enrolling
from signatories.judging import reviewing, suspecting
from signatories.models import Decision, Signature
from tests import cast, entering

pytestmark = pytest.mark.django_db

WHY = "The mailbox is not theirs."


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


def last(signature) -> Decision:
    return signature.decisions.latest("pk")


def picture(signature):
    left_out = {"unsettled_at", "enrolled_at", "organisation_key", "salt"}
    row = Signature.objects.filter(pk=signature.pk).values().get()
    return {column: value for column, value in row.items() if column not in left_out}


def words(response):
    return " ".join(response.content.decode().replace("&#x27;", "'").split())


class TestUndoing:
    def test_an_approval_leaves_everything_as_it_was(self, letter, chidi):
        union = cast.union(letter)
        before = picture(union)
        moderating.approve(union, by=chidi)
        enrolling.enrol(at_once=True)
        assert enrolling.tally(letter).organisations == 1
        undone = undoing.undo(last(union), by=chidi)
        enrolling.enrol(at_once=True)
        assert picture(union) == before and not undone.was_mailed
        assert not Organisation.objects.exists() and not Evidence.objects.exists()
        assert enrolling.tally(letter).organisations == 0
        assert list(letter.signatures.waiting()) == [union]

    def test_a_rejection_too_with_its_reports(self, letter, chidi):
        bela = cast.bela(letter)
        reporting.report(bela.listing, reason="not_me", network="a")
        before = picture(bela)
        moderating.reject(bela, by=chidi, reason=WHY)
        undoing.undo(last(bela), by=chidi)
        assert picture(bela) == before
        assert bela.reports.get().closed_at is None
        enrolling.enrol(at_once=True)
        assert enrolling.tally(letter).persons == 1

    def test_a_corrected_name_goes_back_under_a_fresh_number(self, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi)
        enrolling.enrol(at_once=True)
        signing.correct(union, name="Harbour and Dock Workers' Union")
        old = cast.fresh(union)
        moderating.approve(union, by=chidi)
        undoing.undo(last(union), by=chidi)
        new = cast.fresh(union)
        assert (new.organisation_name, new.corrected_name) == (old.organisation_name, old.corrected_name)
        assert new.organisation == old.organisation and new.is_waiting() and new.salt != old.salt

    def test_a_reinstatement_too(self, letter, chidi):
        union = cast.union(letter)
        moderating.reject(union, by=chidi, reason=WHY)
        moderating.reinstate(union, by=chidi, reason="They called.")
        undoing.undo(last(union), by=chidi)
        assert cast.fresh(union).rejected_at is not None

    def test_it_is_a_decision_of_its_own_and_a_line_of_the_trail(self, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi)
        approval = last(union)
        undoing.undo(approval, by=chidi)
        assert (last(union).verdict, last(union).undoes, last(union).by) == ("undo", approval, chidi)
        assert Trail.objects.latest("pk").what == "signature undo"

    def test_mail_that_has_left_is_told(self, letter, chidi):
        ada = cast.ada(letter)
        suspecting.hold([ada], reason="Many at once.")
        moderating.approve(ada, by=chidi)
        Signature.objects.filter(pk=ada.pk).update(mailed_at=timezone.now())
        assert undoing.undo(last(ada), by=chidi).was_mailed

    def test_mail_that_has_not_left_does_not(self, letter, chidi, mails):
        ada = cast.ada(letter)
        suspecting.hold([ada], reason="Many at once.")
        moderating.approve(ada, by=chidi)
        assert not undoing.undo(last(ada), by=chidi).was_mailed
        assert mails() == []
        assert Message.objects.filter(subject=ada.pk, state="sent").count() == 0

    def test_ten_minutes_are_all(self, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi)
        Decision.objects.update(at=timezone.now() - timedelta(minutes=10))
        assert not undoing.undoable(letter, by=chidi)
        with pytest.raises(undoing.TooLate):
            undoing.undo(last(union), by=chidi)

    def test_twice_is_once(self, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi)
        approval = last(union)
        undoing.undo(approval, by=chidi)
        with pytest.raises(undoing.TooLate):
            undoing.undo(approval, by=chidi)
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(signature=union, verdict="undo", by=chidi, undoes=approval)

    @pytest.mark.parametrize("verdict, undoes", [("approve", True), ("undo", False)])
    def test_only_an_undoing_names_what_is_undone(self, letter, chidi, verdict, undoes):
        hold = last(cast.union(letter))
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(
                signature=hold.signature, verdict=verdict, by=chidi, undoes=hold if undoes else None
            )

    def test_only_one_s_own(self, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi)
        with pytest.raises(Decision.DoesNotExist):
            undoing.undo(last(union), by=type(chidi).objects.create_user("other@desk.example"))

    def test_what_the_signer_or_another_did_since_stands(self, letter, chidi):
        union, bela = cast.union(letter), cast.bela(letter)
        moderating.approve(union, by=chidi)
        signing.withdraw(union)
        suspecting.hold([bela], reason="Many at once.")
        moderating.approve(bela, by=chidi)
        approval = last(bela)
        suspecting.hold([bela], reason="Another reason.")
        for decision in (last(union), approval):
            with pytest.raises(undoing.SomethingHappenedSince):
                undoing.undo(decision, by=chidi)

    def test_names_are_kept_for_it_no_longer_than_it_lasts(self, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi)
        assert undoing.forget() == 0
        assert undoing.forget(at=timezone.now() + timedelta(minutes=10)) == 1
        moderating.reject(cast.union(letter, organisation="B", email="b@b.example"), by=chidi, reason=WHY)
        erasing.erase(list(Signature.objects.values_list("pk", flat=True)), at=timezone.now())
        assert not Decision.objects.filter(before__isnull=False).exists()

    def test_what_is_undone_is_no_answer_of_the_machine(self, letter, chidi):
        bela = cast.bela(letter)
        suspecting.hold([bela], reason="Many at once.")
        moderating.approve(bela, by=chidi)
        undoing.undo(last(bela), by=chidi)
        assert reviewing.rate(letter) is None
        moderating.reject(bela, by=chidi, reason=WHY)
        assert reviewing.rate(letter) == (1, 0)


class TestAtTheDesk:
    def place(self, decision):
        slug = decision.signature.letter.slug
        return f"/desk/letters/{slug}/decisions/{decision.pk}/undo/"

    def test_the_queue_offers_the_last_and_then_the_one_before(self, desk, letter, chidi):
        union, bela = cast.union(letter), cast.bela(letter)
        suspecting.hold([bela], reason="Many at once.")
        moderating.approve(union, by=chidi)
        moderating.reject(bela, by=chidi, reason=WHY)
        page = words(desk.get("/desk/letters/clean-rivers/queue/"))
        assert self.place(last(bela)) in page and self.place(last(union)) not in page
        answer = desk.post(self.place(last(bela)), follow=True)
        assert "Undone: it waits again." in words(answer)
        assert self.place(last(union)) in words(answer)

    def test_who_comes_too_late_is_told(self, desk, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi)
        Decision.objects.update(at=timezone.now() - timedelta(minutes=11))
        assert "ten minutes are over" in words(desk.post(self.place(last(union)), follow=True))

    def test_what_happened_since_is_told(self, desk, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi)
        signing.withdraw(union)
        assert "has changed since" in words(desk.post(self.place(last(union)), follow=True))

    def test_others_and_other_letters_decisions_are_not_found(self, desk, letter, chidi):
        other = type(chidi).objects.create_user("other@desk.example")
        mine, theirs = cast.union(letter), cast.union(cast.quiet_streets())
        moderating.approve(mine, by=other)
        moderating.approve(theirs, by=chidi)
        forged = self.place(last(theirs)).replace("quiet-streets", "clean-rivers")
        assert desk.post(self.place(last(mine))).status_code == 404
        assert desk.post(forged).status_code == 404

    def test_mail_that_left_is_told(self, desk, letter, chidi):
        ada = cast.ada(letter)
        suspecting.hold([ada], reason="Many at once.")
        moderating.approve(ada, by=chidi)
        Signature.objects.filter(pk=ada.pk).update(mailed_at=timezone.now())
        assert "had left already" in words(desk.post(self.place(last(ada)), follow=True))


@pytest.mark.django_db(transaction=True)
def test_two_who_undo_at_once_undo_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    letter = cast.clean_rivers()
    chidi, union = cast.chidi(letter), cast.union(letter)
    moderating.approve(union, by=chidi)
    decision, outcomes = last(union), []
    together = threading.Barrier(2)

    def undo():
        together.wait()
        try:
            undoing.undo(decision, by=chidi)
            outcomes.append("undone")
        except undoing.TooLate:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=undo) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["too late", "undone"]
