import pytest

from scrutiny import folding


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PRÉSIDENT", "president"),
        ("رئيس الجمهورية", "رئیس الجمهوریه"),
        ("نخست‌وزیر", "نخست وزیر"),
        ("وَزِير", "وزیر"),
        ("ڈاکٹر كريم", "ڈاکٹر کریم"),
        ("M. P.", "mp"),
        ("l’Ambassadeur", "L'AMBASSADEUR"),
        ("Ｊｕｄｇｅ", "judge"),
    ],
)
def test_spellings_of_one_word_are_one(one, other):
    assert folding.words(one) == folding.words(other)


@pytest.mark.parametrize(("one", "other"), [("मंत्री", "मित्र"), ("Minister", "Ministerium"), ("Йод", "Год")])
def test_other_words_stay_apart(one, other):
    assert folding.words(one) != folding.words(other)


def test_signs_stand_between_words():
    assert folding.words("Prof.Dr. Ada-Maria O'Brien") == ["prof", "dr", "ada", "maria", "o", "brien"]
