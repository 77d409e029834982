"""Taking away what was written about a child: every cell, salt and fingerprint, what it is found by, and its key.

The walls let it happen once, in their order: the request is granted, the entries are there, then the key goes, and only then what it
opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Select, Table, Text, and_, case, exists, literal, null, or_, select, type_coerce

from casework.store.instants import to_text
from casework.store.schema import (
    approval_decision,
    approval_request,
    attachment,
    care_case,
    child,
    child_gram,
    child_key,
    complaint,
    complaint_answer,
    data_key,
    data_request,
    document,
    draft,
    event,
    glass,
    host_offer,
    identity_change,
    process,
    record,
    relative,
    task,
)
from casework.store.sealing import ERASED, SealedBytes, SealedFile, is_sealed
from casework.store.unit import Unit

_LIVE_REQUEST = ("submitted", "in_second_approval", "approved", "returned")


def _cases(child_id: str) -> Select[Any]:
    return select(care_case.c.id).where(care_case.c.child_id == child_id)


def _complaints(child_id: str) -> Select[Any]:
    return select(complaint.c.id).where(complaint.c.case_id.in_(_cases(child_id)))


def _about(child_id: str) -> Mapping[Table, ColumnElement[bool]]:
    """Return the tables that hold something written about a child, each with the condition on its rows that do."""
    by_case = {
        table: table.c.case_id.in_(_cases(child_id))
        for table in (record, document, attachment, host_offer, glass, task, data_request, complaint)
    }
    asked = select(approval_request.c.id).where(approval_request.c.case_id.in_(_cases(child_id)))
    return {
        child: child.c.id == child_id,
        relative: relative.c.child_id == child_id,
        identity_change: identity_change.c.child_id == child_id,
        approval_decision: approval_decision.c.request_id.in_(asked),
        complaint_answer: complaint_answer.c.complaint_id.in_(_complaints(child_id)),
        **by_case,
    }


ELSEWHERE = frozenset({"host", "host_entry", "question_answer", "staff", "trail_review"})
"""Tables with cells that are about no child: what the registers say of people, under a key of their own."""
_CLEAR: Mapping[str, Mapping[str, Any]] = {
    "child": {"sex": "unknown", "born": None, "born_precision": "unknown", "district_code": None},
    "record": {"digest": ""},
    "document": {"digest": ""},
    "complaint": {"digest": ""},
    "complaint_answer": {"digest": ""},
}
"""What goes besides cells and salts: what is in clear of a child's identity, and fingerprints of contents."""


def erase(unit: Unit, child_id: str) -> None:
    """Take everything away. The entries that tell of it must have been written in this unit."""
    complaints = [row.id for row in unit.rows(_complaints(child_id))]
    for holder in (child_id, *complaints):
        gone = {"wrapped": None, "destroyed_at": to_text(unit.call.at)}
        unit.run(data_key.update().where(data_key.c.holder == holder).values(gone))
        unit.store.keyring.forget(holder)
    for table, mine in _about(child_id).items():
        unit.run(table.update().where(mine).values(_nothing(table)))
    for table, mine in (
        (draft, draft.c.case_id.in_(_cases(child_id))),
        *((one, one.c.child_id == child_id) for one in (child_gram, child_key)),
    ):
        unit.run(table.delete().where(mine))


def _nothing(table: Table) -> dict[str, Any]:
    """What stands there afterwards. A picture's salt stays: its entry vouches for the fingerprint of bytes that nobody has any more."""
    cells = {column.name: _mark(column) for column in table.c if is_sealed(column)}
    salts = {"salt": b""} if "salt" in table.c and table is not attachment else {}
    return {**cells, **salts, **_CLEAR.get(table.name, {})}


def _mark(column: Column[Any]) -> ColumnElement[Any]:
    """Return the mark in the place of a cell; what said nothing says nothing."""
    if isinstance(column.type, SealedFile):
        return literal(b"", LargeBinary())
    kind = LargeBinary() if isinstance(column.type, SealedBytes) else Text()
    mark = literal(ERASED.encode() if isinstance(column.type, SealedBytes) else ERASED, kind)
    return case((column.is_(None), null()), else_=mark) if column.nullable else type_coerce(mark, kind)


def still_open(unit: Unit, child_id: str, request: str, ended: Mapping[str, frozenset[str]]) -> bool:
    """Whether anything about a child waits for somebody besides this request: a task, an approval, a process, another request.

    `ended` are the final states of each machine.
    """
    mine = _cases(child_id)
    over = or_(*(and_(process.c.machine == name, process.c.state.in_(states)) for name, states in ended.items()))
    own = select(data_request.c.task_id).where(data_request.c.id == request)
    waiting = (
        exists().where(task.c.case_id.in_(mine), task.c.settled_at.is_(None), task.c.id.not_in(own)),
        exists().where(approval_request.c.case_id.in_(mine), approval_request.c.status.in_(_LIVE_REQUEST)),
        exists().where(process.c.case_id.in_(mine), ~over),
        exists().where(data_request.c.case_id.in_(mine), data_request.c.outcome.is_(None), data_request.c.id != request),
    )
    return any(unit.row(select(literal(1)).where(condition)) is not None for condition in waiting)


def erased_children(unit: Unit) -> list[Any]:
    """Return (number, recorded_at, actor, requester, body) of every case whose child's data were erased, oldest first."""
    c = event.c
    query = select(care_case.c.number, c.recorded_at, c.actor, c.requester, c.body).join(care_case, care_case.c.id == c.case_id)
    return unit.rows(query.where(c.kind == "redacted").order_by(c.recorded_at, care_case.c.number))
