"""The register of what was asked about children's own data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, select

from casework.errors import NotFound
from casework.store.cases import CaseRow
from casework.store.ids import new_id
from casework.store.instants import from_text, to_text
from casework.store.schema import care_case, data_request, event, identity_change, record
from casework.store.statements import Change
from casework.store.unit import Unit

_d = data_request.c


class RequestRow(msgspec.Struct, frozen=True, kw_only=True):
    """One request as its row stands, with the number and office of its case. `outcome` is None until somebody decided."""

    id: str
    case_id: str
    number: str
    office: str
    kind: str
    applicant: str
    shown: str
    name: str
    asked_by: str
    received_at: datetime
    due_at: datetime
    task: str
    outcome: str | None
    reason_code: str
    answer: str
    decided_by: str
    decided_at: datetime | None

    @property
    def version(self) -> int:
        """What whoever decides must say they saw."""
        return 1 if self.outcome is None else 2


_ADD = Change(data_request.insert())
_NOBODY_YET: dict[str, str | None] = dict.fromkeys(("outcome", "reason_code", "answer_id", "decided_by", "decided_at"))


def add(unit: Unit, case: CaseRow, *, name: str, due_at: datetime, task: str, **said: str) -> str:
    """Enter a request that was received now, and return its id. Its task must have been asked for."""
    made, now = new_id(unit.call.at), to_text(unit.call.at)
    row: dict[str, str | None] = {
        "id": made,
        "case_id": case.id,
        "asked_by": unit.call.who.person,
        "received_at": now,
        "due_at": to_text(due_at),
    }
    row |= {"task_id": task, "name": name or None, **said, **_NOBODY_YET}
    unit.put(_ADD, unit.seal(data_request, case.child_id, row))
    return made


def decide(unit: Unit, request: str, outcome: str, reason_code: str = "", answer: str = "") -> None:
    """Write down what the caller decided."""
    said = {"outcome": outcome, "reason_code": reason_code or None, "answer_id": answer or None}
    said |= {"decided_by": unit.call.who.person, "decided_at": to_text(unit.call.at)}
    unit.run(data_request.update().where(_d.id == request).values(said))


_WITH_CASE = select(*data_request.c, care_case.c.number, care_case.c.office_id).join(care_case, care_case.c.id == _d.case_id)


def get(unit: Unit, request: str) -> RequestRow:
    """Return one request, whoever may see it. Raises NotFound."""
    return _request(unit.need(_WITH_CASE.where(_d.id == request), "data request"))


def of_offices(unit: Unit, offices: Iterable[str]) -> tuple[RequestRow, ...]:
    """Return every request of these offices, those that wait first, then the newest."""
    rows = unit.rows(_WITH_CASE.where(care_case.c.office_id.in_([*offices])).order_by(_d.received_at.desc(), _d.id.desc()))
    return tuple(sorted((_request(row) for row in rows), key=lambda row: row.outcome is not None))


def _request(row: Row[Any]) -> RequestRow:
    return RequestRow(
        id=row.id,
        case_id=row.case_id,
        number=row.number,
        office=row.office_id,
        kind=row.kind,
        applicant=row.applicant,
        shown=row.shown,
        name=row.name or "",
        asked_by=row.asked_by,
        received_at=from_text(row.received_at),
        due_at=from_text(row.due_at),
        task=row.task_id,
        outcome=row.outcome,
        reason_code=row.reason_code or "",
        answer=row.answer_id or "",
        decided_by=row.decided_by or "",
        decided_at=from_text(row.decided_at) if row.decided_at else None,
    )


def cases_of_child(unit: Unit, child_id: str) -> tuple[str, ...]:
    """Return the ids of every case of a child, oldest first, whatever office's."""
    rows = unit.rows(select(care_case.c.id).where(care_case.c.child_id == child_id).order_by(care_case.c.id))
    return tuple(row.id for row in rows)


class Made(msgspec.Struct, frozen=True):
    """What can answer a request for correction, and when it was made: a correction of the identity, or a record that stands for another."""

    id: str
    what: str
    at: datetime


def corrections_since(unit: Unit, child_id: str, since: datetime) -> tuple[Made, ...]:
    """Return what was corrected about a child since a moment: of its identity, of its records."""
    i, r = identity_change.c, record.c
    carried_out = select(i.id, i.field, i.approved_at).where(i.child_id == child_id, i.applied == 1, i.approved_at >= to_text(since))
    changed = unit.rows(carried_out.order_by(i.id.desc()))
    filed = unit.rows(
        select(r.id, r.form, r.signed_at)
        .join(care_case, care_case.c.id == r.case_id)
        .where(care_case.c.child_id == child_id, r.supersedes.is_not(None), r.signed_at >= to_text(since))
        .order_by(r.id.desc())
    )
    return (
        *(Made(row.id, row.field, from_text(row.approved_at)) for row in changed),
        *(Made(row.id, row.form, from_text(row.signed_at)) for row in filed),
    )


def stream_bodies(unit: Unit, case_id: str) -> list[bytes]:
    """Return the entries of a case's own stream, oldest first."""
    return [row.body for row in unit.rows(select(event.c.body).where(event.c.case_id == case_id).order_by(event.c.seq))]


def decided_of(unit: Unit, request: str) -> RequestRow:
    """Return a request that was granted. Raises NotFound for any other."""
    row = get(unit, request)
    if row.outcome != "granted":
        raise NotFound("copy")
    return row
