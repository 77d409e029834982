"""The laws can fail: with an effect taken out of a row, or a guard made blind, the walk that passes there says which law is broken."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from casework.machines import book
from casework.machines.effects import Due, Effect, End, Fire, Open, Settle
from casework.machines.engine import Machine, Transition, compile_machine
from casework.machines.facts import Subject
from casework.services import network
from tests.databases import Files
from tests.journeys.walk import alarms, laws, machine, remedies
from tests.journeys.walk.finishing import file_incident
from tests.journeys.walk.look import Look, moment
from tests.journeys.walk.town import PARAMS, Clock, Journey, Town, open_copy
from tests.journeys.walk.walker import Tally, Walker
from tests.journeys.walk.world import prepare

TURNS = bytes(400)
"""Draws that always choose the first."""
Without = Callable[[Effect], bool]


@pytest.fixture
def walker(town: Town, tmp_path: Path) -> Iterator[Walker]:
    path = tmp_path / "casework.db"
    walk = Journey(town, open_copy(town.path, path, durable=False), path, born=date(2016, 5, 10), clock=Clock())
    yield Walker(walk, TURNS, Tally(), turning=False)
    walk.close()


def lame(monkeypatch: pytest.MonkeyPatch, name: str, trigger: str, *, without: Without = lambda _: False, guard: str = "") -> None:
    """Let the services work by a machine of which a row has lost effects, or a guard always holds; it says that it is the old one."""
    whole = book.newest_machines()[name]
    blind = {each.code: msgspec.structs.replace(each, check=lambda _: True) for row in whole.definition.transitions for each in row.guards}

    def maim(row: Transition[Any]) -> Transition[Any]:
        effects = tuple(effect for effect in row.effects if row.trigger != trigger or not without(effect))
        return msgspec.structs.replace(
            row, effects=effects, guards=tuple(blind[guard] if each.code == guard else each for each in row.guards)
        )

    rows = tuple(maim(row) for row in whole.definition.transitions)
    opening = tuple(effect for effect in whole.definition.opening if not (trigger == book.OPEN and without(effect)))
    mutant: Machine[Any] = compile_machine(msgspec.structs.replace(whole.definition, transitions=rows, opening=opening))
    mutant.digest = whole.digest
    key = (name, whole.definition.version)
    monkeypatch.setitem(book.newest_machines(), name, mutant)
    monkeypatch.setitem(book.by_version(), key, mutant)
    monkeypatch.setattr(network, "opened_by", book.opened_by.__wrapped__)


def fires(machine: str) -> Without:
    return lambda effect: isinstance(effect, Fire) and effect.machine == machine


def opens(machine: str) -> Without:
    return lambda effect: isinstance(effect, Open) and effect.machine == machine


def asks(task: str) -> Without:
    return lambda effect: isinstance(effect, Due) and effect.task == task


MUTANTS: tuple[tuple[str, str, Without, tuple[str, ...], str], ...] = (
    ("care_journey", "support_family", lambda effect: isinstance(effect, End), ("place_in_emergency", "support_family"), "lives_where"),
    ("care_journey", "place_in_emergency", opens("periodic_review"), ("place_in_emergency",), "one_review_goes_on"),
    ("care_journey", "support_family", fires("periodic_review"), ("place_in_emergency", "support_family"), "one_review_goes_on"),
    ("care_journey", "place_with_kin", asks("first_visit"), ("place_in_emergency", "place_with_kin"), "first_visit"),
    ("care_journey", "record_death", lambda effect: isinstance(effect, Settle), ("place_in_emergency", "record_death"), "tasks"),
    ("care_journey", "record_death", fires("reunification"), ("place_in_emergency", "place_with_kin", "record_death"), "beside_an_end"),
)
"""Which effect of which row is taken out, on which way that shows, and what is said of it."""


@pytest.mark.parametrize(("name", "trigger", "without", "way", "said"), MUTANTS)
def test_a_row_that_lost_an_effect_is_found_out(
    walker: Walker, monkeypatch: pytest.MonkeyPatch, name: str, trigger: str, without: Without, way: tuple[str, ...], said: str
) -> None:
    lame(monkeypatch, name, trigger, without=without)
    with pytest.raises(AssertionError, match=said):
        walker.make(*way)


def test_a_walk_that_fails_tells_its_story(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And Hypothesis, which plays it once more to tell it, finds the same."""
    ground = prepare(Files(tmp_path).new())
    lame(monkeypatch, "care_journey", "place_in_emergency", without=opens("periodic_review"))
    with pytest.raises(AssertionError, match="one_review_goes_on") as found:
        machine.walk(ground, turns=100, most=100, length=100)
    story = "\n".join(found.value.__notes__)
    assert "Raka Pratama 1 is reported" in story
    assert "place_in_emergency" in story


def test_an_incident_that_asks_nobody_is_found_out(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    walker.make("start_assessment")
    lame(monkeypatch, "incident", book.OPEN, without=lambda _: True)
    file_incident(walker.walk, type="neglect")
    assert any("asked for its triage" in fault for fault in laws.broken(Look(walker.walk.rows, walker.walk.at)))


def test_a_guard_of_religion_that_always_holds_is_found_out(walker: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    lame(monkeypatch, "care_journey", "admit_to_institution", guard="religion_compatible")
    monkeypatch.setitem(remedies.HEADS, "kasih", "markus")
    monkeypatch.setattr(walker, "_subject", lambda trigger: Subject(host=walker.walk.town.hosts["kasih" if "admit" in trigger else "rpsa"]))
    with pytest.raises(AssertionError, match="another_religion"):
        walker.make("place_in_emergency", "admit_to_institution")


def test_a_row_of_the_register_that_lies_is_found_out(walker: Walker) -> None:
    walker.make("place_in_emergency")
    look = Look(walker.walk.rows, walker.walk.at)
    look.placements = [{**dict(look.placements[0]), "status": "on_leave"}]
    assert [fault.split(":")[0] for fault in laws.broken(look)] == ["registers_say_what_their_processes_say"]


def test_an_answer_that_its_placement_does_not_know_is_found_out(walker: Walker) -> None:
    look = Look(walker.walk.rows, walker.walk.at)
    look.offers = [{"id": "o", "accepted": said, "accepts": 0, "declines": 0} for said in (None, 0, 1)]
    assert len([fault for fault in laws.broken(look) if fault.startswith("an_offer_and_its_placement_agree")]) == 2


def test_a_bed_held_too_long_that_the_clock_does_not_know_is_found_out(walker: Walker) -> None:
    walker.make("place_in_emergency", "place_with_kin", "report_missing")
    look = Look(walker.walk.rows, walker.walk.at + timedelta(days=PARAMS.missing_hold_days - 1))
    assert [*alarms.bed_held_past_its_time(look)] == []
    look.at += timedelta(days=2)
    assert alarms.unseen(look, frozenset())["held bed past its time"] == 1


def test_a_grown_up_in_care_of_whom_nobody_is_told_is_found_out(walker: Walker) -> None:
    walker.make("place_in_emergency", "place_with_kin")
    look = Look(walker.walk.rows, walker.walk.birthday + timedelta(days=PARAMS.adult_exit_days - 1))
    assert [*alarms.grown_up_in_care(look)] == []
    look.at += timedelta(days=2)
    assert alarms.unseen(look, frozenset())["of age and in care past the time to leave"] == 1
    look.open_tasks = {}
    with pytest.raises(AssertionError, match="way out"):
        list(alarms.grown_up_in_care(look))


def test_what_is_late_and_in_no_list_is_found_out(walker: Walker) -> None:
    walker.make("place_in_emergency")
    look = Look(walker.walk.rows, walker.walk.at)
    look.at = max(moment(task["due_at"]) for task in look.tasks) + timedelta(days=1)
    late = [task for _, task in alarms.anything_overdue(look)]
    assert len(late) == len(look.tasks)
    assert alarms.unseen(look, frozenset(late[1:])) == {"anything overdue": 1} | alarms.unseen(look, frozenset(late))
