"""People with accounts: natural persons, accounts, assignments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Column, ColumnElement, Select, Table, and_, bindparam, or_, select, text, union

from casework.errors import NotFound
from casework.store import delegations, glass
from casework.store.call import Seat, Who
from casework.store.ids import new_id
from casework.store.instants import to_text
from casework.store.schema import (
    account,
    actor_event,
    approval_decision,
    approval_request,
    assignment,
    care_case,
    document,
    event,
    office,
    person,
    process,
    record,
    staff,
)
from casework.store.schema.journal import TRIED
from casework.store.statements import Query, as_list, is_among, listed
from casework.store.unit import Unit


class AccountRow(msgspec.Struct, frozen=True):
    """An account as sign-in needs it. `password_hash` is "" until a password is set."""

    id: str
    person: str
    username: str
    password_hash: str
    active: bool
    service: bool = False


def add_office(unit: Unit, name: str, kind: str, district_code: str | None = None) -> str:
    """Insert an office and return its id."""
    office_id = new_id(unit.call.at)
    unit.run(office.insert().values(id=office_id, name=name, kind=kind, district_code=district_code))
    return office_id


def is_office(unit: Unit, office_id: str) -> bool:
    """Whether there is such an office."""
    return unit.row(select(office.c.id).where(office.c.id == office_id)) is not None


def office_name(unit: Unit, office_id: str) -> str:
    """Return what an office is called. Raises NotFound."""
    return str(unit.need(select(office.c.name).where(office.c.id == office_id), "office").name)


def add_person(unit: Unit, name: str) -> str:
    """Insert a natural person and return the id. Several accounts may belong to one person."""
    person_id = new_id(unit.call.at)
    unit.run(person.insert().values(id=person_id, name=name, created_at=to_text(unit.call.at)))
    return person_id


def add_account(
    unit: Unit, person_id: str, username: str, password_hash: str, certificate_until: str | None, *, service: bool = False
) -> str:
    """Insert an account and return its id. A taken username is a Conflict."""
    account_id = new_id(unit.call.at)
    unit.run(
        account.insert().values(
            id=account_id,
            person_id=person_id,
            username=username,
            password_hash=password_hash,
            certificate_until=certificate_until,
            service=int(service),
            created_at=to_text(unit.call.at),
        )
    )
    return account_id


def add_seat(unit: Unit, account_id: str, seat: Seat, valid_until: datetime | None = None) -> None:
    """Give an account a role in an office, from now on."""
    unit.run(
        assignment.insert().values(
            id=new_id(unit.call.at),
            account_id=account_id,
            role=seat.role,
            office_id=seat.office,
            host_id=seat.host,
            body_id=seat.body,
            area=seat.area,
            valid_from=to_text(unit.call.at),
            valid_until=to_text(valid_until) if valid_until else None,
        )
    )


def end_seat(unit: Unit, seat: str) -> None:
    """End a seat, as of now."""
    unit.run(assignment.update().where(assignment.c.id == seat).values(valid_until=to_text(unit.call.at)))


def rename_office(unit: Unit, office_id: str, name: str) -> bool:
    """Give an office another name. Whether there is such an office."""
    return unit.run(office.update().where(office.c.id == office_id).values(name=name)) == 1


def set_certificate(unit: Unit, account_id: str, until: str | None) -> None:
    """Say until when a certificate is valid (an ISO date), None for none."""
    unit.run(account.update().where(account.c.id == account_id).values(certificate_until=until))


def set_active(unit: Unit, account_id: str, *, active: bool) -> None:
    """Suspend or restore an account; the next request notices."""
    unit.run(account.update().where(account.c.id == account_id).values(active=int(active)))


def set_password(unit: Unit, account_id: str, password_hash: str) -> None:
    """Replace the password hash."""
    unit.run(account.update().where(account.c.id == account_id).values(password_hash=password_hash))


def set_mail(unit: Unit, account_id: str, mail: str | None, language: str | None) -> None:
    """Say where an account is told of urgent things (None: nowhere), and in which language (None: the installation's)."""
    unit.run(account.update().where(account.c.id == account_id).values(mail=mail, language=language))


def usernames(unit: Unit, accounts: frozenset[str]) -> dict[str, str]:
    """Return the usernames of accounts by id."""
    return {row.id: row.username for row in unit.rows(select(account.c.id, account.c.username).where(account.c.id.in_(accounts)))}


def account_named(unit: Unit, username: str) -> AccountRow | None:
    """Return the account of a username, typed in any case, or None. Usernames are stored in lower case."""
    row = unit.row(select(account).where(account.c.username == username.lower()))
    return AccountRow(row.id, row.person_id, row.username, row.password_hash, bool(row.active), bool(row.service)) if row else None


def account_known(unit: Unit, account_id: str) -> AccountRow | None:
    """Return an account by its id, or None."""
    row = unit.row(select(account).where(account.c.id == account_id))
    return AccountRow(row.id, row.person_id, row.username, row.password_hash, bool(row.active), bool(row.service)) if row else None


def account_of(unit: Unit, account_id: str) -> AccountRow:
    """Return an account by its id. Raises NotFound."""
    found = account_known(unit, account_id)
    if found is None:
        raise NotFound("account")
    return found


_valid = and_(
    assignment.c.valid_from <= bindparam("now"), or_(assignment.c.valid_until.is_(None), assignment.c.valid_until > bindparam("now"))
)
ACTIVE = Query(
    select(account.c.id, account.c.person_id, account.c.certificate_until, person.c.name)
    .join(person, person.c.id == account.c.person_id)
    .where(account.c.id == bindparam("account"), account.c.active == 1)
)
SEATS = Query(
    select(*(assignment.c[name] for name in ("role", "office_id", "host_id", "body_id", "area")))
    .where(assignment.c.account_id == bindparam("account"), _valid)
    .order_by(assignment.c.id)
)


def who_is(unit: Unit, account_id: str, at: datetime) -> Who | None:
    """Return the person behind an active account with the seats valid now, or None."""
    row = next(iter(unit.ask(ACTIVE, account=account_id)), None)
    if row is None:
        return None
    seats = unit.ask(SEATS, account=account_id, now=to_text(at))
    held = tuple(Seat(seat.role, seat.office_id, seat.host_id, seat.body_id, seat.area) for seat in seats)
    return Who(
        person=row.person_id,
        account=row.id,
        name=row.name,
        seats=held,
        certificate_until=row.certificate_until,
        delegations=delegations.held(unit.ask(delegations.TAKEN_BY, account=account_id), held, at),
        glass=glass.open_cases(unit.ask(glass.BROKEN_BY, account=account_id), at),
    )


def _named(condition: ColumnElement[bool]) -> Query:
    return Query(select(person.c.id, person.c.name).where(condition))


NAMES = _named(listed(person.c.id, "persons"))


def names_of(unit: Unit, persons: Iterable[str]) -> dict[str, str]:
    """Return the names of natural persons by id."""
    return {row.id: row.name for row in unit.ask(NAMES, persons=as_list(persons))}


def _of_case(table: Table, *columns: str) -> Iterator[Select[Any]]:
    return (select(table.c[name]).where(table.c.case_id == bindparam("case_id")) for name in columns)


_in_journal = (
    *_of_case(event, "actor", "approver_1", "approver_2"),
    select(account.c.person_id)
    .join(actor_event, actor_event.c.account_id == account.c.id)
    .where(actor_event.c.case_id == bindparam("case_id"), text(TRIED)),
)
_on_file = (
    select(care_case.c.assigned_to).where(care_case.c.id == bindparam("case_id")),
    *_of_case(record, "author", "verified_by", "countersigned_by"),
    *_of_case(document, "attached_by", "compared_by"),
    *_of_case(approval_request, "requester"),
    select(approval_decision.c.person)
    .join(approval_request, approval_request.c.id == approval_decision.c.request_id)
    .where(approval_request.c.case_id == bindparam("case_id")),
)
NAMED_IN_JOURNAL = _named(is_among(person.c.id, union(*_in_journal).scalar_subquery()))


def named_in_journal(unit: Unit, case_id: str) -> dict[str, str]:
    """Return the names of the natural persons whom a case's journal names, or who tried something on it."""
    return {row.id: row.name for row in unit.ask(NAMED_IN_JOURNAL, case_id=case_id)}


NAMED_IN_CASE = _named(is_among(person.c.id, union(*_in_journal, *_on_file).scalar_subquery()))


def named_in_case(unit: Unit, case_id: str) -> dict[str, str]:
    """Return the same, and the names of those who wrote, checked, asked or decided something on its file."""
    return {row.id: row.name for row in unit.ask(NAMED_IN_CASE, case_id=case_id)}


WITH_ROLE = Query(
    select(assignment.c.id)
    .join(account, account.c.id == assignment.c.account_id)
    .where(
        *(account.c.person_id == bindparam("person"), account.c.active == 1, _valid),
        *(assignment.c.role == bindparam("role"), assignment.c.office_id == bindparam("office")),
    )
    .limit(1)
)


def person_with_role(unit: Unit, person_id: str, role: str, office_id: str, at: datetime) -> bool:
    """Whether any active account of this natural person holds a role in an office now."""
    return bool(unit.ask(WITH_ROLE, person=person_id, role=role, office=office_id, now=to_text(at)))


def _persons(here: Callable[[Column[Any]], ColumnElement[bool]]) -> Query:
    seated = select(assignment.c.host_id, account.c.person_id).join(account, assignment.c.account_id == account.c.id)
    listed = select(staff.c.host_id, staff.c.person_id).where(staff.c.person_id.is_not(None))
    return Query(union(seated.where(here(assignment.c.host_id)), listed.where(here(staff.c.host_id))))


_beside = select(process.c.host_id).where(process.c.case_id == bindparam("case_id"))
OF_A_HOUSE = _persons(lambda host: host == bindparam("host"))
OF_HOUSES_BESIDE = _persons(lambda host: host.in_(_beside))


def persons_of_host(unit: Unit, host_id: str) -> frozenset[str]:
    """Return the natural persons who hold or held a seat at a host, or stand on its staff list: none of them decides for the office."""
    return frozenset(row.person_id for row in unit.ask(OF_A_HOUSE, host=host_id))


def persons_of_hosts_beside(unit: Unit, case_id: str, host_id: str) -> frozenset[str]:
    """Return the same of a host that a process of this case concerns: one question for all of them."""
    return frozenset(row.person_id for row in unit.ask(OF_HOUSES_BESIDE, case_id=case_id) if row.host_id == host_id)


_other = staff.alias("other")
BARRED_ELSEWHERE = Query(
    select(staff.c.id).where(
        listed(staff.c.id, "members"),
        staff.c.person_id.in_(select(_other.c.person_id).where(_other.c.status == "barred", _other.c.id != staff.c.id)),
    )
)


def barred_elsewhere(unit: Unit, members: Iterable[str]) -> frozenset[str]:
    """Return of these entries of the register of staff those whose natural person another entry bars."""
    asked = as_list(members)
    return frozenset(row.id for row in unit.ask(BARRED_ELSEWHERE, members=asked)) if asked != as_list(()) else frozenset()
