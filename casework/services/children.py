"""The child as a caller may see it: by name, or by initials."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from casework.machines.facts import WITA
from casework.services import captions
from casework.store import registers
from casework.words import Words


class ChildView(msgspec.Struct, frozen=True, kw_only=True):
    """The child's identity as this caller may see it. `age` is in whole years, None when unknown; `exact` says whether the day is known."""

    id: str
    name: str
    sex: str
    born: date | None
    age: int | None
    exact: bool
    born_place: str
    religion: Words
    nik: str
    kk: str
    mother_name: str
    father_name: str
    masked: bool = False


def child_view(row: registers.ChildRow, at: datetime, *, hidden: bool) -> ChildView:
    """Return a child's identity; `hidden` leaves initials only."""
    born = date.fromisoformat(row.born) if row.born else None
    return ChildView(
        id=row.id,
        name=initials(row.name) if hidden else row.name,
        sex=row.sex,
        born=None if hidden else born,
        age=age_in_years(born, at) if born else None,
        exact=row.born_precision == "day",
        born_place="" if hidden else row.born_place or "",
        religion=captions.RELIGIONS.get(row.religion, Words(row.religion, row.religion)),
        nik="" if hidden else row.nik or "",
        kk="" if hidden else row.kk or "",
        mother_name="" if hidden else row.mother_name or "",
        father_name="" if hidden else row.father_name or "",
        masked=hidden,
    )


def age_in_years(born: date, at: datetime) -> int:
    """Return completed years on the WITA calendar day of `at`."""
    today = at.astimezone(WITA).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def initials(name: str) -> str:
    """Return `R. A.` for `Rina Ayu`: what somebody sees who may not know the child."""
    return " ".join(f"{part[0].upper()}." for part in name.split() if part)
