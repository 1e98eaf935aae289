from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Trail
from letters import publishing
from letters.models import Letter
from organisations.models import Organisation
from outbox.models import Message
from signatories import erasing, forgetting, moderating, reporting, signing, throttling, tokens
from signatories.enrolled import enrolling, exporting, receipts, roll
from signatories.models import (
    Decision,
    Entry,
    Listing,
    Mailbox,
    Report,
    Signature,
    TreeHead,
    Visibility,
)
from tests import cast
from vault import privacy
from vault.indexing import address_index

pytestmark = pytest.mark.django_db
YEAR, DAY = timedelta(days=365), timedelta(days=1)

# Tied to an organisation stays only what names it in public
MAY_STAY = {"organisation"}


@pytest.fixture
def letter(mails):
    """Signed by Bela publicly, by Rosa for the offices, by Carla to be counted, by the Union publicly."""
    letter = cast.clean_rivers()
    cast.bela(letter, updates=True, role="Teacher")
    cast.confirmed(letter, name="Rosa Villacorta", email="rosa@canary.example", visibility="recipient")
    cast.confirmed(letter, name="Carla Canary", email="carla@canary.example", visibility="counted")
    moderating.approve(cast.union(letter), by=cast.chidi(letter), reason="Ines Duarte answered the phone.")
    enrolling.enrol()
    mails()
    return letter


def close(letter: Letter, *, ago: timedelta) -> None:
    Letter.objects.filter(pk=letter.pk).update(opens_at=None)
    publishing.close(letter, at=timezone.now() - ago)


def lines(letter: Letter) -> list[str]:
    return [entry.line for entry in Entry.objects.filter(version=letter.current).order_by("index")]


def test_nothing_personal_is_left_of_any_signature(letter):
    close(letter, ago=YEAR + DAY)
    assert forgetting.forget() == 4
    columns = privacy.table_of(Signature).columns
    gone = {name for name, column in columns.items() if not column.stays} - MAY_STAY
    assert set(Signature.PERSONAL) <= gone
    for row in Signature.objects.values():
        assert {name for name in gone if row[name] not in (None, "", [], False, 0)} == set()
        assert row["created_at"].day == row["confirmed_at"].day == row["enrolled_at"].day == 1
        assert len(row["consent"]["signed_on"]) == len(row["consent"]["confirmed_on"]) == len("2026-11")
        assert row["consent"]["text"] == letter.current.text_hash


def test_t37_by_retention_roll_count_and_public_names_stay(letter):
    before, heads = lines(letter), TreeHead.objects.count()
    close(letter, ago=YEAR + DAY)
    forgetting.forget()
    assert enrolling.enrol(at_once=True) == 0
    assert (lines(letter), TreeHead.objects.count()) == (before, heads)
    assert enrolling.tally(letter).signatures == 4
    names = {listing.name for listing in Listing.objects.filter(letter=letter)}
    assert names == {"Bela Horvát", "Harbour Workers' Union"}
    shown = [line for line in exporting.lines(letter.current) if line.visibility == Visibility.PUBLIC]
    assert {line.name for line in shown} == names
    line = Trail.objects.get(what="signatures forgotten")
    assert line.detail == {"signatures": 4, "why": "its time is over"}


def test_t37_erasing_while_a_letter_is_open_withdraws_first(letter):
    signing.erase(Signature.objects.get(address=address_index(cast.BELA)))
    enrolling.enrol()
    assert enrolling.tally(letter).signatures == 3
    assert not Listing.objects.filter(name="Bela Horvát").exists()


@pytest.mark.parametrize(("ago", "erased"), [(YEAR - DAY, 0), (YEAR + DAY, 4)])
def test_it_goes_twelve_months_after_closing(letter, ago, erased):
    close(letter, ago=ago)
    assert forgetting.forget() == erased


@pytest.mark.parametrize(("later", "erased"), [(YEAR - DAY, 0), (YEAR + DAY, 4)])
def test_without_a_closing_date_it_goes_twelve_months_after_signing(letter, later, erased):
    assert forgetting.forget(at=timezone.now() + later) == erased
    assert enrolling.tally(letter).signatures == 4


def test_a_letter_that_will_close_is_kept_until_then(letter):
    publishing.close(letter, at=timezone.now() + 2 * YEAR)
    assert forgetting.forget(at=timezone.now() + YEAR + DAY) == 0


def test_what_was_withdrawn_is_erased_after_thirty_days(letter):
    signing.withdraw(Signature.objects.get(address=address_index(cast.BELA)))
    enrolling.enrol()
    assert forgetting.forget(at=timezone.now() + 29 * DAY) == 0
    assert forgetting.forget(at=timezone.now() + 31 * DAY) == 1


def test_what_the_roll_does_not_show_yet_waits(letter):
    close(letter, ago=YEAR + DAY)
    Signature.objects.update(unsettled_at=timezone.now())
    assert forgetting.forget() == 0
    enrolling.enrol()
    assert forgetting.forget() == 4


def test_a_second_time_nothing_is_left_to_do(letter):
    close(letter, ago=YEAR + DAY)
    forgetting.forget()
    before = list(Signature.objects.order_by("pk").values())
    assert forgetting.forget() == 0
    assert list(Signature.objects.order_by("pk").values()) == before


def test_more_than_one_batch_is_erased(letter, monkeypatch):
    monkeypatch.setattr(forgetting, "BATCH", 3)
    close(letter, ago=YEAR + DAY)
    assert forgetting.forget() == 4


def test_the_names_of_organisations_go_unless_they_are_public(letter):
    hidden = cast.union(
        letter, organisation="Quiet Union", email="a@quiet.example", visibility=Visibility.RECIPIENT
    )
    moderating.approve(hidden, by=cast.chidi(letter))
    enrolling.enrol()
    close(letter, ago=YEAR + DAY)
    forgetting.forget()
    assert [organisation.name for organisation in Organisation.objects.all()] == ["Harbour Workers' Union"]
    signing.hide(Signature.objects.get(organisation__isnull=False))
    enrolling.enrol()
    forgetting.forget()
    assert not Organisation.objects.exists() and not Listing.objects.filter(kind="organisation").exists()


def test_what_moderators_wrote_goes_and_that_they_decided_stays(letter):
    close(letter, ago=YEAR + DAY)
    forgetting.forget()
    decision = Decision.objects.get(verdict=Decision.Verdict.APPROVE)
    assert decision.reason == erasing.REASON_ERASED and decision.by.name == "Chidi Eze"


def test_of_decisions_and_reports_only_the_month_stays(letter):
    listing = Listing.objects.first()
    Report.objects.create(signature=listing.signature, reason="not_me", closed_at=timezone.now())
    reporting.report(listing, reason="not_real", network=None)
    forgetting.forget_letter(letter, why="its time is over", at=timezone.now())
    moments = [row.at for row in [*Decision.objects.all(), *Report.objects.all()]]
    moments += Report.objects.exclude(closed_at=None).values_list("closed_at", flat=True)
    moments += Signature.objects.exclude(reported_at=None).values_list("reported_at", flat=True)
    month = timezone.now().strftime("%Y-%m-01T00:00:00")
    assert len(moments) >= 5
    assert {f"{at:%Y-%m-%dT%H:%M:%S}" for at in moments} == {month}


def test_the_record_of_mails_goes_with_the_signature(letter):
    assert Message.objects.filter(kind="thanks").count() == 4
    close(letter, ago=YEAR + DAY)
    forgetting.forget()
    assert not Message.objects.filter(kind__in=["attempt", "thanks"]).exists()


def test_what_is_held_and_erased_waits_for_nobody(letter):
    Signature.objects.filter(address=address_index(cast.BELA)).update(held_at=timezone.now())
    close(letter, ago=YEAR + DAY)
    forgetting.forget()
    assert not Signature.objects.waiting().exists()
    with pytest.raises(moderating.NotWaiting):
        moderating.approve(Signature.objects.get(held_at__isnull=False), by=cast.chidi(letter))


class TestThePrivatePageAfterwards:
    @pytest.fixture
    def private_page(self, letter):
        bela = Signature.objects.get(address=address_index(cast.BELA))
        confirm, manage = (f"/{door}/{tokens.make(purpose, bela)}/" for door, purpose in
                           (("s", tokens.CONFIRM), ("m", tokens.MANAGE)))  # fmt: skip
        close(letter, ago=YEAR + DAY)
        forgetting.forget()
        assert Client().get(confirm)["Location"] == Client().post(confirm)["Location"] == manage
        return manage

    def test_it_says_what_is_left(self, private_page):
        answer = Client().get(private_page)
        assert answer.status_code == 200
        assert "Bela Horvát" in answer.content.decode() and "goes on counting" in answer.content.decode()
        assert Client().get(f"{private_page}?receipt").status_code == 200

    def test_a_public_name_can_still_be_hidden(self, private_page, letter):
        before = lines(letter)
        assert Client().post(private_page, {"act": "hide"}).status_code == 200
        enrolling.enrol()
        assert not Listing.objects.filter(name="Bela Horvát").exists()
        assert lines(letter) == before and enrolling.tally(letter).signatures == 4
        assert "Bela" not in Client().get(private_page).content.decode()

    def test_a_name_that_is_erased_is_not_corrected(self, private_page):
        answer = Client().post(private_page, {"act": "correct", "name": "Béla Horvát"})
        assert answer.status_code == 422 and "being checked" not in answer.content.decode()
        assert not Signature.objects.exclude(corrected_name__isnull=True).exists()

    @pytest.mark.parametrize("act", ["withdraw", "erase"])
    def test_it_can_still_be_withdrawn(self, private_page, letter, act):
        assert Client().post(private_page, {"act": act}).status_code == 200
        enrolling.enrol()
        assert not Listing.objects.filter(name="Bela Horvát").exists()
        assert enrolling.tally(letter).signatures == 3
        head = TreeHead.objects.filter(version=letter.current).last()
        assert (head.size, head.root) == (len(lines(letter)), roll.root(lines(letter)))
        assert roll.is_signed(receipts.head_of(head), key=roll.public_key())


def test_only_the_wish_for_no_mail_outlives_the_mails(letter):
    for address in ("idle", "busy", "wants-none", "complained"):
        mailbox = Mailbox.objects.create(address=address)
        throttling.grant(mailbox, message=1, at=timezone.now() - 3 * DAY * (address != "busy"))
    Mailbox.objects.filter(address="wants-none").update(opted_out_at=timezone.now())
    Mailbox.objects.filter(address="complained").update(complained_at=timezone.now() - 10 * DAY)
    forgetting.forget()
    left = set(Mailbox.objects.values_list("address", flat=True))
    assert {"busy", "wants-none", "complained"} <= left and "idle" not in left
    forgetting.forget(at=timezone.now() + 60 * DAY)
    assert set(Mailbox.objects.values_list("address", flat=True)) == {"wants-none"}
