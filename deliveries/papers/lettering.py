"""Text as the paper's fonts can show it: Markdown as a tree, which way text runs, and what has no glyph."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from deliveries.papers import typesetting
from letters.languages import html_language

LEAVES = {"text": "text", "code_inline": "text", "code_block": "code", "fence": "code", "image": "text"}
FORBIDDEN, PRIVATE = "\ufeff\ufffe\0", "Co"  # in PDF/UA and in PDF/A, whichever font has a glyph for it
MARK = "M"
FIRST_STRONG = "\u2068{}\u2069"  # UAX 9: an isolate, which runs its own way and moves nothing beside it
NASTALIQ = "Noto Nastaliq Urdu"

_markdown = MarkdownIt("commonmark", {"html": False})
_known: dict[str, set[str]] = {}  # by folder of fonts: letters, alone or with marks, that were looked for
_lacking: dict[str, set[str]] = {}  # and those of them that no font has


def tree(markdown: str, printed: Any = str) -> list[dict[str, Any]]:
    """Markdown as a tree of plain nodes: what typst sets by functions, never by reading markup.

    `printed` says how a piece of text is printed.
    """
    return [_node(child, printed) for child in SyntaxTreeNode(_markdown.parse(markdown)).children]


def _node(node: SyntaxTreeNode, printed: Any) -> dict[str, Any]:
    if node.type in LEAVES:
        return {"type": LEAVES[node.type], "text": printed(node.content)}
    told: dict[str, Any] = {"type": node.type, "children": [_node(child, printed) for child in node.children]}
    if node.type == "heading":
        told["level"] = min(int(node.tag[1]), 3)
    elif node.type == "ordered_list":
        told["start"] = int(node.attrs.get("start", 1))
    elif node.type == "link":
        told["href"] = str(node.attrs["href"])
    return told


class Glyphs:
    """What our fonts, and those in PAPER_FONTS, can show of some texts. Raises typesetting.FontsMissing."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._lacking = _look_up(texts, settings.PAPER_FONTS)
        singles = "".join(re.escape(one) for one in self._lacking if len(one) == 1 and not _is_mark(one))
        longer = [one for one in self._lacking if len(one) > 1 or _is_mark(one)]
        parts = [_part(one) for one in sorted(longer, key=lambda one: (-len(one), one))]
        self._pattern = re.compile("|".join([*parts, *([f"[{singles}]"] if singles else [])]) or r"(?!)")

    def show(self, text: str) -> bool:
        """Whether every letter of it has a glyph."""
        return not self._lacking or _is_plain(text) or not self._pattern.search(text)

    def coded(self, text: str) -> str:
        """The text with the Unicode number of each letter that has no glyph, like [U+1F54A]."""
        return self._pattern.sub(lambda found: "".join(f"[U+{ord(one):04X}]" for one in found[0]), text)


def _look_up(texts: Iterable[str], folder: str) -> set[str]:
    """Those of the texts' letters that no font has a glyph for; each is asked for once in a process."""
    known, lacking = _known.setdefault(folder, set()), _lacking.setdefault(folder, set())
    used = _letters([text for text in texts if not _is_plain(text)])
    if asked := used - known:
        never = set(filter(_is_forbidden, asked))
        lacking |= never | typesetting.lacking(asked - never, folder=folder)
        known |= used
    return lacking & used


def _is_plain(text: str) -> bool:
    """Whether every font has it: Latin letters without marks, and no control character."""
    return text.isascii() and text.isprintable()


def _letters(texts: list[str]) -> set[str]:
    """The different letters in the texts, alone and with the marks upon them."""
    used = set().union(*texts)
    marks = set(filter(_is_mark, used))
    if not marks:
        return used
    # a mark is asked for alone only where it stands so: without a letter it is shown upon a circle
    marked = re.compile("[^{0}\\s]?[{0}]+".format("".join(map(re.escape, sorted(marks)))))
    return (used - marks).union(*map(marked.findall, texts))


def _is_forbidden(letter: str) -> bool:
    return letter[0] in FORBIDDEN or unicodedata.category(letter[0]) == PRIVATE


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] == MARK


def _part(lacking: str) -> str:
    """A pattern for letters with marks, or for marks where they stand without a letter."""
    return (r"(?<!\S)" if _is_mark(lacking[0]) else "") + re.escape(lacking)


def printed(text: str, *, otherwise: str = "□") -> str:
    """The text, with its Unicode number for each letter that our fonts lack.

    `otherwise` where typst does not set even that: nothing that people wrote keeps a paper from being made.
    """
    coded = Glyphs([text]).coded(text)
    can_be_set = _is_plain(coded) or typesetting.can_set(coded, folder=settings.PAPER_FONTS, **spoken(coded))
    return coded if can_be_set else otherwise


def spoken(text: str) -> dict[str, str]:
    """How a piece of text runs: by its first letter that has a direction."""
    return {"dir": "rtl", "lang": lang} if (lang := runs(text)) else {"dir": "ltr", "lang": "en"}


def runs(text: str) -> str:
    """The language in whose way a text runs from right to left, or "" where it runs from the left."""
    if text.isascii():
        return ""
    for character in text:
        if (towards := unicodedata.bidirectional(character)) in {"R", "AL"}:
            return "he" if towards == "R" else "fa"
        if towards == "L":
            break
    return ""


def joined(texts: list[str], comma: str) -> str:
    """Texts in one line, none of which turns its neighbours around."""
    if len(texts) > 1 and any(map(runs, texts)) and not all(map(runs, texts)):
        texts = [FIRST_STRONG.format(text) for text in texts]
    return comma.join(texts)


def direction(language: str) -> dict[str, str]:
    return {
        "lang": html_language(language).partition("-")[0],
        "dir": "rtl" if language in settings.LANGUAGES_BIDI else "ltr",
    }


def has_nastaliq() -> bool:
    """Whether the hand that Urdu is written in is among the fonts."""
    return NASTALIQ in typesetting.fonts(settings.PAPER_FONTS).families()
