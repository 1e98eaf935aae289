"""From a blank page to a published letter, at the desk alone."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail, User
from letters import writing
from letters.models import Letter, Recipient, Role
from tests import cast, entering

pytestmark = pytest.mark.django_db

DRAFT = "/desk/letters/night-trains/draft/"
BEGIN = {"title": "Open Wells", "slug": "open-wells", "original_language": "en", "risk": "ordinary"}
OFFICE = {
    "office": "Ministry of Water",
    "country": "GB",
    "language": "en",
    "address": "water@lowmere.example",
}


def words(answer):
    return answer.content.decode()


def staff(name, *kinds, letter=None):
    """Somebody with these roles, and the browser in which they are signed in."""
    user = User.objects.create_user(f"{name}@desk.example", cast.PASSWORD, name=name.title(), is_staff=True)
    for kind in kinds:
        Role.objects.create(letter=letter, user=user, kind=kind)
    client = Client()
    entering.enter(client, user)
    return client


@pytest.fixture
def draft(db):
    return cast.night_trains()


@pytest.fixture
def esra(draft):
    return staff("esra", Role.Kind.OWNER, letter=draft)


@pytest.fixture
def dunya(draft):
    return staff("dunya", Role.Kind.OWNER, letter=draft)


class TestBeginning:
    def test_whoever_works_here_begins_a_letter_and_owns_it(self):
        client = staff("esra")
        answer = client.post("/desk/letters/new/", BEGIN)
        assert answer.url == "/desk/letters/open-wells/draft/text/en/"
        letter = Letter.objects.get(slug="open-wells")
        assert not letter.is_public()
        assert [role.kind for role in letter.roles.all()] == ["owner"]
        assert Trail.objects.get().what == "letter begun"

    @pytest.mark.parametrize(
        "changes, field",
        [
            ({"slug": "Open Wells"}, "slug"),
            ({"slug": "new"}, "slug"),
            ({"slug": "night-trains"}, "slug"),
            ({"title": ""}, "title"),
            ({"original_language": "xx"}, "original_language"),
            ({"risk": "none"}, "risk"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(self, draft, changes, field):
        answer = staff("esra").post("/desk/letters/new/", BEGIN | changes)
        assert answer.status_code == 422
        assert f'id="error_1_id_{field}"' in words(answer)
        assert Letter.objects.count() == 1


class TestWriting:
    def test_a_text_is_written_and_previewed_without_being_kept(self, esra, draft):
        shown = esra.post(f"{DRAFT}preview/", {"body": "We *ask* <script>x</script>"})
        assert words(shown) == "<p>We <em>ask</em> &lt;script&gt;x&lt;/script&gt;</p>\n"
        assert "We ask you" in words(esra.get(f"{DRAFT}text/en/"))
        answers = {"title": "Night Trains", "summary": "Short.", "body": "Let them run.\r\n\r\nAll of them."}
        assert esra.post(f"{DRAFT}text/en/", answers).url == DRAFT
        assert draft.versions.get().translations.get().body == "Let them run.\n\nAll of them."

    @pytest.mark.parametrize("body", ["x" * 40_001, "a\x00b", "a\x1bb"])
    def test_a_text_that_no_page_could_show_is_refused_in_words(self, esra, draft, body):
        before = draft.versions.get().translations.get().body
        answer = esra.post(f"{DRAFT}text/en/", {"title": "Night Trains", "body": body})
        assert answer.status_code == 422
        assert draft.versions.get().translations.get().body == before

    def test_a_translation_stands_beside_the_original_and_runs_its_own_way(self, esra):
        assert esra.post(f"{DRAFT}text/", {"language": "ur"}).url == f"{DRAFT}text/ur/"
        page = words(esra.get(f"{DRAFT}text/ur/"))
        assert 'dir="rtl"' in page and "The original" in page and "We ask you" in page

    def test_recipients_and_authors_come_and_go(self, esra, draft):
        esra.post(f"{DRAFT}recipients/", OFFICE)
        office = Recipient.objects.get(office="Ministry of Water")
        assert "Another office has this address" in words(esra.post(f"{DRAFT}recipients/", OFFICE))
        esra.post(f"{DRAFT}recipients/{office.pk}/", OFFICE | {"person": "The Minister"})
        assert draft.versions.get().recipients.get(pk=office.pk).person == "The Minister"
        esra.post(f"{DRAFT}recipients/{office.pk}/", {"remove": "1"})
        assert not Recipient.objects.filter(pk=office.pk).exists()
        esra.post(f"{DRAFT}authors/", {"name": "Night Riders", "website": "night-riders.example"})
        assert draft.authors.get(name="Night Riders").website == "https://night-riders.example"

    @pytest.mark.parametrize("address", ["water", "water@", "a@b@c.example", "x y@lowmere.example"])
    def test_a_malformed_address_is_refused_beside_its_field(self, esra, address):
        answer = esra.post(f"{DRAFT}recipients/", OFFICE | {"address": address})
        assert answer.status_code == 422 and 'id="error_1_id_address"' in words(answer)

    def test_it_cannot_close_before_it_opens(self, esra, draft):
        dates = {"opens_at": "2026-12-02T10:00", "closes_at": "2026-12-01T10:00", "risk": "ordinary"}
        answer = esra.post(f"{DRAFT}facts/", dates | {"contact": "hosts@night-trains.example"})
        assert answer.status_code == 422 and "closes after it opens" in words(answer)
        draft.refresh_from_db()
        assert draft.closes_at is None

    def test_numbers_of_another_letter_lead_nowhere(self, esra, draft):
        other = cast.letter("open-wells", "Open Wells", published=False)
        office, author = other.versions.get().recipients.first(), other.authors.get()
        assert esra.post(f"{DRAFT}recipients/{office.pk}/", OFFICE).status_code == 404
        assert esra.post(f"{DRAFT}authors/{author.pk}/", {"remove": "1"}).status_code == 404
        assert esra.get("/desk/letters/open-wells/draft/").status_code == 404

    def test_what_is_published_has_no_draft(self, draft):
        letter = cast.clean_rivers()
        client = staff("esra", Role.Kind.OWNER, letter=letter)
        place = "/desk/letters/clean-rivers/draft/"
        for page in ("", "text/en/", "recipients/", "authors/", "facts/"):
            assert client.get(place + page).status_code == 404
        for act in ("propose/", "publish/", "text/en/review/"):
            assert client.post(place + act).status_code == 404


class TestAgreeing:
    def urdu(self, client):
        client.post(f"{DRAFT}text/ur/", {"title": "رات کی ریل", "summary": "", "body": "ہم کہتے ہیں۔"})

    def test_two_people_publish_a_letter(self, esra, dunya, draft):
        assert esra.post(f"{DRAFT}propose/").url == DRAFT
        assert "Somebody else who owns the letter" in words(esra.get(DRAFT))
        esra.post(f"{DRAFT}publish/")
        draft.refresh_from_db()
        assert not draft.is_public()
        assert dunya.post(f"{DRAFT}publish/", cast.seen(draft)).url == "/desk/letters/night-trains/"
        draft.refresh_from_db()
        assert draft.is_public()
        version = draft.current
        assert (version.proposed_by.name, version.published_by.name) == ("Esra", "Dunya")
        assert Client().get("/letters/night-trains/").status_code == 200

    def test_t44_nobody_publishes_what_was_proposed_after_they_looked(self, esra, dunya, draft):
        esra.post(f"{DRAFT}propose/")
        looked = cast.seen(draft)
        assert f'name="seen" value="{looked["seen"]}"' in words(dunya.get(DRAFT))
        esra.post(f"{DRAFT}text/en/", {"title": "Trains", "body": "Other words."})
        esra.post(f"{DRAFT}propose/")
        for data in (looked, {}):
            assert "Read it once more" in words(dunya.post(f"{DRAFT}publish/", data, follow=True))
        draft.refresh_from_db()
        assert not draft.is_public()

    def test_the_database_knows_it_too(self, esra, draft):
        esra.post(f"{DRAFT}propose/")
        version, user = draft.versions.get(), User.objects.get(name="Esra")
        with pytest.raises(IntegrityError), transaction.atomic():
            version.published_by = user
            version.save()
        text = version.translations.get()
        with pytest.raises(IntegrityError), transaction.atomic():
            text.written_by = text.reviewed_by = user
            text.reviewed_at = timezone.now()
            text.save()

    def test_whatever_changes_takes_the_proposal_back(self, esra, dunya, draft):
        for change in (
            lambda: esra.post(f"{DRAFT}recipients/", OFFICE),
            lambda: esra.post(f"{DRAFT}authors/", {"name": "Night Riders"}),
            lambda: esra.post(f"{DRAFT}text/en/", {"title": "Trains", "body": "Other words."}),
        ):
            esra.post(f"{DRAFT}propose/")
            assert draft.versions.get().proposed_at
            assert change().status_code == 302
            assert draft.versions.get().proposed_at is None
            dunya.post(f"{DRAFT}publish/", cast.seen(draft))
        draft.refresh_from_db()
        assert not draft.is_public()

    def test_a_translation_is_reviewed_by_somebody_else(self, esra, dunya, draft):
        self.urdu(esra)
        esra.post(f"{DRAFT}propose/")
        assert "Nobody has reviewed the translation" in words(esra.get(DRAFT))
        esra.post(f"{DRAFT}text/ur/review/")
        assert draft.versions.get().translations.get(language="ur").reviewed_at is None
        dunya.post(f"{DRAFT}text/ur/review/")
        assert draft.versions.get().translations.get(language="ur").reviewed_by.name == "Dunya"
        esra.post(f"{DRAFT}propose/")
        assert draft.versions.get().proposed_at

    def test_another_original_is_no_more_what_was_reviewed(self, esra, dunya, draft):
        self.urdu(esra)
        dunya.post(f"{DRAFT}text/ur/review/")
        esra.post(f"{DRAFT}text/en/", {"title": "Trains", "body": "Other words."})
        assert draft.versions.get().translations.get(language="ur").reviewed_at is None

    def test_nothing_half_written_is_proposed(self, draft):
        client = staff("esra")
        client.post("/desk/letters/new/", BEGIN)
        place = "/desk/letters/open-wells/draft/"
        client.post(f"{place}propose/")
        page = words(client.get(place))
        for lack in ("no text yet", "addressed to nobody", "who wrote it", "no address to which"):
            assert lack in page
        assert writing.draft_of(Letter.objects.get(slug="open-wells")).proposed_at is None


class TestWhoMay:
    @pytest.mark.parametrize(
        "kind, sees, writes",
        [
            (Role.Kind.AUTHOR, True, True),
            (Role.Kind.TRANSLATOR, True, False),
            (Role.Kind.MODERATOR, False, False),
            (Role.Kind.EXPORTER, False, False),
            (Role.Kind.AUDITOR, False, False),
            (Role.Kind.DELIVERER, False, False),
        ],
    )
    def test_roles(self, draft, kind, sees, writes):
        client = staff("bo", kind, letter=draft)
        assert client.get(DRAFT).status_code == (200 if sees else 403)
        for page in ("text/en/", "recipients/", "authors/", "facts/"):
            assert client.get(DRAFT + page).status_code == (200 if writes else 403), page
        assert client.get(f"{DRAFT}text/ur/").status_code == (200 if sees else 403)
        assert client.post(f"{DRAFT}publish/").status_code == 403
