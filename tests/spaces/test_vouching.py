"""A verified organisation gives its word for another from its own space."""

import re

import pytest
from django.test import Client

from accounts.models import Trail, User
from organisations import verifying
from organisations.models import Evidence
from scrutiny.models import Limit
from signatories import moderating
from signatories.enrolled import enrolling
from spaces import opening, vouching
from tests import cast, entering

pytestmark = pytest.mark.django_db

SAID = "We have worked together for years."
LAKE = {"name": "Lake Watch", "said": SAID}


@pytest.fixture
def letter():
    return cast.clean_rivers()


def signed(letter, name, **changes):
    """The approved signature of an organisation."""
    domain = f"{name.split()[0].lower()}.example"
    fields = {"organisation": name, "email": f"post@{domain}", "website": f"https://{domain}/"} | changes
    row = moderating.approve(cast.union(letter, **fields), by=cast.chidi(letter))
    enrolling.enrol(at_once=True)
    return cast.fresh(row)


def speaker(signature, **options):
    """Their representative, in the organisation's space."""
    client, member = Client(), opening.open_for(signature)
    entering.enter(client, member.user, **options)
    client.member = member
    client.place = f"/organisations/{signature.organisation.public_id}/words/"
    return client


@pytest.fixture
def lake(letter):
    """Nothing of its own proves who it is."""
    return signed(letter, "Lake Watch", email="lake.watch@gmail.com", visibility="public").organisation


@pytest.fixture
def mill(letter, lake):
    return speaker(signed(letter, "Mill Society"))


def words(answer):
    return " ".join(answer.content.decode().split())


def test_two_words_give_the_badge_and_one_taken_back_takes_it(letter, mill, lake):
    quarry = speaker(signed(letter, "Quarry Society"))
    for client in (mill, quarry):
        assert not lake.is_verified()
        assert client.post(client.place, LAKE).status_code == 302
    assert lake.is_verified()
    page = words(mill.get(mill.place))
    assert "Lake Watch" in page and SAID in page
    mine = Evidence.objects.get(voucher=mill.member.organisation)
    assert quarry.post(f"{quarry.place}{mine.pk}/back/").status_code == 404
    assert mill.post(f"{mill.place}{mine.pk}/back/").status_code == 302
    assert not lake.is_verified()
    lines = Trail.objects.filter(who=mill.member.user).values_list("what", flat=True)
    assert {"word for an organisation noted", "evidence revoked"} <= set(lines)


@pytest.mark.parametrize(
    "changes, sentence",
    [
        ({"name": "Nobody Known"}, "stands on a letter&#x27;s list here"),
        ({"name": "Mill Society"}, "Nobody vouches for itself"),
        ({"name": ""}, "invalid-feedback"),
        ({"said": ""}, "invalid-feedback"),
        ({"said": "Call 0044 1234 567890"}, "Leave out numbers and addresses"),
    ],
)
def test_bad_input_is_said_in_words_and_notes_nothing(mill, changes, sentence):
    answer = mill.post(mill.place, LAKE | changes)
    assert answer.status_code == 422 and sentence in words(answer)
    assert not Evidence.objects.filter(kind="vouched").exists()


def test_of_an_organisation_that_is_not_listed_a_space_learns_nothing(letter, mill):
    signed(letter, "Hidden House", visibility="counted")
    said = [words(mill.post(mill.place, LAKE | {"name": name})) for name in ("Hidden House", "No House")]
    token = re.compile(r'csrfmiddlewaretoken" value="\w+"')
    first, second = (token.sub("", answer) for answer in said)
    assert first.replace("Hidden House", "No House") == second


def test_whom_others_word_carries_gives_none(letter, lake, mill):
    client = speaker(lake.signatures.get())
    assert "Its word counts once" in words(client.get(client.place))
    answer = client.post(client.place, {"name": "Mill Society", "said": SAID})
    assert answer.status_code == 422 and not Evidence.objects.filter(kind="vouched").exists()


def test_editors_and_who_is_on_trial_give_no_word(mill):
    editor = opening.let_in(email="edo@mill.example", role="editor", by=mill.member)
    client = Client()
    entering.enter(client, editor.user)
    assert client.post(mill.place, LAKE).status_code == 403
    with pytest.raises(opening.NotSpeaker):
        vouching.vouch(editor, **LAKE)


def test_who_has_not_proven_the_mailbox_lately_signs_in_anew(letter, lake):
    client = speaker(signed(letter, "Mill Society"), minutes_ago=30)
    assert client.post(client.place, LAKE).url.startswith("/organisations/sign-in/")
    assert not Evidence.objects.filter(kind="vouched").exists()


def test_so_many_words_a_day_and_no_more(letter, mill):
    Limit.objects.create(name=vouching.PER_DAY, value=1)
    signed(letter, "Quarry Society", visibility="public")
    assert mill.post(mill.place, LAKE).status_code == 302
    answer = mill.post(mill.place, LAKE | {"name": "Quarry Society"})
    assert answer.status_code == 422 and "as many words today" in words(answer)


def test_the_desk_sees_and_ends_it(letter, mill, lake):
    mill.post(mill.place, LAKE)
    client = Client()
    chidi = User.objects.get(email="chidi@desk.example")
    entering.enter(client, chidi)
    assert SAID in words(client.get(f"/desk/organisations/{lake.public_id}/"))
    verifying.revoke(Evidence.objects.get(kind="vouched"), by=chidi)
    assert not vouching.words_of(mill.member.organisation).exists()
