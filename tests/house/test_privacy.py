"""What we say we know of people is what the database has columns for."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from config import describing
from signatories.models import Signature
from tests.house.places import APPS
from vault import privacy
from vault.fields import SealedTextField


def test_every_column_is_described():
    assert list(privacy.undescribed()) == [], "describe it in the privacy.py of its app"


def test_a_column_that_nobody_described_is_noticed(monkeypatch):
    table = privacy.tables()["signatories.Signature"]
    short = replace(table, columns={name: table.columns[name] for name in table.columns if name != "email"})
    monkeypatch.setitem(privacy._tables, "signatories.Signature", short)
    assert "signatories.Signature.email is not described" in privacy.undescribed()


def test_only_columns_of_other_peoples_packages_go_unlisted():
    unlisted = {label for label, table in privacy.tables().items() if table.others is None}
    assert not [label for label in unlisted if label.split(".")[0] in APPS]


def test_what_is_sealed_tells_of_a_person():
    for label, table in privacy.tables().items():
        for field in apps.get_model(label)._meta.local_concrete_fields:
            if isinstance(field, SealedTextField):
                assert field.name in table.columns, f"{label}.{field.name} is sealed"
                assert privacy.form_of(field, table.columns[field.name]) == privacy.Form.SEALED


def test_what_is_erased_of_a_signature_is_what_is_personal():
    columns = privacy.table_of(Signature).columns
    assert set(Signature.PERSONAL) <= set(columns)
    stays = {name for name in Signature.PERSONAL if columns[name].stays}
    assert stays == set()


@isolate_apps("vault")
def test_a_sealed_column_is_told_to_be_sealed_whatever_is_said():
    class Diary(models.Model):  # noqa: DJ008
        page = SealedTextField()

        class Meta:
            app_label = "vault"

    said = privacy.Column(
        what="a page", why="to remember", readers="me", gone="never", form=privacy.Form.CLEAR
    )
    assert privacy.form_of(Diary._meta.get_field("page"), said) == privacy.Form.SEALED


@pytest.mark.parametrize("word", ["signatories.Signature.email", "| sealed |", "opted_out_at"])
def test_the_paper_holds_the_table(word):
    assert word in describing.PAPER.read_text()


def test_the_paper_says_what_the_models_are():
    text = describing.PAPER.read_text()
    assert describing.describe(text) == text, "run manage.py describe_data"
