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
def by_district() -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    """Return (code, name, villages) of every district, and of each village (code, name), by name."""
    villages = sorted(areas().villages, key=lambda one: one.name)
    return tuple(
        (one.code, one.name, tuple((village.code, village.name) for village in villages if village.district == one.code))
        for one in sorted(areas().districts, key=lambda one: one.name)
    )


def is_district(code: str) -> bool:
    """Whether this is the code of a known district."""
    return any(one.code == code for one in areas().districts)


def district_of(code: str) -> str:
    """Return the code of the district in which a village lies, or that of a district itself."""
    return ".".join(code.split(".")[:3])


@cache
def area_name(code: str) -> str:
    """Return the name of a district, or of a village with its district's; a code that is not known stands for itself."""
    district = next((one.name for one in areas().districts if one.code == district_of(code)), district_of(code))
    return f"{village_names()[code]}, {district}" if code in village_names() else district


@cache
def village_names() -> dict[str, str]:
    """Return the names of villages by code."""
    return {one.code: one.name for one in areas().villages}
