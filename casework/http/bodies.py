"""Reading a body as it arrives: no more than it may hold, no longer than it may take."""

import asyncio
from typing import Any

from litestar.types import HTTPScope, Receive

from casework.http.passage import header
from casework.http.problems import TurnedAway


class Gone(Exception):
    """The client left before its request was complete."""


async def read_whole(scope: HTTPScope, receive: Receive, seconds: float, most: int, too_large: str = "too_large") -> bytes:
    """Return the whole body. Raises TurnedAway when it is too large or too slow, Gone when the client left."""
    announced = header(scope, b"content-length")
    if announced.isdigit() and int(announced[:19]) > most:
        raise TurnedAway(too_large)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while True:
                message: Any = await receive()
                if message["type"] != "http.request":
                    raise Gone
                body += message.get("body", b"")
                if len(body) > most:
                    raise TurnedAway(too_large)
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError as error:
        raise TurnedAway("too_slow") from error
