"""An update reaches everybody who asked for news once, and nobody who did not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from outbox import box
from outbox.models import Lane, Message
from signatories import confirming, moderating, signing, tokens
from signatories.enrolled import enrolling
from signatories.models import Kind, Signature
from tests import cast
from tests.signatories.test_discreet_mail import check, everything_in, opened
from updates import emails, mailing
from updates.models import Text, Update

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(settings):
    settings.DEFAULT_FROM_EMAIL = "Undersigned <post@site.example>"
    settings.SITE_URL = "https://site.example"
    return cast.clean_rivers()


def signed(letter, name, **changes) -> Signature:
    answers = {"email": f"{name}@people.example", "updates": True} | changes
    return confirming.confirm(cast.attempt(letter, **answers))


def approved(letter, *languages) -> Update:
    """An update that was approved in these languages besides English."""
    writer, reader = (
        User.objects.get_or_create(email=f"{name}@desk.example", defaults={"name": name})[0]
        for name in ("esra", "dunya")
    )
    now = timezone.now()
    update = Update.objects.create(
        letter=letter, proposed_by=writer, proposed_at=now, approved_by=reader, approved_at=now
    )
    for language in ("en", *languages):
        Text.objects.create(
            update_of=update, language=language, subject=f"News {language}", body="It *works*."
        )
    return update


def news(mails) -> list[box.BoxedMail]:
    """The mails of an update that have left now, and nothing of another kind."""
    return [mail for mail in mails() if mail.subject.startswith(("News", "There is news"))]


def test_who_asked_for_news_gets_it_once_however_often_the_clock_ticks(letter, mails):
    signed(letter, "one"), signed(letter, "two", language="ur"), signed(letter, "three", language="ps")
    signed(letter, "never", updates=False)
    cast.attempt(letter, email="open@people.example", updates=True)
    mails()
    update = approved(letter, "ur")
    assert mailing.spread() == 3
    got = {mail.to: mail.subject for mail in news(mails)}
    assert got == {
        "one@people.example": "News en",
        "two@people.example": "News ur",
        "three@people.example": "News en",
    }
    Update.objects.update(queued_at=None, reached=0)
    mailing.spread()
    assert news(mails) == []
    update.refresh_from_db()
    assert update.left == 3


def test_one_address_gets_it_once_whatever_it_has_signed(letter, mails):
    signed(letter, "one")
    union = signed(
        letter, "one", kind=Kind.ORGANISATION, organisation="Harbour Workers' Union",
        website="https://harbour-workers.example/",
    )  # fmt: skip
    moderating.approve(Signature.objects.get(pk=union.pk), by=cast.chidi(letter))
    approved(letter)
    assert mailing.spread() == 1


def test_asvs_the_mail_can_be_unsubscribed_from_by_one_click(letter, mails):
    row = signed(letter, "one")
    mails()
    approved(letter)
    mailing.spread()
    (mail,) = news(mails)
    message = opened(mail)
    link = message["List-Unsubscribe"].strip("<>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "Clean Rivers" in everything_in(mail) and "<em>works</em>" in everything_in(mail)
    path = link.removeprefix("https://site.example")
    assert Client().get(path).status_code == 200
    assert Signature.objects.get(pk=row.pk).updates, "looking changes nothing"
    assert Client().post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Signature.objects.get(pk=row.pk).updates
    approved(letter)
    assert mailing.spread() == 0


def test_unsubscribing_holds_for_all_that_the_address_has_signed(letter):
    person = signed(letter, "one")
    union = signed(letter, "one", kind=Kind.ORGANISATION, organisation="Harbour Workers' Union")
    other = signed(letter, "two")
    signing.unsubscribe(person)
    assert not Signature.objects.get(pk=union.pk).updates
    assert "unsubscribed_on" in Signature.objects.get(pk=union.pk).consent
    assert Signature.objects.get(pk=other.pk).updates


@pytest.mark.parametrize("change", [signing.unsubscribe, signing.opt_out, signing.withdraw, signing.erase])
def test_who_changes_their_mind_before_it_leaves_gets_nothing(letter, mails, change):
    row = signed(letter, "one")
    enrolling.enrol()
    mails()
    update = approved(letter)
    mailing.spread()
    change(row)
    assert news(mails) == []
    update.refresh_from_db()
    progress = mailing.progress(update)
    assert (progress.queued, progress.left, progress.unwanted, progress.is_over) == (1, 0, 1, True)


def test_news_waits_behind_all_other_mail(letter):
    signed(letter, "one")
    approved(letter)
    mailing.spread()
    assert Message.objects.get(kind="news").lane == Lane.NEWS


def test_who_calls_news_spam_gets_no_more(letter):
    row = signed(letter, "one")
    approved(letter)
    mailing.spread()
    emails.news_is_complained_of(Message.objects.get(kind="news"), timezone.now())
    assert not Signature.objects.get(pk=row.pk).updates


def test_an_erased_signature_takes_the_record_of_its_news_along(letter, mails):
    row = signed(letter, "one")
    approved(letter)
    mailing.spread()
    mails()
    signing.erase(row)
    assert not Message.objects.filter(kind="news").exists()


def test_t34_news_of_a_letter_at_risk_says_nothing_but_that_there_is_some(letter, mails, settings):
    settings.SITE_NAME = "Undersigned"
    quiet = cast.quiet_streets()
    row = signed(quiet, "one")
    mails()
    approved(quiet)
    mailing.spread()
    (mail,) = news(mails)
    assert mail.subject == "There is news"
    check(mail)
    assert "works" not in everything_in(mail)
    page = Client().get(f"/m/{tokens.make(tokens.MANAGE, row)}/").content.decode()
    assert "<em>works</em>" in page


def test_the_private_page_shows_news_in_its_reader_s_language(letter):
    row = signed(letter, "one")
    path = f"/m/{tokens.make(tokens.MANAGE, row)}/"
    assert "News about this letter" not in Client().get(path).content.decode()
    approved(letter, "ur")
    assert "News ur" in Client().get(f"/ur{path}").content.decode()
    assert "News en" in Client().get(path).content.decode()


def test_progress_is_told_while_it_is_mailed(letter, mails):
    for number in range(3):
        signed(letter, f"p{number}")
    mails()
    update = approved(letter)
    mailing.spread()
    update.refresh_from_db()
    assert (mailing.progress(update).waiting, mailing.progress(update).is_over) == (3, False)
    Message.objects.filter(kind="news").update(next_at=timezone.now() - timedelta(seconds=1))
    assert len(news(mails)) == 3
    update.refresh_from_db()
    assert (mailing.progress(update).left, mailing.progress(update).is_over) == (3, True)
