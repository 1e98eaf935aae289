"""Moderators look after the organisations that signed their letters, and after no others."""

import pytest
from django.test import Client

from accounts.models import Trail, User
from letters.models import Role
from organisations import recognising, seconding
from organisations.models import Evidence, Name, Organisation
from organisations.permitting import organisations_of
from signatories import desk_urls, moderating
from tests import cast, entering

pytestmark = pytest.mark.django_db

DIRECTORY = "/desk/organisations/"
MODERATORS = {Role.Kind.OWNER, Role.Kind.MODERATOR}


def words(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def letter(db):
    return cast.clean_rivers()


@pytest.fixture
def union(letter):
    """As long as nothing proves who it is."""
    return cast.known_union(letter, email="harbour.workers@gmail.com")


@pytest.fixture
def chidi(union, client):
    entering.enter(client, User.objects.get(email="chidi@desk.example"))
    return client


@pytest.fixture
def home(union):
    return f"{DIRECTORY}{union.public_id}/"


def seen(union, kind=Evidence.Kind.MAILBOX):
    return union.evidence.create(kind=kind, seen="harbour-workers.example")


class TestDirectory:
    def test_it_holds_what_signed_a_letter_that_one_moderates(self, chidi):
        answer = words(chidi.get(DIRECTORY))
        assert "Harbour Workers' Union" in answer.replace("&#x27;", "'")
        assert "1 organisation" in answer and "not verified yet" in answer

    @pytest.mark.parametrize("wanted", ["harbour", "WORKERS union", "harbour-workers.example", "بندرګاه"])
    def test_it_is_searched_by_words_of_any_name(self, chidi, union, wanted):
        union.names.create(kind="translation", language="ps", text="د بندرگاه اتحادیه", key="x")
        union.names.create(kind="alias", language="ps", text="د بندرګاه اتحادیه", key="y")
        assert union.public_id in words(chidi.get(DIRECTORY, {"q": wanted}))

    def test_what_is_not_found_is_said(self, chidi, union):
        answer = words(chidi.get(DIRECTORY, {"q": "miners"}))
        assert union.public_id not in answer and "No organisation has these words" in answer

    def test_an_empty_one_tells_how_it_fills(self, client, letter):
        entering.enter(client, cast.chidi(letter))
        assert "The first one stands here once" in words(client.get(DIRECTORY))


class TestWhoMay:
    @pytest.mark.parametrize("kind", [*Role.Kind, None])
    def test_t23_roles_of_a_letter_open_what_signed_it(self, letter, union, kind):
        user = User.objects.create_user("somebody@desk.example")
        Role.objects.create(letter=cast.night_trains(), user=user, kind=Role.Kind.OWNER)
        if kind:
            Role.objects.create(letter=letter, user=user, kind=kind)
        assert list(organisations_of(user)) == ([union] if kind in MODERATORS else [])

    def test_superusers_may_all_and_closed_accounts_nothing(self, union):
        owner = User.objects.create_superuser("owner@desk.example")
        assert list(organisations_of(owner)) == [union]
        owner.is_active = False
        assert not organisations_of(owner)

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_t23_pages_of_others_are_not_there(self, union, method):
        client, user = Client(), User.objects.create_user("esra@desk.example")
        Role.objects.create(letter=cast.night_trains(), user=user, kind=Role.Kind.OWNER)
        entering.enter(client, user)
        done = Trail.objects.count()
        real = {"<str:organisation>": union.public_id, "<int:number>": str(union.names.get().pk)}
        for page in desk_urls.urlpatterns:
            if "<str:organisation>" in (route := str(page.pattern)):
                for placeholder, value in real.items():
                    route = route.replace(placeholder, value)
                assert getattr(client, method)(f"/desk/{route}").status_code in (404, 405), route
        assert Trail.objects.count() == done

    def test_t22_a_name_is_changed_by_who_has_just_shown_to_be_there(self, chidi, union, home):
        client = Client()
        entering.enter(client, User.objects.get(email="chidi@desk.example"), minutes_ago=6)
        answer = client.post(f"{home}names/", {"text": "HWU", "language": "en"})
        assert answer.url.startswith("/accounts/reauthenticate/")
        assert union.names.count() == 1


class TestOnePage:
    def test_it_says_what_the_badge_still_needs(self, chidi, home):
        answer = words(chidi.get(home))
        assert "Not verified yet." in answer
        assert "It signs with an address at" in answer and "publishes a TXT record" in answer
        assert "A moderator calls it" in answer

    def test_a_website_at_a_free_provider_s_domain_proves_nothing(self, chidi, union, home):
        for website in ("https://harbour.github.io/", "https://gmail.com/", "https://192.0.2.1/"):
            union.website = website
            union.save()
            assert words(chidi.get(home)).count("Its website is at no domain of its own") == 2

    def test_evidence_gives_the_badge(self, chidi, union, home):
        seen(union)
        answer = words(chidi.get(home))
        assert "Verified." in answer and "harbour-workers.example" in answer

    def test_a_website_that_moves_takes_the_evidence_of_its_domain_along(self, chidi, union, home):
        seen(union), seen(union, Evidence.Kind.DNS)
        same = {
            "website": "https://www.harbour-workers.example/en/",
            "country": "PT",
            "description_en": "We.",
        }
        assert chidi.post(f"{home}facts/", same).url == home
        assert Organisation.objects.get().is_verified()
        chidi.post(f"{home}facts/", same | {"website": "https://harbour.example/"})
        seconding.accept(union.proposed_changes.get(), by=User.objects.create_superuser("owner@desk.example"))
        union.refresh_from_db()
        assert union.website == "https://harbour.example/" and not union.is_verified()
        assert Trail.objects.filter(what="organisation changed").latest("pk").detail == {"has_moved": True}

    def test_what_is_wrong_is_said_beside_the_field(self, chidi, home):
        answer = chidi.post(f"{home}facts/", {"website": "nowhere", "country": "PT"})
        assert answer.status_code == 422 and "invalid-feedback" in words(answer)


class TestCalls:
    SAID = {"said": "Number from the register of unions; the secretary confirmed it on 3 May 2026."}

    def test_a_call_that_is_noted_gives_the_badge_until_it_is_taken_back(self, chidi, union, home):
        assert chidi.post(f"{home}calls/", self.SAID).url == home
        assert union.is_verified() and "register of unions" in words(chidi.get(home))
        evidence = union.evidence.get()
        assert evidence.by.email == "chidi@desk.example"
        for _ in range(2):
            chidi.post(f"{home}evidence/{evidence.pk}/revoke/")
        assert not union.is_verified() and "Taken back on" in words(chidi.get(home))
        assert Trail.objects.filter(what="evidence revoked").count() == 1

    @pytest.mark.parametrize("said", ["", "They said yes at +351 21 345 67 89.", "ask ines@harbour.example"])
    def test_no_number_and_no_address_is_kept(self, chidi, union, home, said):
        answer = chidi.post(f"{home}calls/", {"said": said})
        assert answer.status_code == 422 and "invalid-feedback" in words(answer)
        assert not union.evidence.exists()

    def test_t22_who_was_away_proves_first_to_be_there(self, chidi, union, home):
        client = Client()
        entering.enter(client, User.objects.get(email="chidi@desk.example"), minutes_ago=6)
        assert client.post(f"{home}calls/", self.SAID).url.startswith("/accounts/reauthenticate/")
        assert not union.is_verified()

    def test_evidence_of_another_organisation_is_not_found(self, chidi, home):
        other = recognising.recognise("Mill Society", language="en", website=None, country="GB")
        assert chidi.post(f"{home}evidence/{seen(other).pk}/revoke/").status_code == 404


class TestNames:
    def add(self, client, home, text, language):
        return client.post(f"{home}names/", {"text": text, "language": language})

    def test_under_any_of_its_names_it_is_the_same(self, chidi, union, home, letter):
        assert self.add(chidi, home, "اتحادیه کارگران بندر", "prs").url == home
        assert self.add(chidi, home, "HWU", "en").url == home
        assert [name.kind for name in union.names.all()] == ["main", "translation", "alias"]
        again = cast.union(cast.quiet_streets(), organisation="hwu", email="post@harbour-workers.example")
        again = moderating.approve(again, by=User.objects.get(email="chidi@desk.example"))
        assert again.organisation == union and Organisation.objects.count() == 1

    def test_a_name_belongs_to_one(self, chidi, union, home):
        recognising.recognise("Mill Society", language="en", website=None, country="GB")
        for text in ("mill  SOCIETY", "Harbour Workers' Union"):
            answer = self.add(chidi, home, text, "en")
            assert answer.status_code == 422 and "has this name already" in words(answer)

    def test_tricks_are_refused_as_in_the_form_for_signers(self, chidi, union, home):
        assert self.add(chidi, home, "Hаrbour", "en").status_code == 422
        assert union.names.count() == 1

    def test_it_is_listed_by_another_name_and_keeps_the_first(self, chidi, union, home):
        self.add(chidi, home, "Harbour Workers", "en")
        first, other = union.names.all()
        chidi.post(f"{home}names/{other.pk}/")
        assert Organisation.objects.get().name == "Harbour Workers"
        first.refresh_from_db()
        assert first.kind == Name.Kind.ALIAS
        answer = chidi.post(f"{home}names/{other.pk}/", {"drop": "1"}, follow=True)
        assert "list it by another name first" in words(answer)
        chidi.post(f"{home}names/{first.pk}/", {"drop": "1"})
        assert [name.text for name in union.names.all()] == ["Harbour Workers"]

    def test_a_name_of_another_organisation_is_not_found(self, chidi, home):
        other = recognising.recognise("Mill Society", language="en", website=None, country="GB")
        assert chidi.post(f"{home}names/{other.names.get().pk}/", {"drop": "1"}).status_code == 404
