import hashlib
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from accounts.models import User
from exports import desk_urls
from letters.models import Role
from letters.permitting import Verb, letters_of, may
from outbox import alerting
from signatories import moderating, reporting, signing
from signatories.enrolled import enrolling
from signatories.judging import suspecting
from signatories.models import Decision, Signature
from tests import cast, entering, walking

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
    """A browser in which Chidi is signed in."""
    entering.enter(client, chidi)
    return client


def somebody(*, role=None, letter=None, **fields) -> User:
    user = User.objects.create_user(f"somebody{User.objects.count()}@desk.example", **fields)
    if role:
        Role.objects.create(letter=letter, user=user, kind=role)
    return user


def queue(letter):
    return f"/desk/letters/{letter.slug}/queue/"


def place(signature):
    """Where decisions about the signature are posted."""
    return f"/desk/letters/{signature.letter.slug}/signatures/{signature.public_id}/"


def decide(browser, signature, act, *, reason="", **more):
    return browser.post(place(signature), {"act": act, "reason": reason}, **more)


def words(response):
    return " ".join(response.content.decode().replace("&#x27;", "'").split())


class TestTheLetters:
    def test_one_sees_the_letters_one_works_on_and_what_waits(self, desk, letter):
        cast.quiet_streets()
        cast.union(letter)
        page = words(desk.get("/desk/"))
        assert "Clean Rivers" in page
        assert "Quiet Streets" not in page
        assert '<span class="number">1</span> waits' in page

    def test_a_draft_has_its_title_too(self, client):
        entering.enter(client, cast.chidi(cast.night_trains()))
        assert "Night Trains" in words(client.get("/desk/"))

    def test_who_works_on_none_is_told_how_one_comes_to_it(self, client):
        entering.enter(client, somebody())
        assert "gives you a role" in words(client.get("/desk/"))

    def test_superusers_see_all(self, client, letter):
        entering.enter(client, somebody(is_superuser=True))
        assert "Clean Rivers" in words(client.get("/desk/"))

    def test_alerts_of_the_site_and_of_one_s_own_letters_stand_first(self, desk, letter):
        other = cast.quiet_streets()
        alerting.raise_alert("bounces", reason="Much mail comes back.")
        for about in (letter, letter, other):
            alerting.raise_alert("surge", about=f"letter {about.pk}", reason=f"Sentence of {about.slug}.")
        page = words(desk.get("/desk/"))
        assert "Much mail comes back. Once, less than a minute ago" in page
        assert "Sentence of clean-rivers. 2 times" in page
        assert "quiet-streets" not in page

    def test_exporters_are_not_told_what_waits(self, client, letter):
        cast.union(letter)
        entering.enter(client, somebody(role=Role.Kind.EXPORTER, letter=letter))
        assert queue(letter) not in words(client.get("/desk/"))
        assert queue(letter) not in words(client.get(f"/desk/letters/{letter.slug}/"))


class TestTheQueue:
    def test_it_shows_what_a_moderator_needs(self, desk, letter):
        cast.union(letter)
        page = words(desk.get(queue(letter)))
        for fact in (
            "Harbour Workers' Union", "https://harbour-workers.example/", "Portugal", "Ines Duarte",
            "Secretary", cast.UNION, "checked by a person before they are shown",
        ):  # fmt: skip
            assert fact in page

    def test_the_oldest_comes_first_and_its_age_is_in_the_header(self, desk, letter):
        young = cast.union(letter)
        old = cast.union(letter, organisation="Old Mill Society", email="mill@old-mill.example")
        Signature.objects.filter(pk=old.pk).update(held_at=timezone.now() - timedelta(hours=9))
        page = words(desk.get(queue(letter)))
        assert page.index(old.public_id) < page.index(young.public_id)
        assert '<span class="number">2</span> wait, the oldest for 9 hours' in page

    def test_what_is_not_held_is_not_there(self, desk, letter):
        cast.ada(letter)
        cast.bela(letter)
        page = words(desk.get(queue(letter)))
        assert cast.ADA not in page and cast.BELA not in page
        assert "Nothing waits" in page

    def test_a_correction_shows_the_old_name_and_the_new(self, desk, letter, chidi):
        union = cast.union(letter)
        moderating.approve(union, by=chidi)
        enrolling.enrol(at_once=True)
        signing.correct(union, name="Harbour and Dock Workers' Union")
        page = words(desk.get(queue(letter)))
        assert "Harbour Workers' Union" in page
        assert "Harbour and Dock Workers' Union" in page
        assert "another spelling" in page

    def test_a_name_that_stands_already_is_pointed_out(self, desk, letter, chidi):
        moderating.approve(cast.union(letter), by=chidi)
        cast.union(letter, email="treasurer@harbour-workers.example")
        assert "stands under the letter already" in words(desk.get(queue(letter)))

    def test_names_are_escaped(self, desk, letter):
        union = cast.union(letter)
        Signature.objects.filter(pk=union.pk).update(organisation_name="<script>alert(1)</script>")
        assert "<script>alert" not in words(desk.get(queue(letter)))

    def test_it_asks_the_database_no_more_for_many_than_for_one(
        self, desk, letter, django_assert_max_num_queries
    ):
        for number in range(5):
            cast.union(letter, organisation=f"Society {number}", email=f"post@society{number}.example")
        with django_assert_max_num_queries(16):
            desk.get(queue(letter))


class TestDeciding:
    def test_an_approval_counts(self, desk, letter, chidi):
        union = cast.union(letter)
        page = decide(desk, union, "approve", follow=True)
        assert "counts within seconds" in words(page)
        assert Decision.objects.get(by=chidi).verdict == "approve"
        enrolling.enrol(at_once=True)
        assert enrolling.tally(letter).organisations == 1

    def test_what_is_not_confirmed_waits_too_and_an_approval_lets_its_mail_leave(self, desk, letter):
        ada = cast.ada(letter)
        suspecting.hold([ada], reason="One line.\nAnother line.")
        page = words(desk.get(queue(letter)))
        assert "<li>One line.</li><li>Another line.</li>" in page and "No mail has left" in page
        assert "once its owner confirms it" in words(decide(desk, ada, "approve", follow=True))
        assert enrolling.tally(letter).persons == 0

    def test_a_rejection_takes_a_reason(self, desk, letter):
        union = cast.union(letter)
        page = decide(desk, union, "reject", reason="  ")
        assert page.status_code == 422
        assert 'aria-invalid="true"' in words(page)
        assert cast.fresh(union).is_waiting()

    def test_a_rejection_can_be_taken_back(self, desk, letter, chidi):
        union = cast.union(letter)
        decide(desk, union, "reject", reason=WHY)
        page = words(desk.get(f"/desk/letters/{letter.slug}/decisions/"))
        assert WHY in page and place(union) in page and "Chidi Eze" in page
        assert decide(desk, union, "reinstate").status_code == 422
        decide(desk, union, "reinstate", reason="They called back.")
        assert cast.fresh(union).is_standing()

    def test_the_second_moderator_is_told_and_changes_nothing(self, desk, letter, chidi):
        union = cast.union(letter)
        other = somebody(role=Role.Kind.OWNER, letter=letter, name="Dunya Rahimi")
        moderating.reject(union, by=other, reason=WHY)
        page = words(decide(desk, union, "approve", follow=True))
        assert "Nothing was changed: Dunya Rahimi was first and has rejected this signature." in page
        assert Decision.objects.filter(by__isnull=False).count() == 1

    def test_what_was_withdrawn_meanwhile_is_said(self, desk, letter):
        union = cast.union(letter)
        signing.withdraw(union)
        assert "has withdrawn" in words(decide(desk, union, "approve", follow=True))

    def test_one_organisation_is_approved_once(self, desk, letter, chidi):
        moderating.approve(cast.union(letter), by=chidi)
        again = cast.union(letter, email="treasurer@harbour-workers.example")
        assert "stands under the letter already" in words(decide(desk, again, "approve", follow=True))
        assert cast.fresh(again).is_waiting()

    def test_ids_belong_to_their_letter(self, desk, letter, chidi):
        other = cast.quiet_streets()
        union = cast.union(other)
        address = place(union).replace(other.slug, letter.slug)
        assert desk.post(address, {"act": "approve"}).status_code == 404
        assert cast.fresh(union).is_waiting()

    @pytest.mark.parametrize("act", ["", "invalidate", "__class__"])
    def test_what_is_no_decision_is_refused(self, desk, letter, act):
        union = cast.union(letter)
        assert decide(desk, union, act).status_code == 400
        assert cast.fresh(union).is_waiting()

    def test_t14_another_site_cannot_decide(self, letter, chidi, client):
        strict = type(client)(enforce_csrf_checks=True)
        entering.enter(strict, chidi)
        union = cast.union(letter)
        assert decide(strict, union, "approve").status_code == 403
        assert cast.fresh(union).is_waiting()

    def test_an_answer_at_risk_waits_for_the_batch_and_says_so(self, client):
        quiet = cast.quiet_streets()
        entering.enter(client, cast.chidi(quiet))
        page = decide(client, cast.union(quiet), "approve", follow=True)
        assert "next batch" in words(page)


class TestWhoMay:
    @pytest.mark.parametrize(
        "role, verbs",
        [
            (Role.Kind.OWNER, set(Verb)),
            (Role.Kind.AUTHOR, {"see", "write", "translate", "invite"}),
            (Role.Kind.TRANSLATOR, {"see", "translate"}),
            (Role.Kind.MODERATOR, {"see", "moderate"}),
            (Role.Kind.EXPORTER, {"see", "export"}),
            (Role.Kind.DELIVERER, {"see", "deliver"}),
            (Role.Kind.AUDITOR, {"see", "audit"}),
            (None, set()),
        ],
    )
    def test_a_role_is_for_one_letter_and_its_verbs(self, letter, role, verbs):
        user, other = somebody(role=role, letter=letter), cast.quiet_streets()
        assert {verb for verb in Verb if may(user, verb, letter)} == verbs
        assert not any(may(user, verb, other) for verb in Verb)
        assert list(letters_of(user)) == ([letter] if role else [])

    def test_who_is_disabled_may_nothing(self, letter):
        user = somebody(role=Role.Kind.OWNER, letter=letter, is_active=False, is_superuser=True)
        assert not any(may(user, verb, letter) for verb in Verb)
        assert not letters_of(user)


def every_address(letter, signature):
    """Every address of the desk, from the map itself."""
    for pattern in desk_urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        route = str(pattern.pattern)
        route = route.replace("<slug:slug>", letter.slug).replace("<str:public_id>", signature.public_id)
        route = route.replace("<str:language>", "en").replace("<int:number>", "1")
        route = route.replace("<slug:name>", "countries")
        route = route.replace("<str:organisation>", walking.recognised(signature).public_id)
        route = route.replace("limits/<str:name>", "limits/surge").replace("<str:name>", "signing")
        assert "<" not in route, "a new kind of address: say here what to put in"
        yield f"/desk/{route}"


def picture_of_the_database() -> dict[str, str]:
    """What every table holds, but for sessions, which keep the time of the last visit."""
    picture = {}
    for table in connection.introspection.table_names():
        if table != "accounts_session":
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
                picture[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return picture


class TestEveryPage:
    @pytest.fixture
    def addresses(self, letter):
        return list(every_address(letter, cast.union(letter)))

    def test_a_stranger_is_asked_to_sign_in(self, client, addresses):
        for address in addresses:
            for answer in (client.get(address), client.post(address)):
                assert answer.status_code in {302, 405}
                assert answer.status_code == 405 or answer.url.startswith("/accounts/login/?next=/desk/")

    def test_without_a_role_there_is_nothing(self, client, letter, addresses):
        entering.enter(client, somebody(role=Role.Kind.OWNER, letter=cast.quiet_streets()))
        for address in addresses:
            if letter.slug not in address:
                continue
            assert client.get(address).status_code in {404, 405}
            assert client.post(address, {"act": "reject", "reason": WHY}).status_code in {404, 405}
        assert Decision.objects.filter(by__isnull=False).count() == 0

    def test_without_the_right_it_is_refused(self, client, letter, addresses):
        entering.enter(client, somebody(role=Role.Kind.EXPORTER, letter=letter))
        moderated = [address for address in addresses if "queue" in address or "signatures" in address]
        assert len(moderated) == 7
        for address in moderated:
            assert 403 in {client.get(address).status_code, client.post(address).status_code}
        assert Decision.objects.filter(by__isnull=False).count() == 0

    def test_t14_reading_changes_nothing(self, desk, letter, addresses):
        cast.confirmed(letter, email="eve@mail.example", name="Eve Adeyemi")
        desk.get("/desk/")
        before = picture_of_the_database()
        for address in addresses:
            told = {404, 405} if "/site/" in address else {200, 403, 405}  # that is for superusers alone
            for prefix in ("", "/ur"):
                assert desk.get(prefix + address).status_code in told
                assert desk.head(prefix + address).status_code in told
        assert picture_of_the_database() == before

    def test_every_page_is_at_the_desk(self):
        assert get_resolver().resolve("/desk/").view_name == "desk:letters"


class TestALongQueue:
    def test_what_is_confirmed_stands_before_a_flood_of_attempts(self, letter):
        flood = [cast.attempt(letter, email=f"p{number}@people.example") for number in range(3)]
        suspecting.hold(flood, reason="Many at once.")
        bela, reported = (
            cast.bela(letter),
            cast.confirmed(letter, name="Ben Adler", email="ben@adler.example"),
        )
        suspecting.hold([bela], reason="Many at once.")
        reporting.report(reported.listing, reason="not_me", network=None)
        assert list(letter.signatures.waiting()) == [bela, reported, *flood]

    def test_the_next_page_is_a_link_away(self, desk, letter, monkeypatch):
        monkeypatch.setattr("signatories.queue.SHOWN", 2)
        rows = [
            cast.attempt(letter, email=f"p{number}@people.example", name=f"Ada {ending}")
            for number, ending in enumerate(["Adler", "Brandt", "Celik"])
        ]
        suspecting.hold(rows, reason="Many at once.")
        first, second = (desk.get(queue(letter) + page).content.decode() for page in ("", "?page=2"))
        assert "Ada Adler" in first and "?page=2" in first
        assert "Ada Adler" not in second and "?page=3" not in second
        assert f"{rows[2].public_id}/?page=2" in second
        for nonsense in ("?page=0", "?page=-1", "?page=x", "?page=99999999"):
            assert desk.get(queue(letter) + nonsense).status_code == 200
