"""Files as people hand them in, good and hostile, each drawn here."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

CANARY = "canary-7f3@spy.example"
LISBON = {1: "N", 2: (38.0, 42.0, 0.0), 3: "W", 4: (9.0, 8.0, 0.0), 29: CANARY}


def file(data: bytes, name: str = "logo.png") -> dict[str, SimpleUploadedFile]:
    """What a form with a picture posts."""
    return {"picture": SimpleUploadedFile(name, data, "image/png")}


def saved(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def mark(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    """A ring on white, or on nothing."""
    picture = Image.new(mode, (width, height), (255, 255, 255, 0)[: len(mode)])
    ImageDraw.Draw(picture).ellipse((10, 10, width - 10, height - 10), outline=(20, 60, 110), width=12)
    return picture


def photographed() -> bytes:
    """A JPEG from a phone held upright: it tells where it was, and who took it, in every way it can."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by a quarter
    exif[0x013B] = CANARY
    exif[0x9286] = CANARY
    exif.get_ifd(0x8825).update(LISBON)
    icc = b"\0" * 128 + CANARY.encode()
    return saved(mark(), "JPEG", exif=exif, comment=CANARY, icc_profile=icc, xmp=CANARY.encode())


def annotated() -> bytes:
    """A PNG with words in all its chunks for words."""
    words = PngInfo()
    words.add_text("Author", CANARY)
    words.add_itxt("XML:com.adobe.xmp", CANARY)
    words.add_text("Comment", CANARY, zip=True)
    exif = Image.Exif()
    exif[0x013B] = CANARY
    return saved(mark(mode="RGBA"), pnginfo=words, exif=exif) + CANARY.encode()


def annotated_webp() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = CANARY
    return saved(mark(mode="RGBA"), "WEBP", exif=exif, xmp=CANARY.encode())


def page_inside() -> bytes:
    """A PNG which is a page where a browser takes it for one."""
    words = PngInfo()
    words.add_text("Comment", "<HTML><script>alert(1)</script>")
    return saved(mark(), pnginfo=words)


def page_behind() -> bytes:
    return saved(mark()) + b"<script src=//evil.example></script>"


def bomb(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that says to be this large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def moving(kind: str) -> bytes:
    frames = [mark(), mark(mode="RGB").rotate(90)]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><circle r="9"/></svg>'
REFUSED = {
    "SVG": (SVG, "holds more than a picture"),
    "an SVG with a preamble": (b'<?xml version="1.0"?>\n<s:svg xmlns:s="x"/>', "no picture that can be read"),
    "a page in a PNG": (page_inside(), "holds more than a picture"),
    "a page behind a PNG": (page_behind(), "holds more than a picture"),
    "50,000 pixels each way": (bomb(50_000, 50_000), "too many pixels"),
    "50,000 pixels in a row": (bomb(50_000, 1), "too many pixels"),
    "more than 16 million pixels": (saved(Image.new("1", (7000, 3000))), "too many pixels"),
    "a moving PNG": (moving("PNG"), "moves"),
    "a moving WebP": (moving("WEBP"), "moves"),
    "a GIF": (saved(mark(), "GIF"), "no picture that can be read"),
    "a BMP": (saved(mark(), "BMP"), "no picture that can be read"),
    "half a PNG": (saved(mark())[:-600], "no picture that can be read"),
    "half a JPEG": (saved(mark(), "JPEG")[:-2000], "no picture that can be read"),
    "half a WebP": (saved(mark(), "WEBP")[:-600], "no picture that can be read"),
    "nothing of a picture": (b"%PDF-1.7 " * 50, "no picture that can be read"),
    "nothing at all": (b"", "empty"),
    "more than 2 MB": (saved(mark()) + b"\0" * 2_100_000, "larger than 2 MB"),
    "much more than 2 MB": (saved(mark()) + b"\0" * 5_000_000, "larger than 2 MB"),
}
