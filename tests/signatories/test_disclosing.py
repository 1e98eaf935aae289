import json
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from outbox.models import Message
from signatories import confirming, disclosing, forgetting, moderating, reporting, signing, tokens
from signatories.enrolled import enrolling
from signatories.models import Decision, LinkRequest, Listing, Mailbox, Report, Signature
from tests import cast

pytestmark = pytest.mark.django_db


def download(signature: Signature, prefix: str = ""):
    return Client().get(f"{prefix}/m/{tokens.make(tokens.MANAGE, signature)}/?everything")


@pytest.fixture
def union(mails):
    """The union signs, is held, is approved, asks for its links and for no more mail."""
    letter = cast.clean_rivers()
    union = cast.union(letter)
    mails()
    moderating.approve(union, by=cast.chidi(letter), reason="Called back by phone.")
    confirming.ask_for_links(purpose=LinkRequest.Purpose.MANAGE, email=cast.UNION)
    signing.opt_out(union)
    enrolling.enrol()
    reporting.report(Listing.objects.get(), reason=Report.Reason.NOT_ME, network="mark")
    return cast.fresh(union)


def test_it_holds_every_column_of_every_row_about_the_signature(union):
    told = json.loads(download(union).content)
    rows = {
        Signature: [told["signature"]],
        Decision: told["decisions"],
        Report: told["reports"],
        Listing: told["public_list"],
        Mailbox: told["mailbox"],
        LinkRequest: told["requests_for_links"],
    }
    for model, found in rows.items():
        assert found, model
        columns = {field.name for field in model._meta.local_concrete_fields}
        assert set(found[0]) == columns - disclosing.NEVER_TOLD.get(model, set()), model
        assert all(column["what"] for column in found[0].values())
    assert {column.name for column in Signature._meta.local_concrete_fields} >= disclosing.NEVER_TOLD[
        Signature
    ]


def test_it_says_in_words_what_is_held(union):
    answer = download(union)
    told = json.loads(answer.content)
    assert told["signature"]["organisation_name"] == {
        "what": "Name of the organisation",
        "value": "Harbour Workers' Union",
    }
    assert told["signature"]["email"]["value"] == cast.UNION
    assert told["signature"]["version"]["value"]["number"] == 1
    assert told["consent"]["sentences"]["agree"].startswith("I am 16 or older")
    assert [row["verdict"]["value"] for row in told["decisions"]] == ["hold", "approve"]
    assert [mail["kind"] for mail in told["mails"]] == ["request to confirm", "thanks, with the private link"]
    assert [bool(mail["left_at"]) for mail in told["mails"]] == [False, True], "it was confirmed before"
    assert told["receipt"]["receipt"]["name"] == "Harbour Workers' Union"
    assert "proof" in told["receipt"]
    assert told["mailbox"][0]["opted_out_at"]["value"]


def test_what_spoke_for_a_fake_is_told_in_words_and_no_points(union):
    found = [{"code": "trap", "points": 40}, {"code": "claimed_title", "points": 0}]
    Signature.objects.filter(pk=union.pk).update(score=40, suspicions=found)
    told = json.loads(download(union).content)
    assert told["signature"]["suspicions"]["value"] == [
        "The field that people do not see was filled in.",
        "The name claims a title or an office.",
    ]
    assert "score" not in told["signature"] and "points" not in json.dumps(told["signature"]["suspicions"])


def test_of_a_report_the_day_is_told_and_no_hour(union):
    moderating.approve(union, by=cast.chidi(union.letter))
    reporting.report(Listing.objects.get(), reason=Report.Reason.NOT_REAL, network="another mark")
    told = json.loads(download(union).content)
    days = [told["signature"]["reported_at"]["value"], *(row["at"]["value"] for row in told["reports"])]
    days.append(told["reports"][0]["closed_at"]["value"])
    assert len(days) == 4
    assert all(date.fromisoformat(day).isoformat() == day for day in days)


def test_moderators_are_not_named_and_links_cannot_be_made_of_it(union):
    content = download(union).content.decode()
    assert "Chidi" not in content and "chidi@" not in content
    assert union.nonce not in content


def test_it_is_kept_by_nobody_and_changes_nothing(union):
    before = [
        list(model.objects.order_by("pk").values()) for model in (Signature, Message, Mailbox, LinkRequest)
    ]
    answer = download(union)
    assert answer["Cache-Control"] == "no-store" and answer["Referrer-Policy"] == "no-referrer"
    assert answer["Content-Disposition"] == 'attachment; filename="signature.json"'
    assert not answer.cookies
    assert before == [
        list(model.objects.order_by("pk").values()) for model in (Signature, Message, Mailbox, LinkRequest)
    ]


def test_it_tells_of_nobody_else(union):
    bela = cast.bela(union.letter)
    content = download(bela).content.decode()
    assert "Harbour" not in content and cast.UNION not in content
    assert cast.BELA in content


@pytest.mark.parametrize("prefix", ["/ur", "/prs", "/ps"])
def test_it_is_downloaded_in_every_language(union, prefix):
    told = json.loads(download(union, prefix=prefix).content)
    assert told["signature"]["email"]["value"] == cast.UNION


def test_what_is_left_after_its_time_is_told_too(union):
    forgetting.forget(at=timezone.now() + 2 * forgetting.SIGNED_KEPT)
    told = json.loads(download(union).content)
    assert told["signature"]["email"]["value"] is None and told["receipt"] is None
    assert told["mailbox"] == []
    assert told["public_list"][0]["name"]["value"] == "Harbour Workers' Union"
    assert "?everything" in Client().get(f"/m/{tokens.make(tokens.MANAGE, union)}/").content.decode()
