"""Texts made comparable: by their words alone, whatever their case, accents, keyboard or punctuation."""

import itertools
import unicodedata

# Accents and vowel points stand above or below a letter; marks of lower classes are part of Indic words
LAST_CLASS_OF_WORDS = 9
# One letter for those that Arabic, Persian, Pashto and Urdu keyboards write differently
LETTERS = str.maketrans("يىكةہھۃ", "ییکهههه", "ـء\u200d\u200e\u200f")
SPACE = str.maketrans({"\u200c": " "})


def words(text: str) -> list[str]:
    """The words of a text in their plainest spelling; single letters in a row are one (M. P. is mp)."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(SPACE)
    letters = [
        character
        for character in unicodedata.normalize("NFD", plain)
        if unicodedata.combining(character) <= LAST_CLASS_OF_WORDS
    ]
    folded = unicodedata.normalize("NFC", "".join(letters)).translate(LETTERS)
    spaced = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in folded)
    return _join_initials(spaced.split())


def _join_initials(found: list[str]) -> list[str]:
    joined: list[str] = []
    for is_initial, group in itertools.groupby(found, key=lambda word: len(word) == 1):
        together = list(group)
        joined += ["".join(together)] if is_initial else together
    return joined
