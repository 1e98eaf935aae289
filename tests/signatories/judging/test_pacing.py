import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from outbox.models import Alert, Lane, Message, State
from scrutiny import challenging, domains
from scrutiny.clues import Clues
from scrutiny.models import Gathering, Limit, MailDomain
from signatories import confirming, signing
from signatories.models import Mailbox, Signature
from tests import cast
from tests.solving import solve

pytestmark = pytest.mark.django_db

NETWORK, ANOTHER = "a" * 64, "b" * 64
SIGN = "/letters/clean-rivers/sign/"


@pytest.fixture
def letter():
    return cast.clean_rivers()


def sign(letter, *, email=cast.ADA, network=NETWORK, has_script=True, works=True, ago=timedelta(0)):
    work = solve(challenging.challenge(letter.slug, network=None)) if has_script and works else ""
    clues = Clues(network=network, has_script=has_script, work=work, agent="firefox")
    name = f"{email.partition('@')[0].title()} Okoye"
    attempt = cast.attempt(letter, email=email, name=name, clues=clues)
    Signature.objects.filter(pk=attempt.pk).update(created_at=attempt.created_at - ago)
    return attempt


def crowd(letter, count, *, domain="gmail.com", network=NETWORK, ago=timedelta(0)):
    """So many have signed, and their mail is settled."""
    for number in range(count):
        sign(letter, email=f"person{number}@{domain}", network=network, ago=ago)
    Message.objects.all().delete()


def is_known(domain, *, days):
    """The mail domain was first seen so many days ago."""
    at = Signature.objects.latest("pk").created_at - timedelta(days=days)
    MailDomain.objects.update_or_create(index=domains.index(domain), defaults={"first_seen_at": at})


def lane_of(attempt):
    message = Message.objects.get(kind="attempt", subject=attempt.pk)
    assert (message.state, message.attempts) == (State.SENT, 1)
    return message.lane


def test_a_browser_s_attempt_leaves_by_the_first_lane(letter, mails):
    attempt = sign(letter, email="ada@gmail.com")
    assert len(mails()) == 1
    assert lane_of(attempt) == Lane.FAST
    assert not Alert.objects.exists()


def test_without_a_script_it_leaves_at_once_by_the_slow_lane_and_is_not_held(letter, client, mails):
    form = {"kind": "person", "name": "Ada Okoye", "email": cast.ADA, "country": "NG", "consent": "on"}
    assert client.post(SIGN, form).status_code == 303
    [mail] = mails()
    assert mail.to == cast.ADA
    attempt = Signature.objects.get()
    assert lane_of(attempt) == Lane.SLOW
    assert confirming.confirm(attempt).held_at is None
    assert not Alert.objects.exists()


def test_f05_from_an_unknown_network_it_is_slow_and_one_alert_says_so(letter, mails, caplog):
    attempts = [sign(letter, email=f"ada{number}@gmail.com", network=None) for number in range(3)]
    assert len(mails()) == 3
    assert {lane_of(attempt) for attempt in attempts} == {Lane.SLOW}
    [alert] = Alert.objects.open()
    assert (alert.kind, alert.count) == ("networks unknown", 3)
    assert len([line for line in caplog.records if line.levelname == "ERROR"]) == 1


@pytest.mark.parametrize(
    ("name", "ago"),
    [
        ("attempts_per_network_in_1_minute", timedelta(seconds=30)),
        ("attempts_per_network_in_10_minutes", timedelta(minutes=9)),
        ("attempts_per_network_in_1_hour", timedelta(minutes=59)),
    ],
)
def test_beyond_what_a_network_has_free_it_is_slow_and_never_refused_or_held(letter, mails, name, ago):
    Limit.objects.create(name=name, value=5)
    crowd(letter, 4, ago=ago)
    fifth, sixth = sign(letter, email="fifth@gmail.com"), sign(letter, email="sixth@gmail.com")
    assert len(mails()) == 2
    assert (lane_of(fifth), lane_of(sixth)) == (Lane.FAST, Lane.SLOW)
    assert confirming.confirm(sixth).held_at is None


def test_a_crowd_of_another_hour_letter_or_network_slows_nobody(letter, mails):
    Limit.objects.create(name="attempts_per_network_in_1_minute", value=2)
    crowd(letter, 5, ago=timedelta(minutes=2))
    crowd(letter, 5, network=ANOTHER)
    crowd(cast.quiet_streets(), 5)
    attempt = sign(letter, email="ada@gmail.com")
    assert len(mails()) == 1
    assert lane_of(attempt) == Lane.FAST


def test_a_crowd_at_a_large_provider_slows_nobody(letter, mails):
    crowd(letter, 25, network=ANOTHER)
    attempt = sign(letter, email="ada@gmail.com")
    mails()
    assert lane_of(attempt) == Lane.FAST
    assert not MailDomain.objects.exists()


def test_beyond_twenty_in_an_hour_of_a_new_mail_domain_it_is_slow_with_one_alert(letter, mails):
    crowd(letter, 19, domain="river-watch.example", network=ANOTHER)
    attempts = [sign(letter, email=f"{who}@river-watch.example") for who in ("ada", "bela", "chidi")]
    assert len(mails()) == 3
    assert [lane_of(attempt) for attempt in attempts] == [Lane.FAST, Lane.SLOW, Lane.SLOW]
    [alert] = Alert.objects.open()
    assert (alert.kind, alert.about) == ("crowded mail domain", f"letter {letter.pk}")
    assert "river-watch" not in alert.reason


def test_a_mail_domain_that_is_known_for_a_day_has_more_free(letter, mails):
    Limit.objects.create(name="attempts_per_domain_in_1_hour", value=30)
    crowd(letter, 29, domain="river-watch.example", network=ANOTHER)
    is_known("river-watch.example", days=2)
    attempts = [sign(letter, email=f"{who}@mail.river-watch.example") for who in ("ada", "bela")]
    assert len(mails()) == 2
    assert [lane_of(attempt) for attempt in attempts] == [Lane.FAST, Lane.SLOW]


def test_a_gathering_that_two_have_agreed_on_is_no_crowd(letter, mails):
    Limit.objects.create(name="attempts_per_network_in_1_minute", value=2)
    Limit.objects.create(name="attempts_per_new_domain_in_1_hour", value=2)
    asked_by, approved_by = cast.chidi(), User.objects.create(email="dara@desk.example")
    now = timezone.now()
    Gathering.objects.create(
        letter=letter, what="Congress", domain="river-watch.example", asked_by=asked_by,
        approved_by=approved_by, begins_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1),
    )  # fmt: skip
    crowd(letter, 5, domain="river-watch.example")
    attempt = sign(letter, email="ada@river-watch.example")
    mails()
    assert lane_of(attempt) == Lane.FAST
    Gathering.objects.update(approved_by=None)
    attempt = sign(letter, email="bela@river-watch.example")
    mails()
    assert lane_of(attempt) == Lane.SLOW


def test_a_mail_domain_is_known_by_its_index_only(letter, mails):
    sign(letter, email="ada@river-watch.example")
    mails()
    known = MailDomain.objects.get()
    assert known.index == domains.index("river-watch.example")
    assert domains.forget(known.first_seen_at + timedelta(days=89)) == 0
    assert domains.forget(known.first_seen_at + timedelta(days=90)) == 1


def test_who_claims_that_a_script_ran_and_brings_no_work_waits_like_who_has_none(letter, mails):
    attempt = sign(letter, works=False)
    assert len(mails()) == 1
    assert lane_of(attempt) == Lane.SLOW


def test_after_a_day_nothing_is_asked_of_an_attempt_that_had_to_wait(letter, mails):
    attempt = sign(letter, has_script=False)
    Signature.objects.update(clues=None, network=None)
    assert len(mails()) == 1
    assert lane_of(attempt) == Lane.FAST


def test_a_link_that_is_asked_for_again_keeps_to_the_lane_of_its_attempt(letter, mails):
    attempt = sign(letter, has_script=False)
    mails()
    Signature.objects.filter(pk=attempt.pk).update(mailed_at=attempt.created_at - timedelta(hours=1))
    Mailbox.objects.update(moments=[])
    confirming.ask_for_links(purpose="confirm", email=cast.ADA, letter=letter)
    assert len(mails()) == 1
    assert Message.objects.get(kind="links").lane == Lane.SLOW


def test_t06_fifty_requests_from_fifty_networks_are_three_mails_a_day(letter, mails):
    form = {"kind": "person", "name": "Canary Bird", "role": "Canary", "country": "NG", "consent": "on"}
    answers, sent = set(), []
    for number in range(50):
        visitor = Client(REMOTE_ADDR=f"192.0.2.{number}")
        path = "/letters/clean-rivers/resend/" if number % 5 == 4 else SIGN
        answer = visitor.post(path, form | {"email": "victim@people.example"})
        answers.add((answer.status_code, str(sorted(answer.headers.items())), answer.content))
        if number % 5 == 4:
            _ten_minutes_pass()
            sent += mails()
    assert len(answers) == 1
    assert len(sent) == 3
    for mail in sent:
        assert mail.to == "victim@people.example"
        assert not re.search("canary", mail.text + mail.subject, re.IGNORECASE)


def _ten_minutes_pass():
    """For the mailbox, what left did so eleven minutes earlier; what waits may be asked about again."""
    Message.objects.filter(state=State.READY).update(next_at=Signature.objects.earliest("pk").created_at)
    for mailbox in Mailbox.objects.all():
        mailbox.moments = [[number, _earlier(moment)] for number, moment in mailbox.moments]
        mailbox.save()


def _earlier(moment):
    return (datetime.fromisoformat(moment) - timedelta(minutes=11)).isoformat()


def test_who_wants_no_mail_gets_none_whatever_is_asked_for(letter, mails):
    bela = cast.bela(letter)
    waiting = cast.ada(cast.quiet_streets(), email=cast.BELA)
    signing.opt_out(bela)
    cast.attempt(letter, email=cast.BELA)
    for purpose, about in (("confirm", letter), ("manage", None)):
        confirming.ask_for_links(purpose=purpose, email=cast.BELA, letter=about)
    confirming.confirm(waiting)
    assert mails() == []
    assert set(Message.objects.values_list("state", flat=True)) == {State.VOID}


def test_every_mail_to_signers_offers_to_stop_all_mail(letter, mails):
    cast.ada(letter)
    bela = cast.bela(letter)
    Mailbox.objects.all().delete()
    found = {mail.subject: mail for mail in mails()}
    for purpose in ("again", "manage"):
        Mailbox.objects.update(moments=[])
        if purpose == "again":
            cast.attempt(letter, email=cast.BELA)
        else:
            confirming.ask_for_links(purpose="manage", email=cast.BELA)
        found |= {mail.subject: mail for mail in mails()}
    assert len(found) == 4, "to confirm, thanks, already signed, manage"
    for mail in found.values():
        [link] = [link for link in mail.links if "/u/" in link]
        page = Client().get(link.removeprefix("http://localhost:8000")).content.decode()
        assert 'value="never"' in page
    assert bela.confirmed_at
