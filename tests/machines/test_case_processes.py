"""The processes beside a child's case, against a list of their arcs written by hand, for every state and every trigger."""

import csv
import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from casework.errors import Refusal
from casework.machines.book import newest_machines
from casework.machines.effects import Done, Due, EachChild, Fire, Open, flattened
from casework.machines.engine import Ask, Machine, Move, Transition, compile_machine
from casework.machines.facts import Process
from casework.machines.parameters import Parameters
from casework.machines.roles import ROLES
from casework.machines.walks import prove_walks
from casework.words import Words
from tests.machines.builders import facts
from tests.machines.samples import NOW

FILE = Path(__file__).parent.parent / "data" / "case_process_arcs.csv"
NAMES = ("family_support", "identity_document", "periodic_review", "referral", "reintegration", "reunification")
MACHINES: dict[str, Machine[Any]] = {name: newest_machines()[name] for name in NAMES}
HUMAN = frozenset(ROLES) - {"system", "clock"}

each_machine = pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)


class Listed(msgspec.Struct, frozen=True, order=True):
    """One arc as it is listed by hand."""

    source: str
    trigger: str
    dest: str
    by: tuple[str, ...]
    guards: tuple[str, ...]


class Asked(msgspec.Struct, frozen=True):
    """Facts without evidence: enough for a table whose guards are taken out."""

    ask: Ask


def listed(name: str) -> set[Listed]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["machine"] == name]
    return {
        Listed(source, row["trigger"], source if row["dest"] == "@same" else row["dest"], words(row["by"]), words(row["guards"]))
        for row in rows
        for source in words(row["sources"])
    }


def words(cell: str) -> tuple[str, ...]:
    return tuple(sorted(cell.split(";"))) if cell else ()


def answered(machine: Machine[Any]) -> set[Listed]:
    """Return the arcs that the compiled machine answers for."""
    found = set()
    for state in machine.states:
        for trigger in machine.triggers_from(state):
            row = machine.transition(state, trigger)
            assert row is not None
            dest = state if row.dest == "@same" else row.dest
            found.add(Listed(state, trigger, dest, words(";".join(row.by)), words(";".join(guard.code for guard in row.guards))))
    return found


def changed(machine: Machine[Any], *rows: Transition[Any]) -> Machine[Any]:
    return compile_machine(msgspec.structs.replace(machine.definition, transitions=rows))


def ungated(machine: Machine[Any]) -> Machine[Any]:
    rows = tuple(msgspec.structs.replace(row, guards=()) for row in machine.definition.transitions)
    return compile_machine(msgspec.structs.replace(machine.definition, transitions=rows, passes=()))


def broken(machine: Machine[Any]) -> set[str]:
    return {proof.name for proof in prove_walks(machine) if proof.counterexample}


@each_machine
def test_the_table_is_exactly_the_list(machine: Machine[Any]) -> None:
    assert answered(machine) ^ listed(machine.definition.name) == set()


def test_there_are_as_many_states_triggers_and_arcs_as_the_list_says() -> None:
    sizes = {name: (len(each.states), len({arc.trigger for arc in each.arcs}), len(each.arcs)) for name, each in MACHINES.items()}
    assert sizes == {
        "family_support": (7, 7, 15),
        "identity_document": (6, 8, 19),
        "periodic_review": (9, 11, 31),
        "referral": (12, 13, 32),
        "reintegration": (7, 8, 15),
        "reunification": (13, 15, 44),
    }


@each_machine
def test_every_state_answers_every_trigger_as_the_list_says(machine: Machine[Any]) -> None:
    domain = {(arc.source, arc.trigger): arc for arc in listed(machine.definition.name)}
    shape = ungated(machine)
    triggers = {row.trigger for row in machine.definition.transitions}
    for state, trigger in itertools.product(machine.states, triggers):
        outcome = shape.decide(state, trigger, Asked(Ask("asker", frozenset(ROLES))))
        arc = domain.get((state, trigger))
        if arc is None:
            assert isinstance(outcome, Refusal), (state, trigger)
            assert outcome.codes == {"no_such_transition"}
        else:
            assert isinstance(outcome, Move), (state, trigger)
            assert outcome.dest == arc.dest


@each_machine
def test_only_the_roles_of_the_list_may_make_a_step(machine: Machine[Any]) -> None:
    shape = ungated(machine)
    for arc in listed(machine.definition.name):
        allowed = {role for role in ROLES if isinstance(shape.decide(arc.source, arc.trigger, Asked(Ask("p", frozenset({role})))), Move)}
        assert allowed == {*arc.by}, arc


@each_machine
def test_nothing_leaves_a_state_that_ends_the_process(machine: Machine[Any]) -> None:
    final = {state.name for state in machine.definition.states if state.kind == "final"}
    assert final == {state for state in machine.states if not machine.triggers_from(state)}
    assert final


@each_machine
def test_every_promise_holds_on_every_path(machine: Machine[Any]) -> None:
    assert broken(machine) == set()
    assert machine.definition.passes
    assert all(proof.configurations for proof in prove_walks(machine))


UNPROMISED = {
    ("family_support", "begin_preventive_delivery", "separation_at_stake"),
    ("referral", "record_notice", "only_notifies"),
    ("periodic_review", "bring_forward_on_concern", "visit_raises_concern"),
    ("periodic_review", "bring_forward_before_transfer", "not_reviewed_of_late"),
    ("periodic_review", "bring_forward_before_the_end", "not_reviewed_of_late"),
    ("reunification", "begin_preparation", "return_assessed"),
    ("reunification", "prepare_further", "preparation_goes_on"),
    ("reintegration", "begin", "visit_without_concern"),
    ("identity_document", "record_application", "identity_documents_known_or_applied"),
    ("identity_document", "apply_for_correction", "identity_documents_known_or_applied"),
    ("identity_document", "settle_dispute", "settled_by_another"),
}
"""Conditions that no promise speaks of: the list of arcs alone misses them."""


@each_machine
def test_a_guard_taken_out_of_a_row_breaks_a_promise(machine: Machine[Any]) -> None:
    rows, missed = machine.definition.transitions, set()
    for row in rows:
        for guard in row.guards:
            less = msgspec.structs.replace(row, guards=tuple(each for each in row.guards if each is not guard))
            mutant = ungoverned(machine, tuple(less if each is row else each for each in rows))
            assert answered(mutant) != listed(machine.definition.name)
            if not broken(mutant):
                missed.add((machine.definition.name, row.trigger, guard.code))
    assert missed == {each for each in UNPROMISED if each[0] == machine.definition.name}


def ungoverned(machine: Machine[Any], rows: tuple[Transition[Any], ...]) -> Machine[Any]:
    """Return the machine with other rows, though a promise may speak of a guard that none of them checks any more."""
    known = {guard.code for row in rows for guard in row.guards}
    spoken = {code for promise in machine.definition.passes for code in (*promise.all_of, *promise.last)}
    if spoken <= known:
        return changed(machine, *rows)
    idle = tuple(guard for row in machine.definition.transitions for guard in row.guards if guard.code in spoken - known)
    first = machine.definition.initial
    nowhere = Transition("idle", Words("diam", "idle"), (first,), first, guards=tuple(dict.fromkeys(idle)), law=rows[0].law)
    return changed(machine, *rows, nowhere)


GUARDED = {
    "family_support": {"agreed", "being_delivered", "delivered", "evaluated", "stopped"},
    "referral": {"sent", "accepted", "in_service", "completed", "feedback_closed", "declined"},
    "periodic_review": {"submitted", "endorsed"},
    "reunification": {"ready", "trial", "completed", "stopped", "located", "not_located"},
    "reintegration": {"final_review", "completed", "concern_raised"},
    "identity_document": {"issued", "verified"},
}


KEPT = {
    "family_support": set(),
    "referral": {("in_service", "completed")},
    "periodic_review": set(),
    "reunification": {("ready", "trial"), ("ready", "completed"), ("trial", "completed")},
    "reintegration": {("final_review", "completed")},
    "identity_document": set(),
}
"""Where a promise has been kept by every way into the source: a shortcut from there breaks none."""


@each_machine
def test_a_new_unguarded_step_into_what_is_promised_is_caught_wherever_it_starts(machine: Machine[Any]) -> None:
    live = [name for name, state in machine.states.items() if state.kind != "final"]
    missed = set()
    for source, dest in itertools.product(live, GUARDED[machine.definition.name]):
        row: Transition[Any] = Transition(
            "shortcut", Words("jalan pintas", "shortcut"), (source,), dest, law=machine.definition.transitions[0].law
        )
        if source != dest and not broken(changed(machine, *machine.definition.transitions, row)):
            missed.add((source, dest))
    assert missed == KEPT[machine.definition.name]


def test_reunification_is_stopped_only_by_a_supervisor() -> None:
    into = [row for row in MACHINES["reunification"].definition.transitions if row.dest == "stopped"]
    assert [(row.trigger, row.by) for row in into] == [("stop", ("supervisor",))]


def test_nobody_but_the_clock_says_that_time_has_passed() -> None:
    for machine in MACHINES.values():
        for row in machine.definition.transitions:
            assert (row.by == ("clock",)) == (row.wakes is not None), row.trigger


def test_the_clock_comes_to_rest_after_every_step_it_makes() -> None:
    """Steps of the clock lead on, or come back later: the same moment never brings one twice."""
    for machine in newest_machines().values():
        for row in machine.definition.transitions:
            if row.wakes is not None and row.dest == "@same":
                at = NOW + timedelta(days=30)
                woken = facts(now=at, process=Process("p", machine.definition.name, 1, machine.definition.initial, NOW, NOW))
                again = row.wakes(woken)
                assert again is not None
                assert again > at, (machine.definition.name, row.trigger)
        clocked = {(arc.source, arc.dest) for arc in machine.arcs if machine.transition(arc.source, arc.trigger).by == ("clock",)}  # type: ignore[union-attr]
        forward = {(source, dest) for source, dest in clocked if source != dest and (source, dest) != ONE_WAY_AT_A_TIME}
        assert all(not leads_back(source, forward) for source, _ in forward), machine.definition.name


ONE_WAY_AT_A_TIME = ("restricted", "active")
"""A house is held back and released only when a review moved: one asks for what the other forbids."""


def test_a_house_is_not_held_back_and_released_in_one_breath() -> None:
    rows = {row.trigger: {guard.code for guard in row.guards} for row in newest_machines()["host"].definition.transitions}
    assert "review_critical" in rows["hold_back"]
    assert "no_review_critical" in rows["release"]


def leads_back(start: str, arcs: set[tuple[str, str]]) -> bool:
    seen, frontier = set[str](), {dest for source, dest in arcs if source == start}
    while frontier - seen:
        seen |= frontier
        frontier = {dest for source, dest in arcs if source in frontier}
    return start in seen


def test_a_step_that_makes_itself_is_the_systems_to_make() -> None:
    made = {(name, row.trigger): row.on for name, each in MACHINES.items() for row in each.definition.transitions if row.on}
    assert made == {
        **{("family_support", step): "signed:F26" for step in ("evaluate", "complete_delivery", "stop", "begin_preventive_delivery")},
        **{("family_support", step): "signed:F26" for step in ("begin_delivery", "agree")},
        ("referral", "record_notice"): "signed:F13",
        ("referral", "accept"): "verified:F13",
        ("referral", "decline"): "signed:F13",
        ("referral", "close_with_feedback"): "signed:F13",
        ("periodic_review", "bring_forward_on_concern"): "signed:F15",
        ("periodic_review", "bring_forward_before_transfer"): "signed:F12",
        ("periodic_review", "bring_forward_before_the_end"): "signed:F18",
        ("periodic_review", "submit"): "signed:F16",
        ("periodic_review", "endorse"): "countersigned:F16",
        ("periodic_review", "return_report"): "returned:F16",
        ("reunification", "declare_ready"): "signed:F14",
        ("reunification", "prepare_further"): "signed:F14",
        ("reintegration", "raise_concern"): "signed:F15",
        ("reintegration", "begin"): "signed:F15",
        ("reintegration", "begin_final_review"): "signed:F15",
        ("identity_document", "verify"): "compared:document",
        ("identity_document", "record_issued"): "signed:F02",
        ("identity_document", "record_application"): "signed:F02",
    }
    rows = {(name, row.trigger): row for name, each in MACHINES.items() for row in each.definition.transitions}
    assert all("system" in rows[key].by and rows[key].guards for key in made)


def test_who_acts_by_hand_never_makes_a_step_that_only_the_journey_may_make() -> None:
    """What the journey decided, with its guards and approvals, is not to be had by a click; nor what a form says by itself."""
    fired = {
        *(("periodic_review", f"bring_forward_{why}") for why in ("on_concern", "before_transfer", "before_the_end")),
        ("reunification", "start_trial"),
        ("reunification", "complete"),
        ("reunification", "break_down"),
        ("reintegration", "complete"),
    }
    fired |= {(name, "end") for name in NAMES}
    for name, machine in MACHINES.items():
        for row in machine.definition.transitions:
            assert ((name, row.trigger) in fired) == (row.by == ("system",)), (name, row.trigger)
            assert not HUMAN.isdisjoint(row.by) or row.by in {("system",), ("clock",)}


@each_machine
def test_every_span_that_a_row_names_is_a_parameter_and_every_task_asked_for_can_be_done(machine: Machine[Any]) -> None:
    effects = [effect for row in machine.definition.transitions for effect in flattened(row.effects)]
    spans = {effect.within for effect in effects if isinstance(effect, Due | Open) and effect.within}
    assert spans - {*Parameters.__struct_fields__} == set()
    asked = {effect.task for effect in effects if isinstance(effect, Due)}
    theirs = [MACHINES[effect.machine] for effect in effects if isinstance(effect, Open) and effect.machine in MACHINES]
    done = (effect for each in (machine, *theirs) for row in each.definition.transitions for effect in flattened(row.effects))
    assert asked - {effect.task for effect in done if isinstance(effect, Done)} == set()
    assert not [effect for effect in effects if isinstance(effect, Fire | EachChild)]
