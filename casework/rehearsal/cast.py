"""The standing cast: offices, invented people, hosts and bodies. Built through the services only, for rehearsals and for the demo."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from casework.machines.facts import WITA, HostKind
from casework.machines.forms import Religion
from casework.machines.register import LKS_KINDS, ServiceKind
from casework.services import people, processes, registers
from casework.store.call import Call, Seat, Who
from casework.store.store import Store

BodyKind: TypeAlias = Literal[
    "dinas", "ministry", "court_named", "province", "uptd", "police", "village", "civil_registry", "school", "ngo", "lksa", "carer",
]  # fmt: skip
_FILE = Path(__file__).with_name("cast.toml")
_YEAR = timedelta(days=365)
_SETTLED = timedelta(days=60)
"""How long before the cast was built its papers were issued."""
_FIRST_ADMIN = Who(person="installation", account="installation", name="installation", seats=(Seat("admin", ""),))


class OfficeEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One office."""

    name: str
    kind: str


class PersonEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One account: of a new person by `name`, or a second one of the person behind the key `same_as`."""

    role: str
    office: str
    name: str = ""
    same_as: str = ""
    host: str = ""
    body: str = ""
    area: str | None = None


class HostEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One host. `staff` are the names of its people, all cleared."""

    name: str
    kind: HostKind
    religion: Religion | None = None
    capacity: int = 0
    caregivers: int = 0
    known_to_rt: bool = False
    services: tuple[ServiceKind, ...] = ()
    district_code: str | None = None
    staff: tuple[str, ...] = ()


class BodyEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One receiving body."""

    name: str
    kind: BodyKind


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The cast as written in `cast.toml`, by key."""

    office: dict[str, OfficeEntry]
    person: dict[str, PersonEntry]
    host: dict[str, HostEntry]
    body: dict[str, BodyEntry]

    def name_of(self, key: str) -> str:
        """Return how a person, host or body is called; the key itself when it is none of them."""
        entry = self.person.get(key) or self.host.get(key) or self.body.get(key)
        if isinstance(entry, PersonEntry) and entry.same_as:
            return self.person[entry.same_as].name
        return entry.name if entry is not None else key

    def head_of(self, host: str) -> str:
        """Return the key of the head of an institution, or "" when the cast has none."""
        return next((key for key, entry in self.person.items() if entry.role == "lksa_head" and entry.host == host), "")


class Member(msgspec.Struct, frozen=True):
    """One account of the cast in a database. `username` is the key."""

    username: str
    name: str
    account: str
    person: str


class Cast(msgspec.Struct, frozen=True):
    """The cast in one database: ids by key. `staff` are staff entries by host key and name."""

    offices: dict[str, str]
    people: dict[str, Member]
    hosts: dict[str, str]
    staff: dict[tuple[str, str], str]
    bodies: dict[str, str]


@cache
def sheet() -> Sheet:
    """Return the cast as written."""
    return msgspec.toml.decode(_FILE.read_bytes(), type=Sheet)


def build(store: Store, at: datetime, password: str) -> Cast:
    """Enter the whole cast through the services, as of `at`, every account with this password, and return the ids."""
    call = Call(who=_FIRST_ADMIN, at=at)
    written = sheet()
    offices = {key: people.create_office(store, call, office.name, office.kind) for key, office in written.office.items()}
    enrolled: dict[str, Member] = {}
    _enrol(store, call, password, (offices, {}, {}), enrolled, housed=False)
    supervisor = _as_supervisor(at, enrolled, offices)
    hosts = {key: _add_host(store, supervisor, entry) for key, entry in written.host.items()}
    staff = {(key, name): _add_staff(store, supervisor, hosts[key], name) for key, entry in written.host.items() for name in entry.staff}
    _activate(store, supervisor)
    bodies = {
        key: registers.add_body(store, supervisor, registers.AddBody(name=entry.name, kind=entry.kind)).id
        for key, entry in written.body.items()
    }
    _enrol(store, call, password, (offices, hosts, bodies), enrolled, housed=True)
    return Cast(offices, {key: enrolled[key] for key in written.person}, hosts, staff, bodies)


def _enrol(
    store: Store, call: Call, password: str, places: tuple[dict[str, str], ...], enrolled: dict[str, Member], *, housed: bool
) -> None:
    """Create the accounts with (`housed`) or without a host or body: these are entered by somebody who has an account already."""
    offices, hosts, bodies = places
    until = (call.at.astimezone(WITA) + 5 * _YEAR).date().isoformat()
    for key, entry in sheet().person.items():
        if bool(entry.host or entry.body) != housed:
            continue
        seat = Seat(entry.role, offices[entry.office], hosts.get(entry.host), bodies.get(entry.body), entry.area)
        ask = people.NewAccount(
            username=key,
            password=password,
            seats=(seat,),
            name=entry.name,
            person=enrolled[entry.same_as].person if entry.same_as else "",
            certificate_until=until if entry.role == "social_worker" else None,
        )
        made = people.create_account(store, call, ask)
        enrolled[key] = Member(key, sheet().name_of(key), made.account, made.person)


def _as_supervisor(at: datetime, enrolled: dict[str, Member], offices: dict[str, str]) -> Call:
    key, entry = next((key, entry) for key, entry in sheet().person.items() if entry.role == "supervisor")
    member = enrolled[key]
    seats = (Seat("supervisor", offices[entry.office]),)
    return Call(who=Who(person=member.person, account=member.account, name=member.name, seats=seats), at=at)


def _add_host(store: Store, call: Call, entry: HostEntry) -> str:
    today = call.at.astimezone(WITA)
    later, before = (today + 3 * _YEAR).date().isoformat(), (today - _SETTLED).date().isoformat()
    house = entry.kind in LKS_KINDS
    ask = registers.AddHost(
        name=entry.name,
        kind=entry.kind,
        services=entry.services,
        district_code=entry.district_code,
        religion=entry.religion,
        licence_number="TD/CONTOH" if house else None,
        licence_until=later if house else None,
        accredited_until=later if house else None,
        policy_dated=before,
        policy_disseminated=True,
        complaint_channel=True,
        capacity=entry.capacity,
        caregivers=entry.caregivers,
        known_to_rt=entry.known_to_rt,
    )
    return registers.add_host(store, call, ask).id


def _activate(store: Store, call: Call) -> None:
    """Declare active what was not so when it was entered: an institution waits for its team."""
    for house in registers.list_hosts(store, call):
        if house.status == "registered":
            processes.advance_host(store, call, processes.AdvanceHost(host=house.id, trigger="activate"))


def _add_staff(store: Store, call: Call, host: str, name: str) -> str:
    before = (call.at.astimezone(WITA) - _SETTLED).date().isoformat()
    ask = registers.AddStaff(host=host, name=name, duty="pengasuh", police_record_on=before, code_signed_on=before)
    return registers.add_staff(store, call, ask).id
