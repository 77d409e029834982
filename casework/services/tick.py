"""What time brings: steps of processes that are the clock's to make. Run as often, and by as many at once, as one likes.

Nothing is missed when it did not run: what is due is a row, and each step is decided anew under the lock of what it is about.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from casework.errors import CaseworkError
from casework.services.network import Consequences
from casework.store import cases, journal, processes
from casework.store.call import Call, Who
from casework.store.cases import CaseRow
from casework.store.processes import ProcessRow
from casework.store.store import Store
from casework.store.streams import SYSTEM
from casework.store.unit import Unit

CLOCK = Who(person="", account=SYSTEM, name="", seats=())
"""The system itself, because of the time. Nobody can sign in as it."""
BATCH = 200


class Ticked(msgspec.Struct, frozen=True):
    """What one run did: how many processes it looked at, which steps it made, and what it could not do (told again next time)."""

    looked_at: int
    made: tuple[tuple[str, str], ...]
    failed: tuple[str, ...]


def tick(store: Store, at: datetime, tell: Callable[[int], None] = lambda _: None) -> Ticked:
    """Make every step that time has brought by now. `tell` hears how many processes were looked at so far."""
    call = Call(who=CLOCK, at=at)
    made: list[tuple[str, str]] = []
    failed: dict[str, str] = {}
    looked = 0
    while waiting := [row for row in _waking(store, call, BATCH + len(failed)) if row.id not in failed]:
        for row in waiting:
            try:
                trigger = store.carry_out(call, lambda unit, row=row: _wake(unit, row))  # type: ignore[misc]
            except CaseworkError as error:
                failed[row.id] = f"{row.machine} {row.id}: {error}"
            else:
                made += [(row.machine, trigger)] if trigger else []
            looked += 1
            tell(looked)
    return Ticked(looked, tuple(made), tuple(failed.values()))


def _waking(store: Store, call: Call, most: int) -> tuple[ProcessRow, ...]:
    with store.read(call) as unit, unit.over_everything():
        return processes.waking(unit, call.at, most)


def _wake(unit: Unit, waiting: ProcessRow) -> str:
    """Make the step of one process that time has brought, if it is still so under the lock, and return its trigger, or ""."""
    case = cases.locked(unit, waiting.case_id) if waiting.case_id else None
    if case is None and waiting.host_id:
        unit.lock(waiting.host_id)
    row = processes.get(unit, waiting.id)
    if row.wakes_at is None or row.wakes_at > unit.call.at:
        return ""
    brought = Consequences(unit, case)
    if trigger := brought.make_what_time_brought(row):
        brought.tell_elsewhere(_enter(unit, case, row, brought))
        return trigger
    later = brought.wakes_at(row)
    processes.schedule(unit, row.id, due_at=row.due_at, wakes_at=later if later is not None and later > unit.call.at else None)
    return ""


def _enter(unit: Unit, case: CaseRow | None, row: ProcessRow, brought: Consequences) -> str:
    """Write the entry of a step in its case's stream, or else in the system's own, and return it as `stream#seq`."""
    steps, words = tuple(brought.steps), tuple(brought.words)
    if case is None:
        return journal.append_for_actor(unit, "process_moved", role="clock", items=(row.id,), steps=steps, effects=words)
    after = journal.append(unit, case, "process_moved", "clock", steps=steps, effects=words)
    return f"case:{after.id}#{after.seq}"
