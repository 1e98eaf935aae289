from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from letters.models import Role
from outbox.models import Alert, Message
from signatories import moderating, reporting, tasks
from signatories.enrolled import enrolling
from signatories.judging import reviewing, suspecting
from signatories.judging.reviewing import Rate
from signatories.models import Decision
from tests import cast, entering

pytestmark = pytest.mark.django_db

WHY = "Many signatures of one kind came at once."


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


def held(letter, number):
    """So many were held by themselves."""
    rows = [cast.ada(letter, email=f"ada@place{place}.example") for place in range(number)]
    suspecting.hold(rows, reason=WHY)
    return rows


def decide(rows, *, by, restored):
    """So many of them are let go, the others rejected."""
    for place, row in enumerate(rows):
        if place < restored:
            moderating.approve(row, by=by)
        else:
            moderating.reject(row, by=by, reason=WHY)


def test_asvs42_more_than_twenty_in_a_hundred_let_go_is_an_alert_and_a_mail_a_week(
    letter, chidi, mails, caplog
):
    decide(held(letter, 24), by=chidi, restored=5)
    mails()
    for _ in range(3):
        tasks.review()
    alert = Alert.objects.open().get()
    assert (alert.kind, alert.about, alert.reason) == (
        "restored",
        f"letter {letter.pk}",
        reviewing.OFTEN_WRONG,
    )
    [mail] = mails()
    assert mail.to == chidi.email
    assert "24 signatures" in mail.text and "5 of them were let go" in mail.text
    assert "a limit is too low" in mail.text
    for said in (mail.subject, mail.text):
        assert "Rivers" not in said and "Okoye" not in said
    Message.objects.update(dedupe_key=None)  # another week begins
    tasks.review()
    assert len(mails()) == 1


@pytest.mark.parametrize(("decided", "restored"), [(20, 4), (19, 19)])
def test_a_fifth_or_a_handful_is_no_alert_and_the_mail_says_how_many(letter, chidi, mails, decided, restored):
    decide(held(letter, decided), by=chidi, restored=restored)
    mails()
    tasks.review()
    assert not Alert.objects.exists()
    [mail] = mails()
    assert f"{restored} of them were let go" in mail.text and "limit" not in mail.text


def test_the_alert_ends_when_it_is_over(letter, chidi):
    decide(held(letter, 20), by=chidi, restored=5)
    tasks.review()
    assert Alert.objects.open().exists()
    Decision.objects.filter(verdict="approve").update(at=timezone.now() - timedelta(days=8))
    tasks.review()
    assert not Alert.objects.open().exists()


def test_who_was_reinstated_was_held_wrongly(letter, chidi):
    rows = held(letter, 2)
    decide(rows, by=chidi, restored=0)
    assert reviewing.rate(letter) == Rate(2, 0)
    moderating.reinstate(rows[0], by=chidi, reason="They called.")
    assert reviewing.rate(letter) == Rate(2, 1)


def test_what_waits_by_rule_was_no_suspicion(letter, chidi):
    moderating.approve(cast.union(letter), by=chidi)
    titled = cast.confirmed(letter, name="President Ada Okoye")
    assert titled.held_at
    moderating.approve(titled, by=chidi)
    assert reviewing.rate(letter) is None


def test_a_report_that_is_decided_later_is_another_matter(letter, chidi):
    bela = cast.bela(letter)
    suspecting.hold([bela], reason=WHY)
    moderating.approve(bela, by=chidi)
    enrolling.enrol(at_once=True)
    assert reporting.report(bela.listing, reason="not_me", network=None)
    moderating.approve(bela, by=chidi)
    assert reviewing.rate(letter) == Rate(1, 1)


def test_letters_are_told_apart_and_those_with_nothing_decided_get_no_mail(letter, chidi, mails):
    quiet = cast.quiet_streets()
    cast.chidi(quiet)
    held(quiet, 3)
    decide(held(letter, 1), by=chidi, restored=1)
    mails()
    assert reviewing.rates() == {letter.pk: Rate(1, 1)}
    tasks.review()
    assert len(mails()) == 1


def test_the_desk_shows_it_to_who_moderates(letter, chidi, client):
    decide(held(letter, 3), by=chidi, restored=1)
    entering.enter(client, chidi)
    page = " ".join(client.get("/desk/letters/clean-rivers/").content.decode().split())
    assert 'decided within seven days: <span class="number">3</span>, let go: <span class="number">1<' in page
    exporter = User.objects.create_user("exports@desk.example")
    exporter.is_staff = True
    exporter.save()
    letter.roles.create(user=exporter, kind=Role.Kind.EXPORTER)
    entering.enter(client, exporter)
    assert "seven days" not in client.get("/desk/letters/clean-rivers/").content.decode()
