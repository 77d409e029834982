"""The traps of Litestar 2.25 (HOUSE 4): each is shown on the framework's default, then shown to be closed here.

When a default stops failing, its half of the test fails: then the wall here may be taken down.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, Request, get, post
from litestar.config.csrf import CSRFConfig
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.middleware.session.server_side import ServerSideSessionConfig
from litestar.params import JSONBody
from litestar.testing import TestClient
from msgspec import Struct

from casework.http.app import create
from casework.http.session import COOKIE, call_of
from casework.settings import Settings
from tests.application import own
from tests.house.sources import ROOT
from tests.http.conftest import HOME, PASSWORD, Clock, Doorway, Somebody, registered

HTTP = ROOT / "casework" / "http"
JSON = {"content-type": "application/json"}


class Answer(Struct):
    accepted: bool


@post("/echo", sync_to_thread=False)
def echo(data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    return data


@post("/answer", sync_to_thread=False)
def answer(data: JSONBody[Answer]) -> Answer:
    return data


@get("/page", sync_to_thread=False)
def page() -> str:
    return "form"


def default(*handlers: Any, **config: Any) -> TestClient[Litestar]:
    """Return a client of an application as the framework makes it."""
    app = Litestar([*handlers], openapi_config=config.pop("openapi_config", None), logging_config=None, **config)
    return TestClient(app, base_url=HOME, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("body", "there", "code"),
    [
        (b"[" * 5_000 + b"]" * 5_000, 500, "too_deep"),
        (b'{"username": "\xff"}', 500, "not_utf8"),
        (b'{"username": "a\\u0000b", "password": "x"}', 201, "control_characters"),
        (b'{"username": "a", "username": "b", "password": "x"}', 201, "duplicate_key"),
        (b'{"username": "\\ud800", "password": "x"}', 400, "malformed"),
        (b'{"username": "a", "password": NaN}', 400, "malformed"),
    ],
)
def test_a_body_that_is_not_decent_json_is_turned_away(stranger: Somebody, body: bytes, there: int, code: str) -> None:
    with default(echo) as client:
        assert client.post("/echo", content=body, headers=JSON).status_code == there
    refused = stranger.post("/api/sessions", content=body, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (400, code)


def test_a_body_of_another_type_is_not_read_as_json(stranger: Somebody) -> None:
    with default(echo) as client:
        assert client.post("/echo", content=b'{"a": 1}', headers={"content-type": "text/plain"}).status_code == 201
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/msgpack"):
        refused = stranger.post("/api/sessions", content=b'{"username": "a", "password": "x"}', headers={"content-type": kind})
        assert (refused.status_code, refused.json()["code"]) == (415, "content_type")


def test_a_word_is_not_read_as_a_boolean(enter: Doorway) -> None:
    with default(answer) as client:
        assert client.post("/answer", json={"accepted": "false"}).json() == {"accepted": False}
    hana = enter("hana")
    refused = hana.post("/api/cases/0/offers/0/answer", {"accepted": "false"}, version=1)
    assert refused.status_code == 422
    assert [fault["path"] for fault in refused.json()["errors"]] == ["$.accepted"]


def test_a_session_id_chosen_before_signing_in_is_useless_after_it(client: TestClient[Litestar]) -> None:
    @post("/sign-in", sync_to_thread=False)
    def sign_in(request: Request[Any, Any, Any]) -> None:
        request.set_session({"who": "rina"})

    @get("/who", sync_to_thread=False)
    def who(request: Request[Any, Any, Any]) -> dict[str, Any]:
        return dict(request.session)

    planted = "a" * 64
    with default(sign_in, who, middleware=[ServerSideSessionConfig().middleware]) as there:
        there.post("/sign-in", headers={"cookie": f"session={planted}"})
        there.cookies.clear()
        assert there.get("/who", headers={"cookie": f"session={planted}"}).json() == {"who": "rina"}

    victim = Somebody(client, planted)
    entered = victim.post("/api/sessions", {"username": "rina", "password": PASSWORD})
    assert entered.cookies[COOKIE] != planted
    assert victim.get("/api/me").status_code == 401


def test_signing_in_again_ends_the_session_that_came_along(enter: Doorway, client: TestClient[Litestar]) -> None:
    first = enter("rina")
    second = first.post("/api/sessions", {"username": "rina", "password": PASSWORD})
    assert first.get("/api/me").status_code == 401
    assert Somebody(client, second.cookies[COOKIE]).get("/api/me").status_code == 200


def test_the_session_cookie_is_bound_to_this_host_and_to_a_secure_connection(stranger: Somebody) -> None:
    @post("/sign-in", sync_to_thread=False)
    def sign_in(request: Request[Any, Any, Any]) -> None:
        request.set_session({"who": "rina"})

    with default(sign_in, middleware=[ServerSideSessionConfig().middleware]) as there:
        assert "secure" not in there.post("/sign-in").headers["set-cookie"].lower()
    given = stranger.post("/api/sessions", {"username": "rina", "password": PASSWORD}).headers["set-cookie"]
    name, *attributes = re.split(r"; *", given)
    assert name.startswith("__Host-casework=")
    assert {attribute.lower() for attribute in attributes} == {"secure", "httponly", "samesite=strict", "path=/"}


@pytest.mark.parametrize("app", [own], indirect=True)
def test_the_form_token_of_one_session_is_worth_nothing_in_another(app: Litestar, enter: Doorway) -> None:
    with default(page, echo, csrf_config=CSRFConfig(secret="x" * 32)) as there:
        attacker = there.get("/page").cookies["csrftoken"]
        there.cookies.clear()
        sent = {"cookie": f"csrftoken={attacker}; session=the-victims-own", "x-csrftoken": attacker}
        assert there.post("/echo", json={}, headers=sent).status_code == 201

    @post("/form", sync_to_thread=True)
    def send(request: Request[Any, Any, Any]) -> str:
        return call_of(request).who.name

    app.register(send)
    rina, dewi = enter("rina"), enter("dewi")
    fields = {"key": "form-key-1", "version": "3"}
    assert rina.ask("POST", "/form", data={**fields, "csrf": rina.csrf}).text == "Rina"
    for token in (dewi.csrf, "", "x"):
        refused = rina.ask("POST", "/form", data={**fields, "csrf": token})
        assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    for empty in ("", "&", "x"):
        bare = {"content-type": "application/x-www-form-urlencoded", "idempotency-key": "form-key-1", "if-match": '"3"'}
        assert rina.ask("POST", "/form", content=empty, headers=bare).status_code == 403
    twice = f"csrf={rina.csrf}&csrf={rina.csrf}&key=form-key-1"
    assert rina.ask("POST", "/form", content=twice, headers={"content-type": "application/x-www-form-urlencoded"}).status_code == 403


def test_attempts_are_counted_over_all_processes(settings: Settings, clock: Clock) -> None:
    limit = RateLimitConfig(rate_limit=("minute", 1)).middleware
    with default(page, middleware=[limit]) as one, default(page, middleware=[limit]) as other:
        assert [client.get("/page").status_code for client in (one, other)] == [200, 200]

    guess = {"username": "rina", "password": "wrong"}
    with (
        TestClient(create(settings, clock=clock), base_url=HOME) as one,
        TestClient(create(settings, clock=clock), base_url=HOME) as other,
    ):
        statuses = [Somebody(client).post("/api/sessions", guess).status_code for client in (one, other, one, other, one)]
        assert statuses == [401] * 5
        refused = Somebody(other).post("/api/sessions", {"username": "rina", "password": PASSWORD})
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
        clock.forward(minutes=16)
        assert Somebody(other).post("/api/sessions", {"username": "rina", "password": PASSWORD}).status_code == 201


def test_the_page_about_the_interface_loads_nothing_from_elsewhere(stranger: Somebody) -> None:
    with TestClient(Litestar([page], logging_config=None), base_url=HOME) as there:
        assert "https://cdn" in there.get("/schema").text
    shown = stranger.get("/api/docs")
    assert shown.status_code == 200
    assert re.findall(r"(?:src|href)=\"(?!/api/|#)[^\"]*\"|<script|<style|style=|https?://", shown.text) == []
    assert "POST /api/cases/{case_id}/transitions" in shown.text


@pytest.mark.parametrize(
    "gone_in_3",
    [
        "litestar.contrib",
        "litestar.logging",
        "StructlogPlugin",
        "Dependency(",
        " Parameter(",
        "BackgroundTask",
        "event_emitter",
        "listeners=",
    ],
)
def test_nothing_is_used_that_litestar_3_drops_or_that_a_crash_loses(gone_in_3: str) -> None:
    files = [path for path in HTTP.rglob("*.py") if "document.py" not in path.name]
    assert files
    assert [str(path) for path in files if gone_in_3 in Path(path).read_text(encoding="utf-8")] == []


def test_a_case_cannot_be_moved_by_naming_a_state(enter: Doorway) -> None:
    rina = enter("rina")
    case, version = registered(rina)
    for body in ({"state": "closed"}, {"trigger": "start_assessment", "state": "closed"}, {"trigger": "start_assessment", "owner": "x"}):
        refused = rina.post(f"/api/cases/{case}/transitions", body, version=version)
        assert refused.status_code == 422
        assert {"$.state", "$.owner"} & {fault["path"] for fault in refused.json()["errors"]}
    assert rina.post(f"/api/cases/{case}/transitions?state=closed", {"trigger": "start_assessment"}, version=version).status_code == 400
    assert rina.get(f"/api/cases/{case}").json()["state"] == "reported"
