"""What may come over the wire at all: pure checks on bytes, before anything is parsed for its meaning. Linear in the size of the input.

Everything that passes is UTF-8 without control characters. JSON is at most 32 deep and names no key twice. Form fields are text.
"""

import json
import re
from itertools import accumulate
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from casework.http.problems import TurnedAway

MAX_BODY = 256 * 1024
"""Bytes of one request body."""
MAX_PATH = 2_048
"""Bytes of path and query together."""
MAX_DEPTH = 32
MAX_FIELDS = 2_000
"""Fields of one form."""

_PLAIN = re.compile(rb"[!-$&-~]*")
"""Bytes of an address that stand for themselves: no escape, nothing outside ASCII."""
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+\\?(?:"|\Z)', re.DOTALL)
_NOT_A_BRACKET = bytes(byte for byte in range(256) if byte not in b"[]{}")
_STEP = [1 if byte in b"[{" else -1 for byte in range(256)]
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_CONTROL_OR_BREAK = re.compile("[\x00-\x1f\x7f-\x9f]")
_ESCAPED_CONTROL = re.compile(r"(?<!\\)(?:\\\\)*+\\(?:[bf]|u00(?:0[0-8bcef]|1[0-9a-f]|7f|[89][0-9a-f]))", re.IGNORECASE)


def check_address(path: bytes, query: bytes) -> None:
    """Check a raw path and query string. Raises TurnedAway."""
    if len(path) + len(query) > MAX_PATH:
        raise TurnedAway("address_too_long")
    if _PLAIN.fullmatch(path) and _PLAIN.fullmatch(query):
        return
    for part in (path, query.replace(b"+", b" ")):
        try:
            text = unquote_to_bytes(part).decode()
        except UnicodeDecodeError as error:
            raise TurnedAway("malformed_address") from error
        if _CONTROL_OR_BREAK.search(text):
            raise TurnedAway("malformed_address")


def check_json(body: bytes) -> None:
    """Check a JSON body. Raises TurnedAway with the first thing wrong. Half of a surrogate pair is found by whoever reads its meaning."""
    text = _text(body)
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _depth(body) > MAX_DEPTH:
        raise TurnedAway("too_deep")
    try:
        _READER.decode(text)
    except (ValueError, RecursionError) as error:
        raise TurnedAway("malformed") from error
    if b"\\" in body and _ESCAPED_CONTROL.search(text):
        raise TurnedAway("control_characters")


def read_form(body: bytes) -> tuple[tuple[str, str], ...]:
    """Return the fields of a form (`application/x-www-form-urlencoded`) in their order. Raises TurnedAway."""
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise TurnedAway("malformed") from error
    for field in fields:
        check_text(*field)
    return tuple(fields)


def check_text(*parts: str) -> None:
    """Check texts of a form. Raises TurnedAway."""
    if any(_CONTROL.search(part) for part in parts):
        raise TurnedAway("control_characters")


def _text(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise TurnedAway("not_utf8") from error
    if _CONTROL.search(text):
        raise TurnedAway("control_characters")
    return text


def _depth(body: bytes) -> int:
    """How deep brackets open, counted outside strings. An unfinished string reaches to the end, so this stays linear on any input."""
    brackets = _STRING.sub(b"", body).translate(None, _NOT_A_BRACKET)
    return max(accumulate(map(_STEP.__getitem__, brackets)), default=0)


def _keys_are_unique(pairs: list[tuple[str, Any]]) -> None:
    if len({key for key, _ in pairs}) != len(pairs):
        raise TurnedAway("duplicate_key")


def _no_constants(_name: str) -> None:
    """Refuse NaN and Infinity: they are not JSON."""
    raise ValueError


_READER = json.JSONDecoder(object_pairs_hook=_keys_are_unique, parse_constant=_no_constants, parse_int=len, parse_float=len)
"""Reads only to judge; numbers are not computed."""
