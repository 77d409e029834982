"""The tables of incident, host, staff and placement against their hand-written lists, for every state and every trigger."""

import itertools
from typing import Any

import msgspec
import pytest

from casework.machines.complaint import COMPLAINT
from casework.machines.data_breach import DATA_BREACH
from casework.machines.effects import Done, Due, EachChild, Effect, Fire, When, flattened
from casework.machines.engine import Ask, Definition, Machine, Move, compile_machine
from casework.machines.host import HOST
from casework.machines.incident import INCIDENT
from casework.machines.parameters import Parameters
from casework.machines.placement import PLACEMENT
from casework.machines.roles import ROLES
from casework.machines.staff import STAFF
from tests.machines.process_oracle import differences, listed

MACHINES: dict[str, Machine[Any]] = {
    machine.definition.name: machine for machine in (INCIDENT, HOST, STAFF, PLACEMENT, COMPLAINT, DATA_BREACH)
}
DOMAIN = {name: {(arc.source, arc.trigger): arc for arc in listed(name)} for name in MACHINES}
TRIGGERS = {name: tuple(dict.fromkeys(row.trigger for row in machine.definition.transitions)) for name, machine in MACHINES.items()}

each_machine = pytest.mark.parametrize("name", MACHINES)


class Asked(msgspec.Struct, frozen=True):
    """Facts without evidence: enough for a table whose guards are taken out."""

    ask: Ask


def ungated(machine: Machine[Any]) -> Machine[Asked]:
    """The same table, every guard taken out: what is left is its shape."""
    table: Definition[Any] = machine.definition
    rows = tuple(msgspec.structs.replace(row, guards=()) for row in table.transitions)
    return compile_machine(msgspec.structs.replace(table, transitions=rows, passes=()))


SHAPES = {name: ungated(machine) for name, machine in MACHINES.items()}


def by(*roles: str) -> Asked:
    return Asked(Ask("asker", frozenset(roles)))


@each_machine
def test_the_table_is_exactly_its_list(name: str) -> None:
    assert differences(MACHINES[name]) == ()


@pytest.mark.parametrize(
    ("name", "states", "triggers", "arcs"),
    [
        ("incident", 10, 9, 12),
        ("host", 6, 10, 16),
        ("staff", 7, 7, 19),
        ("placement", 12, 16, 28),
        ("complaint", 5, 5, 7),
        ("data_breach", 6, 6, 6),
    ],
)
def test_there_are_as_many_states_triggers_and_arcs_as_the_domain_says(name: str, states: int, triggers: int, arcs: int) -> None:
    machine = MACHINES[name]
    assert (len(machine.states), len(TRIGGERS[name]), len(machine.arcs), len(DOMAIN[name])) == (states, triggers, arcs, arcs)


def answered(name: str, state: str, trigger: str) -> str:
    """Where the machine leads, or that there is no such step."""
    outcome = SHAPES[name].decide(state, trigger, by(*ROLES))
    if isinstance(outcome, Move):
        return outcome.dest
    return "no such step" if outcome.codes == {"no_such_transition"} else repr(outcome)


@each_machine
def test_the_compiled_machine_steps_exactly_where_the_list_says(name: str) -> None:
    every_case = tuple(itertools.product(MACHINES[name].states, TRIGGERS[name]))
    leading = {case: arc.dest for case, arc in DOMAIN[name].items()}
    assert {case: answered(name, *case) for case in every_case} == dict.fromkeys(every_case, "no such step") | leading


@each_machine
def test_only_the_roles_of_the_list_may_ask_for_a_step(name: str) -> None:
    allowed = {arc: {role for role in ROLES if isinstance(SHAPES[name].decide(*arc, by(role)), Move)} for arc in DOMAIN[name]}
    assert allowed == {case: {*arc.by} for case, arc in DOMAIN[name].items()}


@each_machine
def test_no_step_waits_for_an_approval(name: str) -> None:
    assert [row.trigger for row in MACHINES[name].definition.transitions if row.approvals] == []


MUST_MOVE = (EachChild(Due("review", "host_review_days")), EachChild(Due("relocation_plan", "host_relocation_days")))
FOUND_OUT = (Done("child_seen"), Done("investigation_plan"), Done("finding"))
BACK = Done("leave_return")
EFFECTS: dict[str, dict[str, tuple[Effect, ...]]] = {
    "incident": {
        "triage": (Done("triage"),),
        "notify": (Done("inform_dinas"), Done("inform_head"), Done("inform_police")),
        "investigate": (Due("investigation_plan", "incident_plan_days"), Due("finding", "incident_finding_days")),
        "substantiate": FOUND_OUT,
        "find_unsubstantiated": FOUND_OUT,
        "leave_inconclusive": FOUND_OUT,
    },
    "host": {"suspend": MUST_MOVE, "revoke": MUST_MOVE, "expire": MUST_MOVE},
    "staff": {},
    "complaint": {},
    "placement": {
        "go_on_leave": (Due("leave_return", "leave_max_days"),),
        "go_on_respite": (Due("leave_return", "leave_respite_days"),),
        "return_from_leave": (BACK,),
        "reserve": (BACK,),
        "end": (BACK,),
        "disrupt": (BACK, Due("review", "review_disrupted_days")),
    },
    "data_breach": {},
}


@each_machine
def test_every_step_brings_exactly_what_the_domain_says(name: str) -> None:
    assert {row.trigger: row.effects for row in MACHINES[name].definition.transitions if row.effects} == EFFECTS[name]


def test_a_report_of_harm_in_a_house_restricts_it_suspends_who_is_accused_and_has_every_child_there_reviewed() -> None:
    assert [effect for effect in INCIDENT.definition.opening if isinstance(effect, When)] == [
        When("child_in_danger", (Due("triage", "incident_triage_danger_hours"),)),
        When("police_must_know", (Due("inform_police", "incident_police_hours"),)),
        When("death", (Due("inform_head", "death_head_hours"),)),
        When("child_lives", (Due("child_seen", "incident_child_seen_hours"),)),
        When(
            "harm_in_a_house",
            (
                Fire("host", "restrict", of="host"),
                Fire("staff", "suspend", of="accused"),
                EachChild(Due("review", "incident_review_days")),
            ),
        ),
    ]
    assert {effect for effect in INCIDENT.definition.opening if isinstance(effect, Due)} == {
        Due("triage", "incident_triage_hours"),
        Due("inform_dinas", "incident_dinas_hours"),
    }


def test_the_urgent_triage_is_asked_for_before_the_usual_one_so_that_it_stands() -> None:
    asked = [effect.within for effect in flattened(INCIDENT.definition.opening) if isinstance(effect, Due) and effect.task == "triage"]
    assert asked == ["incident_triage_danger_hours", "incident_triage_hours"]
    assert Parameters().incident_triage_danger_hours < Parameters().incident_triage_hours


@each_machine
def test_every_span_that_a_row_names_is_a_parameter(name: str) -> None:
    definition = MACHINES[name].definition
    effects = flattened((*definition.opening, *(effect for row in definition.transitions for effect in row.effects)))
    dues = [effect.due if isinstance(effect, EachChild) else effect for effect in effects]
    spans = {each.within for each in dues if isinstance(each, Due)}
    assert spans - {*Parameters.__struct_fields__} == set()


def test_what_makes_itself_is_the_minutes_and_what_the_clock_makes_are_licence_police_record_and_held_bed() -> None:
    rows = {(name, row.trigger): row for name, machine in MACHINES.items() for row in machine.definition.transitions}
    assert {at: row.on for at, row in rows.items() if row.on} == {("placement", "confirm"): "signed:F11"}
    by_the_clock = {("host", "expire"), ("staff", "run_out"), ("staff", "expire"), ("placement", "lapse")}
    by_the_clock |= {("host", "hold_back"), ("host", "release")}
    assert {at for at, row in rows.items() if row.wakes} == by_the_clock
    assert {at for at, row in rows.items() if "clock" in row.by} == {at for at, row in rows.items() if row.wakes}


ENDED_ELSEWHERE: dict[str, set[str]] = {
    "incident": {"review"},
    "host": {"review", "relocation_plan"},
    "staff": set(),
    "complaint": set(),
    "placement": {"review"},
    "data_breach": set(),
}
"""Tasks that no step of the process ends: a review ends with its report, the others when somebody says what was done."""


@each_machine
def test_every_task_that_a_process_asks_for_is_ended_by_it_or_elsewhere(name: str) -> None:
    definition = MACHINES[name].definition
    effects = [*flattened((*definition.opening, *(effect for row in definition.transitions for effect in row.effects)))]
    dues = [effect.due if isinstance(effect, EachChild) else effect for effect in effects]
    asked = {each.task for each in dues if isinstance(each, Due)}
    assert asked - {effect.task for effect in effects if isinstance(effect, Done)} == ENDED_ELSEWHERE[name]
