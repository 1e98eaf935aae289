import pytest

from scrutiny import gauging, limits, reasons
from scrutiny.gauging import Facts

PLAIN = {"name": "Ada Okoye", "email": "ada@okoye.example"}


def score(**facts):
    found = gauging.gauge(Facts(**(PLAIN | facts)), limits.SCORE)
    return {suspicion.code: suspicion.points for suspicion in found}


def test_nothing_speaks_against_a_person():
    assert score() == {}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"is_trapped": True}, {"trap": 40}),
        ({"has_script": True, "has_work": False}, {"no_work": 10}),
        ({"email": "a@mailinator.com"}, {"disposable": 25}),
        ({"takes_mail": False}, {"no_mail_server": 60}),
        ({"name": "Ada 3"}, {"odd_name": 10}),
        ({"claims": frozenset({"name"})}, {"watched_name": 60}),
        ({"claims": frozenset({"title", "office"})}, {"claimed_title": 0, "claimed_office": 0}),
        ({"same_names": 3}, {"same_name": 20}),
        ({"same_shapes": 20, "shapes_in_100": 20}, {"same_shape": 20}),
        ({"agent": "curl", "agent_in_100": 81, "agents_counted": 200}, {"one_browser": 15}),
        ({"origin": "hosting"}, {"hosting": 10}),
        ({"origin": "tor"}, {"tor": 5}),
        ({"has_languages": False}, {"no_languages": 5}),
        ({"is_hasty": True}, {"hasty": 15}),
        ({"tried_from_network": 30, "unconfirmed_in_100": 71}, {"unconfirmed_network": 20}),
    ],
)
def test_each_suspicion_has_its_points(facts, expected):
    assert score(**facts) == expected


@pytest.mark.parametrize(
    "facts",
    [
        {"has_script": False, "has_work": False},
        {"has_script": True, "has_work": None},
        {"takes_mail": None},
        {"same_names": 2},
        {"same_shapes": 19, "shapes_in_100": 100},
        {"same_shapes": 50, "shapes_in_100": 5},
        {"agent": "curl", "agent_in_100": 100, "agents_counted": 199},
        {"agent": "chrome", "agent_in_100": 100, "agents_counted": 200},
        {"agent": "firefox", "agent_in_100": 80, "agents_counted": 200},
        {"tried_from_network": 29, "unconfirmed_in_100": 100},
        {"tried_from_network": 300, "unconfirmed_in_100": 70},
    ],
)
def test_below_its_threshold_nothing_is_said(facts):
    assert score(**facts) == {}


def test_a_crowd_alone_holds_nobody():
    """Neither a name, a network, a browser nor a pattern shared by many reaches what a person looks at."""
    for facts in (
        {"same_names": 1000},
        {"same_shapes": 1000, "shapes_in_100": 100},
        {"tried_from_network": 1000, "unconfirmed_in_100": 100},
        {"agent": "text", "agent_in_100": 100, "agents_counted": 200},
    ):
        found = gauging.gauge(Facts(**(PLAIN | facts)), limits.SCORE)
        assert found and not gauging.needs_a_person(found, limits.SCORE)


BY_OTHERS = {
    "same_names": 1000, "same_shapes": 1000, "shapes_in_100": 100, "tried_from_network": 1000,
    "unconfirmed_in_100": 100, "agent": "text", "agent_in_100": 100, "agents_counted": 200,
}  # fmt: skip


def test_all_that_others_can_do_together_holds_nobody():
    found = gauging.gauge(Facts(**(PLAIN | BY_OTHERS)), limits.SCORE)
    assert {suspicion.code for suspicion in found} == gauging.BY_OTHERS
    assert gauging.total(found, limits.SCORE) == 29
    assert not gauging.needs_a_person(found, limits.SCORE)


@pytest.mark.parametrize("own", [{"is_hasty": True}, {"name": "Ada 3"}, {"has_languages": False}])
def test_with_something_of_its_own_it_tips_the_scales(own):
    found = gauging.gauge(Facts(**(PLAIN | BY_OTHERS | own)), limits.SCORE)
    assert gauging.needs_a_person(found, limits.SCORE)


def test_the_sum_decides():
    def found(**facts):
        return gauging.gauge(Facts(**(PLAIN | facts)), limits.SCORE)

    held = found(email="a@mailinator.com", has_languages=False)
    assert gauging.total(held, limits.SCORE) == 30
    assert gauging.needs_a_person(held, limits.SCORE)
    assert not gauging.needs_a_person_before_mail(held, limits.SCORE)
    before = found(is_trapped=True, same_names=3)
    assert gauging.total(before, limits.SCORE) == 60 and gauging.needs_a_person_before_mail(
        before, limits.SCORE
    )
    assert gauging.needs_a_person(found(claims=frozenset({"title"})), limits.SCORE)


def test_the_sum_fits_its_column():
    most = dict.fromkeys(limits.SCORE, 2**31 - 1) | {"same_names_in_1_hour": 3}
    found = gauging.gauge(Facts(is_trapped=True, takes_mail=False), most)
    assert gauging.total(found, most) == gauging.HIGHEST


def test_every_suspicion_has_points_and_a_sentence():
    assert set(gauging.POINTS.values()) <= set(limits.SCORE)
    assert {*gauging.RULES, *gauging.CLAIMS} <= set(reasons.SENTENCES)
    assert len(set(reasons.SENTENCES.values())) == len(reasons.SENTENCES)
