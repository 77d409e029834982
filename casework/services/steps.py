"""The steps that leave a state, each with everything that is still missing: the reasons that asking for it now would be refused with."""

from __future__ import annotations

from datetime import datetime

import msgspec

from casework.errors import Law, Reason, Refusal
from casework.machines.effects import Start, StartSame
from casework.machines.engine import HELD, SAME, AnyLive, Transition
from casework.machines.facts import Facts, Subject
from casework.machines.forms import KINDS
from casework.machines.policy import may
from casework.machines.refusals import role_words
from casework.services import captions
from casework.services.captions import Chosen
from casework.services.closing import judge
from casework.services.names import Names
from casework.services.sight import is_house, masks
from casework.store import approvals
from casework.store.call import Call
from casework.store.facts import Snapshot, facts_for
from casework.store.unit import MACHINES
from casework.words import Words

_CARERS: dict[str, tuple[str, ...]] = {
    "kin": ("relative",),
    "foster": ("foster_family",),
    "guardian": ("relative", "guardian_household", "kin_household", "foster_family"),
    "pre_adoption": ("adoptive_family", "foster_family"),
    "institution": ("lksa", "uptd"),
    "emergency": ("kin_household", "neighbour_household", "foster_family", "rpsa", "uptd", "hospital", "police_unit", "lksa"),
}
_APPROVAL_CODES = frozenset({"approval_missing", "approval_superseded", "four_eyes"})
_ABOUT_THE_CALLER = frozenset({"role_not_allowed"})
_OUT_OF_COURSE = frozenset({"voided", "missing"})


class Signed(msgspec.Struct, frozen=True):
    """One decision on a request. `reason` is for the office's own staff: for anybody else it is empty."""

    role: Words
    person: str
    decision: str
    reason: str
    at: datetime


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """A request for approval as a case shows it. `subject` names the carer or body it is about; `waiting_for` the role whose turn it is."""

    id: str
    kind: str
    kind_words: Words
    trigger: str
    label: Words
    subject: str
    status: str
    status_words: Words
    requester: str
    requested_at: datetime
    due_at: datetime
    overdue: bool
    open: bool
    waiting_for: Words | None
    decisions: tuple[Signed, ...]
    mine: bool


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step out of the state.

    `missing` is what the case lacks, `unsigned` what is wrong with the approvals; `may_ask`: this caller may propose the step. `asks` names
    the kinds of carer it needs (`relative`, `body`, or kinds of host). `course` is False for the extraordinary: emergency, missing, death,
    hand-over, voiding.
    """

    trigger: str
    label: Words
    dest: Words
    rung: int
    possible: bool
    may_ask: bool
    course: bool
    missing: tuple[Reason, ...]
    unsigned: tuple[Reason, ...]
    approvals: tuple[Words, ...]
    ratification: Words | None
    by: tuple[Words, ...]
    law: tuple[Law, ...]
    asks: tuple[str, ...]
    subject: Subject
    subject_name: str
    request: Request | None
    chosen: bool = False


def steps_of(snapshot: Snapshot, names: Names, chosen: Chosen) -> tuple[Step, ...]:
    """Return every step of the state, in the order of the table."""
    machine = MACHINES[snapshot.row.machine, snapshot.row.version]
    return tuple(_step(snapshot, names, trigger, chosen) for trigger in machine.triggers_from(snapshot.row.state))


def step_named(snapshot: Snapshot, names: Names, trigger: str, subject: Subject) -> Step:
    """Return one step of the state, as it stands for this subject. Raises KeyError where there is no such step."""
    return _step(snapshot, names, trigger, Chosen(trigger, subject))


def _step(snapshot: Snapshot, names: Names, trigger: str, chosen: Chosen) -> Step:
    machine = MACHINES[snapshot.row.machine, snapshot.row.version]
    row = machine.transition(snapshot.row.state, trigger)
    if row is None:
        raise KeyError(trigger)
    looked_at = chosen.trigger == trigger
    request = _request_for(snapshot, trigger)
    subject = chosen.subject if looked_at and chosen.subject != Subject() else (request.subject if request else Subject())
    reasons, may_ask = reasons_for(snapshot, trigger, subject)
    reasons = _told(reasons, snapshot.facts.ask.capacities, may_ask=may_ask)
    unsigned = tuple(reason for reason in reasons if reason.code in _APPROVAL_CODES)
    missing = tuple(reason for reason in reasons if reason.code not in _APPROVAL_CODES | _ABOUT_THE_CALLER)
    dest = machine.states.get(dest_of(snapshot, row))
    return Step(
        trigger=trigger,
        label=row.label,
        dest=dest.label if dest else Words("tempat sebelumnya", "the previous placement"),
        rung=dest.rung if dest else 0,
        possible=not reasons,
        may_ask=may_ask,
        course=not isinstance(row.sources, AnyLive) and row.dest not in _OUT_OF_COURSE,
        missing=missing,
        unsigned=unsigned,
        approvals=tuple(role_words(role) for role in row.before),
        ratification=role_words(row.ratification.role) if row.ratification else None,
        by=tuple(role_words(role) for role in row.by),
        law=row.law,
        asks=asked_of(row),
        subject=subject,
        subject_name=names.carer(subject.carer or subject.receiver),
        request=request_view(request, snapshot, names) if request and request.subject == subject else None,
        chosen=looked_at,
    )


def reasons_for(snapshot: Snapshot, trigger: str, subject: Subject) -> tuple[tuple[Reason, ...], bool]:
    """Return what asking now would be refused with, and whether this caller may ask at all.

    Somebody who may not ask still sees what the case lacks: the guards are read as for one who may.
    """
    facts = facts_for(snapshot, trigger, subject)
    machine = MACHINES[snapshot.row.machine, snapshot.row.version]
    outcome = judge(snapshot, facts, trigger)
    if not isinstance(outcome, Refusal):
        return (), True
    if outcome.codes != {"role_not_allowed"}:
        return outcome.reasons, True
    row = machine.transition(snapshot.row.state, trigger)
    allowed = msgspec.structs.replace(facts.ask, capacities=facts.ask.capacities | {*(row.by if row else ())})
    inside = judge(snapshot, msgspec.structs.replace(facts, ask=allowed), trigger)
    return (*outcome.reasons, *(inside.reasons if isinstance(inside, Refusal) else ())), False


def _told(reasons: tuple[Reason, ...], held: frozenset[str], *, may_ask: bool) -> tuple[Reason, ...]:
    """Leave out the details, which may carry names, for an auditor, and for an institution where the step is not its own to take."""
    if masks(held) or (is_house(held) and not may_ask):
        return tuple(msgspec.structs.replace(reason, details=()) for reason in reasons)
    return reasons


def asked_of(row: Transition[Facts]) -> tuple[str, ...]:
    """Return which kinds of carer or body the step needs to be named."""
    for effect in row.effects:
        if isinstance(effect, Start):
            return _CARERS[effect.placement]
        if isinstance(effect, StartSame):
            return _CARERS["institution"]
    return ("body",) if row.trigger == "transfer_out" else ()


def dest_of(snapshot: Snapshot, row: Transition[Facts]) -> str:
    """Return the state that a row leads to for this case, "" where it depends on a place that nobody holds."""
    special = {SAME: snapshot.row.state, HELD: snapshot.facts.ask.held or ""}
    return special.get(row.dest, row.dest)


def _request_for(snapshot: Snapshot, trigger: str) -> approvals.RequestRow | None:
    found = (request for request in snapshot.requests if request.kind == "decision" and request.trigger == trigger)
    return next((request for request in found if request.status in approvals.USABLE), None)


def request_view(request: approvals.RequestRow, snapshot: Snapshot, names: Names) -> Request:
    """Return a request in words, as one case's view shows it."""
    reasoned = may(snapshot.facts.ask.capacities, "read_reasons")
    return told_request(request, names, snapshot.unit.call, (snapshot.row.machine, snapshot.row.version), reasoned=reasoned)


def told_request(request: approvals.RequestRow, names: Names, call: Call, rules: tuple[str, int], *, reasoned: bool) -> Request:
    """Return a request in words. `rules` name the case's definition; `reasoned`: the caller may read why it was turned down."""
    is_open = request.status in approvals.OPEN
    return Request(
        id=request.id,
        kind=request.kind,
        kind_words=captions.spoken(captions.REQUEST_KINDS, request.kind),
        trigger=request.trigger,
        label=request_label(request.trigger, *rules),
        subject=names.carer(request.subject.carer or request.subject.receiver),
        status=request.status,
        status_words=captions.spoken(captions.REQUEST_STATUS, request.status),
        requester=names.person(request.requester),
        requested_at=request.requested_at,
        due_at=request.due_at,
        overdue=is_open and request.due_at < call.at,
        open=is_open,
        waiting_for=role_words(request.next_role) if is_open and request.next_role else None,
        decisions=tuple(_signed(sign, names, reasoned=reasoned) for sign in request.decisions),
        mine=request.requester == call.who.person,
    )


def _signed(sign: approvals.Decided, names: Names, *, reasoned: bool) -> Signed:
    reason = (sign.reason or "") if reasoned else ""
    return Signed(role_words(sign.role), names.person(sign.person), sign.decision, reason, sign.at)


def request_label(trigger: str, machine: str, version: int) -> Words:
    """Return what a request is about: a step, or a form to be countersigned."""
    if trigger.startswith("countersign:"):
        kind = KINDS[trigger.removeprefix("countersign:")]
        return Words(f"{kind.code} {kind.title.id}", f"{kind.code} {kind.title.en}")
    known = MACHINES.get((machine, version))
    rows = known.definition.transitions if known else ()
    return next((row.label for row in rows if row.trigger == trigger), Words(trigger, trigger))
