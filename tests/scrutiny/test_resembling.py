import pytest

from scrutiny import resembling

AMNESTY = "Amnesty International"


def are_alike(one, other):
    return resembling.are_alike(resembling.skeleton(one), resembling.skeleton(other))


@pytest.mark.parametrize(
    "spoof",
    [
        "AMNESTY INTERNATIONAL", "Amnesty lnternational", "Аmnesty International", "Amnesty  Internationa1",
        "Amnesty Intemational", "Amnesti International", "Amnesty-International", "AmnestyInternational",
        "The Amnesty International", "Amnesty International e.V.", "Amnestty Internationál",
        "Amnisty lnternationel",
    ],
)  # fmt: skip
def test_t11_copies_are_noticed(spoof):
    assert are_alike(spoof, AMNESTY)


@pytest.mark.parametrize(
    ("spoof", "name"),
    [("РАСЕ", "PACE"), ("раСе", "Pace"), ("ΟΧΙ", "OXI"), ("мАКЕ ТОМ", "Make Tom"), ("AТТАС", "ATTAC")],
)
def test_t11_whole_words_of_another_alphabet_are_noticed(spoof, name):
    assert are_alike(spoof, name)


@pytest.mark.parametrize(
    "other",
    ["Amnesty Students", "International Amnesty", "Harbour Workers' Union", "Амнистия", "", "Amnesty"],
)
def test_other_names_are_other_names(other):
    assert not are_alike(other, AMNESTY)


@pytest.mark.parametrize(("one", "other"), [("ACLU", "ACLS"), ("WWF", "WTF"), ("UNHCR", "UNICEF")])
def test_short_names_differ_by_few_letters(one, other):
    assert not are_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("", "", 0), ("a", "", 1), ("", "abc", 3), ("river", "river", 0), ("river", "rover", 1),
        ("river", "rivers", 1), ("river", "drivers", 2), ("river", "rvier", 2), ("river", "water", 3),
        ("abcdefgh", "bcdefghi", 2), ("river", "mountains", 3),
    ],
)  # fmt: skip
def test_edits_are_counted_up_to_a_bound(one, other, edits):
    assert resembling.distance(one, other, most=2) == resembling.distance(other, one, most=2) == min(edits, 3)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Bela Horvát", "Béla Horváth", False),
        ("Bela Horvát", "BelaHorvat", False),
        ("Bela Horvát", "Bela Nagy", False),
        ("Bela Horvát", "Somebody Else", True),
        ("Ng", "Li", False),
        ("علي رضا", "علی رضا", False),
    ],
)
def test_a_name_of_which_no_word_is_left_is_another(one, other, expected):
    assert resembling.is_another(one, other) is expected
