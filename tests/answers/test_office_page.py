"""The page behind an office's private link: download, check, answer, or say that another office is meant."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answers.models import LONGEST, Answer
from deliveries import retaining
from deliveries.models import Report
from deliveries.papers import stamping
from deliveries.proofs import verifying
from letters.models import Letter
from letters.taking_down import take_down
from outbox import draining
from scrutiny import rationing
from scrutiny.models import Limit
from signatories import signing, tokens
from signatories.enrolled import enrolling
from signatories.models import Signature
from tests import cast
from tests.signatories.test_desk import picture_of_the_database

pytestmark = pytest.mark.django_db


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def signature(name: str) -> Signature:
    return next(one for one in Signature.objects.all() if one.name == name)


def names_in(paper: bytes) -> str:
    return stamping.check(paper).attached.decode()


class TestReading:
    def test_t05_the_mail_leads_to_it_and_reading_notes_nothing(self, link, delivery, postbox):
        assert f"{settings.SITE_URL}{link}" in postbox.mails[0].get_body().get_content()
        before = picture_of_the_database()
        for path in (link, f"/ur{link}", f"{link}letter.pdf"):
            assert Client().get(path).status_code == Client().head(path).status_code == 200
        assert picture_of_the_database() == before

    def test_t32_it_is_kept_nowhere_and_sets_no_cookie(self, link):
        for path in (link, f"{link}letter.pdf"):
            answer = Client().get(path)
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["X-Robots-Tag"] == "noindex, noarchive"
            assert not answer.cookies
        assert "csrf" not in words(Client().get(link))

    def test_links_that_are_not_its_own_lead_nowhere(self, link, delivery, letter):
        for token in (
            link[3:-2],
            "x",
            tokens.make("manage", delivery),
            tokens.make("delivery", cast.ada(letter)),
        ):
            assert Client().get(f"/d/{token}/").status_code == 404
            assert Client().get(f"/d/{token}/letter.pdf").status_code == 404
            assert Client().post(f"/d/{token}/", {"act": "received"}).status_code == 404
        assert Client().get(f"/m/{link[3:]}").status_code == 404

    def test_it_says_how_to_check_what_was_sent(self, link, delivery):
        shown = words(Client().get(link))
        assert delivery.file_hash in shown and "manage.py verify clean-rivers.pdf" in shown
        assert 'href="/letters/clean-rivers/integrity/"' in shown and 'href="/verify/"' in shown
        assert "with 3 signatures" in shown

    def test_it_is_read_in_other_languages(self, link):
        shown = Client().get(f"/ps{link}").content.decode()
        assert '<html lang="ps" dir="rtl">' in shown and f'href="{link}"' in shown


class TestThePaper:
    def test_it_is_what_verify_accepts(self, link):
        answer = Client().get(f"{link}letter.pdf")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert 'filename="clean-rivers.pdf"' in answer.headers["Content-Disposition"]
        assert "Bela Horvát" in names_in(answer.content) and "Rosa Villacorta" in names_in(answer.content)
        assert verifying.PDF in answer.content[:10]

    def test_it_comes_in_the_volumes_in_which_it_was_sent(self, link, monkeypatch):
        assert Client().get(f"{link}letter-2.pdf").status_code == 404
        monkeypatch.setattr("deliveries.dossiers.parting.VOLUME", 1)
        assert f'href="{link}letter-2.pdf"' in words(Client().get(link))
        answer = Client().get(f"{link}letter-2.pdf")
        assert 'filename="clean-rivers-2.pdf"' in answer.headers["Content-Disposition"]
        assert '"volume":2' in names_in(answer.content)
        assert Client().get(f"{link}letter-3.pdf").status_code == 404

    def test_t38_who_withdrew_or_hid_since_is_left_out_and_their_number_is_said(self, link, fresh_cache):
        shown = words(Client().get(link))
        assert "taken back" not in shown and "left out" not in shown
        signing.withdraw(signature("Carla Canary"))
        signing.hide(signature("Rosa Villacorta"))
        enrolling.enrol(at_once=True)
        fresh_cache()
        shown = words(Client().get(link))
        assert "1 signature was taken back since" in shown
        assert "1 name that you were sent is left out now" in shown
        assert "with 2 signatures" in shown
        inside = names_in(Client().get(f"{link}letter.pdf").content)
        assert "Rosa" not in inside and "Bela Horvát" in inside and "canary.example" not in inside

    def test_it_ends_with_the_key_of_the_dossier_and_answering_does_not(self, link, delivery):
        retaining.destroy_keys(timezone.now() + timedelta(days=400))
        answer = Client().get(f"{link}letter.pdf")
        assert answer.status_code == 410 and "cannot be downloaded any more" in words(answer)
        answer = Client().get(link)
        assert answer.status_code == 200 and delivery.file_hash in words(answer)
        assert Client().post(link, {"act": "answer", "text": "We have read it."}).status_code == 200
        assert Answer.objects.count() == 1

    def test_an_office_gets_ten_in_ten_minutes(self, link, monkeypatch):
        monkeypatch.setattr("answers.offering.MOST", 1)
        assert Client().get(f"{link}letter.pdf").status_code == 200
        answer = Client().get(f"{link}letter.pdf")
        assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 600

    def test_it_is_only_read(self, link):
        assert Client().post(f"{link}letter.pdf").status_code == 405


class TestHowOften:
    def test_who_reads_the_page_again_opens_no_sealed_list(self, link):
        first = words(Client().get(link))
        with CaptureQueriesContext(connection) as asked:
            assert words(Client().get(link)) == first
        assert [
            one["sql"] for one in asked if '"names"' in one["sql"] or "public_edition" in one["sql"]
        ] == []

    def test_what_was_counted_before_the_names_were_destroyed_is_not_offered_after(self, link, letter):
        assert "Download the letter" in words(Client().get(link))
        retaining.destroy_keys(timezone.now() + timedelta(days=400))
        assert "Download the letter" not in words(Client().get(link))

    def test_a_network_that_asks_too_often_waits_and_others_read_on(self, link, monkeypatch):
        monkeypatch.setattr(rationing, "_remembered", {})
        Limit.objects.create(name="office_pages_per_network_in_10_minutes", value=2)
        reader = Client(REMOTE_ADDR="2001:db8::1")
        assert [reader.get(link).status_code, reader.post(link, {"act": "received"}).status_code] == [
            200,
            200,
        ]
        refused = reader.get(f"/ur{link}")
        assert refused.status_code == 429 and 0 < int(refused.headers["Retry-After"]) <= 600
        assert refused.headers["Cache-Control"] == "no-store"
        assert refused.headers["Referrer-Policy"] == "no-referrer"
        assert reader.post(link, {"act": "answer", "text": "No."}).status_code == 429
        assert not Answer.objects.exists()
        assert Client(REMOTE_ADDR="2001:db8:0:1::1").get(link).status_code == 200


class TestReceiving:
    def test_a_button_proves_once_that_it_arrived(self, link, delivery):
        for _ in range(2):
            answer = Client().post(link, {"act": "received"}, headers={"Origin": "null"})
            assert answer.status_code == 200 and "It is noted that your office has the letter" in words(
                answer
            )
        report = Report.objects.get()
        assert (report.delivery, report.kind, report.source) == (delivery, "delivered", "page")
        assert "We have received it" not in words(Client().get(link))

    def test_an_answer_waits_to_be_read(self, link, delivery, letter, mailoutbox):
        cast.esra(letter)
        given = {
            "act": "answer",
            "text": "We <b>will</b>\r\nact.",
            "name": "N. Qadri",
            "role": "Head",
            "language": "ur",
        }
        for _ in range(2):
            answer = Client().post(link, given)
            assert answer.status_code == 200 and "read it before it is published" in words(answer)
        row = Answer.objects.get()
        assert (row.delivery, row.text, row.language) == (delivery, "We <b>will</b>\nact.", "ur")
        assert row.published_at is None and row.reviewed_by is None
        assert Report.objects.get().kind == Report.Kind.DELIVERED
        assert ["publish it, or decline it" in str(mail.body) for mail in mailoutbox] == [True]
        assert "it is being read" in words(answer) and "&lt;b&gt;will" in words(answer)
        assert "We &lt;b&gt;" not in words(Client().get("/letters/clean-rivers/"))

    def test_the_office_gets_what_was_answered_in_its_name(self, link, delivery, postbox):
        for _ in range(2):
            Client().post(link, {"act": "answer", "text": "We will act.", "name": "N. Qadri"})
        draining.drain()
        told = [mail for mail in postbox.mails if mail["Subject"].startswith("Your answer")]
        assert [mail["To"] for mail in told] == [delivery.recipient.address]
        text = told[0].get_body(("plain",)).get_content()
        assert "We will act." in text and "answer this mail at once" in text and "/d/" not in text
        assert told[0]["Reply-To"] == delivery.dossier.letter.contact

    @pytest.mark.parametrize(
        ("given", "sentence"),
        [({"text": "  "}, "Please write your answer"), ({"text": "a" * (LONGEST + 1)}, "at most 10000")],
    )
    def test_what_cannot_be_taken_is_kept_in_the_form(self, link, given, sentence):
        answer = Client().post(link, {"act": "answer", "name": "N. Qadri"} | given)
        assert answer.status_code == 422
        assert sentence in words(answer) and 'value="N. Qadri"' in words(answer)
        assert not Answer.objects.exists() and not Report.objects.exists()

    @pytest.mark.parametrize("field", ["text", "name", "role", "words"])
    def test_what_no_page_and_no_paper_can_show_is_refused_in_words(self, link, field):
        given = {"act": "wrong" if field == "words" else "answer", "text": "Thank you."}
        for sign in "\x0b\x01\x00\x85\ue000\uffff\U0010fffd":
            answer = Client().post(link, given | {field: f"Thank you{sign}."})
            assert answer.status_code == 422, ascii(sign)
            assert f"a character that cannot be shown (U+{ord(sign):04X})" in words(answer)
        assert not Answer.objects.exists() and not Report.objects.exists()

    def test_whichever_way_a_browser_ends_lines(self, link):
        for text in ("Thank\tyou.\rBye.", "\ufeffThank\tyou.\r\nBye.", "Thank\tyou.\nBye."):
            assert (
                Client().post(link, {"act": "answer", "text": text, "name": "N.\nQadri"}).status_code == 200
            )
        row = Answer.objects.get()
        assert (row.text, row.name) == ("Thank\tyou.\nBye.", "N. Qadri")

    def test_as_long_as_may_be_is_counted_as_browsers_do(self, link):
        text = ("a" * 99 + "\r\n") * 100
        assert Client().post(link, {"act": "answer", "text": text}).status_code == 200
        assert len(Answer.objects.get().text) == LONGEST - 1

    def test_no_office_fills_the_desk(self, link):
        codes = [Client().post(link, {"act": "answer", "text": f"No. {n}"}).status_code for n in range(11)]
        assert codes == [200] * 10 + [422] and Answer.objects.count() == 10
        codes = [Client().post(link, {"act": "wrong", "words": f"No. {n}"}).status_code for n in range(6)]
        assert codes == [200] * 5 + [422]

    def test_another_office_is_meant(self, link, letter, mailoutbox):
        cast.esra(letter)
        for _ in range(2):
            answer = Client().post(link, {"act": "wrong", "words": "The Ministry of Water"})
            assert answer.status_code == 200 and "Those who deliver the letter are told" in words(answer)
        wrong = Report.objects.get(kind=Report.Kind.WRONG)
        assert wrong.words == "The Ministry of Water" and wrong.source == Report.Source.PAGE
        assert Report.objects.filter(kind=Report.Kind.DELIVERED).count() == 1
        assert ["another office is meant" in str(mail.body) for mail in mailoutbox] == [True]

    def test_what_it_does_not_know_changes_nothing(self, link):
        assert Client().post(link, {"act": "steal"}).status_code == 422
        assert not Report.objects.exists()


class TestALetterThatIsGone:
    def test_it_says_that_it_was_withdrawn_and_why(self, link, letter):
        take_down(Letter.objects.get(pk=letter.pk), reason="The ministry acted.", by=cast.esra(letter))
        for path in (link, f"{link}letter.pdf"):
            answer = Client().get(path)
            assert answer.status_code == 410 and "The ministry acted." in words(answer)
        assert Client().post(link, {"act": "answer", "text": "Thanks"}).status_code == 410
        assert not Answer.objects.exists()


class TestTheRecord:
    def test_what_an_office_wrote_never_changes(self, link):
        Client().post(link, {"act": "answer", "text": "No."})
        row = Answer.objects.get()
        for change in ({"text": "Yes."}, {"name": "Somebody"}, {"received_at": timezone.now()}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Answer.objects.filter(pk=row.pk).update(**change)

    @pytest.mark.parametrize(
        "change",
        [
            {"published_at": timezone.now()},
            {"declined_at": timezone.now(), "ground": "strange", "reason": "x"},
            {"ground": "strange"},
        ],
    )
    def test_nothing_is_decided_by_nobody(self, link, change):
        Client().post(link, {"act": "answer", "text": "No."})
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.update(**change)

    def test_nothing_is_declined_without_a_reason(self, link, letter):
        Client().post(link, {"act": "answer", "text": "No."})
        with pytest.raises(IntegrityError), transaction.atomic():
            Answer.objects.update(declined_at=timezone.now(), reviewed_by=cast.esra(letter))
