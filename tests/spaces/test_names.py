"""An organisation's people propose names in its space; what is recognised moderators decide."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail, User, alias
from letters.models import Role
from merges import forgetting, merging, planning, undoing
from organisations import editing, proposing
from organisations.models import Name, ProposedName
from scrutiny.models import Limit
from signatories import moderating
from spaces.models import Membership
from tests import cast, entering

pytestmark = pytest.mark.django_db

DARI = {"text": "اتحادیه بندر", "language": "prs"}


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter, client):
    entering.enter(client, moderator(letter))
    return client


def moderator(letter=None):
    return User.objects.filter(email="chidi@desk.example").first() or cast.chidi(letter)


def signed(letter, name="Harbour Workers' Union"):
    row = cast.union(letter, organisation=name, email=f"{name.split()[0].lower()}@gmail.com")
    return moderating.approve(row, by=moderator(letter)).organisation


@pytest.fixture
def union(letter):
    return signed(letter)


def entered(organisation, role=Membership.Role.EDITOR, **fields):
    """Somebody in the organisation's space."""
    email = f"{role}@harbour{organisation.pk}.example"
    user = User.objects.create_user(alias(email), address=email, works_here=False)
    Membership.objects.create(user=user, organisation=organisation, role=role, **fields)
    client = Client()
    entering.enter(client, user)
    client.place = f"/organisations/{organisation.public_id}/names/"
    client.user = user
    return client


@pytest.fixture
def editor(union):
    return entered(union)


def words(answer):
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def desk(organisation, number=None):
    place = f"/desk/organisations/{organisation.public_id}/"
    return f"{place}names/proposed/{number}/" if number else place


def proposed(organisation, text="اتحادیه بندر", language="prs"):
    return proposing.propose(organisation, text=text, language=language, by=moderator())


@pytest.mark.parametrize("role", Membership.Role)
def test_it_waits_and_is_no_name_until_a_moderator_accepts_it(union, chidi, role):
    client = entered(union, role)
    assert client.post(client.place, DARI).status_code == 302
    page = words(client.get(client.place))
    assert "اتحادیه بندر" in page and "has still to look at it" in page
    assert union.names.count() == 1
    assert "a name or a change waits for a moderator" in words(chidi.get("/desk/organisations/"))
    assert "اتحادیه بندر" in words(chidi.get(desk(union)))
    row = ProposedName.objects.get()
    assert chidi.post(desk(union, row.pk)).status_code == 302
    name = union.names.get(language="prs")
    assert (name.text, name.kind) == ("اتحادیه بندر", Name.Kind.TRANSLATION)
    assert "has accepted the name" in words(client.get(client.place))
    assert ProposedName.objects.get().text is None
    assert "a name waits" not in words(chidi.get("/desk/organisations/"))


def test_of_a_declined_one_the_space_learns_that_and_no_words_are_kept(union, editor, chidi):
    editor.post(editor.place, DARI)
    row = ProposedName.objects.get()
    assert chidi.post(desk(union, row.pk), {"decline": "1"}).status_code == 302
    page = words(editor.get(editor.place))
    assert "has declined the name" in page and "اتحادیه" not in page
    assert union.names.count() == 1 and ProposedName.objects.get().text is None
    assert "اتحادیه" not in words(chidi.get(desk(union)))
    assert editor.post(editor.place, DARI).status_code == 302
    assert ProposedName.objects.get().is_waiting(), "what was decided before makes room"


def test_lines_of_the_trail_hold_no_words(union, editor, chidi):
    editor.post(editor.place, DARI)
    chidi.post(desk(union, ProposedName.objects.get().pk))
    lines = Trail.objects.filter(about_id=union.pk, what__contains="name")
    assert {line.what for line in lines} == {
        "name of an organisation proposed", "name of an organisation added", "proposed name accepted",
    }  # fmt: skip
    assert "اتحادیه" not in str([line.detail for line in lines])
    assert lines.get(what=proposing.PROPOSED).who == editor.user


def test_a_space_cannot_ask_which_names_there_are(letter, union, editor, chidi):
    signed(letter, "Quarry Society")
    taken, free = "Quarry Society", "Quarry Nobody"
    pages = []
    for text in (taken, free):
        answer = editor.post(editor.place, {"text": text, "language": "prs"}, follow=True)
        pages.append(re.sub(r'csrfmiddlewaretoken" value="\w+"|\d+', "", words(answer)).replace(text, ""))
        if text == taken:
            row = ProposedName.objects.get()
            told = chidi.post(desk(union, row.pk), follow=True)
            assert "an organisation has this name already" in words(told)
            assert row.organisation.names.count() == 1
            assert "has still to look at it" in words(editor.get(editor.place))
            assert "Taken back." in words(editor.post(f"{editor.place}{row.pk}/back/", follow=True))
    assert pages[0] == pages[1]


def test_one_waits_in_a_language_until_it_is_taken_back(union, editor):
    editor.post(editor.place, DARI)
    answer = editor.post(editor.place, DARI | {"text": "سندیکای بندر"})
    assert answer.status_code == 422 and "take that one back first" in words(answer)
    with pytest.raises(IntegrityError), transaction.atomic():
        union.proposed_names.create(language="prs", text="سندیکای بندر")
    row = ProposedName.objects.get()
    assert "Taken back." in words(editor.post(f"{editor.place}{row.pk}/back/", follow=True))
    assert not ProposedName.objects.exists()
    assert editor.post(f"{editor.place}{row.pk}/back/").status_code == 404


def test_so_many_a_day_whatever_became_of_them(union, editor):
    Limit.objects.create(name=proposing.PER_DAY, value=1)
    editor.post(editor.place, DARI)
    editor.post(f"{editor.place}{ProposedName.objects.get().pk}/back/")
    answer = editor.post(editor.place, DARI)
    assert answer.status_code == 422 and "enough for today" in words(answer)
    assert not ProposedName.objects.exists()


@pytest.mark.parametrize("changes", [{"text": ""}, {"text": "\u202eab"}, {"language": "xx"}])
def test_bad_input_is_said_beside_the_field(editor, changes):
    answer = editor.post(editor.place, DARI | changes)
    assert answer.status_code == 422 and "invalid-feedback" in words(answer)
    assert not ProposedName.objects.exists()


def test_what_is_decided_is_decided(union, editor, chidi):
    row = proposed(union)
    proposing.decline(row, by=moderator())
    for act in (proposing.accept, proposing.take_back):
        with pytest.raises(proposing.NotWaiting):
            act(row, by=moderator())
    assert "decided or taken back meanwhile" in words(chidi.post(desk(union, row.pk), follow=True))
    answer = editor.post(f"{editor.place}{row.pk}/back/", follow=True)
    assert "a moderator has decided already" in words(answer)


@pytest.mark.parametrize(
    "changes",
    [
        {"accepted_at": timezone.now()},
        {"text": None},
        {"text": None, "accepted_at": timezone.now(), "declined_at": timezone.now()},
    ],
)
def test_the_database_keeps_words_only_while_it_waits(union, changes):
    row = proposed(union)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedName.objects.filter(pk=row.pk).update(**changes)


def test_others_and_who_is_on_trial_propose_nothing(letter, union, editor):
    invited = entered(union, Membership.Role.SPEAKER, by_invitation=True)
    assert invited.post(invited.place, DARI).status_code == 403
    stranger = entered(signed(letter, "Quarry Society"))
    assert stranger.post(editor.place, DARI).status_code == 404
    row = proposed(union)
    assert stranger.post(f"{editor.place}{row.pk}/back/").status_code == 404
    assert stranger.post(f"{stranger.place}{row.pk}/back/").status_code == 404
    assert Client().post(editor.place, DARI).status_code == 302
    assert ProposedName.objects.get().is_waiting()


def test_who_moderates_none_of_its_letters_decides_nothing(union, editor):
    row = proposed(union)
    other = User.objects.create_user("owner@desk.example")
    Role.objects.create(letter=cast.quiet_streets(), user=other, kind=Role.Kind.OWNER)
    for user in (other, editor.user):
        client = Client()
        entering.enter(client, user)
        assert client.post(desk(union, row.pk)).status_code in {302, 403, 404}
    assert ProposedName.objects.get().is_waiting()


class TestMerging:
    @pytest.fixture
    def gone(self, letter):
        return signed(letter, "Dockers of Porto")

    def merge(self, kept, gone):
        return merging.merge(kept, gone, seen=planning.plan(kept, gone).mark(), by=moderator())

    def test_what_waits_goes_along_and_comes_back(self, union, gone, chidi):
        row = proposed(gone)
        page = words(chidi.get(f"{desk(union)}merge/{gone.public_id}/"))
        assert "اتحادیه بندر" in page
        merged = self.merge(union, gone)
        assert union.proposed_names.get() == row
        undoing.undo(merged, by=moderator())
        assert gone.proposed_names.get() == row

    def test_where_both_ask_in_a_language_what_was_asked_of_the_one_that_stays_is_decided(self, union, gone):
        mine, theirs = proposed(union), proposed(gone, "سندیکای بندر")
        merged = self.merge(union, gone)
        assert union.proposed_names.get() == mine
        undoing.undo(merged, by=moderator())
        assert gone.proposed_names.get() == theirs

    def test_a_name_accepted_meanwhile_stays_where_it_is(self, union, gone):
        row = proposed(gone)
        merged = self.merge(union, gone)
        row.refresh_from_db()
        proposing.accept(row, by=moderator())
        undoing.undo(merged, by=moderator())
        assert union.names.filter(language="prs").exists()
        assert union.proposed_names.get() == row

    def test_one_more_is_another_plan(self, union, gone):
        seen = planning.plan(union, gone).mark()
        proposed(gone)
        with pytest.raises(merging.PlanChanged):
            merging.merge(union, gone, seen=seen, by=moderator())

    def test_after_thirty_days_what_did_not_go_along_is_gone(self, union, gone):
        mine = proposed(union)
        proposed(gone, "سندیکای بندر")
        merged = self.merge(union, gone)
        forgetting.forget(at=merged.until)
        assert ProposedName.objects.get() == mine


def test_it_is_forgotten_with_the_organisation(union):
    proposed(union)
    union.signatures.update(organisation=None)
    union.delete()
    assert not ProposedName.objects.exists()


def test_a_moderator_is_told_of_a_name_that_was_taken_meanwhile(union):
    row = proposed(union)
    editing.add_name(union, text=row.text, language="en", by=moderator())
    with pytest.raises(editing.NameTaken):
        proposing.accept(row, by=moderator())
    assert ProposedName.objects.get().is_waiting()
