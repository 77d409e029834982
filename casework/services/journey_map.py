"""One child on the map of the journey: the path that was taken, and which steps are open and closed now, with what the closed ones lack."""

from __future__ import annotations

from datetime import datetime

import msgspec

from casework.errors import NotFound
from casework.machines.engine import HELD
from casework.services.captions import NOTHING
from casework.services.children import ChildView, child_view
from casework.services.journals import readable_of
from casework.services.names import NEEDED, names_for
from casework.services.seen import Seen, opening
from casework.services.sight import is_errand, masks
from casework.services.steps import Step, dest_of, request_label, steps_of
from casework.store import cases, people, records, registers, trail
from casework.store.facts import ABOUT_A_CASE, read_snapshot
from casework.store.unit import MACHINES, Unit
from casework.words import Words


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the journey that was made, oldest first. `seq` is its entry in the case's journal."""

    seq: int
    label: Words
    source: str
    dest: str
    at: datetime


class Ahead(msgspec.Struct, frozen=True):
    """One step out of the present state, with the state that it leads to: `@held` where that is a place which nobody holds."""

    step: Step
    dest: str


class CaseMap(msgspec.Struct, frozen=True, kw_only=True):
    """A case on the map, by the version of the rules that decides it."""

    id: str
    number: str
    child: ChildView
    machine: str
    version: int
    state: str
    label: Words
    rung: int
    opened_at: datetime
    entered_at: datetime
    taken: tuple[Taken, ...]
    ahead: tuple[Ahead, ...]


@opening("case", lambda view, *_, **__: Seen(view.id))
def map_of_case(unit: Unit, case_id: str) -> CaseMap:
    """Return a case on the map. A house sees what the journal of its own child tells it. Raises NotFound, also in the field."""
    needed = (cases.CASE, cases.HOSTS_CONCERNED, cases.MOVES, *NEEDED, trail.STREAM, records.TITLES)
    unit.gather(*needed, case_id=case_id, person=unit.call.who.person)
    case = cases.get_case(unit, case_id)
    if is_errand(cases.capacities(unit, case)):
        raise NotFound("case")
    with unit.over_everything():
        unit.gather(*ABOUT_A_CASE, *registers.ABOUT_A_HOST, people.OF_HOUSES_BESIDE, case_id=case_id, host="")
    snapshot = read_snapshot(unit, case)
    machine = MACHINES[case.machine, case.version]
    state = machine.states[case.state]
    told = {stored.seq for stored in readable_of(unit, case)}
    steps = steps_of(snapshot, names_for(unit, snapshot), NOTHING)
    rows = {step.trigger: machine.transition(case.state, step.trigger) for step in steps}
    return CaseMap(
        id=case.id,
        number=case.number,
        child=child_view(registers.child_of_case(unit, case.id), unit.call.at, hidden=masks(snapshot.facts.ask.capacities)),
        machine=case.machine,
        version=case.version,
        state=case.state,
        label=state.label,
        rung=state.rung,
        opened_at=case.opened_at,
        entered_at=case.entered_at,
        taken=tuple(
            Taken(
                seq=move.seq,
                label=request_label(move.trigger, case.machine, case.version),
                source=move.source,
                dest=move.dest,
                at=move.occurred_at,
            )
            for move in cases.moves(unit, case.id)
            if move.seq in told
        ),
        ahead=tuple(Ahead(step, (row and dest_of(snapshot, row)) or HELD) for step in steps for row in (rows[step.trigger],)),
    )
