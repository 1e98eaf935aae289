"""Two entries that are one organisation become one, and for thirty days two again."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail, User, alias
from letters.models import Role
from merges import forgetting, merging, planning, undoing
from merges.models import Merge
from organisations import editing, recognising, verifying
from organisations.models import Evidence, Name, Organisation
from signatories import erasing, moderating, signing
from signatories.enrolled import enrolling
from signatories.models import Decision, Signature
from spaces import opening, speaking
from spaces.models import Membership
from tests import cast, entering

pytestmark = pytest.mark.django_db

CHIDI = "chidi@desk.example"


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def other(letter):
    return cast.quiet_streets()


@pytest.fixture
def chidi(letter, other):
    cast.chidi(letter)
    return cast.chidi(other)


def signed(letter, name, **changes):
    """An organisation of that name, approved under the letter."""
    fields = {"organisation": name, "email": f"{name.split()[0].lower()}@gmail.com"} | changes
    row = moderating.approve(cast.union(letter, **fields), by=User.objects.get(email=CHIDI))
    enrolling.enrol(at_once=True)
    return cast.fresh(row)


@pytest.fixture
def union(letter, chidi):
    return signed(letter, "Harbour Workers' Union").organisation


@pytest.fixture
def double(letter, chidi, union):
    """Has signed the same letter a little later."""
    return signed(letter, "Harbour Union", website="https://harbour.example/").organisation


def merge(kept, gone, by=None):
    by = by or User.objects.get(email=CHIDI)
    return merging.merge(kept, gone, seen=planning.plan(kept, gone).mark(), by=by)


def member(organisation, name, role="speaker"):
    known_as = alias(f"{name}@harbour-workers.example")
    user = User.objects.filter(email=known_as).first() or User.objects.create_user(
        known_as, address=f"{name}@harbour-workers.example", works_here=False
    )
    return Membership.objects.create(user=user, organisation=organisation, role=role)


def counted(letter):
    enrolling.enrol(at_once=True)
    return enrolling.tally(letter).organisations


def picture():
    """Everything a merge may touch, but for what is recorded of it."""
    left_out = {"unsettled_at"}
    rows = {}
    for model in (Organisation, Name, Evidence, Signature, Membership):
        for row in model.objects.order_by("pk").values():
            kept = {key: value for key, value in row.items() if key not in left_out}
            rows[model.__name__, row["id"]] = kept
    return rows


class TestMerging:
    def test_whom_an_invitation_alone_let_in_gets_into_no_other_space(self, other, union):
        gone = signed(other, "Dockers of Porto").organisation
        for organisation in (union, gone):
            on_trial = member(organisation, f"invited{organisation.pk}")
            Membership.objects.filter(pk=on_trial.pk).update(by_invitation=True)
        ines = member(gone, "ines")
        row = merge(union, gone)
        assert union.members.get() == ines and union.members.get().may_speak()
        undoing.undo(row, by=User.objects.get(email=CHIDI))
        assert Membership.objects.get() == ines and ines.organisation == gone

    def test_names_signatures_and_members_go_along(self, letter, other, chidi, union):
        gone = signed(other, "Dockers of Porto").organisation
        gone.names.create(kind="translation", language="fr", text="Dockers", key="a")
        ines = member(gone, "ines")
        merge(union, gone)
        kinds = {name.text: name.kind for name in union.names.all()}
        assert kinds == {
            "Harbour Workers' Union": "main",
            "Dockers of Porto": "alias",
            "Dockers": "translation",
        }
        assert union.signatures.count() == 2 and not gone.signatures.exists()
        assert union.members.get() == ines and union.members.get().may_speak()
        assert recognising.recognise("dockers of porto", language="en", website=None, country="PT") == union
        line = Trail.objects.filter(what="organisation merged").get()
        assert (line.about_id, line.detail["gone"], line.who) == (union.pk, gone.pk, chidi)

    def test_nothing_counts_twice_and_who_was_first_stays(self, letter, union, double):
        assert counted(letter) == 2
        merge(double, union)
        assert counted(letter) == 1
        stays, goes = Signature.objects.order_by("confirmed_at")
        assert stays.is_standing() and goes.rejected_at
        assert {stays.organisation, goes.organisation} == {double}
        decision = goes.decisions.latest("pk")
        assert (decision.verdict, decision.ground) == ("reject", Decision.Ground.DUPLICATE)

    def test_what_counts_stays_before_what_waits(self, letter, union, double):
        Signature.objects.filter(organisation=union).update(held_at=timezone.now())
        merge(union, double)
        stays = Signature.objects.get(rejected_at=None)
        assert stays.organisation_name == "Harbour Union" and counted(letter) == 1

    @pytest.mark.parametrize("state", ["withdrawn_at", "rejected_at"])
    def test_what_does_not_stand_any_more_is_no_double(self, letter, union, double, state):
        Signature.objects.filter(organisation=double).update(**{state: timezone.now()})
        assert planning.plan(union, double).doubles == []
        merge(union, double)
        assert union.signatures.count() == 2

    def test_evidence_goes_along_where_it_fits(self, chidi, other, union):
        gone = signed(other, "Harbour W Union").organisation
        for kind in (Evidence.Kind.MAILBOX, Evidence.Kind.DNS):
            gone.evidence.create(kind=kind, seen="harbour-workers.example")
        union.evidence.create(kind=Evidence.Kind.DNS, seen="harbour-workers.example")
        verifying.note_call(gone, said="They said yes.", by=chidi)
        merge(union, gone)
        assert sorted(row.kind for row in union.evidence.standing()) == ["call_back", "dns", "mailbox"]

    def test_what_proves_another_domain_ends(self, union, double):
        double.evidence.create(kind=Evidence.Kind.MAILBOX, seen="harbour.example")
        merge(union, double)
        assert union.evidence.count() == 1 and not union.is_verified()

    def test_nobody_vouches_twice_or_for_itself(self, chidi, other, union, double):
        third = signed(other, "Mill Society").organisation
        for voucher, of in [(union, third), (double, third), (double, union), (union, double)]:
            Evidence.objects.create(
                kind=Evidence.Kind.VOUCHED, organisation=of, voucher=voucher, seen="Yes.", by=chidi
            )
        merge(union, double)
        assert third.evidence.standing().get().voucher == union
        assert not union.evidence.standing().exists()

    def test_who_comes_to_others_only_writes_there(self, union, double):
        edo = member(union, "edo")
        ines = member(double, "ines")
        member(double, "edo")
        merge(union, double)
        roles = {row.pk: row.role for row in Membership.objects.all()}
        assert roles == {edo.pk: "speaker", ines.pk: "editor"}


class TestUndoing:
    @pytest.mark.parametrize("way", ["there", "back"])
    def test_all_is_as_it_was(self, letter, other, chidi, union, double, way):
        third = signed(other, "Mill Society").organisation
        signed(other, "Harbour Union")
        double.evidence.create(kind=Evidence.Kind.MAILBOX, seen="harbour.example")
        union.evidence.create(
            kind=Evidence.Kind.CALL_BACK, seen="x", by=chidi, expires_at=timezone.now() - timedelta(days=1)
        )
        verifying.note_call(double, said="They said yes.", by=chidi)
        for voucher, of in [(union, third), (double, third), (double, union), (union, double)]:
            Evidence.objects.create(
                kind=Evidence.Kind.VOUCHED, organisation=of, voucher=voucher, seen="Yes.", by=chidi
            )
        member(union, "edo"), member(double, "edo", role="editor"), member(double, "ines")
        enrolling.enrol(at_once=True)
        before, count = picture(), counted(letter)
        kept, gone = (union, double) if way == "there" else (double, union)
        row = merge(kept, gone)
        assert picture() != before and counted(letter) == count - 1
        assert undoing.undo(row, by=chidi) == (1, 0)
        assert counted(letter) == count
        assert picture() == before
        assert Trail.objects.filter(what="merge of organisations undone").count() == 1

    def test_what_came_since_goes_to_whose_name_it_bears(self, letter, other, chidi, union, double):
        row = merge(union, double)
        under_one = signed(other, "Harbour Union")
        under_other = signed(cast.letter("tall-hedges", "Tall Hedges"), "Harbour Workers' Union")
        assert under_one.organisation == under_other.organisation == union
        undoing.undo(row, by=chidi)
        assert cast.fresh(under_one).organisation == double
        assert cast.fresh(under_other).organisation == union

    def test_addresses_come_back_as_they_were_typed(self, chidi, union, double):
        member(union, "edo")
        theirs = member(double, "edo")
        Membership.objects.filter(pk=theirs.pk).update(typed="Edo@Harbour-Workers.example")
        row = merge(union, double)
        undoing.undo(row, by=chidi)
        assert Membership.objects.get(pk=theirs.pk).typed == "Edo@Harbour-Workers.example"
        assert Merge.objects.get().typed is None

    def test_who_withdrew_since_stays_out(self, letter, chidi, union, double):
        row = merge(union, double)
        signing.withdraw(Signature.objects.get(rejected_at__isnull=False))
        assert undoing.undo(row, by=chidi) == (0, 1)
        assert counted(letter) == 1

    def test_after_thirty_days_or_twice_it_is_too_late(self, chidi, union, double):
        row = merge(union, double)
        Merge.objects.update(at=timezone.now() - timedelta(days=30))
        with pytest.raises(undoing.TooLate):
            undoing.undo(row, by=chidi)
        Merge.objects.update(at=timezone.now())
        undoing.undo(row, by=chidi)
        with pytest.raises(undoing.TooLate):
            undoing.undo(row, by=chidi)

    def test_the_later_is_undone_first(self, other, chidi, union, double):
        row, third = merge(union, double), signed(other, "Mill Society").organisation
        later = merge(third, union)
        with pytest.raises(undoing.LaterMerge):
            undoing.undo(row, by=chidi)
        undoing.undo(later, by=chidi)
        assert undoing.undo(row, by=chidi) == (1, 0)

    def test_a_name_that_leads_since_stands_in_the_way(self, chidi, union, double):
        row = merge(union, double)
        editing.lead_with(union.names.get(kind="alias"), by=chidi)
        with pytest.raises(undoing.NamesChanged):
            undoing.undo(row, by=chidi)

    def test_a_signature_approved_since_stands_in_the_way(self, letter, chidi, union, double):
        row = merge(union, double)
        signing.withdraw(Signature.objects.get(rejected_at=None))
        signed(letter, "Harbour Union", email="new@gmail.com")
        with pytest.raises(undoing.SignedSince):
            undoing.undo(row, by=chidi)
        assert not Merge.objects.get().undone_at and union.signatures.count() == 3


class TestForgetting:
    def later(self):
        return timezone.now() + timedelta(days=30)

    def test_what_went_in_is_deleted_after_thirty_days(self, union, double):
        merge(union, double)
        assert forgetting.forget() == 0
        assert forgetting.forget(at=self.later()) == 1
        assert list(Organisation.objects.all()) == [union] and not Merge.objects.exists()

    def test_what_no_signature_shows_goes_when_the_merge_does(self, union, double):
        merge(union, double)
        Signature.objects.update(organisation=None)
        erasing.forget_organisations([union.pk, double.pk])
        assert Organisation.objects.count() == 2
        forgetting.forget(at=self.later())
        assert not Organisation.objects.exists()

    def test_two_that_were_parted_stay(self, chidi, union, double):
        undoing.undo(merge(union, double), by=chidi)
        assert forgetting.forget(at=self.later()) == 1
        assert Organisation.objects.count() == 2


class TestRefusing:
    def test_what_has_changed_since_it_was_shown(self, chidi, other, union, double):
        seen = planning.plan(union, double).mark()
        signed(other, "Harbour Union")
        with pytest.raises(merging.PlanChanged):
            merging.merge(union, double, seen=seen, by=chidi)
        assert not Merge.objects.exists()

    def test_letters_of_others_where_one_would_be_taken_out(self, letter, other, union, double):
        somebody = cast.esra(other)
        with pytest.raises(merging.LettersOfOthers):
            merge(union, double, by=somebody)
        assert Signature.objects.filter(rejected_at=None).count() == 2

    def test_t23_nobody_hands_what_is_signed_elsewhere_to_other_speakers(self, letter, other, union):
        rivals = signed(letter, "Rival Front").organisation
        signed(letter=other, name="Harbour Workers' Union", email="ines@gmail.com")
        Signature.objects.filter(letter=letter, organisation=union).update(rejected_at=timezone.now())
        bought = cast.esra(letter)
        mallory = member(rivals, "mallory")
        for kept, gone in [(rivals, union), (union, rivals)]:
            with pytest.raises(merging.LettersOfOthers):
                merge(kept, gone, by=bought)
        mallory.delete()
        with pytest.raises(merging.LettersOfOthers):  # it would go by another name there
            merge(rivals, union, by=bought)

    def test_t23_nobody_gives_names_to_one_that_stands_under_a_letter_of_others(self, letter, other, union):
        rivals = signed(letter, "Rival Front").organisation
        signed(letter=other, name="Harbour Workers' Union", email="ines@gmail.com")
        with pytest.raises(merging.LettersOfOthers):
            merge(union, rivals, by=cast.esra(letter))
        assert "Rival Front" not in [name.text for name in union.names.all()]

    def test_two_whose_time_is_over_under_one_letter(self, union, double):
        erasing.erase([row.pk for row in Signature.objects.all()], at=timezone.now())
        with pytest.raises(merging.PastChoosing):
            merge(union, double)

    def test_the_database_keeps_a_merge_one_of_two_and_whole(self, chidi, union, double):
        merge(union, double)
        undone = {"undone_at": timezone.now(), "undone_by": chidi}
        wrong = {
            "nothing_merges_into_itself": {"kept": union, "gone": union},
            "an_organisation_goes_into_one|merges_merge.gone_id": {"kept": union, "gone": double},
            "somebody_undoes_a_merge": {"kept": double, "gone": union, "undone_at": timezone.now()},
            "an_undone_merge_keeps_no_address": {"kept": double, "gone": union, "typed": "{}", **undone},
        }
        for name, fields in wrong.items():
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                Merge.objects.create(**{"by": chidi, "before": {}} | fields)
        with pytest.raises(IntegrityError, match="goes_into_itself"), transaction.atomic():
            Organisation.objects.filter(pk=union.pk).update(merged_into=union)


class TestPages:
    @pytest.fixture
    def desk(self, client, chidi):
        entering.enter(client, chidi)
        return client

    def words(self, answer):
        return " ".join(answer.content.decode().replace("&#x27;", "'").split())

    def page(self, kept, gone):
        return f"/desk/organisations/{kept.public_id}/merge/{gone.public_id}/"

    def test_what_is_alike_is_offered_and_the_rest_is_searched_for(self, desk, other, union, double):
        signed(other, "Mill Society", website="https://mill.example/")
        page = f"/desk/organisations/{union.public_id}/merge/"
        answer = self.words(desk.get(page))
        assert "Harbour Union" in answer and "Mill Society" not in answer
        assert "Mill Society" in self.words(desk.get(page, {"q": "mill"}))
        assert "No other organisation" in self.words(desk.get(page, {"q": "miners"}))

    def test_the_preview_says_what_stays_under_a_letter_that_both_signed(self, desk, union, double):
        answer = self.words(desk.get(self.page(union, double)))
        assert "Both have signed <bdi>Clean Rivers</bdi>: one signature stays" in answer
        assert "that of <bdi>Harbour Workers' Union</bdi>" in answer
        assert "The count falls by one." in answer

    def test_t33_letters_of_others_are_told_of_where_it_is_listed_for_all(self, desk, other, union, double):
        signed(other, "Harbour Union", visibility="counted")
        signed(cast.letter("tall-hedges", "Tall Hedges"), "Harbour Union")
        Role.objects.filter(user__email=CHIDI, letter=other).delete()
        assert "<li> 1 letter of others </li>" in self.words(desk.get(self.page(union, double)))

    def test_the_count_falls_by_none_that_waits(self, desk, union, double):
        Signature.objects.filter(organisation=double).update(held_at=timezone.now())
        answer = self.words(desk.get(self.page(union, double)))
        assert "one signature stays" in answer and "The count falls" not in answer

    def test_the_preview_says_who_leaves_for_good(self, desk, union, double):
        seen = planning.plan(union, double).mark()
        on_trial = member(double, "invited")
        Membership.objects.filter(pk=on_trial.pk).update(by_invitation=True)
        answer = self.words(desk.get(self.page(union, double)))
        assert "1 person whom an invitation alone let in leaves" in answer
        assert desk.post(self.page(union, double), {"seen": seen}).status_code == 409

    def test_merging_and_undoing_by_hand(self, desk, letter, union, double):
        home = f"/desk/organisations/{union.public_id}/"
        seen = planning.plan(union, double).mark()
        assert desk.post(self.page(union, double), {"seen": seen}).url == home
        answer = self.words(desk.get(home))
        assert "They are one now." in answer and "Undo the merge" in answer
        old = desk.get(f"/desk/organisations/{double.public_id}/", follow=True)
        assert "it was merged into the organisation you see" in self.words(old)
        late = desk.post(self.page(union, double), {"seen": seen}, follow=True)
        assert "somebody has merged it already" in self.words(late)
        undo = f"{home}merges/{Merge.objects.get().pk}/undo/"
        assert "They are two again" in self.words(desk.post(undo, follow=True))
        assert "it is undone already" in self.words(desk.post(undo, follow=True))

    def test_a_stale_page_is_refused_in_words_and_shown_anew(self, desk, union, double):
        answer = desk.post(self.page(union, double), {"seen": "0" * 32})
        assert answer.status_code == 409 and "something has changed since" in self.words(answer)
        assert planning.plan(union, double).mark() in self.words(answer)

    def test_without_a_role_on_a_letter_of_both_there_is_no_button(self, client, other, union, double):
        signed(other, "Harbour Union"), signed(other, "Harbour Workers' Union")
        entering.enter(client, cast.esra(other))
        answer = self.words(client.get(self.page(union, double)))
        assert "letter that you do not moderate" in answer and "Merge them" not in answer

    @pytest.mark.parametrize("kind", [*Role.Kind, None])
    def test_t23_roles_that_do_not_moderate_open_nothing(self, letter, union, double, kind):
        user, client = User.objects.create_user("somebody@desk.example"), Client()
        if kind:
            Role.objects.create(letter=letter, user=user, kind=kind)
        entering.enter(client, user)
        expected = 200 if kind in {Role.Kind.OWNER, Role.Kind.MODERATOR} else 404
        assert client.get(self.page(union, double)).status_code == expected
        assert client.get(f"/desk/organisations/{union.public_id}/merge/").status_code == expected
        wanted = {200: 409, 404: 404}[expected]
        assert client.post(self.page(union, double), {"seen": ""}).status_code == wanted

    def test_t22_who_was_away_proves_first_to_be_there(self, chidi, union, double):
        client = Client()
        entering.enter(client, chidi, minutes_ago=6)
        assert client.post(self.page(union, double)).url.startswith("/accounts/reauthenticate/")


@pytest.mark.django_db(transaction=True)
def test_f23_who_approves_while_two_merge_ties_the_signature_to_the_one_that_stays():
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time")
    letter, other = cast.clean_rivers(), cast.quiet_streets()
    chidi = cast.chidi(letter)
    cast.chidi(other)
    union = signed(letter, "Harbour Workers' Union").organisation
    double = signed(letter, "Harbour Union").organisation
    waiting = cast.union(other, organisation="Harbour Union", email="new@gmail.com")
    came = []

    def approve():
        try:
            came.append(moderating.approve(waiting, by=chidi).organisation_id)
        finally:
            connection.close()

    thread = threading.Thread(target=approve)
    with transaction.atomic():
        merge(union, double)
        thread.start()
        thread.join(timeout=0.5)
        assert thread.is_alive()
    thread.join(timeout=20)
    assert came == [union.pk] and not double.signatures.exists()


class TestWhileASpeakerActs:
    """A membership that was read before the merge committed does nothing for the entry that is gone."""

    @pytest.fixture
    def stale(self, union, double, chidi):
        member(union, "ines")
        row = member(double, "mallory")
        merging.merge(union, double, seen=planning.plan(union, double).mark(), by=chidi)
        return row

    def test_nobody_is_let_in_or_let_go_by_it(self, stale, union):
        here = union.members.count()
        with pytest.raises(opening.NotSpeaker):
            opening.let_in(email="edo@harbour.example", role="editor", by=stale)
        with pytest.raises(opening.NotSpeaker):
            opening.let_go(stale, by=stale)
        assert Membership.objects.count() == union.members.count() == here

    def test_nothing_is_signed_by_it(self, stale):
        with pytest.raises(opening.NotSpeaker):
            speaking.can_sign(stale, cast.letter("tall-hedges", "Tall Hedges"))
