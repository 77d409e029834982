"""What lists show of many cases at once: one query for all of them, never one per line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import BindParameter, bindparam, case, func, select, union

from casework.store.instants import from_text
from casework.store.schema import (
    account,
    assignment,
    body,
    care_case,
    case_count,
    child,
    host,
    host_offer,
    person,
    placement,
    process,
    relative,
    task,
)
from casework.store.statements import Query, as_list, listed
from casework.store.unit import Unit


class DueLine(msgspec.Struct, frozen=True):
    """The open task of a case that is due first."""

    kind: str
    due_at: datetime


OPEN_TASKS = Query(
    select(task.c.case_id, task.c.kind, task.c.due_at)
    .where(listed(task.c.case_id, "cases"), task.c.settled_at.is_(None))
    .order_by(task.c.due_at.desc(), task.c.id.desc())
)


def first_due(unit: Unit, case_ids: frozenset[str], kinds: frozenset[str] | None = None) -> dict[str, DueLine]:
    """Return, by case, the open task (of these kinds) that is due first; a case without one is left out."""
    rows = unit.ask(OPEN_TASKS, cases=as_list(case_ids)) if case_ids else []
    last = {row.case_id: row for row in rows if kinds is None or row.kind in kinds}
    return {case_id: DueLine(row.kind, from_text(row.due_at)) for case_id, row in last.items()}


class CaseCaption(msgspec.Struct, frozen=True):
    """What a line says of a case that it is not about: its number, its child's name, and the definition it is pinned to."""

    number: str
    child: str
    machine: str
    version: int


CAPTIONS = Query(
    select(care_case.c.id, care_case.c.number, child.c.name, care_case.c.machine, care_case.c.version)
    .join(child, child.c.id == care_case.c.child_id)
    .where(listed(care_case.c.id, "cases"))
)


def captions_of(unit: Unit, case_ids: frozenset[str]) -> dict[str, CaseCaption]:
    """Return what lines say of cases, by id."""
    rows = unit.ask(CAPTIONS, cases=as_list(case_ids))
    return {row.id: CaseCaption(row.number, row.name, row.machine, row.version) for row in rows}


CARERS = tuple(Query(select(table.c.id, table.c.name).where(listed(table.c.id, "carers"))) for table in (relative, host, body))


def carers_of(unit: Unit, ids: frozenset[str]) -> dict[str, str]:
    """Return the names of relatives, hosts and bodies by id."""
    carers = as_list(ids)
    if not ids:
        return {}
    unit.gather(*CARERS, carers=carers)
    return {row.id: row.name for query in CARERS for row in unit.ask(query, carers=carers)}


def host_named(unit: Unit, host_id: str) -> str:
    """Return the name of a host or body, "" where there is none."""
    return carers_of(unit, frozenset({host_id})).get(host_id, "")


_here: BindParameter[str] = bindparam("case_id")
_chain = select(care_case.c.id).where(care_case.c.child_id == select(care_case.c.child_id).where(care_case.c.id == _here).scalar_subquery())
_of_case = host.c.id.in_(
    union(
        select(placement.c.host_id).where(placement.c.case_id.in_(_chain)),
        select(host_offer.c.host_id).where(host_offer.c.case_id == _here),
        select(process.c.host_id).where(process.c.case_id == _here),
    )
)
HOSTS_OF_CASE = Query(select(host.c.id, host.c.name).where(_of_case))


def hosts_of_case(unit: Unit, case_id: str) -> dict[str, str]:
    """Return the names of the hosts where a case's child lived or was offered, and of those that a process of the case concerns."""
    return {row.id: row.name for row in unit.ask(HOSTS_OF_CASE, case_id=case_id)}


CHOICES = 300
"""Hosts that a page offers: a list of more helps nobody. Any other is named by its id (the JSON interface)."""
NEAR = ("concerned", "district", "office", "elsewhere")
"""How near a host is to a case: the case has to do with it already, it is in the child's district, the case's office keeps it."""
_office_here = select(care_case.c.office_id).where(care_case.c.id == _here).scalar_subquery()
_district_here = (
    select(child.c.district_code).join(care_case, care_case.c.child_id == child.c.id).where(care_case.c.id == _here).scalar_subquery()
)
_near = case((_of_case, 0), (host.c.district_code == _district_here, 1), (host.c.office_id == _office_here, 2), else_=3)
_OFFERED = ("id", "name", "kind", "status", "religion", "capacity", "district_code")
TO_CHOOSE = Query(select(*(host.c[name] for name in _OFFERED), _near.label("near")).order_by(_near, host.c.id).limit(CHOICES))


def hosts_to_choose(unit: Unit, case_id: str) -> list[Any]:
    """Return the hosts that somebody may choose for a case, by kind and name: every one, but of very many CHOICES.

    Those that are nearer (`NEAR`) come before all others.
    """
    return sorted(unit.ask(TO_CHOOSE, case_id=case_id), key=lambda row: (row.kind, row.name))


_KEPT = select(case_count.c.office_id, case_count.c.state, func.sum(case_count.c.n).label("n")).group_by("office_id", "state")
COUNTS_EVERYWHERE = Query(_KEPT)
COUNTS = Query(_KEPT.where(listed(case_count.c.office_id, "offices")))


def counts_of(unit: Unit, offices: Iterable[str] | None) -> dict[str, dict[str, int]]:
    """Return how many cases of offices (None: of all) stand in each state, by office, as the database keeps it."""
    rows = unit.ask(COUNTS_EVERYWHERE) if offices is None else unit.ask(COUNTS, offices=as_list(offices))
    kept: dict[str, dict[str, int]] = {}
    for row in rows:
        kept.setdefault(row.office_id, {})[row.state] = int(row.n)
    return kept


NUMBERS = Query(select(care_case.c.id, care_case.c.number).where(listed(care_case.c.id, "cases")))


def numbers_of(unit: Unit, case_ids: frozenset[str]) -> dict[str, str]:
    """Return the numbers of cases by id."""
    return {row.id: row.number for row in unit.ask(NUMBERS, cases=as_list(case_ids))}


WORKERS = Query(
    select(person.c.id, person.c.name)
    .distinct()
    .join(account, account.c.person_id == person.c.id)
    .join(assignment, assignment.c.account_id == account.c.id)
    .where(
        account.c.active == 1,
        assignment.c.office_id == _office_here,
        assignment.c.role == "social_worker",
        assignment.c.valid_until.is_(None),
    )
    .order_by(person.c.name)
)


def workers_of(unit: Unit, case_id: str) -> tuple[tuple[str, str], ...]:
    """Return (person id, name) of the social workers of a case's office, by name: those it can be assigned to."""
    return tuple((row.id, row.name) for row in unit.ask(WORKERS, case_id=case_id))
