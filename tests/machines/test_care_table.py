"""The care journey's table against the domain's own list, for every state and every trigger."""

from typing import Any

import msgspec
import pytest

from casework.errors import Refusal
from casework.machines.care import CARE
from casework.machines.engine import HELD, Approved, Ask, Definition, Machine, Move, compile_machine
from casework.machines.parameters import Parameters
from casework.machines.roles import ROLES
from tests.machines.oracle import differences, listed_by_the_domain

DOMAIN = {(arc.source, arc.trigger): arc for arc in listed_by_the_domain()}
TRIGGERS = tuple(dict.fromkeys(row.trigger for row in CARE.definition.transitions))
LIVE = tuple(state.name for state in CARE.definition.states if state.kind == "live")
EVERYBODY = frozenset(ROLES)


class Asked(msgspec.Struct, frozen=True):
    """Facts without evidence: enough for a table whose guards are taken out."""

    ask: Ask


def ungated() -> Machine[Asked]:
    """The same table, every guard taken out: what is left is the shape of the journey."""
    rows = tuple(msgspec.structs.replace(row, guards=()) for row in CARE.definition.transitions)
    table: Definition[Any] = CARE.definition
    return compile_machine(msgspec.structs.replace(table, transitions=rows, requires=()))


SHAPE = ungated()


def signed(state: str, trigger: str, *, held: str | None = None, capacities: frozenset[str] = EVERYBODY) -> Asked:
    """Everything approved by as many different people as the domain's list asks for."""
    arc = DOMAIN.get((state, trigger))
    roles = [role for role in arc.approvals if not role.endswith("@24h")] if arc else []
    approvals = tuple(Approved(role, f"approver of {role}", "d") for role in roles)
    return Asked(Ask(person="asker", capacities=capacities, requester="requester", approvals=approvals, digest="d", held=held))


def test_the_table_is_exactly_the_domains_list() -> None:
    assert differences(CARE) == ()


def test_there_are_as_many_states_triggers_and_arcs_as_the_domain_says() -> None:
    assert (len(CARE.states), len(TRIGGERS), len(CARE.arcs), len(DOMAIN)) == (18, 43, 163, 163)


def answered(state: str, trigger: str, capacities: frozenset[str] = EVERYBODY) -> str:
    """Where the machine leads, or that there is no such step, whether or not it says so."""
    outcome = SHAPE.decide(state, trigger, signed(state, trigger, held="foster_care", capacities=capacities))
    if isinstance(outcome, Move):
        return outcome.dest
    return "no such step" if outcome.codes == {"no_such_transition"} and trigger not in outcome.possible else repr(outcome)


@pytest.mark.parametrize("state", CARE.states)
def test_the_compiled_machine_moves_exactly_where_the_domain_says(state: str) -> None:
    leading = {trigger: "foster_care" if arc.dest == HELD else arc.dest for (source, trigger), arc in DOMAIN.items() if source == state}
    assert {trigger: answered(state, trigger) for trigger in TRIGGERS} == dict.fromkeys(TRIGGERS, "no such step") | leading


@pytest.mark.parametrize("state", CARE.states)
def test_only_the_roles_of_the_domain_may_propose(state: str) -> None:
    listed = {trigger: {*arc.by} for (source, trigger), arc in DOMAIN.items() if source == state}
    allowed = {trigger: {role for role in ROLES if answered(state, trigger, frozenset({role})) in CARE.states} for trigger in listed}
    assert allowed == listed


@pytest.mark.parametrize("trigger", ["resume_previous_placement", "resume_after_missing"])
def test_held_resolves_to_each_live_state_and_to_nothing_else(trigger: str) -> None:
    source = {"resume_previous_placement": "trial_home_stay", "resume_after_missing": "missing"}[trigger]
    for held in (*CARE.states, None, HELD, "nowhere"):
        outcome = SHAPE.decide(source, trigger, signed(source, trigger, held=held))
        if held in LIVE:
            assert isinstance(outcome, Move)
            assert outcome.dest == held
        else:
            assert isinstance(outcome, Refusal)
            assert outcome.codes == {"no_such_transition"}


@pytest.mark.parametrize("state", CARE.states)
def test_the_real_machine_lists_the_triggers_of_the_domain(state: str) -> None:
    assert {*CARE.triggers_from(state)} == {trigger for source, trigger in DOMAIN if source == state}


def test_every_row_has_its_law_and_every_word_both_languages() -> None:
    for row in CARE.definition.transitions:
        assert row.law, row.trigger
        assert row.label.id, row.trigger
        assert row.label.en, row.trigger


def test_every_span_that_a_row_names_is_a_parameter() -> None:
    spans = {row.ratification.after for row in CARE.definition.transitions if row.ratification} | {
        getattr(effect, "within", "") for row in CARE.definition.transitions for effect in row.effects
    }
    assert spans - {"", *Parameters.__struct_fields__} == set()
