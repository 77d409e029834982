"""Which capacity lets a person do a thing beside the journey's own rows. A missing one is `role_not_allowed`."""

from __future__ import annotations

from casework.errors import Refusal
from casework.machines.refusals import role_not_allowed
from casework.store import cases
from casework.store.call import HOUSE_ROLES
from casework.store.cases import CaseRow
from casework.store.unit import Unit


def acting_as(unit: Unit, case: CaseRow, *allowed: str) -> str:
    """Return the first of the `allowed` roles that the caller may act in for this case. Raises Refusal."""
    return first_allowed(cases.capacities(unit, case), *allowed)


def first_allowed(held: frozenset[str], *allowed: str) -> str:
    """Return the first of the `allowed` roles that is held. Raises Refusal."""
    for role in allowed:
        if role in held:
            return role
    raise Refusal((role_not_allowed(allowed),))


def holding(unit: Unit, *allowed: str) -> str:
    """Return the first of the `allowed` roles in which the caller has a seat: for registers that belong to no case. Raises Refusal.

    A seat in an institution gives only an institution's roles.
    """
    return first_allowed(frozenset(seat.role for seat in unit.call.who.seats if seat.host is None or seat.role in HOUSE_ROLES), *allowed)
