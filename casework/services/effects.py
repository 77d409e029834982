"""Carrying out what a row declares: placements, tasks, and the ratification that must follow an emergency move."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from casework.errors import Fault, Invalid, Refusal
from casework.machines.clocks import workdays_after
from casework.machines.effects import AGAIN, MISSING, Due, Effect, End, Reserve, Resume, Settle, Start, StartSame, When, left_behind
from casework.machines.engine import Move
from casework.machines.facts import Facts
from casework.machines.policy import holders
from casework.services import due, urgent
from casework.services.network import Consequences
from casework.services.refusals import takes_no_child
from casework.store import approvals, placements, records
from casework.store.approvals import TaskRow
from casework.store.cases import CaseRow
from casework.store.unit import MACHINES, Unit
from casework.words import Words


def carry_out(unit: Unit, case: CaseRow, facts: Facts, move: Move[Facts]) -> Consequences:
    """Do every effect of a move, in the order of the row. The words (closed vocabulary) and the steps of processes are for its entry."""
    brought = Consequences(unit, case, facts=facts)
    tasks = brought.agenda.open
    brought.make_by_id(placements.lapsed(unit, case), placements.LAPSE)
    brought.agenda.settle(_settled_by(facts, move, tasks))
    for effect in move.transition.effects:
        _carry_out_one(brought, unit, case, facts, move, effect, tasks)
    return brought


LEAVING_THE_HOUSE = "relocation_plan"
"""What is asked about a house that children must leave: done when this child has left it, wherever to."""


def _settled_by(facts: Facts, move: Move[Facts], tasks: tuple[TaskRow, ...]) -> dict[str, str]:
    """Return the kinds of tasks that a move settles, with how: those left behind, and those that it replaces by new ones."""
    effects = move.transition.effects
    moved_out = {LEAVING_THE_HOUSE: move.trigger} if any(isinstance(effect, Start | StartSame | End) for effect in effects) else {}
    left = dict.fromkeys(left_behind(move.source, move.dest, facts.case.missing_from), move.trigger)
    dues = (effect for effect in effects if isinstance(effect, Due) and _is_replaced(effect) and not _goes_on(facts, move, effect, tasks))
    return dict.fromkeys((due.task for due in dues), "replaced") | left | moved_out


def _is_replaced(due: Due) -> bool:
    """Whether a move asks anew for this. What is counted from elsewhere, or comes again and again, is not put off by moving."""
    return not due.since and due.task not in AGAIN


def _goes_on(facts: Facts, move: Move[Facts], due: Due, tasks: tuple[TaskRow, ...]) -> bool:
    """The exit of an emergency that a disappearance interrupted stays due when it was."""
    same_emergency = (move.source, move.dest, facts.case.missing_from) == (MISSING, "emergency_care", "emergency_care")
    return same_emergency and due.task == "emergency_exit" and any(task.kind == due.task and not task.settled_at for task in tasks)


def _carry_out_one(
    brought: Consequences, unit: Unit, case: CaseRow, facts: Facts, move: Move[Facts], effect: Effect, tasks: tuple[TaskRow, ...]
) -> None:
    live = facts.current_placement
    match effect:
        case Start():
            _start(brought, case, facts, move, effect.placement, unconfirmed=effect.placement == "institution" and effect.decided)
        case StartSame():
            _start(brought, case, facts, move, live.kind if live else "institution", unconfirmed=False)
        case Reserve():
            _hold(brought, live.id if live else "", effect.within)
        case Resume():
            brought.words.append("placement resumed")
            brought.make_by_id(live.id if live else "", "resume")
        case End():
            _end(brought, facts, move, effect.why)
            brought.words.append(f"placement ended: {effect.why}")
        case Due() if _goes_on(facts, move, effect, tasks):
            brought.words.append(f"kept: {effect.task}")
        case When():
            conditions = MACHINES[case.machine, case.version].definition.conditions
            if all(guard.unmet(facts) is None for guard in conditions if guard.code == effect.condition):
                for each in effect.effects:
                    _carry_out_one(brought, unit, case, facts, move, each, tasks)
        case Settle():
            brought.settle_all(move.trigger, but=effect.but)
            approvals.end_waiting(unit, case.id)
            brought.words.append("tasks settled")
        case _:
            brought.carry_out((effect,), None)


_UNPLANNED = frozenset({"place_in_emergency", "emergency_after_missing", "reopen_in_emergency"})
"""Moves that end a placement which nobody had planned to end: it was disrupted (DOMAIN 7.4)."""


def _hold(brought: Consequences, placement_id: str, within: str) -> None:
    placements.reserve(brought.unit, placement_id, getattr(brought.unit.params, within))
    brought.words.append("placement reserved")
    brought.hold(placement_id, due.moments(brought.unit, brought.unit.call.happened_at, within)[0])


def _end(brought: Consequences, facts: Facts, move: Move[Facts], why: str) -> None:
    """End the live placement, if any: as planned, or disrupted."""
    live = facts.current_placement
    if live is not None:
        placements.end(brought.unit, live.id, move.trigger, why)
        brought.make_by_id(live.id, "disrupt" if move.trigger in _UNPLANNED else "end")


def _start(brought: Consequences, case: CaseRow, facts: Facts, move: Move[Facts], kind: str, *, unconfirmed: bool) -> None:
    """End what there was and start the new episode with the carer named; an admission stays unconfirmed until its minutes are signed.

    Where the institution accepted the child, the episode is the one that began with the offer.
    """
    subject = facts.subject
    if bool(subject.host) == bool(subject.relative):
        words = Words("Sebutkan satu pengasuh: tempat atau kerabat.", "Name one carer: a host or a relative.")
        raise Invalid(Fault("$.subject", words))
    if facts.host is not None and facts.host.kind == "lks":
        raise Refusal((takes_no_child(),))
    _end(brought, facts, move, "moved")
    process = brought.placement_for(subject.host)
    brought.make_by_id(process, "approve")
    brought.make_by_id(process, "start_unconfirmed" if unconfirmed else "start")
    brought.placed = partial(
        placements.start,
        brought.unit,
        case,
        process,
        kind=kind,
        state=move.dest,
        status="unconfirmed" if unconfirmed else "active",
        host=subject.host,
        relative=subject.relative,
    )
    brought.words.append(f"placement started: {kind}")
    if kind != "emergency":
        brought.fire("placement", "cancel", None, "case")


def renews(unit: Unit, report: records.RecordRow) -> bool:
    """Whether a progress report is a new one: the correction of one that was endorsed before puts no review off (DOMAIN 7.7, I10)."""
    return not (report.form == "F16" and _corrects_endorsed(unit, report))


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
    request = approvals.add_request(
        unit,
        case,
        "ratification",
        trigger=move.trigger,
        needs=(ratifier(approval.role, facts),),
        digest=facts.ask.digest,
        due_at=due_at,
        subject=facts.subject,
    )
    urgent.note(unit, approval.after, "request", request, case, due_at)


def ratifier(role: str, facts: Facts) -> str:
    """Who ratifies: the row's role, or the head of the office when the host is an institution (DOMAIN 7.1 Definitions)."""
    if facts.host is not None and facts.host.kind == "lksa":
        return holders("ratify")[0]
    return role


def due_for_approval(unit: Unit, at: datetime, *, urgent: bool) -> datetime:
    """When a decision is due: urgent ones after hours, others after working days."""
    if urgent:
        return at + timedelta(hours=unit.params.approval_urgent_hours)
    return workdays_after(at, unit.params.approval_normal_workdays, unit.days_off)
