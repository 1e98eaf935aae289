"""What steers the whole site stands on one page of the desk, and whoever moved it is written down."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Trail, User
from scrutiny import limits
from scrutiny.models import Limit, Switch
from signatories.models import Signature
from tests import cast, entering
from tests.box import Box

pytestmark = pytest.mark.django_db

SITE = "/desk/site/"
FORM = {"kind": "person", "name": "Ada Okoye", "email": cast.ADA, "country": "NG", "agree": "on"}


@pytest.fixture
def operator(client):
    operator = User.objects.create_superuser("esra@desk.example", cast.PASSWORD, name="Esra")
    entering.enter(client, operator)
    return operator


@pytest.fixture
def letter(db):
    return cast.clean_rivers()


def words(answer):
    return answer.content.decode()


class TestLimits:
    def test_a_limit_is_moved_and_who_did_is_written_down(self, client, operator):
        client.post(f"{SITE}limits/surge/", {"value": "70"})
        assert limits.limit("surge") == 70
        line = Trail.objects.get(what="limit moved")
        assert line.detail == {"name": "surge", "before": 50, "after": 70}
        assert "Esra" in words(client.get(SITE))

    def test_nothing_is_the_default_again(self, client, operator):
        Limit.objects.create(name="surge", value=70)
        client.post(f"{SITE}limits/surge/", {"value": ""})
        assert limits.limit("surge") == 50

    @pytest.mark.parametrize(
        "name, value, said",
        [
            ("surge", "many", "Type a whole number"),
            ("surge", "-1", "Type a whole number"),
            ("surge", "99999999999", "At most 10000000."),
            ("bounces_in_100_mails", "101", "At most 100."),
        ],
    )
    def test_what_is_no_number_is_said_beside_it(self, client, operator, name, value, said):
        answer = client.post(f"{SITE}limits/{name}/", {"value": value})
        assert answer.status_code == 422
        assert said in words(answer)
        assert not Limit.objects.exists()

    def test_what_is_no_limit_is_not_found(self, client, operator):
        assert client.post(f"{SITE}limits/king/", {"value": "1"}).status_code == 404


class TestSwitches:
    def throw(self, client, name, **on):
        return client.post(f"{SITE}switches/{name}/", on)

    def test_while_signing_is_stopped_nobody_signs_and_the_form_keeps_what_was_typed(
        self, client, operator, letter
    ):
        self.throw(client, "signing", on="1")
        answer = Client().post(f"/letters/{letter.slug}/sign/", FORM)
        assert answer.status_code == 503
        assert "Nobody can sign for the moment" in words(answer)
        assert "Ada Okoye" in words(answer)
        assert not Signature.objects.exists()
        self.throw(client, "signing")
        assert "Nobody can sign" not in words(Client().post(f"/letters/{letter.slug}/sign/", FORM))

    def test_while_the_site_is_only_read_links_of_mails_change_nothing(self, client, operator, letter):
        signature = cast.bela(letter)
        self.throw(client, "read-only", on="1")
        answer = Client().post(f"/letters/{letter.slug}/resend/", {"email": cast.BELA})
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert Client().get(f"/letters/{letter.slug}/").status_code == 200
        assert cast.fresh(signature).withdrawn_at is None
        assert self.throw(client, "read-only").status_code == 302  # staff go on

    def test_while_mail_is_stopped_it_waits(self, client, operator, letter, settings, tmp_path):
        box = Box(settings, tmp_path / "mail")
        self.throw(client, "mail", on="1")
        cast.ada(letter)
        assert box.mails() == []
        self.throw(client, "mail")
        assert len(box.mails()) == 1

    def test_each_throw_is_written_down_once(self, client, operator):
        for _again in range(2):
            self.throw(client, "signing", on="1")
        assert [line.what for line in Trail.objects.filter(what__startswith="switch")] == ["switch thrown"]

    def test_the_database_knows_the_switches(self, operator):
        with pytest.raises(IntegrityError), transaction.atomic():
            Switch.objects.create(name="doors")


class TestBanner:
    def test_every_page_says_it_in_its_language(self, client, operator):
        client.post(f"{SITE}banner/", {"en": "We move house on Friday.", "ur": "ہم جمعہ کو منتقل ہوں گے۔"})
        assert "We move house on Friday." in words(Client().get("/contact/"))
        assert "ہم جمعہ کو" in words(Client().get("/ur/contact/"))
        assert 'lang="en"' in words(Client().get("/ps/contact/")).split("banner", 1)[1][:60]

    def test_what_is_typed_is_words_and_no_markup(self, client, operator):
        client.post(f"{SITE}banner/", {"en": "<script>alert(1)</script>"})
        assert "<script>alert(1)" not in words(Client().get("/contact/"))

    def test_empty_takes_it_off(self, client, operator):
        client.post(f"{SITE}banner/", {"en": "We move house."})
        client.post(f"{SITE}banner/", {"en": ""})
        assert "We move house." not in words(Client().get("/contact/"))


class TestWhoMay:
    @pytest.mark.parametrize("place", ["", "limits/surge/", "switches/signing/", "banner/"])
    def test_t23_owners_of_letters_do_not_steer_the_site(self, letter, place):
        browser = Client()
        owner = User.objects.create_user("dunya@desk.example")
        entering.enter(browser, owner)
        assert browser.post(SITE + place, {"value": "1", "on": "1"}).status_code in (404, 405)
        assert browser.get(SITE).status_code == 404
        assert not Limit.objects.exists() and not Switch.objects.exists()

    def test_t22_asvs22_whoever_steers_has_just_shown_to_be_there(self, operator):
        browser = Client()
        entering.enter(browser, operator, minutes_ago=6)
        answer = browser.post(f"{SITE}switches/signing/", {"on": "1"})
        assert answer.url == "/accounts/reauthenticate/?next=%2Fdesk%2Fsite%2F"
        assert not Switch.objects.exists()
