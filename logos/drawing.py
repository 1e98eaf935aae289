"""Pictures that people hand in, decoded and drawn anew: of the file itself nothing is kept.

What a file is called, and what it says it is, counts for nothing; only what a decoder makes of it.
"""

import io
import logging
import re
from dataclasses import dataclass

from PIL import Image, ImageOps

from logos.models import HIGHEST, LARGEST, WIDEST

logger = logging.getLogger(__name__)

KINDS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 16_000_000  # about 64 MB while it is decoded
LONGEST_SIDE = 8_000  # pixels
QUALITIES = (90, 70, 40)

Image.MAX_IMAGE_PIXELS = MOST_PIXELS

# A page inside a picture runs where a browser takes the one for the other
MARKUP = re.compile(rb"<(?:!doctype|html|head|body|script|iframe|svg)[\s>/]", re.IGNORECASE)


class NotAPicture(Exception):
    """It is no PNG, JPEG or WebP that can be decoded to its end."""


class HoldsAPage(Exception):
    """It is a picture, and a page for browsers as well."""


class TooManyPixels(Exception):
    """It would need more memory than any logo is worth."""


class Moves(Exception):
    """It is animated."""


REFUSALS = (NotAPicture, HoldsAPage, TooManyPixels, Moves)


@dataclass(frozen=True)
class Drawing:
    """A picture of ours: WebP, with sides in pixels."""

    content: bytes
    width: int
    height: int


def draw(data: bytes, *, within: tuple[int, int] = (WIDEST, HIGHEST), largest: int = LARGEST) -> Drawing:
    """Draw the picture in a file anew: upright, as small as pages need, without anything that came along.

    It is reduced to lie `within` so many pixels, and to `largest` bytes.
    Raises NotAPicture, HoldsAPage, TooManyPixels, Moves.
    """
    if MARKUP.search(data):
        raise HoldsAPage
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as picture:
            if max(picture.size) > LONGEST_SIDE or picture.width * picture.height > MOST_PIXELS:
                raise TooManyPixels
            if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:  # phones add depth to a JPEG
                raise Moves
            return _encode(_reduce(picture, within), largest)
    except (TooManyPixels, Moves):
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixels from error
    except Exception as error:  # hostile bytes make decoders fail in every way there is
        logger.info("a file was no picture: %s", type(error).__name__)
        raise NotAPicture from error


def _reduce(picture: Image.Image, within: tuple[int, int]) -> Image.Image:
    """The pixels alone, upright and small, in red, green, blue and, where it is used, transparency."""
    picture.draft("RGB", (2 * max(within), 2 * max(within)))
    upright = ImageOps.exif_transpose(picture).convert("RGB" if picture.format == "JPEG" else "RGBA")
    upright.thumbnail(within)
    if upright.mode == "RGBA" and upright.getchannel("A").getextrema() == (255, 255):
        upright = upright.convert("RGB")
    return Image.frombytes(upright.mode, upright.size, upright.tobytes())


def _encode(picture: Image.Image, largest: int) -> Drawing:
    for quality in QUALITIES:
        file = io.BytesIO()
        picture.save(file, "WEBP", quality=quality, method=6)
        if file.tell() <= largest:
            return Drawing(file.getvalue(), picture.width, picture.height)
    raise NotAPicture  # noise, which no quality makes small
