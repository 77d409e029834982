"""Placements: one row per episode, at most one live per child (a unique partial index is the law)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, text

from casework.machines.facts import Placement
from casework.store.cases import CaseRow, chain_of
from casework.store.ids import new_id
from casework.store.instants import from_text, to_text
from casework.store.schema import LIVE_PLACEMENT, child, placement
from casework.store.unit import Unit


def _placement(row: Row[Any]) -> Placement:
    return Placement(
        id=row.id,
        kind=row.kind,
        state=row.state,
        status=row.status,
        host=row.host_id,
        relative=row.relative_id,
        started_at=from_text(row.started_at),
        ended_at=from_text(row.ended_at) if row.ended_at else None,
        ended_by=row.ended_by,
        reserved_at=from_text(row.reserved_at) if row.reserved_at else None,
        case_id=row.case_id,
    )


def placements_of(unit: Unit, case: CaseRow) -> tuple[Placement, ...]:
    """Return every episode in this child's chain of cases, oldest first."""
    rows = unit.rows(
        select(placement).where(placement.c.case_id.in_(chain_of(unit, case))).order_by(placement.c.started_at, placement.c.id)
    )
    return tuple(_placement(row) for row in rows)


def start(unit: Unit, case: CaseRow, kind: str, state: str, host: str, relative: str, *, confirmed: bool = True) -> str:
    """Start an episode and return its id. The walls refuse a second live one for the child."""
    placement_id = new_id(unit.call.at)
    unit.run(
        placement.insert().values(
            id=placement_id,
            case_id=case.id,
            child_id=case.child_id,
            kind=kind,
            state=state,
            status="active" if confirmed else "unconfirmed",
            host_id=host or None,
            relative_id=relative or None,
            started_at=to_text(unit.call.happened_at),
            started_seq=case.seq + 1,
        )
    )
    return placement_id


def end_live(unit: Unit, case: CaseRow, trigger: str, why: str) -> None:
    """End whatever the child's live placement is, if any."""
    now = to_text(unit.call.happened_at)
    unit.run(
        placement.update()
        .where(placement.c.child_id == case.child_id, text(LIVE_PLACEMENT))
        .values(status="ended", ended_at=now, ended_by=trigger, ended_why=why)
    )


def reserve_live(unit: Unit, case: CaseRow, days: int) -> None:
    """Hold the bed: the live placement becomes reserved for `days`."""
    at = unit.call.happened_at
    unit.run(
        placement.update()
        .where(placement.c.child_id == case.child_id, text(LIVE_PLACEMENT))
        .values(status="reserved", reserved_at=to_text(at), reserved_until=to_text(at + timedelta(days=days)))
    )


def confirm(unit: Unit, case: CaseRow) -> None:
    """The admission minutes are signed: the unconfirmed placement is active."""
    unit.run(placement.update().where(placement.c.child_id == case.child_id, placement.c.status == "unconfirmed").values(status="active"))


def resume_reserved(unit: Unit, case: CaseRow) -> None:
    """Re-activate the reserved placement: the same episode."""
    unit.run(
        placement.update()
        .where(placement.c.child_id == case.child_id, placement.c.status == "reserved")
        .values(status="active", reserved_at=None, reserved_until=None)
    )


def occupancy(unit: Unit, host_id: str, *, besides_child: str, born_after: str) -> tuple[int, int]:
    """Return how many other children hold a place with a host, and how many of them were born after a date (ISO)."""
    here = (placement.c.host_id == host_id, placement.c.child_id != besides_child, text(LIVE_PLACEMENT))
    total = unit.need(select(func.count()).select_from(placement).where(*here), "occupancy")[0]
    young = unit.need(
        select(func.count()).select_from(placement).join(child, child.c.id == placement.c.child_id).where(*here, child.c.born > born_after),
        "occupancy",
    )[0]
    return int(total), int(young)


def reserved_until(unit: Unit, case: CaseRow) -> datetime | None:
    """Return until when a bed is held for this child, or None."""
    found = unit.row(select(placement.c.reserved_until).where(placement.c.child_id == case.child_id, placement.c.status == "reserved"))
    return from_text(found.reserved_until) if found and found.reserved_until else None
