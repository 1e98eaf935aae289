"""Two organisations that are verified by themselves carry a third, as long as both are."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail, User
from organisations import recognising, verifying
from organisations.models import Evidence, Organisation
from signatories import moderating, queue, rechecking
from signatories.enrolled import enrolling
from signatories.models import Signature
from tests import cast, entering

pytestmark = pytest.mark.django_db

CHIDI = "chidi@desk.example"


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def union(letter):
    """Nothing of its own proves who it is."""
    return cast.known_union(letter, email="harbour.workers@gmail.com")


@pytest.fixture
def chidi(union):
    return User.objects.get(email=CHIDI)


@pytest.fixture
def vouchers(letter, union, chidi):
    """Two that are verified by their mailboxes."""
    return [signed(letter, name, chidi) for name in ("Mill", "Quarry")]


def day(*, in_days):
    return (timezone.now().date() + timedelta(days=in_days)).isoformat()


def signed(letter, name, chidi):
    domain = f"{name.lower()}.example"
    row = cast.union(
        letter, organisation=f"{name} Society", email=f"a@{domain}", website=f"https://{domain}/"
    )
    return moderating.approve(row, by=chidi).organisation


def say(union, voucher, by, at=None):
    said = {"said": "Its secretary, by letter.", "said_at": at or timezone.now()}
    return verifying.note_word(union, voucher=voucher, by=by, **said)


@pytest.fixture
def carried(union, vouchers, chidi):
    words = [say(union, voucher, chidi) for voucher in vouchers]
    assert union.is_verified()
    return words


def counted(letter):
    enrolling.enrol(at_once=True)
    return enrolling.tally(letter).organisations


class TestCarrying:
    def test_one_word_is_too_little_and_twice_the_same_is_one(self, union, vouchers, chidi):
        say(union, vouchers[0], chidi), say(union, vouchers[0], chidi)
        assert not union.is_verified() and union.evidence.standing().count() == 1
        say(union, vouchers[1], chidi)
        assert union.is_verified()
        line = Trail.objects.filter(what="word for an organisation noted").latest("pk")
        assert (line.about_id, line.detail["voucher"], line.who) == (union.pk, vouchers[1].pk, chidi)

    def test_only_who_is_verified_by_itself_carries(self, letter, carried, union, chidi):
        third = recognising.recognise("Dock Choir", language="en", website=None, country="PT")
        with pytest.raises(verifying.NotProven):
            say(third, union, chidi)
        with pytest.raises(verifying.NotProven):
            say(union, third, chidi)
        with pytest.raises(verifying.Itself):
            say(union, union, chidi)

    def test_two_that_vouch_for_each_other_carry_nobody(self, letter, union, vouchers, chidi):
        for one, other in [vouchers, reversed(vouchers)]:
            say(one, other, chidi)
        Evidence.objects.exclude(kind="vouched").update(revoked_at=timezone.now())
        assert not Organisation.objects.verified().exists()

    def test_the_database_wants_a_voucher_and_a_person_for_a_word(self, union, chidi):
        for fields in ({"by": chidi}, {"voucher": union, "by": chidi}):
            with pytest.raises(IntegrityError), transaction.atomic():
                union.evidence.create(kind="vouched", seen="x", **fields)


class TestFalling:
    def falls(self, letter, union):
        assert not union.is_verified()
        assert counted(letter) == 3
        assert rechecking.recheck() == 1
        assert counted(letter) == 2
        waiting = queue.first(letter)
        assert [row.signature.organisation for row in waiting] == [union]
        assert waiting[0].reasons[0].startswith("Two other organisations gave their word for this one.")
        assert rechecking.recheck() == 0

    def test_a_word_that_is_taken_back(self, letter, carried, union, chidi):
        assert rechecking.recheck() == 0
        verifying.revoke(carried[0], by=chidi)
        self.falls(letter, union)

    def test_a_voucher_that_is_not_verified_itself_any_more(self, letter, carried, union, vouchers, chidi):
        verifying.revoke(vouchers[0].evidence.get(), by=chidi)
        self.falls(letter, union)

    def test_a_word_that_has_grown_old(self, letter, carried, union):
        Evidence.objects.filter(pk=carried[1].pk).update(expires_at=timezone.now())
        self.falls(letter, union)

    def test_who_is_approved_again_stands_without_the_badge(self, letter, carried, union, chidi):
        verifying.revoke(carried[0], by=chidi)
        rechecking.recheck()
        moderating.approve(Signature.objects.get(held_at__isnull=False), by=chidi)
        assert rechecking.recheck() == 0 and counted(letter) == 3 and not union.is_verified()

    def test_with_something_of_its_own_it_does_not_fall(self, letter, carried, union, chidi):
        verifying.note_call(union, said="They said yes.", by=chidi)
        verifying.revoke(carried[0], by=chidi)
        assert rechecking.recheck() == 0 and union.is_verified() and counted(letter) == 3

    def test_what_is_withdrawn_or_erased_stays_as_it_is(self, carried, union, chidi):
        union.signatures.update(withdrawn_at=timezone.now())
        verifying.revoke(carried[0], by=chidi)
        assert rechecking.recheck() == 1
        assert not Signature.objects.filter(held_at__isnull=False).exists()


class TestPages:
    @pytest.fixture
    def desk(self, client, chidi):
        entering.enter(client, chidi)
        return client

    def words(self, answer):
        return " ".join(answer.content.decode().replace("&#x27;", "'").split())

    def form(self, of, **changes):
        fields = {
            "voucher": of.public_id,
            "said": "Its secretary.",
            "said_on": day(in_days=0),
        }
        return fields | changes

    def test_two_words_by_hand(self, desk, union, vouchers):
        home = f"/desk/organisations/{union.public_id}/"
        answer = self.words(desk.get(home))
        assert "Mill Society" in answer and "Not verified yet." in answer
        for voucher in vouchers:
            assert desk.post(f"{home}words/", self.form(voucher)).url == home
        assert "Verified." in self.words(desk.get(home))
        theirs = self.words(desk.get(f"/desk/organisations/{vouchers[0].public_id}/"))
        assert "Gives its word for" in theirs and "Harbour Workers' Union" in theirs
        vouchers[0].evidence.update(revoked_at=timezone.now())
        answer = self.words(desk.get(home))
        assert "Not verified yet." in answer and "its word does not count now" in answer

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"voucher": "nobody"}, "Select a valid choice."),
            ({"said": "Ask ines@harbour.example."}, "Leave out numbers and addresses"),
            ({"said_on": day(in_days=2)}, "This day has not come yet."),
            ({"said_on": day(in_days=-100)}, "That is too long ago"),
        ],
    )
    def test_what_is_wrong_is_said_beside_the_field(self, desk, union, vouchers, changes, said):
        page = f"/desk/organisations/{union.public_id}/words/"
        answer = desk.post(page, self.form(vouchers[0], **changes))
        assert answer.status_code == 422 and said in self.words(answer)
        assert not union.evidence.exists()

    def test_who_is_not_verified_by_itself_cannot_be_chosen(self, desk, union, vouchers):
        page = f"/desk/organisations/{vouchers[0].public_id}/words/"
        assert desk.post(page, self.form(union)).status_code == 422

    def test_t22_who_was_away_proves_first_to_be_there(self, chidi, union, vouchers):
        client = Client()
        entering.enter(client, chidi, minutes_ago=6)
        answer = client.post(f"/desk/organisations/{union.public_id}/words/", self.form(vouchers[0]))
        assert answer.url.startswith("/accounts/reauthenticate/")
