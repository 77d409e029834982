"""The desk of a body that referrals go to: which lie there, and the form that each rests on. Nothing else of any case."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import Select, select, text, tuple_

from casework.machines.forms import Form
from casework.store.processes import ProcessRow, row_of
from casework.store.records import decoded
from casework.store.schema import AT_A_DESK, office, process, record
from casework.store.unit import Unit


class Lying(msgspec.Struct, frozen=True):
    """A referral on a desk, and the office that sent it."""

    row: ProcessRow
    office: str


class Version(msgspec.Struct, frozen=True):
    """A form in its newest version, and the how manieth that is."""

    id: str
    body: Form
    number: int


def _lying(bodies: frozenset[str]) -> Select[Any]:
    columns = [process.c[name] for name in ProcessRow.__struct_fields__]
    here = select(*columns, office.c.name.label("office_name")).join(office, office.c.id == process.c.office_id)
    return here.where(process.c.body_id.in_(bodies), text(AT_A_DESK))


def on_desk(unit: Unit, bodies: frozenset[str], after: tuple[str, str], limit: int) -> list[Lying]:
    """Return referrals that were sent to these bodies and go on, the oldest first, behind the key (opened, id) of the one seen last."""
    query = _lying(bodies).where(tuple_(process.c.opened_at, process.c.id) > tuple_(*after))
    found = unit.rows(query.order_by(process.c.opened_at, process.c.id).limit(limit))
    return [Lying(row_of(row), row.office_name) for row in found]


def one_on_desk(unit: Unit, bodies: frozenset[str], referral: str) -> Lying | None:
    """Return one of them, or None where it lies on no desk of these bodies."""
    row = unit.row(_lying(bodies).where(process.c.id == referral))
    return Lying(row_of(row), row.office_name) if row else None


def newest_forms(unit: Unit, rows: list[ProcessRow]) -> dict[str, Version]:
    """Return, by process, the form that opened it in its newest version; one whose newest is not signed is left out."""
    first = {row.record_id: row.id for row in rows if row.record_id}
    c = record.c
    stored = unit.rows(
        select(c.id, c.supersedes, c.status, c.body)
        .where(c.case_id.in_({row.case_id for row in rows}), c.form == "F13", c.digest != "")
        .order_by(c.id)
    )
    known, after = {row.id: row for row in stored}, {row.supersedes: row.id for row in stored if row.supersedes}
    found = {}
    for beginning, process_id in first.items():
        newest, number = beginning, 1
        while newest in after:
            newest, number = after[newest], number + 1
        row = known.get(newest)
        if row is not None and row.status in {"signed", "countersigned"}:
            found[process_id] = Version(row.id, decoded(row.body), number)
    return found
