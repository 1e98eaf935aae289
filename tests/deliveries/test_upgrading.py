"""What was recorded before the record knew better is put right when the site is upgraded."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from deliveries import preparing
from deliveries.models import Delivery
from outbox.models import State
from signatories.enrolled import enrolling
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = ("deliveries", "0008_keep_pictures_as_they_were")
MAIL = {
    "channel": "hand", "mail": b"sealed", "is_link": True, "paper_hash": "1" * 64, "file_hash": "2" * 64,
    "list_hash": "3" * 64, "last_reply": "554 no", "message_id": "<a@b.example>",
}  # fmt: skip


def migrate(*to):
    executor = MigrationExecutor(connection)
    executor.migrate(list(to) or executor.loader.graph.leaf_nodes())
    return MigrationExecutor(connection).loader.project_state(list(to)).apps if to else None


def test_what_was_brought_forgets_the_mail_that_nobody_got():
    letter = cast.clean_rivers()
    cast.bela(letter)
    enrolling.enrol(at_once=True)
    brought, waiting = preparing.prepare(letter)
    try:
        rows = migrate(BEFORE).get_model("deliveries", "Delivery").objects
        held = {**MAIL, "state": "held", "evidence": {"mail": "4" * 64}, "signatures": 1}
        rows.filter(pk=waiting.pk).update(**held | {"message_id": "<c@b.example>"})
        sent = {**MAIL, "state": "sent", "sent_at": timezone.now(), "evidence": {"by": 1}, "signatures": 1}
        rows.filter(pk=brought.pk).update(**sent)
    finally:
        migrate()
    rows = list(Delivery.objects.order_by("pk"))
    gone = (None, False, "", "", "", "", None)
    assert [
        (row.mail, row.is_link, row.paper_hash, row.file_hash, row.list_hash, row.last_reply, row.message_id)
        for row in rows
    ] == [gone, gone]
    assert (rows[0].state, rows[0].evidence, rows[0].signatures) == (State.SENT, {"by": 1}, 1)
    assert (rows[1].state, rows[1].evidence, rows[1].signatures) == (State.HELD, {}, None)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Delivery.objects.filter(pk=brought.pk).update(signatures=7)
