"""Papers, set by typst: the only module that knows it.

The same words at the same moment give the same bytes: nothing of this machine or this user is in them.
Run as a program it sets one paper for another process, and gives its memory back by ending.
"""

import json
import os
import re
import subprocess  # nosec B404
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, NamedTuple

import fontpkg_amiri
import fontpkg_noto_sans_arabic
import typst

SOURCES = Path(__file__).resolve().parent  # the templates lie beside us
COMPLAINT = re.compile(r'the text `"(.+?)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
PROBE = b"""#set document(title: "Letters")
#set text(lang: "en", font: ("Libertinus Serif", "Amiri"))
#for letters in json(bytes(sys.inputs.paper)) { block(letters) }
"""
# As the papers set one text of people's in another's line
LINE = b"""#set document(title: "A line")
#let it = json(bytes(sys.inputs.paper))
#set text(lang: it.lang, dir: if it.dir == "rtl" { rtl } else { ltr })
#set text(font: if it.dir == "rtl" { ("Amiri", "Libertinus Serif") } else { ("Libertinus Serif", "Amiri") })
#it.text
"""
LACKING = 3  # how a program that lacks letters ends


class LettersMissing(Exception):
    """No font has a glyph for `letters`: the paper would show boxes, and is not made."""

    def __init__(self, letters: Iterable[str]) -> None:
        super().__init__()
        self.letters = frozenset(letters)


class FontsMissing(Exception):
    """A folder of fonts (PAPER_FONTS) is not there, or holds none."""


@lru_cache(maxsize=4)
def fonts(folder: str = "") -> typst.Fonts:
    """typst's own fonts, the Arabic ones we ship, and those in `folder`; none that just happen to be on
    the machine, which would change the bytes. Raises FontsMissing.
    """
    shipped = [
        str(Path(package.__file__).parent / "files") for package in (fontpkg_amiri, fontpkg_noto_sans_arabic)
    ]
    known = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=shipped)
    if not folder:
        return known
    more = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[*shipped, folder])
    if not Path(folder).is_dir() or len(more.fonts()) == len(known.fonts()):
        raise FontsMissing(folder)
    return more


class Folder(NamedTuple):
    """A folder from which typst reads; it may hold names of descriptors that are open in this process."""

    root: str
    descriptors: tuple[int, ...] = ()


@contextmanager
def folder_of(pictures: Mapping[str, bytes], texts: Mapping[str, str]) -> Iterator[Folder]:
    """Pictures and texts for typst to read by their names.

    A text lies in memory alone, under no name that outlives us: it may hold people's names, and a process
    that is killed must leave none of them on a disk. As an input it would be held four times instead of once.
    """
    with tempfile.TemporaryDirectory(prefix="undersigned-paper-") as root, ExitStack() as open_files:
        for name, content in pictures.items():
            Path(root, name).write_bytes(content)
        descriptors = []
        for name, text in texts.items():
            file = open_files.enter_context(_nameless())
            file.write(text.encode())
            file.flush()
            descriptors.append(file.fileno())
            Path(root, name).symlink_to(f"/dev/fd/{file.fileno()}")
        yield Folder(root, tuple(descriptors))


def _nameless() -> IO[bytes]:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("paper"), "w+b")
    return tempfile.TemporaryFile()  # type: ignore[return-value]  # on a disk, and gone from its folder


def typeset(
    template: Path, paper: object, *, at: datetime, inputs: dict[str, str] | None = None,
    files: Folder | None = None, **options: Any,
) -> Any:  # fmt: skip
    """What a typst template makes of a `paper`, which it reads as JSON: bytes, or a list of them.

    `at` is the paper's moment, `inputs` are further texts for it, `files` what it reads besides; `folder`
    is one of fonts, and the other `options` go to typst.compile. Raises LettersMissing, FontsMissing.
    """
    options |= {"root": files.root} if files else {}
    return _compile(template, _texts(paper, inputs), at=int(at.timestamp()), **options)


def typeset_apart(
    template: Path, paper: object, *, at: datetime, inputs: dict[str, str] | None = None,
    files: Folder | None = None, **options: Any,
) -> bytes:  # fmt: skip
    """The same by a process of its own: typst keeps what it took for tens of thousands of names."""
    options |= {"root": files.root} if files else {}
    texts = {name: text.encode() for name, text in _texts(paper, inputs).items()}
    asked = {
        "template": str(template), "at": int(at.timestamp()), "options": options,
        "texts": {name: len(text) for name, text in texts.items()},
    }  # fmt: skip
    done = subprocess.run(  # noqa: S603  # nosec B603 (this very file)
        [sys.executable, "-I", __file__],
        input=b"\n".join([json.dumps(asked).encode(), b"".join(texts.values())]),
        capture_output=True,
        check=False,
        pass_fds=files.descriptors if files else (),
    )
    if done.returncode == LACKING:
        raise LettersMissing(json.loads(done.stderr))
    done.check_returncode()
    return done.stdout


def _texts(paper: object, inputs: dict[str, str] | None) -> dict[str, str]:
    return {"paper": json.dumps(paper, ensure_ascii=False, separators=(",", ":")), **(inputs or {})}


def _compile(
    template: Path | bytes, inputs: dict[str, str], *, at: int, folder: str = "", **options: Any
) -> Any:
    source = template if isinstance(template, bytes) else template.read_bytes()
    try:
        return typst.compile(source, font_paths=fonts(folder), sys_inputs=inputs, timestamp=at, **options)
    except typst.TypstError as error:
        if lacking := _without_glyph(error):
            raise LettersMissing(lacking) from None
        raise


def _without_glyph(error: typst.TypstError) -> list[str]:
    """The letters that typst says none of our fonts can show; none if it complains of something else."""
    said = COMPLAINT.findall(f"{error}\n{error.diagnostic}")
    return [ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text) for text in said]


def can_set(text: str, *, dir: str, lang: str, folder: str = "") -> bool:
    """Whether a text, which runs so in that language, can stand in a paper."""
    told = json.dumps({"text": text, "dir": dir, "lang": lang})
    try:
        _compile(LINE, {"paper": told}, at=0, folder=folder, format="pdf", pdf_standards=["ua-1", "a-3a"])
    except (LettersMissing, typst.TypstError):
        return False
    return True


def lacking(letters: Iterable[str], *, folder: str = "") -> set[str]:
    """Which of these letters, alone or with the marks on them, no font has a glyph for."""
    asked = sorted(letters)
    alone = _complaints([one for one in asked if len(one) == 1], folder)
    marked = [one for one in asked if len(one) > 1]
    suspects = _complaints(marked, folder)
    found = {one for one in marked if suspects & set(one) and _complaints([one], folder)}
    return (alone & set(asked)) | found


def _complaints(letters: list[str], folder: str) -> set[str]:
    try:
        told = json.dumps(letters)
        _compile(PROBE, {"paper": told}, at=0, folder=folder, format="pdf", pdf_standards=["ua-1"])
    except LettersMissing as error:
        return set(error.letters)
    return set()


def _main() -> int:
    """Set the paper that is asked for on standard input; the PDF goes to standard output."""
    asked = json.loads(sys.stdin.buffer.readline())
    texts = {name: sys.stdin.buffer.read(size).decode() for name, size in asked["texts"].items()}
    try:
        paper = _compile(Path(asked["template"]), texts, at=asked["at"], **asked["options"])
    except LettersMissing as error:
        json.dump(sorted(error.letters), sys.stderr)
        return LACKING
    sys.stdout.buffer.write(paper)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
