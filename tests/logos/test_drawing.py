"""What is kept of a picture: the pixels, upright and few; and what is no picture."""

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from logos import drawing
from logos.models import HIGHEST, LARGEST, WIDEST
from tests.logos import pictures

GOOD = {
    "JPEG": pictures.photographed(),
    "PNG": pictures.annotated(),
    "WebP": pictures.annotated_webp(),
    "PNG with a palette": pictures.saved(pictures.mark().quantize(8)),
    "grey PNG": pictures.saved(pictures.mark().convert("L")),
    "JPEG for print": pictures.saved(pictures.mark().convert("CMYK"), "JPEG"),
}
REFUSALS = (drawing.NotAPicture, drawing.HoldsAPage, drawing.TooManyPixels, drawing.Moves)


def opened(drawn):
    return Image.open(io.BytesIO(drawn.content))


@pytest.mark.parametrize("data", GOOD.values(), ids=GOOD)
def test_t42_what_the_file_tells_besides_is_gone(data):
    drawn = drawing.draw(data)
    canary = pictures.CANARY.encode()
    assert canary not in drawn.content
    picture = opened(drawn)
    assert picture.format == "WEBP" and picture.size == (drawn.width, drawn.height)
    assert not picture.getexif() and not {"exif", "xmp", "icc_profile", "comment"} & set(picture.info)


def test_t42_the_canary_was_there():
    canary = pictures.CANARY.encode()
    assert pictures.photographed().count(canary) >= 4 and pictures.annotated().count(canary) >= 3
    gps = Image.open(io.BytesIO(pictures.photographed())).getexif().get_ifd(0x8825)
    assert gps[2] == (38.0, 42.0, 0.0)


def test_a_picture_taken_upright_stands_upright():
    drawn = drawing.draw(pictures.photographed())
    assert (drawn.width, drawn.height) == (160, 240)


@pytest.mark.parametrize(
    "before, after", [((2000, 400), (480, 96)), ((400, 2000), (48, 240)), ((90, 60), (90, 60))]
)
def test_it_is_made_as_small_as_pages_need_and_never_larger(before, after):
    drawn = drawing.draw(pictures.saved(pictures.mark(*before)))
    assert (drawn.width, drawn.height) == after


def test_what_is_transparent_stays_so():
    drawn = drawing.draw(pictures.saved(pictures.mark(mode="RGBA")))
    assert opened(drawn).mode == "RGBA" and opened(drawn).getpixel((0, 0))[3] == 0
    assert opened(drawing.draw(pictures.saved(pictures.mark()))).mode == "RGB"


def test_even_noise_becomes_light():
    drawn = drawing.draw(pictures.saved(Image.effect_noise((960, 480), 120).convert("RGB"), "JPEG"))
    assert (drawn.width, drawn.height) == (WIDEST, HIGHEST) and len(drawn.content) <= LARGEST


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(list(GOOD.values())),
    st.lists(st.tuples(st.integers(0, 3000), st.binary(min_size=1, max_size=4)), min_size=1, max_size=6),
)
def test_t42_a_broken_file_is_refused_or_drawn_and_never_a_fault(data, wounds):
    hurt = bytearray(data)
    for place, wound in wounds:
        hurt[place % len(hurt) : place % len(hurt) + len(wound)] = wound
    with contextlib.suppress(*REFUSALS):
        assert len(drawing.draw(bytes(hurt)).content) <= LARGEST
