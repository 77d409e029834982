"""Pictures to send: what a telephone takes, and what somebody with no good intentions makes of one."""

import struct
import zlib
from functools import cache
from io import BytesIO

from PIL import Image

SECRET = b"Samarinda-rahasia"
"""What hides in the pictures made here, wherever a file has room for a word."""
SCRIPT = b"<script>alert(document.domain)</script>"


@cache
def photo(shade: int = 90, size: tuple[int, int] = (640, 480)) -> bytes:
    """Return a plain picture, another one for each shade."""
    return _saved(_painted(shade, size), "JPEG")


def _painted(shade: int, size: tuple[int, int]) -> Image.Image:
    picture = Image.new("RGB", size, (shade, 120, 200))
    picture.paste((250, shade, 20), (0, 0, size[0] // 2, size[1] // 3))
    return picture


def _saved(picture: Image.Image, form: str, **said: object) -> bytes:
    sent = BytesIO()
    picture.save(sent, form, **said)
    return sent.getvalue()


@cache
def telling() -> bytes:
    """Return a picture that says where it was taken and by what, lies on its side, and has a word in every other place for one."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, SECRET.decode()
    where = exif.get_ifd(0x8825)
    where[1], where[2], where[3], where[4] = "S", (0.0, 25.0, 12.5), "E", (116.0, 59.0, 3.0)
    where[29] = SECRET.decode()
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
    return _saved(_painted(40, (640, 480)), "JPEG", exif=exif, comment=SECRET, icc_profile=SECRET * 20, xmp=xmp)


@cache
def see_through() -> bytes:
    """Return a PNG of which one half is not there."""
    picture = _painted(60, (200, 100)).convert("RGBA")
    picture.putalpha(Image.linear_gradient("L").resize((200, 100)))
    return _saved(picture, "PNG")


@cache
def webp() -> bytes:
    """Return a WebP."""
    return _saved(_painted(70, (3000, 150)), "WEBP")


def bomb(edge: int = 50_000) -> bytes:
    """Return a PNG of a few bytes that says it has so many pixels on each edge."""
    head = struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, said) for name, said in parts)


def _part(name: bytes, said: bytes) -> bytes:
    return struct.pack(">I", len(said)) + name + said + struct.pack(">I", zlib.crc32(name + said))


NO_PICTURES: dict[str, bytes] = {
    "nothing": b"",
    "SVG": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "HTML": b"<!doctype html>" + SCRIPT,
    "GIF": b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
    "PDF": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "ZIP": b"PK\x03\x04" + bytes(200),
    "HEIC": b"\x00\x00\x00\x18ftypheic" + bytes(200),
    "TIFF": b"II*\x00" + bytes(200),
    "BMP": b"BM" + bytes(200),
    "only the beginning of a JPEG": b"\xff\xd8\xff\xe0" + bytes(40),
    "a JPEG cut short": photo()[: len(photo()) // 2],
    "a WebP cut short": webp()[:60],
    "a PNG with a spoilt middle": see_through()[:60] + bytes(20) + see_through()[80:],
    "a PNG of 2,500 megapixels": bomb(),
    "a PNG of 64 megapixels": bomb(8_000),
    "sound in a RIFF": b"RIFF\x00\x00\x00\x00WAVE" + bytes(100),
    "too many bytes": photo() + bytes(10 * 1024 * 1024),
}
"""What is refused, by what it is."""
