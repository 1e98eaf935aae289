import gzip
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import TestCase, override_settings
from django.utils import timezone

from letters.models import Letter
from letters.translating import add_translation
from tests import cast

NOBODY_HOME = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/1",
        "OPTIONS": {"serializer": "config.caching.JSONSerializer"},
    }
}


def text(response) -> str:
    return response.content.decode()


class HomeTests(TestCase):
    def test_it_lists_open_letters_first_and_closed_ones_below(self):
        cast.bread_prices()
        cast.clean_rivers()
        page = text(self.client.get("/"))
        self.assertLess(page.index("Clean Rivers"), page.index("Closed letters"))
        self.assertLess(page.index("Closed letters"), page.index("Bread Prices"))

    def test_it_keeps_drafts_to_itself(self):
        cast.night_trains()
        self.assertNotContains(self.client.get("/"), "Night Trains")

    def test_it_never_redirects_whatever_the_browser_prefers(self):
        response = self.client.get("/", headers={"accept-language": "ur"})
        self.assertEqual(response.status_code, 200)
        self.assertContains(response, '<html lang="en" dir="ltr">')

    def test_it_offers_itself_in_every_language_by_links(self):
        page = text(self.client.get("/"))
        for path, language, direction in (
            ("/ur/", "ur", "rtl"), ("/prs/", "fa-AF", "rtl"), ("/ps/", "ps", "rtl"), ("/", "en", "ltr"),
        ):  # fmt: skip
            link = rf'<a href="{path}"\s+hreflang="{language}"\s+lang="{language}"\s+dir="{direction}"'
            self.assertRegex(page, link)

    def test_its_pages_in_arabic_scripts_run_from_right_to_left(self):
        for path, language in (("/ur/", "ur"), ("/prs/", "fa-AF"), ("/ps/", "ps")):
            self.assertContains(self.client.get(path), f'<html lang="{language}" dir="rtl">')


class LetterPageTests(TestCase):
    def setUp(self):
        self.letter = cast.clean_rivers()

    def test_it_shows_letterhead_addressees_text_and_mark(self):
        response = self.client.get("/letters/clean-rivers/")
        for part in ("River Watch", "Ministry of Health", "<em>act</em>", self.letter.current.text_hash):
            self.assertContains(response, part)

    def test_its_form_posts_to_the_signing_page(self):
        response = self.client.get("/letters/clean-rivers/")
        self.assertContains(response, 'action="/letters/clean-rivers/sign/"')

    def test_a_draft_or_an_unknown_letter_is_not_found(self):
        cast.night_trains()
        for path in ("/letters/night-trains/", "/letters/nothing/"):
            self.assertEqual(self.client.get(path).status_code, 404)

    def test_readers_get_no_cookie_and_caches_may_share_the_page(self):
        for path in ("/", "/privacy/", "/letters/clean-rivers/", "/letters/clean-rivers/signatories/"):
            response = self.client.get(path)
            self.assertEqual(response.cookies, {})
            self.assertNotIn("Cookie", response.get("Vary", ""))
        response = self.client.get("/letters/clean-rivers/")
        self.assertEqual(response["Cache-Control"], "public, max-age=5")

    def test_it_takes_no_posts(self):
        self.assertEqual(self.client.post("/letters/clean-rivers/").status_code, 405)

    def test_a_reader_gets_the_translation_of_the_path(self):
        add_translation(self.letter.current, language="ur", title="صاف دریا", summary="", body="بنام حکومت")
        response = self.client.get("/ur/letters/clean-rivers/")
        self.assertContains(response, "صاف دریا")
        self.assertRegex(text(response), r'<article class="prose"\s+lang="ur"\s+dir="rtl"')

    def test_without_a_translation_the_original_is_shown_as_what_it_is(self):
        response = self.client.get("/ps/letters/clean-rivers/")
        self.assertRegex(text(response), r'<article class="prose"\s+lang="en"\s+dir="ltr"')
        self.assertContains(
            response, '<link rel="canonical" href="http://localhost:8000/letters/clean-rivers/">'
        )

    def test_only_the_languages_it_exists_in_are_offered_to_search_engines(self):
        add_translation(self.letter.current, language="prs", title="دریاهای پاک", summary="", body="به دولت")
        page = text(self.client.get("/letters/clean-rivers/"))
        offered = re.findall(r'rel="alternate"\s+hreflang="([^"]+)"\s+href="([^"]+)"', page)
        self.assertEqual(
            sorted(offered),
            [
                ("en", "http://localhost:8000/letters/clean-rivers/"),
                ("fa-AF", "http://localhost:8000/prs/letters/clean-rivers/"),
                ("x-default", "http://localhost:8000/letters/clean-rivers/"),
            ],
        )

    def test_persons_stand_on_the_list_page_only(self):
        cast.bela(self.letter)
        self.assertNotContains(self.client.get("/letters/clean-rivers/"), "Bela Horvát")
        response = self.client.get("/letters/clean-rivers/signatories/")
        self.assertContains(response, '<bdi class="name">Bela Horvát</bdi>')
        self.assertIn("noindex", response["X-Robots-Tag"])

    def test_a_closed_letter_has_no_form(self):
        cast.bread_prices()
        response = self.client.get("/letters/bread-prices/")
        self.assertNotContains(response, "<form")
        self.assertContains(response, "This letter was closed on")

    def test_a_first_visit_stays_under_fifty_kilobytes(self):

        page = self.client.get("/letters/clean-rivers/").content
        sheet = Path(finders.find("css/site.css")).read_bytes()
        # as servers send them; the sheet is compressed when it is collected
        self.assertLess(len(gzip.compress(page)) + len(gzip.compress(sheet)), 20_000)
        self.assertLess(len(page), 40_000)


class LetterAtRiskTests(TestCase):
    def setUp(self):
        cast.quiet_streets()
        self.response = self.client.get("/letters/quiet-streets/")

    def test_no_index_and_no_cache_keeps_it(self):
        self.assertIn("noindex", self.response["X-Robots-Tag"])
        self.assertContains(self.response, '<meta name="robots" content="noindex, noarchive">')
        self.assertEqual(self.response["Cache-Control"], "no-store")

    def test_it_warns_before_the_form(self):
        page = text(self.response)
        self.assertLess(page.index("particular care"), page.index("<form"))

    def test_it_is_not_offered_to_search_engines_in_other_languages(self):
        self.assertNotContains(self.response, 'rel="alternate"')


class PrivacyTests(TestCase):
    def test_it_names_the_recipients_of_every_published_letter_and_of_no_draft(self):
        cast.clean_rivers()
        cast.night_trains()
        response = self.client.get("/privacy/")
        self.assertContains(response, "Clean Rivers")
        self.assertContains(response, "Ministry of the Interior", count=1)
        self.assertNotContains(response, "Night Trains")

    def test_it_never_tells_where_recipients_are_written_to(self):
        cast.clean_rivers()
        self.assertNotContains(self.client.get("/privacy/"), "office0@")


class CachedPageTests(TestCase):
    def setUp(self):
        self.letter = cast.clean_rivers()

    def retitle(self):
        Letter.objects.filter(pk=self.letter.pk).update(contact="changed@watch.example")

    def test_a_page_is_made_once_for_all_readers(self):
        self.client.get("/letters/clean-rivers/")
        self.retitle()
        with self.assertNumQueries(0):
            self.assertNotContains(self.client.get("/letters/clean-rivers/"), "changed@watch.example")

    def test_what_is_kept_has_the_same_headers(self):
        fresh, kept = (self.client.get("/letters/clean-rivers/") for _ in range(2))
        self.assertEqual(dict(fresh.headers), dict(kept.headers))

    def test_unknown_parameters_do_not_make_new_copies(self):
        self.client.get("/letters/clean-rivers/")
        with self.assertNumQueries(0):
            self.client.get("/letters/clean-rivers/?utm=1")

    def test_a_search_has_a_copy_of_its_own(self):
        cast.bela(self.letter)
        path = "/letters/clean-rivers/signatories/"
        self.assertContains(self.client.get(path), "Horvát")
        self.assertNotContains(self.client.get(f"{path}?q=nobody"), "Horvát")

    def test_each_language_has_a_copy_of_its_own(self):
        self.client.get("/letters/clean-rivers/")
        self.assertContains(self.client.get("/ur/letters/clean-rivers/"), 'lang="ur"')

    def test_a_missing_page_is_not_kept(self):
        self.assertEqual(self.client.get("/letters/bread-prices/").status_code, 404)
        cast.bread_prices()
        self.assertEqual(self.client.get("/letters/bread-prices/").status_code, 200)

    def test_search_words_are_in_no_key(self):
        self.client.get("/letters/clean-rivers/signatories/?q=canary")
        keys = cache._cache.get_client().keys(f"{cache.key_prefix}:*")  # other tests share the server
        self.assertTrue(keys)
        self.assertEqual([key for key in keys if b"canary" in key], [])

    @override_settings(CACHES=NOBODY_HOME)
    def test_without_a_cache_pages_are_simply_made(self):
        for _ in range(2):
            self.assertEqual(self.client.get("/letters/clean-rivers/").status_code, 200)


@pytest.mark.django_db
def test_letters_that_open_later_say_when(client):

    letter = cast.clean_rivers()
    Letter.objects.filter(pk=letter.pk).update(opens_at=timezone.now() + timedelta(days=3))
    response = client.get("/letters/clean-rivers/")
    assert "takes signatures from" in text(response)
    assert "<form" not in text(response)


@pytest.mark.parametrize(
    ("path", "words"),
    [("", "22 November 2026"), ("/prs", "22 نومبر 2026"), ("/ps", "نومبر")],
)
@pytest.mark.django_db
def test_days_are_written_in_the_readers_language(client, path, words):
    letter = cast.clean_rivers()
    opened, closed = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 22, 12, tzinfo=UTC)
    Letter.objects.filter(pk=letter.pk).update(opens_at=opened, closes_at=closed)
    assert words in text(client.get(f"{path}/letters/clean-rivers/"))
