"""Who can be asked into the field for a child, those of the child's own district first."""

from __future__ import annotations

import msgspec

from casework.machines.refusals import role_words
from casework.services.areas import area_name, district_of
from casework.services.field import places_of
from casework.store import field, registers
from casework.store.cases import CaseRow
from casework.store.unit import Unit
from casework.words import Words


class OfficerView(msgspec.Struct, frozen=True, kw_only=True):
    """A TKSK or PSM in the district (a code) or village where they work; `near`: the child lives in that district."""

    id: str
    name: str
    district: str
    note: Words
    near: bool


def officers_for(unit: Unit, case: CaseRow) -> tuple[OfficerView, ...]:
    """Return who can be asked: who works in the child's village, then in the child's district, then elsewhere, by place and name."""
    _, lives = places_of(unit, case)
    village = registers.child_of_case(unit, case.id).village_code or ""

    def place(one: field.Officer) -> tuple[bool, bool, str, str]:
        return district_of(one.area) not in lives, one.area != village, area_name(one.area), one.name

    return tuple(
        OfficerView(
            id=one.id,
            name=one.name,
            district=district_of(one.area),
            note=Words(f"{role_words(one.role).id}, {area_name(one.area)}", f"{role_words(one.role).en}, {area_name(one.area)}"),
            near=district_of(one.area) in lives,
        )
        for one in sorted(field.officers_of(unit, case.id), key=place)
    )
