"""Asking the policy before a thing is done. A missing capacity is `role_not_allowed`, with who may do it instead."""

from __future__ import annotations

from casework.errors import Refusal
from casework.ledger.verify import NO_ROW
from casework.machines import policy
from casework.machines.policy import ANY, CAPACITIES, Action, Ruling
from casework.machines.refusals import role_not_allowed
from casework.store import caseload, cases, scope
from casework.store.cases import CaseRow
from casework.store.unit import Unit

DENIED = NO_ROW
"""What the journal names in the place of a row where none let somebody pass."""


def acting(unit: Unit, case: CaseRow, action: Action, of: str = ANY) -> str:
    """Return the capacity in which the caller may do something with this case. Raises Refusal."""
    return passed(unit, cases.capacities(unit, case, action), action, of).capacity


def seated(unit: Unit, action: Action, of: str = ANY) -> str:
    """Return the role of a seat in which the caller may do something that belongs to no case. Raises Refusal."""
    return CAPACITIES[passed(unit, seats(unit), action, of).capacity].role


def passed(unit: Unit, held: frozenset[str], action: Action, of: str = ANY) -> Ruling:
    """Return what the policy says to somebody with these capacities; the journal will name its row. Raises Refusal."""
    ruling = policy.ruled(held, action, of)
    unit.policy, unit.action, unit.capacity = policy.named(ruling.rule or DENIED), action, ruling.capacity
    if not ruling.passes:
        raise Refusal((role_not_allowed(policy.holders(action, of)),))
    return ruling


def seats(unit: Unit) -> frozenset[str]:
    """Return every capacity that the caller's seats give, whatever the case."""
    return cases.seat_capacities(unit.call.who, unit.call.at)


def first_allowed(held: frozenset[str], *allowed: str) -> str:
    """Return the first of the roles that a machine's own row names which is held. Raises Refusal."""
    for role in allowed:
        if role in held:
            return role
    raise Refusal((role_not_allowed(allowed),))


def offices_for(unit: Unit, action: Action) -> frozenset[str]:
    """Return the offices for which the caller has a seat that lets them do something."""
    who, at = unit.call.who, unit.call.at
    return frozenset(seat.office for seat in who.seats if policy.may(cases.capacities_of_seat(who, seat, at), action))


def offices_in_sight(unit: Unit) -> frozenset[str]:
    """Return the offices whose cases the caller may come to see: for who reads every office's, all of them."""
    who = unit.call.who
    return frozenset(caseload.offices(unit)) if scope.is_whole(who) else cases.offices_seen(who, unit.call.at)
