"""A trail that somebody with the whole database altered is found out."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from accounts import chaining, trail
from accounts.models import Link, Trail, User
from letters import auditing
from letters.models import Role
from tests import cast, entering
from tests.box import Box

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(db):
    chidi = User.objects.create_user("chidi@desk.example", name="Chidi")
    lines = [trail.record(f"deed {number}", about=chidi, by=chidi, rows=number) for number in range(3)]
    assert chaining.chain() == 3
    return lines


def tamper(sql, *parameters):
    """As somebody who may do everything with the database, its rules included."""
    guards = {"trail_never_changes": "accounts_trail", "trail_is_kept": "accounts_trail"}
    connection.check_constraints()  # PostgreSQL alters no table while some are to be checked
    with connection.cursor() as cursor:
        for guard, table in guards.items():
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard}")
        cursor.execute(sql, parameters)


def checked(**options):
    said = StringIO()
    try:
        call_command("verify_audit", stdout=said, **options)
    except CommandError:
        said.write("not as it was written")
    return said.getvalue()


class TestChain:
    def test_t25_an_untouched_trail_is_sound(self, lines):
        assert checked() == f"Sound: 3 lines, {Link.objects.get(position=3).digest}\n"

    def test_it_goes_on_where_it_ended(self, lines):
        trail.record("deed 3", about=lines[0].who, by=None)
        assert chaining.chain() == 1
        assert chaining.chain() == 0
        assert checked().startswith("Sound: 4 lines")

    def test_t25_one_altered_line_is_found(self, lines):
        tamper("UPDATE accounts_trail SET what = 'nothing' WHERE id = %s", lines[1].pk)
        assert f"Line {lines[1].pk} was altered." in checked()

    def test_t25_one_that_is_gone_is_found(self, lines):
        tamper("DELETE FROM accounts_trail WHERE id = %s", lines[1].pk)
        assert f"Line {lines[1].pk} is gone." in checked()

    def test_t25_one_that_was_slipped_in_is_found(self, lines):
        long_ago = timezone.now() - timedelta(hours=2)
        planted = Trail.objects.create(what="deed 1b", about_type="accounts.user", about_id=1, at=long_ago)
        assert f"Line {planted.pk} was slipped in." in checked()

    def test_t25_an_end_that_was_cut_off_is_found_by_a_noted_hash(self, lines):
        head = chaining.head()
        assert checked(head=head.digest).startswith("Sound")
        tamper("DELETE FROM accounts_trail WHERE id = %s", lines[2].pk)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("ALTER TABLE accounts_link DISABLE TRIGGER link_is_kept")
            cursor.execute("DELETE FROM accounts_link WHERE position = 3")
        assert checked().startswith("Sound: 2 lines")
        assert "its end was cut off" in checked(head=head.digest)

    def test_t25_a_link_never_changes(self, lines):
        with pytest.raises(DatabaseError), transaction.atomic():
            Link.objects.filter(position=1).update(digest="0" * 64)

    @pytest.mark.parametrize("table", ["accounts_trail", "accounts_link"])
    def test_t25_nobody_empties_it_at_once(self, lines, table):
        if connection.vendor != "postgresql":
            pytest.skip("SQLite knows no TRUNCATE")
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_is_never_emptied")
            for sql in (f"TRUNCATE {table}", f"TRUNCATE {table} RESTART IDENTITY CASCADE"):
                with pytest.raises(IntegrityError, match="never emptied"), transaction.atomic():
                    cursor.execute(sql)
        assert checked().startswith("Sound: 3 lines")

    @pytest.mark.parametrize(
        "sql", ["UPDATE accounts_trail SET what = 'nothing'", "DELETE FROM accounts_trail"]
    )
    def test_t25_nor_is_it_altered_by_sql(self, lines, sql):
        if sql.startswith("DELETE") and connection.vendor != "postgresql":
            pytest.skip("on SQLite, for trying out, lines can be deleted: verify_audit finds it")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert checked().startswith("Sound: 3 lines")

    def test_lines_whose_two_years_are_over_may_go(self, lines):
        three_years_ago = timezone.now() - timedelta(days=1100)
        old = Trail.objects.create(what="old", about_type="accounts.user", about_id=1, at=three_years_ago)
        chaining.chain()
        old.delete()
        assert checked().startswith("Sound")


class TestAuditors:
    @pytest.fixture
    def yesterday(self, db):
        """The hash of yesterday's last line; another was written today."""
        ago = timezone.now() - timedelta(days=1)
        Trail.objects.create(what="deed", about_type="accounts.user", about_id=1, at=ago)
        chaining.chain()
        head = chaining.head()
        Trail.objects.create(what="deed", about_type="accounts.user", about_id=1)
        chaining.chain()
        return head.digest

    def test_t25_they_get_the_last_hash_of_a_day_by_mail(self, yesterday, settings, tmp_path):
        box = Box(settings, tmp_path / "mail")
        auditor = User.objects.create_user("aud@desk.example", name="Aud")
        Role.objects.create(letter=cast.clean_rivers(), user=auditor, kind=Role.Kind.AUDITOR)
        assert auditing.mail_head() == 1
        assert yesterday in box.text()

    def test_t25_anybody_reads_it_on_the_integrity_page(self, yesterday, client):
        page = client.get(f"/letters/{cast.clean_rivers().slug}/integrity/").content.decode()
        assert yesterday in page
        assert chaining.head().digest not in page


class TestTrailOfALetter:
    @pytest.fixture
    def owner(self, client):
        owner = User.objects.create_user("esra@desk.example", name="Esra")
        for letter in (cast.clean_rivers(), cast.night_trains()):
            Role.objects.create(letter=letter, user=owner, kind=Role.Kind.OWNER)
        entering.enter(client, owner)
        return owner

    def test_t25_it_names_what_was_done_to_a_letter_and_all_that_belongs_to_it(self, client, owner):
        here, there = (role.letter for role in owner.roles.order_by("pk"))
        trail.record("recipient written", about=here.current.recipients.first(), by=owner, fields="office")
        trail.record("author removed", about=there.authors.get(), by=owner)
        page = client.get(f"/desk/letters/{here.slug}/trail/").content.decode()
        assert "wrote down an office" in page and "Esra" in page
        assert "took an author off the draft" not in page

    def test_it_has_pages(self, client, owner):
        letter = owner.roles.first().letter
        for number in range(101):
            trail.record(f"deed {number:03}", about=letter, by=owner)
        assert "deed 000" not in client.get(f"/desk/letters/{letter.slug}/trail/").content.decode()
        assert "deed 000" in client.get(f"/desk/letters/{letter.slug}/trail/?page=2").content.decode()
