"""A rotation of keys is killed in the middle: it goes on where it stopped, and nothing is lost."""

import base64
import os

import pytest

from signatories.models import Signature
from tests import cast
from tests.faults.harness import running
from vault import rotating

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
OLD, NEW = os.urandom(32), os.urandom(32)


def test_a_killed_rotation_is_finished_by_the_next(settings, log):
    settings.FIELD_KEYS = [OLD]
    letter = cast.clean_rivers()
    for number in range(7):
        cast.attempt(letter, email=f"p{number}@people.example")
    settings.FIELD_KEYS = [NEW, OLD]
    keys = ",".join(base64.urlsafe_b64encode(key).decode() for key in (NEW, OLD))
    command = ("manage.py", "rotate_keys", "--batch", "3")
    with running(*command, log=log, FIELD_KEYS=keys, FAILPOINT="rotated_a_batch:kill") as process:
        assert process.wait() == -9, process.output
    assert rotating.left_over() == 4
    assert len({row.email for row in Signature.objects.all()}) == 7
    with running(*command, log=log, FIELD_KEYS=keys) as process:
        assert process.wait() == 0, process.output
    settings.FIELD_KEYS = [NEW]
    assert len({row.email for row in Signature.objects.all()}) == 7
