"""When something is due, and how it is asked for: one task of a kind at a time, the sooner one stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from casework.machines.care import CARE
from casework.machines.clocks import months_after, workdays_after
from casework.machines.effects import ONCE, Due
from casework.machines.settling import FIELD_WORK, OUTLIVES
from casework.store import approvals
from casework.store.approvals import TaskRow
from casework.store.cases import CaseRow
from casework.store.unit import Unit

Group: TypeAlias = Literal["critical", "overdue", "soon", "later"]
"""How pressing something is, by when it is due."""


def group_of(unit: Unit, due_at: datetime) -> Group:
    """Return how pressing something is that is due then: critically overdue after as many days as make a review critical."""
    at, params = unit.call.at, unit.params
    if due_at < at:
        return "critical" if at - due_at >= timedelta(days=params.review_critical_days) else "overdue"
    return "soon" if due_at <= at + timedelta(days=params.work_soon_days) else "later"


def horizon(unit: Unit) -> datetime:
    """Return up to when a work list looks ahead: what is due after that can wait, and stands where it belongs."""
    return unit.call.at + timedelta(days=unit.params.work_horizon_days)


def moments(unit: Unit, at: datetime, within: str) -> list[datetime]:
    """Return when something is due that a parameter names: once, or in a series (`monitoring_visit_days`)."""
    value: Any = getattr(unit.params, within)
    spans = value if isinstance(value, tuple) else (value,)
    return [_after(unit, at, within, span) for span in spans]


def _after(unit: Unit, moment: datetime, key: str, span: int) -> datetime:
    """Return the moment a span later, in the unit that the parameter's name ends with."""
    if key.endswith("_workdays"):
        return workdays_after(moment, span, unit.days_off)
    if key.endswith("_months"):
        return months_after(moment, span)
    return moment + (timedelta(hours=span) if key.endswith("_hours") else timedelta(days=span))


REPLACED = "replaced"
_LEFT = frozenset({REPLACED, *(row.trigger for row in CARE.definition.transitions)})
"""How tasks are closed that nobody did: another took their place, or the child left where they were asked for."""


def _was_done(task: TaskRow, since: datetime) -> bool:
    return task.settled_at is not None and task.created_at >= since and task.settled_how not in _LEFT


class Agenda:
    """The open tasks of a case as one entry leaves them: read once, then kept in mind.

    The case itself, and each process that settles its own, has one of a kind at a time; the sooner one stands.
    """

    def __init__(self, unit: Unit, case: CaseRow) -> None:
        self._unit = unit
        self.case = case
        tasks = approvals.tasks_of(unit, case.id)
        self._done = {task.kind for task in tasks if _was_done(task, case.round_started_at)}
        self._open = [task for task in tasks if task.settled_at is None]

    @property
    def open(self) -> tuple[TaskRow, ...]:
        """The tasks that are open now."""
        return tuple(self._open)

    def ask(self, wanted: Due, counted_from: datetime, of: str = "") -> bool:
        """Ask for a task, or for a series of them, of a process ("": of the case itself).

        Returns whether it was asked: one of its kind that is due sooner stands. What is counted from long ago may be due already: then at
        once, unless it was done in this round.
        """
        if wanted.since in ONCE and wanted.task in self._done:
            return False
        wanted_at = moments(self._unit, counted_from, wanted.within)
        if wanted.since:
            wanted_at = [max(moment, self._unit.call.at) for moment in wanted_at]
        if len(wanted_at) == 1:
            if any((task.kind, task.process) == (wanted.task, of) and task.due_at <= wanted_at[0] for task in self._open):
                return False
            self.settle({wanted.task: REPLACED}, of)
        self._open += approvals.add_tasks(self._unit, self.case, wanted.task, wanted_at, of)
        return True

    def settle(self, hows: Mapping[str, str], of: str = "") -> None:
        """Close the open tasks of a process ("": of the case itself) that are of the kinds that are named, each with how."""
        self._close([task for task in self._open if task.process == of and task.kind in hows], hows)

    def settle_all(self, how: str, but: frozenset[str] = frozenset()) -> list[str]:
        """Close every open task, but those of these processes, and return those in the field that are over with it."""
        ended = [task for task in self._open if task.process not in but and task.kind not in OUTLIVES]
        self._close(ended, {task.kind: how for task in self._open})
        return [task.id for task in ended if task.kind in FIELD_WORK]

    def _close(self, tasks: list[TaskRow], hows: Mapping[str, str]) -> None:
        approvals.settle(self._unit, tasks, hows)
        self._open = [task for task in self._open if task not in tasks]

    def due_at(self, kind: str) -> datetime | None:
        """Return when the first open task of a kind is due, or None."""
        return min((task.due_at for task in self._open if task.kind == kind), default=None)
