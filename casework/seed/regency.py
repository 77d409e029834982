"""Where the children live: one regency after the other, each with its office, its people and its eighteen institutions (DOMAIN 6.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any

import msgspec

from casework.errors import DefinitionError
from casework.ledger.event import NO_HASH, Actor, Event, Step, Through
from casework.machines.book import OPEN, newest_machines
from casework.machines.engine import Machine
from casework.machines.register import FOR_CHILDREN
from casework.seed import names
from casework.seed.ids import Ids
from casework.store.call import ASKED_ROLES
from casework.store.streams import actor_row, step_row

CASES = 1_500
"""Cases of one regency, open and closed."""
HOUSES, WORKERS, SUPERVISORS = 18, 16, 3
OFFICES, ACCOUNTS = 3, WORKERS + SUPERVISORS + 3 + 2 * HOUSES
BEDS = 48
AT_WORK = {"host": "active", "staff": "cleared"}
"""Where every host and member of staff stands; its row is written as it begins, and follows its steps."""
_YEARS_AGO = 6 * 365
FIELD_DISTRICT = "64.02.06"
"""Where the one who works in the field does: nothing is asked of them in the stories."""
_NO_PASSWORD = "!"  # noqa: S105 - nobody signs in while a seeding is unfinished


class Member(msgspec.Struct, frozen=True):
    """One account: the natural person, the account and the name."""

    person: str
    account: str
    name: str
    username: str


class Regency(msgspec.Struct, frozen=True):
    """Everybody and everything that the cases of a regency name. `rows` are to be written before its first case."""

    offices: dict[str, str]
    workers: tuple[Member, ...]
    supervisors: tuple[Member, ...]
    members: dict[str, Member]
    heads: tuple[Member, ...]
    carers: tuple[Member, ...]
    houses: tuple[str, ...]
    shelter: str
    rows: dict[str, list[dict[str, Any]]]

    def cast(self, place: int) -> dict[str, Member]:
        """Return who plays whom in the case at this place of the regency: the stories' keys, each another person."""
        first = place // HOUSES
        workers = {key: self.workers[(first + step) % WORKERS] for step, key in enumerate(("sari", "maya", "rina"))}
        supervisors = {key: self.supervisors[(place + step) % SUPERVISORS] for step, key in enumerate(("bambang", "lina"))}
        house = place % HOUSES
        return {**self.members, **workers, **supervisors, "halimah": self.heads[house], "anton": self.carers[house]}

    def hosts(self, place: int) -> dict[str, str]:
        """Return which institution and which shelter the case at this place names."""
        return {"harapan": self.houses[place % HOUSES], "rpsa": self.shelter}


def host_digest(host: str) -> str:
    """Return the digest that decisions about a host of a seeding are bound to: its first revision."""
    return hashlib.sha256(f"{host}:1".encode()).hexdigest()


@lru_cache(maxsize=4)
def regency(seed: int, number: int, day: int) -> Regency:
    """Return a regency. `day` is the ordinal of the day as of which the database is made."""
    return _Founder(seed, number, date.fromordinal(day)).found()


class _Founder:
    """Draws one regency, row by row."""

    def __init__(self, seed: int, number: int, today: date) -> None:
        self.lots = Random(f"{seed}/regency/{number}")  # noqa: S311 - repeatable on purpose
        self.number = number
        self.today = today
        self.since = f"{(today - timedelta(days=_YEARS_AGO)).isoformat()}T00:00:00.000000Z"
        self.ids = Ids(self.since)
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def found(self) -> Regency:
        named = f"{self.number + 1:03d}"
        offices = {
            key: self._add("office", name=f"{name} {named} (rekaan)", kind=kind, district_code=None)
            for key, name, kind in (
                ("dinas", "Dinas Sosial Kabupaten", "dinas"),
                ("mitra", "LKSA Kabupaten", "lksa"),
                ("inspektorat", "Inspektorat Kabupaten", "inspectorate"),
            )
        }
        dinas = offices["dinas"]
        workers = tuple(self._member("pekerja", place, "social_worker", dinas) for place in range(WORKERS))
        supervisors = tuple(self._member("supervisor", place, "supervisor", dinas) for place in range(SUPERVISORS))
        members = {
            "yusuf": self._member("kepala", 0, "dinas_head", dinas),
            "iwan": self._member("tksk", 0, "tksk", dinas),
            "nadia": self._member("auditor", 0, "auditor", offices["inspektorat"]),
        }
        houses = tuple(self._house(place, "lksa", offices["mitra"]) for place in range(HOUSES))
        shelter = self._house(HOUSES, "rpsa", None)
        heads = tuple(self._member("lksa", place, "lksa_head", offices["mitra"], house) for place, house in enumerate(houses))
        carers = tuple(self._member("pengasuh", place, "lksa_staff", offices["mitra"], house) for place, house in enumerate(houses))
        self._enter_processes(members["yusuf"], dinas)
        return Regency(offices, workers, supervisors, members, heads, carers, houses, shelter, self.rows)

    def _enter_processes(self, head: Member, office: str) -> None:
        """Let the head of the office have entered every host and member of staff: each stands there by an entry of the journal."""
        for table in AT_WORK:
            for row in self.rows[table]:
                self._enter(newest_machines()[table], row, head, office)

    def _enter(self, machine: Machine[Any], row: dict[str, Any], head: Member, office: str) -> None:
        definition, stream = machine.definition, self.rows.setdefault("actor_event", [])
        steps = tuple(
            Step(
                process=row["id"],
                n=n,
                machine=definition.name,
                version=definition.version,
                definition=machine.digest,
                trigger=trigger,
                source=source,
                dest=dest,
            )
            for n, (trigger, source, dest) in enumerate(way_to(machine, AT_WORK[definition.name]), start=1)
        )
        host = row.get("host_id", row["id"])
        entry = Event(
            stream=f"actor:{head.account}",
            seq=len(stream) + 1,
            prev=stream[-1]["hash"] if stream else NO_HASH,
            kind="host_changed",
            occurred_at=self.since,
            recorded_at=self.since,
            actor=Actor(person=head.person, account=head.account, role="dinas_head", office=office),
            through=Through(device="terminal"),
            items=tuple(dict.fromkeys((host, row["id"]))),
            reason_code=f"add_{definition.name}",
            steps=steps,
        )
        stream.append(actor_row(head.account, entry))
        begun = {"id": row["id"], "machine": definition.name, "version": definition.version, "state": definition.initial, "steps": 0}
        self.rows.setdefault("process", []).append({**begun, "host_id": host, "opened_at": self.since, "entered_at": self.since})
        self.rows.setdefault("process_step", []).extend(step_row(entry, step) for step in steps)

    def _add(self, table: str, **values: Any) -> str:
        made = self.ids.new(self.lots)
        self.rows.setdefault(table, []).append({"id": made, **values})
        return made

    def _member(self, title: str, place: int, role: str, office: str, host: str | None = None) -> Member:
        name = (names.woman if self.lots.random() < 1 / 2 else names.man)(self.lots)
        username = f"{title}-{self.number + 1:03d}-{place + 1:02d}"
        person = self._add("person", name=name, created_at=self.since)
        until = (self.today + timedelta(days=5 * 365)).isoformat() if role == "social_worker" else None
        account = self._add(
            "account",
            person_id=person,
            username=username,
            password_hash=_NO_PASSWORD,
            active=1,
            service=0,
            certificate_until=until,
            created_at=self.since,
        )
        self._add(
            "assignment",
            account_id=account,
            role=role,
            office_id=office,
            host_id=host,
            body_id=None,
            area=FIELD_DISTRICT if role in ASKED_ROLES else None,
            valid_from=self.since,
            valid_until=None,
        )
        if host is not None:
            self._staff(host, name, person)
        return Member(person, account, name, username)

    def _house(self, place: int, kind: str, office: str | None) -> str:
        later, before = (self.today + timedelta(days=3 * 365)).isoformat(), (self.today - timedelta(days=60)).isoformat()
        name = f"{names.HOUSES[(self.number + place) % len(names.HOUSES)]} {names.LAST[int(self.lots.random() * len(names.LAST))]}"
        return self._add(
            "host",
            kind=kind,
            name=f"{'LKSA' if kind == 'lksa' else 'RPSA'} {name} (rekaan)",
            status=newest_machines()["host"].definition.initial,
            office_id=office,
            religion=None,
            services=FOR_CHILDREN if kind == "lksa" else "",
            licence_number="TD/REKAAN",
            licence_until=later,
            accredited_until=later,
            accreditation_waiver_until=None,
            policy_dated=before,
            policy_disseminated=1,
            complaint_channel=1,
            capacity=BEDS if kind == "lksa" else 2 * BEDS,
            caregivers=BEDS // 5,
            known_to_rt=1,
            district_code=None,
            revision=1,
            created_at=self.since,
        )

    def _staff(self, host: str, name: str, person: str) -> None:
        before = (self.today - timedelta(days=60)).isoformat()
        self._add(
            "staff",
            host_id=host,
            person_id=person,
            name=name,
            duty="pengasuh",
            police_record_on=before,
            code_signed_on=before,
            status=newest_machines()["staff"].definition.initial,
        )


def way_to(machine: Machine[Any], state: str) -> tuple[tuple[str, str, str], ...]:
    """Return the shortest way to a state: (trigger, source, dest), its beginning first. Raises DefinitionError when there is none."""
    initial = machine.definition.initial
    ways: dict[str, tuple[tuple[str, str, str], ...]] = {initial: ((OPEN, "", initial),)}
    frontier = [initial]
    while state not in ways and frontier:
        there = frontier.pop(0)
        for arc in machine.arcs:
            if arc.source == there and arc.dest not in ways:
                ways[arc.dest] = (*ways[there], (arc.trigger, arc.source, arc.dest))
                frontier.append(arc.dest)
    if state not in ways:
        msg = f"{machine.definition.name}: no steps lead to {state}"
        raise DefinitionError(msg)
    return ways[state]


def accounts() -> Iterator[tuple[str, str]]:
    """Yield one name of each role in the first regency, with the role: whom to sign in as."""
    yield "pekerja-001-01", "social_worker"
    yield "supervisor-001-01", "supervisor"
    yield "kepala-001-01", "dinas_head"
    yield "auditor-001-01", "auditor"
    yield "lksa-001-01", "lksa_head"
