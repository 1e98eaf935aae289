"""Countries by ISO 3166-1 alpha-2 and their names, from the Unicode CLDR that comes with Babel."""

import unicodedata
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django.utils.translation import get_language

CLDR_LANGUAGES = {"prs": "fa_AF"}
# What CLDR names besides countries: unions, outlying islands with codes of their own, tests, unknown.
NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
# Unicode orders the letters of Persian, Pashto and Urdu by age, no dictionary does.
ARABIC_SCRIPT = "آأاٱبپتټٹةثجځچڅحخدډڈذرړڑزژږسشښصضطظعغفقکكګگلمنڼںوؤهہھۀیيىېۍئےء"
ARABIC_ORDER = {ord(letter): chr(0x4E00 + place) for place, letter in enumerate(ARABIC_SCRIPT)}


@lru_cache(maxsize=32)
def locale_of(language: str | None) -> Locale:
    """The CLDR locale for one of the site's languages; English where CLDR has none."""
    language = language or "en"
    try:
        return Locale.parse(CLDR_LANGUAGES.get(language, language.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """The codes of all countries, Kosovo's XK among them: 250."""
    territories = map(str, Locale("en").territories)
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - NO_COUNTRIES


def name(code: str, language: str | None = None) -> str:
    """The country's name in `language` (default: the active one); the code itself where there is none."""
    return _names(language or get_language() or "en").get(code, code)


def choices(language: str | None = None) -> list[tuple[str, str]]:
    """Pairs of code and name in `language` (default: the active one), in the order a reader looks them up."""
    return list(_names(language or get_language() or "en").items())


@lru_cache(maxsize=32)
def _names(language: str) -> dict[str, str]:
    territories = locale_of(language).territories
    names = {code: territories.get(code) or Locale("en").territories[code] for code in codes()}
    return dict(sorted(names.items(), key=lambda pair: _collation(pair[1])))


def _collation(text: str) -> str:
    """Good enough a key: letters without their accents or capitals, Arabic script by its dictionaries."""
    letters = unicodedata.normalize("NFC", text).casefold().translate(ARABIC_ORDER)
    plain = unicodedata.normalize("NFKD", letters)
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] in "LN" or letter == " ")
