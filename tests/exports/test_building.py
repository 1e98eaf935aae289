"""Building in the background: in batches, with progress, and stopped when nobody wants it any more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exports import building, filing, tasks
from exports.models import ATTEMPTS, Export, Format, Piece, State
from tests.exports.conftest import ASKED

pytestmark = pytest.mark.django_db

NEW = "/desk/letters/clean-rivers/exports/new/"


@pytest.fixture
def export(esra, dunya):
    """Asked for, not built."""
    esra.post(NEW, ASKED | {"profile": "government"})
    return Export.objects.get()


def state(export):
    export.refresh_from_db()
    return export.state


def test_it_is_frozen_in_pieces_and_says_how_far_it_is(export, monkeypatch, esra):
    monkeypatch.setattr(building, "BATCH", 1)
    seen = []
    freeze = building._freeze

    def frozen(*args, **more):
        done = freeze(*args, **more)
        seen.append(esra.get("/desk/letters/clean-rivers/exports/").content.decode())
        return done

    monkeypatch.setattr(building, "_freeze", frozen)
    assert building.build(export.pk)
    assert '<progress max="2" value="1"' in seen[0] and '<progress max="2" value="2"' in seen[1]
    assert Piece.objects.count() == 2


def test_cancelled_while_it_is_built_nothing_is_kept(export, monkeypatch, esra):
    monkeypatch.setattr(building, "BATCH", 1)
    go_on = building._go_on

    def cancelled(*args, **more):
        if more.get("frozen") == 2:
            esra.post(f"/desk/letters/clean-rivers/exports/{export.pk}/cancel/")
        return go_on(*args, **more)

    monkeypatch.setattr(building, "_go_on", cancelled)
    assert not building.build(export.pk)
    assert state(export) == State.CANCELLED
    assert not Piece.objects.exists()


def test_it_is_built_once(export):
    assert tasks.build(export.pk)
    assert not tasks.build(export.pk)


def test_what_a_dead_builder_left_is_built_anew(export):
    Export.objects.update(state=State.BUILDING, attempts=1, heard_at=timezone.now(), key="x")
    assert building.due() == []
    Export.objects.update(heard_at=timezone.now() - timedelta(minutes=6))
    assert building.due() == [export.pk]
    assert building.build(export.pk)
    assert state(export) == State.BUILT


def test_what_fails_again_and_again_is_given_up(export):
    long_ago = timezone.now() - timedelta(hours=1)
    Export.objects.update(state=State.BUILDING, attempts=ATTEMPTS, heard_at=long_ago)
    assert building.due() == []
    assert state(export) == State.FAILED


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_same_lines_give_the_same_bytes(ask, form):
    export = ask(format=form, profile="internal")
    lines = list(building.frozen_lines(export))
    for _ in range(2):
        with filing.to_file(export, lines) as file:
            assert filing.sha256(file) == export.sha256


def test_a_list_that_no_spreadsheet_holds_is_refused_before_it_is_built(esra, monkeypatch):
    monkeypatch.setitem(filing.MOST, Format.XLSX, 1)
    answer = esra.post(NEW, ASKED | {"profile": "government", "format": "xlsx"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'id="error_1_id_format"' in page
    assert "This list has 2 rows, and a file of this format holds 1." in page
    assert not Export.objects.exists()
    for fits in ({"format": "csv"}, {"format": "xlsx", "country": "HU"}):
        assert esra.post(NEW, ASKED | {"profile": "government"} | fits).status_code == 302


def test_a_list_that_grew_too_long_before_its_turn_is_given_up(export, monkeypatch):
    Export.objects.update(format=Format.XLSX)
    monkeypatch.setitem(filing.MOST, Format.XLSX, 1)
    assert not building.build(export.pk)
    assert state(export) == State.FAILED
    assert not Piece.objects.exists()
