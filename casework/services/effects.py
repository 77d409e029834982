"""Carrying out what a row declares: placements, tasks, and the ratification that must follow an emergency move."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from casework.errors import Fault, Invalid
from casework.machines.effects import MISSING, Due, Effect, End, Later, Reserve, Resume, Settle, Start, StartSame, left_behind
from casework.machines.engine import Move
from casework.machines.facts import Facts
from casework.machines.parameters import Parameters
from casework.machines.reviews import next_review
from casework.store import approvals, placements, records
from casework.store.approvals import TaskRow
from casework.store.cases import CaseRow
from casework.store.unit import Unit
from casework.words import Words

_SATURDAY = 5


def carry_out(unit: Unit, case: CaseRow, facts: Facts, move: Move[Facts]) -> tuple[str, ...]:
    """Do every effect of a move, in the order of the row, and return them in words for the journal (closed vocabulary)."""
    tasks = approvals.tasks_of(unit, case.id)
    lapsed = ("placement ended: hold lapsed",) if placements.end_lapsed(unit, case) else ()
    approvals.settle(unit, tasks, _settled_by(facts, move, tasks))
    return lapsed + tuple(_carry_out_one(unit, case, facts, move, effect, tasks) for effect in move.transition.effects)


def _settled_by(facts: Facts, move: Move[Facts], tasks: tuple[TaskRow, ...]) -> dict[str, str]:
    """Return the kinds of tasks that a move settles, with how: those left behind, and those that it replaces by new ones."""
    effects = move.transition.effects
    if any(isinstance(effect, Settle) for effect in effects):
        return {task.kind: move.trigger for task in tasks}
    left = dict.fromkeys(left_behind(move.source, move.dest, facts.case.missing_from), move.trigger)
    dues = (effect for effect in effects if isinstance(effect, Due) and not _goes_on(facts, move, effect, tasks))
    return dict.fromkeys((due.task for due in dues), "replaced") | left


def _goes_on(facts: Facts, move: Move[Facts], due: Due, tasks: tuple[TaskRow, ...]) -> bool:
    """The exit of an emergency that a disappearance interrupted stays due when it was."""
    same_emergency = (move.source, move.dest, facts.case.missing_from) == (MISSING, "emergency_care", "emergency_care")
    return same_emergency and due.task == "emergency_exit" and any(task.kind == due.task and not task.settled_at for task in tasks)


def _carry_out_one(unit: Unit, case: CaseRow, facts: Facts, move: Move[Facts], effect: Effect, tasks: tuple[TaskRow, ...]) -> str:
    match effect:
        case Start():
            return _start(unit, case, facts, move, effect.placement, unconfirmed=effect.placement == "institution" and effect.decided)
        case StartSame():
            former = facts.current_placement
            return _start(unit, case, facts, move, former.kind if former else "institution", unconfirmed=False)
        case Reserve():
            placements.reserve_live(unit, case, getattr(unit.params, effect.within))
            return "placement reserved"
        case Resume():
            placements.resume_reserved(unit, case)
            return "placement resumed"
        case End():
            placements.end_live(unit, case, move.trigger, effect.why)
            return f"placement ended: {effect.why}"
        case Due():
            return f"kept: {effect.task}" if _goes_on(facts, move, effect, tasks) else _due(unit, case, effect)
        case Settle():
            approvals.end_waiting(unit, case.id)
            return "tasks settled"
        case Later():
            return effect.process


def _start(unit: Unit, case: CaseRow, facts: Facts, move: Move[Facts], kind: str, *, unconfirmed: bool) -> str:
    """End what there was and start the new episode with the carer named; an admission stays unconfirmed until its minutes are signed."""
    subject = facts.subject
    if bool(subject.host) == bool(subject.relative):
        words = Words("Sebutkan satu pengasuh: tempat atau kerabat.", "Name one carer: a host or a relative.")
        raise Invalid(Fault("$.subject", words))
    placements.end_live(unit, case, move.trigger, "moved")
    placements.start(unit, case, kind, move.dest, subject.host, subject.relative, confirmed=not unconfirmed)
    return f"placement started: {kind}"


def _due(unit: Unit, case: CaseRow, effect: Due) -> str:
    """Create the task, or the series of them: one review, one exit at a time, because an earlier one of its kind was settled."""
    value: Any = getattr(unit.params, effect.within)
    spans = value if isinstance(value, tuple) else (value,)
    approvals.add_tasks(unit, case, effect.task, [_after(unit.call.happened_at, effect.within, span) for span in spans])
    return f"due: {effect.task} ({effect.within})"


def _after(moment: datetime, key: str, span: int) -> datetime:
    return moment + (timedelta(hours=span) if key.endswith("_hours") else timedelta(days=span))


def close_review(unit: Unit, case: CaseRow, facts: Facts, record_id: str) -> tuple[str, ...]:
    """An endorsed progress report closes the open review and, while the placement lasts, opens the next one at once (DOMAIN 7.7, I10).

    The days count from the report, however late it was endorsed. A report from before this placement closes nothing, nor does the
    correction of a report that was endorsed before. Returns what it brought, in words for the journal.
    """
    report, placement = records.get_record(unit, record_id), facts.current_placement
    before = placement is not None and report.dated < placement.started_at
    if report.form != "F16" or before or _corrects_endorsed(unit, report):
        return ()
    approvals.settle(unit, approvals.tasks_of(unit, case.id), {"review": report.form})
    if placement is None:
        return ()
    within = next_review(facts)
    approvals.add_tasks(unit, case, "review", [_after(report.dated, within, getattr(unit.params, within))])
    return (f"due: review ({within})",)


def _corrects_endorsed(unit: Unit, report: records.RecordRow) -> bool:
    while report.supersedes:
        report = records.get_record(unit, report.supersedes)
        if report.countersigned_by:
            return True
    return False


def open_ratification(unit: Unit, case: CaseRow, facts: Facts, move: Move[Facts]) -> None:
    """Open the request that an emergency move needs afterwards, due within its hours."""
    approval = move.transition.ratification
    if approval is None or approval.after is None:
        return
    due_at = unit.call.happened_at + timedelta(hours=unit.params.hours(approval.after))
    approvals.add_request(
        unit,
        case,
        "ratification",
        trigger=move.trigger,
        needs=(ratifier(approval.role, facts),),
        digest=facts.ask.digest,
        due_at=due_at,
        subject=facts.subject,
    )


def ratifier(role: str, facts: Facts) -> str:
    """Who ratifies: the row's role, or the head of the office when the host is an institution (DOMAIN 7.1 Definitions)."""
    if facts.host is not None and facts.host.kind == "lksa":
        return "dinas_head"
    return role


def due_for_approval(params: Parameters, at: datetime, *, urgent: bool) -> datetime:
    """When a decision is due: urgent ones after hours, others after working days (Monday to Friday)."""
    if urgent:
        return at + timedelta(hours=params.approval_urgent_hours)
    due, left = at, params.approval_normal_workdays
    while left:
        due += timedelta(days=1)
        left -= due.weekday() < _SATURDAY
    return due
