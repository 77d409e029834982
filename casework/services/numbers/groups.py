"""What reports count by: states in the order of the journey, where a child lives, ages, and the houses of an office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from casework.machines.book import journey, states_of
from casework.services.numbers.shape import Column, Scope, plain
from casework.services.numbers.stays import INSTITUTION
from casework.store import numbers
from casework.store.unit import Unit
from casework.words import Words

OVER = frozenset({"closed", "voided"})
"""States in which nobody is cared for by the office any more."""
SETTINGS: Mapping[str, tuple[Words, tuple[str, ...]]] = {
    "family": (Words("keluarga inti", "own family"), ("family_care", "trial_home_stay", "reintegration")),
    "kin": (Words("kerabat", "kin"), ("kinship_care",)),
    "substitute": (Words("keluarga pengganti", "substitute family"), ("foster_care", "guardianship", "pre_adoption_care")),
    "institution": (Words("LKSA", "institution"), INSTITUTION),
    "emergency": (Words("darurat", "emergency"), ("emergency_care",)),
}
ELSEWHERE = "other"
SETTING_COLUMNS = (
    *(Column(code, words) for code, (words, _) in SETTINGS.items()),
    Column(ELSEWHERE, Words("belum ditempatkan, atau lain", "not placed yet, or other")),
)
_BY_STATE = {state: code for code, (_, states) in SETTINGS.items() for state in states}
AGES: Mapping[str, tuple[int, Words]] = {
    "age_0_2": (3, plain("0–2")),
    "age_3_5": (6, plain("3–5")),
    "age_6_11": (12, plain("6–11")),
    "age_12_14": (15, plain("12–14")),
    "age_15_17": (18, plain("15–17")),
}
"""Bands of age, each with the birthday that ends it."""
GROWN, UNKNOWN_AGE = "age_18", "age_unknown"
BANDS = (
    *(Column(code, words) for code, (_, words) in AGES.items()),
    Column(GROWN, plain("18+")),
    Column(UNKNOWN_AGE, Words("tidak diketahui", "unknown")),
)
SEXES: Mapping[str, Words] = {
    "female": Words("perempuan", "girls"),
    "male": Words("laki-laki", "boys"),
    "unknown": Words("belum dicatat", "not recorded"),
}
NO_HOUSE = Words("tidak di LKSA kantor ini", "in no institution of this office")


def open_states() -> dict[str, Words]:
    """Return the states in which the office cares for a child, in the order of the journey."""
    return {name: state.label for name, state in states_of(journey().definition.name).items() if name not in OVER}


def setting_of(state: str) -> str:
    """Return where a child in a state lives."""
    return _BY_STATE.get(state, ELSEWHERE)


def band_of(born: date | None, today: date) -> str:
    """Return the band of age of somebody who was born on a day, as far as that is known."""
    if born is None:
        return UNKNOWN_AGE
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return next((code for code, (ends, _) in AGES.items() if age < ends), GROWN)


def houses_of(unit: Unit, scope: Scope) -> tuple[Any, ...]:
    """Return the institutions for children on an office's register that are asked for, by name."""
    rows = unit.ask(numbers.HOUSES, office=scope.office)
    asked = (row for row in rows if scope.host in {"", row.id} and scope.district in {"", row.district_code})
    return tuple(sorted(asked, key=lambda row: (row.name, row.id)))
