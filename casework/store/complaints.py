"""Complaints as stored: what was said, by whom, about which house or case, and the answers. Where one stands, its process says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, or_, select

from casework.errors import NotFound
from casework.ledger.event import Evidence, commitment
from casework.store.ids import new_salt
from casework.store.instants import from_text, to_text
from casework.store.schema import care_case, complaint, complaint_answer, host, office, placement, process, record
from casework.store.sealing import ERASED_TEXT
from casework.store.statements import Query, as_list, listed
from casework.store.unit import Unit
from casework.store.walls.rules import LIVE_PLACEMENT

INSTITUTIONS = ("lksa", "uptd", "rpsa")
"""Houses whose names anybody may read: institutions are on a public register, households are not."""
_encoder = msgspec.json.Encoder(order="sorted")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a complaint says. `place` is where, in the teller's own words."""

    what: str
    place: str = ""
    danger: str = "unknown"


class Reporter(msgspec.Struct, frozen=True, kw_only=True):
    """Who complained, as far as they said so: the child itself, another child, or a grown-up for one."""

    as_: str = msgspec.field(default="", name="as")
    name: str = ""
    contact: str = ""


class ComplaintRow(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint, with where its process stands. `house` is what the host is called that it is about, None without one."""

    id: str
    office_id: str
    channel: str
    danger: bool
    received_at: datetime
    state: str
    said: Said
    filed_by: str | None
    host_id: str | None
    case_id: str | None
    incident_id: str | None
    house: str | None


class Answer(msgspec.Struct, frozen=True):
    """One answer: its text, who wrote it, when."""

    text: str
    author: str
    at: datetime


def add(unit: Unit, complaint_id: str, said: Said, reporter: Reporter, **columns: Any) -> Evidence:
    """Insert a complaint whose process has begun, and return what the journal says of it: its id and a salted commitment."""
    stored, salt = _encoder.encode(said), new_salt()
    unit.new_key(complaint_id)
    row = {
        "id": complaint_id,
        "received_at": to_text(unit.call.at),
        "body": stored,
        "digest": unit.digest(complaint_id, stored),
        "salt": salt,
        "reporter": _encoder.encode(reporter),
        **columns,
    }
    unit.run(complaint.insert().values(unit.seal(complaint, complaint_id, row)))
    return Evidence(complaint_id, commitment(salt, row["digest"].encode()))


def get(unit: Unit, complaint_id: str) -> ComplaintRow:
    """Return a complaint. Raises NotFound. Whether the caller may know of it is asked by the service."""
    return _row(unit.need(_complaints().where(complaint.c.id == complaint_id), "complaint"))


def of_offices(unit: Unit, offices: frozenset[str], limit: int) -> tuple[ComplaintRow, ...]:
    """Return the newest complaints of some offices, those that are not closed before those that are."""
    query = _complaints().where(complaint.c.office_id.in_(offices)).order_by(process.c.state == "closed", complaint.c.received_at.desc())
    return tuple(_row(row) for row in unit.rows(query.limit(limit)))


def unanswered(unit: Unit, offices: frozenset[str], limit: int) -> tuple[ComplaintRow, ...]:
    """Return the complaints of some offices that nobody has answered, the oldest first."""
    return tuple(_row(row) for row in unit.ask(UNANSWERED, offices=as_list(offices), most=limit))


def with_code(unit: Unit, code_hash: str) -> ComplaintRow | None:
    """Return the complaint of a code, or None."""
    row = unit.row(_complaints().where(complaint.c.code_hash == code_hash))
    return _row(row) if row else None


def reporter_of(unit: Unit, complaint_id: str) -> Reporter:
    """Return who complained. Whether the caller may know is asked by the service."""
    row = unit.need(select(complaint.c.reporter).where(complaint.c.id == complaint_id), "complaint")
    return Reporter() if row.reporter == ERASED_TEXT else msgspec.json.decode(row.reporter, type=Reporter)


def link(unit: Unit, complaint_id: str, **columns: str) -> None:
    """Say of which child's case a complaint is, or which incident was reported because of it: each once."""
    unit.run(complaint.update().where(complaint.c.id == complaint_id).values(**columns))


def add_answer(unit: Unit, complaint_id: str, text: str) -> Evidence:
    """Add an answer and return what the journal says of it."""
    stored, salt, n = text.encode(), new_salt(), len(answers_of(unit, complaint_id)) + 1
    row: dict[str, Any] = {
        "complaint_id": complaint_id,
        "n": n,
        "body": stored,
        "digest": unit.digest(complaint_id, stored),
        "salt": salt,
        "author": unit.call.who.person,
        "at": to_text(unit.call.at),
    }
    unit.run(complaint_answer.insert().values(unit.seal(complaint_answer, complaint_id, row)))
    return Evidence(f"{complaint_id}:{n}", commitment(salt, row["digest"].encode()))


def answers_of(unit: Unit, complaint_id: str) -> tuple[Answer, ...]:
    """Return the answers to a complaint, oldest first."""
    query = select(complaint_answer).where(complaint_answer.c.complaint_id == complaint_id).order_by(complaint_answer.c.n)
    return tuple(Answer(row.body, row.author, from_text(row.at)) for row in unit.rows(query))


def houses_concerned(unit: Unit, row: ComplaintRow) -> frozenset[str]:
    """Return the houses that a complaint is about: the one named, and where the child of its case lives."""
    named = {row.host_id} if row.host_id else set()
    if row.case_id is None:
        return frozenset(named)
    query = select(placement.c.host_id).where(placement.c.case_id == row.case_id, placement.c.status.in_(LIVE_PLACEMENT))
    return frozenset(named | {found.host_id for found in unit.rows(query) if found.host_id})


def incidents_of(unit: Unit, case_id: str) -> tuple[tuple[str, datetime], ...]:
    """Return the signed F17s of a case with when each was signed, newest first."""
    query = select(record.c.id, record.c.signed_at).where(
        record.c.case_id == case_id, record.c.form == "F17", record.c.signed_at.is_not(None), record.c.supersedes.is_(None)
    )
    return tuple((row.id, from_text(row.signed_at)) for row in unit.rows(query.order_by(record.c.signed_at.desc())))


def institutions(unit: Unit) -> tuple[tuple[str, str], ...]:
    """Return (id, name) of the institutions that a child can name, by name."""
    query = select(host.c.id, host.c.name).where(host.c.kind.in_(INSTITUTIONS)).order_by(host.c.name)
    return tuple((row.id, row.name) for row in unit.rows(query))


def receiving_office(unit: Unit, host_id: str, named: str) -> str:
    """Return the social office that hears a complaint: the house's own, else the one of that name, else the first. Raises NotFound."""
    offices = unit.rows(select(office.c.id, office.c.name).where(office.c.kind == "dinas").order_by(office.c.id))
    house = unit.row(select(host.c.office_id).where(host.c.id == host_id)) if host_id else None
    of_house = [row.id for row in offices if house is not None and row.id == house.office_id]
    found = (*of_house, *(row.id for row in offices if row.name == named), *(row.id for row in offices))
    if not found:
        raise NotFound("office")
    return str(found[0])


def case_numbered(unit: Unit, number: str) -> str | None:
    """Return the case of that number, whoever may see it, or None."""
    row = unit.row(select(care_case.c.id).where(care_case.c.number == number))
    return str(row.id) if row else None


def _complaints() -> Any:
    told = (name for name in ComplaintRow.__struct_fields__ if name not in {"said", "state", "house"})
    return (
        select(*(complaint.c[name] for name in told), complaint.c.body, process.c.state, host.c.name.label("house"))
        .join(process, process.c.id == complaint.c.id)
        .outerjoin(host, host.c.id == complaint.c.host_id)
    )


def _row(row: Any) -> ComplaintRow:
    told = {name: getattr(row, name) for name in ComplaintRow.__struct_fields__ if name not in {"said", "danger", "received_at"}}
    said = Said(what=ERASED_TEXT) if row.body == ERASED_TEXT else msgspec.json.decode(row.body, type=Said)
    return ComplaintRow(said=said, danger=bool(row.danger), received_at=from_text(row.received_at), **told)


UNANSWERED = Query(
    _complaints()
    .where(
        process.c.machine == "complaint",
        or_(*(process.c.state == state for state in ("received", "under_review", "escalated"))),
        listed(complaint.c.office_id, "offices"),
    )
    .order_by(complaint.c.received_at, complaint.c.id)
    .limit(bindparam("most"))
)
