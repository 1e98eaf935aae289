"""What organisations say of themselves stands in each language, and is read in the reader's."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import translation

from accounts.models import Trail, User, alias
from merges import merging, planning, undoing
from organisations.models import LONGEST_DESCRIPTION, Description
from signatories import moderating
from spaces.models import Membership
from tests import cast, entering

pytestmark = pytest.mark.django_db

DARI, ENGLISH = "ما کشتی‌ها را بار می‌کنیم.", "We load ships."
FACTS = {"website": "", "country": "PT", "description_en": ENGLISH, "description_prs": DARI}


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


def signed(letter, chidi, name="Harbour Workers' Union"):
    row = cast.union(letter, organisation=name, email=f"{name.split()[0].lower()}@gmail.com")
    return moderating.approve(row, by=chidi).organisation


@pytest.fixture
def union(letter, chidi):
    return signed(letter, chidi)


@pytest.fixture
def editor(union):
    user = User.objects.create_user(alias("edo@mail.example"), address="edo@mail.example", works_here=False)
    Membership.objects.create(user=user, organisation=union, role="editor")
    client = Client()
    entering.enter(client, user)
    return client


def said(organisation):
    return dict(organisation.descriptions.values_list("language", "text"))


def test_a_space_says_it_in_each_language_and_readers_see_theirs(union, editor):
    place = f"/organisations/{union.public_id}/"
    facts = FACTS | {"website": union.website or ""}
    assert editor.post(f"{place}facts/", facts).status_code == 302
    assert said(union) == {"en": ENGLISH, "prs": DARI}
    english, dari = (editor.get(prefix + place).content.decode() for prefix in ("", "/prs"))
    assert ENGLISH in english and DARI not in english
    assert f'<bdi lang="fa-AF">{DARI}</bdi>' in dari and ENGLISH not in dari
    assert ENGLISH in editor.get(f"/ur{place}").content.decode(), "else in the language of its name"
    assert DARI in editor.get(f"{place}facts/").content.decode()


def test_the_desk_changes_one_and_takes_one_away_and_the_trail_holds_no_words(client, union, chidi):
    union.descriptions.create(language="prs", text="!")
    kept = union.descriptions.create(language="en", text="!")
    entering.enter(client, chidi)
    place = f"/desk/organisations/{union.public_id}/"
    assert client.post(f"{place}facts/", FACTS | {"description_prs": ""}).status_code == 302
    assert said(union) == {"en": ENGLISH} and union.descriptions.get() == kept
    assert ENGLISH in client.get(place).content.decode()
    assert "load" not in str(list(Trail.objects.values_list("detail", flat=True)))


def test_without_the_readers_language_and_its_own_any_is_shown(union):
    union.descriptions.create(language="ps", text="!")
    with translation.override("ur"):
        assert union.description.language == "ps"


def test_a_long_one_is_told_beside_its_field(editor, union):
    facts = FACTS | {"website": union.website or "", "description_prs": "x" * (LONGEST_DESCRIPTION + 1)}
    answer = editor.post(f"/organisations/{union.public_id}/facts/", facts)
    assert answer.status_code == 422 and "invalid-feedback" in answer.content.decode()
    assert said(union) == {}


def test_the_database_bounds_it_and_has_one_a_language(union):
    union.descriptions.create(language="en", text="\U0001f6a2" * LONGEST_DESCRIPTION)
    for language, text in [("en", "!"), ("ps", "x" * 5000)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            union.descriptions.create(language=language, text=text)


def test_a_merge_carries_what_the_other_lacks_and_undoing_brings_it_back(letter, union, chidi):
    gone = signed(letter, chidi, "Dockers of Porto")
    union.descriptions.create(language="en", text=ENGLISH)
    gone.descriptions.create(language="en", text="Dockers.")
    seen = planning.plan(union, gone).mark()
    gone.descriptions.create(language="prs", text=DARI)
    with pytest.raises(merging.PlanChanged):
        merging.merge(union, gone, seen=seen, by=chidi)
    merged = merging.merge(union, gone, seen=planning.plan(union, gone).mark(), by=chidi)
    assert said(union) == {"en": ENGLISH, "prs": DARI}
    undoing.undo(merged, by=chidi)
    assert said(union) == {"en": ENGLISH} and said(gone) == {"en": "Dockers.", "prs": DARI}


def test_it_is_forgotten_with_the_organisation(union):
    union.descriptions.create(language="en", text=ENGLISH)
    union.signatures.update(organisation=None)
    union.delete()
    assert not Description.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_said_before_becomes_that_of_the_language_of_its_name(union):
    before, after = ("organisations", "0006_add_proposed_names"), ("organisations", "0009_drop_description")
    executor = MigrationExecutor(connection)
    executor.migrate([before])
    try:
        old = executor.loader.project_state([before]).apps.get_model("organisations", "Organisation")
        row = old.objects.get(pk=union.pk)
        row.description = ENGLISH
        row.save()
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate([after])
    assert said(union) == {"en": ENGLISH}
