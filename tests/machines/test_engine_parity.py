"""The compiled table and the shared `transitions` machine give one answer, for every state, trigger, gap and setting held."""

from typing import Any

import msgspec
import pytest

from casework.errors import DefinitionError, Law, Reason, Refusal
from casework.machines.care import CARE
from casework.machines.engine import HELD, Ask, Definition, Guard, Machine, Move, State, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.roles import ROLES
from casework.words import Words
from tests.machines.builders import admissible

TRIGGERS = (*dict.fromkeys(row.trigger for row in CARE.definition.transitions), "to_closed", "nothing")
HELD_SETTINGS = (None, *CARE.states, HELD, "nowhere")
WORDS, LAW = Words("x", "x"), (Law("x", "DESIGN"),)


class Toggled(msgspec.Struct, frozen=True):
    """Facts with one question: is anything missing?"""

    ask: Ask
    complete: bool


COMPLETE: Guard[Toggled] = Guard("complete", lambda facts: facts.complete, WORDS, LAW, WORDS, ("social_worker",))


def toggled() -> Machine[Toggled]:
    """The care journey's own table, its guards and approvals replaced by one guard that a test turns on and off."""
    rows = tuple(msgspec.structs.replace(row, guards=(COMPLETE,), approvals=()) for row in CARE.definition.transitions)
    table: Definition[Any] = CARE.definition
    return compile_machine(msgspec.structs.replace(table, transitions=rows, requires=()))


def asked(*, complete: bool, held: str | None) -> Toggled:
    return Toggled(Ask("asker", frozenset(ROLES), held=held), complete)


def disagreement(machine: Machine[Any], state: str, trigger: str, facts: Any) -> str:
    """Say where the table's answer differs from that of the shared machine under the same gaps, or nothing."""
    outcome = machine.decide(state, trigger, facts)
    missing: tuple[Reason, ...] = ()
    if isinstance(outcome, Refusal) and outcome.codes != {"no_such_transition"}:
        missing = outcome.reasons
    decided = outcome.dest if isinstance(outcome, Move) else None
    led = machine.led(state, trigger, missing=missing, held=facts.ask.held)
    return "" if decided == led else f"{trigger} from {state}, {facts.ask.held} held: the table says {decided}, the machine {led}"


def disagreements(machine: Machine[Toggled], state: str) -> list[str]:
    asking = [asked(complete=complete, held=held) for complete in (True, False) for held in HELD_SETTINGS]
    return [found for trigger in TRIGGERS for facts in asking if (found := disagreement(machine, state, trigger, facts))]


TOGGLED = toggled()


@pytest.mark.parametrize("state", [*CARE.states, "nowhere"])
def test_table_and_machine_agree_on_every_trigger_gap_and_setting_held(state: str) -> None:
    assert disagreements(TOGGLED, state) == []


def test_what_is_compared_moves_along_every_arc_and_is_refused_along_every_arc() -> None:
    """The comparison above is not between two machines that never move."""
    moved = {
        (state, trigger, outcome.dest)
        for state in CARE.states
        for trigger in TRIGGERS
        for held in HELD_SETTINGS
        if isinstance(outcome := TOGGLED.decide(state, trigger, asked(complete=True, held=held)), Move)
    }
    live = {state.name for state in CARE.definition.states if state.kind == "live"}
    expected = {(arc.source, arc.trigger, dest) for arc in CARE.arcs for dest in (live if arc.dest == HELD else {arc.dest})}
    assert moved == expected
    refused = [TOGGLED.decide(arc.source, arc.trigger, asked(complete=False, held="foster_care")) for arc in CARE.arcs]
    assert all(isinstance(outcome, Refusal) and outcome.codes == {"complete"} for outcome in refused)


@pytest.mark.parametrize("state", CARE.states)
def test_the_care_journey_itself_agrees_with_full_and_with_no_evidence(state: str) -> None:
    full = admissible()
    everybody = msgspec.structs.replace(full.ask, capacities=frozenset(ROLES), held="institutional_care")
    for facts in (full, msgspec.structs.replace(full, ask=everybody), msgspec.structs.replace(full, ask=everybody, records=())):
        assert [found for trigger in TRIGGERS if (found := disagreement(CARE, state, trigger, facts))] == []


def test_an_entry_of_the_table_that_leads_elsewhere_is_noticed() -> None:
    machine = toggled()
    entry = machine._table["care_planning", "admit_to_institution"]
    machine._table["care_planning", "admit_to_institution"] = msgspec.structs.replace(entry, dest="foster_care")
    assert all("the table says foster_care, the machine institutional_care" in found for found in disagreements(machine, "care_planning"))
    assert len(disagreements(machine, "care_planning")) == len(HELD_SETTINGS)


def test_an_arc_that_only_the_table_has_is_noticed() -> None:
    machine = toggled()
    machine._table["reported", "admit_to_institution"] = machine._table["care_planning", "admit_to_institution"]
    assert disagreements(machine, "reported")


def test_a_machine_that_leads_elsewhere_than_its_table_is_not_built() -> None:
    """Past the check of the table, every arc is fired once: two rows for one step cannot both lead where they say."""
    states = tuple(State(name, WORDS) for name in ("start", "home", "away"))
    rows: tuple[Transition[Facts], ...] = tuple(Transition("go", WORDS, ("start",), dest, law=LAW) for dest in ("home", "away"))
    with pytest.raises(DefinitionError, match="the machine built from it leads to"):
        Machine(Definition("toy", 1, "start", states, rows))
