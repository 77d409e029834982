"""The floor over HTTP: a bare ASGI application, no framework, one route. `BENCH_FLOOR` names its database."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

from tests.bench.floor import Floor, open_floor, target_of_this_process

Message = MutableMapping[str, Any]


class _Reason(msgspec.Struct):
    basis: str
    note: str


class _Ask(msgspec.Struct):
    trigger: str
    reason: _Reason


class _Answer(msgspec.Struct):
    id: int
    state: str
    version: int


_read = msgspec.json.Decoder(_Ask)
_write = msgspec.json.Encoder()
_floor: list[Floor] = []


async def app(scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]) -> None:
    """Answer `POST /cases/{number}/transitions`, and anything else with an empty object."""
    if scope["type"] == "lifespan":
        await receive()
        _floor.append(open_floor(target_of_this_process()))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    body = b"{}"
    if scope["method"] == "POST":
        message = await receive()
        asked = message.get("body", b"")
        while message.get("more_body"):
            message = await receive()
            asked += message.get("body", b"")
        _read.decode(asked)
        case = int(scope["path"].split("/")[2])
        state, version = await asyncio.wrap_future(_floor[0].ask(case))
        body = _write.encode(_Answer(case, state, version))
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
