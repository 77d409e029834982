"""A machine as a picture, from its own table: so the picture cannot say what the table does not.

`mermaid` writes a state diagram for documents. `svg` draws the ladder of care: one line across for each state, one numbered lane down for
each trigger, a dot where the lane may be entered and an arrowhead where it leads; below, the table of triggers. Colours are the page's own.
"""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator
from html import escape
from typing import Any

import msgspec

from casework.machines.engine import HELD, SAME, Approval, Machine, Transition
from casework.machines.refusals import role_words
from casework.words import Language, Words

HELD_WORDS = Words("tempat yang ditahan", "the place that is held")
AFTERWARDS = Words("menyusul", "afterwards")
NONE = Words("tanpa persetujuan", "no approval")
OR = Words("atau", "or")
HERE = Words("di sini", "here")
POSSIBLE = Words("dapat sekarang", "possible now")
HEADINGS = (
    Words("No.", "No."),
    Words("Langkah", "Step"),
    Words("Diajukan oleh", "Proposed by"),
    Words("Disetujui oleh, berurutan", "Approved by, in order"),
    Words("Dasar", "Law"),
)
HAPPENS = Words("Terjadi karena", "Happens on")
"""What stands in place of the approvals where no step needs any: in the processes beside the journey."""
BY_ITSELF = {
    "signed": Words("{what} ditandatangani", "{what} is signed"),
    "countersigned": Words("{what} disahkan", "{what} is countersigned"),
    "returned": Words("{what} dikembalikan", "{what} is returned"),
    "verified": Words("{what} diverifikasi", "{what} is verified"),
    "compared": Words("dokumen dicocokkan", "a paper is compared"),
}
TIME, ANOTHER_STEP, ASKED = Words("waktunya", "its time"), Words("langkah lain", "another step"), Words("permintaan", "request")
MERMAID_SAFE = str.maketrans(dict(zip(':;#"<>', (" –", ",", " ", "'", "(", ")"), strict=True)))
KEY = (
    Words("boleh dimulai dari tahap ini", "may start from this state"),
    Words("menuju tahap ini", "leads to this state"),
    Words("tetap pada tahap yang sama", "stays in the same state"),
    Words("anak tangga pengasuhan: 1 keluarga sampai 4 lembaga", "rung of the ladder of care: 1 family to 4 institution"),
)
DESCRIPTION = Words(
    "Setiap baris adalah satu tahap, menurut jenjang pengasuhan. Setiap lajur bernomor adalah satu langkah: titik menandai tahap asal, "
    "panah menandai tahap tujuan. Tabel di bawahnya menyebut pengusul, penyetuju, dan dasar hukum setiap langkah.",
    "Each line is a state, in the order of the ladder of care. Each numbered lane is a step: dots mark where it may start, an arrow where "
    "it leads. The table below names who proposes, who approves, and the law of each step.",
)

PLAIN_DESCRIPTION = Words(
    "Setiap baris adalah satu tahap. Setiap lajur bernomor adalah satu langkah: titik menandai tahap asal, panah menandai tahap tujuan. "
    "Tabel di bawahnya menyebut pembuat langkah, penyebabnya, dan dasar hukumnya.",
    "Each line is a state. Each numbered lane is a step: dots mark where it may start, an arrow where it leads. The table below names who "
    "makes each step, what it happens on, and its law.",
)

ACCENT = "var(--machine-accent, #0a7d5a)"
LABELS, LANE, ROW, TOP, MARGIN = 316, 24, 32, 54, 16
"""Pixels: the width of the states' column, of a lane, the height of a line, of the head, and the margin around."""
INDENT = 12
TEXT, SMALL, LINE_HEIGHT = 13, 11, 16
SHARES = (0.26, 0.24, 0.24, 0.26)
"""Shares of the legend's width: step, proposed by, approved by, law."""
CHARACTER = 6.4
"""Pixels that one character of the legend takes at most, on average."""


def mermaid(machine: Machine[Any], language: Language) -> str:
    """Return a Mermaid `stateDiagram-v2`, with role, approvals and law on every arrow."""
    held = any(row.dest == HELD for row in machine.definition.transitions)
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{safe(state.label.to(language))}" as {state.name}' for state in machine.definition.states]
    lines += [f'    state "{safe(HELD_WORDS.to(language))}" as held'] if held else []
    lines += [f"    [*] --> {machine.definition.initial}"]
    for row in machine.definition.transitions:
        label = safe(f"{row.label.to(language)} | {proposers(row, language)} | {approvers(row, language)} | {laws(row, language)}")
        for source in _sources(machine, row):
            dest = {SAME: source, HELD: "held"}.get(row.dest, row.dest)
            lines.append(f"    {source} --> {dest} : {label}")
    lines += [f"    {state.name} --> [*]" for state in machine.definition.states if state.kind == "final"]
    return "\n".join(lines) + "\n"


def svg(machine: Machine[Any], language: Language, *, current: str | None = None, possible: Collection[str] = ()) -> str:
    """Return an accessible SVG. `current` marks where a case stands, `possible` the triggers that would be done now; the rest steps back.

    It carries no style sheet, so it may stand in a page with a strict content policy; `--machine-accent` sets the one colour.
    """
    return _Drawing(machine, language, current, frozenset(possible)).text()


class _Lane(msgspec.Struct, frozen=True):
    """One trigger, drawn: its number, its place, the lines it starts from and the lines it leads to."""

    number: int
    row: Transition[Any]
    sources: tuple[int, ...]
    dests: tuple[int, ...]

    @property
    def x(self) -> float:
        return MARGIN + LABELS + (self.number - 0.5) * LANE


class _Drawing:
    """One drawing. Coordinates are pixels; y of line `n` is its middle."""

    def __init__(self, machine: Machine[Any], language: Language, current: str | None, possible: frozenset[str]) -> None:
        self.machine = machine
        self.language = language
        self.current = current
        self.possible = possible
        rows = machine.definition.transitions
        held = any(row.dest == HELD for row in rows)
        self.lines = (*machine.states, *([HELD] if held else []))
        self.places = {name: place for place, name in enumerate(self.lines)}
        self.lanes = tuple(self._lane(number, row) for number, row in enumerate(rows, start=1))
        self.approved = any(row.approvals for row in rows)
        self.width = max(2 * MARGIN + LABELS + len(rows) * LANE, 900)
        self.foot = TOP + len(self.lines) * ROW + 24

    def text(self) -> str:
        """Return the whole drawing."""
        legend, height = self._legend(self.foot + 48)
        label = self.machine.definition.label
        title = f"{label.to(self.language) if label else self.machine.definition.name}, v{self.machine.definition.version}"
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}" width="{self.width}" height="{height}"'
            f' role="group" aria-labelledby="machine-title machine-desc" class="machine" font-family="system-ui, sans-serif"'
            f' font-size="{TEXT}" fill="currentColor" lang="{self.language}">'
        )
        parts = [
            head,
            f'<title id="machine-title">{escape(title)}</title>',
            f'<desc id="machine-desc">{escape((DESCRIPTION if self.approved else PLAIN_DESCRIPTION).to(self.language))}</desc>',
            *self._states(),
            *(mark for lane in self.lanes for mark in self._drawn(lane)),
            *self._key(self.foot + 20),
            *legend,
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def _lane(self, number: int, row: Transition[Any]) -> _Lane:
        sources = tuple(self.places[source] for source in _sources(self.machine, row))
        dests = sources if row.dest == SAME else (self.places[row.dest],)
        return _Lane(number, row, sources, dests)

    def _y(self, place: int) -> float:
        return TOP + (place + 0.5) * ROW

    def _states(self) -> Iterator[str]:
        """Yield the lines of the states: the name, stepped in by its rung, and a hairline to the last lane."""
        for name, place in self.places.items():
            y, here = self._y(place), name == self.current
            state = self.machine.states.get(name)
            label = HELD_WORDS if state is None else state.label
            rung = 0 if state is None else state.rung
            if place % 2 == 0 or here:
                paint = f'fill="{ACCENT}" fill-opacity="0.18"' if here else 'fill-opacity="0.045"'
                yield f'<rect x="{MARGIN}" y="{y - ROW / 2}" width="{self.width - 2 * MARGIN}" height="{ROW}" {paint}/>'
            end = MARGIN + LABELS + len(self.lanes) * LANE
            dash = ' stroke-dasharray="3 4"' if state is None else ""
            yield f'<line x1="{MARGIN + LABELS}" y1="{y}" x2="{end}" y2="{y}" stroke="currentColor" stroke-opacity="0.22"{dash}/>'
            yield from self._rung(rung, y)
            words = f"{label.to(self.language)} ({HERE.to(self.language)})" if here else label.to(self.language)
            weight = ' font-weight="700"' if here else ""
            hint = "" if state is None else f"<title>{escape(name)}</title>"
            yield f'<text x="{MARGIN + 24 + rung * INDENT}" y="{y + 4.5}"{weight}>{hint}{escape(words)}</text>'

    def _rung(self, rung: int, y: float) -> Iterator[str]:
        """Yield the number of the rung on the ladder of care, beside the states that are on it."""
        if rung:
            x = MARGIN + 10 + rung * INDENT
            yield f'<text x="{x}" y="{y + 4}" font-size="{SMALL}" fill-opacity="0.7" text-anchor="middle">{rung}</text>'

    def _drawn(self, lane: _Lane) -> Iterator[str]:
        """Yield one lane: its number above and below, its line, its dots, its arrowheads."""
        places = {*lane.sources, *lane.dests}
        ys = [self._y(place) for place in sorted(places)]
        able, faint = lane.row.trigger in self.possible, self._steps_back(lane)
        paint = ACCENT if able else "currentColor"
        yield f'<g class="lane{" possible" if able else ""}" role="img" aria-label="{escape(self._told(lane))}"'
        yield f' fill="{paint}" stroke="{paint}"{" opacity=" + chr(34) + "0.28" + chr(34) if faint else ""}>'
        yield f"<title>{escape(self._told(lane))}</title>"
        if lane.row.dest != SAME and len(ys) > 1:
            yield f'<line x1="{lane.x}" y1="{ys[0]}" x2="{lane.x}" y2="{ys[-1]}" stroke-width="{2.6 if able else 1.3}"/>'
        yield from (f'<circle cx="{lane.x}" cy="{self._y(place)}" r="3.6" stroke="none"/>' for place in lane.sources)
        yield from (mark for dest in lane.dests for mark in self._arrow(lane, dest))
        yield from self._number(lane, able=able)
        yield "</g>"

    def _arrow(self, lane: _Lane, dest: int) -> Iterator[str]:
        """Yield an arrowhead for each side the lane comes from, and a ring where a step stays in its state."""
        x, y = lane.x, self._y(dest)
        if dest in lane.sources:
            yield f'<circle cx="{x}" cy="{y}" r="7.5" fill="none" stroke-width="1.5"/>'
        elsewhere = [source for source in lane.sources if source != dest and lane.row.dest != SAME]
        gap = 8.5 if dest in lane.sources else 1
        if any(source < dest for source in elsewhere):
            yield f'<path d="M{x} {y - gap} l-6 -11 h12 z" stroke="none"/>'
        if any(source > dest for source in elsewhere):
            yield f'<path d="M{x} {y + gap} l-6 11 h12 z" stroke="none"/>'

    def _number(self, lane: _Lane, *, able: bool) -> Iterator[str]:
        weight = "700" if able else "400"
        for y in (TOP - 12, self.foot - 6):
            if able:
                yield f'<circle cx="{lane.x}" cy="{y - 4}" r="10.5" fill="none" stroke-width="2"/>'
            yield (
                f'<text x="{lane.x}" y="{y}" font-size="{SMALL + 1}" font-weight="{weight}" text-anchor="middle" fill="currentColor"'
                f' stroke="none">{lane.number}</text>'
            )

    def _steps_back(self, lane: _Lane) -> bool:
        if self.current is None:
            return bool(self.possible) and lane.row.trigger not in self.possible
        return self.places.get(self.current) not in lane.sources

    def _told(self, lane: _Lane) -> str:
        """Return a lane as a sentence, for those who hear the drawing."""
        names = [self._name(place) for place in lane.sources]
        dest = lane.row.dest
        goal = KEY[2].to(self.language) if dest == SAME else self._name(self.places[dest])
        return f"{lane.number}. {lane.row.label.to(self.language)}: {', '.join(names)} → {goal}"

    def _name(self, place: int) -> str:
        state = self.machine.states.get(self.lines[place])
        return (HELD_WORDS if state is None else state.label).to(self.language)

    def _key(self, y: float) -> Iterator[str]:
        """Yield what the marks mean."""
        x = MARGIN + 24
        dot = f'<circle cx="{{x}}" cy="{y - 4}" r="3.6"/>'
        marks = (
            dot,
            f'<path d="M{{x}} {y + 1} l-6 -11 h12 z"/>',
            f'<circle cx="{{x}}" cy="{y - 4}" r="7.5" fill="none" stroke="currentColor" stroke-width="1.5"/>{dot}',
            f'<text x="{{x}}" y="{y}" font-size="{SMALL}" fill-opacity="0.7" text-anchor="middle">1–4</text>',
        )
        rungs = any(state.rung for state in self.machine.states.values())
        for mark, words in zip(marks if rungs else marks[:-1], KEY, strict=False):
            text = words.to(self.language)
            yield mark.replace("{x}", str(x))
            yield f'<text x="{x + 16}" y="{y}" font-size="{SMALL + 1}">{escape(text)}</text>'
            x += 48 + round(len(text) * CHARACTER)

    def _legend(self, y: float) -> tuple[list[str], float]:
        """Return the table of triggers, and the y at which it ends."""
        usable = self.width - 2 * MARGIN - 44
        edges = [MARGIN + 44 + usable * sum(SHARES[:column]) for column in range(len(SHARES))]
        fits = [int(usable * share / CHARACTER) - 2 for share in SHARES]
        xs = (MARGIN + 24, *edges)
        anchors = ("middle", "start", "start", "start", "start")
        headings = HEADINGS if self.approved else (*HEADINGS[:3], HAPPENS, HEADINGS[4])
        bold = f'font-weight="700" font-size="{SMALL + 1}"'
        parts = [
            f'<text x="{x:g}" y="{y:g}" {bold} text-anchor="{anchor}">{escape(words.to(self.language))}</text>'
            for x, words, anchor in zip(xs, headings, anchors, strict=True)
        ]
        y += 8
        for lane in self.lanes:
            cells = [textwrap.wrap(cell, fit) for cell, fit in zip(self._cells(lane.row), fits, strict=True)]
            tall = max(map(len, cells)) * LINE_HEIGHT + 8
            parts += self._legend_row(lane, cells, xs, y, tall)
            y += tall
        return parts, y + MARGIN

    def _legend_row(self, lane: _Lane, cells: list[list[str]], xs: tuple[float, ...], y: float, tall: float) -> Iterator[str]:
        able = lane.row.trigger in self.possible
        weight = ' font-weight="700"' if able else ""
        yield f'<line x1="{MARGIN}" y1="{y:g}" x2="{self.width - MARGIN}" y2="{y:g}" stroke="currentColor" stroke-opacity="0.18"/>'
        if able:
            yield f'<rect x="{MARGIN}" y="{y:g}" width="4" height="{tall:g}" fill="{ACCENT}"/>'
        yield f'<g font-size="{SMALL + 1}">'
        yield f'<text x="{xs[0]:g}" y="{y + 16:g}" text-anchor="middle"{weight}>{lane.number}</text>'
        for column, (x, texts) in enumerate(zip(xs[1:], cells, strict=True)):
            for line, words in enumerate(texts):
                bold = weight if column == 0 else ""
                yield f'<text x="{x:g}" y="{y + 16 + line * LINE_HEIGHT:g}"{bold}>{escape(words)}</text>'
        yield "</g>"

    def _cells(self, row: Transition[Any]) -> tuple[str, str, str, str]:
        mark = f" ({POSSIBLE.to(self.language)})" if row.trigger in self.possible else ""
        return (
            row.label.to(self.language) + mark,
            proposers(row, self.language),
            approvers(row, self.language) if self.approved else occasions(row, self.language),
            laws(row, self.language),
        )


def _sources(machine: Machine[Any], row: Transition[Any]) -> tuple[str, ...]:
    """Return the states a row starts from, in the order of the machine."""
    return tuple(state for state in machine.states if machine.transition(state, row.trigger) is row)


def proposers(row: Transition[Any], language: Language) -> str:
    """Return who may propose a step."""
    return f" {OR.to(language)} ".join(role_words(role).to(language) for role in row.by)


def approvers(row: Transition[Any], language: Language) -> str:
    """Return who must approve a step, in order."""
    return ", ".join(f"{place}. {_approver(approval, language)}" for place, approval in enumerate(row.approvals, start=1)) or NONE.to(
        language
    )


def _approver(approval: Approval, language: Language) -> str:
    role = role_words(approval.role).to(language)
    return role if approval.after is None else f"{role} ({AFTERWARDS.to(language)})"


def occasions(row: Transition[Any], language: Language) -> str:
    """Return what makes a step happen: somebody's request, a form, the clock, a step elsewhere."""
    how, _, what = row.on.partition(":")
    occasions = [ASKED.to(language)] if {*row.by} - {"system", "clock"} else []
    occasions += [BY_ITSELF[how].to(language).format(what=what)] if how else []
    occasions += [TIME.to(language)] if row.wakes is not None else []
    return f" {OR.to(language)} ".join(occasions) or ANOTHER_STEP.to(language)


def laws(row: Transition[Any], language: Language) -> str:
    """Return the sources of a step."""
    return "; ".join(law.to(language) for law in row.law)


def safe(text: str) -> str:
    """Return text that Mermaid does not read as its own: no colon, semicolon, hash, quote or angle bracket."""
    return text.translate(MERMAID_SAFE)
