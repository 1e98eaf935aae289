"""The organisation's space, through its pages: who gets in, who signs, and what stands then."""

import re
import time

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import sessions
from accounts.models import Session, Trail, User, alias
from letters import staffing
from letters.models import Role
from organisations.models import Evidence
from outbox.models import Message
from scrutiny.models import Limit
from signatories import moderating, signing, tokens
from signatories.enrolled import enrolling
from signatories.models import Signature
from spaces import opening
from spaces.models import Membership
from tests import cast, entering
from tests.box import Box

pytestmark = pytest.mark.django_db

SIGN_IN, CODE, HOME = "/organisations/sign-in/", "/accounts/login/code/confirm/", "/organisations/"
ANSWERS = {
    "name": "Ines Duarte",
    "role": "Secretary",
    "authorised": "on",
    "visibility": "public",
    "consent": "on",
}


@pytest.fixture
def box(settings, tmp_path):
    return Box(settings, tmp_path / "mail")


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def signature(letter):
    """The union's, which Chidi has approved."""
    return moderating.approve(cast.union(letter), by=cast.chidi(letter))


def opened_by(signature):
    """Press the button behind the private link."""
    return Client().post(f"/m/{tokens.make(tokens.MANAGE, signature)}/space/")


def come_in(client, box, email=cast.UNION):
    client.post(SIGN_IN, {"email": email, "next": HOME})
    return client.post(CODE, {"code": box.code(), "next": HOME})


@pytest.fixture
def ines(client, box, signature):
    """She speaks for the union, and has just typed the code from her mail."""
    opened_by(signature)
    come_in(client, box)
    client.place = f"{HOME}{signature.organisation.public_id}/"
    return client


def member_of(signature, email, role="editor"):
    user = User.objects.create_user(alias(email), address=email, works_here=False)
    return Membership.objects.create(user=user, organisation=signature.organisation, role=role)


def test_the_representative_opens_it_signs_in_by_a_code_and_sees_it(ines):
    page = ines.get(HOME, follow=True).content.decode()
    assert "Harbour Workers&#x27; Union" in page
    assert "Clean Rivers" in page and "It stands under the letter." in page
    assert Trail.objects.filter(what="space opened").count() == 1


def test_no_address_of_a_speaker_is_in_clear(ines):
    with connection.cursor() as cursor:
        for table in ("accounts_user", "accounts_session", "accounts_trail", "outbox_message"):
            cursor.execute(f"SELECT * FROM {table}")
            assert cast.UNION not in repr(cursor.fetchall())
    stored = sessions.SessionStore()
    kept = [stored.decode(row.session_data) for row in Session.objects.all()]
    assert kept and cast.UNION not in str(kept)


def test_twice_opened_is_once_opened(signature):
    assert [opened_by(signature).status_code for _ in range(2)] == [302, 302]
    assert Membership.objects.count() == 1


def test_before_a_moderator_has_approved_nothing_opens(letter):
    answer = opened_by(cast.union(letter))
    assert answer.status_code == 409 and "once a moderator has approved" in answer.content.decode()
    assert User.objects.of_mailbox(cast.UNION) is None


def test_a_withdrawn_signature_opens_nothing(signature):
    signing.withdraw(signature)
    assert opened_by(cast.fresh(signature)).status_code == 409


def test_a_later_signature_in_its_name_opens_no_space(signature, ines):
    hedges = cast.letter("tall-hedges", "Tall Hedges")
    cast.chidi(hedges)
    mallory = cast.union(hedges, email="mallory@mail.example", name="Mallory Reed")
    mallory = moderating.approve(mallory, by=cast.chidi(hedges))
    assert mallory.organisation == signature.organisation
    assert opened_by(mallory).status_code == 409
    Membership.objects.all().delete()
    assert opened_by(mallory).status_code == 409
    assert not Membership.objects.exists()


def test_who_was_let_go_does_not_come_back_by_the_old_link(ines, signature):
    other = member_of(signature, "edo@harbour-workers.example", role="speaker")
    Membership.objects.exclude(pk=other.pk).delete()
    answer = opened_by(signature)
    assert answer.status_code == 409 and "others are in it" in answer.content.decode()
    assert Membership.objects.get() == other


def test_what_a_stranger_signs_in_its_name_is_none_of_its_own(ines, signature):
    hedges = cast.letter("tall-hedges", "Tall Hedges")
    for letter in (hedges, signature.letter):
        cast.union(letter, email="mallory@mail.example", name="Mallory Reed")
    assert "A moderator looks at it" not in ines.get(ines.place).content.decode()
    assert ines.post(f"{ines.place}letters/tall-hedges/sign/", ANSWERS).status_code == 302
    assert ines.post(f"{ines.place}letters/clean-rivers/withdraw/").status_code == 302
    assert cast.fresh(signature).withdrawn_at
    strangers = Signature.objects.filter(name_key=Signature.objects.latest("pk").name_key, withdrawn_at=None)
    assert strangers.exists()


def test_asking_the_dns_without_a_domain_is_refused_in_words(ines, signature):
    ines.post(f"{ines.place}facts/", {"website": "", "country": "PT", "description_en": ""})
    page = ines.post(f"{ines.place}record/", follow=True).content.decode()
    assert "at no domain of its own" in page


def test_an_editor_moves_no_website_and_a_speaker_who_does_starts_anew(ines, signature):
    organisation, client = signature.organisation, Client()
    Evidence.objects.create(
        organisation=organisation, kind="call_back", seen="Somebody answered.", by=cast.chidi()
    )
    entering.enter(client, member_of(signature, "edo@harbour-workers.example").user)
    moved = {"website": "https://elsewhere.example/", "country": "PT", "description_en": ""}
    assert client.post(f"{ines.place}facts/", moved).status_code == 422
    assert organisation.evidence.standing().exists()
    ines.post(f"{ines.place}facts/", moved)
    assert not organisation.evidence.standing().exists()


def test_a_code_asked_for_before_a_role_was_given_opens_nothing(client, box, signature, letter):
    opened_by(signature)
    client.post(SIGN_IN, {"email": cast.UNION, "next": HOME})
    code = box.code()
    staffing.give(letter, email=cast.UNION, name="", kind=Role.Kind.OWNER, by=cast.esra(letter))
    client.post(CODE, {"code": code, "next": HOME})
    assert client.get("/accounts/2fa/").status_code == 302
    assert client.get("/desk/").url.startswith("/accounts/login/")


def test_a_persons_link_opens_no_space(letter):
    place = f"/m/{tokens.make(tokens.MANAGE, cast.bela(letter))}/space/"
    assert Client().post(place).status_code == 404


def test_typing_an_address_makes_no_account_and_tells_nothing(client, box, signature):
    answers = []
    for email in (cast.UNION, "nobody@mail.example"):
        answer = Client().post(SIGN_IN, {"email": email})
        answers.append((answer.status_code, answer.url))
    opened_by(signature)
    answer = Client().post(SIGN_IN, {"email": cast.UNION})
    assert len({(answer.status_code, answer.url), *answers}) == 1
    assert [text for text in box.texts() if "sign in for your organisation" in text] == [box.text()]
    assert User.objects.of_mailbox("nobody@mail.example") is None


def test_t22_nobody_of_the_desk_gets_a_code_here(client, box, letter):
    cast.chidi(letter)
    client.post(SIGN_IN, {"email": "chidi@desk.example"})
    assert box.mails() == []
    assert client.post(CODE, {"code": "AAAA-AAAA"}).status_code == 200
    assert client.get("/desk/").status_code == 302


@pytest.mark.parametrize("page", ["/desk/", "/desk/letters/new/", "/desk/search/", "/admin/", "/ur/desk/"])
def test_t22_a_code_alone_opens_no_page_of_the_desk(ines, page):
    assert ines.get(page).url.endswith(HOME)
    assert ines.post(page, {"words": "union"}).status_code == 302


def test_who_is_given_a_role_needs_a_password_and_a_second_factor(ines, letter, box):
    esra = cast.esra(letter)
    staffing.give(letter, email=cast.UNION, name="", kind=Role.Kind.MODERATOR, by=esra)
    assert ines.get("/desk/").url.startswith("/accounts/login/")  # the session of before is over
    assert "password/reset/key" in "".join(box.texts())
    before = len(box.mails())
    Client().post(SIGN_IN, {"email": cast.UNION})
    assert len(box.mails()) == before


def test_another_organisations_space_is_not_there(ines, signature):
    union = cast.union(signature.letter, organisation="River Bank Society", email="post@river.example")
    other = moderating.approve(union, by=cast.chidi()).organisation
    for page in ("", "facts/", "letters/night-trains/sign/"):
        assert ines.get(f"{HOME}{other.public_id}/{page}").status_code == 404
    for page in ("record/", "colleagues/", "letters/clean-rivers/withdraw/"):
        assert ines.post(f"{HOME}{other.public_id}/{page}").status_code == 404


def test_the_next_letter_is_signed_in_one_step_and_counts_once_approved(ines, box):
    trains = cast.letter("tall-hedges", "Tall Hedges")
    page = ines.get(f"{ines.place}letters/{trains.slug}/sign/").content.decode()
    assert 'value="Ines Duarte"' in page and "checked" not in page
    assert ines.post(f"{ines.place}letters/{trains.slug}/sign/", ANSWERS).status_code == 302
    row = Signature.objects.get(letter=trains)
    assert row.confirmed_at and row.held_at and row.organisation_name == "Harbour Workers' Union"
    assert row.consent["choices"] and row.consent["confirmed_on"]
    assert "A moderator looks at it" in ines.get(ines.place).content.decode()
    moderating.approve(row, by=cast.chidi(trains))
    enrolling.enrol(at_once=True)
    assert enrolling.tally(trains).organisations == 1
    assert cast.fresh(row).organisation == Membership.objects.get().organisation


def test_nothing_is_signed_twice(ines):
    letter = cast.letter("tall-hedges", "Tall Hedges")
    for _ in range(2):
        answer = ines.post(f"{ines.place}letters/{letter.slug}/sign/", ANSWERS)
    assert answer.status_code == 422 and "stands under this letter already" in answer.content.decode()
    assert Signature.objects.filter(letter=letter, confirmed_at__isnull=False).count() == 1
    assert ines.post(f"{ines.place}letters/clean-rivers/sign/", ANSWERS).status_code == 422


@pytest.mark.parametrize("missing", ["name", "authorised", "consent"])
def test_what_is_missing_is_said_and_nothing_is_signed(ines, missing):
    letter = cast.letter("tall-hedges", "Tall Hedges")
    answer = ines.post(f"{ines.place}letters/{letter.slug}/sign/", ANSWERS | {missing: ""})
    assert answer.status_code == 422 and "invalid-feedback" in answer.content.decode()
    assert not Signature.objects.filter(letter=letter).exists()


def test_one_mail_says_that_it_is_signed_and_none_asks_to_confirm(ines, box):
    letter = cast.letter("tall-hedges", "Tall Hedges")
    before = len(box.mails())
    ines.post(f"{ines.place}letters/{letter.slug}/sign/", ANSWERS)
    row = Signature.objects.get(letter=letter)
    assert len(box.mails()) == before + 1 and "/s/" not in box.text()
    assert Message.objects.filter(subject=row.pk, kind="thanks", state="sent").count() == 1


def test_after_a_quarter_of_an_hour_one_signs_in_anew(ines):
    session = ines.session
    records = session[AUTHENTICATION_METHODS_SESSION_KEY]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [one | {"at": time.time() - 1000} for one in records]
    session.save()
    letter = cast.letter("tall-hedges", "Tall Hedges")
    place = f"{ines.place}letters/{letter.slug}/sign/"
    assert ines.post(place, ANSWERS).url.startswith(SIGN_IN)
    assert not Signature.objects.filter(letter=letter).exists()
    assert ines.get(ines.place).url.startswith(SIGN_IN)


def test_it_is_withdrawn_from_here(ines, signature):
    ines.post(f"{ines.place}letters/clean-rivers/withdraw/")
    assert cast.fresh(signature).withdrawn_at
    assert "None that stands." in ines.get(ines.place).content.decode()


def test_an_editor_writes_and_does_not_sign(signature):
    letter, client = cast.letter("tall-hedges", "Tall Hedges"), Client()
    member = member_of(signature, "edo@harbour-workers.example")
    entering.enter(client, member.user)
    place = f"{HOME}{member.organisation.public_id}/"
    facts = {
        "website": "https://harbour-workers.example/",
        "country": "PT",
        "description_en": "We load ships.",
    }
    assert client.post(f"{place}facts/", facts).status_code == 302
    assert "We load ships." in client.get(place).content.decode()
    for page in (f"letters/{letter.slug}/sign/", "letters/clean-rivers/withdraw/", "colleagues/"):
        assert client.post(f"{place}{page}", ANSWERS).status_code == 403
    assert not Signature.objects.filter(letter=letter).exists()


def test_a_website_that_moves_takes_its_evidence_along(ines, signature):
    organisation = signature.organisation
    Evidence.objects.create(organisation=organisation, kind="dns", seen="a record")
    facts = {"website": "https://elsewhere.example/", "country": "PT", "description_en": ""}
    ines.post(f"{ines.place}facts/", facts)
    assert not organisation.evidence.standing().filter(kind="dns").exists()
    assert Trail.objects.filter(what="organisation changed", who__works_here=False).exists()


def test_colleagues_are_let_in_and_go_and_the_last_speaker_stays(ines, box):
    edo = "edo@harbour-workers.example"
    ines.post(f"{ines.place}colleagues/", {"email": edo, "role": "editor"})
    assert box.mails()[-1]["To"] == edo and SIGN_IN in box.text()
    other = Client()
    come_in(other, box, edo)
    assert other.get(ines.place).status_code == 200
    again = ines.post(f"{ines.place}colleagues/", {"email": edo, "role": "speaker"})
    assert again.status_code == 422 and "here already" in again.content.decode()
    mine, theirs = Membership.objects.order_by("pk")
    page = ines.post(f"{ines.place}colleagues/{mine.pk}/go/", follow=True).content.decode()
    assert "let another speaker in first" in page
    assert other.post(f"{ines.place}colleagues/{mine.pk}/go/").status_code == 404
    ines.post(f"{ines.place}colleagues/{theirs.pk}/go/")
    assert other.get(ines.place).status_code == 404
    assert Membership.objects.count() == 1


def test_the_spelling_of_an_address_tells_of_no_account(ines):
    User.objects.create_user("Rina.Moss@gmail.com", name="Rina")
    for typed in ("rinamoss+union@gmail.com", "Edo.Lind@gmail.com"):
        ines.post(f"{ines.place}colleagues/", {"email": typed, "role": "editor"})
        assert typed in ines.get(ines.place).content.decode()
    assert "Rina.Moss" not in ines.get(ines.place).content.decode()


def test_a_space_lets_in_so_many_a_day_and_no_more(ines, box):
    Limit.objects.create(name=opening.PER_DAY, value=2)
    for name in ("edo", "lena"):
        ines.post(f"{ines.place}colleagues/", {"email": f"{name}@mail.example", "role": "editor"})
        Membership.objects.latest("pk").delete()
    before = len(box.mails())
    answer = ines.post(f"{ines.place}colleagues/", {"email": "mia@mail.example", "role": "editor"})
    assert answer.status_code == 422 and "let in as many today as it may" in answer.content.decode()
    assert len(box.mails()) == before and not User.objects.of_mailbox("mia@mail.example")


def test_nobody_is_in_a_space_twice(signature):
    member = member_of(signature, "edo@harbour-workers.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=member.user, organisation=member.organisation, role="speaker")


def test_what_the_badge_still_needs_is_said(ines):
    page = ines.get(ines.place).content.decode()
    assert "TXT record" in page and "Word of two verified organisations" in page
    ines.post(f"{ines.place}record/")
    assert Membership.objects.get().organisation.dns_asked_at


def test_without_signing_in_every_page_leads_there(signature):
    place = f"{HOME}{signature.organisation.public_id}/"
    for page in (HOME, place, f"{place}facts/"):
        assert re.match(r"/organisations/sign-in/\?next=", Client().get(page).url)


def test_it_is_offered_behind_an_organisations_private_link_alone(signature, letter):
    def offered(row):
        page = Client().get(f"/m/{tokens.make(tokens.MANAGE, row)}/").content.decode()
        return "/space/" in page

    assert offered(signature) and not offered(cast.bela(letter))
