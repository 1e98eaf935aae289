"""What changed between two versions of a letter, word by word, in each of its languages."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from letters.models import Correction, Recipient, Translation, Version

# U+200C and U+200D stand inside the words of many a language, and so do two marks above a letter's shoulder
JOINERS = "\u200c\u200d'’"
MOST_PAIRS = 1_000_000  # of words that are compared with each other; two texts so unlike are shown whole
BLANK_LINES = re.compile(r"\n\s*\n")


class Mark(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """Some words, and whether they were there before, are there now, or both."""

    text: str
    mark: Mark


@dataclass(frozen=True)
class TextChange:
    """A text in one language then and now; the body by paragraphs."""

    text: Translation
    title: list[Piece]
    summary: list[Piece]
    body: list[list[Piece]]
    is_changed: bool


@dataclass(frozen=True)
class Comparison:
    """All that differs between two versions: an office that is gone or new is no small thing."""

    texts: list[TextChange]
    offices: list[Piece]

    @property
    def is_changed(self) -> bool:
        return any(text.is_changed for text in self.texts) or any(is_change(one) for one in self.offices)


def versions(before: Version, after: Version, *, languages: Iterable[str] = ()) -> Comparison:
    """What differs between two versions, in `languages` (default: all that one of them has)."""
    then = {text.language: text for text in before.translations.all()}
    now = {text.language: text for text in after.translations.all()}
    wanted = list(languages) or [*now, *(language for language in then if language not in now)]
    texts = [texts_of(then.get(one), now.get(one)) for one in wanted if one in then or one in now]
    offices = words(
        [_office(row) for row in before.recipients.all()], [_office(row) for row in after.recipients.all()]
    )
    return Comparison(
        texts, [Piece(name, piece.mark) for piece in offices for name in piece.text.splitlines()]
    )


def texts_of(before: Translation | None, after: Translation | None) -> TextChange:
    """A text then and now; None where there was none in its language."""
    text = after or before
    if text is None:
        raise Translation.DoesNotExist
    return _change(text, before, after)


def corrected(text: Translation, correction: Correction) -> TextChange:
    """A text as it was published, and without its slips."""
    return _change(text, text, correction)


def _change(text: Translation, before: object, after: object) -> TextChange:
    fields = {
        name: compare(getattr(before, name, ""), getattr(after, name, ""))
        for name in ("title", "summary", "body")
    }
    return TextChange(
        text=text,
        title=fields["title"],
        summary=fields["summary"],
        body=paragraphs(fields["body"]),
        is_changed=any(is_change(piece) for pieces in fields.values() for piece in pieces),
    )


def compare(before: str, after: str) -> list[Piece]:
    """The words of both, in order: by lines first, and word by word where lines differ."""
    found: list[Piece] = []
    for old, new in _blocks(before.splitlines(keepends=True), after.splitlines(keepends=True)):
        found += (
            [Piece("".join(old), Mark.SAME)]
            if old == new
            else words(split("".join(old)), split("".join(new)))
        )
    return list(_joined(found))


def words(before: Sequence[str], after: Sequence[str]) -> list[Piece]:
    """The same of two lists of words; those that hardly meet are shown whole, one after the other."""
    if len(before) * len(after) > MOST_PAIRS:
        pairs = [(list(before), list(after))]
    else:
        pairs = list(_blocks(before, after))
    found = []
    for old, new in pairs:
        if old == new:
            found.append(Piece("".join(old), Mark.SAME))
        else:
            found += [Piece("".join(old), Mark.REMOVED), Piece("".join(new), Mark.ADDED)]
    return list(_joined(found))


def split(text: str) -> list[str]:
    """A text as its words, spaces and single signs, in any script: marks stay with their letters."""
    found: list[str] = []
    last = ""
    for letter in text:
        kind = _kind(letter)
        if kind and kind == last:
            found[-1] += letter
        else:
            found.append(letter)
        last = kind
    return found


def paragraphs(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces of a text as pieces of its paragraphs, which blank lines part."""
    found: list[list[Piece]] = [[]]
    for piece in pieces:
        for number, text in enumerate(BLANK_LINES.split(piece.text)):
            if number:
                found.append([])
            if text.strip():
                found[-1].append(Piece(text, piece.mark))
    return [paragraph for paragraph in found if paragraph]


def is_change(piece: Piece) -> bool:
    return piece.mark != Mark.SAME


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """What stands at the same place, then and now."""
    matcher = difflib.SequenceMatcher(
        None, before, after, autojunk=len(before) * len(after) > MOST_PAIRS // 10
    )
    for _tag, start, end, from_, to in matcher.get_opcodes():
        yield list(before[start:end]), list(after[from_:to])


def _kind(letter: str) -> str:
    if letter.isspace():
        return "space"
    return "word" if letter in JOINERS or unicodedata.category(letter)[0] in "LMN" else ""


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Without what is empty; neighbours of one mark as one."""
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last and last.mark == piece.mark:
            last = Piece(last.text + piece.text, last.mark)
        else:
            if last:
                yield last
            last = piece
    if last:
        yield last


def _office(row: Recipient) -> str:
    return ", ".join(filter(None, [row.office, row.person])) + "\n"
