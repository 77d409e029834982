"""What holds for every route of the interface, whoever writes the next one: checked before its handler is called."""

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from casework.http.front import SAFE
from casework.http.passage import passage_of
from casework.http.problems import TurnedAway
from casework.http.session import key_of, seen_of

KEYLESS = "keyless"
"""A handler's `opt`: signing in and out need no key. A second sign-in is a second session on purpose, and its token is kept nowhere."""

Connection = ASGIConnection[Any, Any, Any, Any]


def changes_name_key_and_version(connection: Connection, handler: BaseRouteHandler) -> None:
    """A change has its idempotency key, and a change to an existing case names the version seen. Raises TurnedAway."""
    request = Request[Any, Any, Any](connection.scope)
    if not needs_key(handler, request.method):
        return
    key_of(request)
    if "case_id" in connection.path_params and seen_of(request) is None:
        raise TurnedAway("version_missing")


def needs_key(handler: BaseRouteHandler, method: str) -> bool:
    """Whether a request to this handler must carry an idempotency key."""
    return method not in SAFE and not handler.opt.get(KEYLESS)


def only_known_parameters(connection: Connection, handler: BaseRouteHandler) -> None:
    """A query parameter that the handler does not name, or one sent twice, is refused: nothing is silently ignored. Raises TurnedAway."""
    sent = [name for name, _ in parse_qsl(connection.scope["query_string"].decode(), keep_blank_values=True)]
    named = (
        set(handler.parsed_fn_signature.parameters)
        - set(handler.resolve_dependencies())
        - set(connection.path_params)
        - {"data", "request"}
    )
    if len(sent) != len(set(sent)) or not named.issuperset(sent):
        raise TurnedAway("unknown_parameter")


def no_unread_body(connection: Connection, handler: BaseRouteHandler) -> None:
    """A body that nobody reads is refused rather than ignored. Raises TurnedAway."""
    if "data" not in handler.parsed_fn_signature.parameters and passage_of(connection.scope).body.strip() not in {b"", b"{}"}:
        raise TurnedAway("unread_body")
