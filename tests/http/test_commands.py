"""Every change goes one way: no thread waits for it, and what the framework would have checked is checked."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import httpx
import pytest
from litestar import Litestar

from casework.http.session import COOKIE
from tests.databases import Database, held
from tests.http.conftest import HOME, Doorway, Somebody, new_case, registered
from tests.http.test_contract import operations

MORE_THAN_THERE_ARE_THREADS = 50


def test_every_change_but_signing_in_proving_it_signing_out_and_a_picture_is_a_command_route(app: Litestar) -> None:
    changes = {path: handler for method, path, handler in operations(app) if method != "GET"}
    other = {path for path, handler in changes.items() if not handler.resolve_middleware()}
    assert other == {"/api/sessions", "/api/sessions/current", "/api/sessions/current/proof", "/api/cases/{case_id}/attachments"}


def test_commands_that_wait_for_the_database_hold_no_thread(app: Litestar, rina: Somebody, database: Database) -> None:
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # two names for one type

    async def together() -> tuple[int, list[int]]:
        headers = {"cookie": f"{COOKIE}={rina.token}"}
        async with httpx.AsyncClient(transport=transport, base_url=HOME, headers=headers) as client:

            def change(number: int) -> Coroutine[Any, Any, httpx.Response]:
                return client.post("/api/cases", json=new_case(), headers={"idempotency-key": f"many-{number:04}"})

            with held(database, "counter"):
                waiting = [asyncio.create_task(change(number)) for number in range(MORE_THAN_THERE_ARE_THREADS)]
                await client.get("/api/docs")  # answered in a thread; meanwhile every change comes as far as it can
                asked = await client.get("/api/docs")
                assert not any(task.done() for task in waiting)
            return asked.status_code, [(await task).status_code for task in waiting]

    assert asyncio.run(together()) == (200, [201] * MORE_THAN_THERE_ARE_THREADS)


def test_what_the_path_says_and_what_came_into_being_is_where_the_answer_says(rina: Somebody) -> None:
    entered = rina.post("/api/cases", new_case())
    case = entered.json()["id"]
    assert (entered.headers["location"], entered.headers["etag"]) == (f"/api/cases/{case}", f'"{entered.json()["version"]}"')
    kin = rina.post(f"/api/cases/{case}/relatives", {"name": "Siti", "relation": "aunt", "degree": 3}, version=entered.json()["version"])
    assert (kin.status_code, kin.headers["location"], kin.headers["content-type"]) == (201, f"/api/cases/{case}", "application/json")
    paper = {"kind": "family_card", "number": "1", "issuer": "Disdukcapil", "issued_on": "2020-01-01"}
    attached = rina.post(f"/api/cases/{case}/documents", paper, version=kin.json()["version"])
    assert rina.get(attached.headers["location"]).json()["id"] == attached.json()["id"]
    assert attached.headers["etag"] == f'"{attached.json()["version"]}"'


@pytest.mark.parametrize("path", ["/api/cases/{case}/transitions", "//api//cases/{case}/transitions/"])
def test_a_command_hears_nothing_but_its_body(rina: Somebody, path: str) -> None:
    case, version = registered(rina)
    address = HOME + path.format(case=case)
    step = {"trigger": "start_assessment"}
    assert rina.post(f"{address}?trigger=close", step, version=version).json()["code"] == "unknown_parameter"
    assert rina.post(address, version=version).json()["code"] == "invalid_request"
    assert rina.post(address, [step], version=version).json()["code"] == "invalid"
    assert rina.get(f"/api/cases/{case}").json()["version"] == version
    wrong = rina.ask("DELETE", address)
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")


def test_a_session_cookie_that_is_sent_twice_opens_nothing(enter: Doorway) -> None:
    rina, dewi = enter("rina"), enter("dewi")
    for cookie, status in (
        (f"{COOKIE}={rina.token}", 200),
        (f"other=1; {COOKIE}={rina.token}; x{COOKIE}=y", 200),
        (f"{COOKIE}={rina.token}; {COOKIE}={dewi.token}", 401),
        (f"x{COOKIE}={rina.token}", 401),
        ("", 401),
    ):
        assert rina.get("/api/me", headers={"cookie": cookie}).status_code == status
    split = [("cookie", f"{COOKIE}={rina.token}"), ("cookie", f"{COOKIE}={dewi.token}")]
    assert rina.client.get("/api/me", headers=split).status_code == 401


def test_the_document_is_the_same_however_often_it_is_asked_for(stranger: Somebody) -> None:
    first, second = (stranger.get("/api/openapi.json").json() for _ in range(2))
    assert first == second
    parameters = first["paths"]["/api/cases/{case_id}/transitions"]["post"]["parameters"]
    assert sorted(given["name"] for given in parameters) == ["Idempotency-Key", "If-Match", "case_id"]
