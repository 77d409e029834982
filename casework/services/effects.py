"""Carrying out what a row declares: placements, tasks, and the ratification that must follow an emergency move."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from casework.errors import Fault, Invalid
from casework.machines.effects import MISSING, Due, Effect, End, Later, Reserve, Resume, Settle, Start, StartSame, left_behind
from casework.machines.engine import Move
from casework.machines.facts import Facts
from casework.machines.parameters import Parameters
from casework.store import approvals, placements
from casework.store.cases import CaseRow
from casework.store.unit import Unit
from casework.words import Words

_SATURDAY = 5


def carry_out(unit: Unit, case: CaseRow, facts: Facts, move: Move[Facts]) -> tuple[str, ...]:
    """Do every effect of a move, in the order of the row, and return them in words for the journal (closed vocabulary)."""
    lapsed = ("placement ended: hold lapsed",) if placements.end_lapsed(unit, case) else ()
    approvals.settle_tasks(unit, case.id, move.trigger, kinds=left_behind(move.source, move.dest, facts.case.missing_from))
    return lapsed + tuple(_carry_out_one(unit, case, facts, move, effect) for effect in move.transition.effects)


def _carry_out_one(unit: Unit, case: CaseRow, facts: Facts, move: Move[Facts], effect: Effect) -> str:
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
            return _due(unit, case, facts, move, effect)
        case Settle():
            approvals.settle_tasks(unit, case.id, move.trigger)
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


def _due(unit: Unit, case: CaseRow, facts: Facts, move: Move[Facts], effect: Due) -> str:
    """Create the task, or the series of them; an earlier open one of its kind is replaced: one review, one exit at a time.

    The exit of an emergency that a disappearance interrupted stays due when it was.
    """
    same_emergency = (move.source, move.dest, facts.case.missing_from) == (MISSING, "emergency_care", "emergency_care")
    if same_emergency and effect.task == "emergency_exit" and approvals.has_open_task(unit, case.id, effect.task):
        return f"kept: {effect.task}"
    approvals.settle_tasks(unit, case.id, "replaced", kinds=(effect.task,))
    value: Any = getattr(unit.params, effect.within)
    for span in value if isinstance(value, tuple) else (value,):
        approvals.add_task(unit, case, effect.task, _after(unit.call.happened_at, effect.within, span))
    return f"due: {effect.task} ({effect.within})"


def _after(moment: datetime, key: str, span: int) -> datetime:
    return moment + (timedelta(hours=span) if key.endswith("_hours") else timedelta(days=span))


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
