"""What must not wait any longer is put before the head of the office, anew every day until it is settled (DOMAIN 2.3, T28, 7.1.4).

Nothing is missed when nobody looked: what is overdue is a row, and a reminder is asked for under the lock of its case.
"""

from __future__ import annotations

from datetime import datetime, time

from casework.machines.effects import Due
from casework.machines.facts import WITA
from casework.machines.settling import ESCALATED
from casework.services.network import Consequences
from casework.store import approvals, cases, journal
from casework.store.unit import Unit

REMINDER = "head_reminder_hours"
"""The parameter that says within what time the head of the office has to act."""


def morning(at: datetime) -> datetime:
    """Return when the day (WITA) began."""
    return datetime.combine(at.astimezone(WITA).date(), time(), WITA)


def waiting(unit: Unit, most: int) -> tuple[str, ...]:
    """Return the cases in which something is overdue of which the head of the office was not reminded today, at most so many."""
    with unit.over_everything():
        return approvals.unreminded(unit, morning(unit.call.at), most)


def remind(unit: Unit, case_id: str) -> tuple[str, ...]:
    """Put before the head of the office what is overdue in a case and was not put today. Returns the kinds of task asked for."""
    case, now, today = cases.locked(unit, case_id), unit.call.at, morning(unit.call.at)
    asked = approvals.tasks_of(unit, case.id)
    overdue = {task.kind for task in asked if task.settled_at is None and task.due_at <= now}
    reminded = {task.kind for task in asked if task.created_at >= today}
    wanted = tuple(reminder for kind, reminder in ESCALATED.items() if kind in overdue and reminder not in reminded)
    brought = Consequences(unit, case)
    for reminder in wanted:
        brought.agenda.settle({reminder: "replaced"})
        brought.ask(Due(reminder, REMINDER))
    if wanted:
        journal.append(unit, case, "task_due", "clock", effects=tuple(brought.words))
    return wanted
