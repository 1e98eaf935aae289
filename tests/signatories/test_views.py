import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from letters import publishing
from letters.models import Letter
from outbox.models import Message
from signatories import confirming, moderating, signing, tokens
from signatories.enrolled import enrolling, roll
from signatories.judging import suspecting
from signatories.models import CODE_TRIES, CODE_TRIES_IN_ALL, Mailbox, Signature
from tests import cast
from vault.indexing import address_index

pytestmark = pytest.mark.django_db

ANSWERS = {
    "kind": "person",
    "name": "Ada Okoye",
    "email": cast.ADA,
    "country": "NG",
    "visibility": "public",
    "consent": "on",
}
SIGN = "/letters/clean-rivers/sign/"
CHECK = "/letters/clean-rivers/check-your-email/"


@pytest.fixture
def client():
    """As curl asks, and with no cookie ever."""
    client = Client(enforce_csrf_checks=True)
    yield client
    assert not client.cookies


@pytest.fixture
def letter():
    return cast.clean_rivers()


def link_of(attempt):
    return f"/s/{tokens.make(tokens.CONFIRM, attempt)}/"


def manage_of(signature):
    return f"/m/{tokens.make(tokens.MANAGE, signature)}/"


def plant(letter, email, number, **same):
    """As if somebody had signed many times with an address that is not theirs."""
    one = cast.attempt(letter, email=email)
    Signature.objects.bulk_create(
        Signature(
            **{
                "letter": letter,
                "version": one.version,
                "language": "en",
                "kind": "person",
                "name": f"Forged Name {index}",
                "email": email,
                "address": one.address,
                "country": "NG",
                "visibility": "public",
                "consent": one.consent,
            }
            | same
        )
        for index in range(number - 1)
    )
    return one


class TestSigning:
    def test_the_fields_of_the_contract_sign(self, client, letter, mails):
        answer = client.post(SIGN, ANSWERS)
        assert (answer.status_code, answer["Location"]) == (303, CHECK)
        assert client.get(CHECK).status_code == 200
        [mail] = mails()
        assert mail.to == cast.ADA
        attempt = Signature.objects.get()
        assert link_of(attempt) in mail.text
        assert tokens.code(attempt) in mail.text

    def test_visibility_is_the_least_when_nobody_says(self, client, letter):
        client.post(SIGN, {key: value for key, value in ANSWERS.items() if key != "visibility"})
        assert Signature.objects.get().visibility == "counted"

    def test_t06_a_mail_carries_no_word_that_a_visitor_typed(self, client, letter, mails):
        client.post(SIGN, ANSWERS | {"name": "Canary Bird", "role": "Canary", "affiliation": "Canary Inc"})
        [mail] = mails()
        assert "Canary" not in mail.text + mail.subject

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"name": "A\u202eda"},
            {"name": "Ada\r\nBcc: x@y.example"},
            {"name": "=cmd|' /C calc'!A0"},
            {"name": "x" * 10_000},
            {"email": "ada@localhost"},
            {"email": "a@[127.0.0.1]"},
            {"country": "ZZ"},
            {"country": ""},
            {"kind": "government"},
            {"visibility": "everyone"},
            {"consent": ""},
            {"version": "7"},
            {"version": "one"},
            {"name": "\x00"},
        ],
    )
    def test_bad_input_comes_back_in_words_and_leaves_nothing(self, client, letter, wrong):
        answer = client.post(SIGN, ANSWERS | {"affiliation": "River School"} | wrong)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="River School"' in page
        assert "form-errors" in page
        field = next(iter(wrong))
        if field != "version":
            assert re.search(rf'href="#id_{field}', page), "the summary links to the field"
        assert not Signature.objects.exists() and not Message.objects.exists()

    def test_a_text_changed_meanwhile_is_said(self, client, letter):
        publishing.publish(publishing.amend(letter).letter)
        answer = client.post(SIGN, ANSWERS | {"version": "1"})
        assert answer.status_code == 422
        assert not Signature.objects.exists()
        assert client.post(SIGN, ANSWERS | {"version": "2"}).status_code == 303
        assert client.post(SIGN, ANSWERS).status_code == 303

    def test_the_trap_field_scores_and_never_rejects(self, client, letter):
        assert client.post(SIGN, ANSWERS | {"nickname": "bot"}).status_code == 303
        signature = confirming.confirm(Signature.objects.get())
        assert signature.clues["is_trapped"] and signature.held_at

    def test_unknown_letters_and_drafts_are_not_found(self, client, letter):
        cast.night_trains()
        for slug in ("night-trains", "no-such-letter"):
            for page in ("", "sign/", "check-your-email/", "signatories/", "count.json", "roll.txt"):
                ask = client.post if page == "sign/" else client.get
                assert ask(f"/letters/{slug}/{page}", ANSWERS).status_code == 404

    def test_a_closed_letter_is_gone_and_says_where_to_go(self, client):
        cast.bread_prices()
        answer = client.post("/letters/bread-prices/sign/", ANSWERS)
        assert answer.status_code == 410
        assert "/letters/bread-prices/" in answer.content.decode()
        assert not Signature.objects.exists()

    def test_t41_a_huge_body_is_refused(self, client, letter):
        answer = client.post(SIGN, ANSWERS | {"name": "x" * 1_000_000})
        assert answer.status_code in {400, 413}

    def test_a_double_post_is_the_same_success(self, client, letter, mails):
        for _ in range(2):
            assert client.post(SIGN, ANSWERS).status_code == 303
        assert len(mails()) == 1

    @pytest.mark.parametrize("prefix", ["ur", "prs", "ps"])
    def test_every_language_signs_at_its_own_address(self, client, letter, prefix):
        answer = client.post(f"/{prefix}{SIGN}", ANSWERS)
        assert answer["Location"] == f"/{prefix}{CHECK}"
        assert Signature.objects.get().language == prefix


class TestStrangersLearnNothing:
    """Status, headers, body and SQL are equal for every kind of address."""

    def ask(self, client, email, *, url=SIGN, **changes):
        statements = []

        def record(execute, sql, params, many, context):
            statements.append((re.sub(r'"s\d+_x\d+"', "savepoint", sql), len(params or ())))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(record):
            answer = client.post(url, ANSWERS | {"email": email} | changes)
        headers = {key: value for key, value in answer.headers.items() if key != "Date"}
        return answer.status_code, headers, answer.content, statements

    def test_t01_new_pending_confirmed_withdrawn_blocked_and_disposable(self, client, letter):
        cast.attempt(letter, email="pending@people.example")
        cast.confirmed(letter, email="confirmed@people.example")
        signing.withdraw(cast.confirmed(letter, email="withdrawn@people.example"))
        signing.erase(cast.confirmed(letter, email="erased@people.example"))
        cast.union(letter, email="held@people.example")
        Mailbox.objects.create(address=address_index("blocked@people.example"), opted_out_at=timezone.now())
        suspecting.hold([cast.attempt(letter, email="doubted@people.example")], reason="Looked at.")
        self.reject(letter, cast.attempt(letter, email="rejected@people.example"))
        self.ask(client, "first@people.example")
        seen = [
            self.ask(client, f"{name}@people.example")
            for name in (
                "new",
                "pending",
                "confirmed",
                "withdrawn",
                "erased",
                "held",
                "blocked",
                "doubted",
                "rejected",
            )
        ]
        seen.append(self.ask(client, "anyone@mailinator.com"))
        for answer in seen[1:]:
            assert answer == seen[0]

    def reject(self, letter, attempt):
        suspecting.hold([attempt], reason="Looked at.")
        moderating.reject(attempt, by=cast.chidi(letter), reason="Nobody.")

    def test_t01_asking_for_links_answers_one_way(self, client, letter):
        cast.bela(letter)
        suspecting.hold([cast.ada(letter)], reason="Looked at.")
        self.reject(letter, cast.attempt(letter, email="rejected@people.example"))
        for url in ("/letters/clean-rivers/resend/", "/m/"):
            nobody = client.post(url, {"email": "nobody@people.example"})
            for email in (cast.BELA, cast.ADA, "rejected@people.example"):
                answer = client.post(url, {"email": email})
                assert answer.status_code == nobody.status_code
                assert answer.content == nobody.content
                assert answer.headers == nobody.headers

    def test_t01_a_wrong_code_an_unknown_address_and_spent_tries_are_one_answer(self, client, letter):
        attempt = cast.ada(letter)
        url = "/letters/clean-rivers/code/"

        def ask(email, code):
            answer = client.post(url, {"email": email, "code": code})
            return answer.status_code, answer.content.decode().replace(email, "").replace(code, "")

        wrong = ask(cast.ADA, "AAAAAAAA")
        assert wrong[0] == 422
        assert ask("nobody@people.example", "AAAAAAAA") == wrong
        Signature.objects.update(code_tries=CODE_TRIES_IN_ALL)
        assert ask(cast.ADA, tokens.code(attempt)) == wrong
        Signature.objects.update(code_tries=0)
        self.reject(letter, attempt)
        assert ask(cast.ADA, tokens.code(attempt)) == wrong

    def test_t04_strangers_who_type_wrong_codes_leave_the_owner_the_own_five_tries(self, client, letter):
        attempt, url = cast.ada(letter), "/letters/clean-rivers/code/"

        def ask(code, *, ip):
            return client.post(url, {"email": cast.ADA, "code": code}, REMOTE_ADDR=ip).status_code

        for stranger in range(10):
            for _ in range(CODE_TRIES):
                assert ask("AAAAAAAA", ip=f"192.0.2.{stranger}") == 422
            assert ask(tokens.code(attempt), ip=f"192.0.2.{stranger}") == 422, "their tries are spent"
        for _ in range(CODE_TRIES - 1):
            assert ask("BBBBBBBB", ip="2001:db8::1") == 422
        assert ask(tokens.code(attempt), ip="2001:db8::2") == 200, "one network, and its fifth try"
        assert ask("BBBBBBBB", ip="2001:db8::3") == 422
        assert ask(tokens.code(attempt), ip="2001:db8::1") == 422

    def test_t04_however_many_networks_guess_an_end_is_set(self, client, letter):
        attempt, url = cast.ada(letter), "/letters/clean-rivers/code/"
        Signature.objects.update(code_tries=CODE_TRIES_IN_ALL - 1)
        data = {"email": cast.ADA, "code": tokens.code(attempt)}
        assert client.post(url, data, REMOTE_ADDR="192.0.2.1").status_code == 200
        client.post(url, data | {"code": "AAAAAAAA"}, REMOTE_ADDR="192.0.2.2")
        assert client.post(url, data, REMOTE_ADDR="192.0.2.3").status_code == 422

    def test_t01_a_wrong_code_costs_the_same_statements_and_macs_whoever_is_asked_for(
        self, client, letter, monkeypatch
    ):
        cast.attempt(letter, email="pending@people.example")
        plant(letter, "flooded@people.example", 30)
        cast.confirmed(letter, email="settled@people.example")
        cast.attempt(letter, email="spent@people.example")
        Signature.objects.filter(address=address_index("spent@people.example")).update(
            code_tries=CODE_TRIES_IN_ALL
        )
        macs, mac = [], tokens._mac
        monkeypatch.setattr(tokens, "_mac", lambda *given: macs.append(given) or mac(*given))

        def ask(name):
            macs.clear()
            email = f"{name}@people.example"
            answer = self.ask(client, email, url="/letters/clean-rivers/code/", code="AAAAAAAA")
            status, headers, page, statements = answer
            headers.pop("Content-Length", None)
            return status, headers, page.decode().replace(email, ""), statements, len(macs)

        ask("first")
        unknown = ask("unknown")
        assert unknown[0] == 422
        for name in ("pending", "flooded", "settled", "spent"):
            assert ask(name) == unknown
        assert not any('"signatories_signature"."email"' in sql for sql, _ in unknown[3])
        assert not Mailbox.objects.filter(address=address_index("unknown@people.example")).exists()


class TestOrigin:
    OURS, THEIRS = "http://localhost:8000", "https://evil.example"

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({}, 303),
            ({"Sec-Fetch-Site": "same-origin"}, 303),
            ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "same-site"}, 403),
            ({"Sec-Fetch-Site": "none"}, 403),
            ({"Sec-Fetch-Site": "cross-site", "Origin": OURS}, 403),
            ({"Origin": OURS}, 303),
            ({"Origin": THEIRS}, 403),
            ({"Origin": "null"}, 403),
            ({"Origin": ""}, 403),
        ],
    )
    @pytest.mark.parametrize("path", [SIGN, "/letters/clean-rivers/resend/"])
    def test_t13_only_our_own_pages_and_no_browser_at_all_may_post(
        self, client, letter, path, headers, status
    ):
        assert client.post(path, ANSWERS, headers=headers).status_code == status

    def test_t13_the_token_is_the_authority_on_its_own_pages(self, client, letter):
        url = link_of(cast.ada(letter))
        assert client.post(url, headers={"Origin": "null"}).status_code == 200


class TestConfirming:
    def test_t05_reading_the_link_changes_nothing(self, client, letter):
        attempt = cast.ada(letter)
        for _ in range(20):
            assert client.get(link_of(attempt)).status_code == 200
            assert client.head(link_of(attempt)).status_code == 200
        assert cast.fresh(attempt).confirmed_at is None

    def test_one_post_confirms_and_the_same_post_shows_the_same_page(self, client, letter):
        attempt = cast.ada(letter)
        first = client.post(link_of(attempt))
        assert first.status_code == 200
        assert manage_of(attempt) in first.content.decode()
        assert client.post(link_of(attempt)).content == first.content
        enrolling.enrol()
        assert client.get("/letters/clean-rivers/count.json").json()["signatures"] == 1

    def test_t03_its_pages_are_kept_by_nobody(self, client, letter):
        attempt = cast.ada(letter)
        for answer in (client.get(link_of(attempt)), client.post(link_of(attempt))):
            assert answer["Cache-Control"] == "no-store"
            assert answer["Referrer-Policy"] == "no-referrer"
            assert "noindex" in answer["X-Robots-Tag"]

    def test_the_typed_code_shows_the_page_of_the_link(self, client, letter):
        attempt = cast.ada(letter)
        code = tokens.code(attempt).lower()
        answer = client.post(
            "/letters/clean-rivers/code/", {"email": cast.ADA, "code": f"{code[:4]} {code[4:]}"}
        )
        assert answer.status_code == 200
        assert link_of(attempt) in answer.content.decode()
        assert cast.fresh(attempt).confirmed_at is None

    def test_delete_says_so_ever_after(self, client, letter):
        attempt = cast.ada(letter)
        pages = [client.post(link_of(attempt), {"act": "delete"}) for _ in range(2)]
        pages += [client.get(link_of(attempt)), client.post(link_of(attempt))]
        assert {page.status_code for page in pages} == {200}
        assert len({page.content for page in pages}) == 1

    def test_the_page_lists_every_open_attempt_and_the_owner_picks_one(self, client, letter):
        forged, own = cast.ada(letter, name="Forged Name"), cast.ada(letter)
        page = client.get(link_of(forged)).content.decode()
        assert "Forged Name" in page and "Ada Okoye" in page
        client.post(link_of(forged), {"attempt": own.public_id})
        assert cast.fresh(own).confirmed_at and cast.fresh(forged).deleted_at

    @pytest.mark.parametrize("act", ["", "delte", "withdraw"])
    def test_an_act_nobody_offered_shows_the_page_again_and_changes_nothing(self, client, letter, act):
        attempt = cast.ada(letter)
        answer = client.post(link_of(attempt), {"act": act})
        assert answer.status_code == 422
        assert answer.content == client.get(link_of(attempt)).content
        row = cast.fresh(attempt)
        assert row.confirmed_at is None and row.deleted_at is None

    def test_nobody_picks_an_attempt_of_another_address(self, client, letter):
        own, other = cast.ada(letter), cast.ada(letter, email="other@people.example")
        for public_id in (other.public_id, "nonsense", "\x00", "x" * 16):
            assert client.post(link_of(own), {"attempt": public_id}).status_code == 404
        assert not Signature.objects.confirmed().exists()

    def test_tampered_and_wrong_purpose_links_are_not_found(self, client, letter):
        attempt = cast.ada(letter)
        token = tokens.make(tokens.CONFIRM, attempt)
        for path in (f"/s/{token[:-1]}/", f"/m/{token}/", f"/u/{token}/", "/s/%00.%00/", "/s/x/"):
            assert client.get(path).status_code == 404
            assert client.post(path).status_code == 404

    def test_an_expired_link_is_gone_and_offers_a_new_one(self, client, letter):
        attempt = cast.mail_has_left(cast.ada(letter), ago=timedelta(hours=73))
        for answer in (client.get(link_of(attempt)), client.post(link_of(attempt))):
            assert answer.status_code == 410
            assert "/letters/clean-rivers/resend/" in answer.content.decode()
        assert cast.fresh(attempt).confirmed_at is None


class TestFloodedAddress:
    """Somebody signs hundreds of times with the address of another, who still confirms with ease."""

    def test_the_page_stays_small_and_shows_its_own_attempt_first(
        self, client, letter, django_assert_max_num_queries
    ):
        own = plant(letter, cast.ADA, 300)
        with django_assert_max_num_queries(12):
            page = client.get(link_of(own)).content.decode()
        assert re.findall(r"<strong><bdi>(.*?)</bdi>", page)[:2] == ["Ada Okoye", "Forged Name 298"]
        assert page.count('class="slip"') == 50
        assert len(page) < 250_000

    def test_what_would_stand_there_alike_is_shown_once(self, client, letter):
        own = plant(letter, cast.ADA, 300, name="Forged Name")
        page = client.get(link_of(own)).content.decode()
        assert re.findall(r"<strong><bdi>(.*?)</bdi>", page) == ["Ada Okoye", "Forged Name"]

    def test_confirming_ends_all_others_with_few_statements(
        self, client, letter, django_assert_max_num_queries
    ):
        own = plant(letter, cast.ADA, 300)
        union = cast.attempt(letter, kind="organisation", organisation="Harbour Union", email=cast.ADA)
        bela = cast.attempt(letter, email=cast.BELA)
        with django_assert_max_num_queries(40):
            assert client.post(link_of(own), {"act": "confirm"}).status_code == 200
        others = Signature.objects.exclude(pk__in=[own.pk, union.pk, bela.pk])
        assert others.count() == 299
        nothing = {f"{field}__isnull": True for field in Signature.PERSONAL}
        assert others.filter(deleted_at__isnull=False, **nothing).count() == 299
        assert Signature.objects.attempts().count() == 2

    def test_an_attempt_too_old_to_be_shown_is_confirmed_by_its_name(self, client, letter):
        own = plant(letter, cast.ADA, 100)
        newest = Signature.objects.latest("pk")
        assert own.public_id not in client.get(link_of(newest)).content.decode()
        client.post(link_of(newest), {"attempt": own.public_id, "act": "confirm"})
        assert cast.fresh(own).confirmed_at


class TestManaging:
    def test_hide_withdraw_and_unsubscribe_answer_in_words(self, client, letter):
        bela = cast.bela(letter, updates=True)
        for act in ("hide", "unsubscribe", "withdraw", "withdraw"):
            assert client.post(manage_of(bela), {"act": act}).status_code == 200
        bela = cast.fresh(bela)
        assert bela.hidden_at and bela.withdrawn_at and not bela.updates

    def test_reading_changes_nothing(self, client, letter):
        bela = cast.bela(letter)
        before = Signature.objects.values().get(pk=bela.pk)
        assert client.get(manage_of(bela)).status_code == 200
        assert Signature.objects.values().get(pk=bela.pk) == before

    def test_erasing_withdraws_and_destroys_what_is_personal(self, client, letter):
        bela = cast.bela(letter)
        for _ in range(2):
            assert client.post(manage_of(bela), {"act": "erase"}).status_code == 200
        enrolling.enrol()
        bela = cast.fresh(bela)
        assert bela.withdrawn_at and bela.email is None and bela.name is None
        assert enrolling.tally(letter).signatures == 0
        assert client.get(manage_of(bela)).status_code == 200

    def test_a_corrected_name_is_checked_like_the_first(self, client, letter):
        bela = cast.bela(letter)
        assert client.post(manage_of(bela), {"act": "correct", "name": "=1+1"}).status_code == 422
        assert client.post(manage_of(bela), {"act": "correct", "name": "Béla Horvát"}).status_code == 200
        assert cast.fresh(bela).name == "Béla Horvát"

    def test_nobody_becomes_somebody_else_by_small_steps(self, client, letter):
        bela = cast.bela(letter)
        for name in ("Béla Horvát", "Béla Horvat", "Bel Horvat"):
            assert client.post(manage_of(bela), {"act": "correct", "name": name}).status_code == 200
        bela = cast.fresh(bela)
        assert (bela.name, bela.corrected_name) == ("Béla Horvat", "Bel Horvat")
        moderating.approve(bela, by=cast.chidi(letter))
        client.post(manage_of(bela), {"act": "correct", "name": "Bela Horvat"})
        assert cast.fresh(bela).name == "Bela Horvat"

    def test_an_act_nobody_offered_is_no_success(self, client, letter):
        bela = cast.bela(letter)
        for act in ("", "confirm", "raise"):
            assert client.post(manage_of(bela), {"act": act}).status_code == 422

    def test_the_receipt_is_downloaded_with_its_proof(self, client, letter):
        bela = cast.bela(letter)
        answer = client.get(f"{manage_of(bela)}?receipt")
        paper = json.loads(answer.content)
        assert paper["receipt"]["name"] == "Bela Horvát"
        assert paper["head"]["size"] == 1
        assert answer["Cache-Control"] == "no-store"


class TestLists:
    def test_the_list_shows_public_names_only(self, client, letter):
        cast.bela(letter)
        cast.ada(letter)
        cast.confirmed(letter, name="Secret Name", email="s@people.example", visibility="recipient")
        page = client.get("/letters/clean-rivers/signatories/")
        text = page.content.decode()
        assert "Bela Horvát" in text
        assert "Ada Okoye" not in text and "Secret Name" not in text
        assert "noindex" in page["X-Robots-Tag"]

    def test_it_is_searched_and_turned_page_by_page(self, client, letter):
        from_somewhere = {"visibility": "public", "country": "NG"}
        for number in range(103):
            confirming.confirm(
                cast.attempt(
                    letter, name=f"Person {number:03d}x", email=f"p{number}@p.example", **from_somewhere
                )
            )
        enrolling.enrol()
        first = client.get("/letters/clean-rivers/signatories/").content.decode()
        assert "Person 099x" in first and "Person 100x" not in first
        after = re.search(r"after=([\w-]+)", first)[1]
        second = client.get("/letters/clean-rivers/signatories/", {"after": after}).content.decode()
        assert "Person 100x" in second and "Person 099x" not in second
        found = client.get("/letters/clean-rivers/signatories/", {"q": "person 042"}).content.decode()
        assert "Person 042x" in found and "Person 041x" not in found

    @pytest.mark.parametrize("query", ["q=%00", "after=%00", "kind=x", "country=xx", "after=" + "x" * 500])
    def test_odd_questions_get_a_page(self, client, letter, query):
        assert client.get(f"/letters/clean-rivers/signatories/?{query}").status_code == 200

    def test_anybody_can_recompute_count_and_root(self, client, letter):
        signing.withdraw(cast.bela(letter))
        cast.confirmed(letter)
        enrolling.enrol()
        head = client.get("/letters/clean-rivers/roll.json").json()
        text = b"".join(client.get("/letters/clean-rivers/roll.txt").streaming_content).decode()
        lines = text.splitlines()
        count = client.get("/letters/clean-rivers/count.json").json()
        assert roll.root(lines) == head["root"] and len(lines) == head["size"]
        assert count["signatures"] == sum(1 if line[0] == "+" else -1 for line in lines)
        assert set(count) == {"letter", "signatures", "persons", "organisations", "as_of"}
        assert set(head) == {"letter", "version", "size", "root", "at", "signature"}

    @pytest.mark.parametrize("version", ["2", "x", "-1", "99999999999999", "%00"])
    def test_a_roll_of_no_version_is_not_found(self, client, letter, version):
        assert client.get(f"/letters/clean-rivers/roll.txt?version={version}").status_code == 404


def test_t34_a_letter_at_risk_is_not_named_in_the_mail(client, mails):
    letter = cast.quiet_streets()
    client.post("/letters/quiet-streets/sign/", ANSWERS)
    [mail] = mails()
    assert "Quiet Streets" not in mail.subject + mail.text
    assert Letter.objects.get(pk=letter.pk).is_at_risk()
