"""What a name may look like: genuine names of every script pass, tricks do not."""

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

APOSTROPHES = "'’‘‛ʼʻʾʿˈ`´′＇՚ꞌ"
HYPHENS = "-‐‑‒–—―−־゠－"
FULL_STOPS = ".．。・·‧۔॰།་༌፡।။,،、，"
QUOTATION = '"“”„‟«»‹›「」『』״׳'
BRACKETS = "()（）"
# In N!xau the ! is a letter; s/o says whose son somebody is.
IN_EVERY_NAME = frozenset(APOSTROPHES + HYPHENS + FULL_STOPS + QUOTATION + BRACKETS + "/!")
# ½ and ① stay out: digits are those of a script, and № belongs to schools.
IN_TITLES = IN_EVERY_NAME | frozenset("&＆+?:;#%…！？：；؟؛°№§¿¡[]［］")

FORMULA_STARTS = frozenset("=+-@|%")
JOINERS = frozenset("\u200c\u200d")
VIRAMA = 9  # the combining class of all viramas
MOST_MARKS = 3
# Letters and marks by category, yet nobody sees them; only Han and Mongolian letters need selectors.
INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
SELECTORS = frozenset(
    map(chr, [0x180B, 0x180C, 0x180D, 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
)
SELECTING_SCRIPTS = frozenset({"CJK", "MONGOLIAN"})
JOINING_SCRIPTS = frozenset(
    {"ARABIC", "SYRIAC", "MANDAIC", "NKO", "MONGOLIAN", "ADLAM", "HANIFI", "PHAGS-PA"}
) | {
    *("DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM"),
    *("SINHALA", "KHMER", "MYANMAR", "TIBETAN", "NEWA", "CHAKMA", "BALINESE", "JAVANESE"),
}
LOOK_ALIKE_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE"})

# Each alternative begins with a fixed character, so a search stays linear.
LINK = re.compile(
    r"://|//\S|\bwww\.|\bhttps?\b|\bjavascript:|\bxn--|\d\.\d+\.\d+\.\d"
    r"|\.(?:com|org|net|info|biz|edu|gov|int|mil|name|app|dev|xyz|top|site|online|shop|store|club|link|click|live"
    r"|blog|news|page|space|website|world|asia|рф|укр|бел|срб|中国|中國|网络|公司|ایران|پاکستان)(?![^\W_])"
    r"|[^\W_]{2}\.[^\W_]{2,24}/\S"
)
# Written in small letters only: "Dr.Li" is a person, "evil.li" a place to go.
COUNTRY_LINK = re.compile(r"[^\W_]{3}\.(?:[a-z]{2,3}\.)?[a-z]{2}(?![^\W_]|\.)")
PERCENT_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """The sentences and bounds for one kind of name; `longest` is in characters."""

    longest: int
    missing: "_StrPromise"
    too_long: "_StrPromise"
    punctuation: frozenset[str]


PERSON = Kind(
    120,
    _("Please enter your name."),
    _("This name is longer than 120 characters. Please shorten it."),
    IN_EVERY_NAME,
)
ORGANISATION = Kind(
    200,
    _("Please enter the name of the organisation."),
    _("This name is longer than 200 characters. Please shorten it."),
    IN_TITLES,
)
ROLE = Kind(
    120,
    _("Please enter a role."),
    _("This role is longer than 120 characters. Please shorten it."),
    IN_TITLES,
)
AFFILIATION = Kind(
    120,
    _("Please enter an affiliation."),
    _("This affiliation is longer than 120 characters. Please shorten it."),
    IN_TITLES,
)


def clean_name(text: str) -> str:
    """A person's name in NFC with single spaces, at most 120 characters; raises ValidationError."""
    return _clean(text, PERSON)


def clean_organisation(text: str) -> str:
    """An organisation's name in NFC with single spaces, at most 200 characters; raises ValidationError."""
    return _clean(text, ORGANISATION)


def clean_role(text: str) -> str:
    """A role such as "Professor of Law", at most 120 characters; raises ValidationError."""
    return _clean(text, ROLE)


def clean_affiliation(text: str) -> str:
    """Where a person belongs, shown beside the name, at most 120 characters; raises ValidationError."""
    return _clean(text, AFFILIATION)


def _clean(text: str, kind: Kind) -> str:
    # First of all the bound, so that no check ever reads more than a few lines.
    if len(text) > 4 * kind.longest:
        raise ValidationError(kind.too_long, code="too_long")
    name = _tidy(text)
    if not name:
        raise ValidationError(kind.missing, code="required")
    if len(name) > kind.longest:
        raise ValidationError(kind.too_long, code="too_long")
    _refuse_addresses(name)
    _refuse_signs(name, kind)
    _refuse_hidden_joiners(name)
    _refuse_piled_marks(name)
    _refuse_mixed_words(name)
    if not any(unicodedata.category(character) in {"Lu", "Ll", "Lt", "Lo"} for character in name):
        raise ValidationError(_("Please write this with letters, not with signs alone."), code="no_letter")
    return name


def _tidy(text: str) -> str:
    spaced = "".join(" " if unicodedata.category(character) == "Zs" else character for character in text)
    return unicodedata.normalize("NFC", re.sub(" +", " ", spaced).strip(" "))


def _refuse_addresses(name: str) -> None:
    # ＠ and 。 are read as @ and . by mail programs and browsers.
    plain = unicodedata.normalize("NFKC", name).replace("。", ".")
    if plain[0] in FORMULA_STARTS:
        raise ValidationError(
            _("Please begin with a letter or a digit: “%(sign)s” cannot come first."),
            code="formula",
            params={"sign": name[0]},
        )
    if "@" in plain:
        raise ValidationError(_("Please leave out e-mail addresses and the sign “@” here."), code="email")
    if LINK.search(plain.casefold()) or COUNTRY_LINK.search(plain):
        raise ValidationError(
            _("Please leave out web addresses here. After an abbreviation, put a space."),
            code="link",
        )
    if PERCENT_ESCAPE.search(plain):
        raise ValidationError(
            _("Please leave out the percent sign, or put a space behind it."), code="escape"
        )


def _refuse_signs(name: str, kind: Kind) -> None:
    for before, character in itertools.pairwise(" " + name):
        if _is_invisible(character, before):
            raise ValidationError(
                _("This contains a line break or an invisible character. Please type it again by hand."),
                code="invisible",
            )
        if not _is_written(character) and character not in kind.punctuation:
            raise ValidationError(
                _("Please leave out the sign “%(sign)s”."), code="sign", params={"sign": character}
            )


def _is_invisible(character: str, before: str) -> bool:
    if character in JOINERS:
        return False  # these have rules of their own
    if character in SELECTORS:
        return _script(before) not in SELECTING_SCRIPTS
    return character in INVISIBLE or unicodedata.category(character) in {
        "Cc",
        "Cf",
        "Cn",
        "Co",
        "Cs",
        "Zl",
        "Zp",
    }


def _is_written(character: str) -> bool:
    """A space, letter, mark or digit, but none from the mathematicians' fonts; 〇 stands in Chinese names."""
    if character in JOINERS or character in " 〇":
        return True
    if 0x1D400 <= ord(character) <= 0x1D7FF:
        return False
    category = unicodedata.category(character)
    return category[0] == "L" or category in {"Mn", "Mc", "Nd"}


def _refuse_hidden_joiners(name: str) -> None:
    """Persian, Urdu and Indic spelling needs joiners between letters; elsewhere they make look-alikes."""
    for before, character, after in zip(" " + name, name, name[1:] + " ", strict=False):
        if character not in JOINERS:
            continue
        # A word may end in virama and joiner: മോഹന്‍
        ends_word = after == " " and unicodedata.combining(before) == VIRAMA
        if not (_joins(before) and (_joins(after) or ends_word)):
            raise ValidationError(
                _("This contains an invisible character where none belongs. Please type it again by hand."),
                code="joiner",
            )


def _joins(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" and _script(character) in JOINING_SCRIPTS


def _refuse_piled_marks(name: str) -> None:
    base, pile = " ", 0
    for character in name:
        category = unicodedata.category(character)
        if category == "Mn" and character not in SELECTORS:
            pile += 1
        elif category[0] != "M" and character not in JOINERS:
            base, pile = category[0], 0
        if pile > MOST_MARKS or (pile and base not in "LN"):
            raise ValidationError(
                _("This contains accents without a letter or too many on one letter. Please leave some out."),
                code="marks",
            )


def _refuse_mixed_words(name: str) -> None:
    scripts: set[str] = set()
    for character in name:
        if character in APOSTROPHES or unicodedata.category(character)[0] in "LMN":
            scripts |= {_script(character)} & LOOK_ALIKE_SCRIPTS
        else:
            scripts = set()
        if len(scripts) > 1:
            raise ValidationError(
                _("One word mixes letters of two alphabets that look alike. Please type it in one alphabet."),
                code="mixed",
            )


@lru_cache(maxsize=4096)
def _script(character: str) -> str:
    """The first word of the character's name in Unicode: for every letter its script, as in ARABIC."""
    plain = unicodedata.normalize("NFKC", character)
    return unicodedata.name(plain[0], "").partition(" ")[0]
