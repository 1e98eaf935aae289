import pytest
from django.utils import translation

from letters import countries


def test_all_countries_of_iso_3166_and_kosovo_are_there():
    assert len(countries.codes()) == 250
    assert countries.codes() >= {"AF", "PK", "DE", "US", "PS", "TW", "EH", "VA", "UM", "XK"}


@pytest.mark.parametrize(
    "code",
    ["EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "SU", "AN", "001"],
)
def test_what_is_no_country_is_not(code):
    assert code not in countries.codes()


@pytest.mark.parametrize(
    ("language", "afghanistan", "germany"),
    [
        ("en", "Afghanistan", "Germany"),
        ("ur", "افغانستان", "جرمنی"),
        ("prs", "افغانستان", "آلمان"),
        ("ps", "افغانستان", "المان"),
    ],
)
def test_every_language_of_the_site_has_its_names(language, afghanistan, germany):
    assert countries.name("AF", language) == afghanistan
    with translation.override(language):
        assert countries.name("DE") == germany
        assert dict(countries.choices())["DE"] == germany
    assert {code for code, _ in countries.choices(language)} == countries.codes()
    assert all(name for _, name in countries.choices(language))


def test_dari_has_the_names_of_afghanistan_not_of_iran():
    assert countries.name("PL", "prs") == "پولند"


def test_a_language_without_names_falls_back_to_english():
    assert countries.name("AF", "xx-nowhere") == "Afghanistan"


def test_no_country_is_named_by_its_code():
    assert countries.name("ZZ", "en") == "ZZ"


def test_readers_find_names_in_their_alphabets_order():
    english = [name for _, name in countries.choices("en")]
    assert english[0] == "Afghanistan"
    assert english.index("Åland Islands") < english.index("Albania")
    assert english.index("Côte d’Ivoire") < english.index("Croatia")
    persian = [name for _, name in countries.choices("prs")]
    assert persian.index("بلجیم") < persian.index("پاکستان") < persian.index("تاجکستان")
    assert persian.index("کانادا") < persian.index("گرجستان") < persian.index("لبنان")
