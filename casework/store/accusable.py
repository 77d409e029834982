"""Whom of the staff of institutions a report of an incident may name."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Row, bindparam, or_, select

from casework.store.schema import host, placement, staff
from casework.store.statements import Query, as_list, listed
from casework.store.unit import Unit

_lived = select(placement.c.host_id).where(placement.c.case_id == bindparam("case_id"))
_at_house = select(*staff.c, host.c.name.label("house")).join(host, host.c.id == staff.c.host_id)
STAFF_ABOUT = Query(_at_house.where(or_(staff.c.host_id.in_(_lived), listed(staff.c.id, "named"))))


def staff_about(unit: Unit, case_id: str, named: Iterable[str]) -> list[Row[str]]:
    """Return the staff of the institutions in which a case placed its child, and those `named`, with the institution's name as `house`."""
    return sorted(unit.ask(STAFF_ABOUT, case_id=case_id, named=as_list(named)), key=lambda row: (row.house, row.name, row.id))
