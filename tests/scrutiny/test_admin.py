import pytest

from accounts.models import Trail, User
from scrutiny.models import Gathering
from tests import cast, entering

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/scrutiny/gathering/", "/admin/scrutiny/gathering/add/"


@pytest.fixture
def letter():
    return cast.clean_rivers()


def admin(client, name):
    user, _ = User.objects.get_or_create(email=f"{name}@desk.example", is_staff=True, is_superuser=True)
    entering.enter(client, user)
    return user


def ask(client, letter, **changes):
    answers = {"letter": letter.pk, "what": "Congress", "domain": "", "begins_at_0": "2026-11-25",
               "begins_at_1": "12:00", "ends_at_0": "2026-11-25", "ends_at_1": "18:00"}  # fmt: skip
    return client.post(ADD, answers | changes)


def approve(client):
    return client.post(
        LIST, {"action": "approve", "_selected_action": [Gathering.objects.get().pk]}, follow=True
    )


def test_one_asks_for_a_gathering_and_another_approves_it(client, letter):
    chidi = admin(client, "chidi")
    assert ask(client, letter).status_code == 302
    assert "Somebody else has to approve it." in approve(client).content.decode()
    assert Gathering.objects.get().approved_by is None
    dora = admin(client, "dora")
    approve(client)
    congress = Gathering.objects.get()
    assert (congress.asked_by, congress.approved_by) == (chidi, dora)
    assert {line.what: line.who for line in Trail.objects.all()} == {
        "gathering asked for": chidi,
        "gathering approved": dora,
    }


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_at_0": "2026-11-29"}, "A gathering lasts three days at most."),
        ({"ends_at_0": "2026-11-24"}, "A gathering ends after it begins."),
        ({"what": ""}, "required"),
    ],
)
def test_it_lasts_no_longer_than_three_days(client, letter, changes, sentence):
    admin(client, "chidi")
    assert sentence in ask(client, letter, **changes).content.decode()
    assert not Gathering.objects.exists()


def test_what_was_asked_for_is_not_changed_afterwards(client, letter):
    admin(client, "chidi")
    ask(client, letter)
    admin(client, "dora")
    congress = Gathering.objects.get()
    client.post(
        f"{LIST}{congress.pk}/change/", {"letter": letter.pk, "what": "Another", "domain": "evil.example"}
    )
    assert (Gathering.objects.get().what, Gathering.objects.get().domain) == ("Congress", "")
