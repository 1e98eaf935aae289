from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from letters import notices, publishing
from letters.models import Author, Recipient
from tests import cast

pytestmark = pytest.mark.django_db


def page(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_letters_notice_has_what_article_13_asks_for():
    letter = cast.clean_rivers()
    text = page("/letters/clean-rivers/privacy/")
    for told in (
        "River Watch", "hosts@clean-rivers.example", settings.CONTACT_ADDRESS,  # controller, processor
        "Articles 6(1)(a) and 9(2)(a)", "Article 49(1)(a)", "outside the European Economic Area",
        "<bdi>Ministry of the Interior</bdi> (United Kingdom)", "Ministry of Health</bdi> (United Kingdom)",
        "30 days after the last delivery", "12 months after signing", "72 hours",
        "nobody makes a profile", "complain to a data protection authority", "cannot be recalled",
    ):  # fmt: skip
        assert told in text, told
    assert "office0@" not in text and letter.slug in text


def test_several_authors_are_jointly_responsible(fresh_cache):
    cast.quiet_streets()
    assert "jointly" not in page("/letters/quiet-streets/privacy/")
    letter = cast.letter("clean-rivers", "Clean Rivers", published=False)
    Author.objects.create(letter=letter, order=1, name="Lake Watch")
    publishing.publish(letter)
    fresh_cache()
    assert "jointly responsible" in page("/letters/clean-rivers/privacy/")


@pytest.mark.parametrize(("countries", "outside"), [("DE FR", 0), ("DE PK", 1), ("GB CH", 2), (" ", 2)])
def test_a_transfer_is_what_leaves_the_european_economic_area(countries, outside):
    offices = [Recipient(office="Office", country=country) for country in countries.split(" ")]
    assert len(notices.outside_eea(offices)) == outside


@pytest.mark.parametrize("prefix", ["", "/ur", "/prs", "/ps"])
@pytest.mark.parametrize(
    "path", ["/letters/clean-rivers/privacy/", "/contact/", "/accessibility/", "/privacy/"]
)
def test_every_notice_is_there_in_every_language(prefix, path):
    cast.clean_rivers()
    assert settings.CONTACT_ADDRESS in page(prefix + path) or path == "/privacy/"


def test_drafts_have_no_notice_and_that_of_a_letter_at_risk_is_kept_nowhere():
    cast.night_trains()
    cast.quiet_streets()
    assert Client().get("/letters/night-trains/privacy/").status_code == 404
    notice = Client().get("/letters/quiet-streets/privacy/")
    assert notice["X-Robots-Tag"] == "noindex, noarchive"
    assert notice["Cache-Control"] == "no-store"


def test_the_foot_of_every_page_leads_to_all_of_them():
    cast.clean_rivers()
    for path in ("/", "/letters/clean-rivers/", "/privacy/", "/m/", "/accounts/login/"):
        text = page(path)
        for link in ("/privacy/", "/contact/", "/accessibility/", "/.well-known/security.txt"):
            assert f'href="{link}"' in text, (path, link)


def test_the_form_says_in_short_who_is_responsible_and_where_it_is_told_in_full():
    cast.clean_rivers()
    text = page("/letters/clean-rivers/")
    form = text[text.index('class="sign-form"') :]
    assert "<bdi>River Watch</bdi>" in form and 'href="/letters/clean-rivers/privacy/"' in form


class TestSecurityTxt:
    def fields(self) -> dict[str, str]:
        answer = Client().get("/.well-known/security.txt")
        assert answer["Content-Type"] == "text/plain; charset=utf-8"
        return dict(line.split(": ", 1) for line in answer.content.decode().splitlines())

    def test_it_has_what_rfc_9116_asks_for(self):
        fields = self.fields()
        assert fields["Contact"] == f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}"
        assert fields["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
        assert fields["Policy"] == f"{settings.SITE_URL}/contact/" and fields["Preferred-Languages"] == "en"

    def test_it_expires_within_a_year_whenever_it_is_asked_for(self):
        expires = datetime.strptime(self.fields()["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)
        assert notices.expires(datetime(2031, 5, 6, 7, tzinfo=UTC)) == datetime(2031, 11, 2, tzinfo=UTC)

    def test_another_address_may_be_named(self, settings):
        settings.CONTACT_ADDRESS = "security@letters.example"
        assert self.fields()["Contact"] == "mailto:security@letters.example"
