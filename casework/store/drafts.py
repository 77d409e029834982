"""Unfinished forms: one per author, case, form and record that it corrects. Nobody else sees them and nothing counts on them."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, delete, select

from casework.store.instants import to_text
from casework.store.schema import care_case, draft
from casework.store.unit import Unit


def keep(unit: Unit, case_id: str, form: str, body: dict[str, Any], supersedes: str = "") -> None:
    """Replace this author's draft; an empty body removes it."""
    drop(unit, case_id, form, supersedes)
    if body:
        row = {
            "case_id": case_id,
            "form": form,
            "person": unit.call.who.person,
            "supersedes": supersedes,
            "saved_at": to_text(unit.call.at),
        }
        child = unit.need(select(care_case.c.child_id).where(care_case.c.id == case_id), "case").child_id
        unit.run(draft.insert().values(unit.seal(draft, child, {"body": msgspec.json.encode(body), **row})))


def drop(unit: Unit, case_id: str, form: str, supersedes: str = "") -> None:
    """Remove this author's draft."""
    unit.run(delete(draft).where(*_mine(unit, case_id, form, supersedes)))


def find(unit: Unit, case_id: str, form: str, supersedes: str = "") -> dict[str, Any] | None:
    """Return this author's draft, or None."""
    row = unit.row(select(draft.c.body).where(*_mine(unit, case_id, form, supersedes)))
    return msgspec.json.decode(row.body, type=dict[str, Any]) if row else None


def _mine(unit: Unit, case_id: str, form: str, supersedes: str) -> tuple[ColumnElement[bool], ...]:
    named = {"case_id": case_id, "form": form, "person": unit.call.who.person, "supersedes": supersedes}
    return tuple(draft.c[name] == value for name, value in named.items())
