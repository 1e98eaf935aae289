"""What offices answer is read at the desk, and then by everybody; how long others are silent is said, too."""

from xml.etree import ElementTree

import pytest
from django.test import Client

from accounts.models import Trail
from answers import receiving, telling
from answers.models import Answer
from letters.models import Letter, Role
from outbox.models import Message
from signatories import signing
from signatories.enrolled import enrolling
from signatories.models import Signature
from tests import cast, entering
from tests.answers.conftest import DESK, shown, words

ATOM = "{http://www.w3.org/2005/Atom}"
pytestmark = pytest.mark.django_db

WHY = {"ground": "withheld", "reason": "It names a child."}


class TestDeciding:
    def test_it_is_published_and_stands_on_the_letters_page(self, answer, desk, letter, fresh_cache):
        page = words(desk.get(DESK))
        assert "We will &lt;b&gt;act&lt;/b&gt;." in page and "Nobody has decided about it" in page
        assert "We will" not in shown(fresh_cache)
        assert "Has written. It is being read" in shown(fresh_cache)
        assert desk.post(f"{DESK}{answer.pk}/publish/").status_code == 302
        public = shown(fresh_cache)
        assert "<bdi>Ministry of the Interior</bdi> has answered" in public
        assert "We will &lt;b&gt;act&lt;/b&gt;." in public and "<bdi>N. Qadri</bdi>" in public
        assert f'href="#answer-{answer.pk}"' in public and f'id="answer-{answer.pk}"' in public
        answer.refresh_from_db()
        assert answer.reviewed_by == cast.esra(letter)
        assert Trail.objects.filter(what="answer published", letter=letter.pk).count() == 1
        assert desk.post(f"{DESK}{answer.pk}/publish/").status_code == 409

    def test_the_feed_has_its_words_but_of_a_letter_at_risk(self, answer, desk, letter, fresh_cache):
        desk.post(f"{DESK}{answer.pk}/publish/")
        feed = Client().get("/letters/clean-rivers/feed/").content.decode()
        assert "Ministry of the Interior has answered" in feed and "We will" in feed
        Letter.objects.filter(pk=letter.pk).update(risk=Letter.Risk.AT_RISK)
        fresh_cache()
        feed = Client().get("/letters/clean-rivers/feed/").content.decode()
        assert "Ministry of the Interior has answered" in feed and "We will" not in feed

    def test_the_feed_has_no_markup_of_an_office_and_moves_when_it_is_published(self, delivery, desk, letter):
        text = "We act.\n\n<img src=x onerror=alert(1)>"
        answer = receiving.answer(delivery, text=text, name="", role="", language="en")
        received = Answer.objects.filter(pk=answer.pk)
        desk.post(f"{DESK}{answer.pk}/publish/")
        feed = ElementTree.fromstring(Client().get("/letters/clean-rivers/feed/").content)
        newest = feed.find(f"{ATOM}entry")
        assert (
            newest.findtext(f"{ATOM}summary") == "<p>We act.</p>\n\n<p>&lt;img src=x onerror=alert(1)&gt;</p>"
        )
        told = newest.findtext(f"{ATOM}updated")
        assert told == received.get().published_at.isoformat()
        assert feed.findtext(f"{ATOM}updated") == told

    def test_nothing_that_an_office_wrote_breaks_the_feed(self, delivery, desk, letter):
        given = {"name": "", "role": "", "language": "en"}
        answer = receiving.answer(delivery, text="Thank\x0b you\ufffe & <all>.", **given)
        desk.post(f"{DESK}{answer.pk}/publish/")
        feed = Client().get("/letters/clean-rivers/feed/")
        assert feed.status_code == 200
        told = "".join(ElementTree.fromstring(feed.content).itertext())
        assert "Thank you &amp; &lt;all&gt;." in told and "has answered" in told

    def test_one_that_is_kept_back_says_so_and_why(self, answer, desk, letter, fresh_cache, link):
        assert desk.post(f"{DESK}{answer.pk}/decline/", {"ground": "withheld"}).status_code == 422
        assert desk.post(f"{DESK}{answer.pk}/decline/", WHY).status_code == 302
        public = shown(fresh_cache)
        assert "Its answer is not published" in public and "It names a child." in public
        assert "We will" not in public and "without a reply" not in public
        assert "It names a child." in words(Client().get(link))
        assert Trail.objects.filter(what="answer declined", letter=letter.pk).count() == 1
        assert desk.post(f"{DESK}{answer.pk}/publish/").status_code == 302, "one may think better of it"
        assert "We will" in shown(fresh_cache)

    def test_what_was_published_is_taken_off(self, answer, desk, fresh_cache):
        desk.post(f"{DESK}{answer.pk}/publish/")
        assert desk.post(f"{DESK}{answer.pk}/decline/", WHY).status_code == 302
        assert "We will" not in shown(fresh_cache)

    def test_it_takes_somebody_who_delivers_and_who_is_there(self, answer, letter):
        exporter, stale = Client(), Client()
        entering.enter(exporter, cast.esra(letter, Role.Kind.EXPORTER, name="Edo"))
        assert exporter.post(f"{DESK}{answer.pk}/publish/").status_code == 403
        entering.enter(stale, cast.esra(letter))
        session = stale.session
        session["account_authentication_methods"] = [
            method | {"at": method["at"] - 86400} for method in session["account_authentication_methods"]
        ]
        session.save()
        assert stale.post(f"{DESK}{answer.pk}/publish/").status_code == 302
        assert not Answer.objects.published().exists()

    def test_answers_of_another_letter_are_not_reached(self, answer, letter):
        other, client = cast.bread_prices(), Client()
        entering.enter(client, cast.esra(other, name="Olga"))
        assert client.post(f"/desk/letters/bread-prices/answers/{answer.pk}/publish/").status_code == 404
        assert "We will" not in words(client.get("/desk/letters/bread-prices/answers/"))

    def test_the_desk_leads_there(self, answer, desk):
        assert DESK in words(desk.get("/desk/letters/clean-rivers/"))
        page = f"/desk/letters/clean-rivers/deliveries/{answer.delivery_id}/"
        assert DESK in words(desk.get(page))


class TestTellingSigners:
    def spread(self, mails) -> list:
        telling.spread()
        told = [mail for mail in mails() if mail.to == "noor@mail.example"]
        return [mail for mail in told if "answer" in mail.subject.lower() or "news" in mail.subject.lower()]

    def test_who_asked_for_news_is_told_once(self, letter, answer, desk, mails):
        signer = cast.confirmed(letter, name="Noor", email="noor@mail.example", updates=True)
        assert telling.spread() == 0, "nobody has published it"
        desk.post(f"{DESK}{answer.pk}/publish/")
        [mail] = self.spread(mails)
        assert mail.to == "noor@mail.example" and mail.subject == "An answer to: Clean Rivers"
        assert "Ministry of the Interior has answered" in mail.text and "We will" not in mail.text
        assert "/letters/clean-rivers/" in mail.text and "/m/" in mail.text
        desk.post(f"{DESK}{answer.pk}/decline/", WHY)
        desk.post(f"{DESK}{answer.pk}/publish/")
        assert telling.spread() == 0
        assert Message.objects.filter(kind="answered").count() == 1
        manage = next(line for line in mail.links if "/m/" in line)
        assert "We will" in words(Client().get(manage.removeprefix("http://localhost:8000")))
        assert signer.updates

    def test_who_wants_none_by_then_gets_none(self, letter, answer, desk, mails):
        cast.confirmed(letter, name="Noor", email="noor@mail.example", updates=True)
        desk.post(f"{DESK}{answer.pk}/publish/")
        assert telling.spread() == 1
        signing.unsubscribe(Signature.objects.get(updates=True))
        assert not [mail for mail in mails() if mail.subject.startswith("An answer to")]

    def test_t34_of_a_letter_at_risk_the_mail_says_only_that_there_is_news(self, letter, answer, desk, mails):
        cast.confirmed(letter, name="Noor", email="noor@mail.example", updates=True)
        Letter.objects.filter(pk=letter.pk).update(risk=Letter.Risk.AT_RISK)
        enrolling.enrol(at_once=True)
        mails()
        desk.post(f"{DESK}{answer.pk}/publish/")
        [mail] = self.spread(mails)
        for secret in ("Clean Rivers", "Ministry", "clean-rivers", "answer"):
            assert secret.lower() not in f"{mail.subject}{mail.text}".lower()
