"""Every code that people can meet has words in both languages: tasks, statuses, kinds, roles, refusals."""

import ast
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints

import pytest

from casework.machines.book import all_machines
from casework.machines.effects import Due, EachChild, Effect, PlacementType, flattened
from casework.machines.facts import BodyKind, HostKind, PlacementStatus
from casework.machines.forms import Incident, Religion
from casework.machines.guards.evidence import PARENTS
from casework.machines.host import HOST
from casework.machines.placement import PLACEMENT
from casework.machines.roles import ACCOUNT_ROLES, ROLES
from casework.machines.spoken import STANDING
from casework.machines.staff import STAFF
from casework.services import captions, gist
from casework.services.happenings import REFUSED, REFUSED_VERBS
from casework.services.records import DONE_BY_HAND, FULFILS
from casework.store.approvals import OPEN, USABLE
from tests.house.sources import PACKAGE, calls, modules, tree


def asked_for() -> Iterator[str]:
    """Yield every kind of task that a machine asks for."""
    for definition in (machine.definition for machine in all_machines()):
        effects: tuple[Effect, ...] = (*definition.opening, *(effect for row in definition.transitions for effect in row.effects))
        for effect in flattened(effects):
            due = effect.due if isinstance(effect, EachChild) else effect
            if isinstance(due, Due):
                yield due.task


TASKS = {*asked_for()}
TABLES: dict[str, tuple[Mapping[str, Any], set[str]]] = {
    "tasks": (captions.TASKS, TASKS | DONE_BY_HAND | {kind for kinds in FULFILS.values() for kind in kinds}),
    "placements": (captions.PLACEMENTS, {*get_args(PlacementType)}),
    "placement statuses": (captions.PLACEMENT_STATUS, {*PLACEMENT.states, *get_args(PlacementStatus)}),
    "request statuses": (
        captions.REQUEST_STATUS,
        {*OPEN, *USABLE, "consumed", "returned", "rejected", "withdrawn", "expired", "superseded", "lapsed"},
    ),
    "religions": (captions.RELIGIONS, {*get_args(Religion)}),
    "host kinds": (captions.HOST_KINDS, {*get_args(HostKind)}),
    "host statuses": (STANDING, {*HOST.states}),
    "staff statuses": (captions.STAFF_STATUS, {*STAFF.states}),
    "body kinds": (captions.BODY_KINDS, {*get_args(BodyKind)}),
    "relations": (PARENTS, {"father", "mother"}),
    "roles": (ROLES, {*ACCOUNT_ROLES}),
}


@pytest.mark.parametrize("name", TABLES)
def test_every_code_has_its_words(name: str) -> None:
    table, codes = TABLES[name]
    assert codes - {*table} == set()


@pytest.mark.parametrize("name", TABLES)
def test_no_words_are_a_code_with_its_underscores_opened(name: str) -> None:
    table, _ = TABLES[name]
    assert [code for code, words in table.items() if "_" in code and words.id == code.replace("_", " ")] == []
    assert [code for code, words in table.items() if "_" in words.id] == []


def refusal_codes() -> Iterator[str]:
    """Yield the code of every reason that any module makes."""
    for path in modules("machines", "services"):
        for name, call in calls(tree(path)):
            if name.split(".")[-1] == "Reason":
                yield from (str(word.value.value) for word in call.keywords if word.arg == "code" and isinstance(word.value, ast.Constant))


def test_every_refusal_has_its_words_in_the_trail() -> None:
    codes = {*refusal_codes()}
    assert {"four_eyes", "request_settled", "settled_by_its_form"} <= codes
    assert codes - {*REFUSED} == set()


def test_every_command_has_its_words_in_the_trail() -> None:
    commands = set()
    for path in (PACKAGE / "services").glob("*.py"):
        for node in ast.walk(tree(path)):
            decorated = isinstance(node, ast.FunctionDef) and any(
                isinstance(by, ast.Call) and isinstance(by.func, ast.Name) and by.func.id == "command" for by in node.decorator_list
            )
            commands |= {node.name} if isinstance(node, ast.FunctionDef) and decorated else set()
    assert {"advance_case", "add_host", "request_identity_change"} <= commands
    assert commands - {*REFUSED_VERBS} == set()


def test_every_kind_of_incident_has_its_words() -> None:
    kinds = {*get_args(get_type_hints(Incident)["type"])}
    assert "physical" in kinds
    assert kinds - {*gist.INCIDENTS} == set()
