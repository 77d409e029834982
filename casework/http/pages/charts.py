"""Pictures of a report, drawn by the server: bars and lines in the colours of the style sheet. The table below says the same."""

from __future__ import annotations

import msgspec

from casework.services.numbers.catalogue import Shown, Table
from casework.words import Words

WIDTH, LABEL, BAR, GAP, ROOM = 360, 15, 12, 12, 60
"""Of a drawing: as wide as a telephone shows it, the height of a label and of a bar, between two bars, and for the number behind one."""
MOST_BARS = 30
HIGH, LEFT, TOP = 150, 30, 12
LEGEND = 18


class Bar(msgspec.Struct, frozen=True):
    """One bar: its words, its number, where its label and the bar itself begin, and how long it is."""

    words: Words
    value: int | float
    at: int
    length: int


class Series(msgspec.Struct, frozen=True):
    """One line: its words, its points as SVG writes them, and where its name stands."""

    words: Words
    points: str
    at: int


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn. `most` is the number at the top of a picture of lines, `first` and `last` stand below it."""

    height: int
    measured: Words
    bars: tuple[Bar, ...] = ()
    lines: tuple[Series, ...] = ()
    most: int = 0
    first: Words | None = None
    last: Words | None = None


def drawn(table: Table) -> Picture | None:
    """Return the picture of a report, or None where there is nothing to draw."""
    if not table.chart or not table.lines:
        return None
    return _bars(table) if table.chart == "bars" else _lines(table)


def _places(table: Table) -> tuple[int, ...]:
    codes = [column.code for column in table.columns]
    return tuple(codes.index(code) for code in table.charted)


def _number(cell: Shown) -> int | float:
    return cell if isinstance(cell, int | float) else 0


def _bars(table: Table) -> Picture | None:
    (place, *_) = _places(table)
    found: dict[Words, int | float] = {}
    for line in table.lines:
        found[line.labels[0]] = found.get(line.labels[0], 0) + _number(line.cells[place])
    told = [(words, value) for words, value in found.items() if value > 0][:MOST_BARS]
    most = max((value for _, value in told), default=0)
    if not most:
        return None
    high = LABEL + BAR + GAP
    bars = (Bar(words, value, row * high, max(round((WIDTH - ROOM) * value / most), 2)) for row, (words, value) in enumerate(told))
    return Picture(height=len(told) * high, measured=table.columns[place].words, bars=tuple(bars))


def _lines(table: Table) -> Picture | None:
    places = _places(table)
    most = max((int(_number(line.cells[place])) for line in table.lines for place in places), default=0)
    if not most:
        return None
    step = (WIDTH - LEFT - GAP) / max(len(table.lines) - 1, 1)

    def points(place: int) -> str:
        heights = (TOP + HIGH * (1 - _number(line.cells[place]) / most) for line in table.lines)
        return " ".join(f"{LEFT + row * step:.1f},{height:.1f}" for row, height in enumerate(heights))

    below = TOP + HIGH + 2 * LABEL
    lines = tuple(Series(table.columns[place].words, points(place), below + row * LEGEND) for row, place in enumerate(places))
    return Picture(
        height=below + len(places) * LEGEND,
        measured=Words("per bulan", "each month"),
        lines=lines,
        most=most,
        first=table.lines[0].labels[0],
        last=table.lines[-1].labels[0],
    )
