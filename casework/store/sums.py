"""Sums of what stands only in cells, or is too much for a page: bare numbers, all of an office written at once (decision 0037)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, select

from casework.machines.forms import Form
from casework.store.instants import from_text, to_text
from casework.store.records import decoded
from casework.store.schema import care_case, child, data_key, office, record, report_sum
from casework.store.statements import Query, as_list, listed
from casework.store.unit import Unit

Key = tuple[str, str, str, str]
"""A report, and what it counts by."""
MANY = 500
"""Cases whose cells are opened together."""
WHEN = "when"
"""The row of an office that says only when it was counted, whatever there was to count."""

_s, _r, _c = report_sum.c, record.c, care_case.c
_OF_REPORT = Query(select(_s.first, _s.second, _s.third, _s.n).where(_s.office_id == bindparam("office"), _s.report == bindparam("report")))
_COUNTED_AT = Query(select(_s.counted_at).where(_s.office_id == bindparam("office"), _s.report == WHEN))
_OFFICES = Query(
    select(office.c.id, func.coalesce(_s.counted_at, "").label("counted_at"))
    .select_from(office.outerjoin(report_sum, (_s.office_id == office.c.id) & (_s.report == WHEN)))
    .order_by(office.c.id)
)
_CASES = Query(
    select(_c.id, _c.state, child.c.sex, child.c.born, child.c.district_code.label("district"))
    .select_from(care_case.join(child, child.c.id == _c.child_id).join(data_key, data_key.c.holder == child.c.id))
    .where(_c.office_id == bindparam("office"), _c.id > bindparam("after_id"), data_key.c.destroyed_at.is_(None))
    .order_by(_c.id)
    .limit(MANY)
)
_FORMS = Query(
    select(_r.id, _r.case_id, _r.form, _r.signed_at, _r.body)
    .where(listed(_r.case_id, "cases"), listed(_r.form, "forms"), _r.status != "void", _r.signed_at.is_not(None))
    .order_by(_r.case_id, _r.signed_at, _r.id)
)


class Sum(msgspec.Struct, frozen=True):
    """One number of a report."""

    first: str
    second: str
    third: str
    n: int


class Told(msgspec.Struct, frozen=True):
    """A case and what some of its forms say, oldest first; nobody's name leaves this."""

    state: str
    sex: str
    born: date | None
    district: str
    forms: tuple[tuple[datetime, Form], ...]


def counted_at(unit: Unit, office_id: str) -> datetime | None:
    """Return when an office was last counted, or None."""
    rows = unit.ask(_COUNTED_AT, office=office_id)
    return from_text(rows[0].counted_at) if rows else None


def of_report(unit: Unit, office_id: str, report: str) -> tuple[Sum, ...]:
    """Return the sums of one report."""
    return tuple(Sum(*row) for row in unit.ask(_OF_REPORT, office=office_id, report=report))


def offices(unit: Unit) -> dict[str, str]:
    """Return when each office was last counted (as stored, "" for never)."""
    return {row.id: row.counted_at for row in unit.ask(_OFFICES)}


def told_by(unit: Unit, office_id: str, forms: tuple[str, ...], after: str) -> tuple[str, tuple[Told, ...]]:
    """Return what the next cases of an office tell by these forms, and the id of the last of them, "" behind the end."""
    rows = unit.ask(_CASES, office=office_id, after_id=after)
    by_case: dict[str, list[tuple[datetime, Form]]] = {row.id: [] for row in rows}
    for row in unit.ask(_FORMS, cases=as_list(by_case), forms=as_list(forms)) if rows else ():
        by_case[row.case_id].append((from_text(row.signed_at), decoded(row.body)))
    return (rows[-1].id if len(rows) == MANY else ""), tuple(_told(row, by_case[row.id]) for row in rows)


def _told(row: Any, forms: list[tuple[datetime, Form]]) -> Told:
    born = date.fromisoformat(row.born) if row.born else None
    return Told(state=row.state, sex=row.sex, born=born, district=row.district or "", forms=tuple(forms))


def _rows(unit: Unit, office_id: str, found: Mapping[Key, int]) -> Iterator[dict[str, str | int]]:
    at = to_text(unit.call.at)
    for (report, first, second, third), n in {(WHEN, "", "", ""): 0, **found}.items():
        yield {"office_id": office_id, "report": report, "first": first, "second": second, "third": third, "n": n, "counted_at": at}


def keep(unit: Unit, office_id: str, found: Mapping[Key, int]) -> None:
    """Write the sums of an office in the place of those before."""
    unit.run(report_sum.delete().where(_s.office_id == office_id))
    unit.run(report_sum.insert(), [*_rows(unit, office_id, found)])
