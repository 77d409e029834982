"""Search: a case by its number, by the child's NIK or family card, or by the child's name with typing mistakes.

Nobody finds a case that they may not see, and nobody finds by name, NIK or card whom they would see by initials. The scope is part of the
question to the database: what is not the caller's is neither returned nor counted, and takes no place from what is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from casework.machines.facts import WITA
from casework.services.sight import masks
from casework.store import caseload, cases, registers, scope, search
from casework.store.caseload import Line
from casework.store.registers import ChildRow
from casework.store.spelling import LIKE, Typed
from casework.store.unit import Unit

EXACT = 2000
"""The score of a number; the most that a name can reach is 1,000."""
NIK_DIGITS = 16
CHILDREN = 20
"""Children that the search of the register shows."""
_YEARS = 10
"""How many years back a running number alone (`147`) is looked for."""
_NUMBER = re.compile(r"(?:(?P<prefix>[A-Za-z]{2,6})[-/ ]?)?(?:(?P<year>20\d\d)[-/ ])?0*(?P<running>\d{1,9})")

_WHOLE_NUMBER = re.compile(r"\s*[A-Za-z]{2,6}[-/ ]20\d\d[-/ ]\d{1,9}\s*")
"""What can be nothing but a case number."""


class Hit(msgspec.Struct, frozen=True):
    """A case that was found. `score` is EXACT for a number, else how much the name is like what was typed, of 1,000."""

    score: int
    case: str
    by_number: bool = False

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands: the best first, of equals the newest. Pages go on from here."""
        return (self.score, self.case)


def search_cases(unit: Unit, typed: str, *, state: str = "", after: str = "", limit: int = 50) -> tuple[Line, ...]:
    """Return the lines of the caller's cases that match, the best first, `limit` at most, behind the case `after`."""
    hits = sorted({hit.case: hit for hit in _hits(unit, typed, state)}.values(), key=lambda hit: hit.place, reverse=True)
    if after:
        last = _place_of(unit, typed, after, hits)
        hits = [hit for hit in hits if hit.place < last]
    return tuple(_seen(unit, hits, state, limit))


def _hits(unit: Unit, typed: str, state: str) -> Iterator[Hit]:
    """Yield what matches within the caller's scope; what is surest comes last, so that it counts."""
    known = cases.known_to(unit.call.who, unit.call.at, state)
    digits = "".join(letter for letter in typed if letter.isdigit())
    if len(digits) == NIK_DIGITS:
        found = search.children_numbered(unit, digits, cards=True)
        yield from (Hit(EXACT, case) for case in search.cases_of(unit, found, known))
    elif any(letter.isalpha() for letter in typed) and not _WHOLE_NUMBER.fullmatch(typed):
        asked = Typed(typed)
        for row in search.cases_named(unit, typed, known):
            if (score := _likeness(asked, row.name, row.alias)) >= LIKE:
                yield Hit(score, row.case_id)
    if numbers := _numbers(unit, typed):
        everything = scope.is_whole(unit.call.who)
        found_cases = search.cases_numbered(unit, numbers, None if everything else known)
        yield from (Hit(EXACT, case, by_number=True) for case in found_cases)


def _likeness(typed: Typed, *names: str | None) -> int:
    return max(typed.likeness(name) for name in names if name)


def _numbers(unit: Unit, typed: str) -> frozenset[str]:
    """Return the case numbers that were meant: `KKR-2026-0147`, `2026-147`, or only `147`, of any of the last years; and what was typed."""
    meant = _NUMBER.fullmatch(typed.strip())
    if meant is None:
        return frozenset()
    prefix = (meant["prefix"] or unit.store.case_prefix).upper()
    this_year = unit.call.at.astimezone(WITA).year
    years = [int(meant["year"])] if meant["year"] else [this_year - back for back in range(_YEARS)]
    return frozenset({typed.strip().upper(), *(f"{prefix}-{year}-{int(meant['running']):04d}" for year in years)})


def _place_of(unit: Unit, typed: str, case: str, hits: list[Hit]) -> tuple[int, str]:
    """Return where a page ended: where the case stands now, or where its name would put it."""
    for hit in hits:
        if hit.case == case:
            return hit.place
    return (_likeness(Typed(typed), *search.names_of_case(unit, case)), case) if _knows(unit, case) else (0, case)


def _knows(unit: Unit, case: str) -> bool:
    """Whether the caller sees the child of this case by name."""
    row = cases.cases_by_id(unit, (case,)).get(case)
    held = cases.capacities(unit, row) if row else frozenset()
    return bool(held) and not masks(held)


def _seen(unit: Unit, hits: list[Hit], state: str, limit: int) -> Iterator[Line]:
    """Yield the first cases that the caller may indeed see: the rows of a page at a time, so that few are read for nothing."""
    shown = 0
    for first in range(0, len(hits), limit):
        lines = caseload.cases_by_id(unit, (hit.case for hit in hits[first : first + limit]))
        for hit in hits[first : first + limit]:
            case = lines[hit.case].case
            held = cases.capacities(unit, case)
            if held and (hit.by_number or not masks(held)) and state in {"", case.state}:
                yield lines[hit.case]
                shown += 1
                if shown == limit:
                    return


def search_children(unit: Unit, *, name: str, nik: str) -> tuple[ChildRow, ...]:
    """Return children of the whole register with this NIK, then those whose name is like this one, the most alike first."""
    exact = sorted(search.children_numbered(unit, nik)) if nik else []
    named = search.children_named(unit, name) if name else []
    asked = Typed(name)
    scored = sorted(((_likeness(asked, row.name, row.alias), row.id) for row in named), reverse=True)
    ids = [*dict.fromkeys([*exact, *(child for score, child in scored if score >= LIKE)])][:CHILDREN]
    found = registers.children_by_id(unit, ids)
    return tuple(found[child] for child in ids)
