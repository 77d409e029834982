"""The case rows, and who may see which."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from itertools import product
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, not_, or_, select, union_all
from sqlalchemy import text as sql_text

from casework.errors import Erased, NotFound
from casework.ledger.event import NO_HASH
from casework.machines import policy
from casework.machines.book import by_version
from casework.machines.engine import Machine
from casework.machines.facts import WITA
from casework.machines.policy.terms import BROKEN, CERTIFIED
from casework.machines.versions import renamed
from casework.store.call import ASKED_ROLES, CASEWORK_ROLES, HOUSE_ROLES, Seat, Who
from casework.store.field import ASKED, ASKED_CASES, IN_FIELD
from casework.store.ids import new_id
from casework.store.instants import from_text, to_text
from casework.store.schema import LIVE_PLACEMENT, care_case, child, child_key, counter, data_key, event, host_offer, placement, task
from casework.store.statements import Query, as_list, listed
from casework.store.unit import Unit


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A case as its row stands. `seq` is the version that writers must have seen; `head` the hash of its last journal entry."""

    id: str
    number: str
    child_id: str
    office_id: str
    machine: str
    version: int
    state: str
    seq: int
    head: str
    round: int
    assigned_to: str | None
    opened_at: datetime
    entered_at: datetime
    round_started_at: datetime
    previous_case_id: str | None = None


class MoveRow(msgspec.Struct, frozen=True):
    """One move of a case, as its journal tells it."""

    seq: int
    trigger: str
    source: str
    dest: str
    round: int
    occurred_at: datetime


def case_of(row: Row[Any]) -> CaseRow:
    """Return a case from its row."""
    return CaseRow(
        id=row.id,
        number=row.number,
        child_id=row.child_id,
        office_id=row.office_id,
        machine=row.machine,
        version=row.version,
        state=row.state,
        seq=row.seq,
        head=row.head,
        round=row.round,
        assigned_to=row.assigned_to,
        opened_at=from_text(row.opened_at),
        entered_at=from_text(row.entered_at),
        round_started_at=from_text(row.round_started_at),
        previous_case_id=row.previous_case_id,
    )


_ERASED = select(data_key.c.destroyed_at).where(data_key.c.holder == care_case.c.child_id).scalar_subquery()
CASE = Query(select(*care_case.c, _ERASED.label("erased")).where(care_case.c.id == bindparam("case_id")))
"""The row of a case, whoever may see it, and when its child was erased."""


def get_case(unit: Unit, case_id: str) -> CaseRow:
    """Return a case that this caller may see. Raises NotFound otherwise: somebody else's case does not exist for them.

    Raises Erased where its child's data were erased: nothing is left to see or to do.
    """
    found = unit.ask(CASE, case_id=case_id)
    case = case_of(found[0]) if found else None
    if case is None or not capacities(unit, case):
        raise NotFound("case")
    if found[0].erased:
        raise Erased("case")
    return case


def is_case(unit: Unit, case_id: str) -> bool:
    """Whether there is such a case, whoever may see it: for the journal of refused attempts, never for an answer."""
    return bool(unit.ask(CASE, case_id=case_id))


def capacities(unit: Unit, case: CaseRow, action: str = "") -> frozenset[str]:
    """Return the capacities in which this caller may find this case; empty means the case does not exist for them.

    They are the caller's own and those delegated to them, as far as the delegation goes where an `action` is named; and that of a reader
    for whoever broke the glass of this case. Who works there in the field only has that no longer than what they were asked.
    """
    who, held = unit.call.who, own_capacities(unit, case)
    seated = {seat.role for seat in who.seats if (seat.office, seat.host, seat.body) == (case.office_id, None, None)}
    holds = case.id in who.glass and bool(seated - ASKED_ROLES or held & policy.capacities_in(ASKED_ROLES, "asked"))
    held |= delegated(who, case, unit.call.at, action).keys() if who.delegations else frozenset()
    return held | {BROKEN} if holds else held


def delegated(who: Who, case: CaseRow, at: datetime, action: str = "") -> dict[str, str]:
    """Return the capacities in which somebody may act on this case in another's place, each with that person.

    Who covers for the assigned social worker is the assigned one, by a certificate of their own.
    """
    found: dict[str, str] = {}
    for one in who.delegations:
        worker = one.role in CERTIFIED
        theirs = not worker or (case.assigned_to == one.giver and who.holds(one.role, one.office))
        if one.office == case.office_id and one.covers(action) and theirs:
            relation: policy.Relation = "assigned" if worker else "supervised"
            found |= dict.fromkeys(policy.capacities_in(_working(who, frozenset({one.role}), at), relation) - found.keys(), one.giver)
    return found


def in_place_of(unit: Unit, case: CaseRow, capacity: str) -> str | None:
    """Return on whose behalf the caller acts on a case in a capacity: None where it is their own."""
    lent = delegated(unit.call.who, case, unit.call.at) if unit.call.who.delegations else {}
    return None if capacity not in lent or capacity in own_capacities(unit, case) else lent[capacity]


def own_capacities(unit: Unit, case: CaseRow) -> frozenset[str]:
    """Return the capacities in which this caller may find this case by their own seats.

    An unassigned case is open to every certified social worker of its office; an assigned one only to its worker. Institutions act only
    for children who live with them or are still offered to them. Auditors read every office's cases and act on none. A TKSK or PSM finds
    the cases for which something asked of them in the field is open.
    """
    who = unit.call.who
    seats = frozenset(seat.role for seat in who.seats if seat.office == case.office_id and seat.host is None)
    mine: tuple[policy.Relation, ...] = ("assigned",) if case.assigned_to in {None, who.person} else ()
    held = policy.capacities_in(_working(who, seats, unit.call.at), "office", "supervised", *mine)
    held |= policy.capacities_in(frozenset(seat.role for seat in who.seats), "appointed")
    held |= policy.capacities_in(frozenset(seat.role for seat in _house_seats(unit, case)), "house")
    if not seats.isdisjoint(ASKED_ROLES) and unit.ask(ASKED, case_id=case.id, person=who.person, now=to_text(unit.call.at)):
        held |= policy.capacities_in(seats, "asked")
    return held.intersection(policy.holders("find"))


def office_capacities(who: Who, office: str, at: datetime) -> frozenset[str]:
    """Return the capacities in which somebody acts for an office where no child's case is meant; none of a house's are among them."""
    seats = frozenset(seat.role for seat in who.seats if seat.office == office and seat.host is None)
    return policy.capacities_in(_working(who, seats, at), "office", "supervised", "asked")


def seat_capacities(who: Who, at: datetime) -> frozenset[str]:
    """Return every capacity that somebody's seats give where no case and no office in particular is meant."""
    return frozenset[str]().union(*(capacities_of_seat(who, seat, at) for seat in who.seats))


def capacities_of_seat(who: Who, seat: Seat, at: datetime) -> frozenset[str]:
    """Return the capacities that one seat gives: in its office, its house or its body."""
    roles = _working(who, frozenset({seat.role}), at)
    return policy.capacities_in(roles, "house", "receiver", *(("office", "supervised", "asked", "appointed") if seat.host is None else ()))


def _working(who: Who, roles: frozenset[str], at: datetime) -> frozenset[str]:
    """Return the roles in which somebody may work today: some need a valid certificate."""
    return roles if _certified(who, at) else roles - CERTIFIED


def offices_seen(who: Who, at: datetime) -> frozenset[str]:
    """Return the offices of which this caller sees every case, as `capacities` would answer for each. An auditor sees all offices."""
    roles = _working(who, CASEWORK_ROLES, at)
    return frozenset(seat.office for seat in who.seats if seat.host is None and seat.role in roles)


def own_hosts(unit: Unit, case: CaseRow) -> frozenset[str]:
    """Return the institutions in which this caller has a seat and which have business with the child."""
    return frozenset(seat.host for seat in _house_seats(unit, case) if seat.host)


def _house_seats(unit: Unit, case: CaseRow) -> tuple[Seat, ...]:
    seats = [seat for seat in unit.call.who.seats if seat.host and seat.role in HOUSE_ROLES]
    concerned = _hosts_of(unit, case) if seats else set()
    return tuple(seat for seat in seats if seat.host in concerned)


_PLACED_SINCE = exists().where(
    placement.c.case_id == host_offer.c.case_id, placement.c.kind != "emergency", placement.c.started_at >= host_offer.c.offered_at
)
_later = host_offer.alias("later")
_DECLINED_SINCE = exists().where(
    _later.c.case_id == host_offer.c.case_id,
    _later.c.host_id == host_offer.c.host_id,
    _later.c.accepted == 0,
    _later.c.answered_at >= host_offer.c.offered_at,
    _later.c.id > host_offer.c.id,
)
STILL_OFFERED = and_(or_(host_offer.c.accepted.is_(None), host_offer.c.accepted == 1), not_(_PLACED_SINCE), not_(_DECLINED_SINCE))
"""An institution has business with a child it was asked about until it declines, or the child is placed: then the placement decides."""


def _certified(who: Who, at: datetime) -> bool:
    """Whether a certificate of competence is valid today."""
    return who.certificate_until is not None and date.fromisoformat(who.certificate_until) >= _today(at)


@lru_cache(maxsize=64)
def _today(at: datetime) -> date:
    return at.astimezone(WITA).date()


_live = select(placement.c.host_id).where(placement.c.case_id == bindparam("case_id"), sql_text(LIVE_PLACEMENT))
_this_round = select(care_case.c.round).where(care_case.c.id == bindparam("case_id")).scalar_subquery()
_offered = select(host_offer.c.host_id).where(
    host_offer.c.case_id == bindparam("case_id"), host_offer.c.round == _this_round, STILL_OFFERED
)
HOSTS_CONCERNED = Query(union_all(_live, _offered))
"""The institutions that have business with the child of a case; one of them may be told twice."""


def _hosts_of(unit: Unit, case: CaseRow) -> set[str]:
    return {row.host_id for row in unit.ask(HOSTS_CONCERNED, case_id=case.id)}


def add_case(unit: Unit, child_id: str, office_id: str, machine: str, version: int, initial: str, previous: str | None) -> CaseRow:
    """Insert a case at the beginning of its machine and return it. Its first journal entry follows in the same unit."""
    now = to_text(unit.call.at)
    values = {
        "id": new_id(unit.call.at),
        "number": _next_number(unit),
        "child_id": child_id,
        "office_id": office_id,
        "machine": machine,
        "version": version,
        "state": initial,
        "seq": 0,
        "head": NO_HASH,
        "round": 1,
        "assigned_to": None,
        "opened_at": now,
        "entered_at": now,
        "round_started_at": now,
        "previous_case_id": previous,
    }
    unit.run(care_case.insert().values(values))
    return case_of(unit.ask(CASE, case_id=values["id"])[0])


def _next_number(unit: Unit) -> str:
    """Return `KKR-2026-0147`: a running number per year, WITA."""
    name = f"{unit.store.case_prefix}-{unit.call.at.astimezone(WITA).year}"
    if unit.run(counter.update().where(counter.c.name == name).values(value=counter.c.value + 1)) == 0:
        unit.run(counter.insert().values(name=name, value=1))
    value = unit.need(select(counter.c.value).where(counter.c.name == name), "counter").value
    return f"{name}-{value:04d}"


def assign(unit: Unit, case: CaseRow, person: str) -> CaseRow:
    """Set the case's worker, who has its open tasks too, but what somebody else was asked to do in the field."""
    unit.run(care_case.update().where(care_case.c.id == case.id).values(assigned_to=person))
    theirs = (task.c.case_id == case.id, task.c.settled_at.is_(None), not_(IN_FIELD))
    unit.run(task.update().where(*theirs).values(worker=person))
    return msgspec.structs.replace(case, assigned_to=person)


def locked(unit: Unit, case_id: str) -> CaseRow:
    """Return a case that another one's entry concerns, whoever may see it, and let nobody else decide about it before this unit ends."""
    unit.lock(case_id)
    (row,) = unit.ask(CASE, case_id=case_id)
    if row.erased:
        raise Erased("case")
    return case_of(row)


MOVES = Query(
    select(*(event.c[name] for name in ("seq", "kind", "machine", "version", "trigger", "source", "dest", "round", "occurred_at")))
    .where(event.c.case_id == bindparam("case_id"), sql_text("kind IN ('moved', 'migrated')"))
    .order_by(event.c.seq)
)


def moves(unit: Unit, case_id: str) -> tuple[MoveRow, ...]:
    """Return every move of a case, oldest first, in the names of the version that it runs by now."""
    told: list[MoveRow] = []
    version = 0
    for row in unit.ask(MOVES, case_id=case_id):
        if row.kind == "migrated":
            machine = by_version()[row.machine, row.version]
            told = [_renamed(move, machine, version) for move in told]
        else:
            told.append(MoveRow(row.seq, row.trigger, row.source, row.dest, row.round, from_text(row.occurred_at)))
        version = row.version
    return tuple(told)


def _renamed(move: MoveRow, machine: Machine[Any], version: int) -> MoveRow:
    trigger, source, dest = renamed(machine, version, move.trigger, move.source, move.dest)
    return msgspec.structs.replace(move, trigger=trigger, source=source, dest=dest)


_me, _twin, _i, _other = child_key.alias("me"), child_key.alias("twin"), child.alias("i"), child.alias("other")
_child_here = select(care_case.c.child_id).where(care_case.c.id == bindparam("case_id")).scalar_subquery()
_same_child = select(_child_here.label("id"))
_same_nik = select(_twin.c.child_id).join(_me, and_(_me.c.child_id == _child_here, _twin.c.nik == _me.c.nik))
_same_card = (
    select(_twin.c.child_id)
    .join(_me, and_(_me.c.child_id == _child_here, _twin.c.kk == _me.c.kk, _twin.c.name == _me.c.name))
    .join(_i, _i.c.id == _me.c.child_id)
    .join(_other, and_(_other.c.id == _twin.c.child_id, _other.c.born == _i.c.born))
)
OTHER_OPEN = Query(
    select(care_case.c.id)
    .where(
        care_case.c.child_id.in_(union_all(_same_child, _same_nik, _same_card)),
        care_case.c.id != bindparam("case_id"),
        sql_text("state NOT IN ('closed', 'voided')"),
    )
    .limit(1)
)
"""Another open case of this child, of a child with the same NIK, or with the same family card, name and birth date: by keyed hashes."""


def other_open_case(unit: Unit, case: CaseRow) -> bool:
    """Whether what is most likely the same child has another open case."""
    return bool(unit.ask(OTHER_OPEN, case_id=case.id))


class Known(msgspec.Struct, frozen=True):
    """The cases whose child somebody may know by name: of their offices or houses, in a state if one is named ("" is any).

    `person` is who was asked into the field, "" for anybody else; `now` what is still asked is measured by.
    """

    offices: tuple[str, ...]
    hosts: tuple[str, ...]
    state: str
    now: str
    person: str = ""

    @property
    def kind(self) -> tuple[bool, bool, bool]:
        """Which condition it is: whether houses are asked about, whether a state is, and whether what was asked in the field is."""
        return bool(self.hosts), bool(self.state), bool(self.person)

    @property
    def values(self) -> dict[str, str]:
        """The values of the condition."""
        named = {"offices": as_list(self.offices), "hosts": as_list(self.hosts), "state": self.state}
        return named | {"person": self.person, "now": self.now}


def known_to(who: Who, at: datetime, state: str = "") -> Known:
    """Return the cases (in a state) whose child somebody may know by name at a moment."""
    offices = (seat.office for seat in who.seats if seat.host is None and seat.role in CASEWORK_ROLES)
    asked = any(seat.role in ASKED_ROLES for seat in who.seats)
    return Known(tuple(offices), tuple(seat.host for seat in who.seats if seat.host), state, to_text(at), who.person if asked else "")


def _known(*, in_hosts: bool, in_state: bool, asked: bool) -> ColumnElement[bool]:
    here = select(placement.c.case_id).where(listed(placement.c.host_id, "hosts"), sql_text(LIVE_PLACEMENT))
    offered = select(host_offer.c.case_id).where(listed(host_offer.c.host_id, "hosts"), STILL_OFFERED)
    own = listed(care_case.c.office_id, "offices")
    theirs = [care_case.c.id.in_(ASKED_CASES)] if asked else []
    known = or_(own, *((care_case.c.id.in_(here), care_case.c.id.in_(offered)) if in_hosts else ()), *theirs)
    return and_(known, care_case.c.state == bindparam("state")) if in_state else known


KNOWN = {kind: _known(in_hosts=kind[0], in_state=kind[1], asked=kind[2]) for kind in product((False, True), repeat=3)}
"""The condition on `care_case` for each kind of `Known`."""
CASES = Query(select(care_case).where(listed(care_case.c.id, "cases")))


def cases_by_id(unit: Unit, case_ids: Iterable[str]) -> dict[str, CaseRow]:
    """Return cases by id, whoever may see them."""
    return {row.id: case_of(row) for row in unit.ask(CASES, cases=as_list(case_ids))}


def last_case_of(unit: Unit, child_id: str) -> CaseRow | None:
    """Return the child's newest case, or None."""
    row = unit.row(select(care_case).where(care_case.c.child_id == child_id).order_by(care_case.c.id.desc()).limit(1))
    return case_of(row) if row else None
