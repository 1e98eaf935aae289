"""Taking a letter down, through the doors of host, reader, signer and operator."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Trail
from deliveries import preparing, sending
from deliveries.models import Delivery
from letters.models import Letter, TakeDown
from outbox.models import Message
from signatories import signing, tokens
from signatories.models import Signature
from tests import cast, entering
from tests.box import Box
from updates import notices

pytestmark = pytest.mark.django_db

WHY = "The second minister named in it has asked us to correct a wrong date."
PAGE, DO = "/desk/letters/clean-rivers/taking-down/", "/desk/letters/clean-rivers/taking-down/do/"
MEANT = {"reason": WHY, "is_meant": "on"}


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def owner(client, letter):
    entering.enter(client, cast.esra(letter))
    return client


@pytest.fixture
def box(settings, tmp_path):
    return Box(settings, tmp_path / "mail")


def test_its_page_says_that_it_is_gone_and_why(owner):
    assert "Take it down for good" in owner.get(PAGE).content.decode()
    assert owner.post(DO, MEANT).url == "/desk/letters/clean-rivers/"
    for prefix in ("", "/ur", "/prs", "/ps"):
        answer = Client().get(f"{prefix}/letters/clean-rivers/")
        assert answer.status_code == 410
        assert WHY in answer.content.decode()
        assert answer["Cache-Control"] == "no-store" and "noindex" in answer["X-Robots-Tag"]
    assert "taken down" in owner.get("/desk/letters/clean-rivers/").content.decode()
    assert Trail.objects.filter(what="letter taken down").count() == 1


@pytest.mark.parametrize(
    "path",
    ["signatories/", "count.json", "roll.json", "roll.txt", "integrity/", "versions/", "check-your-email/"],
)
def test_nothing_else_of_it_is_there(owner, path):
    owner.post(DO, MEANT)
    assert Client().get(f"/letters/clean-rivers/{path}").status_code == 404


def test_nobody_can_sign_or_confirm(owner, letter):
    attempt = cast.ada(letter)
    owner.post(DO, MEANT)
    answers = {"kind": "person", "name": "Eve", "email": "eve@mail.example", "country": "NG", "consent": "on"}
    assert Client().post("/letters/clean-rivers/sign/", answers).status_code == 404
    Client().post(f"/s/{tokens.make(tokens.CONFIRM, attempt)}/", {"act": "confirm"})
    assert Signature.objects.filter(confirmed_at__isnull=False).count() == 0
    assert "Clean Rivers" not in Client().get("/").content.decode()


def test_all_who_signed_are_told_once_and_see_it_on_their_page(owner, letter, box):
    eve = cast.confirmed(letter, name="Eve Adeyemi", email="eve@mail.example")
    gone = cast.confirmed(letter, name="Adam Botha", email="adam@mail.example")
    cast.confirmed(letter, name="Bo Li", email="bo@mail.example")
    cast.attempt(letter, email="never@mail.example")
    signing.withdraw(gone)
    signing.opt_out(Signature.objects.get(name_key=signing.name_index("Bo Li")))
    box.mails()
    owner.post(DO, MEANT)
    before = len(box.mails())
    assert [notices.spread() for _ in range(3)] == [2, 0, 0]
    assert [mail["To"] for mail in box.mails()[before:]] == ["eve@mail.example"]
    assert WHY in box.text() and "/m/" in box.text()
    page = Client().get(f"/m/{tokens.make(tokens.MANAGE, eve)}/").content.decode()
    assert WHY in page and "Withdraw" in page
    assert Message.objects.filter(kind="taken_down").count() == 2


def test_of_a_letter_at_risk_the_mail_says_nothing_of_it(client, box):
    letter = cast.quiet_streets()
    cast.confirmed(letter, name="Eve Adeyemi", email="eve@mail.example")
    entering.enter(client, cast.esra(letter))
    client.post("/desk/letters/quiet-streets/taking-down/do/", MEANT)
    notices.spread()
    text = box.text()
    assert "There is news" in str(box.mails()[-1]["Subject"])
    assert WHY not in text and "Quiet Streets" not in text and "down" not in text
    gone = Client().get("/letters/quiet-streets/").content.decode()
    assert WHY in gone and "Quiet Streets" not in gone


def test_nothing_leaves_any_more(owner, letter, box, settings):
    settings.OPERATOR_MAY_RELEASE = True
    cast.confirmed(letter, name="Eve Adeyemi", email="eve@mail.example")
    deliveries = preparing.prepare(letter)
    owner.post(DO, MEANT)
    assert [sending.send(delivery) for delivery in deliveries] == [False, False]
    assert set(Delivery.objects.values_list("state", flat=True)) == {"ready"}
    with pytest.raises(CommandError, match="taken down"):
        call_command("deliver", letter.slug, stdout=io.StringIO())


@pytest.mark.parametrize("changes", [{"reason": " "}, {"is_meant": ""}])
def test_without_a_reason_or_a_thought_it_stands(owner, changes):
    answer = owner.post(DO, MEANT | changes)
    assert answer.status_code == 422 and "invalid-feedback" in answer.content.decode()
    assert Client().get("/letters/clean-rivers/").status_code == 200


def test_it_takes_fresh_proof_by_a_passkey(client, letter):
    entering.enter(client, cast.esra(letter), by="totp")
    client.post(DO, MEANT)
    assert not TakeDown.objects.exists()


def test_a_draft_or_what_is_down_cannot_be_taken_down(owner, letter):
    owner.post(DO, MEANT)
    assert owner.post(DO, MEANT | {"reason": "Again."}).status_code == 404
    assert owner.get(PAGE).status_code == 404
    assert TakeDown.objects.get().reason == WHY
    draft = cast.night_trains()
    with pytest.raises(IntegrityError, match="only_published_letters_are_taken_down"), transaction.atomic():
        Letter.objects.filter(pk=draft.pk).update(taken_down_at="2026-01-01T00:00Z")


def test_what_is_down_is_no_draft_again(owner, letter):
    owner.post(DO, MEANT)
    for page in ("draft/facts/", "draft/authors/"):
        assert owner.get(f"/desk/letters/clean-rivers/{page}").status_code == 404
