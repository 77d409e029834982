"""Taking one guard out of a row, or adding one bad edge, to the tables of incident, host, staff and placement makes a check fail.

Three nets: the table's own consistency, the promises proved on every path, and the hand-written list of arcs.
"""

from typing import Any

import msgspec
import pytest

from casework.errors import DefinitionError
from casework.machines import law
from casework.machines.complaint import COMPLAINT
from casework.machines.data_breach import DATA_BREACH
from casework.machines.engine import Definition, Guard, Machine, Transition, compile_machine
from casework.machines.host import HOST
from casework.machines.incident import INCIDENT
from casework.machines.placement import PLACEMENT
from casework.machines.proofs import check, prove
from casework.machines.staff import STAFF
from casework.words import Words
from tests.machines.process_oracle import differences

MACHINES: dict[str, Machine[Any]] = {
    machine.definition.name: machine for machine in (INCIDENT, HOST, STAFF, PLACEMENT, COMPLAINT, DATA_BREACH)
}
WORDS = Words("jalan pintas", "shortcut")
GUARDED = [
    pytest.param(name, place, guard, id=f"{name}: {row.trigger} from {row.sources[0]} without {guard.code}")
    for name, machine in MACHINES.items()
    for place, row in enumerate(machine.definition.transitions)
    for guard in row.guards
    if isinstance(row.sources, tuple)
]
SOURCES = [(name, source) for name, machine in MACHINES.items() for source in machine.states]


def mutant(name: str, *rows: Transition[Any]) -> Machine[Any]:
    table: Definition[Any] = MACHINES[name].definition
    return compile_machine(msgspec.structs.replace(table, transitions=rows))


def without(name: str, place: int, guard: Guard[Any]) -> Machine[Any] | None:
    """The machine with one guard taken out of one row; None where the compiler refuses it: a promise would speak of what no row checks."""
    rows = list(MACHINES[name].definition.transitions)
    rows[place] = msgspec.structs.replace(rows[place], guards=tuple(other for other in rows[place].guards if other is not guard))
    try:
        return mutant(name, *rows)
    except DefinitionError:
        return None


def broken(machine: Machine[Any]) -> set[str]:
    return {proof.name for proof in prove(machine) if proof.counterexample}


UNPROMISED = {
    ("close", "nobody_to_sanction"),
    ("confirm", "minutes_name_this_host"),
    ("hold_back", "review_critical"),
    ("release", "held_back_for_reviews"),
}
"""Guards of a row where the promises say nothing, because another way into the state is lawful without: there the list speaks."""


@pytest.mark.parametrize(("name", "place", "guard"), GUARDED)
def test_a_guard_taken_out_of_a_row_is_caught(name: str, place: int, guard: Guard[Any]) -> None:
    machine = without(name, place, guard)
    if machine is None:
        return
    assert differences(machine)
    trigger = MACHINES[name].definition.transitions[place].trigger
    assert bool(broken(machine)) == ((trigger, guard.code) not in UNPROMISED)


@pytest.mark.parametrize(("name", "place", "guard"), GUARDED)
def test_the_compiler_refuses_only_what_leaves_a_promise_without_any_guard(name: str, place: int, guard: Guard[Any]) -> None:
    used = [each for row in MACHINES[name].definition.transitions for each in row.guards if each is guard]
    promised = {code for promise in MACHINES[name].definition.passes for code in (*promise.all_of, *promise.last)}
    assert (without(name, place, guard) is None) == (len(used) == 1 and guard.code in promised)


FINAL = {name: {state.name for state in machine.definition.states if state.kind == "final"} for name, machine in MACHINES.items()}
GUARDED_STATES = {
    "incident": {
        "triaged", "protective_action", "notified", "investigating", "substantiated", "unsubstantiated", "inconclusive", "sanctioned",
        "closed",
    },
    "host": {"active", "expired"},
    "staff": {"cleared", "expiring", "expired", "left"},
    "complaint": {"under_review", "escalated", "answered", "closed"},
    "placement": set(),
    "data_breach": {"closed", "dismissed"},
}  # fmt: skip
"""States that no edge without guards may enter, wherever it starts: the promises alone catch it."""
UNAPPROVED = {"proposed", "host_offered", "host_accepted"}
IN_FORCE = {"active", "unconfirmed", "on_leave", "reserved", "ended", "disrupted"}


@pytest.mark.parametrize(("name", "source"), SOURCES)
def test_an_edge_without_guards_is_caught_wherever_it_leads(name: str, source: str) -> None:
    assert [dest for dest in MACHINES[name].states if not shortcut_is_caught(name, source, dest)] == []


def shortcut_is_caught(name: str, source: str, dest: str) -> bool:
    row: Transition[Any] = Transition("shortcut", WORDS, (source,), dest, law=(law.DESIGN,))
    if source in FINAL[name]:
        with pytest.raises(DefinitionError, match="which is final"):
            mutant(name, *MACHINES[name].definition.transitions, row)
        return True
    machine = mutant(name, *MACHINES[name].definition.transitions, row)
    promised = dest in GUARDED_STATES[name] or (name == "placement" and source in UNAPPROVED and dest in IN_FORCE)
    return bool(differences(machine)) and (dest == source or not promised or bool(broken(machine)))


@pytest.mark.parametrize("name", MACHINES)
def test_the_unchanged_table_is_caught_by_nothing(name: str) -> None:
    assert broken(MACHINES[name]) == set()
    assert differences(MACHINES[name]) == ()


def test_an_incident_closed_without_the_report_to_dinas_is_shown_with_the_path() -> None:
    place = next(n for n, row in enumerate(INCIDENT.definition.transitions) if row.trigger == "close")
    guard = next(each for each in INCIDENT.definition.transitions[place].guards if each.code == "dinas_reported")
    machine = without("incident", place, guard)
    assert machine is not None
    proof = next(each for each in prove(machine) if each.name == "dinas_knows_every_incident")
    assert proof.counterexample == (
        "reported",
        "triage -> triaged",
        "protect -> protective_action",
        "notify -> notified",
        "investigate -> investigating",
        "find_unsubstantiated -> unsubstantiated",
        "close -> closed",
        "without dinas_reported",
    )


def test_a_placement_that_starts_unapproved_is_shown_with_the_path() -> None:
    row: Transition[Any] = Transition("shortcut", WORDS, ("host_accepted",), "active", law=(law.DESIGN,))
    with pytest.raises(DefinitionError, match=r"no_child_lives_anywhere_unapproved.*shortcut -> active; without approved"):
        check(mutant("placement", *PLACEMENT.definition.transitions, row))


def test_a_state_passed_before_a_fresh_start_counts_no_more() -> None:
    """`by_way_of` with `since`: what was passed counts from where the promise begins anew."""
    promise = msgspec.structs.replace(PLACEMENT.definition.passes[0], states=("ended",), by_way_of=("active",), since="reserved")
    machine = compile_machine(msgspec.structs.replace(PLACEMENT.definition, passes=(promise,)))
    proof = prove(machine)[-1]
    assert proof.counterexample is not None
    assert proof.counterexample[-1] == "without active"
    assert any("reserve" in step or "unconfirmed" in step for step in proof.counterexample)


def test_a_promise_about_a_state_that_is_not_there_is_refused() -> None:
    promise = msgspec.structs.replace(PLACEMENT.definition.passes[0], by_way_of=("signed",))
    with pytest.raises(DefinitionError, match="unknown state signed"):
        compile_machine(msgspec.structs.replace(PLACEMENT.definition, passes=(promise,)))
