"""The front door: a raw ASGI guard around the whole application, before anything is parsed.

What it lets in is UTF-8, bounded, of a declared type, from our own pages or from no page at all. What goes out carries our headers and a
request id. One log line per request, and no failure leaves this house as anything but a problem.
"""

import os
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from litestar.utils.path import normalize_path

from casework import logs
from casework.http import wire
from casework.http.bodies import Gone, read_whole
from casework.http.headers import with_ours
from casework.http.kinds import UNEXPECTED
from casework.http.passage import KEY, Passage, header, headers_of, language_of, passage_of
from casework.http.problems import MEDIA_TYPE, Problem, TurnedAway, tell
from casework.http.uploads import check_type, takes_pictures
from casework.words import Language

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}
API = "/api"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
BODY_SECONDS = 20
"""How long a body may take to arrive."""

Render = Callable[[Problem, Language], bytes]
"""Writes a problem as a page for people."""


class Front:
    """Wraps an ASGI application. `clock` answers in UTC; `render` writes problems for pages, JSON is used where there is none."""

    def __init__(
        self, app: ASGIApp, clock: Callable[[], datetime], render: Render | None = None, *, body_seconds: float = BODY_SECONDS
    ) -> None:
        self._app = app
        self._clock = clock
        self._render = render
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or turn it away."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        headers = headers_of(scope["headers"])
        passage = Passage(
            request_id=secrets.token_hex(16),
            at=self._clock(),
            language=language_of(headers.get(b"accept-language", "")),
            headers=headers,
            interface=is_interface(scope["path"]),
        )
        scope["state"][KEY] = passage
        answer = _Answer(send, scope["scheme"], passage)
        try:
            passage.body = await self._admit(scope, receive, passage)
            await self._app(scope, receive if takes_pictures(scope) else _replay(passage.body, receive), answer)
        except Gone:
            passage.note("client_gone")
        except Exception as error:  # noqa: BLE001  # the last net: nothing leaves here as a traceback
            await self._turn_away(scope, error, passage, answer)
        finally:
            _write_log_line(scope, passage, answer.status, time.perf_counter() - started)

    async def _admit(self, scope: HTTPScope, receive: Receive, passage: Passage) -> bytes:
        """Return the body of a request that may come in; that of a picture is left to who knows who sends it. Raises TurnedAway."""
        wire.check_address(scope["raw_path"], scope["query_string"])
        if scope["method"] in SAFE:
            return b""
        check_origin(scope)
        if takes_pictures(scope):
            check_type(scope)
            return b""
        content_type = _content_type(scope)
        body = await read_whole(scope, receive, self._body_seconds, wire.MAX_BODY)
        if body and content_type is None:
            raise TurnedAway("content_type")
        if body and content_type == JSON:
            wire.check_json(body)
        elif body:
            passage.form = wire.read_form(body)
        return body

    async def _turn_away(self, scope: HTTPScope, error: Exception, passage: Passage, answer: "_Answer") -> None:
        told = tell(error, passage.language, passage.request_id)
        passage.note(told.problem.code, error if told.problem.code == UNEXPECTED else None)
        if answer.status:
            return
        content, media_type = msgspec.json.encode(told.problem), MEDIA_TYPE
        if self._render and wants_page(scope):
            content, media_type = self._render(told.problem, passage.language), "text/html; charset=utf-8"
        headers = [(name.lower().encode(), value.encode()) for name, value in told.headers.items()]
        headers += [(b"content-type", media_type.encode()), (b"content-length", str(len(content)).encode())]
        await answer({"type": "http.response.start", "status": told.problem.status, "headers": headers})
        await answer({"type": "http.response.body", "body": content, "more_body": False})


def is_interface(path: str) -> bool:
    """Whether a path belongs to the JSON interface, read as the router reads it (`//api` is `/api`)."""
    return path.startswith(f"{API}/") or f"{normalize_path(path)}/".startswith(f"{API}/")


def wants_page(scope: HTTPScope) -> bool:
    """Whether an answer is for a person with a browser rather than for a program."""
    return not passage_of(scope).interface and "text/html" in header(scope, b"accept")


def check_origin(scope: HTTPScope) -> None:
    """Refuse a change that another site asks for. A client that is no browser sends neither header. Raises TurnedAway."""
    if header(scope, b"sec-fetch-site") not in {"", "same-origin", "none"}:
        raise TurnedAway("cross_site")
    origin, host = header(scope, b"origin"), header(scope, b"host")
    if origin and (not host or origin.lower() not in {f"http://{host}".lower(), f"https://{host}".lower()}):
        raise TurnedAway("cross_site")


def _content_type(scope: HTTPScope) -> str | None:
    """Return the declared type, None where there is none. JSON is for the interface, forms are for pages. Raises TurnedAway."""
    if header(scope, b"content-encoding") not in {"", "identity"}:
        raise TurnedAway("content_type")
    declared = header(scope, b"content-type")
    if not declared:
        return None
    media_type, _, parameters = declared.partition(";")
    wanted = JSON if passage_of(scope).interface else FORM
    if declared == wanted:
        return wanted
    if media_type.strip().lower() != wanted or parameters.replace(" ", "").replace('"', "").lower() not in {"", "charset=utf-8"}:
        raise TurnedAway("content_type")
    return wanted


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body already read, once, and then whatever the server says."""
    waiting: list[Any] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Any:
        return waiting.pop() if waiting else await receive()

    return replayed


class _Answer:
    """A `send` that adds our headers to the start of the answer and remembers its status."""

    def __init__(self, send: Send, scheme: str, passage: Passage) -> None:
        self._send = send
        self._scheme = scheme
        self._passage = passage
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            ours = with_ours(message["headers"], scheme=self._scheme, request_id=self._passage.request_id)
            message["headers"] = [*ours, *self._passage.cookies]
        await self._send(message)


def _write_log_line(scope: HTTPScope, passage: Passage, status: int, seconds: float) -> None:
    level = "error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR or passage.failure else "info"
    fields = {
        "method": scope["method"] if scope["method"] in METHODS else "other",
        "path_template": scope.get("path_template", ""),
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
        "request_id": passage.request_id,
        "account": passage.account,
        "code": passage.code,
        "worker": str(os.getpid()),
        "exc_info": passage.failure,
    }
    getattr(logs.logger(), level)("request_answered", **{name: value for name, value in fields.items() if value not in {"", None}})
