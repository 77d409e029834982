"""Placements: one row per episode, at most one live per child (a unique partial index is the law)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, or_, select, text
from sqlalchemy import case as case_of

from casework.machines.facts import WITA, Placement
from casework.store.cases import CaseRow
from casework.store.instants import from_text, to_text
from casework.store.schema import LIVE_PLACEMENT, care_case, placement
from casework.store.statements import Change, Query, as_list, listed
from casework.store.unit import Unit

LIVE = frozenset({"active", "unconfirmed", "on_leave", "reserved"})
DISRUPTED = "disrupted"
"""How a placement stands that ended unplanned: for the journey it is over."""
LAPSE = "lapse"
"""The step with which a placement ends whose bed was held in vain."""
HOLD_LAPSED = "hold_lapsed"
"""What ended a placement whose bed was held in vain."""


def _placement(row: Row[Any], at: datetime) -> Placement:
    """A bed is held until the end of its last day (WITA): then the placement is over, whether or not anybody has written so yet."""
    lapsed = row.status == "reserved" and row.reserved_until < midnight(at)
    ended_at = row.reserved_until if lapsed else row.ended_at
    return Placement(
        id=row.id,
        kind=row.kind,
        state=row.state,
        status="ended" if lapsed or row.status == DISRUPTED else row.status,
        host=row.host_id,
        relative=row.relative_id,
        started_at=from_text(row.started_at),
        ended_at=from_text(ended_at) if ended_at else None,
        ended_by=HOLD_LAPSED if lapsed else row.ended_by,
        reserved_at=from_text(row.reserved_at) if row.reserved_at else None,
        case_id=row.case_id,
    )


_child_here = select(care_case.c.child_id).where(care_case.c.id == bindparam("case_id")).scalar_subquery()
_chain = select(care_case.c.id).where(care_case.c.child_id == _child_here)
EPISODES = Query(select(placement).where(placement.c.case_id.in_(_chain)).order_by(placement.c.started_at, placement.c.id))
"""The episodes in every case of a case's child: the chain over which emergency days are counted."""


def placements_of(unit: Unit, case: CaseRow) -> tuple[Placement, ...]:
    """Return every episode in this child's chain of cases, oldest first."""
    return tuple(_placement(row, unit.call.at) for row in unit.ask(EPISODES, case_id=case.id))


@lru_cache(maxsize=64)
def midnight(at: datetime) -> str:
    """Return when the day of a moment began (WITA), as stored: what was held until before is over."""
    return to_text(at.astimezone(WITA).replace(hour=0, minute=0, second=0, microsecond=0))


CHILDREN_IN = Query(
    select(placement.c.host_id, func.count().label("children"))
    .where(
        listed(placement.c.host_id, "houses"),
        placement.c.child_id != bindparam("child"),
        text(LIVE_PLACEMENT),
        or_(placement.c.status != "reserved", placement.c.reserved_until >= bindparam("today")),
    )
    .group_by(placement.c.host_id)
)
"""How many places of houses are taken, as guards count them: not by one child itself, nor by a reservation that has run out."""


def children_in(unit: Unit, houses: Iterable[str], *, but: str) -> dict[str, int]:
    """Return how many children but this one hold a place in each of these houses; a house without one is left out."""
    rows = unit.ask(CHILDREN_IN, houses=as_list(houses), child=but, today=midnight(unit.call.at))
    return {row.host_id: row.children for row in rows}


_columns_at_start = (
    "id", "case_id", "child_id", "kind", "state", "status", "host_id", "relative_id", "started_at", "started_seq",
)  # fmt: skip
_START = Change(insert(placement).values({name: bindparam(name) for name in _columns_at_start}))


def start(unit: Unit, case: CaseRow, placement_id: str, *, kind: str, state: str, status: str, host: str, relative: str) -> None:
    """Enter an episode whose process stands at `status`. The walls refuse any other, and a second live one for the child."""
    unit.put(
        _START,
        {
            "id": placement_id,
            "case_id": case.id,
            "child_id": case.child_id,
            "kind": kind,
            "state": state,
            "status": status,
            "host_id": host or None,
            "relative_id": relative or None,
            "started_at": to_text(unit.call.happened_at),
            "started_seq": case.seq + 1,
        },
    )


_END = Change(
    placement.update().where(placement.c.id == bindparam("placement")).values(ended_by=bindparam("by"), ended_why=bindparam("why"))
)


def end(unit: Unit, placement_id: str, trigger: str, why: str) -> None:
    """Say by which move, and why, a placement ends. The step of its process ends it."""
    unit.put(_END, {"placement": placement_id, "by": trigger, "why": why})


def lapsed(unit: Unit, case: CaseRow) -> str:
    """Return the child's placement whose hold has ended, which nobody has written down, or ""."""
    today = midnight(unit.call.at)
    episodes = unit.ask(EPISODES, case_id=case.id)
    return str(next((row.id for row in episodes if row.status == "reserved" and row.reserved_until < today), ""))


def reserve(unit: Unit, placement_id: str, days: int) -> None:
    """Say for how many days the bed of a placement is held. One that is held already is held no longer than it was."""
    at = unit.call.happened_at
    until = to_text(at + timedelta(days=days))
    sooner = case_of((placement.c.reserved_until < until, placement.c.reserved_until), else_=until)
    values = {"reserved_at": func.coalesce(placement.c.reserved_at, to_text(at)), "reserved_until": sooner}
    unit.run(placement.update().where(placement.c.id == placement_id).values(values))


def lived_with(unit: Unit, case: CaseRow, seq: int, state: str) -> str:
    """Return with whom the child of a case in this state lived after entry `seq`, "" for nobody; what comes later changes nothing of it."""
    episodes = (row for row in unit.ask(EPISODES, case_id=case.id) if row.case_id == case.id and row.started_seq <= seq)
    last = max(episodes, key=lambda row: row.started_seq, default=None)
    return str(last.host_id or last.relative_id) if last is not None and last.state == state else ""


def is_placed(unit: Unit, case: CaseRow) -> bool:
    """Whether the child lives away from home now, or a bed is held for it."""
    return any(episode.status in LIVE for episode in placements_of(unit, case))


def homes_of(unit: Unit, case: CaseRow) -> frozenset[str]:
    """Return the host where the child lives, or has a place kept: none where it lives with kin."""
    return frozenset(episode.host for episode in placements_of(unit, case) if episode.status in LIVE and episode.host)


def cases_at(unit: Unit, host_id: str) -> tuple[str, ...]:
    """Return the cases of the children who live with a host, or have a place kept there."""
    here = select(placement.c.case_id).where(placement.c.host_id == host_id, text(LIVE_PLACEMENT)).order_by(placement.c.case_id)
    return tuple(row.case_id for row in unit.rows(here))
