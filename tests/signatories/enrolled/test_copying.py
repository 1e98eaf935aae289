import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from signatories import confirming
from signatories.enrolled import copying, enrolling
from signatories.models import Listing
from tests import cast

pytestmark = pytest.mark.django_db

# what a COPY in text form must not mistake for its own signs, or for nothing
AWKWARD = ["\\N", "a\tb", "c\nd", "\\", "", "e,'\"", "گلالۍ", "\u200f𝔸"]


def test_every_value_arrives_as_it_was():
    letter = cast.clean_rivers()
    signatures = [cast.attempt(letter, email=f"{n}@okoye.example") for n in range(len(AWKWARD))]
    rows = [
        Listing(
            signature=signature, letter=letter, position=f"{text}{signature.pk}", kind="person", name=text
        )
        for signature, text in zip(signatures, AWKWARD, strict=True)
    ]
    copying.insert(rows)
    assert list(Listing.objects.order_by("signature").values_list("name", flat=True)) == AWKWARD


def test_a_broken_rule_leaves_nothing_behind():
    letter = cast.clean_rivers()
    signature = cast.ada(letter)
    twice = [Listing(signature=signature, letter=letter, position=f"{n}", kind="person") for n in range(2)]
    with pytest.raises(IntegrityError), transaction.atomic():
        copying.insert(twice)
    assert Listing.objects.count() == 0


def test_nothing_asks_nothing():
    with CaptureQueriesContext(connection) as queries:
        copying.insert([])
    assert len(queries) == 0


def test_enrolling_many_asks_the_database_no_more_often_than_enrolling_one():
    letter = cast.clean_rivers()

    def asked(*names: str) -> int:
        for name in names:
            confirming.confirm(cast.attempt(letter, name=name, email=f"{name}@okoye.example"))
        with CaptureQueriesContext(connection) as queries:
            assert enrolling.enrol() == len(names)
        return len(queries)

    asked("First")
    assert asked("Second") == asked("Third", "Fourth", "Fifth")
