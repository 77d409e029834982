"""The search for a broken promise, on machines small enough to search by hand."""

import msgspec
import pytest

from casework.errors import DefinitionError
from casework.machines.engine import Machine
from casework.machines.invariants import Goal, Requires
from casework.machines.proofs import check, prove
from tests.machines.toys import LAW, TOY_DOSSIER, WORD, ToyFacts, row, toy, toy_guard

PLANNED = Requires("planned", WORD, LAW, Goal(enters=("z",)), all_of=("plan",))
TOY_MACHINE = toy(
    row("on", "a", "b"), row("back", "b", "a", new_round=True), row("end", "b", "z", toy_guard("plan", "current")), requires=(PLANNED,)
)


def found(machine: Machine[ToyFacts]) -> dict[str, tuple[str, ...] | None]:
    return {proof.name: proof.counterexample for proof in prove(machine, TOY_DOSSIER)}


def test_evidence_of_an_earlier_round_needs_a_way_through_a_new_round() -> None:
    old = toy_guard("plan", "old", "current")
    machine = toy(row("on", "a", "b"), row("back", "b", "a", new_round=True), row("end", "b", "z", old), requires=(PLANNED,))
    assert found(machine)["planned"] == ("a", "on -> b", "back -> a", "on -> b", "end -> z: plan is old")
    without = toy(row("on", "a", "b"), row("back", "b", "a"), row("end", "b", "z", old), requires=(PLANNED,))
    assert found(without)["planned"] is None


def test_evidence_that_must_only_exist_may_be_old() -> None:
    ever = msgspec.structs.replace(PLANNED, since="ever")
    aged = toy_guard("plan", "aged", "old", "current")
    assert found(toy(row("on", "a", "b"), row("end", "b", "z", aged), requires=(ever,)))["planned"] is None
    assert found(toy(row("on", "a", "b"), row("end", "b", "z"), requires=(ever,)))["planned"] == (
        "a",
        "on -> b",
        "end -> z: plan is absent",
    )


def test_a_state_that_no_way_leads_to_and_one_that_no_way_leaves_are_named() -> None:
    assert found(toy(row("end", "a", "z")))["every_state_reachable"] == ("b is never reached",)
    machine = toy(row("end", "a", "z"), row("fall", "a", "b"))
    assert found(machine)["no_dead_end"] == ("a", "fall -> b", "from here there is no way to an end")


def test_a_guard_that_can_never_hold_makes_its_state_unreachable() -> None:
    assert found(toy(row("on", "a", "b", toy_guard("plan")), row("end", "a", "z"), row("out", "b", "z"), requires=(PLANNED,)))[
        "every_state_reachable"
    ] == ("b is never reached",)


def test_a_promise_about_evidence_that_nobody_knows_is_refused() -> None:
    promise = Requires("dreamt", WORD, LAW, Goal(enters=("z",)), all_of=("horoscope",))
    with pytest.raises(DefinitionError, match="horoscope"):
        prove(toy(row("on", "a", "b"), row("end", "b", "z"), requires=(promise,)), TOY_DOSSIER)


def test_a_machine_that_promises_nothing_needs_no_dossier() -> None:
    assert [proof.counterexample for proof in prove(toy(row("on", "a", "b"), row("end", "b", "z")))] == [None, None]


def test_check_answers_with_its_proofs_when_all_hold() -> None:
    assert check(TOY_MACHINE, TOY_DOSSIER) == prove(TOY_MACHINE, TOY_DOSSIER)
