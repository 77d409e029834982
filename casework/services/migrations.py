"""Letting what is open pass into a newer version of its machine: looked at first, requested by one, approved by another, then done.

A request names an office and binds both definitions and the list of what would pass. A head of that office approves it. Then every case and
process passes in a transaction of its own: looked at anew under its lock, left where it is if something stands against it, never twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any, Literal

import msgspec

from casework.errors import CaseworkError, Fault, Invalid, NotFound, Reason, Refusal, StoreMismatch
from casework.ledger.event import Signature
from casework.machines.book import by_version, newest_machines, older_than
from casework.machines.engine import Machine
from casework.machines.policy import holders
from casework.machines.refusals import approval_missing, approval_superseded, four_eyes
from casework.machines.versions import crossings, digest_of
from casework.services.access import offices_for, passed
from casework.services.command import command, question
from casework.services.network import Consequences
from casework.services.passings import Passing, goes_on, passing_of_case, passing_of_process, pending
from casework.services.refusals import nothing_passes_over, request_settled
from casework.store import approvals, cases, journal, people, processes, versions
from casework.store.call import Call
from casework.store.instants import to_text
from casework.store.store import Store
from casework.store.unit import Unit
from casework.store.versions import MigrationRow
from casework.words import Words

BATCH = 100
"""Cases that are looked at in one snapshot."""
EVERYTHING = 1_000_000_000


class RequestMigration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask that what an office has open may pass into this version of a machine."""

    machine: str
    version: int
    office: str


class ApproveMigration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Approve a migration. `digest` is the one that was looked at."""

    migration: str
    digest: str


class Requested(msgspec.Struct, frozen=True):
    """A migration that was requested: its id, what an approval must name, and about how many cases or processes it is."""

    id: str
    digest: str
    subjects: int
    version: int = 1


class MigrationView(msgspec.Struct, frozen=True, kw_only=True):
    """A migration as those of its office see it. `may_approve`: this caller may, and did not ask for it."""

    id: str
    machine: str
    label: Words
    version: int
    office: str
    digest: str
    subjects: int
    requested_at: datetime
    requester: str
    approved_at: datetime | None
    may_approve: bool


class Passed(msgspec.Struct, frozen=True):
    """What became of one case or process: `already` and `ended` need nothing, `blocked` and `failed` stay where they are."""

    id: str
    number: str
    outcome: Literal["passed", "already", "ended", "blocked", "failed"]
    state: str = ""
    dest: str = ""
    reasons: tuple[Words, ...] = ()


def machine_named(name: str, version: int) -> Machine[Any]:
    """Return a version into which something may pass. Raises Invalid."""
    machine = by_version().get((name, version))
    if machine is None or not machine.definition.migrates:
        words = Words(f"{name} versi {version} tidak menerima apa pun.", f"Nothing passes into {name} version {version}.")
        raise Invalid(Fault("$.version", words))
    return machine


def older_cases(store: Store, call: Call, name: str, version: int, office: str = "") -> int:
    """Return how many run by an older version, ended or not: what a dry run looks at. Raises Invalid."""
    machine = machine_named(name, version)
    with store.read(call) as unit:
        return versions.count_before(unit, name, version, journey=is_journey(machine), office=office)


def dry_run(store: Store, call: Call, name: str, version: int, office: str = "") -> Iterator[Passing | None]:
    """Yield what passing would mean for everything that runs by an older version, None for what has ended. Changes nothing."""
    machine, after = machine_named(name, version), ""
    while True:
        with store.read(call) as unit, unit.over_everything():
            found = versions.pinned_before(unit, name, version, journey=is_journey(machine), office=office, after=after, most=BATCH)
            looked = [looked_at(unit, machine, each.id) if goes_on(name, each.version, each.state) else None for each in found]
        yield from looked
        if len(found) < BATCH:
            return
        after = found[-1].id


def is_journey(machine: Machine[Any]) -> bool:
    """Whether it is the children's own journey that the machine is about, not a process beside it."""
    return machine.definition.about == "journey"


def looked_at(unit: Unit, machine: Machine[Any], subject: str) -> Passing:
    """Return what passing over would mean for one case or process."""
    if is_journey(machine):
        return passing_of_case(unit, cases.cases_by_id(unit, [subject])[subject], machine)
    return passing_of_process(unit, processes.get(unit, subject), machine)


def label_of(name: str) -> Words:
    """Return what a machine is called."""
    return newest_machines()[name].definition.label or Words(name, name)


def open_by_older(unit: Unit, machine: Machine[Any], office: str) -> list[tuple[str, int]]:
    """Return (id, version) of what an office has open by a version out of which it may pass into this one."""
    definition, known = machine.definition, older_than(machine)
    found = versions.pinned_before(unit, definition.name, definition.version, journey=is_journey(machine), office=office, most=EVERYTHING)
    return [(each.id, each.version) for each in found if each.version in known and goes_on(definition.name, each.version, each.state)]


@command(Requested)
def request_migration(unit: Unit, ask: RequestMigration) -> Requested:
    """Ask that what an office has open may pass into a newer version. Raises Invalid, NotFound or Refusal."""
    held = seats_in(unit, ask.office)
    role = passed(unit, held, "request_migration").capacity
    machine = machine_named(ask.machine, ask.version)
    items = open_by_older(unit, machine, ask.office)
    if not items:
        raise Refusal((nothing_passes_over(),))
    digest = digest_of(machine, older_than(machine), items)
    migration = versions.add_migration(unit, ask.machine, ask.version, ask.office, digest, items)
    journal.append_for_actor(unit, "migration_requested", role=role, items=(migration,), evidence_digest=digest)
    return Requested(migration, digest, len(items))


@command(Requested)
def approve_migration(unit: Unit, ask: ApproveMigration) -> Requested:
    """Approve a migration, as a head of its office who did not ask for it, over exactly what was looked at. Raises NotFound or Refusal."""
    row = versions.get_migration(unit, ask.migration)
    role = passed(unit, seats_in(unit, row.office_id), "approve_migration").capacity
    items = versions.items_of(unit, row.id)
    reasons = tuple(_objections(unit, row, ask.digest, items))
    if reasons:
        raise Refusal(reasons)
    journal.append_for_actor(unit, "migration_approved", role=role, items=(row.id,), requester=row.requester, evidence_digest=row.digest)
    versions.approve(unit, row.id)
    return Requested(row.id, row.digest, len(items))


def _objections(unit: Unit, row: MigrationRow, digest: str, items: tuple[tuple[str, int], ...]) -> Iterator[Reason]:
    if row.approver is not None:
        yield request_settled("approved")
    if row.requester == unit.call.who.person:
        yield four_eyes()
    if digest != row.digest or not _binds(row, items):
        yield approval_superseded()


def _binds(row: MigrationRow, items: tuple[tuple[str, int], ...]) -> bool:
    """Whether definitions and list are still those that the digest is about."""
    machine = by_version().get((row.machine, row.version))
    known = older_than(machine) if machine is not None else {}
    return machine is not None and {version for _, version in items} <= known.keys() and digest_of(machine, known, items) == row.digest


def seats_in(unit: Unit, office: str) -> frozenset[str]:
    """Return the roles in which the caller sits in an office. Raises NotFound where there is no seat: somebody else's does not exist."""
    held = frozenset(seat.role for seat in unit.call.who.seats if seat.office == office and seat.host is None)
    if not held:
        raise NotFound("office")
    return held


def _heads(unit: Unit, office: str) -> bool:
    return any(unit.call.who.holds(role, office) for role in holders("approve_migration"))


@question
def list_migrations(unit: Unit) -> tuple[MigrationView, ...]:
    """List the migrations of the offices that the caller leads or supervises, the newest first."""
    offices = offices_for(unit, "request_migration")
    return tuple(
        MigrationView(
            id=row.id,
            machine=row.machine,
            label=label_of(row.machine),
            version=row.version,
            office=row.office_id,
            digest=row.digest,
            subjects=len(versions.items_of(unit, row.id)),
            requested_at=row.requested_at,
            requester=people.names_of(unit, frozenset({row.requester})).get(row.requester, ""),
            approved_at=row.approved_at,
            may_approve=row.approver is None
            and row.requester != unit.call.who.person
            and any(unit.call.who.holds(role, row.office_id) for role in holders("approve_migration")),
        )
        for row in versions.migrations_of(unit, offices)
    )


def subjects_of(store: Store, call: Call, migration: str) -> tuple[MigrationRow, tuple[tuple[str, int], ...]]:
    """Return an approved migration and what it is about. Raises NotFound; Refusal without approval; StoreMismatch if it binds no more."""
    with store.read(call) as unit:
        row, items = versions.get_migration(unit, migration), versions.items_of(unit, migration)
    if row.approver is None:
        raise Refusal((approval_missing(holders("approve_migration")),))
    if not _binds(row, items):
        raise StoreMismatch(f"migration {row.id} was approved over other definitions or another list: request it anew")
    return row, items


def migrate(store: Store, call: Call, migration: str) -> Iterator[Passed]:
    """Let everything that an approved migration is about pass over, each in a transaction of its own. Begun again, it goes on.

    Raises NotFound, Refusal or StoreMismatch before anything is done.
    """
    row, items = subjects_of(store, call, migration)
    machine = by_version()[row.machine, row.version]
    do = _pass_case if is_journey(machine) else _pass_process
    for subject, _ in items:
        try:
            yield store.carry_out(call, partial(do, row=row, machine=machine, subject=subject))
        except CaseworkError as error:
            yield Passed(subject, "", "failed", reasons=(Words(str(error), str(error)),))


def _pass_case(unit: Unit, *, row: MigrationRow, machine: Machine[Any], subject: str) -> Passed:
    case = cases.locked(unit, subject)
    if case.version >= row.version:
        return Passed(case.id, case.number, "already", state=case.state)
    if not goes_on(case.machine, case.version, case.state):
        return Passed(case.id, case.number, "ended", state=case.state)
    found = passing_of_case(unit, case, machine)
    if found.blocked:
        return _blocked(found)
    for request in pending(unit, case.id):
        approvals.set_status(unit, request.id, "superseded")
    ways = crossings(machine, case.version)
    journal.append(
        unit,
        msgspec.structs.replace(case, version=row.version),
        "migrated",
        "admin",
        dest=found.dest,
        before=journal.rules_for(unit, case),
        requester=row.requester,
        approvals=(_signature(row),),
        evidence_digest=row.digest,
        items=(row.id,),
    )
    versions.rename_places(unit, case, {state: way.dest for state, way in ways.items()})
    return Passed(case.id, case.number, "passed", case.state, found.dest)


def _pass_process(unit: Unit, *, row: MigrationRow, machine: Machine[Any], subject: str) -> Passed:
    known = processes.get(unit, subject)
    case = cases.locked(unit, known.case_id) if known.case_id else None
    if known.host_id:
        unit.lock(known.host_id)
    process, number = processes.get(unit, subject), case.number if case else ""
    if process.version >= row.version:
        return Passed(process.id, number, "already", state=process.state)
    if not goes_on(process.machine, process.version, process.state):
        return Passed(process.id, number, "ended", state=process.state)
    found = passing_of_process(unit, process, machine)
    if found.blocked:
        return _blocked(found)
    after, step = processes.pass_over(process, machine, found.dest)
    Consequences(unit, case).schedule(after)
    says: dict[str, Any] = {
        "steps": (step,),
        "requester": row.requester,
        "approvals": (_signature(row),),
        "evidence_digest": row.digest,
        "items": (row.id, process.id),
    }
    if case is None:
        journal.append_for_actor(unit, "process_moved", role="admin", **says)
    else:
        journal.append(unit, case, "process_moved", "admin", **says)
    return Passed(process.id, number, "passed", process.state, found.dest)


def _blocked(found: Passing) -> Passed:
    return Passed(found.id, found.number, "blocked", found.state, reasons=tuple(reason.words for reason in found.blocked))


def _signature(row: MigrationRow) -> Signature:
    if row.approver is None or row.approved_at is None:
        raise Refusal((approval_missing(holders("approve_migration")),))
    return Signature(
        request=row.id, role=holders("approve_migration")[0], person=row.approver, digest=row.digest, at=to_text(row.approved_at)
    )
