"""What about houses, and about those who work there, comes near or is past: read by its days, so that a register of any size is not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Integer, Text, bindparam, func, or_, select

from casework.machines.host import HOST
from casework.store.schema import host, host_entry, process, staff
from casework.store.statements import Query, as_list, listed
from casework.store.unit import Unit


class Reach(msgspec.Struct, frozen=True):
    """Of which houses: these, and those that these offices keep or that no office keeps; `offices` None: of every one."""

    hosts: frozenset[str] = frozenset()
    offices: frozenset[str] | None = frozenset()


class Until(msgspec.Struct, frozen=True):
    """Up to which day each kind of day is asked for."""

    paper: date
    policy: date
    police_record: date
    review: date
    training: date


def _day(name: str) -> Any:
    return bindparam(name, type_=Text)


_HOUSE = tuple(host.c[name].label(f"house_{name}") for name in ("id", "name", "kind", "office_id"))
_kept = or_(
    bindparam("everywhere", type_=Integer) == 1,
    listed(host.c.id, "houses"),
    listed(func.coalesce(host.c.office_id, ""), "keepers"),
)
_goes_on = host.c.status != "revoked"
_papers = tuple(host.c[name] for name in ("licence_until", "accredited_until", "accreditation_waiver_until", "policy_dated"))
_waits = host.c.status == HOST.definition.initial
OF_HOUSES = Query(
    select(*_HOUSE, *_papers, host.c.status, process.c.opened_at)
    .outerjoin(process, process.c.id == host.c.id)
    .where(_goes_on, _kept, or_(_waits, *(paper <= _day("paper") for paper in _papers[:-1]), host.c.policy_dated <= _day("policy")))
)
"""`opened_at` is when a house was entered: one that nobody has declared active since then waits for it."""
_columns = (staff.c[name] for name in ("id", "name", "status", "entered_on", "police_record_on", "trained_on", "reviewed_on"))
OF_STAFF = Query(
    select(*_HOUSE, *_columns)
    .join(host, host.c.id == staff.c.host_id)
    .where(
        _goes_on,
        _kept,
        staff.c.status != "left",
        staff.c.status != "barred",
        or_(
            staff.c.police_record_on <= _day("police_record"),
            func.coalesce(staff.c.reviewed_on, staff.c.entered_on) <= _day("review"),
            func.coalesce(staff.c.trained_on, staff.c.entered_on) <= _day("training"),
        ),
    )
)
_after, _correction = host_entry.alias("after"), host_entry.alias("correction")
FOLLOW_UPS = Query(
    select(*_HOUSE, host_entry.c.due_on)
    .join(host, host.c.id == host_entry.c.host_id)
    .where(
        _goes_on,
        _kept,
        host_entry.c.due_on <= _day("paper"),
        ~select(_after.c.id).where(_after.c.settles == host_entry.c.id).exists(),
        ~select(_correction.c.id).where(_correction.c.supersedes == host_entry.c.id).exists(),
    )
)
"""What inspections asked for and nobody has settled."""
QUERIES = (OF_HOUSES, OF_STAFF, FOLLOW_UPS)


def values(reach: Reach, until: Until) -> dict[str, Any]:
    """Return the values of the queries."""
    keepers: Iterable[str] = () if reach.offices is None else ("", *reach.offices) if reach.offices else ()
    return {
        "everywhere": int(reach.offices is None),
        "houses": as_list(reach.hosts),
        "keepers": as_list(keepers),
        **{name: day.isoformat() for name, day in msgspec.structs.asdict(until).items()},
    }


def near(unit: Unit, reach: Reach, until: Until) -> tuple[list[Any], ...]:
    """Return the rows of houses, of those who work there, and of open follow-ups, each with its house: all that may be near, and more."""
    named = values(reach, until)
    unit.gather(*QUERIES, **named)
    return tuple(unit.ask(query, **named) for query in QUERIES)
