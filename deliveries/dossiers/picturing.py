"""The logos that a dossier shows: drawn small, known by their SHA-256, and kept as they were frozen."""

import logging
from collections.abc import Iterable, Mapping

from deliveries.dossiers import editions
from deliveries.dossiers.editions import Edition
from deliveries.models import LARGEST_PICTURE, Dossier, Picture
from letters.models import Letter
from logos import drawing
from logos.models import Logo
from signatories.enrolled.exporting import Line

# Pixels: some 250 to the inch where the paper shows them, and the half if that is too heavy. A PDF holds
# them unpacked: as heavy as they are large
WITHIN = {Picture.Of.AUTHOR: (480, 240), Picture.Of.ORGANISATION: (160, 80)}

logger = logging.getLogger(__name__)


class Gallery:
    """The logos that readers see beside a letter's names at this moment, as its dossier shows them.

    One that cannot be decoded any more is left out, and the log says which.
    """

    def __init__(self, letter: Letter) -> None:
        self._pictures: dict[tuple[Picture.Of, str, str], bytes] = {}
        self.authors: dict[int, str] = {}  # by the author's number: its logo's SHA-256
        for logo in Logo.objects.filter(author__letter=letter).select_related("author"):
            assert logo.author is not None  # noqa: S101 - for the type checker
            if digest := self._hang(logo, Picture.Of.AUTHOR, logo.author.name):
                self.authors[logo.author.pk] = digest

    def hung(self, lines: Iterable[Line]) -> list[Line]:
        """The lines with the SHA-256 of the logo instead of the place where the site shows it."""
        lines = list(lines)
        wanted = [line.logo for line in lines if line.logo]
        logos = {logo.name: logo for logo in Logo.objects.filter(name__in=wanted)} if wanted else {}
        return [self._with_digest(line, logos) if line.logo else line for line in lines]

    def keep(self, dossier: Dossier) -> None:
        """Write the logos down beside the dossier that names them."""
        Picture.objects.bulk_create(
            Picture(dossier=dossier, of=of, name=name, sha256=digest, content=content)
            for (of, name, digest), content in self._pictures.items()
        )

    def contents(self) -> dict[str, bytes]:
        """The logos by their SHA-256."""
        return {digest: content for (_, _, digest), content in self._pictures.items()}

    def _with_digest(self, line: Line, logos: Mapping[str, Logo]) -> Line:
        logo = logos.get(line.logo)
        digest = self._hang(logo, Picture.Of.ORGANISATION, line.name) if logo else ""
        return line._replace(logo=digest)

    def _hang(self, logo: Logo, of: Picture.Of, name: str) -> str:
        """The SHA-256 of a logo as the paper shows it; "" if it is no picture any more."""
        content = _drawn(logo, WITHIN[of])
        if content is None:
            return ""
        digest = editions.sha256(content)
        self._pictures[of, name, digest] = content
        return digest


def _drawn(logo: Logo, within: tuple[int, int]) -> bytes | None:
    width, height = within
    for size in (within, (width // 2, height // 2)):
        try:
            return drawing.draw(bytes(logo.content), within=size, largest=LARGEST_PICTURE).content
        except drawing.REFUSALS as error:
            reason = type(error).__name__
    logger.warning("logo %s is left out of a dossier, it cannot be drawn: %s", logo.pk, reason)
    return None


def contents(edition: Edition) -> dict[str, bytes]:
    """The logos that an edition names, by their SHA-256: as kept, or of what is not frozen, drawn anew."""
    told = [*edition["authors"], *edition["signatories"]]
    wanted = {one["logo"] for one in told if "logo" in one}
    if not wanted:
        return {}
    kept = Picture.objects.filter(sha256__in=wanted).values_list("sha256", "content")
    found = {digest: bytes(content) for digest, content in kept}
    if wanted - found.keys():
        found |= _shown_now(edition["letter"])
    if missing := wanted - found.keys():
        logger.warning("%s logos of an edition are not here: its paper goes without", len(missing))
    return {digest: found[digest] for digest in sorted(wanted & found.keys())}


def _shown_now(slug: str) -> dict[str, bytes]:
    letter = Letter.objects.filter(slug=slug).first()
    if letter is None:
        return {}
    gallery = Gallery(letter)
    theirs = Logo.objects.shown().filter(organisation__signatures__letter=letter).distinct()
    gallery.hung(Line(0, "", "", "", logo=name) for name in theirs.values_list("name", flat=True))
    return gallery.contents()
