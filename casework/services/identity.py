"""What the identity fields of a child can hold: asked wherever one is entered or corrected, so that none stops a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from casework.errors import Fault, Invalid
from casework.machines.facts import WITA
from casework.machines.forms import Religion
from casework.machines.forms.fields import Line, Name, Nik
from casework.machines.forms.reading import read
from casework.words import Words


class Identity(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Every identity field, none of them required. A correction to None says that the value is not known after all."""

    name: Name | UnsetType = UNSET
    sex: Literal["male", "female", "unknown"] | UnsetType = UNSET
    born: date | UnsetType | None = UNSET
    born_precision: Literal["day", "month", "year", "unknown"] | UnsetType = UNSET
    born_place: Line | UnsetType | None = UNSET
    religion: Religion | UnsetType = UNSET
    nik: Nik | UnsetType | None = UNSET
    kk: Nik | UnsetType | None = UNSET
    mother_name: Line | UnsetType | None = UNSET
    father_name: Line | UnsetType | None = UNSET
    district_code: Line | UnsetType | None = UNSET
    village_code: Line | UnsetType | None = UNSET


def check_identity(values: Mapping[str, str | None], at: datetime) -> None:
    """Raise Invalid with every fault of these identity values, by field. Nobody was born after today (WITA)."""
    held = read(Identity, dict(values))
    if isinstance(held.born, date) and held.born > at.astimezone(WITA).date():
        raise Invalid(Fault("$.born", Words("Tanggal lahir tidak boleh di masa depan.", "The date of birth cannot be in the future.")))
