"""Where two entries of the directory become one, the logo goes along; where they part, it goes back."""

import pytest

from logos import drawing, replacing
from logos.models import Logo
from merges import merging, planning, undoing
from signatories import moderating
from tests import cast, entering
from tests.logos import pictures

pytestmark = pytest.mark.django_db

RING = drawing.draw(pictures.saved(pictures.mark()))


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


def organisation(letter, chidi, name):
    row = cast.union(letter, organisation=name, email=f"{name.split()[0].lower()}@gmail.com")
    return moderating.approve(row, by=chidi).organisation


@pytest.fixture
def kept(letter, chidi):
    return organisation(letter, chidi, "Harbour Workers' Union")


@pytest.fixture
def gone(letter, chidi):
    return organisation(letter, chidi, "Dockers of Porto")


@pytest.fixture
def merge(kept, gone, chidi):
    return lambda: merging.merge(kept, gone, seen=planning.plan(kept, gone).mark(), by=chidi)


def logos():
    return dict(Logo.objects.values_list("name", "organisation"))


def test_it_goes_along_and_comes_back(merge, kept, gone, chidi):
    logo = replacing.replace(gone, RING, by=chidi)
    row = merge()
    assert logos() == {logo.name: kept.pk}
    undoing.undo(row, by=chidi)
    assert logos() == {logo.name: gone.pk}


def test_where_both_have_one_each_keeps_its_own(merge, kept, gone, chidi):
    for one in (kept, gone):
        replacing.replace(one, RING, by=chidi)
    before = logos()
    row = merge()
    assert logos() == before
    undoing.undo(row, by=chidi)
    assert logos() == before


def test_what_was_replaced_since_stays_where_it_is(merge, kept, gone, chidi):
    replacing.replace(gone, RING, by=chidi)
    row = merge()
    later = replacing.replace(kept, RING, by=chidi)
    undoing.undo(row, by=chidi)
    assert logos() == {later.name: kept.pk}


def test_what_was_taken_away_since_does_not_come_back(merge, kept, gone, chidi):
    replacing.replace(gone, RING, by=chidi)
    row = merge()
    replacing.remove(kept, by=chidi)
    undoing.undo(row, by=chidi)
    assert logos() == {}


def test_a_merge_of_before_there_were_logos_is_undone(merge, kept, chidi):
    row = merge()
    del row.before["logo"]
    row.save(update_fields=["before"])
    logo = replacing.replace(kept, RING, by=chidi)
    undoing.undo(row, by=chidi)
    assert logos() == {logo.name: kept.pk}


def test_the_preview_says_it_and_another_logo_is_another_plan(client, kept, gone, chidi):
    seen = planning.plan(kept, gone).mark()
    replacing.replace(gone, RING, by=chidi)
    entering.enter(client, chidi)
    page = f"/desk/organisations/{kept.public_id}/merge/{gone.public_id}/"
    assert "Its logo goes along." in client.get(page).content.decode()
    answer = client.post(page, {"seen": seen})
    assert answer.status_code == 409 and logos()[gone.logo.name] == gone.pk
