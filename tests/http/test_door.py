"""The front door: bounded on any input, our headers on every answer, one log line per request."""

import asyncio
import gc
import io
import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import TestClient

from casework.http import wire
from casework.http.front import Front
from casework.http.headers import CONTENT_SECURITY_POLICY
from casework.http.passage import language_of
from casework.http.problems import TurnedAway
from tests.http.conftest import PASSWORD, Clock, Somebody

WORST: dict[str, Callable[[int], bytes]] = {
    "open brackets": lambda size: b"[" * size,
    "open objects": lambda size: b'{"a":' * (size // 5),
    "pairs of brackets": lambda size: b"[" + b"[]," * (size // 3 - 1) + b"[]]",
    "one unfinished string of quotes": lambda size: b'"' + b'\\"' * (size // 2 - 1),
    "backslashes": lambda size: b'"' + b"\\" * (size - 2) + b'"',
    "many strings": lambda size: b"[" + b'"",' * (size // 3 - 1) + b'""]',
    "escaped controls": lambda size: b'"' + b"\\u0041" * (size // 6 - 1) + b'"',
    "one long number": lambda size: b"9" * size,
    "many keys": lambda size: b"{" + b",".join(b'"%d":0' % number for number in range(size // 13)) + b"}",
    "the same key": lambda size: b"{" + b",".join(b'"a":0' for _ in range(size // 6)) + b"}",
    "spaces": lambda size: b" " * size,
    "not UTF-8": lambda size: b"\xff" * size,
    "surrogates": lambda size: b'"' + b"\\ud800" * (size // 6 - 1) + b'"',
}


def cost(body: bytes) -> float:
    """Return the least of five times (CPU) that judging a body takes."""

    def once() -> float:
        started = time.process_time()
        with suppress(TurnedAway):
            wire.check_json(body)
        return time.process_time() - started

    return min(once() for _ in range(5))


@pytest.mark.parametrize("name", WORST)
def test_judging_the_worst_bodies_costs_in_proportion_to_their_size(name: str) -> None:
    """Eight times the size: eight times the cost when linear, 64 times when not. A few milliseconds are no danger, however they grow.

    What the tests have loaded is kept from the collector, as a worker does.
    """
    gc.freeze()
    whole, part = cost(WORST[name](wire.MAX_BODY)), cost(WORST[name](wire.MAX_BODY // 8))
    gc.unfreeze()
    assert whole <= 24 * max(part, 0.001)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" * 33 + b"]" * 33, "too_deep"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, "too_deep"),
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"NaN", "malformed"),
        (b"[Infinity]", "malformed"),
        (b"{'a': 1}", "malformed"),
        (b'{"a": 1}{"b": 2}', "malformed"),
        (b'"a\nb"', "malformed"),
        (b'"a\x00b"', "control_characters"),
        (b'"a\x7fb"', "control_characters"),
        (b'"\xc2\x85"', "control_characters"),
        (b'"\\u0000"', "control_characters"),
        (b'"\\u001F"', "control_characters"),
        (b'"\\b"', "control_characters"),
        (b'"\\\\\\u0000"', "control_characters"),
        (b'{"a\\u0000": 1}', "control_characters"),
        (b'"\xed\xa0\x80"', "not_utf8"),
        (b'"\xc0\xaf"', "not_utf8"),
        (b'\xff\xfe"\x00a\x00', "not_utf8"),
        (b'{"a": 1, "\\u0061": 2}', "duplicate_key"),
        (b'[{"x": {"a": 1, "a": 1}}]', "duplicate_key"),
    ],
)
def test_json_that_is_turned_away(body: bytes, code: str) -> None:
    with pytest.raises(TurnedAway) as turned_away:
        wire.check_json(body)
    assert turned_away.value.code == code


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 32 + b"]" * 32,
        b'{"brackets": "' + b"[" * 100 + b'"}',
        b'"\\\\u0000 is written, not meant"',
        b'"two\\nlines\\tand a tab"',
        b'"\\ud83d\\ude00"',
        b'[{"a": 1}, {"a": 2}]',
        '"Kutai Kartanegara – ibu kota Tenggarong"'.encode(),
    ],
)
def test_json_that_comes_in(body: bytes) -> None:
    wire.check_json(body)


_text = st.text(st.characters(blacklist_categories=("Cs", "Cc")))
_values: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | _text,
    lambda inner: st.lists(inner) | st.dictionaries(_text, inner),
    max_leaves=20,
)


@given(_values)
def test_ordinary_json_always_comes_in(value: Any) -> None:
    wire.check_json(json.dumps(value).encode())
    wire.check_json(json.dumps(value, ensure_ascii=False).encode())


@given(st.binary(max_size=200))
def test_whatever_comes_is_let_in_or_turned_away_and_nothing_else(body: bytes) -> None:
    for check in (wire.check_json, wire.read_form):
        try:
            check(body)
        except TurnedAway:
            continue


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_any_address_is_let_in_or_turned_away(path: bytes, query: bytes) -> None:
    with suppress(TurnedAway):
        wire.check_address(path, query)


@given(st.text(max_size=300))
def test_any_language_header_is_understood(header: str) -> None:
    assert language_of(header) in {"id", "en"}


@pytest.mark.parametrize("path", ["/api/health", "/api/me", "/nope", "/api/forms/%00", "/api/docs"])
def test_every_answer_carries_our_headers(stranger: Somebody, path: str) -> None:
    headers = stranger.get(path).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert len(headers["x-request-id"]) == 32


def test_strict_transport_is_only_spoken_of_on_https(app: Litestar) -> None:
    with TestClient(app, base_url="http://casework.local") as client:
        assert "strict-transport-security" not in client.get("/api/health").headers


def test_a_request_id_is_ours_and_new_each_time(stranger: Somebody) -> None:
    ids = {stranger.get("/api/health", headers={"x-request-id": "mine"}).headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3
    assert "mine" not in ids


def test_one_request_is_one_line_without_a_word_about_a_person(stranger: Somebody, log: io.StringIO) -> None:
    stranger.post("/api/sessions?siti=rahmah", {"username": "siti rahmah", "password": PASSWORD}, headers={"user-agent": "Siti"})
    stranger.get("/siti/rahmah")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["event"], line["method"], line["status"], line["code"]) for line in lines] == [
        ("request_answered", "POST", 400, "unknown_parameter"),
        ("request_answered", "GET", 404, "not_found"),
    ]
    assert lines[0]["path_template"] == "/api/sessions"
    assert "siti" not in log.getvalue().lower()
    assert PASSWORD not in log.getvalue()


def test_the_log_line_names_the_account_and_the_request(rina: Somebody, log: io.StringIO) -> None:
    answer = rina.get("/api/me")
    last = json.loads(log.getvalue().splitlines()[-1])
    assert (last["account"], last["request_id"]) == (answer.json()["who"]["account"], answer.headers["x-request-id"])


def _scope(**changes: Any) -> Any:
    scope = {
        "type": "http",
        "method": "POST",
        "scheme": "http",
        "path": "/api/x",
        "raw_path": b"/api/x",
        "query_string": b"",
        "headers": [],
    }
    return {**scope, "state": {}, **changes}


def _through(front: Front, scope: Any, receive: Any) -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(front(scope, receive, send))
    return sent


async def _unreached(_scope: Any, _receive: Any, _send: Any) -> None:
    raise RuntimeError


def test_a_body_that_never_ends_is_given_up(log: io.StringIO) -> None:
    async def silence() -> Any:
        await asyncio.Event().wait()

    sent = _through(Front(_unreached, Clock(), body_seconds=0), _scope(), silence)
    assert (sent[0]["status"], json.loads(sent[1]["body"])["code"]) == (408, "too_slow")
    assert json.loads(log.getvalue())["status"] == 408


def test_a_client_that_leaves_gets_no_answer_and_reaches_nothing(log: io.StringIO) -> None:
    async def gone() -> Any:
        return {"type": "http.disconnect"}

    assert _through(Front(_unreached, Clock()), _scope(), gone) == []
    assert "client_gone" in log.getvalue()


def test_a_body_sent_with_a_question_is_not_read() -> None:
    async def application(_scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": (await receive())["body"]})

    async def body() -> Any:
        return {"type": "http.request", "body": b"\x00[[[[", "more_body": False}

    sent = _through(Front(application, Clock()), _scope(method="GET", headers=[(b"content-length", b"5")]), body)
    assert (sent[0]["status"], sent[1]["body"]) == (200, b"")


def test_a_form_is_for_pages_and_json_for_the_interface_however_the_path_is_written() -> None:
    async def body() -> Any:
        return {"type": "http.request", "body": b"a=1", "more_body": False}

    form = [(b"content-type", b"application/x-www-form-urlencoded")]
    for path in ("/api/x", "//api/x", "/api", "/api//x/"):
        sent = _through(Front(_unreached, Clock()), _scope(path=path, headers=form), body)
        assert sent[0]["status"] == 415
