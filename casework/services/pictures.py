"""Photographs as they are kept: known by their bytes, drawn anew as a plain JPEG, so that nothing a person did not see comes along.

Where it was taken, by which telephone, and what hides behind the end of a file stay outside. No name of a file is asked for.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from casework.errors import Fault, Invalid
from casework.words import Words

MOST_BYTES = 10 * 1024 * 1024
"""Of a picture as it is sent."""
MOST_PIXELS = 50_000_000
"""Of a picture as it is sent: more than telephones take, little enough to be drawn in the memory of a small server."""
LONGEST_EDGE = 2_400
"""Of a picture as it is kept: a sheet of A4 at 200 dots an inch."""
QUALITY = 82
MEDIA_TYPE = "image/jpeg"
_MAGIC: tuple[tuple[str, bytes, int, bytes], ...] = (
    ("JPEG", b"\xff\xd8\xff", 0, b""),
    ("PNG", b"\x89PNG\r\n\x1a\n", 0, b""),
    ("WEBP", b"RIFF", 8, b"WEBP"),
)
"""How the kinds of picture that are taken begin: format, first bytes, and what stands a little later."""
_START, _END, _SCAN = b"\xff\xd8", b"\xff\xd9", 0xDA
_PLAIN = frozenset({0xC0, 0xC4, 0xDB, 0xDD, 0xE0, _SCAN})
"""The parts of a plain JPEG: frame, tables, the JFIF mark, the picture. Nothing that carries a word."""


def kind_of(sent: bytes) -> str | None:
    """Return the format that these bytes begin as, None for any that is not taken."""
    return next((kind for kind, first, at, then in _MAGIC if sent.startswith(first) and sent[at : at + len(then)] == then), None)


def redrawn(sent: bytes) -> bytes:
    """Return a picture as it will be kept. Raises Invalid for what is no picture, or too large a one. It takes its time."""
    if not sent:
        raise _no("Pilih foto dahulu.", "Choose a picture first.")
    if len(sent) > MOST_BYTES:
        raise _no(f"Foto paling besar {MOST_BYTES >> 20} MiB.", f"A picture may have {MOST_BYTES >> 20} MiB at most.")
    kind = kind_of(sent)
    if kind is None:
        raise _no(
            "Hanya foto JPEG, PNG, atau WebP. Surat dalam bentuk lain (PDF, HEIC): fotolah lembarannya.",
            "Only JPEG, PNG or WebP pictures. For a paper in another form (PDF, HEIC), take a photograph of its sheets.",
        )
    try:
        return _drawn(sent, kind)
    except Invalid:
        raise
    except Exception as error:
        # whatever a decoder meets in bytes from outside, a bomb's warning included, is the fault of these bytes
        raise _no(
            "Foto ini rusak atau terpotong; ambil atau unggah lagi.", "The picture is damaged or cut short; take it or send it again."
        ) from error


def _drawn(sent: bytes, kind: str) -> bytes:
    with Image.open(BytesIO(sent), formats=(kind,)) as picture:
        wide, high = picture.size
        if wide * high > MOST_PIXELS:
            millions = MOST_PIXELS // 1_000_000
            raise _no(
                f"Foto paling besar {millions} megapiksel; ambil dengan ukuran lebih kecil.",
                f"A picture may have {millions} megapixels at most; take a smaller one.",
            )
        picture.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
        return _plain(upright)


def _plain(picture: Image.Image) -> bytes:
    """Return only what is to be seen, on white: a new picture has nothing of what the old one carried."""
    seen = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    sheet = Image.new("RGB", seen.size, "white")
    sheet.paste(seen, mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    drawn = BytesIO()
    sheet.save(drawn, "JPEG", quality=QUALITY)
    return drawn.getvalue()


def is_plain(content: bytes) -> bool:
    """Whether this is a JPEG as it is drawn here: only its picture, no word before it and nothing behind it."""
    place = len(_START)
    if not content.startswith(_START):
        return False
    while content[place : place + 1] == b"\xff" and content[place + 1 : place + 2]:
        part = content[place + 1]
        if part not in _PLAIN:
            return False
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if part == _SCAN:
            return content.find(_END, place) == len(content) - len(_END)
    return False


def _no(indonesian: str, english: str) -> Invalid:
    return Invalid(Fault("$.picture", Words(indonesian, english)))
