"""Organisations that have agreed are announced apart from signatures, until they confirm or say no."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail
from invitations import announcing, answering, forgetting, links
from invitations.emails import is_dead
from invitations.models import ANNOUNCED_FOR, Announced, Invitation
from letters import caching
from letters.models import Letter, Role
from outbox.models import Message
from signatories import confirming, moderating, signing
from signatories.enrolled import enrolling, reckoning
from signatories.models import Listing, Signature
from spaces import opening
from tests import cast, entering
from tests.emptying import empty_cache
from vault.indexing import address_index

pytestmark = pytest.mark.django_db

PAGE = "/desk/letters/clean-rivers/founders/"
LETTER = "/letters/clean-rivers/"
ROWS = (
    "River Union;office@river-union.example;Its board on 3 March, by minutes;ur;PK\n"
    "Lake Watch;office@lake-watch.example;Its director, by phone"
)
UNION = "Harbour Workers&#x27; Union"


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
def esra(letter):
    return browser(cast.esra(letter))


def public(place=LETTER):
    """The page as it is once the few seconds are over for which it is kept."""
    empty_cache()
    caching._at_hand.clear()
    return words(Client().get(place))


@pytest.mark.parametrize("name", ["Harbor Workers' Union", "Harbour Workers' Uniom", "UNlCEF"])
def test_t11_a_founder_that_could_be_taken_for_another_is_marked(letter, esra, fresh_cache, name):
    cast.known_union(cast.quiet_streets())
    enrolling.enrol(at_once=True)
    fresh_cache()
    esra.post(PAGE, {"text": f"{name};office@copy.example;Its board on 3 March"})
    assert "The name resembles that of" in words(esra.get(PAGE))


def test_t01_no_founder_s_name_tells_who_has_signed_unlisted_or_is_on_trial(letter, esra, fresh_cache):
    quiet = cast.quiet_streets()
    cast.known_union(quiet, visibility="counted")
    opening.open_invited(cast.invited(quiet, name="Old Mill Society"), country="PT", website="")
    enrolling.enrol(at_once=True)
    fresh_cache()
    for number, name in enumerate(["Harbor Workers' Union", "Harbour Workers' Union", "Old Mill Societi"]):
        esra.post(PAGE, {"text": f"{name};office{number}@copy.example;Its board on 3 March"})
    page = words(esra.get(PAGE))
    assert page.count("office") >= 3 and "resembles" not in page


def file(content):
    return SimpleUploadedFile("list.csv", content)


class TestImporting:
    def test_good_lines_are_kept_and_others_come_back_with_reasons(self, esra):
        bad = "No Word;office@no-word.example\nNo Watch;nowhere;Said so"
        answer = esra.post(PAGE, {"text": f"{ROWS}\n{bad}"})
        page = words(answer)
        assert answer.status_code == 422 and "Line 3" in page and "Line 4" in page
        assert "Say how it has agreed" in page and "an e-mail address with an @" in page
        assert "Its board on 3 March, by minutes" in page
        assert [row.name for row in Invitation.objects.founders().order_by("pk")] == [
            "River Union",
            "Lake Watch",
        ]
        assert "River Union" not in public() and not Message.objects.exists()

    def test_the_pattern_can_be_read(self, esra):
        assert esra.post(PAGE, {"file": file(esra.get(f"{PAGE}pattern/").content)}).url == PAGE
        assert Invitation.objects.founders().prepared().count() == 2

    def test_long_evidence_and_a_name_that_is_there_are_refused_in_words(self, esra):
        esra.post(PAGE, {"text": ROWS})
        again = "River union;else@river-union.example;By mail\nLong Watch;a@long-watch.example;" + "x" * 301
        page = words(esra.post(PAGE, {"text": again}))
        assert "of this name is a founder already" in page and "more than 300 letters" in page

    def test_what_is_prepared_is_taken_off_and_ordinary_invitations_stay(self, esra):
        esra.post("/desk/letters/clean-rivers/invitations/", {"text": "Sea Watch,office@sea-watch.example"})
        esra.post(PAGE, {"text": ROWS})
        assert "River Union" not in words(esra.get("/desk/letters/clean-rivers/invitations/"))
        esra.post("/desk/letters/clean-rivers/invitations/send/")
        assert Message.objects.count() == 1
        esra.post(f"{PAGE}discard/")
        assert [row.name for row in Invitation.objects.all()] == ["Sea Watch"]


class TestAnnouncing:
    def test_it_is_named_once_its_mail_has_left_and_counts_nowhere(self, esra, letter, mails):
        esra.post(PAGE, {"text": ROWS})
        esra.post(f"{PAGE}announce/")
        assert "River Union" not in public()
        mail = mails()[1]
        assert "has agreed to sign" in mail.text and "decline below" in mail.text
        announcing.settle_all()
        page = public()
        assert "River Union" in page and "not confirmed it yet themselves" in page
        reckoning.reckon(letter)
        assert "2 organisations are announced" in public(f"{LETTER}integrity/")
        counts = Client().get(f"{LETTER}count.json").json()
        assert counts["signatures"] == counts["organisations"] == 0
        for place in ("signatories/", "feed/"):
            assert "River Union" not in public(f"{LETTER}{place}")
        assert not Signature.objects.exists() and not Listing.objects.exists()
        assert Trail.objects.filter(what="invitations sent").exists()

    def test_what_is_confirmed_by_its_link_is_an_ordinary_signature_and_leaves(self, letter):
        row = cast.announced(letter)
        assert UNION in public()
        answers = {"kind": "organisation", "name": "Ines", "email": cast.UNION, "country": "PT"}
        answers |= {"organisation": "Harbour Workers' Union", "language": "en", "visibility": "public"}
        answering.sign(row, **answers)
        assert UNION in public()
        attempt = confirming.confirm(Signature.objects.get())
        assert UNION not in public()
        moderating.approve(attempt, by=cast.chidi(letter))
        enrolling.enrol(at_once=True)
        announcing.settle_all()
        page = public()
        assert UNION in page and "not confirmed" not in page
        assert Invitation.objects.get().announced_until is None
        signing.withdraw(cast.fresh(attempt))
        enrolling.enrol(at_once=True)
        assert UNION not in public()

    def test_who_is_listed_by_another_link_does_not_stand_there_twice(self, letter):
        cast.announced(letter, email="board@harbour-workers.example")
        row = cast.union(letter, visibility="public")
        assert "not confirmed" in public()  # a stranger's word alone takes nobody off
        moderating.approve(row, by=cast.chidi(letter))
        assert "not confirmed" not in public()

    def test_declined_is_gone_at_once(self, letter):
        row = cast.announced(letter)
        announcing.settle(letter)
        place = f"/o/{links.token(row)}/"
        assert "announces" in public(place) and "announces" in public(f"{place}decline/")
        Client().post(f"{place}decline/", {"act": "decline"})
        assert UNION not in public()
        assert Announced.objects.get().number == 0

    def test_it_disappears_after_two_weeks(self, letter):
        ago = timezone.now() - ANNOUNCED_FOR - timedelta(hours=1)
        row = cast.announced(letter, posted_at=ago, mailed_at=ago, announced_until=ago + ANNOUNCED_FOR)
        assert UNION not in public()
        announcing.settle_all()
        assert Invitation.objects.get(pk=row.pk).announced_until is None

    def test_a_mail_that_came_back_ends_it(self, letter):
        row = cast.announced(letter)
        is_dead(Message(subject=row.pk, faults=0))
        assert UNION not in public()

    def test_whom_it_may_not_write_to_is_never_announced(self, esra, letter, mails):
        signing.never_write_to(address_index("office@lake-watch.example"))
        esra.post(PAGE, {"text": ROWS})
        esra.post(f"{PAGE}announce/")
        mails()
        assert "River Union" in public() and "Lake Watch" not in public()

    def test_another_text_is_not_what_they_agreed_to(self, letter):
        row = cast.announced(letter)
        Invitation.objects.filter(pk=row.pk).update(posted_at=letter.current.published_at - timedelta(1))
        assert UNION not in public()

    def test_a_closed_letter_and_one_taken_down_announce_nobody(self, esra, letter):
        cast.announced(letter)
        Letter.objects.filter(pk=letter.pk).update(closes_at=timezone.now())
        assert UNION not in public()
        Letter.objects.filter(pk=letter.pk).update(closes_at=None, taken_down_at=timezone.now())
        assert UNION not in public()
        answer = esra.post(f"{PAGE}announce/", follow=True)
        assert "takes no signatures now" in words(answer)

    def test_a_letter_at_risk_announces_nobody(self, mails):
        letter = cast.quiet_streets()
        cast.announced(letter)
        assert UNION not in public("/letters/quiet-streets/")
        esra, page = browser(cast.esra(letter)), PAGE.replace("clean-rivers", "quiet-streets")
        esra.post(page, {"text": ROWS})
        assert "a letter at risk announces nobody" in words(esra.post(f"{page}announce/", follow=True))
        assert mails() == []

    def test_any_owner_takes_one_back_and_nobody_else(self, letter):
        row = cast.announced(letter)
        dunya = browser(cast.esra(letter, name="Dunya"))
        page = words(dunya.get(PAGE))
        assert "minutes of 3 March" in page and cast.UNION not in page
        author = browser(cast.esra(letter, Role.Kind.AUTHOR, name="Aino"))
        assert author.post(f"{PAGE}take-back/", {"one": row.public_id}).status_code == 403
        assert UNION in public()
        dunya.post(f"{PAGE}take-back/", {"one": row.public_id})
        assert UNION not in public()
        assert Trail.objects.filter(what="announcement taken back").count() == 1
        assert Invitation.objects.get().evidence is None

    def test_it_asks_for_a_fresh_proof(self, letter):
        late = browser(cast.esra(letter), minutes_ago=30)
        late.post(PAGE, {"text": ROWS})
        late.post(f"{PAGE}announce/")
        assert not Message.objects.exists()

    def test_its_evidence_goes_with_its_name(self, letter):
        row = cast.announced(letter)
        answering.decline(row)
        forgetting.forget(at=timezone.now() + forgetting.DECLINED_KEPT + timedelta(hours=1))
        row.refresh_from_db()
        assert row.name is row.evidence is None and row.announced_until is None

    @pytest.mark.parametrize("end", ["declined", "taken back"])
    def test_who_said_no_is_not_announced_again_by_another_address(self, esra, letter, end):
        row = cast.announced(letter, name="River Union")
        if end == "declined":
            answering.decline(row)
            forgetting.forget(at=timezone.now() + forgetting.DECLINED_KEPT + timedelta(hours=1))
        else:
            esra.post(f"{PAGE}take-back/", {"one": row.public_id})
        answer = esra.post(PAGE, {"text": ROWS})
        assert answer.status_code == 422 and "announced before: once is enough" in words(answer)
        assert [row.name for row in Invitation.objects.founders()] == ["Lake Watch"]


class TestConstraints:
    @pytest.mark.parametrize(
        "change",
        [
            {"declined_at": timezone.now()},
            {"bounced_at": timezone.now()},
            {"not_mailed_at": timezone.now()},
            {"mailed_at": None},
            {"evidence": None},
            {"name_key": None},
            {"announced_until": timezone.now() + ANNOUNCED_FOR + timedelta(days=1)},
        ],
    )
    def test_nobody_is_announced_who_could_not_say_no_or_has(self, letter, change):
        row = cast.announced(letter)
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.filter(pk=row.pk).update(**change)

    def test_one_name_is_announced_once(self, letter):
        cast.announced(letter)
        with pytest.raises(IntegrityError), transaction.atomic():
            cast.announced(letter, email="else@harbour-workers.example")
