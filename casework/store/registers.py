"""The registers beside the case: children and their families, hosts and their staff, receiving bodies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, Text, bindparam, or_, select, type_coerce, union_all
from sqlalchemy import text as sql_text

from casework.errors import NotFound
from casework.machines.facts import WITA, Child, Host, Receiver, Relative
from casework.store import search
from casework.store.ids import new_id, new_salt
from casework.store.instants import to_text
from casework.store.keyring import REGISTER
from casework.store.placements import midnight
from casework.store.schema import (
    LIVE_PLACEMENT,
    account,
    assignment,
    body,
    care_case,
    child,
    child_key,
    host,
    identity_change,
    placement,
    relative,
    staff,
)
from casework.store.sealing import is_sealed
from casework.store.statements import Query, as_list, listed
from casework.store.unit import Unit

_UNDER_THREE = timedelta(days=3 * 365 + 1)


class ChildRow(msgspec.Struct, frozen=True, kw_only=True):
    """A child's identity as stored."""

    id: str
    name: str
    alias: str | None
    sex: str
    born: str | None
    born_precision: str
    born_place: str | None
    religion: str
    nik: str | None
    kk: str | None
    mother_name: str | None
    father_name: str | None
    district_code: str | None
    village_code: str | None


class IdentityChange(msgspec.Struct, frozen=True):
    """A correction of one identity field that somebody asked for, on a paper. `applied` once another person carried it out."""

    id: str
    child_id: str
    case_id: str
    field: str
    new_value: str | None
    document_id: str
    asked_by: str
    applied: bool


def add_child(unit: Unit, **identity: Any) -> str:
    """Insert a child and return the id. `identity` holds the columns of the register."""
    child_id = new_id(unit.call.at)
    unit.new_key(child_id)
    row = {"id": child_id, "salt": new_salt(), "created_at": to_text(unit.call.at), **identity}
    unit.run(child.insert().values(unit.seal(child, child_id, row)))
    index_child(unit, child_id)
    return child_id


def index_child(unit: Unit, child_id: str) -> None:
    """Write what a child is found by, as its names and numbers stand now."""
    row = get_child(unit, child_id)
    search.index_children(unit, (search.Findable(row.id, row.name, row.alias, row.nik, row.kk),))


def get_child(unit: Unit, child_id: str) -> ChildRow:
    """Return a child's identity. Raises NotFound. Whether the caller may see it is asked through a case."""
    found = unit.ask(CHILDREN, children=as_list((child_id,)))
    if not found:
        raise NotFound("child")
    return ChildRow(**found[0]._asdict())


def child_of_case(unit: Unit, case_id: str) -> ChildRow:
    """Return the identity of a case's child."""
    (row,) = unit.ask(CHILD, case_id=case_id)
    return ChildRow(**{name: getattr(row, name) for name in ChildRow.__struct_fields__})


_child_here = select(care_case.c.child_id).where(care_case.c.id == bindparam("case_id")).scalar_subquery()
_identity = select(*(child.c[name] for name in ChildRow.__struct_fields__))
CHILD = Query(
    _identity.add_columns(child_key.c.nik.label("same_nik"), child_key.c.kk.label("same_kk"))
    .outerjoin(child_key, child_key.c.child_id == child.c.id)
    .where(child.c.id == _child_here)
)
"""The identity of a case's child, and the keyed hashes of the numbers by which two children are one: decisions about both take turns."""
CHILDREN = Query(_identity.where(listed(child.c.id, "children")))


def child_facts(unit: Unit, case_id: str) -> Child:
    """Return what guards may know of the case's child."""
    (row,) = unit.ask(CHILD, case_id=case_id)
    born = date.fromisoformat(row.born) if row.born else None
    return Child(row.id, born, row.born_precision, row.religion, child_digest(row._asdict()))


def child_digest(identity: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over a child's identity: what decisions about the child are bound to. `identity` holds the register's columns."""
    return hashlib.sha256(msgspec.json.encode({name: identity[name] for name in ChildRow.__struct_fields__})).hexdigest()


def children_by_id(unit: Unit, child_ids: Iterable[str]) -> dict[str, ChildRow]:
    """Return the identities of children by id."""
    return {row.id: ChildRow(**row._asdict()) for row in unit.ask(CHILDREN, children=as_list(child_ids))}


def ask_identity_change(unit: Unit, child_id: str, case_id: str, field: str, new_value: str | None, document_id: str) -> str:
    """Insert a requested change of one identity field and return its id."""
    change_id = new_id(unit.call.at)
    old = getattr(get_child(unit, child_id), field)
    row = {
        "id": change_id,
        "child_id": child_id,
        "case_id": case_id,
        "field": field,
        "old_value": old,
        "new_value": new_value,
        "document_id": document_id,
        "asked_by": unit.call.who.person,
        "asked_at": to_text(unit.call.at),
    }
    unit.run(identity_change.insert().values(unit.seal(identity_change, child_id, row)))
    return change_id


def get_identity_change(unit: Unit, change_id: str) -> IdentityChange:
    """Return a requested change. Raises NotFound."""
    row = unit.need(select(identity_change).where(identity_change.c.id == change_id), "identity change")
    return IdentityChange(row.id, row.child_id, row.case_id, row.field, row.new_value, row.document_id, row.asked_by, bool(row.applied))


def identity_changes_of(unit: Unit, child_id: str) -> list[Row[Any]]:
    """Return every correction that was asked for of a child's identity, newest first."""
    return unit.rows(select(identity_change).where(identity_change.c.child_id == child_id).order_by(identity_change.c.id.desc()))


CORRECTIONS = Query(select(identity_change.c.id).where(identity_change.c.case_id == bindparam("case_id"), identity_change.c.applied == 0))
"""What was asked for in a case to be corrected, and is not."""


def apply_identity_change(unit: Unit, change: IdentityChange) -> None:
    """Approve a change and carry it out: the very cell that was asked for. The walls refuse any other change of an identity field."""
    approved = {"approved_by": unit.call.who.person, "approved_at": to_text(unit.call.at)}
    unit.run(identity_change.update().where(identity_change.c.id == change.id).values(approved))
    asked_for = select(type_coerce(identity_change.c.new_value, Text)).where(identity_change.c.id == change.id).scalar_subquery()
    unit.run(child.update().where(child.c.id == change.child_id).values({change.field: asked_for}))
    unit.run(identity_change.update().where(identity_change.c.id == change.id).values(applied=1))
    if change.field in {"name", "nik", "kk"}:
        index_child(unit, change.child_id)


def add_relative(unit: Unit, child_id: str, **values: Any) -> str:
    """Enter a member of the family and return the id."""
    relative_id = new_id(unit.call.at)
    now = to_text(unit.call.at)
    row = {"id": relative_id, "child_id": child_id, "added_by": unit.call.who.person, "created_at": now, **values}
    unit.run(relative.insert().values(unit.seal(relative, child_id, row)))
    return relative_id


RELATIVES = Query(select(relative).where(relative.c.child_id == _child_here).order_by(relative.c.degree, relative.c.id))


def relatives_of(unit: Unit, case_id: str) -> tuple[Relative, ...]:
    """Return the family register of a case's child, nearest first."""
    rows = unit.ask(RELATIVES, case_id=case_id)
    return tuple(Relative(row.id, row.name, row.relation, row.degree, row.religion) for row in rows)


def add_host(unit: Unit, **values: Any) -> str:
    """Enter a host and return its id."""
    host_id = new_id(unit.call.at)
    row = {"id": host_id, "created_at": to_text(unit.call.at), **values}
    unit.run(host.insert().values(unit.seal(host, REGISTER, row)))
    return host_id


def change_host(unit: Unit, host_id: str, **values: Any) -> None:
    """Change a host's register entry; its revision grows, so approvals bound to it are superseded. Raises NotFound."""
    if unit.run(host.update().where(host.c.id == host_id).values(revision=host.c.revision + 1, **values)) == 0:
        raise NotFound("host")


LOCK_HOST = Query(select(host.c.revision).where(host.c.id == bindparam("host")).with_for_update())


def lock_host(unit: Unit, host_id: str) -> int:
    """Return the revision of a host that is about to change; the row is locked where the engine can. Raises NotFound."""
    found = unit.ask(LOCK_HOST, host=host_id)
    if not found:
        raise NotFound("host")
    return int(found[0].revision)


def add_staff(unit: Unit, host_id: str, **values: Any) -> str:
    """Enter a member of a host's staff and return the id; the host's revision grows."""
    staff_id = new_id(unit.call.at)
    entered_on = unit.call.at.astimezone(WITA).date().isoformat()
    row = {"id": staff_id, "host_id": host_id, "entered_on": entered_on, **values}
    unit.run(staff.insert().values(unit.seal(staff, REGISTER, row)))
    change_host(unit, host_id)
    return staff_id


def host_of_staff(unit: Unit, staff_id: str) -> str:
    """Return the host of a staff entry. Raises NotFound."""
    return str(unit.need(select(staff.c.host_id).where(staff.c.id == staff_id), "staff").host_id)


def change_staff(unit: Unit, staff_id: str, **values: Any) -> str:
    """Change a staff entry and return the host's id; the host's revision grows. Raises NotFound."""
    host_id = host_of_staff(unit, staff_id)
    if values:
        unit.run(staff.update().where(staff.c.id == staff_id).values(unit.seal(staff, REGISTER, values, id=staff_id)))
    change_host(unit, host_id)
    return host_id


def date_staff(unit: Unit, host_id: str, column: str, days: Mapping[str, str]) -> None:
    """Say when each member of a host's staff was last trained or reviewed (ISO dates by member); None for one who never was."""
    for member in staff_of(unit, host_id):
        told = days.get(member.id)
        if getattr(member, column) != told:
            unit.run(staff.update().where(staff.c.id == member.id).values({column: told}))


HOST = Query(select(host).where(host.c.id == bindparam("host")))
STAFF = Query(select(staff).where(staff.c.host_id == bindparam("host")))


def host_row(unit: Unit, host_id: str) -> Any:
    """Return a host's row. Raises NotFound."""
    return unit.ask_one(HOST, "host", host=host_id)


def is_host(unit: Unit, host_id: str) -> bool:
    """Whether there is such a host."""
    return unit.row(select(host.c.id).where(host.c.id == host_id)) is not None


def all_hosts(unit: Unit) -> list[Row[Any]]:
    """Return every host, by kind and name."""
    return sorted(unit.rows(select(host)), key=lambda row: (row.kind, row.name, row.id))


def staff_of(unit: Unit, host_id: str) -> list[Row[Any]]:
    """Return a host's staff."""
    return sorted(unit.ask(STAFF, host=host_id), key=lambda row: (row.name, row.id))


_of_child = select(placement.c.host_id).where(placement.c.child_id == _child_here, sql_text(LIVE_PLACEMENT))
_concerned = union_all(select(bindparam("host", type_=Text).label("id")), _of_child)
HOSTS = Query(select(host).where(host.c.id.in_(_concerned)))
TEAMS = Query(select(*(column for column in staff.c if not is_sealed(column))).where(staff.c.host_id.in_(_concerned)).order_by(staff.c.id))
OCCUPANTS = Query(
    select(placement.c.host_id, placement.c.child_id, placement.c.status, placement.c.reserved_until, child.c.born)
    .join(child, child.c.id == placement.c.child_id)
    .where(placement.c.host_id.in_(_concerned), sql_text(LIVE_PLACEMENT))
)
"""Of the host that is named and of the one where the child lives: the rows, the staff, and who holds a place."""


def host_facts(unit: Unit, case_id: str, host_id: str, named: str) -> Host:
    """Return what guards may know of a host, its occupancy without the case's child; `named` is the host that the request names, or "".

    Raises NotFound.
    """
    about = {"case_id": case_id, "host": named}
    unit.gather(*ABOUT_A_HOST, **about)
    row = next((row for row in unit.ask(HOSTS, **about) if row.id == host_id), None)
    if row is None:
        raise NotFound("host")
    child_id = next((found.id for found in unit.ask(CHILD, case_id=case_id)), "")
    today = unit.call.at.astimezone(WITA).date()
    young_after = (today - _UNDER_THREE).isoformat()
    held = [
        place
        for place in unit.ask(OCCUPANTS, **about)
        if place.host_id == host_id
        and place.child_id != child_id
        and (place.status != "reserved" or place.reserved_until >= midnight(unit.call.at))
    ]
    team = [member for member in unit.ask(TEAMS, **about) if member.host_id == host_id and member.status not in {"left", "barred"}]
    return Host(
        id=row.id,
        name=row.name,
        kind=row.kind,
        status=row.status,
        digest=hashlib.sha256(f"{row.id}:{row.revision}".encode()).hexdigest(),
        religion=row.religion,
        licence_until=day(row.licence_until),
        accredited_until=day(row.accredited_until),
        accreditation_waiver_until=day(row.accreditation_waiver_until),
        policy_dated=day(row.policy_dated),
        policy_disseminated=bool(row.policy_disseminated),
        complaint_channel=bool(row.complaint_channel),
        capacity=row.capacity,
        occupied=len(held),
        occupied_under_three=sum((place.born or "") > young_after for place in held),
        caregivers=row.caregivers,
        staff=len(team),
        uncleared_staff=sum(not _cleared(member, today, unit.params.clearance_days) for member in team),
        known_to_rt=bool(row.known_to_rt),
        implicated_persons=sum(member.status == "suspended" for member in team),
    )


ABOUT_A_HOST = (HOSTS, TEAMS, OCCUPANTS)
"""What guards may see of the host that is named (`host`) and of the one where the child lives."""


def _cleared(member: Row[Any], today: date, days: int) -> bool:
    recent = member.police_record_on and (today - date.fromisoformat(member.police_record_on)).days <= days
    return bool(member.status in {"cleared", "expiring"} and member.code_signed_on and recent)


def day(stored: str | None) -> date | None:
    """Return a calendar day as stored (ISO), or None."""
    return date.fromisoformat(stored) if stored else None


def children_at(unit: Unit, host_id: str) -> int:
    """Return how many children live with a host, or have a place kept there."""
    return len(unit.rows(select(placement.c.id).where(placement.c.host_id == host_id, sql_text(LIVE_PLACEMENT))))


CLEARED = frozenset({"cleared", "expiring"})
"""How a member of staff stands who may work with children."""


def end_seats(unit: Unit, staff_id: str) -> None:
    """End the seats that a member of staff has at this host, as of now: who may not work there may not see its children (S6)."""
    member = unit.row(select(staff.c.person_id, staff.c.host_id).where(staff.c.id == staff_id))
    if member is None or member.person_id is None:
        return
    theirs = select(account.c.id).where(account.c.person_id == member.person_id)
    open_seat = or_(assignment.c.valid_until.is_(None), assignment.c.valid_until > to_text(unit.call.at))
    seats = assignment.update().where(assignment.c.host_id == member.host_id, assignment.c.account_id.in_(theirs), open_seat)
    unit.run(seats.values(valid_until=to_text(unit.call.at)))


def may_work(unit: Unit, host_id: str, person_id: str) -> bool:
    """Whether a house's list has nothing against this person: not on it, or cleared there."""
    listed = select(staff.c.status).where(staff.c.host_id == host_id, staff.c.person_id == person_id)
    return all(row.status in CLEARED for row in unit.rows(listed))


def add_body(unit: Unit, name: str, kind: str) -> str:
    """Enter a receiving body and return its id."""
    body_id = new_id(unit.call.at)
    unit.run(body.insert().values(id=body_id, name=name, kind=kind))
    return body_id


BODIES = Query(select(body).order_by(body.c.name))


def receiver(unit: Unit, body_id: str) -> Receiver:
    """Return a receiving body. Raises NotFound."""
    found = next((row for row in unit.ask(BODIES) if row.id == body_id), None)
    if found is None:
        raise NotFound("body")
    return Receiver(found.id, found.kind)


def kind_of_body(unit: Unit, body_id: str) -> str:
    """Return the kind of a receiving body, "" where there is none of that id."""
    return next((str(row.kind) for row in unit.ask(BODIES) if row.id == body_id), "")


def all_bodies(unit: Unit) -> list[Any]:
    """Return every receiving body by name."""
    return unit.ask(BODIES)
