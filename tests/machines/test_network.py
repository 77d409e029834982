"""How machines touch: what is fired exists, asks nothing more, and no effect comes back to where it began."""

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from casework.machines import law
from casework.machines.book import links, network_faults, newest_machines
from casework.machines.effects import Due, Effect, Fire, Open, When
from casework.machines.endings import ending_faults
from casework.machines.engine import Approval, Definition, Guard, Machine, State, Transition, compile_machine
from casework.words import Words

WORDS = Words("kata", "word")
ASKS: Guard[Any] = Guard("asks", lambda _facts: True, WORDS, (law.DESIGN,), WORDS, ("supervisor",), ("F17",))


def machine(name: str, *effects: Effect, opening: tuple[Effect, ...] = (), **row: Any) -> Machine[Any]:
    """A machine of two states whose one step `go` brings these effects."""
    step: Transition[Any] = Transition(
        "go", WORDS, ("here",), "there", **{"by": ("system",), "effects": effects, "law": (law.DESIGN,), **row}
    )
    return compile_machine(
        Definition(name, 1, "here", (State("here", WORDS), State("there", WORDS)), (step,), opening=opening, conditions=(ASKS,))
    )


def faults(*machines: Machine[Any]) -> str:
    return "; ".join(network_faults({each.definition.name: each for each in machines}))


def fire(name: str, trigger: str = "go") -> Fire:
    return Fire(name, trigger, of="host")


def test_the_machines_there_are_touch_without_fault() -> None:
    assert faults(*newest_machines().values()) == ""


def test_an_incident_restricts_the_house_and_suspends_who_is_accused() -> None:
    assert {*links(newest_machines())} >= {
        (("incident", "open"), ("host", "restrict")),
        (("incident", "open"), ("staff", "suspend")),
    }


def test_one_machine_may_fire_anothers_step() -> None:
    assert faults(machine("a", fire("b")), machine("b")) == ""


def test_an_unknown_machine_is_refused() -> None:
    assert "there is no machine b" in faults(machine("a", fire("b")))
    assert "there is no machine b" in faults(machine("a", Open("b")))


def test_an_unknown_step_is_refused() -> None:
    assert "b has no step stop" in faults(machine("a", fire("b", "stop")), machine("b"))


@pytest.mark.parametrize(
    "row", [{"guards": (ASKS,)}, {"by": ("supervisor",)}, {"approvals": (Approval("supervisor"),)}], ids=["guard", "role", "approval"]
)
def test_a_fired_step_that_could_refuse_is_refused(row: dict[str, Any]) -> None:
    assert "b.go is fired" in faults(machine("a", fire("b")), machine("b", **row))


def test_a_guarded_step_that_nothing_fires_is_lawful() -> None:
    assert faults(machine("a"), machine("b", guards=(ASKS,))) == ""


def test_a_loop_is_refused_however_long() -> None:
    assert "come back" in faults(machine("a", fire("a")))
    assert "come back" in faults(machine("a", fire("b")), machine("b", fire("c")), machine("c", fire("a")))


def test_a_loop_behind_a_condition_or_a_beginning_is_refused() -> None:
    assert "come back" in faults(machine("a", When("asks", (fire("b"),))), machine("b", fire("a")))
    assert "come back" in faults(machine("a", opening=(Open("b"),)), machine("b", opening=(Open("a"),)))


def test_a_task_links_nothing() -> None:
    assert list(links({"a": machine("a", Due("review", "host_review_days"))})) == []


@pytest.mark.parametrize("change", [{"guards": (ASKS,)}, {"by": ("dinas_head",)}], ids=["guarded", "for the head only"])
@pytest.mark.parametrize(("name", "trigger"), [("host", "restrict"), ("staff", "suspend")])
def test_protection_that_could_be_refused_is_noticed(name: str, trigger: str, change: dict[str, Any]) -> None:
    """Were the step that an incident fires guarded, the house would stay open."""
    real = newest_machines()[name]
    rows = tuple(msgspec.structs.replace(row, **change) if row.trigger == trigger else row for row in real.definition.transitions)
    changed: Machine[Any] = compile_machine(msgspec.structs.replace(real.definition, transitions=rows))
    assert f"{name}.{trigger} is fired" in "; ".join(network_faults({**newest_machines(), name: changed}))


def test_nothing_beside_a_case_stays_open_when_the_journey_ends_it() -> None:
    assert [*ending_faults(newest_machines())] == []


def test_a_row_that_forgets_to_end_what_goes_on_is_found() -> None:
    machines = dict(newest_machines())
    care = machines["care_journey"].definition
    forgetful = tuple(
        replace(row, effects=tuple(each for each in row.effects if not isinstance(each, Fire) or each.machine != "reintegration"))
        if row.trigger == "close_turned_18"
        else row
        for row in care.transitions
    )
    found = [*ending_faults(machines | {"care_journey": Machine(replace(care, transitions=forgetful))})]
    assert found
    assert {fault.partition(" open in ")[0] for fault in found} == {"close_turned_18: leaves reintegration"}
