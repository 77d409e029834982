"""The districts and villages of the regency by code, as the census reads them and pages name them (census/NOTICE.md: where from)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import msgspec

_FILE = Path(__file__).parents[1] / "census" / "kukar_areas.csv"


class District(msgspec.Struct, frozen=True):
    """A kecamatan."""

    code: str
    name: str


class Village(msgspec.Struct, frozen=True):
    """A desa or kelurahan; `district` is its district's code."""

    code: str
    name: str
    district: str


class Areas(msgspec.Struct, frozen=True):
    """Every district and village."""

    districts: tuple[District, ...]
    villages: tuple[Village, ...]


@cache
def areas() -> Areas:
    """Return the register."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    districts = {row["district_code"]: District(row["district_code"], row["district"]) for row in rows}
    return Areas(tuple(districts.values()), tuple(Village(row["village_code"], row["village"], row["district_code"]) for row in rows))


@cache
def village_names() -> dict[str, str]:
    """Return the names of villages by code."""
    return {one.code: one.name for one in areas().villages}
