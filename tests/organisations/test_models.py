"""What the database holds about evidence, and who has the badge."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from organisations import recognising
from organisations.models import Evidence, Organisation

pytestmark = pytest.mark.django_db

Kind = Evidence.Kind


def known(name):
    return recognising.recognise(name, language="en", website=f"https://{name}.example/", country="PT")


@pytest.fixture
def organisations(db):
    return [known(name) for name in ("ada", "bela", "chidi", "dunya")]


@pytest.fixture
def moderator(db):
    return User.objects.create_user("chidi@desk.example")


def note(organisation, kind=Kind.MAILBOX, **fields):
    return organisation.evidence.create(kind=kind, seen="seen", **fields)


def verified():
    return set(Organisation.objects.verified())


@pytest.mark.parametrize("kind", [Kind.MAILBOX, Kind.DNS, Kind.CALL_BACK])
def test_any_evidence_of_its_own_gives_the_badge(organisations, moderator, kind):
    note(organisations[0], kind, by=moderator)
    assert verified() == {organisations[0]}
    assert organisations[0].is_verified() and not organisations[1].is_verified()


def test_what_is_revoked_or_too_old_gives_none(organisations):
    now = timezone.now()
    note(organisations[0], revoked_at=now)
    note(organisations[1], expires_at=now - timedelta(seconds=1))
    note(organisations[2], expires_at=now + timedelta(days=1))
    assert verified() == {organisations[2]}


def test_two_that_are_proven_give_the_badge_by_their_word(organisations, moderator):
    ada, bela, chidi, dunya = organisations
    note(ada), note(bela)
    note(chidi, Kind.VOUCHED, voucher=ada, by=moderator)
    assert verified() == {ada, bela}
    note(chidi, Kind.VOUCHED, voucher=bela, by=moderator)
    assert verified() == {ada, bela, chidi}
    # who has the badge by others' word gives none
    note(dunya, Kind.VOUCHED, voucher=chidi, by=moderator)
    note(dunya, Kind.VOUCHED, voucher=ada, by=moderator)
    assert dunya not in verified()
    bela.evidence.update(revoked_at=timezone.now())
    assert verified() == {ada}


@pytest.mark.parametrize(
    "kind, fields",
    [
        (Kind.VOUCHED, {"by": True}),
        (Kind.MAILBOX, {"voucher": 1}),
        (Kind.VOUCHED, {"voucher": 0, "by": True}),
        (Kind.VOUCHED, {"voucher": 1}),
        (Kind.CALL_BACK, {}),
        ("dream", {}),
    ],
)
def test_the_database_refuses_evidence_that_is_none(organisations, moderator, kind, fields):
    real = {}
    if "voucher" in fields:
        real["voucher"] = organisations[fields["voucher"]]
    if "by" in fields:
        real["by"] = moderator
    with pytest.raises(IntegrityError), transaction.atomic():
        note(organisations[0], kind, **real)


def test_one_of_a_kind_stands_and_one_word_of_each(organisations, moderator):
    ada, bela = organisations[:2]
    note(ada, revoked_at=timezone.now()), note(ada)
    note(ada, Kind.VOUCHED, voucher=bela, by=moderator)
    for fields in ({}, {"kind": Kind.VOUCHED, "voucher": bela, "by": moderator}):
        with pytest.raises(IntegrityError), transaction.atomic():
            note(ada, **fields)


def test_a_name_is_one_organisation_s_and_one_leads(organisations):
    assert known("ADA") == organisations[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        organisations[0].names.create(kind="main", language="fr", text="Adaline", key="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        organisations[0].names.create(kind="translation", language="en", text="Adaline", key="x")
