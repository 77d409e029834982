"""What is known of a request from the door on: its id, the moment it came, its headers, its language and its body."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from casework.services.sessions import Session
from casework.words import Language

KEY = "passage"
_LONGEST_HEADER = 200


class Passage(msgspec.Struct, kw_only=True):
    """One request on its way. `account`, `code` and `failure` are for the log line.

    `headers` are by name in small letters; `interface` is whether the JSON interface was asked; `form` holds the fields of a form post.
    `session` is kept where somebody only reads. `judged` is whether the proof that came along was looked at, `renewed` the token that it
    gave its session; `cookies` go out with the answer, whatever it is.
    """

    request_id: str
    at: datetime
    language: Language
    headers: Mapping[bytes, str] = {}
    interface: bool = False
    body: bytes = b""
    form: tuple[tuple[str, str], ...] = ()
    account: str = ""
    renewed: str = ""
    judged: bool = False
    session: Session | None = None
    cookies: tuple[tuple[bytes, bytes], ...] = ()
    code: str = ""
    failure: Exception | None = None

    def note(self, code: str, failure: Exception | None = None) -> None:
        """Remember for the log which problem this request met."""
        self.code = code
        self.failure = failure


def passage_of(scope: Mapping[str, Any]) -> Passage:
    """Return the passage that the front door opened for this request."""
    passage: Passage = scope["state"][KEY]
    return passage


def header(scope: Mapping[str, Any], name: bytes) -> str:
    """Return a header's value, or ""."""
    return passage_of(scope).headers.get(name, "")


def headers_of(sent: Iterable[tuple[bytes, bytes]]) -> dict[bytes, str]:
    """Return headers by name. Where one was sent more than once the values are joined, so no copy can hide behind another."""
    found: dict[bytes, str] = {}
    for given, value in sent:
        name, text = given.lower(), value.decode("latin-1")
        found[name] = text if name not in found else f"{found[name]}{'; ' if name == b'cookie' else ', '}{text}"
    return found


def language_of(accepted: str) -> Language:
    """Return the language a client prefers (`Accept-Language`): English only where it is asked for before Indonesian."""
    if not accepted:
        return "id"
    weights = {"id": 0.0, "en": 0.0}
    for part in accepted[:_LONGEST_HEADER].split(","):
        tag, _, parameter = part.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        if primary in weights:
            weights[primary] = max(weights[primary], _weight(parameter))
    return "en" if weights["en"] > weights["id"] else "id"


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=")) if parameter else 1.0
    except ValueError:
        return 0.0
