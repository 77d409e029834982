"""A map that fits a phone: the states of a machine from top to bottom, in the order of the ladder of care, and the arrows of one of them.

All arrows at once would be a hairball, so the right side holds what leads on from one state, the left side what led there: one trunk with
a branch for each state it reaches, so nothing crosses. A path that was taken is drawn on the left instead, each of its steps on a track
of its own. Nothing is placed by hand: rows, tracks and branches follow from the table. It carries no style sheet and no script.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping
from html import escape
from typing import Any, Literal, TypeAlias

import msgspec

from casework.machines.draw import HELD_WORDS
from casework.machines.engine import HELD, Machine, State
from casework.machines.spoken import LADDER
from casework.words import Language, Words

Look: TypeAlias = Literal["lead", "open", "closed"]

BEFORE = Words("Sebelum diputuskan", "Before a decision")
AROUND = Words("Di sekitar tangga", "Around the ladder")
RUNGS: Mapping[int, Words] = {
    **{rung: Words(f"{rung}. {words.headed().id}", f"{rung}. {words.headed().en}") for rung, words in LADDER.items()},
    4: Words("4. LKSA, pilihan terakhir", "4. Institution, the last resort"),
}

WIDTH, BOX, NOTED, SPACE, HEAD, TOP = 360, 38, 52, 8, 26, 6
"""Pixels: the picture's width, the height of a box, of one with notes in it, the space between boxes, a heading's height, the margin."""
TRUNK, EDGE, TRACK, MOST = 12, 20, 16, 96
"""Pixels: from a box to its trunk, the least margin, the distance of two tracks, and the most that the tracks of a path take."""
MARKS, CORNER, HEADED = 70, 6, 7
"""Pixels: what the marks beside a trunk take, the radius of a corner, the length of an arrowhead."""
CHARACTER, BOLD, MARK_CHARACTERS = 7.6, 8.1, 8
"""Pixels that a character of a name takes at most, on average, and a bold one; and how many characters a line of marks holds."""
LINES: Mapping[int, tuple[float, ...]] = {1: (4.5,), 2: (-3.5, 12.5), 3: (-11.5, 3.5, 18.5)}
"""Pixels from the middle of a box to the foot of each of its lines, by how many there are."""


class Arrow(msgspec.Struct, frozen=True):
    """One step as the map shows it: its mark, the state at the other end, how it looks, and what it says to those who hear the map."""

    mark: str
    state: str
    told: str
    look: Look = "lead"


class Taken(msgspec.Struct, frozen=True):
    """One step of the path that was taken, and the words for it."""

    number: int
    source: str
    dest: str
    told: str


class Band(msgspec.Struct, frozen=True):
    """Rows of the map under one heading, None where there is no ladder to speak of."""

    heading: Words | None
    states: tuple[str, ...]


class View(msgspec.Struct, frozen=True, kw_only=True):
    """What a map shows: `before` led to `here`, `after` leads on; a path that was `taken` stands for `before`.

    `notes` stand in the boxes of states, under their names.
    """

    here: str
    title: str
    description: str
    before: tuple[Arrow, ...] = ()
    after: tuple[Arrow, ...] = ()
    taken: tuple[Taken, ...] = ()
    notes: Mapping[str, str] = {}


def bands_of(machine: Machine[Any], also: Collection[str] = ()) -> tuple[Band, ...]:
    """Return the rows of a machine: what comes before the ladder, its rungs, and what is around it. `also` are rows that are no state."""
    states = machine.definition.states
    if not any(state.rung for state in states):
        return (Band(None, (*machine.states, *also)),)
    first = next(place for place, state in enumerate(states) if state.rung)
    rungs = sorted({state.rung for state in states if state.rung})
    return (
        Band(BEFORE, tuple(state.name for state in states[:first])),
        *(Band(RUNGS[rung], tuple(state.name for state in states if state.rung == rung)) for rung in rungs),
        Band(AROUND, (*(state.name for state in states[first:] if not state.rung), *also)),
    )


def map_of(machine: Machine[Any], language: Language, view: View, address: Callable[[str], str]) -> str:
    """Return the map as an accessible SVG. `address` is where a state's box leads to; its classes are the page's to paint."""
    drawing = _Map(machine, language, view)
    named = f'role="group" aria-labelledby="map-title map-desc" lang="{language}"'
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {drawing.height}" class="map" {named}>',
        f'<title id="map-title">{escape(view.title)}</title><desc id="map-desc">{escape(view.description)}</desc>',
        *drawing.headings(),
        *drawing.lines(),
        *drawing.boxes(address),
        "</svg>",
    )
    return "".join(parts)


class _Map:
    """One map. Coordinates are pixels; the y of a state is the middle of its box."""

    def __init__(self, machine: Machine[Any], language: Language, view: View) -> None:
        self.machine, self.language, self.here = machine, language, view.here
        self.before, self.after, self.taken, self.notes = view.before, view.after, view.taken, view.notes
        self.box = NOTED if self.notes else BOX
        self.bands = bands_of(machine, [HELD] if any(arrow.state == HELD for arrow in self.after) else [])
        self.y, self.heading_y, self.height = self._placed()
        self.tracks = _tracks([(self.y[step.source], self.y[step.dest]) for step in self.taken])
        across = max(self.tracks, default=-1) + 1
        self.gap = min(TRACK, MOST / across) if across else TRACK
        self.left = EDGE + self.gap * across if across else (MARKS + TRUNK if self.before else EDGE)
        self.right = WIDTH - (MARKS + TRUNK if self.after else EDGE)

    def _placed(self) -> tuple[dict[str, float], list[tuple[float, Words]], int]:
        placed: dict[str, float] = {}
        headings, y = [], TOP
        for band in self.bands:
            if band.heading:
                headings.append((y + HEAD - 8.0, band.heading))
                y += HEAD
            for state in band.states:
                placed[state] = y + (self.box + SPACE) / 2
                y += self.box + SPACE
        return placed, headings, y + TOP

    def headings(self) -> Iterator[str]:
        """Yield the heading of each band."""
        yield from (
            f'<text x="{self.left:g}" y="{y:g}" class="rung">{escape(words.to(self.language))}</text>' for y, words in self.heading_y
        )

    def lines(self) -> Iterator[str]:
        """Yield the trunks and branches, or the path."""
        yield from self._trunk(self.after, self.right, 1, inwards=True)
        yield from self._path() if self.taken else self._trunk(self.before, self.left, -1, inwards=False)

    def _trunk(self, arrows: tuple[Arrow, ...], edge: float, side: int, *, inwards: bool) -> Iterator[str]:
        """Yield a trunk beside the boxes with a branch to each state; the arrowheads are at the branches, or at the state it is about."""
        groups: dict[str, list[Arrow]] = {}
        for arrow in arrows:
            groups.setdefault(arrow.state, []).append(arrow)
        x, middle = edge + side * TRUNK, self.y[self.here]
        elsewhere = [self.y[state] for state in groups if state != self.here]
        if elsewhere:
            yield f'<path class="trunk" d="M{edge:g} {middle:g}H{x:g}M{x:g} {min(*elsewhere, middle):g}V{max(*elsewhere, middle):g}"/>'
        if elsewhere and not inwards:
            yield _head(edge, middle, 1)
        for state, found in groups.items():
            y, looks = self.y[state], {arrow.look for arrow in found}
            look = next(look for look in ("open", "lead", "closed") if look in looks)
            yield f'<g role="img" class="{look}" aria-label="{escape("; ".join(arrow.told for arrow in found))}">'
            yield f"<title>{escape('; '.join(arrow.told for arrow in found))}</title>"
            if state == self.here:
                yield f'<circle cx="{x:g}" cy="{middle:g}" r="5" class="stay"/>'
            else:
                yield f'<path class="branch" d="M{x:g} {y:g}H{edge:g}"/>'
                yield _head(edge, y, -side) if inwards else ""
            yield from _marks(found, x + side * (8 if state == self.here else 5), y, side)
            yield "</g>"

    def _path(self) -> Iterator[str]:
        """Yield each step that was taken, on its track, with its number on the way."""
        ends = self._ends()
        for place, step in enumerate(self.taken):
            x = self.left - TRUNK - self.gap * self.tracks[place]
            start, end = ends[place, "source"], ends[place, "dest"]
            turn = CORNER if end > start else -CORNER
            yield f'<g role="img" class="taken" aria-label="{escape(step.told)}"><title>{escape(step.told)}</title>'
            yield (
                f'<path class="branch" d="M{self.left:g} {start:g}H{x + CORNER:g}Q{x:g} {start:g} {x:g} {start + turn:g}'
                f'V{end - turn:g}Q{x:g} {end:g} {x + CORNER:g} {end:g}H{self.left:g}"/>'
            )
            yield _head(self.left, end, 1)
            yield f'<circle cx="{x:g}" cy="{(start + end) / 2:g}" r="8"/>'
            yield f'<text x="{x:g}" y="{(start + end) / 2 + 4:g}" class="number">{step.number}</text></g>'

    def _ends(self) -> dict[tuple[int, str], float]:
        """Return where on its box each step of the path begins and ends: beside one another, what leads up above what leads down."""
        at: dict[str, list[tuple[float, int, str]]] = {}
        for place, step in enumerate(self.taken):
            at.setdefault(step.source, []).append((self.y[step.dest], place, "source"))
            at.setdefault(step.dest, []).append((self.y[step.source], place, "dest"))
        found: dict[tuple[int, str], float] = {}
        for state, joins in at.items():
            height = self.box - 10
            span = height / (len(joins) + 1)
            for rank, (_, place, end) in enumerate(sorted(joins), start=1):
                found[place, end] = self.y[state] - height / 2 + rank * span
        return found

    def boxes(self, address: Callable[[str], str]) -> Iterator[str]:
        """Yield the states, each a link."""
        touched = {arrow.state for arrow in (*self.before, *self.after)} | {
            state for step in self.taken for state in (step.source, step.dest)
        }
        for name, y in self.y.items():
            state = self.machine.states.get(name)
            look = "here" if name == self.here else "touched" if name in touched else "far"
            box = f'<rect x="{self.left:g}" y="{y - self.box / 2:g}" width="{self.right - self.left:g}" height="{self.box}" rx="6"/>'
            text = "".join(self._lines_of(state, y))
            if state is None:
                yield f'<g class="box held">{box}{text}</g>'
            else:
                current = ' aria-current="true"' if name == self.here else ""
                yield f'<a href="{escape(address(name))}" class="box {look}"{current}>{box}{text}</a>'

    def _lines_of(self, state: State | None, y: float) -> Iterator[str]:
        label = (HELD_WORDS if state is None else state.label).to(self.language)
        note = self.notes.get(state.name if state else "", "")
        character = BOLD if state is not None and state.name == self.here else CHARACTER
        lines = textwrap.wrap(label[:1].upper() + label[1:], int((self.right - self.left - 12) / character))
        written = [*((line, "") for line in lines), *([(note, ' class="note"')] if note else [])][: len(LINES)]
        for (line, look), foot in zip(written, LINES[len(written)], strict=True):
            yield f'<text x="{self.left + 8:g}" y="{y + foot:g}"{look}>{escape(line)}</text>'


def _tracks(spans: list[tuple[float, float]]) -> list[int]:
    """Return a track for each span: the nearest to the boxes on which it meets no other, the shortest first."""
    taken: list[list[tuple[float, float]]] = []
    found = [0] * len(spans)
    for place in sorted(range(len(spans)), key=lambda each: (abs(spans[each][1] - spans[each][0]), each)):
        low, high = sorted(spans[place])
        track = next((track for track, used in enumerate(taken) if all(high <= start or end <= low for start, end in used)), len(taken))
        taken += [[]] if track == len(taken) else []
        taken[track].append((low, high))
        found[place] = track
    return found


def _head(x: float, y: float, towards: int) -> str:
    """Return an arrowhead whose point is at (x, y): 1 points to the right, -1 to the left."""
    return f'<path class="head" d="M{x:g} {y:g}l{-towards * HEADED} -4.5v9z"/>'


def _marks(arrows: list[Arrow], x: float, y: float, side: int) -> Iterator[str]:
    lines = textwrap.wrap(", ".join(arrow.mark for arrow in arrows), MARK_CHARACTERS)
    anchor = "" if side > 0 else ' text-anchor="end"'
    for place, line in enumerate(lines):
        yield f'<text x="{x:g}" y="{y + 4 + (place - (len(lines) - 1) / 2) * 13:g}" class="mark-of"{anchor}>{escape(line)}</text>'
