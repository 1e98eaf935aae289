"""What looks typed by a machine, or by a hand that only wanted to fill a field."""

import re

# Runs along the keyboard; on the upper row of Latin ones four keys still make names (Trew, Wert)
ROWS = {"qwertyuiop": 5, "azertyuiop": 5, "qwertzuiop": 5, "asdfghjkl": 4, "qsdfghjklm": 4, "zxcvbnm": 4,
        "yxcvbnm": 4, "йцукенгшщз": 4, "фывапролдж": 4, "ячсмитьбю": 4}  # fmt: skip
FEWEST_CAPITALS = 4
SAME_LETTER = re.compile(r"([^\W\d_])\1{3}")
WORD_AND_DIGITS = re.compile(r"[a-z]+(?:[._-][a-z]+)?[._-]?(\d{3,})")
YEARS = range(1925, 2031)  # people put the year of their birth behind their names
LETTERS_OR_DIGITS = re.compile(r"[a-z]+|\d+")
VOWELS = frozenset("aeiouy")


def _runs() -> frozenset[str]:
    return frozenset(
        keys[start : start + length]
        for row, length in ROWS.items()
        for keys in (row, row[::-1])
        for start in range(len(row) - length + 1)
    )


RUNS = _runs()


def is_odd_name(name: str) -> bool:
    """Whether a person's name has digits, runs along the keyboard, one letter four times, or shouts.

    Capitals are nothing odd in scripts that have no small letters.
    """
    plain = name.casefold()
    return (
        any(character.isdecimal() for character in name)
        or any(run in plain for run in RUNS)
        or SAME_LETTER.search(plain) is not None
        or _shouts(name)
    )


def _shouts(name: str) -> bool:
    cased = [character for character in name if character.isupper() or character.islower()]
    return len(cased) >= FEWEST_CAPITALS and all(character.isupper() for character in cased)


def shape(email: str) -> str | None:
    """The pattern of the part before the @ if machines make it and few people do; None for any other.

    `word+4`: a word and four digits that are no year of birth. `mixed`: letters and digits in turns.
    `noise`: long, and hardly a vowel in it.
    """
    local = email.rpartition("@")[0].casefold().partition("+")[0]
    if match := WORD_AND_DIGITS.fullmatch(local):
        digits = match[1]
        return None if len(digits) == 4 and int(digits) in YEARS else f"word+{len(digits)}"
    letters = [character for character in local if character.isalpha()]
    if len(LETTERS_OR_DIGITS.findall(local)) >= 4 and any(map(str.isdigit, local)):
        return "mixed"
    if len(letters) >= 9 and sum(character in VOWELS for character in letters) * 8 <= len(letters):
        return "noise"
    return None
