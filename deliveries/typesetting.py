"""Papers, set by typst: the only module that knows it.

The same words at the same moment give the same bytes: nothing of this machine or this user is in them.
"""

import json
import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import fontpkg_amiri
import fontpkg_noto_sans_arabic
import typst

RARE_LETTERS = 100  # how many different letters without a glyph one paper may hold besides
MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


class PaperTooRare(Exception):
    """The paper holds more letters without a glyph than anybody could read around."""


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """typst's own fonts and the Arabic ones we ship; none of the machine's, which would change the bytes."""
    folders = [
        str(Path(package.__file__).parent / "files") for package in (fontpkg_amiri, fontpkg_noto_sans_arabic)
    ]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


def typeset(
    template: Path, paper: object, *, at: datetime, inputs: dict[str, str] | None = None, **options: Any
) -> Any:
    """What a typst template makes of a `paper`, which it reads as JSON: bytes, or a list of them.

    `inputs` are further texts for it, `options` go to typst.compile. Raises PaperTooRare.
    """
    told = json.dumps(paper, ensure_ascii=False)
    for _attempt in range(RARE_LETTERS):
        try:
            return typst.compile(
                template.read_bytes(), font_paths=fonts(), sys_inputs={"paper": told, **(inputs or {})},
                timestamp=int(at.timestamp()), **options,
            )  # fmt: skip
        except typst.TypstError as error:
            rare = _without_glyph(str(error))
            if not rare:
                raise
            # no letter of anybody's may keep the paper from being made
            told = told.translate(dict.fromkeys(map(ord, rare), "□"))
    raise PaperTooRare


def _without_glyph(complaint: str) -> str:
    """The letters that typst says none of our fonts can show; "" if it complains of something else."""
    if not (found := MISSING.search(complaint)):
        return ""
    plain = ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), found[1])
    return "".join(letter for letter in plain if not letter.isascii())
