"""What a capacity lets somebody see of a case they may find: names, and which records."""

from __future__ import annotations

HOUSE = frozenset({"lksa_head", "lksa_staff"})
HOUSE_FORMS = frozenset({"F02", "F08", "F09", "F10", "F11", "F12", "F15", "F16", "F20", "F21"})
"""What an institution may read of a child who lives there: never incidents (F17), assessments or option sheets."""


def masks(held: frozenset[str]) -> bool:
    """Whether names are reduced to initials: an auditor proves the trail and does not need to know the child (DOMAIN 4)."""
    return held <= {"auditor"}


def may_open(held: frozenset[str], form: str) -> bool:
    """Whether somebody with these capacities may read records of a form."""
    if masks(held):
        return False
    return form in HOUSE_FORMS if held <= HOUSE else True
