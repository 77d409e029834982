"""Pictures over HTTP: known by their bytes and by nothing that is said about them, read only for who is signed in, shown in a sandbox."""

import asyncio
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from litestar import Litestar

from casework.http import uploads
from casework.http.headers import SANDBOX
from casework.http.session import COOKIE
from casework.services.pictures import MOST_BYTES, is_plain
from tests.databases import Database
from tests.http.conftest import Doorway, Place, Somebody, registered
from tests.pictures import NO_PICTURES, SCRIPT, SECRET, photo, telling

JPEG = {"content-type": "image/jpeg"}


@pytest.fixture
def case(enter: Doorway, place: Place) -> tuple[str, int]:
    """A case that is Rina's, and its version."""
    made, version = registered(enter("rina"))
    assigned = enter("surya").post(f"/api/cases/{made}/assignment", {"person": place.persons["rina"]}, version=version)
    return made, assigned.json()["version"]


def send(who: Somebody, case: str, version: int, content: bytes, *, kind: str = "family_card", **rest: Any) -> httpx.Response:
    headers = JPEG | rest.pop("headers", {})
    return who.post(f"/api/cases/{case}/attachments?kind={kind}", version=version, content=content, headers=headers, **rest)


def test_a_picture_is_added_shown_and_withdrawn(enter: Doorway, case: tuple[str, int], database: Database) -> None:
    rina, (made, version) = enter("rina"), case
    added = send(rina, made, version, telling() + SCRIPT)
    assert (added.status_code, added.headers["etag"]) == (201, f'"{version + 1}"'), added.text
    place = added.headers["location"]
    shown = rina.get(place)
    assert shown.status_code == 200
    assert is_plain(shown.content)
    assert SECRET not in shown.content
    assert SCRIPT not in shown.content
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["content-security-policy"] == SANDBOX
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["content-disposition"].startswith('inline; filename="')
    assert shown.headers["content-disposition"].endswith('-family_card.jpg"')
    (line,) = rina.get(f"/api/cases/{made}").json()["attachments"]
    assert (line["id"], line["opened"], line["may_withdraw"]) == (added.json()["id"], True, True)
    gone = rina.post(f"{place}/withdrawal", {"why": "unreadable"}, version=version + 1)
    assert gone.status_code == 200, gone.text
    assert rina.get(f"/api/cases/{made}").json()["attachments"][0]["withdrawn"]["en"] == "it cannot be read"
    assert len(database.rows("SELECT id FROM attachment")) == 1


def test_what_it_is_called_and_said_to_be_changes_nothing(enter: Doorway, case: tuple[str, int]) -> None:
    rina, (made, version) = enter("rina"), case
    added = send(rina, made, version, photo(), headers={"content-type": "application/octet-stream", "content-disposition": "../../x.php"})
    assert added.status_code == 201, added.text
    again = send(rina, made, version + 1, photo(), headers={"content-type": "image/png"})
    assert (again.status_code, again.json()["reasons"][0]["code"]) == (409, "already_done")


def test_everything_that_is_no_picture_is_turned_away_with_what_to_do(enter: Doorway, case: tuple[str, int], database: Database) -> None:
    rina, (made, version) = enter("rina"), case
    for what, content in NO_PICTURES.items():
        answer = send(rina, made, version, content, kind="diary")
        assert answer.status_code in {413, 422}, what
        assert answer.status_code == 413 or {fault["path"] for fault in answer.json()["errors"]} == {"$.kind", "$.picture"}, what
    assert database.rows("SELECT id FROM attachment") == []
    for said in ({"content-type": "text/html"}, {"content-type": "multipart/form-data; boundary=x"}, {"content-encoding": "gzip"}):
        assert send(rina, made, version, photo(), headers=said).status_code == 415
    assert send(rina, made, version, photo(), headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert (
        rina.post(
            f"/api/cases/{made}/attachments?kind=other&name=../../etc/passwd", version=version, content=photo(), headers=JPEG
        ).status_code
        == 400
    )
    assert (
        rina.ask("POST", f"/api/cases/{made}/attachments?kind=other", content=photo(), headers=JPEG | {"if-match": '"1"'}).status_code
        == 400
    )


def test_nobody_else_adds_or_opens_one_and_no_other_address_takes_so_much(
    enter: Doorway, case: tuple[str, int], stranger: Somebody
) -> None:
    made, version = case
    place = send(enter("rina"), made, version, photo()).headers["location"]
    nowhere = place.replace(made, "0" * 26)
    for name in ("lain", "hana"):
        hidden, missing = enter(name).get(place), enter(name).get(nowhere)
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert send(enter(name), made, version + 1, photo(91)).status_code == 404
    assert enter("agung").get(place).status_code == 404
    assert send(enter("agung"), made, version + 1, photo(91)).status_code == 409
    assert send(stranger, made, version + 1, photo(91)).status_code == 401
    large = bytes(300 * 1024)
    assert enter("rina").post(f"/api/cases/{made}/records", content=large, headers={"content-type": "application/json"}).status_code == 413
    assert enter("rina").post(f"/api/cases/{made}/documents", content=large, headers=JPEG).status_code == 415


class Endless:
    """A client of the raw application whose body never ends, and that counts how much of it was taken."""

    def __init__(self, app: Litestar, path: str, *headers: tuple[bytes, bytes]) -> None:
        self.app, self.taken, self.status = app, 0, 0
        self.scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": path, "raw_path": path.encode(),
            "query_string": b"kind=other", "root_path": "", "scheme": "https", "headers": [(b"host", b"casework.local"), *headers],
            "client": ("127.0.0.1", 1), "server": ("casework.local", 443), "state": {}, "extensions": {}, "app": app, "litestar_app": app,
        }  # fmt: skip

    def ask(self) -> int:
        asyncio.run(self.app(self.scope, self._receive, self._send))  # type: ignore[arg-type]
        return self.status

    async def _receive(self) -> dict[str, Any]:
        self.taken += 64 * 1024
        return {"type": "http.request", "body": bytes(64 * 1024), "more_body": True}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)


def test_of_a_stranger_not_a_byte_is_read_and_of_anybody_no_more_than_may_come(
    app: Litestar, enter: Doorway, case: tuple[str, int]
) -> None:
    path = f"/api/cases/{case[0]}/attachments"
    head = ((b"content-type", b"image/jpeg"), (b"idempotency-key", b"key-of-a-picture"), (b"if-match", b'"1"'))
    stranger = Endless(app, path, *head)
    assert (stranger.ask(), stranger.taken) == (401, 0)
    rina = Endless(app, path, *head, (b"cookie", f"{COOKIE}={enter('rina').token}".encode()))
    assert rina.ask() == 413
    assert rina.taken < MOST_BYTES + 256 * 1024


def test_whoever_comes_when_too_many_pictures_arrive_is_asked_to_try_again(enter: Doorway, case: tuple[str, int]) -> None:
    rina, (made, version) = enter("rina"), case
    with full():
        answer = send(rina, made, version, photo())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert send(rina, made, version, photo()).status_code == 201
    assert uploads._Counted.now == 0


def full() -> ExitStack:
    """Hold every place there is."""
    stack = ExitStack()
    for _ in range(uploads.AT_ONCE):
        stack.enter_context(uploads.a_place())
    return stack
