"""An id of another office is told from one that nobody has by no address, no body, no list and no total."""

# ruff: noqa: F811 - the fixture is used by its name

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from casework.machines.forms import KINDS
from casework.services import breaches, cases
from casework.services.breaches import ReportBreach
from casework.services.cases import AssignCase
from tests.http.conftest import body_of
from tests.http.policy_world import (
    NOWHERE,
    STRANGERS,
    World,
    same,
    world,  # noqa: F401 - a fixture
)


def example_of(handler: HTTPRouteHandler) -> Any:
    """Return the example of a body that the interface's own document gives, or None where nothing is read."""
    body = handler.parsed_fn_signature.parameters.get("data")
    examples = getattr(body.kwarg_definition, "examples", None) if body else None
    return examples[0].value if examples else None


TABLES: Mapping[str, str] = {
    "case_id": "SELECT id FROM care_case WHERE id = ?",
    "record_id": "SELECT id FROM record WHERE case_id = ?",
    "document_id": "SELECT id FROM document WHERE case_id = ?",
    "task_id": "SELECT id FROM task WHERE case_id = ?",
    "process_id": "SELECT id FROM process WHERE case_id = ?",
    "request_id": "SELECT id FROM approval_request WHERE case_id = ?",
    "change_id": "SELECT id FROM identity_change WHERE case_id = ?",
    "complaint_id": "SELECT id FROM complaint WHERE ? <> ''",
    "breach_id": "SELECT id FROM process WHERE machine = 'data_breach' AND ? <> ''",
    "referral_id": "SELECT id FROM process WHERE machine = 'placement' AND case_id = ?",
}
"""Where the id of something of another office comes from. A referral's is that of another process: what is on no desk is not there."""
OPEN = frozenset({"host_id", "staff_id", "code", "machine", "number", "migration_id"})
"""Names of no case: the register of houses is official, forms and versions are public, a migration is an office's."""
NAMED_IN_BODIES: tuple[tuple[str, str, Mapping[str, Any], str], ...] = (
    ("POST", "/api/cases/{own}/identity-changes", {"field": "name", "new_value": "Nama Lain", "document": "{id}"}, "document_id"),
    ("POST", "/api/cases/{own}/records", {"form": "F03", "body": "F03", "supersedes": "{id}"}, "record_id"),
    ("POST", "/api/hosts/{host}/residents", {"cases": ["{id}"]}, "case_id"),
    ("POST", "/api/hosts/{host}/residents/decisions", {"requests": ["{id}"], "decision": "approve", "digest": "0" * 64}, "request_id"),
)
"""Requests whose body names something: here of another office."""


def addresses(world: World) -> Iterator[tuple[str, str, Any]]:
    """Yield method, address and an example of a body of every operation that names what may be another office's."""
    for route in world.client.app.routes:
        if isinstance(route, HTTPRoute) and route.path_format.startswith("/api/") and "{" in route.path_format:
            for method, (handler, _) in route.route_handler_map.items():
                names = {*re.findall(r"\{(\w+)\}", route.path_format)}
                if method != "OPTIONS" and names - OPEN:
                    yield method, route.path_format, example_of(handler)


def filled(address: str, ids: Mapping[str, str]) -> str:
    """Return an address with these ids in it."""
    return re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], "nothing"), address)


def foreign(world: World) -> dict[str, str]:
    """Return one id of each kind, of the case of the first office."""
    world.story.do(breaches.report_breach, "dian", ReportBreach())
    ids = {name: str(world.story.rows(query, world.case)[0][0]) for name, query in TABLES.items()}
    return {**ids, "host_id": world.host}


@pytest.mark.parametrize("by", STRANGERS)
def test_no_address_tells_an_id_of_another_office_from_one_that_nobody_has(world: World, by: str) -> None:
    """Everything of the answer is compared, whatever it is: status, body, headers, ETag."""
    known, tried, different = foreign(world), 0, []
    nobody = {**dict.fromkeys(known, NOWHERE), "host_id": world.host}
    for method, address, body in addresses(world):
        theirs = same(world.ask(by, (method, filled(address, known), body), version=3))
        if theirs != same(world.ask(by, (method, filled(address, nobody), body), version=3)):
            different.append((method, address, theirs))
        tried += 1
    assert (different, tried > 30) == ([], True)


def test_no_address_under_ones_own_case_tells_what_is_another_offices(world: World) -> None:
    known, own, different = foreign(world), own_case(world), []
    nobody = {**dict.fromkeys(known, NOWHERE), "host_id": world.host}
    for method, address, body in addresses(world):
        if address.startswith("/api/cases/{case_id}/") and address.count("{") > 1:
            mine = {"case_id": own, "host_id": world.host}
            theirs = same(world.ask("lain", (method, filled(address, known | mine), body), version=seq(world, own)))
            if theirs != same(world.ask("lain", (method, filled(address, nobody | mine), body), version=seq(world, own))):
                different.append((method, address, theirs))
    assert different == []


@pytest.mark.parametrize(("method", "address", "body", "what"), NAMED_IN_BODIES)
def test_no_body_tells_an_id_of_another_office_from_one_that_nobody_has(
    world: World, method: str, address: str, body: Mapping[str, Any], what: str
) -> None:
    own = own_case(world)
    path = address.format(own=own, host=world.host)
    by = "lain_supervisor" if "residents" in address else "lain"
    forms = {"F03": body_of(KINDS["F03"].form)}

    def told(one: str) -> tuple[Any, ...]:
        put = {"{id}": one, "['{id}']": [one], **forms}
        sent = {name: put.get(str(value), value) for name, value in body.items()}
        revision = world.story.rows("SELECT revision FROM host WHERE id = ?", world.host)[0][0]
        version = seq(world, own) if own in path else int(revision)
        return same(world.ask(by, (method, path, sent), version=version))

    assert told(foreign(world)[what]) == told(NOWHERE)


def own_case(world: World) -> str:
    """Return the case that the worker of the other office has, registered when first asked for."""
    found = world.story.rows("SELECT id FROM care_case WHERE assigned_to = ?", world.story.who("lain").person)
    if not found:
        made = world.story.do(cases.register_case, "lain", world.story.report("lain"))
        world.story.do(cases.assign_case, "lain_supervisor", AssignCase(case=made.id, person=world.story.who("lain").person))
        return made.id
    return str(found[0][0])


def seq(world: World, case: str) -> int:
    return int(world.story.rows("SELECT seq FROM care_case WHERE id = ?", case)[0][0])


def test_lists_searches_counts_and_totals_know_nothing_of_another_office(world: World) -> None:
    child, number = world.story.row["child_id"], world.story.row["number"]
    name = world.story.personal("child", "name", where="id = ?", values=(child,))[0][0]
    secrets = (world.case, number, name, child)
    asked = ("/api/cases", f"/api/cases?named={number}", f"/api/cases?named={name}", "/api/overdue", "/api/work", "/api/approvals")
    for by in STRANGERS:
        for path in (*asked, "/api/complaints", "/api/migrations", "/api/house-deadlines", "/api/counts", "/api/prevention"):
            told = world.ask(by, ("GET", path, None))
            assert not any(secret in told.text for secret in secrets), (by, path)
        counted = world.ask(by, ("GET", "/api/counts", None))
        own = len(world.story.rows("SELECT id FROM care_case WHERE id <> ?", world.case))
        assert counted.status_code == 404 or sum(one["cases"] for one in counted.json()) <= own
