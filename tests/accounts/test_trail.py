from datetime import timedelta

from django.db import DatabaseError, connection, transaction
from django.test import TestCase, skipUnlessDBFeature
from django.utils import timezone

from accounts import trail
from accounts.models import Trail, User


class TrailTests(TestCase):
    def setUp(self):
        self.chidi = User.objects.create_user("chidi@undersigned.example")

    def refused(self):
        return self.assertRaises(DatabaseError)

    def test_asvs62_it_says_who_did_what_to_which_row(self):
        line = trail.record("tried", about=self.chidi, by=self.chidi, rows=12)
        self.assertEqual((line.who, line.what, line.detail), (self.chidi, "tried", {"rows": 12}))
        self.assertEqual((line.about_type, line.about_id), ("accounts.user", self.chidi.pk))

    def test_the_operator_is_nobody(self):
        self.assertIsNone(trail.record("tried", about=self.chidi, by=None).who)

    def test_it_takes_no_address(self):
        with self.assertRaises(trail.PersonalDetail):
            trail.record("tried", about=self.chidi, by=None, to="ada@okoye.example")
        self.assertEqual(Trail.objects.count(), 0)

    def test_t25_a_line_never_changes(self):
        line = trail.record("tried", about=self.chidi, by=self.chidi)
        with self.refused(), transaction.atomic():
            Trail.objects.filter(pk=line.pk).update(what="denied")
        line.refresh_from_db()
        self.assertEqual(line.what, "tried")

    @skipUnlessDBFeature("has_select_for_update")
    def test_a_line_is_kept_for_two_years(self):
        line = trail.record("tried", about=self.chidi, by=self.chidi)
        with self.refused(), transaction.atomic():
            line.delete()
        three_years_ago = timezone.now() - timedelta(days=1096)
        old = Trail.objects.create(what="tried", about_type="accounts.user", about_id=1, at=three_years_ago)
        old.delete()
        self.assertEqual(connection.vendor, "postgresql")
        self.assertEqual(Trail.objects.count(), 1)

    def test_whoever_is_named_in_it_cannot_be_deleted(self):
        trail.record("tried", about=self.chidi, by=self.chidi)
        with self.assertRaises(DatabaseError), transaction.atomic():
            User.objects.filter(pk=self.chidi.pk)._raw_delete("default")
            connection.check_constraints()
