"""Nobody at the desk gets the names that only the offices see alone: not by a case file either."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Trail
from deliveries import handing, preparing, releasing, retaining, sending
from deliveries.models import Delivery
from deliveries.proofs import casing, verifying
from letters.models import Role
from tests import cast, entering
from tests.deliveries.proofs.test_casing import WHOLE, opened
from tests.deliveries.test_releasing import approve, place, proposed, signed_in
from tests.deliveries.test_sending import due_now

pytestmark = pytest.mark.django_db

HAVE_NAMES = {"edition-sent.json", "paper-sent.pdf", "mail.eml"}
MANIFEST = {"release-manifest.json"}


@pytest.fixture
def desk(letter):
    """Of who proposes."""
    return signed_in(cast.esra(letter, Role.Kind.DELIVERER, name="Dunya"))


@pytest.fixture
def other(letter):
    """Of who approves."""
    return signed_in(cast.esra(letter))


@pytest.fixture
def delivery(letter, desk, other, postbox) -> Delivery:
    approve(letter, proposed(letter, desk), other)
    row = Delivery.objects.of(letter)[0]
    due_now(row)
    assert sending.send(row)
    return row


def case(letter, delivery, who, **given):
    return who.post(place(letter, f"{delivery.pk}/case/"), given)


def test_t27_who_has_proposed_it_gets_hashes_and_public_names_alone(letter, delivery, desk, mailoutbox):
    mailoutbox.clear()
    answer = case(letter, delivery, desk)
    files = opened(answer.content)
    assert set(files) == WHOLE - HAVE_NAMES | MANIFEST
    assert b"Rosa Villacorta" not in b"".join(files.values())
    record = json.loads(files["delivery.json"])
    delivery.refresh_from_db()
    assert record["names"] == "withheld" and record["hashes"]["file"] == delivery.file_hash
    assert record["hashes"]["mail"] == delivery.evidence["mail"]
    found = verifying.verify(answer.content, keys=verifying.own_keys())
    assert found.is_known and "are not in it, nor the mail" in " ".join(found.checked)
    assert delivery.nonce.encode() not in answer.content and mailoutbox == []
    page = desk.get(place(letter, f"{delivery.pk}/")).content.decode()
    assert "Whole case file" not in page and "nobody gets the names" in page


def test_t27_whole_it_is_refused_to_who_has_proposed_it(letter, delivery, desk):
    assert case(letter, delivery, desk, names="1").status_code == 403
    assert not Trail.objects.filter(what="case file").exists()


def test_t27_whole_another_gets_it_and_all_are_told(letter, delivery, other, mailoutbox):
    mailoutbox.clear()
    assert "Whole case file" in other.get(place(letter, f"{delivery.pk}/")).content.decode()
    answer = case(letter, delivery, other, names="1")
    files = opened(answer.content)
    assert set(files) == WHOLE | MANIFEST
    assert verifying.verify(answer.content, keys=verifying.own_keys()).is_known
    assert Trail.objects.get(what="case file").detail["whole"] is True
    assert len(mailoutbox) == 2 and {"whole case file" in mail.subject for mail in mailoutbox} == {True}


def test_by_default_another_gets_no_names_either(letter, delivery, other):
    assert set(opened(case(letter, delivery, other).content)) == WHOLE - HAVE_NAMES | MANIFEST


def test_what_the_operator_let_go_has_its_second_person_at_the_desk(letter, postbox, client):
    row = preparing.prepare(letter)[0]
    assert sending.send(row)
    entering.enter(client, cast.esra(letter))
    assert set(opened(case(letter, row, client, names="1").content)) == WHOLE


def test_once_the_names_are_destroyed_there_is_nothing_to_withhold(letter, delivery, desk, other):
    assert retaining.destroy_keys(timezone.now() + timedelta(days=366)) == 1
    for who in (desk, other):
        answer = case(letter, delivery, who)
        assert json.loads(opened(answer.content)["delivery.json"])["names"] == "destroyed"
    assert "Whole case file" not in other.get(place(letter, f"{delivery.pk}/")).content.decode()
    row = Delivery.objects.select_related("dossier__version__letter", "recipient").get(pk=delivery.pk)
    assert (
        set(opened(casing.build(row, is_whole=True)))
        == WHOLE - HAVE_NAMES - {"dossier-public.json"} | MANIFEST
    )


def test_under_a_letter_at_risk_nobody_is_the_second_person_from_one_minute_to_the_next(letter, delivery):
    release = releasing.fresh(letter.releases.get())
    release.letter.risk = "at_risk"
    release.letter.save(update_fields=["risk"])
    new = cast.esra(letter, Role.Kind.DELIVERER, name="Pia")
    Role.objects.filter(letter=letter, user=new).update(given_at=delivery.created_at)
    delivery.refresh_from_db()
    assert not handing.may_have_all(delivery, by=new)
