"""What passing into a newer version would mean for one case or process, and what stands against it. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from casework.errors import Reason
from casework.machines.book import by_version
from casework.machines.effects import asked_by
from casework.machines.engine import Machine
from casework.machines.versions import Crossing, Difference, Past, broken_by, crossings, difference, ends_of, past_of
from casework.services.network import SYSTEM, Consequences
from casework.services.refusals import history_breaks, place_stays, state_stays
from casework.store import approvals, cases, placements, processes
from casework.store.cases import CaseRow
from casework.store.facts import read_snapshot
from casework.store.instants import to_text
from casework.store.processes import ProcessRow
from casework.store.unit import Unit
from casework.words import Words


class Clock(msgspec.Struct, frozen=True):
    """A deadline that would count otherwise: a kind of task and the state whose end settles it, or `wakes` and a moment (UTC text)."""

    name: str
    before: str
    after: str


class Passing(msgspec.Struct, frozen=True, kw_only=True):
    """One case or process: where it stands and would arrive, what would be different there, and what keeps it where it is.

    `dest` is "" when no state is declared for it; `superseded` are steps whose pending approvals would have to be asked for anew.
    """

    id: str
    number: str
    machine: str
    from_version: int
    version: int
    state: str
    dest: str
    blocked: tuple[Reason, ...] = ()
    difference: Difference = Difference()
    superseded: tuple[str, ...] = ()
    clocks: tuple[Clock, ...] = ()


def goes_on(machine: str, version: int, state: str) -> bool:
    """Whether what stands there has not ended."""
    return state not in ends_of(by_version()[machine, version])


def passing_of_case(unit: Unit, case: CaseRow, machine: Machine[Any]) -> Passing:
    """Look at a case, over its whole record: what would change for it, and what blocks it."""
    ways = crossings(machine, case.version)
    way = ways.get(case.state)
    found = Passing(
        id=case.id,
        number=case.number,
        machine=case.machine,
        from_version=case.version,
        version=machine.definition.version,
        state=case.state,
        dest=way.dest if way else "",
    )
    if way is None:
        return msgspec.structs.replace(found, blocked=(state_stays(_label(case.machine, case.version, case.state)),))
    return msgspec.structs.replace(
        found,
        blocked=tuple(_against_case(unit, case, machine, ways)),
        difference=difference(by_version()[case.machine, case.version], machine, way),
        superseded=tuple(request.trigger for request in pending(unit, case.id)),
        clocks=tuple(_tasks(unit, case, way, ways)),
    )


def pending(unit: Unit, case_id: str) -> tuple[approvals.RequestRow, ...]:
    """Return the requests that rest on the table a case runs by: a ratification and a form to be countersigned do not."""
    return tuple(request for request in approvals.requests_of(unit, case_id, statuses=approvals.USABLE) if request.kind == "decision")


def _against_case(unit: Unit, case: CaseRow, machine: Machine[Any], ways: Mapping[str, Crossing]) -> Iterator[Reason]:
    held = {episode.state for episode in placements.placements_of(unit, case) if episode.case_id == case.id and episode.status != "ended"}
    moves = cases.moves(unit, case.id)
    held |= {move.source for move in moves[-1:] if move.trigger == "report_missing"}
    yield from (place_stays(_label(case.machine, case.version, state)) for state in sorted(held - ways.keys()))
    asks = ways[case.state].asks
    facts = read_snapshot(unit, case).facts if asks else None
    yield from (reason for guard in asks if (reason := guard.unmet(facts)) is not None)
    past = [past_of(machine, case.version, move.trigger, move.source, move.dest) for move in moves]
    yield from (history_breaks(name) for name in broken_by(machine, past))


def _tasks(unit: Unit, case: CaseRow, way: Crossing, ways: Mapping[str, Crossing]) -> Iterator[Clock]:
    """Yield the open tasks that leaving the state would settle before, and does not after; and the other way about."""
    moves = cases.moves(unit, case.id)
    away = next((move.source for move in reversed(moves) if move.dest == "missing"), "")
    before, after = asked_by(way.source, away), asked_by(way.dest, ways[away].dest if away in ways else away)
    for kind in sorted({task.kind for task in approvals.tasks_of(unit, case.id) if task.settled_at is None}):
        if (kind in before) != (kind in after):
            yield Clock(kind, way.source if kind in before else "", way.dest if kind in after else "")


def passing_of_process(unit: Unit, row: ProcessRow, machine: Machine[Any]) -> Passing:
    """Look at a process, over its whole record: what would change for it, and what blocks it."""
    case = cases.cases_by_id(unit, [row.case_id]).get(row.case_id) if row.case_id else None
    way = crossings(machine, row.version).get(row.state)
    found = Passing(
        id=row.id,
        number=case.number if case else "",
        machine=row.machine,
        from_version=row.version,
        version=machine.definition.version,
        state=row.state,
        dest=way.dest if way else "",
    )
    if way is None:
        return msgspec.structs.replace(found, blocked=(state_stays(_label(row.machine, row.version, row.state)),))
    return msgspec.structs.replace(
        found,
        blocked=tuple(_against_process(unit, row, machine, way, case)),
        difference=difference(processes.machine_of(row), machine, way),
        clocks=tuple(_wakes(unit, row, machine, way, case)),
    )


def _against_process(unit: Unit, row: ProcessRow, machine: Machine[Any], way: Crossing, case: CaseRow | None) -> Iterator[Reason]:
    brought = Consequences(unit, case)
    facts: Any = brought.facts_about(row, SYSTEM) if way.asks else None
    yield from (reason for guard in way.asks if (reason := guard.unmet(facts)) is not None)
    yield from (history_breaks(name) for name in broken_by(machine, [*_past(unit, row, machine)]))


def _past(unit: Unit, row: ProcessRow, machine: Machine[Any]) -> Iterator[Past]:
    older = processes.machine_of(row)
    for step in processes.steps_of(unit, row.id):
        made = older.transition(step.source, step.trigger)
        held = tuple(guard.code for guard in made.guards) if made else ()
        yield past_of(machine, row.version, step.trigger, step.source, step.dest, *held)


def _wakes(unit: Unit, row: ProcessRow, machine: Machine[Any], way: Crossing, case: CaseRow | None) -> Iterator[Clock]:
    arrived = msgspec.structs.replace(row, version=machine.definition.version, state=way.dest)
    before, after = (to_text(moment) if moment else "" for moment in (row.wakes_at, Consequences(unit, case).wakes_at(arrived)))
    if before != after:
        yield Clock("wakes", before, after)


def _label(machine: str, version: int, state: str) -> Words:
    return by_version()[machine, version].states[state].label
