"""Where two sign: what one speaker gives waits until another confirms it, and nobody is both."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Trail, User, alias
from letters import publishing
from outbox.models import Message
from signatories import moderating, signing
from signatories.enrolled import enrolling
from signatories.models import CONFIRM_WITHIN, Signature
from spaces import forgetting, opening, speaking
from spaces.models import OFF_AFTER, Given, Membership, TwoSign, Waiting
from tests import cast, entering
from tests.box import Box

pytestmark = pytest.mark.django_db
EDO = "edo@harbour-workers.example"
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
def union(box):
    letter = cast.clean_rivers()
    return moderating.approve(cast.union(letter), by=cast.chidi(letter))


def entered(member):
    client = Client()
    entering.enter(client, member.user)
    client.member, client.place = member, f"/organisations/{member.organisation.public_id}/"
    return client


@pytest.fixture
def ines(union):
    return entered(opening.open_for(union))


@pytest.fixture
def edo(ines):
    return entered(let_in(ines, EDO))


def let_in(ines, email, role="speaker"):
    user = User.objects.create_user(alias(email), address=email, works_here=False)
    return Membership.objects.create(user=user, organisation=ines.member.organisation, role=role, typed=email)


@pytest.fixture
def two(ines, edo):
    """Ines has switched on that two sign."""
    assert act(ines, "on").status_code == 200
    return ines, edo


@pytest.fixture
def hedges():
    return cast.letter("tall-hedges", "Tall Hedges")


@pytest.fixture
def waiting(two, hedges):
    ines, _ = two
    assert ines.post(f"{ines.place}letters/tall-hedges/sign/", ANSWERS).status_code == 302
    return Waiting.objects.get()


def act(client, what):
    return client.post(f"{client.place}two/", {"act": what}, follow=True)


def page(client):
    return " ".join(client.get(client.place).content.decode().split())


def answered(client, waiting, what):
    return client.post(f"{client.place}waiting/{waiting.pk}/{what}/", follow=True).content.decode()


def later(row, **when):
    type(row).objects.filter(pk=row.pk).update(**when)


def test_what_one_gives_is_signed_once_another_confirms_it(two, hedges, waiting):
    ines, edo = two
    assert not Signature.objects.filter(letter=hedges).exists()
    assert "Confirm for the organisation" in page(edo)
    assert "Confirm for the organisation" not in page(ines)
    assert "Signed and confirmed" in answered(edo, waiting, "confirm")
    row = Signature.objects.get(letter=hedges)
    assert row.confirmed_at and row.held_at and row.email == cast.UNION and row.name == "Ines Duarte"
    assert not Waiting.objects.exists()
    for client in two:
        assert f"Given by <bdi>{cast.UNION}</bdi>." in page(client)
        assert f"Confirmed by <bdi>{EDO}</bdi>." in page(client)
    moderating.approve(row, by=cast.chidi(hedges))
    enrolling.enrol(at_once=True)
    assert enrolling.tally(hedges).organisations == 1
    said = list(Trail.objects.filter(letter=hedges.pk).order_by("pk").values_list("what", "who__address"))
    assert ("waits for a second speaker", cast.UNION) in said
    assert ("confirmed from its space", EDO) in said


def test_one_speaker_alone_withdraws_and_the_space_says_so(two, hedges, waiting):
    _ines, edo = two
    answered(edo, waiting, "confirm")
    assert "One speaker alone withdraws it" in page(edo)
    edo.post(f"{edo.place}letters/tall-hedges/withdraw/")
    assert Signature.objects.get(letter=hedges).withdrawn_at


def test_the_consent_is_that_of_the_day_it_was_given(two, hedges, waiting):
    later(waiting, consent=waiting.consent | {"signed_on": "2026-01-01"})
    answered(two[1], waiting, "confirm")
    assert Signature.objects.get(letter=hedges).consent["signed_on"] == "2026-01-01"


def test_who_gave_it_does_not_confirm_it(two, hedges, waiting):
    assert "another speaker does" in answered(two[0], waiting, "confirm")
    assert Waiting.objects.exists() and not Signature.objects.filter(letter=hedges).exists()


def test_the_database_knows_two_who_sign(two, hedges, waiting):
    answered(two[1], waiting, "confirm")
    given = Given.objects.get()
    for changes in ({"confirmed_by": given.signed_by}, {"confirmed_by": None}, {"by_two": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Given.objects.update(**changes)


def test_nothing_passes_by_the_second(two, hedges):
    with pytest.raises(speaking.NeedsSecond):
        speaking.sign(
            two[0].member, hedges, name="Ines", role="", visibility="public", updates=False, language="en",
            version=1,
        )  # fmt: skip
    assert not Signature.objects.filter(letter=hedges).exists()


def test_neither_an_editor_nor_another_organisation_confirms(two, hedges, waiting):
    editor = entered(let_in(two[0], "lena@harbour-workers.example", role="editor"))
    assert editor.post(f"{editor.place}waiting/{waiting.pk}/confirm/").status_code == 403
    other = cast.union(hedges, organisation="River Bank Society", email="post@river.example")
    other = entered(opening.open_for(moderating.approve(other, by=cast.chidi(hedges))))
    assert "waits no more" in answered(other, waiting, "confirm")
    assert "waits no more" in answered(other, waiting, "no")
    assert other.post(f"{two[0].place}waiting/{waiting.pk}/confirm/").status_code == 404
    assert Waiting.objects.exists()


@pytest.mark.parametrize("who", [0, 1])
def test_a_no_deletes_it_and_it_can_be_given_anew(two, hedges, waiting, who):
    assert "nothing was signed" in answered(two[who], waiting, "no")
    assert not Waiting.objects.exists() and not Signature.objects.filter(letter=hedges).exists()
    assert two[1].post(f"{two[1].place}letters/tall-hedges/sign/", ANSWERS).status_code == 302
    assert Waiting.objects.get().member == two[1].member


def test_it_lapses_like_an_attempt(two, hedges, waiting):
    later(waiting, at=timezone.now() - CONFIRM_WITHIN)
    assert "waits no more" in answered(two[1], waiting, "confirm")
    assert "Waiting for another speaker" not in page(two[1])
    forgetting.forget()
    assert not Waiting.objects.exists()


def test_one_waits_for_a_letter(two, waiting):
    answer = two[1].post(f"{two[1].place}letters/tall-hedges/sign/", ANSWERS)
    assert answer.status_code == 422 and "waits here for another speaker" in answer.content.decode()
    assert Waiting.objects.count() == 1
    assert "letters/tall-hedges/sign/" not in page(two[1])


def test_a_letter_that_has_closed_is_not_signed(two, hedges, waiting):
    publishing.close(hedges)
    assert "changed or closed" in answered(two[1], waiting, "confirm")
    assert not Signature.objects.filter(letter=hedges).exists()


def test_the_others_are_told_once_by_a_mail_that_tells_nothing(two, box, settings, hedges):
    settings.SITE_NAME = "Undersigned"
    settings.DEFAULT_FROM_EMAIL = "Undersigned <post@site.example>"
    before = len(box.mails())
    two[0].post(f"{two[0].place}letters/tall-hedges/sign/", ANSWERS)
    (mail,) = box.mails()[before:]
    assert mail["To"] == EDO and mail["Subject"] == "Something waits for you"
    assert str(mail["From"]) == "post@site.example" and "/organisations/sign-in/" in box.text()
    for word in ("Hedges", "Harbour", "Undersigned", "letter", "signature"):
        assert word not in box.text()


def test_who_gives_and_takes_back_all_day_mails_each_colleague_once_a_letter(two, box, hedges):
    ines, edo = two
    before = len(box.mails())
    for _ in range(3):
        ines.post(f"{ines.place}letters/tall-hedges/sign/", ANSWERS)
        answered(ines, Waiting.objects.get(), "no")
    act(ines, "off"), act(edo, "keep"), act(ines, "off"), act(edo, "keep")
    assert [mail["To"] for mail in box.mails()[before:]] == [EDO, EDO]
    cast.letter("night-buses", "Night Buses")
    ines.post(f"{ines.place}letters/night-buses/sign/", ANSWERS)
    assert len(box.mails()) == before + 3
    yesterday = Message.objects.filter(dedupe_key__contains=f"letter {hedges.pk}")
    assert yesterday.update(dedupe_key="second: yesterday") == 1
    ines.post(f"{ines.place}letters/tall-hedges/sign/", ANSWERS)
    assert len(box.mails()) == before + 4


@pytest.mark.parametrize("language", ["ur", "prs", "ps"])
def test_it_is_told_in_their_language(two, box, hedges, language):
    two[0].post(f"/{language}{two[0].place}letters/tall-hedges/sign/", ANSWERS)
    assert "Something" not in box.mails()[-1]["Subject"] and f"/{language}/organisations/" in box.text()


def test_an_old_sign_in_does_not_confirm(two, hedges, waiting):
    client = Client()
    entering.enter(client, two[1].member.user, minutes_ago=20)
    answer = client.post(f"{two[1].place}waiting/{waiting.pk}/confirm/")
    assert answer.url.startswith("/organisations/sign-in/") and Waiting.objects.exists()


def test_one_speaker_does_not_switch_it_on_and_is_told_what_it_takes(ines, hedges):
    assert "That takes two speakers." in page(ines) and 'href="#colleagues"' in page(ines)
    assert "let a colleague in as a speaker first" in act(ines, "on").content.decode()
    assert not TwoSign.objects.exists()
    assert ines.post(f"{ines.place}letters/tall-hedges/sign/", ANSWERS).status_code == 302
    assert Given.objects.get().confirmed_by is None


def test_without_the_rule_one_signs_alone(ines, edo, hedges):
    ines.post(f"{ines.place}letters/tall-hedges/sign/", ANSWERS)
    assert Signature.objects.get(letter=hedges).confirmed_at
    assert "Confirmed by" not in page(ines) and f"Given by <bdi>{cast.UNION}</bdi>." in page(ines)


def test_switching_it_off_takes_the_second_as_well(two, box):
    ines, edo = two
    for _ in range(2):
        assert "another speaker has to agree" in act(ines, "off").content.decode()
    assert TwoSign.objects.exists() and box.mails()[-1]["To"] == EDO
    assert "One of you wants to switch it off" in page(edo)
    act(edo, "keep")
    assert "One of you wants" not in page(edo)
    act(ines, "off")
    assert "one speaker signs alone" in act(edo, "off").content.decode()
    assert not TwoSign.objects.exists()


def test_it_is_off_if_nobody_says_no(two, hedges):
    ines, _ = two
    act(ines, "off")
    later(TwoSign.objects.get(), off_asked_at=timezone.now() - OFF_AFTER + timedelta(minutes=1))
    forgetting.forget()
    assert TwoSign.objects.exists()
    later(TwoSign.objects.get(), off_asked_at=timezone.now() - OFF_AFTER)
    ines.post(f"{ines.place}letters/tall-hedges/sign/", ANSWERS)
    assert Signature.objects.get(letter=hedges).confirmed_at
    forgetting.forget()
    assert not TwoSign.objects.exists()
    assert Trail.objects.filter(what="one signs alone from now on", who=None).exists()


def test_nobody_alone_becomes_both(two):
    ines, edo = two
    answer = ines.post(f"{ines.place}colleagues/", {"email": "ines@home.example", "role": "speaker"})
    assert answer.status_code == 422 and "nobody alone lets a speaker in" in answer.content.decode()
    gone = ines.post(f"{ines.place}colleagues/{edo.member.pk}/go/", follow=True).content.decode()
    assert "takes one out" in gone and Membership.objects.count() == 2
    let_an_editor_in = ines.post(f"{ines.place}colleagues/", {"email": "l@home.example", "role": "editor"})
    assert let_an_editor_in.status_code == 302


def test_who_is_left_alone_signs_alone_until_there_are_two(two, hedges, waiting):
    ines, edo = two
    edo.post(f"{edo.place}colleagues/{edo.member.pk}/go/")
    assert "It rests" in page(ines)
    assert ines.post(f"{ines.place}letters/tall-hedges/sign/", ANSWERS).status_code == 302
    assert Signature.objects.get(letter=hedges).confirmed_at and not Waiting.objects.exists()
    ines.post(f"{ines.place}colleagues/", {"email": "mia@harbour-workers.example", "role": "speaker"})
    assert "On: what one speaker signs" in page(ines)
    with pytest.raises(opening.TwoDecide):
        opening.let_in(email="lena@home.example", role="speaker", by=ines.member)


def test_what_waits_of_who_leaves_goes_with_them(two, waiting):
    ines, edo = two
    ines.post(f"{ines.place}colleagues/{ines.member.pk}/go/")
    assert not Waiting.objects.exists()
    assert "one speaker signs alone" in act(edo, "off").content.decode()


def test_of_who_has_left_no_address_is_shown(two, hedges, waiting):
    ines, edo = two
    answered(edo, waiting, "confirm")
    moderating.approve(Signature.objects.get(letter=hedges), by=cast.chidi(hedges))
    edo.post(f"{edo.place}colleagues/{edo.member.pk}/go/")
    forgetting.forget()
    assert "Confirmed by <bdi>somebody who is here no more</bdi>." in page(ines) and EDO not in page(ines)


def test_who_gave_it_is_forgotten_with_the_signature(two, hedges, waiting):
    answered(two[1], waiting, "confirm")
    signing.erase(Signature.objects.get(letter=hedges))
    forgetting.forget()
    assert not Given.objects.exists()
