"""How many cases stand where, by office: kept by the database as it moves them, never counted while somebody waits."""

from __future__ import annotations

import msgspec

from casework.errors import NotFound
from casework.machines import policy
from casework.machines.book import journey, states_of
from casework.services.access import offices_for, seats
from casework.services.command import question
from casework.store import caseload, listing, scope
from casework.store.unit import Unit
from casework.words import Words


class StateCount(msgspec.Struct, frozen=True):
    """How many cases of an office stand in one state."""

    state: str
    label: Words
    cases: int


class OfficeCounts(msgspec.Struct, frozen=True):
    """The numbers of one office, in the order of the journey; a state without cases is left out."""

    office: str
    name: str
    cases: int
    states: tuple[StateCount, ...]


@question
def counts(unit: Unit) -> tuple[OfficeCounts, ...]:
    """Return the numbers of the offices that the caller leads, or of every office for an auditor. For anybody else: raises NotFound."""
    return tuple(_office(office, name, kept) for office, name, kept in told_offices(unit))


def told_offices(unit: Unit) -> tuple[tuple[str, str, dict[str, int]], ...]:
    """Return (id, name, cases by state) of the offices whose numbers the caller is told. Raises NotFound where there are none."""
    if not policy.may(seats(unit), "count"):
        raise NotFound("counts")
    led = offices_for(unit, "lead")
    asked = None if scope.is_whole(unit.call.who) else led
    kept = listing.counts_of(unit, asked)
    told = ((office, name, kept.get(office, {})) for office, name in caseload.offices(unit, asked).items())
    return tuple(found for found in told if any(found[2].values()) or found[0] in led)


def _office(office: str, name: str, kept: dict[str, int]) -> OfficeCounts:
    known = states_of(journey().definition.name)
    states = tuple(StateCount(state, known[state].label, kept[state]) for state in known if kept.get(state))
    return OfficeCounts(office, name, sum(kept.values()), states)
