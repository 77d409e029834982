"""Breaking the glass: somebody of the office who may not read a child's story reads it all the same, in need, and everybody knows.

One case, for an hour at most, to read only. The head of the office is alarmed by the same transaction, every look is journalled with the
row that let it pass, and somebody else looks into it within days, or it is put before the head anew each day.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal, get_args

import msgspec

from casework.errors import Fault, Invalid, NotFound, Refusal
from casework.machines import policy
from casework.machines.refusals import four_eyes
from casework.services import urgent
from casework.services.access import acting, passed
from casework.services.command import Saved, command, done, open_for_change
from casework.services.due import moments
from casework.services.names import Names
from casework.services.refusals import already_settled
from casework.services.seen import Seen, opening
from casework.store import approvals, cases, delegations, glass, journal, readings
from casework.store.call import ASKED_ROLES
from casework.store.cases import CaseRow
from casework.store.unit import Unit
from casework.words import Words

WITHIN = "glass_review_workdays"
SAID = 10
"""How long a reason is at least."""
Code = Literal["child_in_danger", "colleague_unreachable", "legal_duty", "complaint_or_inspection", "system_fault"]
CODES: tuple[Code, ...] = get_args(Code)
CODE_WORDS: dict[Code, Words] = {
    "child_in_danger": Words("anak dalam bahaya", "a child in danger"),
    "colleague_unreachable": Words("pekerja sosial kasus tidak terjangkau", "the worker of the case cannot be reached"),
    "legal_duty": Words("kewajiban hukum (polisi, pengadilan)", "a legal duty (police, court)"),
    "complaint_or_inspection": Words("pengaduan atau pemeriksaan", "a complaint or an inspection"),
    "system_fault": Words("gangguan sistem", "a fault of the system"),
}
Finding = Literal["justified", "unjustified"]
FINDING_WORDS: dict[Finding, Words] = {
    "justified": Words("beralasan", "justified"),
    "unjustified": Words("tidak beralasan", "not justified"),
}
Told = Annotated[str, msgspec.Meta(max_length=1000)]


class BreakGlass(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Read one case, named by its id or number, in need. The reason stays outside the journal; its code stands there."""

    case: Annotated[str, msgspec.Meta(max_length=64)]
    code: Code
    reason: Told


class ReviewGlass(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Say what was found when somebody else's breaking was looked into."""

    case: str
    glass: str
    finding: Finding
    note: Told


class Broken(msgspec.Struct, frozen=True):
    """Which case may be read, and until when."""

    id: str
    until: datetime
    version: int = 1


class GlassView(msgspec.Struct, frozen=True, kw_only=True):
    """Who broke the glass of a case, why, until when, and what was found. `may_review`: by this caller, now."""

    id: str
    person: str
    code: Words
    reason: str
    opened_at: datetime
    ends_at: datetime
    finding: Words | None
    reviewer: str
    review: str
    may_review: bool


class GlassPage(msgspec.Struct, frozen=True):
    """Every breaking of a case, newest first."""

    case: str
    number: str
    version: int
    broken: tuple[GlassView, ...]


@command(Broken)
def break_glass(unit: Unit, ask: BreakGlass) -> Broken:
    """Break the glass of one case. Raises NotFound for another office's, Refusal for who needs none or may not, and Invalid."""
    known = readings.named(unit, ask.case)
    case = cases.locked(unit, known.id) if known else None
    held = _seated(unit, case) if case else frozenset()
    if case is None or not (held or cases.capacities(unit, case)):
        raise NotFound("case")
    if policy.may(cases.capacities(unit, case), "open_record"):
        raise Refusal((already_settled(Words("Anda sudah boleh membacanya.", "You may read it already.")),))
    role = passed(unit, held, "break_glass").capacity
    if unit.call.occurred_at is not None or len(ask.reason.strip()) < SAID:
        words = Words(f"Tulis alasannya, paling sedikit {SAID} huruf, untuk saat ini.", f"Write why, at least {SAID} letters, for now.")
        raise Invalid(Fault("$.reason", words))
    ends_at = unit.call.at + timedelta(minutes=unit.params.glass_minutes)
    (task,) = approvals.add_tasks(unit, case, "glass_review", moments(unit, unit.call.at, WITHIN))
    made = glass.add(unit, case, ask.code, ask.reason.strip(), ends_at, task.id)
    urgent.note(unit, WITHIN, "task", task.id, case, task.due_at)
    said = {"items": (made, task.id), "reason_code": ask.code, "effects": (f"due: glass_review ({WITHIN})",)}
    journal.append(unit, case, "glass_broken", role, **said)
    return Broken(case.id, ends_at)


def _seated(unit: Unit, case: CaseRow) -> frozenset[str]:
    """Return the capacities that somebody's seats in the office of a case give, whether or not they may find it, to break its glass.

    Who works in the field has theirs only of a case for which something asked of them is open: nothing else was given to them.
    """
    who = unit.call.who
    here = (seat for seat in who.seats if (seat.office, seat.host, seat.body) == (case.office_id, None, None))
    found = frozenset[str]().union(*(cases.capacities_of_seat(who, seat, unit.call.at) for seat in here))
    found -= policy.capacities_in(ASKED_ROLES, "asked") - cases.own_capacities(unit, case)
    return found if policy.may(found, "break_glass") else frozenset()


@command(Saved)
def review_glass(unit: Unit, ask: ReviewGlass) -> Saved:
    """Write down what was found, as another person than who broke it: the alarm is settled. Raises Refusal, Invalid, NotFound."""
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "review_glass")
    every = {row.id: row for row in glass.of_case(unit, case.id)}
    row = every.get(ask.glass)
    if row is None:
        raise NotFound("glass")
    if delegations.is_one_with(unit, case.id, row.person):
        raise Refusal((four_eyes(),))
    if row.finding is not None:
        raise Refusal((already_settled(Words("Sudah diperiksa.", "It was reviewed already.")),))
    if len(ask.note.strip()) < SAID:
        raise Invalid(Fault("$.note", Words("Tulis apa yang ditemukan.", "Write what you found.")))
    glass.review(unit, case, row.id, ask.finding, ask.note.strip())
    approvals.settle_task(unit, row.task, "reviewed")
    if all(other.finding is not None for other in every.values() if other.id != row.id):
        approvals.settle(unit, approvals.tasks_of(unit, case.id), {"head_glass": "reviewed"})
    case = journal.append(unit, case, "glass_reviewed", role, items=(row.id, row.task), reason_code=ask.finding)
    return done(row.id, case)


@opening("glass", lambda found, *_, **__: Seen(found.case))
def glass_of(unit: Unit, case_id: str) -> GlassPage:
    """Return who broke the glass of a case, for who reviews it. Raises NotFound for everybody else."""
    case = cases.get_case(unit, case_id)
    if not policy.may(cases.capacities(unit, case), "review_glass"):
        raise NotFound("case")
    rows = glass.of_case(unit, case.id)
    names = Names(unit)
    shown = (
        GlassView(
            id=row.id,
            person=names.person(row.person),
            code=CODE_WORDS[msgspec.convert(row.reason_code, Code)],
            reason=row.reason,
            opened_at=row.opened_at,
            ends_at=row.ends_at,
            finding=FINDING_WORDS[msgspec.convert(row.finding, Finding)] if row.finding else None,
            reviewer=names.person(row.reviewed_by or ""),
            review=row.review or "",
            may_review=row.finding is None and not delegations.is_one_with(unit, case.id, row.person),
        )
        for row in rows
    )
    return GlassPage(case.id, case.number, case.seq, tuple(shown))
