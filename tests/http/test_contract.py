"""The document of the interface is true, and the bodies stay what the services ask for."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from casework.http.api import asks
from casework.http.kinds import KINDS
from casework.machines.facts import Subject
from casework.machines.forms.reading import read
from casework.services import (
    approvals,
    attachments,
    cases,
    corrections,
    desk,
    house_entries,
    migrations,
    processes,
    records,
    registers,
    residents,
)
from tests.http.conftest import Doorway, Place, Somebody, registered

PAIRS: tuple[tuple[type[msgspec.Struct], type[msgspec.Struct], set[str]], ...] = (
    (asks.NewCase, cases.RegisterCase, set()),
    (asks.NewChild, cases.NewChild, set()),
    (asks.Subjected, Subject, set()),
    (asks.AskStep, cases.AdvanceCase, {"case"}),
    (asks.AskProcessStep, processes.AdvanceProcess, {"case", "process"}),
    (asks.AskProcessStep, processes.AdvanceHost, {"host"}),
    (asks.AskProcessStep, processes.AdvanceStaff, {"host", "staff"}),
    (asks.AskAssignment, cases.AssignCase, {"case"}),
    (asks.AskApproval, approvals.RequestApproval, {"case"}),
    (asks.NewDecision, approvals.DecideApproval, {"case", "request"}),
    (asks.Residents, residents.RequestResidents, {"host"}),
    (asks.ListDecision, residents.DecideResidents, {"host"}),
    (asks.NewRecord, records.SignRecord, {"case"}),
    (asks.NewDocument, records.AttachDocument, {"case"}),
    (asks.Withdrawal, attachments.WithdrawAttachment, {"case", "attachment"}),
    (asks.NewRelative, registers.AddRelative, {"case"}),
    (asks.NewOffer, registers.OfferChild, {"case"}),
    (asks.NewCompletion, records.CompleteTask, {"case", "task"}),
    (asks.AnswerToOffer, registers.AnswerOffer, {"case", "host"}),
    (asks.HostChange, registers.ChangeHost, {"host"}),
    (asks.NewStaff, registers.AddStaff, {"host"}),
    (asks.NewEntry, house_entries.AddEntry, {"host"}),
    (asks.StaffChange, registers.ChangeStaff, {"host", "staff"}),
    (asks.AskMigration, migrations.RequestMigration, {"machine", "version"}),
    (asks.MigrationApproval, migrations.ApproveMigration, {"migration"}),
    (asks.AnswerToReferral, desk.AnswerReferral, {"referral"}),
    (asks.AskIdentityChange, corrections.RequestIdentityChange, {"case"}),
)
FORBIDDEN = {"state", "owner", "assigned_to", "status_of_case", "version", "approved", "approver", "requester", "author", "dest", "source"}


def operations(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Yield method, path and handler of every operation of the interface."""
    for route in app.routes:
        if isinstance(route, HTTPRoute) and route.path_format.startswith("/api/"):
            for method, (handler, _) in route.route_handler_map.items():
                if method != "OPTIONS" and handler.resolve_include_in_schema():
                    yield method, route.path_format, handler


def has_version(path: str) -> bool:
    """Whether an address names something that has a version."""
    return any(name in path for name in ("{case_id}", "{host_id}", "{referral_id}", "{breach_id}", "{data_request_id}"))


@pytest.fixture
def document(stranger: Somebody) -> dict[str, Any]:
    shown: dict[str, Any] = stranger.get("/api/openapi.json").json()
    return shown


@pytest.mark.parametrize(("body", "ask", "in_path"), PAIRS, ids=lambda part: getattr(part, "__name__", ""))
def test_a_body_is_its_services_ask_without_what_the_path_says(body: Any, ask: Any, in_path: set[str]) -> None:
    assert {*body.__struct_fields__} - {"occurred_at"} == {*ask.__struct_fields__} - in_path


def test_every_body_refuses_what_it_does_not_know(app: Litestar) -> None:
    known = [handler.parsed_fn_signature.parameters for _, _, handler in operations(app)]
    bodies = {parameters["data"].annotation for parameters in known if "data" in parameters}
    assert len(bodies) == 38
    assert all(body.__struct_config__.forbid_unknown_fields for body in bodies)


def test_no_body_and_no_query_carries_a_state_an_owner_or_a_decision(app: Litestar) -> None:
    for _, path, handler in operations(app):
        known = _parameters(handler)
        if "data" in known:
            fields = {*handler.parsed_fn_signature.parameters["data"].annotation.__struct_fields__}
            known |= fields
            assert "decision" not in fields or path.endswith("/decisions")
        assert known & FORBIDDEN == set()


def _parameters(handler: HTTPRouteHandler) -> set[str]:
    return {*handler.parsed_fn_signature.parameters}


def test_every_change_must_name_its_key_and_every_change_to_a_case_or_host_its_version(app: Litestar, document: dict[str, Any]) -> None:
    for method, path, _ in operations(app):
        operation = document["paths"][path][method.lower()]
        required = {given["name"] for given in operation.get("parameters", []) if given["in"] == "header" and given["required"]}
        keyed = method != "GET" and not path.startswith("/api/sessions")
        assert required == ({"Idempotency-Key"} if keyed else set()) | ({"If-Match"} if keyed and has_version(path) else set())


NOT_THEIRS = {"/api/breaches", "/api/delegations", "/api/covers"}
"""What a social worker may not do, said before anything that is asked about."""


def test_what_the_document_requires_is_required(app: Litestar, document: dict[str, Any], rina: Somebody) -> None:
    changes = [(method, path) for method, path, _ in operations(app) if method != "GET" and not path.startswith("/api/sessions")]
    assert len(changes) == 48
    for method, path in changes:
        told = document["paths"][path][method.lower()].get("requestBody", {}).get("content", {})
        shown = next(iter(told.get("application/json", {}).get("examples", {}).values()), None)
        sent: dict[str, Any] = {"json": shown["value"]} if shown else {}
        bare = {"content-type": "image/jpeg"} if "image/jpeg" in told else {}
        address = path.replace("{number}", "2") + ("?kind=other" if bare else "")
        keyless = rina.ask(method, address, headers={"if-match": '"1"', **bare}, **sent)
        assert (keyless.status_code, keyless.json()["code"]) == (400, "key_missing"), path
        blind = rina.ask(method, address, headers={"idempotency-key": f"a-fresh-key-for-{path}", **bare}, **sent)
        nowhere = (
            "migration" in path or "{complaint_id}" in path or "{delegation_id}" in path
        )  # the office, or what was asked for, is not there
        assert blind.status_code == (428 if has_version(path) else 404 if nowhere else 409 if path in NOT_THEIRS else 201), path


def test_every_operation_says_what_it_does_and_how_it_can_be_refused(app: Litestar, document: dict[str, Any]) -> None:
    for method, path, _ in operations(app):
        operation = document["paths"][path][method.lower()]
        assert operation["description"]
        refusals = {int(status) for status in operation["responses"] if int(status) >= 400}
        assert {400, 500, 503} <= refusals
        for status in refusals:
            content = operation["responses"][str(status)]["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            assert set(content["examples"]) == {kind.code for kind in KINDS.values() if kind.status == status}


def test_every_reference_of_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            yield from ([part["$ref"]] if isinstance(part.get("$ref"), str) else [])
            for inner in part.values():
                yield from references(inner)
        if isinstance(part, list):
            for inner in part:
                yield from references(inner)

    found = {*references(document)}
    assert found
    assert {reference.removeprefix("#/components/schemas/") for reference in found} <= set(document["components"]["schemas"])


def test_every_example_is_a_body_that_is_taken(app: Litestar, document: dict[str, Any]) -> None:
    shown = 0
    for method, path, handler in operations(app):
        content = document["paths"][path][method.lower()].get("requestBody", {}).get("content", {}).get("application/json")
        if content:
            (example,) = content["examples"].values()
            read(handler.parsed_fn_signature.parameters["data"].annotation, example["value"])
            shown += 1
    assert shown == 42


def test_the_schema_of_a_form_is_its_body(stranger: Somebody) -> None:
    forms = stranger.get("/api/forms").json()
    assert [form["code"] for form in forms] == [f"F{number:02}" for number in range(1, 28)]
    schema = stranger.get("/api/forms/F22").json()
    assert "Consent" in str(schema["$ref"])
    assert {"purposes", "explanation_given"} <= {*schema["$defs"]["Consent"]["required"]}


_words = st.text(max_size=20) | st.sampled_from(["F01", "F05", "begin_planning", "0" * 26, "' OR 1=1 --", "<script>", "=cmd()", "../.."])
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=8,
)


class Fuzzed:
    """Somebody signed in once, with a case, for many strange requests."""

    def __init__(self, app: Litestar, who: Somebody, place: Place) -> None:
        self.who = who
        self.case, self.version = registered(who)
        self.lksa = place.lksa
        self.operations = sorted(((method, path, handler) for method, path, handler in operations(app)), key=lambda found: found[:2])


@pytest.fixture
def fuzzed(app: Litestar, enter: Doorway, place: Place) -> Fuzzed:
    return Fuzzed(app, enter("rina"), place)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_nothing_that_is_sent_makes_it_fail(fuzzed: Fuzzed, data: st.DataObject) -> None:
    method, path, handler = data.draw(st.sampled_from([found for found in fuzzed.operations if found[1] != "/api/sessions"]))
    if path == "/api/sessions/current":
        return
    address = path.replace("{case_id}", data.draw(st.sampled_from([fuzzed.case, "0" * 26])))
    for name in (
        "record_id",
        "document_id",
        "request_id",
        "host_id",
        "task_id",
        "process_id",
        "staff_id",
        "change_id",
        "migration_id",
        "machine",
        "code",
    ):
        address = address.replace(f"{{{name}}}", data.draw(st.sampled_from([fuzzed.lksa, "F05", "x"]), label=name))
    known = handler.parsed_fn_signature.parameters
    query = {name: data.draw(_words) for name in known if method == "GET" and data.draw(st.booleans())}
    body: Any = None
    if "data" in known:
        fields = msgspec.structs.fields(known["data"].annotation)
        body = {field.name: data.draw(_json, label=field.name) for field in fields if data.draw(st.booleans())}
    sent = {"json": body} if body is not None else {}
    headers = {"idempotency-key": f"fuzz-{data.draw(st.integers(0, 10**12)):012}", "if-match": f'"{fuzzed.version}"'}
    answer = fuzzed.who.ask(method, address, params=query, headers=headers, **sent)
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] in KINDS
