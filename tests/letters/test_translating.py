import re

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import TestCase

from letters.models import Translation
from letters.publishing import amend, digest, publish, text_of
from letters.translating import add_translation, best_translation
from tests import cast

URDU = {"language": "ur", "title": "صاف دریا", "summary": "مختصر", "body": "بنام حکومت"}


class BestTranslationTests(TestCase):
    def setUp(self):
        self.letter = cast.clean_rivers()
        add_translation(self.letter.current, **URDU)

    def test_the_first_language_that_exists_is_taken(self):
        self.assertEqual(best_translation(self.letter, ["prs", "ur", "en"]).language, "ur")

    def test_else_the_original(self):
        self.assertEqual(best_translation(self.letter, ["ps"]).language, "en")
        self.assertEqual(best_translation(self.letter, []).language, "en")


class AddingTests(TestCase):
    def test_under_a_published_version_it_is_frozen_and_hashed_at_once(self):
        version = cast.clean_rivers().current
        before = version.text_hash
        translation = add_translation(version, **URDU)
        self.assertEqual(translation.text_hash, digest(text_of(translation)))
        version.refresh_from_db()
        self.assertEqual(version.text_hash, before)
        with self.assertRaises(DatabaseError), transaction.atomic():
            Translation.objects.filter(pk=translation.pk).update(title="x")

    def test_in_a_draft_it_may_still_change(self):
        translation = add_translation(cast.night_trains().versions.get(), **URDU)
        self.assertIsNone(translation.frozen_at)
        Translation.objects.filter(pk=translation.pk).update(title="رات")

    def test_there_is_one_per_language(self):
        version = cast.clean_rivers().current
        add_translation(version, **URDU)
        with self.assertRaises(IntegrityError), transaction.atomic():
            add_translation(version, **URDU)

    def test_it_knows_how_browsers_call_its_language_and_where_it_begins(self):
        dari = add_translation(cast.clean_rivers().current, **URDU | {"language": "prs"})
        self.assertEqual((dari.html_language, dari.direction), ("fa-AF", "rtl"))


@pytest.mark.django_db
def test_a_page_names_languages_in_the_order_they_were_written(client):
    letter = cast.clean_rivers()
    draft = amend(letter)
    add_translation(draft, **URDU | {"language": "ar"})
    draft.translations.filter(language="en").update(body="We ask you to act.")
    if connection.vendor == "postgresql":  # read as the rows lie: the one written anew is the last
        connection.cursor().execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
    publish(letter)
    found = re.findall(r'hreflang="([a-z-]+)"', client.get(f"/letters/{letter.slug}/").content.decode())
    assert found[:2] == ["en", "ar"]
