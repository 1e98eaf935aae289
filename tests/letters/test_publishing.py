import hashlib
import json
from datetime import timedelta
from unittest import skipIf

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import TestCase
from django.utils import timezone

from letters import publishing
from letters.models import GRACE, Letter, Recipient, Translation, Version
from tests import cast


class PublishingTests(TestCase):
    def test_a_draft_becomes_a_version_that_people_sign(self):
        draft = cast.night_trains()
        version = publishing.publish(draft)
        letter = Letter.objects.get(pk=draft.pk)
        self.assertEqual(letter.current, version)
        self.assertTrue(letter.is_open())
        self.assertEqual(letter.published_at, version.published_at)

    def test_the_hash_can_be_computed_by_anybody(self):
        letter = cast.clean_rivers()
        stated = {
            "letter": "clean-rivers",
            "version": 1,
            "original": {
                "language": "en",
                "title": "Clean Rivers",
                "summary": "Clean Rivers, in short.",
                "body": "To whom it concerns.\n\n## Clean Rivers\n\nWe ask you to *act*.",
            },
            "recipients": [
                {"office": "Ministry of the Interior", "person": "", "country": "GB"},
                {"office": "Ministry of Health", "person": "", "country": "GB"},
            ],
        }
        canonical = json.dumps(stated, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        self.assertEqual(letter.current.text_hash, hashlib.sha256(canonical.encode()).hexdigest())

    def test_another_recipient_is_another_hash(self):
        one, two = cast.night_trains(), cast.letter("other", "Night Trains", published=False)
        Recipient.objects.filter(version__letter=two).first().delete()
        self.assertNotEqual(publishing.publish(one).text_hash, publishing.publish(two).text_hash)

    def test_without_recipient_or_text_there_is_nothing_to_publish(self):
        draft = cast.night_trains()
        draft.versions.get().recipients.all().delete()
        with self.assertRaises(publishing.NothingToPublish):
            publishing.publish(draft)

    def test_without_the_original_there_is_nothing_to_publish(self):
        draft = cast.night_trains()
        Translation.objects.filter(version__letter=draft).update(language="ur")
        with self.assertRaises(publishing.NothingToPublish):
            publishing.publish(draft)

    def test_a_published_letter_is_not_published_again(self):
        with self.assertRaises(publishing.NothingToPublish):
            publishing.publish(cast.clean_rivers())


class FrozenTests(TestCase):
    """The database itself refuses, whoever asks."""

    def setUp(self):
        self.letter = cast.clean_rivers()
        self.version = self.letter.current

    def refused(self, change, *arguments, **fields):
        with self.assertRaises(DatabaseError), transaction.atomic():
            change(*arguments, **fields)

    def test_a_text_never_changes(self):
        frozen = Translation.objects.filter(version=self.version)
        for field in ("title", "summary", "body", "language", "text_hash"):
            self.refused(frozen.update, **{field: "x"})

    def test_a_version_never_changes(self):
        version = Version.objects.filter(pk=self.version.pk)
        self.refused(version.update, text_hash="0" * 64)
        self.refused(version.update, published_at=None, text_hash="")

    def test_recipients_neither_change_nor_come_nor_go(self):
        recipients = Recipient.objects.filter(version=self.version)
        self.refused(recipients.update, office="Ministry of War")
        self.refused(recipients.update, country="FR")
        self.refused(Recipient.objects.create, version=self.version, office="X", address="x@x.example")

    @skipIf(connection.vendor == "sqlite", "where the site is only tried out, tables are emptied by DELETE")
    def test_nothing_that_was_signed_is_deleted(self):
        self.refused(Translation.objects.filter(version=self.version).delete)
        self.refused(Recipient.objects.filter(version=self.version).first().delete)

    def test_where_a_recipient_is_written_to_may_be_mended(self):
        Recipient.objects.filter(version=self.version, order=0).update(address="new@office.example")
        self.assertEqual(self.version.recipients.first().address, "new@office.example")

    def test_a_draft_may_change(self):
        draft = cast.night_trains()
        Translation.objects.filter(version__letter=draft).update(title="Night Buses")
        self.assertEqual(draft.versions.get().translations.get().title, "Night Buses")


class AmendingTests(TestCase):
    def setUp(self):
        self.letter = cast.clean_rivers()
        self.first = self.letter.current

    def test_it_begins_a_draft_copy_while_the_current_one_is_signed(self):
        draft = publishing.amend(self.letter)
        self.assertEqual((draft.number, draft.published_at), (2, None))
        self.assertEqual(draft.recipients.count(), 2)
        self.assertEqual(draft.translations.get().body, self.first.translations.get().body)
        self.letter.refresh_from_db()
        self.assertEqual(self.letter.current, self.first)

    def test_t44_once_published_the_new_text_is_signed_and_the_old_one_stays(self):
        draft = publishing.amend(self.letter)
        draft.translations.update(body="We ask you to act *now*.")
        before = self.letter.published_at
        second = publishing.publish(self.letter)
        self.letter.refresh_from_db()
        self.assertEqual(self.letter.current, second)
        self.assertEqual(self.letter.published_at, before)
        self.assertNotEqual(second.text_hash, self.first.text_hash)
        self.assertIn("*act*", Version.objects.get(pk=self.first.pk).translations.get().body)

    def test_there_is_one_draft_at_a_time(self):
        publishing.amend(self.letter)
        with self.assertRaises(IntegrityError), transaction.atomic():
            publishing.amend(self.letter)


class ClosingTests(TestCase):
    def test_a_closed_letter_takes_no_signatures_and_stays_readable(self):
        letter = cast.clean_rivers()
        publishing.close(letter)
        self.assertFalse(letter.is_open())
        self.assertTrue(letter.is_closed())
        self.assertIn(letter, Letter.objects.public())
        self.assertIn(letter, Letter.objects.closed())
        self.assertNotIn(letter, Letter.objects.open())

    def test_it_may_be_closed_ahead(self):
        letter = cast.clean_rivers()
        tomorrow = timezone.now() + timedelta(days=1)
        publishing.close(letter, at=tomorrow)
        self.assertTrue(letter.is_open())
        self.assertFalse(letter.is_open(at=tomorrow))

    def test_who_signed_before_has_a_day_to_confirm(self):
        letter = cast.clean_rivers()
        attempt = cast.mail_has_left(cast.ada(letter))
        publishing.close(letter)
        attempt = cast.fresh(attempt)
        self.assertEqual(attempt.expires_at(), letter.closes_at + GRACE)


@pytest.mark.django_db
def test_a_letter_never_closes_before_it_opens():
    letter = cast.clean_rivers()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(closes_at=letter.opens_at - timedelta(days=1))
