"""Pictures that people send: the one kind of body that is larger than a form. Read only for who is signed in, a few at a time.

The interface takes the bytes themselves, a page sends them as browsers send files. What the client calls a picture, and of which type it
says that it is, is not looked at. It is drawn anew in a thread of its own, one at a time: the event loop never waits for it.
"""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO

import msgspec
from litestar.types import HTTPScope, Receive
from litestar.utils.path import normalize_path
from multipart import (  # type: ignore[import-untyped] # it has types and does not say so
    MultipartError,
    MultipartParser,
    MultipartPart,
    parse_options_header,
)

from casework.errors import Unavailable
from casework.http import wire
from casework.http.bodies import Gone, read_whole
from casework.http.passage import header, passage_of
from casework.http.problems import TurnedAway
from casework.services.attachments import drawn
from casework.services.pictures import MOST_BYTES

ADDRESS = re.compile(r"(?:/api)?/cases/[^/]+/attachments")
"""Where a picture is taken. Everywhere else a body is a form or JSON, and small."""
TYPES = ("image/jpeg", "image/png", "image/webp", "application/octet-stream")
"""What a program may call a picture: no page of another site can send it unasked."""
FILES = "multipart/form-data"
PICTURE = "picture"
"""The field in which a page sends it: from the camera or from what the telephone has. The one left empty is sent too."""
SECONDS = 120
"""How long a picture may take to arrive: from a telephone in a village."""
AT_ONCE = 6
"""Pictures that may be arriving or waiting to be drawn in one worker; whoever comes then is asked to try again."""
AROUND = 64 * 1024
"""What fields and boundaries may take beside a picture."""
_MOST_FIELDS = 12

_drawing = ThreadPoolExecutor(1, thread_name_prefix="picture")


class _Counted:
    """How many are being taken now."""

    now = 0


def takes_pictures(scope: HTTPScope) -> bool:
    """Whether a request brings a picture: its body is left for `arrived` to read."""
    return scope["method"] == "POST" and ADDRESS.fullmatch(normalize_path(scope["path"])) is not None


def check_type(scope: HTTPScope) -> None:
    """Let through what a picture may come as. Raises TurnedAway."""
    declared = header(scope, b"content-type").partition(";")[0].strip().lower()
    allowed = TYPES if passage_of(scope).interface else (FILES,)
    if header(scope, b"content-encoding") not in {"", "identity"} or declared not in allowed:
        raise TurnedAway("picture_type")


class Sent(msgspec.Struct, frozen=True):
    """What a page sent: its fields, and the picture."""

    fields: tuple[tuple[str, str], ...]
    picture: bytes


@contextmanager
def a_place() -> Iterator[None]:
    """Have a place among those whose picture is taken now. Raises Unavailable when there is none."""
    if _Counted.now >= AT_ONCE:
        raise Unavailable("too many pictures are arriving at once; nothing was changed")
    _Counted.now += 1
    try:
        yield
    finally:
        _Counted.now -= 1


async def arrived(scope: HTTPScope, receive: Receive) -> bytes:
    """Return the body of a request that brings a picture. Raises TurnedAway when it is too large or too slow."""
    try:
        return await read_whole(scope, receive, SECONDS, MOST_BYTES + AROUND, "picture_too_large")
    except Gone as error:
        raise TurnedAway("malformed") from error


async def drawn_anew(kind: str, picture: bytes) -> bytes:
    """Return a picture as it will be kept. Raises Invalid."""
    return await asyncio.get_running_loop().run_in_executor(_drawing, drawn, kind, picture)


def parted(scope: HTTPScope, body: bytes) -> Sent:
    """Return what a page sent. Raises TurnedAway for what no browser sends."""
    _, options = parse_options_header(header(scope, b"content-type"))
    limit = len(body) + 1
    try:
        parser = MultipartParser(
            BytesIO(body), options["boundary"], strict=True, part_limit=_MOST_FIELDS, spool_limit=limit, memory_limit=limit
        )
        parts = parser.parts()
        sent = [part for part in parts if part.name == PICTURE]
        pictures = [part for part in sent if part.raw] or sent[:1]
        fields = tuple((part.name, _text(part)) for part in parts if part.name != PICTURE)
    except (MultipartError, KeyError, ValueError, UnicodeDecodeError) as error:
        raise TurnedAway("malformed") from error
    if len(pictures) != 1:
        raise TurnedAway("malformed")
    return Sent(fields, pictures[0].raw)


def _text(part: MultipartPart) -> str:
    if part.filename is not None:
        raise ValueError(part.name)
    text: str = part.raw.decode()
    wire.check_text(part.name, text)
    return text
