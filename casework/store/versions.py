"""What runs by which version of a machine, and the migrations that let it pass into a newer one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Row, Table, func, or_, select, text

from casework.store.cases import CaseRow
from casework.store.ids import new_id
from casework.store.instants import from_text, to_text
from casework.store.schema import LIVE_PLACEMENT, care_case, migration, migration_item, placement, process
from casework.store.unit import Unit


class MigrationRow(msgspec.Struct, frozen=True, kw_only=True):
    """A wish to let what an office has open pass into a newer version. `approver` is None until somebody approved."""

    id: str
    machine: str
    version: int
    office_id: str
    digest: str
    requester: str
    requested_at: datetime
    approver: str | None = None
    approved_at: datetime | None = None


class Pinned(msgspec.Struct, frozen=True):
    """One case or process that runs by an older version: its id, that version and where it stands."""

    id: str
    version: int
    state: str


def pinned_before(
    unit: Unit, machine: str, version: int, *, journey: bool, office: str = "", after: str = "", most: int
) -> tuple[Pinned, ...]:
    """Return what runs by a version older than `version`, by id, at most `most`, ended or not. What no office has counts for every one."""
    table = care_case if journey else process
    asked = [*_older(table, machine, version, office), table.c.id > after]
    with unit.over_everything():
        rows = unit.rows(select(table.c.id, table.c.version, table.c.state).where(*asked).order_by(table.c.id).limit(most))
    return tuple(Pinned(row.id, row.version, row.state) for row in rows)


def count_before(unit: Unit, machine: str, version: int, *, journey: bool, office: str = "") -> int:
    """Return how many run by an older version, ended or not."""
    table = care_case if journey else process
    with unit.over_everything():
        return int(unit.need(select(func.count()).select_from(table).where(*_older(table, machine, version, office)), "count")[0])


def _older(table: Table, machine: str, version: int, office: str) -> list[ColumnElement[bool]]:
    here = [or_(table.c.office_id == office, table.c.office_id.is_(None))] if office else []
    return [table.c.machine == machine, table.c.version < version, *here]


def add_migration(unit: Unit, machine: str, version: int, office: str, digest: str, items: Sequence[tuple[str, int]]) -> str:
    """Insert a migration, unapproved, about these (id, version) and return its id."""
    migration_id = new_id(unit.call.at)
    unit.run(
        migration.insert().values(
            id=migration_id,
            machine=machine,
            version=version,
            office_id=office,
            digest=digest,
            requester=unit.call.who.person,
            requested_at=to_text(unit.call.at),
        )
    )
    rows = [{"migration_id": migration_id, "subject": subject, "from_version": before} for subject, before in items]
    unit.run(migration_item.insert(), rows)
    return migration_id


def get_migration(unit: Unit, migration_id: str) -> MigrationRow:
    """Return a migration. Raises NotFound."""
    return _migration(unit.need(select(migration).where(migration.c.id == migration_id), "migration"))


def migrations_of(unit: Unit, offices: frozenset[str]) -> tuple[MigrationRow, ...]:
    """Return the migrations of some offices, the newest first."""
    rows = unit.rows(select(migration).where(migration.c.office_id.in_(offices)).order_by(migration.c.id.desc()))
    return tuple(_migration(row) for row in rows)


def items_of(unit: Unit, migration_id: str) -> tuple[tuple[str, int], ...]:
    """Return (id, version) of everything that a migration is about."""
    columns = migration_item.c
    asked = select(columns.subject, columns.from_version).where(columns.migration_id == migration_id).order_by(columns.subject)
    return tuple((row.subject, row.from_version) for row in unit.rows(asked))


def approve(unit: Unit, migration_id: str) -> None:
    """Write that the caller approves. The entry that says so stands in the journal already (walls)."""
    values = {"approver": unit.call.who.person, "approved_at": to_text(unit.call.at)}
    unit.run(migration.update().where(migration.c.id == migration_id).values(values))


def rename_places(unit: Unit, case: CaseRow, names: dict[str, str]) -> None:
    """Let the open placement of a case stand for its state by the new name: there is one at most."""
    for source, dest in names.items():
        if source != dest:
            here = (placement.c.case_id == case.id, placement.c.state == source, text(LIVE_PLACEMENT))
            if unit.run(placement.update().where(*here).values(state=dest)):
                return


def _migration(row: Row[tuple[object, ...]]) -> MigrationRow:
    return MigrationRow(
        id=row.id,
        machine=row.machine,
        version=row.version,
        office_id=row.office_id,
        digest=row.digest,
        requester=row.requester,
        requested_at=from_text(row.requested_at),
        approver=row.approver,
        approved_at=from_text(row.approved_at) if row.approved_at else None,
    )
