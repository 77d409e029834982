"""Command routes: path and body make an ask, a command carries it out, and what it answers goes back. The same for every change.

A handler of such a route is a plain function from path and body to the ask. The framework finds the route and describes it; between the two
it would look at every request anew for what is the same each time, so the rest is plain ASGI in its place (docs/decisions/0011).
"""

from collections.abc import Callable
from typing import Any, Generic, Literal, Protocol, TypeVar, get_type_hints

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED
from litestar.types import ASGIApp, Receive, Send

from casework.http.api.asks import earlier
from casework.http.api.guards import refuse_body, refuse_unknown_parameters
from casework.http.passage import passage_of
from casework.http.request import read_body
from casework.http.session import knock_of
from casework.http.soon import soon
from casework.services.command import Command


class Versioned(Protocol):
    """What every change answers: at least the version of what was changed, which becomes its ETag."""

    @property
    def version(self) -> int:
        """1 for what has just come into being."""


A = TypeVar("A", bound=msgspec.Struct)
R = TypeVar("R", bound=Versioned)
_encode = msgspec.json.Encoder().encode


def command_route(
    path: str, command: Command[A, R], *, created: str | None = None, method: Literal["POST", "PATCH"] = "POST"
) -> Callable[[Callable[..., A]], HTTPRouteHandler]:
    """Make a handler of a function that puts path and body (`data`) into a command's ask.

    It answers 200; with `created`, 201 and that place (`{id}` is the new thing's, other names are the path's). The version is its ETag.
    """

    def handler_of(put: Callable[..., A]) -> HTTPRouteHandler:
        route = _CommandRoute(put, command, created)
        put.__annotations__["return"] = Response[command.answer]  # type: ignore[name-defined]  # what the framework describes

        def in_its_place(app: ASGIApp) -> ASGIApp:  # noqa: ARG001 - the framework's signature
            return route.serve

        return HTTPRouteHandler(path, http_method=method, status_code=route.status, middleware=[in_its_place], sync_to_thread=False)(put)

    return handler_of


class _CommandRoute(Generic[A, R]):
    """One row: how an ask is put, which command it is for, and where the new thing will be."""

    def __init__(self, put: Callable[..., A], command: Command[A, R], created: str | None) -> None:
        self._put = put
        self._command = command
        self._created = created
        self._body = get_type_hints(put).get("data")
        self.status = HTTP_200_OK if created is None else HTTP_201_CREATED

    async def serve(self, scope: Any, _receive: Receive, send: Send) -> None:
        """Answer a request for which the framework has found this route. What is raised here the framework answers as a problem."""
        answer = await self._answer(scope)
        content = _encode(answer)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content)), *self._headers(scope, answer)]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": content, "more_body": False})

    async def _answer(self, scope: Any) -> R:
        body, parts = passage_of(scope).body, dict(scope["path_params"])
        if scope["query_string"]:
            refuse_unknown_parameters(scope["query_string"])
        if self._body is None:
            refuse_body(body)
        else:
            parts["data"] = read_body(self._body, body)
        ask = self._put(**parts)
        caller = earlier(knock_of(scope), parts.get("data"))
        return await soon(self._command, scope["litestar_app"].state.store, caller, ask)

    def _headers(self, scope: Any, answer: Any) -> list[tuple[bytes, bytes]]:
        version = b'"%d"' % answer.version
        if self._created is None:
            return [(b"etag", version)]
        place = self._created.format(id=answer.id, **scope["path_params"])
        return [(b"location", place.encode()), (b"etag", version)]
