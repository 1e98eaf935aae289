"""A host hands in a list, sees what is wrong with it, and sends it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail
from invitations import inviting
from invitations.models import Invitation
from letters.models import Letter, Role
from outbox.models import Message
from scrutiny.models import Limit
from signatories import signing
from tests import cast, entering
from vault.indexing import address_index

pytestmark = pytest.mark.django_db

PAGE = "/desk/letters/clean-rivers/invitations/"
ROWS = "River Watch,office@river-watch.example,ur,PK\nLake Watch,office@lake-watch.example"


def words(answer):
    return " ".join(answer.content.decode().split())


def browser(user, **options):
    client = Client()
    entering.enter(client, user, **options)
    return client


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def user(letter):
    return cast.esra(letter)


@pytest.fixture
def esra(user):
    return browser(user)


def file(content, name="list.csv"):
    return SimpleUploadedFile(name, content)


class TestPreparing:
    def test_an_empty_page_teaches_and_hands_out_a_pattern_that_can_be_read(self, esra):
        page = words(esra.get(PAGE))
        assert "nothing is sent before you say so" in page
        pattern = esra.get(f"{PAGE}pattern/").content
        assert esra.post(PAGE, {"file": file(pattern)}).url == PAGE
        assert Invitation.objects.prepared().count() == 2

    def test_good_rows_are_kept_and_bad_ones_come_back_with_their_reasons(self, esra):
        answer = esra.post(PAGE, {"text": f"{ROWS}\nNo Watch,nowhere"})
        page = words(answer)
        assert answer.status_code == 422
        assert (
            "Line 3" in page
            and "an e-mail address with an @" in page
            and "No Watch,nowhere</textarea>" in page
        )
        assert [row.name for row in Invitation.objects.order_by("pk")] == ["River Watch", "Lake Watch"]
        assert not Message.objects.exists()
        assert "office@lake-watch.example" in page

    def test_what_was_prepared_or_sent_before_is_named(self, esra):
        esra.post(PAGE, {"text": ROWS})
        assert "among the prepared ones already" in words(esra.post(PAGE, {"text": ROWS}))
        esra.post(f"{PAGE}send/")
        assert "You have invited this address before" in words(esra.post(PAGE, {"text": ROWS}))
        assert Invitation.objects.count() == 2

    @pytest.mark.parametrize(
        "data, sentence",
        [
            ({"text": ""}, "There is no organisation in it"),
            ({"file": ("a,b\n" * 100_000).encode()}, "has 100,000 lines. At most 1,000"),
            ({"file": b"River Watch,office@river-watch.example\n" * 100_000}, "larger than 512 KB"),
            ({"text": "a,b\n" * 5_000}, "has 5,000 lines"),
        ],
    )
    def test_what_is_too_much_or_nothing_is_refused_in_a_sentence(self, esra, data, sentence):
        data = {name: file(value) if isinstance(value, bytes) else value for name, value in data.items()}
        answer = esra.post(PAGE, data)
        assert answer.status_code == 422 and sentence in words(answer)
        assert not Invitation.objects.exists()

    def test_what_is_prepared_can_be_taken_off(self, esra):
        esra.post(PAGE, {"text": ROWS})
        esra.post(f"{PAGE}discard/", {"one": Invitation.objects.first().public_id})
        assert [row.name for row in Invitation.objects.all()] == ["Lake Watch"]
        cast.invited(Letter.objects.get())
        esra.post(f"{PAGE}discard/")
        assert [row.name for row in Invitation.objects.all()] == ["Harbour Workers' Union"]


class TestSending:
    def test_nothing_leaves_before_the_host_says_so_and_then_once(self, esra, mails):
        esra.post(PAGE, {"text": ROWS})
        assert mails() == []
        assert esra.post(f"{PAGE}send/").url == PAGE
        esra.post(f"{PAGE}send/")
        assert [mail.to for mail in mails()] == ["office@river-watch.example", "office@lake-watch.example"]
        assert [line.what for line in Trail.objects.order_by("pk")] == [
            "invitations prepared",
            "invitations sent",
        ]
        assert "invited" in words(esra.get(PAGE))

    def test_beyond_the_days_allowance_they_stay_prepared(self, esra):
        Limit.objects.create(name=inviting.PER_DAY, value=1)
        esra.post(PAGE, {"text": ROWS})
        assert "1 stay prepared" in words(esra.post(f"{PAGE}send/", follow=True))
        esra.post(f"{PAGE}send/")
        assert Message.objects.count() == 1
        Invitation.objects.posted().update(posted_at=timezone.now() - timedelta(hours=25))
        esra.post(f"{PAGE}send/")
        assert Message.objects.count() == 2

    def test_only_a_letter_that_is_open_invites(self, esra, letter):
        esra.post(PAGE, {"text": ROWS})
        Letter.objects.filter(pk=letter.pk).update(closes_at=timezone.now())
        assert "takes no signatures now" in words(esra.post(f"{PAGE}send/", follow=True))
        assert not Message.objects.exists()

    def test_whom_it_may_not_write_to_is_not_mailed_and_nobody_learns_why(self, esra, letter, mails):
        signing.never_write_to(address_index("office@river-watch.example"))
        cast.invited(letter, email="office@lake-watch.example", invited_by=cast.esra(letter, name="Dunya"))
        esra.post(PAGE, {"text": ROWS})
        esra.post(f"{PAGE}send/")
        assert mails() == []
        mine = Invitation.objects.filter(invited_by__name="Esra").with_answers()
        assert {row.state.label for row in mine} == {"not mailed"}
        page = words(esra.get(PAGE))
        assert "opted" not in page and "Dunya" in page


class TestReminding:
    def test_twice_at_most_with_days_between(self, esra, letter, mails):
        row = cast.invited(letter)
        for days_since_mail, reminders in ((4, 0), (5, 1), (4, 1), (5, 2), (30, 2)):
            ago = timezone.now() - timedelta(days=days_since_mail)
            Invitation.objects.update(mailed_at=ago)
            Invitation.objects.filter(reminders__gt=0).update(reminded_at=ago)
            esra.post(f"{PAGE}remind/")
            row.refresh_from_db()
            assert row.reminders == reminders, days_since_mail
        assert [mail.subject for mail in mails()] == ["A reminder: Clean Rivers"] * 2

    def test_who_has_answered_is_left_alone(self, esra, letter):
        long_ago = timezone.now() - timedelta(days=9)
        cast.invited(letter, mailed_at=long_ago, declined_at=timezone.now())
        cast.invited(letter, mailed_at=long_ago, bounced_at=timezone.now(), email="a@lake-watch.example")
        cast.invited(letter, mailed_at=None, not_mailed_at=timezone.now(), email="b@lake-watch.example")
        esra.post(f"{PAGE}remind/")
        assert not Message.objects.exists()

    def test_the_database_knows_the_most(self, letter):
        row = cast.invited(letter)
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.filter(pk=row.pk).update(reminders=3)
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.filter(pk=row.pk).update(email=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            cast.invited(letter)
        prepared = cast.invited(letter, email="a@lake-watch.example", posted_at=None, mailed_at=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.filter(pk=prepared.pk).update(mailed_at=timezone.now())


class TestExport:
    def test_who_has_not_answered_leaves_without_addresses(self, esra, letter):
        cast.invited(letter, name="=Union", email="x@lake-watch.example")
        cast.invited(letter, declined_at=timezone.now(), email="y@lake-watch.example")
        answer = esra.post(f"{PAGE}unanswered/")
        text = answer.content.decode("utf-8-sig")
        assert text.splitlines()[1].startswith('"\'=Union","en","Portugal","invited","')
        assert len(text.splitlines()) == 2 and "@" not in text
        assert Trail.objects.get().detail == {"rows": 1}

    def test_it_asks_for_a_fresh_proof(self, user, letter):
        cast.invited(letter)
        answer = browser(user, minutes_ago=6).post(f"{PAGE}unanswered/")
        assert answer.status_code == 302 and "reauthenticate" in answer.url


class TestWhoMay:
    @pytest.mark.parametrize("kind", Role.Kind)
    def test_owners_and_authors_invite(self, letter, kind):
        client = browser(cast.esra(letter, kind, name="Bo"))
        expected = 200 if kind in {Role.Kind.OWNER, Role.Kind.AUTHOR} else 403
        assert client.get(PAGE).status_code == expected
        for act in ("send", "discard", "remind"):
            assert client.post(f"{PAGE}{act}/").status_code == (302 if expected == 200 else 403)

    def test_a_partner_sees_only_its_own_and_owners_see_numbers_of_others(self, letter, esra):
        partner = cast.esra(letter, Role.Kind.AUTHOR, name="Partner")
        cast.invited(letter, invited_by=partner)
        page = words(esra.get(PAGE))
        assert "Partner" in page and "invited: " in page
        assert "Harbour" not in page and "secretary@" not in page
        other = words(browser(cast.esra(letter, Role.Kind.AUTHOR, name="Third")).get(PAGE))
        assert "Partner" not in other and "Harbour" not in other
        assert "Harbour" in words(browser(partner).get(PAGE))

    def test_nobody_discards_sends_or_exports_what_others_prepared(self, letter, esra):
        partner = cast.esra(letter, Role.Kind.AUTHOR, name="Partner")
        row = cast.invited(letter, invited_by=partner, posted_at=None, mailed_at=None)
        esra.post(f"{PAGE}discard/", {"one": row.public_id})
        esra.post(f"{PAGE}discard/")
        esra.post(f"{PAGE}send/")
        assert Invitation.objects.prepared().count() == 1
        assert "Harbour" not in esra.post(f"{PAGE}unanswered/").content.decode()
