"""Every no over HTTP: the right status, problem+json, in the language asked for, and nothing of the inside."""

import io
import json
from typing import Any

import httpx
import pytest
from litestar import Litestar, get

from casework.errors import Conflict, KeyInFlight
from casework.http.kinds import KINDS
from casework.http.problems import tell
from tests.application import own
from tests.databases import Database, wreck
from tests.http.conftest import Clock, Doorway, Place, Somebody, new_case, registered

JSON = {"content-type": "application/json"}


def told(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is this problem and return it."""
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["status"] == status == KINDS[code].status
    assert problem["type"] == f"/api/docs#{code}"
    assert problem["title"] == KINDS[code].title.en
    assert problem["detail"] == KINDS[code].detail.en
    assert problem["request_id"] == answer.headers["x-request-id"]
    return problem


@pytest.mark.parametrize("path", ["/nope", "/api/nope", "/api/forms/F99", "/api/cases/", "/favicon.ico.bak"])
def test_what_is_not_there_is_not_found(stranger: Somebody, path: str) -> None:
    answer = stranger.get(path)
    if path == "/api/cases/":
        told(answer, 401, "not_signed_in")
    else:
        told(answer, 404, "not_found")


def test_a_method_that_is_not_there_names_those_that_are(stranger: Somebody) -> None:
    answer = stranger.ask("DELETE", "/api/health")
    told(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "id"),
        ("en", "en"),
        ("id,en;q=0.5", "id"),
        ("en-GB,en;q=0.9,id;q=0.4", "en"),
        ("fr", "id"),
        ("en;q=zero", "id"),
        ("id;q=0.1,en", "en"),
    ],
)
def test_a_problem_speaks_the_language_of_the_request(stranger: Somebody, accepted: str, language: str) -> None:
    answer = stranger.get("/api/me", headers={"accept-language": accepted})
    title = KINDS["not_signed_in"].title
    assert answer.json()["title"] == (title.id if language == "id" else title.en)
    assert answer.headers["content-language"] == language


def test_without_a_session_nothing_is_shown(stranger: Somebody) -> None:
    for path in ("/api/me", "/api/cases", "/api/cases/x", "/api/approvals", "/api/children?name=siti", "/api/hosts", "/api/bodies"):
        told(stranger.get(path), 401, "not_signed_in")
    told(stranger.post("/api/cases", new_case()), 401, "not_signed_in")
    told(Somebody(stranger.client, "x" * 5_000).get("/api/me"), 401, "not_signed_in")


def test_a_wrong_password_and_a_wrong_name_get_the_same_answer(stranger: Somebody) -> None:
    wrong = [stranger.post("/api/sessions", {"username": name, "password": "no"}).json() for name in ("rina", "nobody")]
    assert wrong[0] | {"request_id": ""} == wrong[1] | {"request_id": ""}
    assert wrong[0]["code"] == "not_signed_in"


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "with space", "tab\there1", "ünïcodeé"])
def test_a_change_without_a_proper_key_is_refused(rina: Somebody, key: str) -> None:
    answer = rina.ask("POST", "/api/cases", json=new_case(), headers={"idempotency-key": key.encode()} if key else {})
    told(answer, 400, "key_missing")


def test_a_change_to_a_case_names_the_version_it_saw(rina: Somebody) -> None:
    case, version = registered(rina)
    told(rina.post(f"/api/cases/{case}/transitions", {"trigger": "start_assessment"}), 428, "version_missing")
    for named in ("*", "1", 'W/"1"', '"01"', '"1", "2"', '"-1"', '"x"'):
        answer = rina.post(f"/api/cases/{case}/transitions", {"trigger": "start_assessment"}, headers={"if-match": named})
        told(answer, 400, "version_malformed")
    stale = rina.post(f"/api/cases/{case}/transitions", {"trigger": "start_assessment"}, version=version + 5)
    assert told(stale, 412, "stale_version")["current"] == version
    assert stale.headers["etag"] == f'"{version}"'


def test_the_same_key_and_body_get_the_same_answer_and_another_body_is_refused(rina: Somebody) -> None:
    first = rina.post("/api/cases", new_case(), key="report-0001")
    again = rina.post("/api/cases", new_case(), key="report-0001")
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (201, first.json())
    assert len(rina.get("/api/cases").json()) == 1
    told(rina.post("/api/cases", new_case("Anak lain"), key="report-0001"), 422, "key_reused")


def test_a_refusal_is_repeated_under_its_key_too(rina: Somebody) -> None:
    case, version = registered(rina)
    ask = {"trigger": "admit_to_institution"}
    first = rina.post(f"/api/cases/{case}/transitions", ask, version=version, key="admission-1")
    again = rina.post(f"/api/cases/{case}/transitions", ask, version=version, key="admission-1")
    assert told(first, 409, "refused")["reasons"] == told(again, 409, "refused")["reasons"] != []


def test_every_fault_of_a_body_is_told_at_once_with_its_path(rina: Somebody) -> None:
    sent = new_case()
    sent["child"] = {"nama": "x", "sex": "neither", "born": "yesterday", "nik": "12"}
    del sent["intake"]["referrer"]
    sent["state"] = "closed"
    problem = told(rina.post("/api/cases", sent), 422, "invalid")
    paths = {fault["path"] for fault in problem["errors"]}
    assert paths == {"$.intake.referrer", "$.child.name", "$.child.nama", "$.child.sex", "$.child.born", "$.child.nik", "$.state"}
    assert all(fault["words"]["id"] and fault["words"]["en"] for fault in problem["errors"])


def test_what_contradicts_itself_across_fields_is_told_too(rina: Somebody) -> None:
    sent = new_case()
    sent["intake"]["recruited_by"] = "1"
    problem = told(rina.post("/api/cases", sent), 422, "invalid")
    assert [fault["path"] for fault in problem["errors"]] == ["$.intake.recruited_by"]


def test_every_fault_of_a_form_is_told_at_once(rina: Somebody) -> None:
    case, version = registered(rina)
    answer = rina.post(f"/api/cases/{case}/records", {"form": "F22", "body": {"giver": "teman", "extra": 1}}, version=version)
    paths = {fault["path"] for fault in told(answer, 422, "invalid")["errors"]}
    assert {"$.purposes", "$.explanation_given", "$.giver", "$.extra"} <= paths


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"text"', b"5"])
def test_a_body_that_is_no_object_is_refused(stranger: Somebody, body: bytes) -> None:
    answer = stranger.post("/api/sessions", content=body, headers=JSON)
    told(answer, *((422, "invalid") if body else (400, "invalid_request")))


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?state=closed", 400, "unknown_parameter"),
        ("?named=a&named=b", 400, "unknown_parameter"),
        ("?named=" + "x" * 201, 400, "invalid_request"),
        ("?after=DROP%20TABLE", 400, "invalid_request"),
        ("?named=%00", 400, "malformed_address"),
        ("?named=%ff", 400, "malformed_address"),
        ("?named=" + "x" * 3_000, 414, "address_too_long"),
    ],
)
def test_an_address_that_is_not_ours_is_refused(rina: Somebody, query: str, status: int, code: str) -> None:
    told(rina.get(f"/api/cases{query}"), status, code)


@pytest.mark.parametrize("path", ["/api/forms/%00", "/api/forms/%ff", "/api/forms/a%0ab", "/api/forms/%c2%85"])
def test_a_path_with_control_characters_or_broken_utf8_is_refused(stranger: Somebody, path: str) -> None:
    told(stranger.get(path), 400, "malformed_address")


def test_a_body_that_nobody_reads_is_refused(rina: Somebody) -> None:
    case, version = registered(rina)
    record = rina.get(f"/api/cases/{case}/records").json()[0]["id"]
    answer = rina.post(f"/api/cases/{case}/records/{record}/verification", {"state": "closed"}, version=version)
    told(answer, 400, "unread_body")


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "https://casework.local.evil.example"},
        {"origin": "https://casework.local:444"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_change_asked_for_by_another_site_is_refused(rina: Somebody, headers: dict[str, str]) -> None:
    told(rina.post("/api/cases", new_case(), headers=headers), 403, "cross_site")


def test_a_change_from_our_own_page_is_taken(rina: Somebody) -> None:
    own = {"origin": "https://casework.local", "sec-fetch-site": "same-origin"}
    assert rina.post("/api/cases", new_case(), headers=own).status_code == 201


def test_a_body_over_the_limit_is_refused_announced_or_not(stranger: Somebody) -> None:
    large = b'{"username": "' + b"x" * 300_000 + b'"}'
    told(stranger.post("/api/sessions", content=large, headers=JSON), 413, "too_large")
    told(
        stranger.post("/api/sessions", content=(large[at : at + 1000] for at in range(0, len(large), 1000)), headers=JSON), 413, "too_large"
    )


@pytest.mark.parametrize("headers", [{"content-encoding": "gzip"}, {"content-type": "application/json; charset=utf-16"}])
def test_a_body_in_another_encoding_is_refused(stranger: Somebody, headers: dict[str, str]) -> None:
    told(stranger.post("/api/sessions", content=b"{}", headers=JSON | headers), 415, "content_type")


def test_a_case_of_another_office_is_exactly_a_case_that_does_not_exist(rina: Somebody, enter: Doorway, place: Place) -> None:
    case, version = registered(rina)
    record = rina.get(f"/api/cases/{case}/records").json()[0]["id"]
    other = enter("lain")
    paths = ["", "/records", f"/records/{record}", "/journal", f"/documents/{record}"]
    changes: dict[str, Any] = {
        "/transitions": {"trigger": "start_assessment"},
        "/assignment": {"person": place.persons["lain"]},
        "/records": {"form": "F22", "body": {}},
        f"/records/{record}/verification": None,
        "/documents": {"kind": "family_card", "number": "1", "issuer": "x", "issued_on": "2020-01-01"},
        f"/documents/{record}/comparison": None,
        "/relatives": {"name": "x", "relation": "aunt", "degree": 3},
        "/offers": {"host": place.lksa},
        f"/offers/{place.lksa}/answer": {"accepted": True},
        "/approvals": {"trigger": "begin_planning"},
        f"/approvals/{record}/decisions": {"decision": "approve", "digest": ""},
        f"/approvals/{record}/withdrawal": None,
    }
    for path in paths:
        theirs, nobodys = (told(other.get(f"/api/cases/{id_}{path}"), 404, "not_found") for id_ in (case, "0" * 26))
        assert theirs | {"request_id": ""} == nobodys | {"request_id": ""}
    for path, body in changes.items():
        theirs, nobodys = (told(other.post(f"/api/cases/{id_}{path}", body, version=version), 404, "not_found") for id_ in (case, "0" * 26))
        assert theirs | {"request_id": ""} == nobodys | {"request_id": ""}
    assert other.get("/api/cases").json() == []


def test_an_administrator_sees_no_case(rina: Somebody, enter: Doorway) -> None:
    case, _ = registered(rina)
    atun = enter("atun")
    told(atun.get(f"/api/cases/{case}"), 404, "not_found")
    assert (atun.get("/api/cases").json(), atun.get("/api/hosts").json()) == ([], [])


@pytest.mark.parametrize("app", [own], indirect=True)
def test_a_crash_says_nothing_of_itself_and_the_log_says_where(app: Litestar, stranger: Somebody, log: io.StringIO) -> None:
    @get("/api/crash", sync_to_thread=True)
    def crash() -> None:
        raise ValueError("Siti Rahmah, NIK 6402030000000001")

    app.register(crash)
    answer = stranger.get("/api/crash")
    told(answer, 500, "unexpected")
    assert "Siti" not in answer.text + log.getvalue()
    assert "Traceback" not in answer.text + log.getvalue()
    line = json.loads(log.getvalue().splitlines()[-1])
    assert line["error"] == "ValueError"
    assert "test_refusals:" in line["at"]


def test_a_reading_that_cannot_be_noted_is_not_answered(rina: Somebody, database: Database) -> None:
    case, _ = registered(rina)
    record = rina.get(f"/api/cases/{case}/records").json()[0]["id"]
    assert rina.get(f"/api/cases/{case}/records/{record}").status_code == 200
    wreck(database, "ALTER TABLE answer RENAME TO moved_away", "ALTER TABLE read_receipt RENAME TO moved_away_too")
    answer = rina.get(f"/api/cases/{case}/records/{record}")
    assert told(answer, 503, "unavailable")["detail"]
    assert answer.headers["retry-after"] == "5"
    told(rina.post("/api/cases", new_case()), 503, "unavailable")


def test_a_session_ends_after_half_an_hour_of_silence_and_after_twelve_hours_in_any_case(enter: Doorway, clock: Clock) -> None:
    silent, busy = enter("rina"), enter("dewi")
    clock.forward(minutes=29)
    assert (silent.get("/api/me").status_code, busy.get("/api/me").status_code) == (200, 200)
    clock.forward(minutes=31)
    told(silent.get("/api/me"), 401, "not_signed_in")
    busy = enter("dewi")
    for _ in range(24):
        assert busy.get("/api/me").status_code == 200
        clock.forward(minutes=29.9)
    assert busy.get("/api/me").status_code == 200
    clock.forward(minutes=10)
    told(busy.get("/api/me"), 401, "not_signed_in")


def test_signing_out_ends_the_session_on_the_server_and_takes_the_cookie_away(rina: Somebody) -> None:
    gone = rina.ask("DELETE", "/api/sessions/current")
    assert gone.status_code == 204
    assert "max-age=0" in gone.headers["set-cookie"].lower()
    told(rina.get("/api/me"), 401, "not_signed_in")


@pytest.mark.parametrize(("error", "code"), [(Conflict("x", current=3), "conflict"), (KeyInFlight("x"), "key_in_flight")])
def test_a_lost_race_is_a_conflict(error: Exception, code: str) -> None:
    problem = tell(error, "en", "r").problem
    assert (problem.status, problem.code) == (409, code)
    assert "x" not in problem.detail.split()


@pytest.mark.parametrize("path", ["/cases/{case}/assign", "/decisions/x"])
def test_what_a_page_posts_about_a_case_names_the_version_it_showed(rina: Somebody, path: str) -> None:
    case, _ = registered(rina)
    fields = {"csrf": rina.csrf, "key": "page-key-1", "person": "x", "case": case, "decision": "approve", "digest": ""}
    answer = rina.ask("POST", path.format(case=case), data=fields, headers={"accept": "application/json"})
    assert answer.status_code == 428
    assert rina.ask("POST", path.format(case=case), data={**fields, "version": "x"}).status_code == 400
