import os
import threading
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.test.utils import isolate_apps
from django.utils import timezone

from answers import entering
from deliveries import preparing, recording
from deliveries.dossiers import freezing
from deliveries.models import Delivery
from exports import proposing
from exports.models import Export
from invalidations import proposing as taking_out
from merges.models import Merge
from organisations import proposing as proposing_names
from outbox.models import Rendered
from signatories import confirming, moderating
from signatories.models import LinkRequest, Signature, Visibility
from spaces import opening, seconding
from tests import cast
from vault import rotating
from vault.fields import SealedTextField
from vault.indexing import address_index

OLD, NEW, OTHER = (os.urandom(32) for _ in range(3))
CANARY = "canary-7f3@okoye.example"


@pytest.fixture
def under_the_old_key(settings):
    """Something sealed in every table that seals, all under one key."""
    settings.FIELD_KEYS = [OLD]
    letter = cast.clean_rivers()
    for number in range(7):
        cast.attempt(letter, email=f"p{number}@people.example")
    cast.confirmed(letter, name="Carla Canary", email=CANARY, visibility=Visibility.COUNTED)
    union = cast.union(letter, organisation="Canary Union", visibility=Visibility.RECIPIENT)
    confirming.ask_for_links(purpose=LinkRequest.Purpose.MANAGE, email=CANARY)
    Rendered.objects.create(mail=f"To: {CANARY}")
    union = moderating.approve(cast.fresh(union), by=cast.chidi(letter)).organisation
    proposing_names.propose(union, text="Canary Choir Union", language="ps", by=cast.chidi())
    union.proposed_changes.create(kind="website", text="https://canary.example/", by=cast.chidi())
    union.descriptions.create(language="ps", text="We are canaries.")
    for delivery in preparing.prepare(letter)[:1]:
        recording.report(delivery, by=cast.chidi(), at=timezone.now(), scan="Y2FuYXJ5")
        _answered(delivery)
    choir = opening.open_invited(
        cast.announced(letter, name="Canary Choir"), country="PT", website=""
    ).organisation
    Merge.objects.create(kept=union, gone=choir, by=cast.chidi(), before={}, typed=CANARY)
    member = opening.open_for(cast.fresh(union.signatures.get()))
    seconding.Waiting.objects.create(
        organisation=union, member=member, letter=letter, version=1, name="Carla Canary", role="Canary",
        visibility="counted", updates=False, language="en", consent={},
    )  # fmt: skip
    taking_out.propose(letter, by=cast.chidi(), domain="canary.example", name="Canary*", reason="Canaries.")
    proposing.propose(letter, Export(profile="press", format="csv", why="For the press."), by=cast.chidi())
    return letter


def _answered(delivery):
    """An office has answered by post what it got."""
    hashes = dict.fromkeys(("paper_hash", "file_hash", "list_hash"), "0" * 64)
    evidence = {"server": "mx.office.example"}
    Delivery.objects.filter(pk=delivery.pk).update(
        state="sent", sent_at=timezone.now(), signatures=2, evidence=evidence, message_id="<a@b.example>",
        last_reply="250 ok", **hashes,
    )  # fmt: skip
    facts = {"text": "We have read it.", "name": "A clerk", "role": "", "language": "en", "scan": "Y2FuYXJ5"}
    row = Delivery.objects.get(pk=delivery.pk)
    assert entering.enter(row, way="paper", day=timezone.now().date(), by=cast.chidi(), **facts)


def everything_opens() -> bool:
    for model in rotating.sealed_models():
        list(model._base_manager.all())  # unsealing raises for what cannot be read
    return True


def rotate(**options) -> str:
    said = StringIO()
    call_command("rotate_keys", stdout=said, **options)
    return said.getvalue()


@pytest.mark.django_db
def test_t28_a_rotated_key_can_be_removed_and_a_dump_tells_nothing(under_the_old_key, settings):
    settings.FIELD_KEYS = [NEW, OLD]
    filled = [model for model in rotating.sealed_models() if model._base_manager.exists()]
    assert filled == list(rotating.sealed_models()), "give the missing model something to seal"
    before = rotating.left_over()
    assert before >= 12 and f"{before} rows" in rotate(dry_run=True)
    assert "older ones can be removed" in rotate(batch=3)
    settings.FIELD_KEYS = [NEW]
    assert everything_opens() and rotating.left_over() == 0
    found = Signature.objects.get(address=address_index(CANARY))
    assert (found.email, found.name) == (CANARY, "Carla Canary")
    assert freezing.lines_now(under_the_old_key.current.dossiers.get())
    assert "canary" not in dump().lower()
    settings.FIELD_KEYS = [OLD]
    with pytest.raises(Exception, match=r"signatories\.signature"):
        list(Signature.objects.all())


def dump() -> str:
    """What a thief of the database would read."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                found += [
                    bytes(v).decode("latin-1") if isinstance(v, memoryview | bytes) else str(v) for v in row
                ]
    return "\n".join(found)


@pytest.mark.django_db
def test_a_second_time_nothing_is_written(under_the_old_key, settings):
    settings.FIELD_KEYS = [NEW, OLD]
    rotate()
    before = dump()
    rotate()
    assert dump() == before


@pytest.mark.django_db
def test_an_empty_field_stays_empty_and_a_fresh_row_is_left_alone(under_the_old_key, settings):
    settings.FIELD_KEYS = [NEW, OLD]
    fresh = cast.attempt(under_the_old_key, email="fresh@people.example")
    steps = list(rotating.rotate(batch=2))
    assert sum(step.resealed for step in steps if step.model is Signature) == Signature.objects.count() - 1
    assert cast.fresh(fresh).role is None


@pytest.mark.django_db
def test_interrupted_it_goes_on_where_it_stopped(under_the_old_key, settings):
    settings.FIELD_KEYS = [NEW, OLD]
    before = rotating.left_over()
    rotation = rotating.rotate(batch=3)
    done = next(rotation).resealed + next(rotation).resealed
    rotation.close()
    assert done and rotating.left_over() == before - done
    assert sum(step.resealed for step in rotating.rotate(batch=3)) == before - done


@pytest.mark.django_db
def test_what_no_key_opens_is_left_as_it_is_and_told(under_the_old_key, settings):
    settings.FIELD_KEYS = [NEW]
    before = dump()
    with pytest.raises(CommandError, match="not in FIELD_KEYS"):
        rotate()
    assert dump() == before
    settings.FIELD_KEYS = [NEW, OTHER, OLD]
    rotate()
    settings.FIELD_KEYS = [NEW]
    assert everything_opens()


@pytest.mark.django_db(transaction=True)
@isolate_apps("vault")
def test_a_model_that_seals_later_is_found(settings):
    class Diary(models.Model):  # noqa: DJ008
        page = SealedTextField(null=True)

        class Meta:
            app_label = "vault"

    settings.FIELD_KEYS = [OLD]
    with connection.schema_editor() as editor:
        editor.create_model(Diary)
    try:
        Diary.objects.create(page="Today")
        Diary.objects.create(page=None)
        settings.FIELD_KEYS = [NEW, OLD]
        assert [step.resealed for step in rotating.rotate(apps=Diary._meta.apps)] == [1]
        settings.FIELD_KEYS = [NEW]
        assert [diary.page for diary in Diary.objects.order_by("pk")] == ["Today", None]
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(Diary)


def test_it_knows_every_sealed_field_there_is():
    found = {field for fields in rotating.sealed_models().values() for field in fields}
    assert found == {
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, SealedTextField)
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer, which waits its turn")
def test_rows_that_somebody_holds_are_passed_over_and_told(under_the_old_key, settings, monkeypatch):
    settings.FIELD_KEYS = [NEW, OLD]
    monkeypatch.setattr(rotating, "PATIENCE", 0.3)
    held, told = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Signature.objects.select_for_update().latest("pk")
            held.set()
            told.wait(20)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(10)
        with pytest.raises(CommandError, match="Begin again"):
            rotate()
        assert rotating.stale(Signature, rotating.sealed_models()[Signature]).count() == 1
    finally:
        told.set()
        holder.join()
    rotate()
    assert rotating.left_over() == 0
