"""What holds for every route of the interface, whoever writes the next one: checked before its handler is called."""

from collections.abc import Container
from typing import Any
from urllib.parse import parse_qsl

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from casework.http.front import SAFE
from casework.http.passage import passage_of
from casework.http.problems import TurnedAway

KEYLESS = "keyless"
"""A handler's `opt`: signing in and out need no key. A second sign-in is a second session on purpose, and its token is kept nowhere."""

Connection = ASGIConnection[Any, Any, Any, Any]


def needs_key(handler: BaseRouteHandler, method: str) -> bool:
    """Whether a request to this handler must carry an idempotency key: what `call_of` demands, for the document to say so."""
    return method not in SAFE and not handler.opt.get(KEYLESS)


async def only_known_parameters(connection: Connection, handler: BaseRouteHandler) -> None:
    """A query parameter that the handler does not name, or one sent twice, is refused: nothing is silently ignored. Raises TurnedAway."""
    if connection.scope["query_string"]:
        known = set(handler.parsed_fn_signature.parameters) - set(handler.resolve_dependencies()) - set(connection.path_params)
        refuse_unknown_parameters(connection.scope["query_string"], known - {"data", "request"})


async def no_unread_body(connection: Connection, handler: BaseRouteHandler) -> None:
    """A body that nobody reads is refused rather than ignored. Raises TurnedAway."""
    if "data" not in handler.parsed_fn_signature.parameters:
        refuse_body(passage_of(connection.scope).body)


def refuse_unknown_parameters(query: bytes, known: Container[str] = ()) -> None:
    """Refuse a query string that names anything else, or anything twice. Raises TurnedAway."""
    sent = [name for name, _ in parse_qsl(query.decode(), keep_blank_values=True)]
    if len(sent) != len(set(sent)) or not all(name in known for name in sent):
        raise TurnedAway("unknown_parameter")


def refuse_body(body: bytes) -> None:
    """Refuse a body that says anything. Raises TurnedAway."""
    if body.strip() not in {b"", b"{}"}:
        raise TurnedAway("unread_body")
