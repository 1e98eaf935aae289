"""A moderator asks the signer before deciding: it leaves the queue, and comes back with the answer."""

import re
import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone, translation

from accounts.models import Trail
from letters.templatetags.pages import day
from outbox.models import Message
from signatories import (
    answering,
    asking,
    bundling,
    claiming,
    disclosing,
    emails,
    moderating,
    queue,
    signing,
    tokens,
    undoing,
)
from signatories.judging import reviewing, suspecting
from signatories.models import Decision, Question, Signature
from tests import cast, entering
from tests.signatories.test_discreet_mail import check

pytestmark = pytest.mark.django_db

Outcome, Topic = Question.Outcome, Question.Topic
WHY = "Its title looks like an office."


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def chidi(letter):
    return cast.chidi(letter)


@pytest.fixture
def desk(client, chidi):
    entering.enter(client, chidi)
    return client


@pytest.fixture
def bela(letter):
    """Bela has confirmed, and is held since nine hours."""
    row = cast.bela(letter, role="Teacher")
    suspecting.hold([row], reason=WHY)
    Signature.objects.filter(pk=row.pk).update(held_at=timezone.now() - timedelta(hours=9))
    return cast.fresh(row)


def ask(signature, by, topic=Topic.OFFICE):
    return moderating.ask(signature, by=by, topic=topic)


def pass_by(**time):
    """As if what was asked had been asked so much earlier."""
    earlier = timedelta(**time)
    for question in Question.objects.open():
        Question.objects.filter(pk=question.pk).update(asked_at=question.asked_at - earlier)
    for post in Message.objects.filter(kind=emails.QUESTION):
        Message.objects.filter(pk=post.pk).update(next_at=post.next_at - earlier)
    for decision in Decision.objects.filter(verdict=Decision.Verdict.ASK):
        Decision.objects.filter(pk=decision.pk).update(at=decision.at - earlier)


def questions(mails):
    return [mail for mail in mails() if "question" in mail.subject.casefold()]


def page_of(signature):
    return f"/m/{tokens.make(tokens.MANAGE, signature)}/"


def words(response):
    return " ".join(response.content.decode().replace("&#x27;", "'").split())


def is_in_queue(signature):
    return signature.letter.signatures.waiting().filter(pk=signature.pk).exists()


class TestAsking:
    def test_it_leaves_the_queue_and_its_age_is_still_counted(self, letter, chidi, bela, desk):
        place = f"/desk/letters/{letter.slug}/signatures/{bela.public_id}/"
        desk.post(place, {"act": "ask", "topic": "office"})
        assert not is_in_queue(bela) and not cast.fresh(bela).is_standing()
        assert queue.in_numbers(letter)["asked"]["oldest"] == cast.fresh(bela).held_at
        page = words(desk.get(f"/desk/letters/{letter.slug}/queue/"))
        assert "Nothing waits" in page and "answer, for 9 hours" in page
        listed = words(desk.get(f"/desk/letters/{letter.slug}/queue/asked/"))
        assert "Bela Horvát" in listed and "Which office or role do you hold?" in listed
        assert Trail.objects.get(what="signature ask").who == chidi

    def test_t06_a_signer_gets_three_questions_a_week_and_no_more(self, letter, chidi, bela, desk):
        ask(bela, chidi)
        moderating.wait_no_longer(bela, by=chidi)  # before its mail has left
        for _ in range(3):
            ask(bela, chidi)
            pass_by(minutes=11)
            moderating.wait_no_longer(bela, by=chidi)
        with pytest.raises(asking.AskedEnough):
            ask(bela, chidi)
        place = f"/desk/letters/{letter.slug}/signatures/{bela.public_id}/"
        said = words(desk.post(place, {"act": "ask", "topic": "office"}, follow=True))
        assert "asked three times within a week" in said
        Question.objects.update(asked_at=timezone.now() - timedelta(days=8))
        ask(bela, chidi)

    def test_the_mail_leaves_when_nobody_can_undo_it_any_more(self, letter, chidi, bela, mails):
        mails()
        ask(bela, chidi)
        assert questions(mails) == []
        pass_by(minutes=11)
        (mail,) = questions(mails)
        assert mail.to == cast.BELA and mail.subject == "A question about your signature: Clean Rivers"
        assert "Which office or role do you hold?" in mail.text and page_of(bela) in mail.text
        assert "Bela" not in mail.text and "Chidi" not in mail.text
        with pytest.raises(undoing.TooLate):
            undoing.undo(bela.decisions.latest("pk"), by=chidi)

    def test_undone_it_waits_as_before_and_no_mail_leaves(self, letter, chidi, bela, mails):
        mails()
        ask(bela, chidi)
        undoing.undo(bela.decisions.latest("pk"), by=chidi)
        assert is_in_queue(bela) and cast.fresh(bela).held_at == bela.held_at
        assert Question.objects.get().outcome == Outcome.TAKEN_BACK
        pass_by(minutes=11)
        assert questions(mails) == []

    def test_asked_undone_and_asked_again_it_is_mailed_once(self, letter, chidi, bela, mails):
        mails()
        ask(bela, chidi)
        undoing.undo(bela.decisions.latest("pk"), by=chidi)
        ask(bela, chidi, Topic.TWICE)
        pass_by(minutes=11)
        (mail,) = questions(mails)
        assert "from another address" in mail.text

    def test_t34_of_a_letter_at_risk_the_mail_says_neither_what_nor_why(self, settings, mails):
        settings.SITE_URL, settings.SITE_NAME = "https://site.example", "Undersigned"
        settings.DEFAULT_FROM_EMAIL = "Undersigned <post@site.example>"
        quiet = cast.quiet_streets()
        row = cast.bela(quiet)
        suspecting.hold([row], reason=WHY)
        mails()
        ask(row, cast.chidi(quiet))
        pass_by(minutes=11)
        (mail,) = questions(mails)
        check(mail)
        assert mail.subject == "A question to you" and "office" not in mail.text

    @pytest.mark.parametrize("language", ["ur", "prs", "ps"])
    def test_it_is_asked_in_the_signer_s_language(self, letter, chidi, mails, language):
        row = cast.bela(letter, language=language)
        suspecting.hold([row], reason=WHY)
        mails()
        ask(row, chidi)
        pass_by(minutes=11)
        (mail,) = mails()
        assert "Which office" not in mail.text and "question" not in mail.subject
        assert "private page" not in mail.text
        page = Client().get(re.search(r"https?://[^/]+(/\S+)", mail.text)[1])
        with translation.override(language):
            until = day(Question.objects.get().answer_by())
        assert until in mail.text and until in page.content.decode()

    def test_only_who_has_confirmed_and_wants_mail_is_asked(self, letter, chidi, bela):
        ada = cast.ada(letter)
        suspecting.hold([ada], reason=WHY)
        signing.opt_out(bela)
        for row in (ada, bela):
            with pytest.raises(asking.NobodyToAsk):
                ask(row, chidi)
            assert is_in_queue(row)

    def test_who_comes_second_or_has_it_not_before_their_eyes_asks_nothing(self, letter, chidi, bela):
        esra = cast.esra(letter)
        claiming.claim([bela.pk], by=esra)
        with pytest.raises(claiming.ClaimedByAnother):
            ask(bela, chidi)
        ask(bela, esra)
        for decide in (
            lambda: ask(bela, chidi),
            lambda: moderating.approve(bela, by=chidi),
            lambda: moderating.reject(bela, by=chidi, reason=WHY),
        ):
            with pytest.raises(moderating.NotWaiting):
                decide()

    def test_several_are_asked_together_and_undone_together(self, letter, chidi, bela, desk):
        union = cast.union(letter)
        place = f"/desk/letters/{letter.slug}/queue/together/"
        ticked = {"signature": [bela.public_id, union.public_id]}
        assert "Choose a question." in words(desk.post(place, ticked | {"act": "ask"}))
        desk.post(place, ticked | {"act": "ask", "topic": "authority"})
        assert letter.signatures.asked().count() == 2
        bundling.undo(union.decisions.latest("pk"), by=chidi)
        assert letter.signatures.waiting().count() == 2
        assert not Question.objects.open().exists()

    def test_without_a_question_nothing_is_asked(self, letter, bela, desk):
        answer = desk.post(f"/desk/letters/{letter.slug}/signatures/{bela.public_id}/", {"act": "ask"})
        assert answer.status_code == 422
        assert "Choose a question." in words(answer) and is_in_queue(bela)


class TestAnswering:
    @pytest.fixture
    def asked(self, bela, chidi):
        ask(bela, chidi)
        pass_by(minutes=11)
        return bela

    def test_all_is_right_and_twice_is_the_same_success(self, letter, asked, desk):
        browser = Client()
        assert "Which office or role do you hold?" in words(browser.get(page_of(asked)))
        for _again in range(2):
            answer = browser.post(page_of(asked), {"act": "as_is"})
            assert (answer.status_code, "Thank you for your answer" in words(answer)) == (200, True)
        assert is_in_queue(asked)
        assert Question.objects.get().outcome == Outcome.AS_IS
        page = words(desk.get(f"/desk/letters/{letter.slug}/queue/"))
        assert "Its signer says that all of it is right." in page and "Waits for 9 hours" in page

    def test_corrected_it_comes_back_as_it_is_now(self, asked):
        new = {"act": "answer", "name": "Bela Horvát", "role": "Judge, retired", "affiliation": "River Club"}
        assert Client().post(page_of(asked), new).status_code == 200
        row = cast.fresh(asked)
        assert (row.role, row.affiliation, row.name) == ("Judge, retired", "River Club", "Bela Horvát")
        assert is_in_queue(asked) and Question.objects.get().outcome == Outcome.CORRECTED

    def test_a_name_that_signing_refuses_is_refused_and_nothing_is_answered(self, asked):
        answer = Client().post(page_of(asked), {"act": "answer", "name": "<script>"})
        assert answer.status_code == 422
        assert Question.objects.open().exists()

    def test_the_usual_correction_of_a_name_is_an_answer_too(self, asked):
        signing.correct(asked, name="Béla Horvát")
        assert is_in_queue(asked) and Question.objects.get().outcome == Outcome.CORRECTED

    def test_what_others_see_changes_by_no_answer(self, letter, chidi):
        shown = cast.bela(letter, role="Teacher")
        Signature.objects.filter(pk=shown.pk).update(reported_at=timezone.now())
        ask(shown, chidi)
        pass_by(minutes=11)
        answering.correct(shown, name="Bela Horvát", role="President")
        assert cast.fresh(shown).role == "Teacher"

    def test_before_its_mail_leaves_nothing_is_asked_on_the_page(self, bela, chidi):
        ask(bela, chidi)
        assert "A question to you" not in words(Client().get(page_of(bela)))
        assert answering.confirm(bela) is False
        assert not is_in_queue(bela)

    def test_its_signer_reads_in_everything_what_was_asked_and_not_by_whom(self, asked):
        told = disclosing.text(asked)
        assert '"office"' in told and "asked_by" not in told


class TestComingBack:
    def test_without_an_answer_after_seven_days(self, chidi, bela):
        ask(bela, chidi)
        assert asking.end_overdue() == 0
        pass_by(days=7)
        assert asking.end_overdue() == 0
        pass_by(minutes=10)
        assert asking.end_overdue() == 1
        assert is_in_queue(bela) and Question.objects.get().outcome == Outcome.OVERDUE

    def test_if_the_mail_reaches_nobody(self, chidi, bela):
        ask(bela, chidi)
        emails.question_is_dead(Message.objects.get(kind=emails.QUESTION))
        assert is_in_queue(bela) and Question.objects.get().outcome == Outcome.UNREACHABLE

    def test_a_moderator_decides_without_an_answer(self, letter, chidi, bela, desk):
        ask(bela, chidi)
        place = f"/desk/letters/{letter.slug}/queue/asked/{bela.public_id}/"
        assert "in the queue again" in words(desk.post(place, follow=True))
        assert is_in_queue(bela)
        assert "no answer is waited for" in words(desk.post(place, follow=True))
        assert Trail.objects.filter(what="signature not waited for").count() == 1

    @pytest.mark.parametrize(
        "act",
        [
            signing.withdraw,
            signing.erase,
            lambda row: moderating.invalidate(row, by=cast.chidi(), reason=WHY, ground="fake"),
        ],
    )
    def test_what_happens_meanwhile_settles_it(self, chidi, bela, act):
        ask(bela, chidi)
        act(bela)
        assert cast.fresh(bela).asked_at is None
        assert not Question.objects.open().exists() and not is_in_queue(bela)

    def test_who_hides_a_reported_name_is_asked_nothing_more(self, letter, chidi):
        shown = cast.bela(letter)
        Signature.objects.filter(pk=shown.pk).update(reported_at=timezone.now())
        ask(shown, chidi)
        signing.hide(shown)
        assert not Question.objects.open().exists()

    def test_a_question_between_holding_and_deciding_hides_no_false_alarm(self, letter, chidi, bela):
        ask(bela, chidi)
        moderating.wait_no_longer(bela, by=chidi)
        moderating.approve(bela, by=chidi)
        assert reviewing.rate(letter) == (1, 1)


class TestTheDatabase:
    @pytest.mark.parametrize(
        "changes",
        [{"held_at": None}, {"rejected_at": "2026-01-01T00:00Z"}, {"withdrawn_at": "2026-01-01T00:00Z"}],
    )
    def test_only_what_waits_is_asked(self, chidi, bela, changes):
        ask(bela, chidi)
        with pytest.raises(IntegrityError, match="only_who_waits_is_asked"), transaction.atomic():
            Signature.objects.filter(pk=bela.pk).update(**changes)

    @pytest.mark.parametrize(
        ("changes", "name"),
        [
            ({"topic": "religion"}, "questions_are_asked_in_set_words"),
            ({"outcome": "as_is"}, "questions_end_somehow"),
            ({"ended_at": "2026-01-01T00:00Z"}, "questions_end_somehow"),
        ],
    )
    def test_questions_are_well_formed(self, chidi, bela, changes, name):
        ask(bela, chidi)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Question.objects.update(**changes)

    def test_one_at_a_time(self, chidi, bela):
        ask(bela, chidi)
        with pytest.raises(IntegrityError), transaction.atomic():
            Question.objects.create(signature=bela, topic=Topic.NAME, asked_by=chidi)

    def test_who_asked_is_kept_with_the_decision(self, chidi, bela):
        ask(bela, chidi)
        made = bela.decisions.get(verdict=Decision.Verdict.ASK)
        assert (made.by, made.reason) == (chidi, "Which office or role do you hold?")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_f23_an_answer_and_a_decision_at_once_end_the_question_once(letter, chidi, bela):
    ask(bela, chidi)
    pass_by(minutes=11)
    start = threading.Barrier(2)

    def act(do):
        start.wait()
        do()
        connection.close()

    def decide():
        with suppress(moderating.NotWaiting):
            moderating.wait_no_longer(bela, by=chidi)
        moderating.reject(bela, by=chidi, reason=WHY)

    threads = [threading.Thread(target=act, args=[do]) for do in (decide, lambda: answering.confirm(bela))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row, question = cast.fresh(bela), Question.objects.get()
    assert (row.rejected_at is not None, row.asked_at, row.is_waiting()) == (True, None, False)
    assert question.outcome in (Outcome.AS_IS, Outcome.TAKEN_BACK)
