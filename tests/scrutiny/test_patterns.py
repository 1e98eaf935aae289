import pytest

from scrutiny import patterns


@pytest.mark.parametrize(
    "name", ["Ada 2", "asdf ghjk", "Qwerty Smith", "ADA OKOYE", "Aaaada", "йцукен", "lkjh"]
)
def test_odd_names(name):
    assert patterns.is_odd_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Ada Okoye",
        "Jean DUPONT",
        "Trew Wert",
        "فاطمہ ملک",
        "सीमा गुरुङ",
        "文",
        "IVO",
        "D’Amico",
        "Ewert Power",
        "A. B. C.",
    ],
)
def test_names_of_people_are_not_odd(name):
    assert not patterns.is_odd_name(name)


@pytest.mark.parametrize(
    ("local", "shape"),
    [
        ("promo4821", "word+4"), ("john.smith739", "word+3"), ("a1b2c3d4", "mixed"), ("xkqzrtwpv", "noise"),
        ("ada1987", None), ("ada.okoye", None), ("ada7", None), ("ada", None), ("anna.schmidt", None),
        ("ada+4821", None), ("schwarzschild", None),
    ],
)  # fmt: skip
def test_shapes_of_addresses(local, shape):
    assert patterns.shape(f"{local}@mail.example") == shape
