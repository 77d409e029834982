"""What time brings: steps that are the clock's to make, reminders of what may not wait. Run as often, and by as many at once, as one likes.

Nothing is missed when it did not run: what is due is a row, and each step is decided anew under the lock of what it is about.
What goes wrong with one row, and be it a fault of this program, holds up no other.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import datetime

import msgspec

from casework.errors import CaseworkError
from casework.services import escalation
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
    """What one run did: how many processes it looked at, which steps it made, and what it could not do (told again next time).

    `reminded` are the kinds of task by which the head of the office was reminded.
    """

    looked_at: int
    made: tuple[tuple[str, str], ...]
    failed: tuple[str, ...]
    reminded: tuple[str, ...] = ()


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
            except Exception as error:  # noqa: BLE001 - whatever it is, the other rows wait for their steps
                failed[row.id] = f"{row.machine} {row.id}: {_told(error)}"
            else:
                made += [(row.machine, trigger)] if trigger else []
            looked += 1
            tell(looked)
    reminded = _remind(store, call, failed)
    return Ticked(looked, tuple(made), tuple(failed.values()), reminded)


def _remind(store: Store, call: Call, failed: dict[str, str]) -> tuple[str, ...]:
    """Put before the head of each office what may not wait any longer: once a day, however often this runs."""
    reminded: list[str] = []
    while cases_left := [case for case in _escalating(store, call, BATCH + len(failed)) if case not in failed]:
        for case in cases_left:
            try:
                reminded += store.carry_out(call, lambda unit, case=case: escalation.remind(unit, case))  # type: ignore[misc]
            except Exception as error:  # noqa: BLE001 - whatever it is, other cases may not wait either
                failed[case] = f"{case}: {_told(error)}"
    return tuple(reminded)


def _told(error: Exception) -> str:
    """Return what went wrong; a fault of this program by its kind and place alone: its text may name a child."""
    if isinstance(error, CaseworkError):
        return str(error)
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    return f"{type(error).__name__} ({frame.f_globals['__name__']}:{line})"


def _escalating(store: Store, call: Call, most: int) -> tuple[str, ...]:
    with store.read(call) as unit:
        return escalation.waiting(unit, most)


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
        brought.follow(_enter(unit, case, row, brought))
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
