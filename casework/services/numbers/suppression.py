"""Which cells of a table of people may be published: none under LEAST, and none that the totals and its neighbours would give away.

A hidden cell is safe when the published numbers leave it at least two values. Where all numbers and totals are known but the hidden ones,
a hidden cell can differ exactly if some others can differ with it so that every sum stays: a ring through hidden cells, in which what is
zero only grows. So the table is a network (a line and a column are its knots, a cell joins two), and the rings are looked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

LEAST = 5
"""Fewer people than these are not told of in public (DOMAIN 6.1)."""
Place: TypeAlias = tuple[int, int]
Knot: TypeAlias = tuple[str, int]
OUTSIDE = -1
"""The knot of lines, or columns, whose cells do not add up to anything."""


def hidden(rows: tuple[tuple[int, ...], ...], *, across: bool, down: bool) -> frozenset[Place]:
    """Return the places (line, column) that are not published. Totals stand behind the last column (across) and line (down)."""
    if not rows:
        return frozenset()
    table = Table(rows, across=across, down=down)
    away = {place for place, value in table.values.items() if value < LEAST}
    while (across or down) and (bare := table.bare(away)):
        away |= table.cover(bare, away)
    return frozenset(away)


class Table:
    """A table with its totals as cells of its own."""

    def __init__(self, rows: tuple[tuple[int, ...], ...], *, across: bool, down: bool) -> None:
        self._lines, self._columns = len(rows), len(rows[0]) if rows else 0
        self._across, self._down = across, down
        self.values: Mapping[Place, int] = dict(self._cells(rows))

    def _cells(self, rows: tuple[tuple[int, ...], ...]) -> Iterator[tuple[Place, int]]:
        for line, row in enumerate(rows):
            yield from (((line, column), value) for column, value in enumerate(row))
            if self._across:
                yield (line, self._columns), sum(row)
        if self._down:
            yield from (((self._lines, column), sum(row[column] for row in rows)) for column in range(self._columns))
        if self._across and self._down:
            yield (self._lines, self._columns), sum(map(sum, rows))

    def knots(self, place: Place) -> tuple[Knot, Knot]:
        """Return the line and the column that a cell belongs to; of what adds up to nothing there is one knot."""
        line, column = place
        return ("sum", line) if self._across else ("sum", OUTSIDE), ("column", column) if self._down else ("sum", OUTSIDE)

    def _steps(self, place: Place) -> tuple[bool, bool]:
        """Return whether a cell can stand for more, and for less, in its network: a total counts there against what it sums up."""
        is_total = (place[0] == self._lines) != (place[1] == self._columns)
        grows, shrinks = True, self.values[place] > 0
        return (shrinks, grows) if is_total else (grows, shrinks)

    def bare(self, away: set[Place]) -> Place | None:
        """Return a hidden cell that what is published gives away, if there is one."""
        ways: dict[Knot, list[tuple[Knot, Place]]] = {}
        for place in away:
            line, column = self.knots(place)
            more, less = self._steps(place)
            if more:
                ways.setdefault(line, []).append((column, place))
            if less:
                ways.setdefault(column, []).append((line, place))
        return next((place for place in sorted(away) if not self._may_differ(place, ways)), None)

    def _may_differ(self, place: Place, ways: Mapping[Knot, list[tuple[Knot, Place]]]) -> bool:
        """Whether what is published leaves a hidden cell more than one value."""
        line, column = self.knots(place)
        more, less = self._steps(place)
        return (more and _leads(column, line, place, ways)) or (less and _leads(line, column, place, ways))

    def cover(self, bare: Place, away: set[Place]) -> set[Place]:
        """Return what is hidden beside a cell that the others give away: the least that makes a ring with it, totals only at last.

        What adds up both ways needs three more corners of a rectangle; what adds up one way another cell of its sum.
        """
        line, column = bare
        if self._across and self._down:
            others = (
                (one, other) for one in range(self._lines + 1) for other in range(self._columns + 1) if one != line and other != column
            )
            rings = ({(line, other), (one, column), (one, other)} for one, other in others)
        else:
            rings = ({place} for place in self.values if place != bare and (place[0] == line if self._across else place[1] == column))
        return min((ring - away for ring in rings if ring - away), key=self._cost)

    def _cost(self, ring: set[Place]) -> tuple[int, int, list[Place]]:
        return sum(map(self._total, ring)), sum(self.values[place] for place in ring), sorted(ring)

    def _total(self, place: Place) -> int:
        return (place[0] == self._lines) + (place[1] == self._columns)


def _leads(start: Knot, goal: Knot, but: Place, ways: Mapping[Knot, list[tuple[Knot, Place]]]) -> bool:
    """Whether hidden cells lead from a knot to another: from line to column where one can grow, back where it can shrink."""
    seen, ahead = {start}, [start]
    while ahead:
        for knot, place in ways.get(ahead.pop(), ()):
            if place == but or knot in seen:
                continue
            if knot == goal:
                return True
            seen.add(knot)
            ahead.append(knot)
    return start == goal
