"""Which names look alike: to an eye that takes one letter for another, or that skips one."""

import unicodedata
from functools import lru_cache

from confusable_homoglyphs.confusables import confusables_data

from scrutiny import folding

# What one may put before or behind a name without making it another's
PASSED_OVER = frozenset(
    {"the", "inc", "ltd", "llc", "ngo", "ev", "e v", "gmbh", "asbl", "foundation", "org", "official"}
)
LOOK_ALIKE = str.maketrans({"i": "l", "1": "l", "0": "o"})
PAIRS = (("rn", "m"), ("vv", "w"))
MOST_EDITS = 2


def skeleton(name: str) -> str:
    """What is left of a name when letters that look alike are one letter, without spaces and signs.

    It is for comparing only. Letters of other alphabets become those of ours that they are drawn like, so
    whole words in Cyrillic or Greek fall together with the Latin ones they imitate.
    """
    drawn = "".join(_drawn_like(character) for character in unicodedata.normalize("NFKC", name))
    words = folding.words(drawn)
    told = [word for word in words if word not in PASSED_OVER] or words
    plain = "".join(told).translate(LOOK_ALIKE)
    for pair, letter in PAIRS:
        plain = plain.replace(pair, letter)
    return plain


def are_alike(one: str, other: str) -> bool:
    """Whether two skeletons could be taken for each other: equal but for two letters (short ones: one)."""
    shortest = min(len(one), len(other))
    edits = MOST_EDITS if shortest >= 8 else 1 if shortest >= 5 else 0
    return one == other or (
        abs(len(one) - len(other)) <= edits
        and _share_a_piece(one, other, edits)
        and distance(one, other, most=edits) <= edits
    )


def is_another(one: str, other: str) -> bool:
    """Whether a name is more than another spelling: no word in common, and more than two letters differ."""
    words, others = folding.words(one), folding.words(other)
    return not set(words) & set(others) and (
        distance("".join(words), "".join(others), most=MOST_EDITS) > MOST_EDITS
    )


def distance(one: str, other: str, *, most: int) -> int:
    """How many letters are added, left out or changed (Levenshtein); `most` + 1 stands for any more.

    Only the band that can stay within `most` is looked at.
    """
    if len(one) > len(other):
        one, other = other, one
    beyond = most + 1
    if len(other) - len(one) > most:
        return beyond
    row = [min(column, beyond) for column in range(len(one) + 1)]
    for line, letter in enumerate(other, start=1):
        first, last = max(1, line - most), min(len(one), line + most)
        below = [beyond] * (len(one) + 1)
        below[0] = min(line, beyond)
        for column in range(first, last + 1):
            below[column] = min(
                row[column] + 1,
                below[column - 1] + 1,
                row[column - 1] + (one[column - 1] != letter),
            )
        row = below
        if min(row) > most:
            return beyond
    return min(row[-1], beyond)


def _share_a_piece(one: str, other: str, edits: int) -> bool:
    """Of `edits` + 1 pieces at least one is untouched by so many edits; most names share none."""
    size = len(one) // (edits + 1)
    return size == 0 or any(one[start * size : (start + 1) * size] in other for start in range(edits + 1))


@lru_cache(maxsize=4096)
def _drawn_like(character: str) -> str:
    """The ASCII letter or digit that a character is drawn like; itself if there is none.

    Small к and м are drawn like the capitals they belong to, and those like K and M.
    """
    if character.isascii():
        return character
    for variant in (character, character.upper()):
        for found in confusables_data.get(variant, ()):
            if len(found["c"]) == 1 and found["c"].isascii() and found["c"].isalnum():
                return str(found["c"])
    return character
