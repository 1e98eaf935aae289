"""An invitation opens a space, in which one signs and nothing else until a moderator has approved that."""

import importlib
import re

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Trail, User
from invitations import answering, links
from organisations import recognising
from organisations.models import Organisation
from signatories import moderating, tokens
from signatories.models import Signature
from spaces import opening, trying
from spaces.models import Membership
from tests import cast
from tests.box import Box
from tests.spaces.test_space import ANSWERS, HOME, come_in

pytestmark = pytest.mark.django_db

FACTS = {"country": "PT", "website": "https://harbour-workers.example/"}


@pytest.fixture
def box(settings, tmp_path):
    return Box(settings, tmp_path / "mail")


@pytest.fixture
def letter():
    return cast.clean_rivers()


@pytest.fixture
def invitation(letter):
    return cast.invited(letter)


def place_of(invitation):
    return f"/o/{links.token(invitation)}/space/"


@pytest.fixture
def ines(client, box, invitation):
    """She has opened the union's space by its invitation, and has typed the code from her mail."""
    assert Client().post(place_of(invitation), FACTS).status_code == 302
    come_in(client, box)
    client.place = f"{HOME}{Organisation.objects.get().public_id}/"
    return client


def test_reading_opens_nothing_and_pressing_twice_opens_once(invitation):
    page = Client().get(place_of(invitation)).content.decode()
    assert "Harbour Workers&#x27; Union" in page and not User.objects.of_mailbox(cast.UNION)
    assert [Client().post(place_of(invitation), FACTS).status_code for _ in range(2)] == [302, 302]
    assert Membership.objects.get().is_on_trial()
    assert Trail.objects.filter(what="space opened by invitation").count() == 1


def test_it_is_offered_behind_the_invitations_link(invitation):
    assert "/space/" in Client().get(f"/o/{links.token(invitation)}/").content.decode()
    other = tokens.make(tokens.MANAGE, invitation)
    assert Client().get(f"/o/{other}/space/").status_code == 404


@pytest.mark.parametrize("bad", [{"country": ""}, {"country": "ZZ"}, {"website": "no website"}])
def test_bad_input_is_said_in_words_and_opens_nothing(invitation, bad):
    answer = Client().post(place_of(invitation), FACTS | bad)
    assert answer.status_code == 422 and "invalid-feedback" in answer.content.decode()
    assert not Organisation.objects.exists() and not Membership.objects.exists()


def test_a_declined_invitation_opens_nothing(invitation):
    answering.decline(invitation)
    assert Client().post(place_of(invitation), FACTS).status_code == 409
    assert not Membership.objects.exists()


def looked(browser, box, letter):
    """What whoever opens a space in the union's name is shown, without marks that differ each time."""
    other = cast.invited(letter, email="mallory@mail.example")
    shown = [
        Client().post(place_of(other), FACTS, follow=True),
        come_in(browser, box, "mallory@mail.example"),
    ]
    place = f"{HOME}{Membership.objects.latest('pk').organisation.public_id}/"
    shown += [browser.get(HOME, follow=True), browser.get(f"{place}letters/clean-rivers/sign/")]
    shown += [browser.post(f"{place}letters/clean-rivers/sign/", ANSWERS), browser.get(place)]
    marks = re.compile(r'nonce="[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"|colleague(s/|-)[0-9]+')
    texts = [marks.sub("", answer.content.decode()).replace(place, "") for answer in shown]
    return [(answer.status_code, text) for answer, text in zip(shown, texts, strict=True)]


@pytest.mark.parametrize("stands", [cast.known_union, cast.union, "opened"])
def test_t01_who_opens_a_space_learns_nothing_of_who_has_signed(client, box, letter, stands):
    with transaction.atomic():
        nobody = looked(Client(), box, letter)
        transaction.set_rollback(True)
    if stands == "opened":
        Client().post(place_of(cast.invited(letter)), FACTS)
    else:
        stands(letter, visibility="counted")
    assert looked(client, box, letter) == nobody


def test_an_organisation_that_has_signed_is_handed_to_nobody(letter):
    union = cast.known_union(letter)
    other = cast.invited(letter, email="mallory@mail.example")
    assert Client().post(place_of(other), FACTS).status_code == 302
    assert not union.members.exists() and union.names.count() == 1
    assert Membership.objects.get().organisation != union


def test_on_trial_one_signs_and_does_nothing_else(ines, letter):
    assert ines.post(f"{ines.place}letters/clean-rivers/sign/", ANSWERS).status_code == 302
    assert Signature.objects.get().held_at
    for page in ("facts/", "logo/", "record/", "colleagues/"):
        assert ines.post(f"{ines.place}{page}", FACTS).status_code == 403
    page = ines.get(ines.place).content.decode()
    assert "An invitation opened this space" in page
    assert f"{ines.place}facts/" not in page and "The record for the DNS" not in page


def test_what_a_moderator_approves_ends_the_trial(ines, letter):
    ines.post(f"{ines.place}letters/clean-rivers/sign/", ANSWERS)
    assert opening.confirm_approved() == 0
    moderating.approve(Signature.objects.get(), by=cast.chidi(letter))
    assert opening.confirm_approved() == 1 and opening.confirm_approved() == 0
    union = Organisation.objects.get()
    assert union == Signature.objects.get().organisation and union.members.get().mailbox == cast.UNION
    assert ines.get(HOME).url == f"{HOME}{union.public_id}/"
    assert ines.get(f"{HOME}{union.public_id}/facts/").status_code == 200


def test_on_trial_one_neither_sees_nor_withdraws_what_others_sign(client, box, letter):
    squatter = cast.invited(letter, email="mallory@mail.example")
    Client().post(place_of(squatter), FACTS)
    come_in(client, box, "mallory@mail.example")
    trial = Membership.objects.get()
    real = moderating.approve(cast.union(letter), by=cast.chidi(letter))
    place = f"{HOME}{real.organisation.public_id}/"
    assert "It stands under the letter." not in client.get(place).content.decode()
    assert client.post(f"{place}letters/clean-rivers/withdraw/").status_code == 404
    assert opening.confirm_approved() == 0
    assert Client().post(f"/m/{tokens.make(tokens.MANAGE, real)}/space/").status_code == 302
    assert real.organisation.members.get().user == User.objects.of_mailbox(cast.UNION)
    assert client.get(place).status_code == 404
    assert "It stands under the letter." not in client.get(HOME, follow=True).content.decode()
    assert Membership.objects.get(pk=trial.pk).is_on_trial()


def test_whose_approved_signature_opens_a_space_is_on_trial_no_more(ines, letter):
    ines.post(f"{ines.place}letters/clean-rivers/sign/", ANSWERS)
    row = moderating.approve(Signature.objects.get(), by=cast.chidi(letter))
    assert Client().post(f"/m/{tokens.make(tokens.MANAGE, row)}/space/").status_code == 302
    assert Membership.objects.get().organisation == row.organisation == Organisation.objects.get()
    assert not Membership.objects.get().is_on_trial()


def test_an_approved_signature_lets_nobody_from_a_trial_into_a_space_of_others(ines, letter):
    union = cast.known_union(cast.letter("tall-hedges", "Tall Hedges"), email="first@harbour-workers.example")
    opening.open_for(union.signatures.get())
    ines.post(f"{ines.place}letters/clean-rivers/sign/", ANSWERS)
    moderating.approve(Signature.objects.latest("pk"), by=cast.chidi(letter))
    assert opening.confirm_approved() == 0
    assert union.members.count() == 1


def test_who_is_approved_first_says_the_website_and_no_invitation_before(letter):
    squatter = cast.invited(letter, email="mallory@mallory.example")
    Client().post(place_of(squatter), {"country": "GB", "website": "https://mallory.example/"})
    real = moderating.approve(cast.union(letter), by=cast.chidi(letter)).organisation
    assert (real.website, real.country) == (FACTS["website"], "PT")
    assert real.is_verified()


@pytest.mark.parametrize("fields", [{"role": "editor"}, {"role": "speaker"}])
def test_one_invitation_opens_a_space_and_for_a_speaker(ines, fields):
    other = User.objects.create_user("edo@desk.example")
    organisation = Organisation.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=other, organisation=organisation, by_invitation=True, **fields)


@pytest.mark.parametrize("has_signed", [False, True])
def test_a_trial_from_before_is_parted_from_the_organisation_of_its_name(letter, has_signed):
    shared = recognising.recognise("Harbour Workers' Union", language="en", website=None, country="PT")
    user = User.objects.create_user("edo@desk.example")
    member = Membership.objects.create(user=user, organisation=shared, role="speaker", by_invitation=True)
    if has_signed:
        assert cast.known_union(letter) == shared
    importlib.import_module("spaces.migrations.0005_keep_trials_apart").part(apps, None)
    member.refresh_from_db()
    assert member.organisation != shared and member.organisation.name == "Harbour Workers' Union"
    assert trying.find(user, name="HARBOUR Workers' Union") == member
    assert Organisation.objects.filter(pk=shared.pk).exists() == has_signed
