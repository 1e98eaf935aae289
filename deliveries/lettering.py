"""Text as the paper's fonts can show it: Markdown as a tree, and which way a piece of text runs."""

import unicodedata
from typing import Any

from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from letters.languages import html_language

# Letters of these alphabets have glyphs in our fonts; those of others, Han and Hangul among them, have none
PRINTABLE = ("LATIN", "GREEK", "CYRILLIC", "HEBREW", "ARABIC", "DEVANAGARI")
LEAVES = {"text": "text", "code_inline": "text", "code_block": "code", "fence": "code", "image": "text"}

_markdown = MarkdownIt("commonmark", {"html": False})


def tree(markdown: str) -> list[dict[str, Any]]:
    """Markdown as a tree of plain nodes: what typst sets by functions, never by reading markup."""
    return [_node(child) for child in SyntaxTreeNode(_markdown.parse(markdown)).children]


def _node(node: SyntaxTreeNode) -> dict[str, Any]:
    if node.type in LEAVES:
        return {"type": LEAVES[node.type], "text": printed(node.content)}
    told: dict[str, Any] = {"type": node.type, "children": [_node(child) for child in node.children]}
    if node.type == "heading":
        told["level"] = min(int(node.tag[1]), 3)
    elif node.type == "ordered_list":
        told["start"] = int(node.attrs.get("start", 1))
    elif node.type == "link":
        told["href"] = str(node.attrs["href"])
    return told


def is_printable(text: str) -> bool:
    """Whether our fonts have a glyph for every letter."""
    letters = [character for character in text if unicodedata.category(character)[0] in "LM"]
    return all(
        unicodedata.name(letter, "").startswith((*PRINTABLE, "COMBINING", "MODIFIER")) for letter in letters
    )


def printed(text: str) -> str:
    """The text with a white square for each letter that our fonts lack."""
    return "".join(character if is_printable(character) else "□" for character in text)


def spoken(text: str) -> dict[str, str]:
    """How a piece of text runs: by its first letter that has a direction."""
    for character in text:
        if (towards := unicodedata.bidirectional(character)) in {"R", "AL"}:
            return {"dir": "rtl", "lang": "he" if towards == "R" else "fa"}
        if towards == "L":
            break
    return {"dir": "ltr", "lang": "en"}


def direction(language: str) -> dict[str, str]:
    return {
        "lang": html_language(language).partition("-")[0],
        "dir": "rtl" if language in settings.LANGUAGES_BIDI else "ltr",
    }
