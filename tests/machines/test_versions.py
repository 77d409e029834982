"""Versions of a machine: what they must say of each other, and what the newest promises, proved over all of them together."""

from typing import Any

import msgspec
import pytest

from casework.errors import DefinitionError
from casework.machines import book
from casework.machines.definitions import Definition, Migrates
from casework.machines.dossier import CARE_DOSSIER
from casework.machines.effects import Fire
from casework.machines.engine import Machine, State, compile_machine
from casework.machines.invariants import Door, Doors, Goal, Invariant, Never, Passes, Requires
from casework.machines.paths import SIGNATURES, Truths
from casework.machines.proofs import check, counterexample, prove
from casework.machines.versions import Change, Past, broken_by, crossings, difference, version_faults
from casework.machines.walks import prove_walks
from tests.machines.test_network import machine
from tests.machines.toys import LAW, TOY_DOSSIER, WORD, row, toy, toy_guard
from tests.versions.newer import newer_program

PLAN = toy_guard("plan", "current")
PLANNED = Requires("planned", WORD, LAW, Goal(enters=("c",)), all_of=("plan",))
LOOSE = toy(row("on", "a", "b"), row("in", "b", "c"), row("end", "c", "z"), states="abcz")
"""Version 1: nothing is asked on the way into `c`."""
SAFE = toy(row("on", "a", "b"), row("in", "b", "c", PLAN), row("end", "c", "z"), states="abcz")
"""Version 1, in which a plan is asked."""


def later(before: Machine[Any], *migrates: Migrates[Any], requires: tuple[Invariant, ...] = (PLANNED,), **changed: Any) -> Machine[Any]:
    """Return version 2, in which a plan is asked and promised on the way into `c`."""
    return compile_machine(
        msgspec.structs.replace(
            SAFE.definition, version=2, requires=requires, follows=before.digest, migrates=migrates or (Migrates(version=1),), **changed
        )
    )


def broken(machine: Machine[Any], *older: Machine[Any]) -> dict[str, tuple[str, ...]]:
    """Return the promises that are broken over all versions, each with its shortest way."""
    before = {each.definition.version: each for each in older}
    return {proof.name: proof.counterexample for proof in prove(machine, TOY_DOSSIER, older=before) if proof.counterexample}


def test_what_an_older_version_kept_passes_over_freely() -> None:
    assert broken(later(SAFE), SAFE) == {}


def test_who_stands_in_a_state_of_a_looser_version_may_not_pass_into_a_stricter_one_as_if_they_had_come_by_its_door() -> None:
    assert broken(later(LOOSE), LOOSE) == {"planned": ("a (v1)", "on -> b (v1)", "in -> c (v1): plan is aged")}


def test_by_itself_the_stricter_version_keeps_its_promise() -> None:
    assert broken(later(LOOSE)) == {}


def test_a_mapping_that_opens_a_side_door_is_refused_with_the_shortest_way_in() -> None:
    side_door = later(SAFE, Migrates(version=1, states={"b": "c"}))
    assert broken(side_door, SAFE) == {"planned": ("a (v1)", "on -> b (v1): plan is aged")}
    with pytest.raises(DefinitionError, match="plan is aged"):
        check(side_door, TOY_DOSSIER, {1: SAFE})


def test_a_state_that_stays_breaks_nothing() -> None:
    assert broken(later(LOOSE, Migrates(version=1, stays=("c",))), LOOSE) == {}


def test_a_passing_that_asks_for_what_is_promised_keeps_it() -> None:
    assert broken(later(LOOSE, Migrates(version=1, asks={"c": (PLAN,)})), LOOSE) == {}


def test_a_passing_that_asks_for_something_else_does_not() -> None:
    asking = later(LOOSE, Migrates(version=1, asks={"c": (toy_guard("view", "current"),)}))
    assert broken(asking, LOOSE) == {"planned": ("a (v1)", "on -> b (v1)", "in -> c (v1)", "migrate -> c: plan is aged")}


def test_what_passes_by_way_of_a_version_between_is_looked_at_too() -> None:
    second = later(LOOSE, requires=())
    third = compile_machine(
        msgspec.structs.replace(SAFE.definition, version=3, requires=(PLANNED,), follows=second.digest, migrates=(Migrates(version=2),))
    )
    assert broken(third, second) == {}
    assert broken(third, second, LOOSE) == {"planned": ("a (v1)", "on -> b (v1)", "in -> c (v1): plan is aged")}


def test_a_state_and_a_step_may_be_called_otherwise() -> None:
    door = Doors("by_its_door", WORD, LAW, "y", (Door("enter", ("b",)),))
    rows = (row("on", "a", "b"), row("enter", "b", "y", PLAN), row("end", "y", "z"))
    renaming = Migrates[Any](version=1, states={"c": "y"}, triggers={"in": "enter"})
    states = tuple(State(name, WORD, kind="final" if name == "z" else "live") for name in "abyz")
    machine = later(SAFE, renaming, requires=(door,), states=states, transitions=rows)
    assert broken(machine, SAFE) == {}
    nameless = later(SAFE, Migrates(version=1, states={"c": "y"}), requires=(door,), states=states, transitions=rows)
    assert broken(nameless, SAFE)["by_its_door"][-1] == "in -> c (v1): in from b is not a way in"


CHECKED = Passes("checked", WORD, LAW, states=("c",), all_of=("plan",))


def beside(version: int, *rows: Any, migrates: tuple[Migrates[Any], ...] = (), passes: tuple[Passes, ...] = ()) -> Machine[Any]:
    """Return a version of a process."""
    states = tuple(State(name, WORD, kind="final" if name == "z" else "live") for name in "abcz")
    return compile_machine(
        Definition(
            "beside", version, "a", states, rows, about="case", passes=passes, migrates=migrates, follows="" if version == 1 else "x"
        )
    )


WALK = (row("on", "a", "b"), row("in", "b", "c", PLAN), row("end", "c", "z"))
UNCHECKED = beside(1, row("on", "a", "b"), row("in", "b", "c"), row("end", "c", "z"))


@pytest.mark.parametrize(
    ("migrates", "way"),
    [
        (Migrates[Any](1), ("a (v1)", "on -> b (v1)", "in -> c (v1)", "without plan")),
        (Migrates[Any](1, states={"b": "c"}, stays=("c",)), ("a (v1)", "on -> b (v1)", "without plan")),
        (Migrates[Any](1, stays=("c",)), None),
        (Migrates[Any](1, asks={"c": (PLAN,)}), None),
        (Migrates[Any](1, asks={"c": (toy_guard("view"),)}), ("a (v1)", "on -> b (v1)", "in -> c (v1)", "migrate -> c", "without plan")),
    ],
)
def test_a_process_is_walked_over_both_versions_too(migrates: Migrates[Any], way: tuple[str, ...] | None) -> None:
    machine = beside(2, *WALK, migrates=(migrates,), passes=(CHECKED,))
    found = {proof.name: proof.counterexample for proof in prove_walks(machine, {1: UNCHECKED})}
    assert found["checked"] == way


def faults(*machines: Machine[Any]) -> str:
    return "; ".join(version_faults({(machine.definition.name, machine.definition.version): machine for machine in machines}))


def test_an_edited_version_is_refused_by_the_one_that_follows_it() -> None:
    assert faults(SAFE, later(SAFE)) == ""
    assert "never edited" in faults(LOOSE, later(SAFE))


def test_a_version_is_missing_or_begins_at_the_wrong_number() -> None:
    third = compile_machine(msgspec.structs.replace(SAFE.definition, version=3, follows=SAFE.digest))
    assert "there is no version 2" in faults(SAFE, third)


@pytest.mark.parametrize(
    ("migrates", "said"),
    [
        (Migrates[Any](2), "nothing passes over from version 2"),
        (Migrates[Any](1, states={"q": "a"}), "version 1 has no state q"),
        (Migrates[Any](1, stays=("q",)), "version 1 has no state q"),
        (Migrates[Any](1, states={"a": "q"}), "it has no state q"),
        (Migrates[Any](1, triggers={"jump": "on"}), "version 1 has no step jump"),
        (Migrates[Any](1, triggers={"on": "jump"}), "it has no step jump"),
        (Migrates[Any](1, asks={"a": (toy_guard("plan"),)}), "guard plan means something else"),
    ],
)
def test_what_a_version_says_of_an_older_one_fits_both(migrates: Migrates[Any], said: str) -> None:
    assert said in faults(SAFE, later(SAFE, migrates))


def test_no_version_fires_a_step_that_asks_something_in_another() -> None:
    fires = machine("a", Fire("b", "go", of="host"))
    asking = machine("b", guards=(toy_guard("plan"),))
    quiet = compile_machine(msgspec.structs.replace(machine("b").definition, version=2, follows=asking.digest))
    assert "b 1: go is fired" in "; ".join(book.fired_faults({("a", 1): fires, ("b", 1): asking, ("b", 2): quiet}))
    assert [*book.fired_faults({("a", 1): fires, ("b", 1): machine("b"), ("b", 2): quiet})] == []


def test_the_digest_is_about_what_passes_over_too() -> None:
    kinds = (Migrates[Any](1), Migrates[Any](1, stays=("a",)), Migrates[Any](1, asks={"a": (PLAN,)}), Migrates[Any](1, states={"b": "c"}))
    assert len({later(SAFE, each).digest for each in kinds}) == len(kinds)
    assert later(SAFE).digest != later(LOOSE).digest, "and about what it follows"


def test_nobodys_step_bears_the_name_of_a_passing() -> None:
    with pytest.raises(DefinitionError, match="migrate"):
        toy(row("migrate", "a", "z"), states="az")


def test_what_is_different_where_something_stands_is_told_step_by_step() -> None:
    rows = (row("go", "a", "b", PLAN), row("leave", "a", "z"), row("end", "b", "z"))
    machine = later(SAFE, Migrates(version=1, stays=("c",), triggers={"on": "go"}), transitions=rows, requires=())
    found = difference(SAFE, machine, crossings(machine, 1)["a"])
    assert (found.appear, found.disappear) == (("leave",), ())
    assert found.changed == (Change("go", ("plan",), (), (), ()),)
    assert "c" not in crossings(machine, 1)


def test_a_history_breaks_a_promise_by_where_it_came_from() -> None:
    door = Doors("by_its_door", WORD, LAW, "c", (Door("in", ("b",)),))
    never = Never("never_straight", WORD, LAW, ("a",), ("c",))
    machine = later(SAFE, requires=(door, never))
    assert [*broken_by(machine, [Past("on", "a", "b"), Past("in", "b", "c")])] == []
    assert [*broken_by(machine, [Past("jump", "a", "c")])] == ["by_its_door", "never_straight"]
    assert [*broken_by(machine, [])] == []


def test_a_history_of_a_process_breaks_what_every_path_makes() -> None:
    machine = beside(2, *WALK, passes=(CHECKED, Passes("seen", WORD, LAW, states=("c",), last=("plan",), by_way_of=("b",))))
    held = frozenset({"plan"})
    assert [*broken_by(machine, [Past("open", "", "a"), Past("on", "a", "b"), Past("in", "b", "c", held)])] == []
    assert [*broken_by(machine, [Past("open", "", "a"), Past("on", "a", "b", held), Past("in", "b", "c")])] == ["seen"]
    assert [*broken_by(machine, [Past("open", "", "a"), Past("on", "a", "b"), Past("in", "b", "c")])] == ["checked", "seen"]
    assert [*broken_by(machine, [Past("open", "", "a"), Past("on", "a", "b")])] == [], "it stands elsewhere"


EVIDENCE = (SIGNATURES, "F05 kin", "F06")
"""Enough to tell the promises apart; `casework check` searches all of it."""


def test_the_promises_of_a_second_version_of_the_journey_are_proved_over_both() -> None:
    with newer_program():
        machine, older = book.journey(), book.older_than(book.journey())
        assert (machine.definition.version, [*older]) == (2, [1])
        label = book.states_of("care_journey")["initial_assessment"].label
        assert label == book.states_of("care_journey")["first_assessment"].label
    proofs = prove(machine, None, Truths(CARE_DOSSIER, EVIDENCE), older)
    assert [proof.name for proof in proofs if proof.counterexample] == []


def test_no_mapping_leads_from_planning_into_an_institution() -> None:
    with newer_program():
        machine, older = book.journey(), book.older_than(book.journey())
    (lawful,) = machine.definition.migrates
    side_door = msgspec.structs.replace(lawful, states={**lawful.states, "care_planning": "institutional_care"})
    opened = compile_machine(msgspec.structs.replace(machine.definition, migrates=(side_door,)))
    found = counterexample(opened, Truths(CARE_DOSSIER, ("F05 kin",)), older)
    assert found is not None
    assert found.counterexample is not None
    *way, last = found.counterexample
    assert (found.name, way) == (
        "institution_is_the_last_resort",
        [
            "reported (v1)",
            "start_assessment -> initial_assessment (v1)",
            "begin_comprehensive_assessment -> comprehensive_assessment (v1)",
        ],
    )
    assert last.startswith("begin_planning -> care_planning (v1): F05 kin is ")
