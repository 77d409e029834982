"""All machines as one picture: who brings about what in whom, and which tasks each asks for, from the tables themselves.

One line across for each machine, one numbered lane down for each thing that one brings about in another: a dot where it comes from, an
arrowhead where it happens; below, the table of both. `machines/draw.py` draws one machine, in the same manner.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any, TypeAlias

import msgspec

from casework.machines.draw import ACCENT, CHARACTER, LANE, LINE_HEIGHT, MARGIN, ROW, SMALL, TEXT, TOP, safe
from casework.machines.effects import Due, EachChild, Effect, End, Fire, Open, Reserve, Resume, Start, StartSame, flattened
from casework.machines.engine import Machine
from casework.words import Language, Words

Machines: TypeAlias = Mapping[str, Machine[Any]]
Spoken: TypeAlias = Callable[[str], Words]
"""What a task is called. The machines only know its code."""

TITLE = Words("Mesin keadaan dan pengaruhnya satu sama lain", "The machines, and what they bring about in each other")
DESCRIPTION = Words(
    "Setiap baris adalah satu mesin keadaan. Setiap lajur bernomor adalah satu akibat: titik menandai mesin asal, panah menandai mesin "
    "tempat akibat itu terjadi. Tabel di bawahnya menyebut langkah asalnya, dan tugas yang diminta setiap mesin.",
    "Each line is a machine. Each numbered lane is something that one brings about in another: a dot marks where it comes from, an arrow "
    "where it happens. The tables below name the steps it comes from, and the tasks that each machine asks for.",
)
BEGINS = Words("dibuka", "begins")
OPENING = Words("saat dibuka", "when it begins")
STATES, TASKS, STEPS = Words("tahap", "states"), Words("tugas", "tasks"), Words("langkah", "steps")
FOR_EACH = Words("untuk setiap anak di tempat itu", "for every child who lives there")
WITHIN = Words("tenggat", "within")
PLACED: Mapping[type, Words] = {
    Start: Words("dimulai", "starts"),
    StartSame: Words("dimulai", "starts"),
    Reserve: Words("tempat ditahan", "the place is held"),
    Resume: Words("dilanjutkan", "resumes"),
    End: Words("berakhir", "ends"),
}
"""What the journey does to where the child lives, which is a process too."""
BROUGHT_HEADINGS = (Words("No.", "No."), Words("Akibat", "What is brought about"), Words("Berasal dari langkah", "By which steps"))
TASK_HEADINGS = (Words("No.", "No."), Words("Tugas", "Task"), Words("Diminta oleh langkah", "Asked for by the steps"))
SHARES = (0.3, 0.7)
WIDTH, NAME_CHARACTER = 1040, 7.2
"""Pixels: the least width of the picture, and what one character of a machine's name takes at most, on average."""
MOST_NAMED = 2
"""Steps that a Mermaid arrow names; where there are more it says how many."""


class Brought(msgspec.Struct, frozen=True):
    """Something that steps of one machine bring about in another. `step` is what happens there, in words."""

    source: str
    dest: str
    step: Words
    causes: tuple[Words, ...]


class Asked(msgspec.Struct, frozen=True):
    """A task that steps of a machine ask for, within the time that a parameter names."""

    machine: str
    task: str
    within: str
    each: bool
    causes: tuple[Words, ...]


def brought_about(machines: Machines) -> tuple[Brought, ...]:
    """Return everything that one machine brings about in another, or in others of its own kind."""
    found: dict[tuple[str, str, str], tuple[Words, list[Words]]] = {}
    for name, machine in machines.items():
        for cause, effect in _effects(machine):
            match effect:
                case Fire():
                    dest, step = effect.machine, _step(machines[effect.machine], effect.trigger)
                case Open():
                    dest, step = effect.machine, BEGINS
                case _ if type(effect) in PLACED:
                    dest, step = "placement", PLACED[type(effect)]
                case _:
                    continue
            causes = found.setdefault((name, dest, step.en), (step, []))[1]
            causes += [] if cause in causes else [cause]
    told = (Brought(source, dest, step, tuple(causes)) for (source, dest, _), (step, causes) in found.items() if dest in machines)
    order = [*machines]
    return tuple(sorted(told, key=lambda each: (order.index(each.source), order.index(each.dest))))


def asked_for(machines: Machines) -> tuple[Asked, ...]:
    """Return every task that a machine asks for."""
    found: dict[tuple[str, str, str, bool], list[Words]] = {}
    for name, machine in machines.items():
        for cause, effect in _effects(machine):
            due = effect.due if isinstance(effect, EachChild) else effect
            if isinstance(due, Due):
                causes = found.setdefault((name, due.task, due.within, isinstance(effect, EachChild)), [])
                causes += [] if cause in causes else [cause]
    return tuple(Asked(*key, tuple(causes)) for key, causes in found.items())


def mermaid_all(machines: Machines, language: Language, spoken: Spoken) -> str:
    """Return a Mermaid `flowchart`: a box for each machine with its tasks, an arrow for each pair of which one affects the other."""
    lines = ["flowchart LR"]
    for name, machine in machines.items():
        asked = dict.fromkeys(spoken(each.task).to(language) for each in asked_for(machines) if each.machine == name)
        tasks = [f"{TASKS.to(language)}:", *map(safe, asked)] if asked else []
        lines.append(f'    {name}["{"<br/>".join((safe(_counted(machine, language)), *tasks))}"]')
    pairs: dict[tuple[str, str], list[str]] = {}
    for each in brought_about(machines):
        many = len(each.causes) > MOST_NAMED
        causes = f"{len(each.causes)} {STEPS.to(language)}" if many else ", ".join(cause.to(language) for cause in each.causes)
        pairs.setdefault((each.source, each.dest), []).append(safe(f"{causes} → {each.step.to(language)}"))
    lines += [f'    {source} -- "{"<br/>".join(told)}" --> {dest}' for (source, dest), told in pairs.items()]
    return "\n".join(lines) + "\n"


def svg_all(machines: Machines, language: Language, spoken: Spoken) -> str:
    """Return an accessible SVG without a style sheet; `--machine-accent` sets the one colour."""
    return _Picture(machines, language, spoken).text()


def _effects(machine: Machine[Any]) -> Iterator[tuple[Words, Effect]]:
    """Yield every effect with the label of the step that brings it."""
    definition = machine.definition
    for cause, effects in ((OPENING, definition.opening), *((row.label, row.effects) for row in definition.transitions)):
        yield from ((cause, effect) for effect in flattened(effects))


def _step(machine: Machine[Any], trigger: str) -> Words:
    return next(row.label for row in machine.definition.transitions if row.trigger == trigger)


def _name(machine: Machine[Any]) -> Words:
    words = machine.definition.label or Words(machine.definition.name, machine.definition.name)
    return Words(words.id[:1].upper() + words.id[1:], words.en[:1].upper() + words.en[1:])


def _counted(machine: Machine[Any], language: Language) -> str:
    return f"{_name(machine).to(language)} ({len(machine.states)} {STATES.to(language)})"


class _Picture:
    """The picture. Coordinates are pixels; y of line `n` is its middle."""

    def __init__(self, machines: Machines, language: Language, spoken: Spoken) -> None:
        self.machines = machines
        self.language = language
        self.spoken = spoken
        self.places = {name: place for place, name in enumerate(machines)}
        self.brought = brought_about(machines)
        self.labels = 40 + round(NAME_CHARACTER * max(len(_counted(machine, language)) for machine in machines.values()))
        self.width = max(WIDTH, 2 * MARGIN + self.labels + len(self.brought) * LANE)
        self.foot = TOP + len(machines) * ROW + 24

    def text(self) -> str:
        """Return the whole picture."""
        rows = [(number, self._told(each), "; ".join(map(self._say, each.causes))) for number, each in enumerate(self.brought, start=1)]
        legend, y = self._table(BROUGHT_HEADINGS, rows, self.foot + 28)
        asked = enumerate(asked_for(self.machines), start=1)
        tasks = [(number, self._asked(each), "; ".join(map(self._say, each.causes))) for number, each in asked]
        more, height = self._table(TASK_HEADINGS, tasks, y + 20)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height:g}" width="{self.width}" height="{height:g}"'
            f' role="group" aria-labelledby="machines-title machines-desc" class="machines" font-family="system-ui, sans-serif"'
            f' font-size="{TEXT}" fill="currentColor" lang="{self.language}">'
        )
        parts = [
            head,
            f'<title id="machines-title">{escape(self._say(TITLE))}</title>',
            f'<desc id="machines-desc">{escape(self._say(DESCRIPTION))}</desc>',
            *self._lines(),
            *(mark for number, each in enumerate(self.brought, start=1) for mark in self._lane(number, each)),
            *legend,
            *more,
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def _say(self, words: Words) -> str:
        return words.to(self.language)

    def _y(self, name: str) -> float:
        return TOP + (self.places[name] + 0.5) * ROW

    def _lines(self) -> Iterator[str]:
        """Yield the line of each machine."""
        for name, place in self.places.items():
            y = self._y(name)
            if place % 2 == 0:
                yield f'<rect x="{MARGIN}" y="{y - ROW / 2}" width="{self.width - 2 * MARGIN}" height="{ROW}" fill-opacity="0.045"/>'
            end = MARGIN + self.labels + len(self.brought) * LANE
            yield f'<line x1="{MARGIN + self.labels}" y1="{y}" x2="{end}" y2="{y}" stroke="currentColor" stroke-opacity="0.22"/>'
            said = escape(_counted(self.machines[name], self.language))
            yield f'<text x="{MARGIN + 24}" y="{y + 4.5}"><title>{escape(name)}</title>{said}</text>'

    def _lane(self, number: int, each: Brought) -> Iterator[str]:
        """Yield one lane: its number above and below, a dot where it comes from, an arrowhead, or a ring within one machine."""
        x, start, end = MARGIN + self.labels + (number - 0.5) * LANE, self._y(each.source), self._y(each.dest)
        told = escape(f"{number}. {self._name(each.source)} → {self._told(each)}")
        yield f'<g class="lane" role="img" aria-label="{told}" fill="{ACCENT}" stroke="{ACCENT}"><title>{told}</title>'
        yield f'<line x1="{x}" y1="{start}" x2="{x}" y2="{end}" stroke-width="1.3"/><circle cx="{x}" cy="{start}" r="3.6" stroke="none"/>'
        if start == end:
            yield f'<circle cx="{x}" cy="{end}" r="7.5" fill="none" stroke-width="1.5"/>'
        else:
            yield f'<path d="M{x} {end} l-6 {-11 if start < end else 11} h12 z" stroke="none"/>'
        for y in (TOP - 12, self.foot - 6):
            yield f'<text x="{x}" y="{y}" font-size="{SMALL + 1}" text-anchor="middle" fill="currentColor" stroke="none">{number}</text>'
        yield "</g>"

    def _name(self, machine: str) -> str:
        return self._say(_name(self.machines[machine]))

    def _told(self, each: Brought) -> str:
        return f"{self._name(each.dest)}: {self._say(each.step)}"

    def _asked(self, each: Asked) -> str:
        every = f", {self._say(FOR_EACH)}" if each.each else ""
        return f"{self._name(each.machine)}: {self._say(self.spoken(each.task))} ({self._say(WITHIN)} {each.within}{every})"

    def _table(self, headings: tuple[Words, ...], rows: list[tuple[int, str, str]], y: float) -> tuple[list[str], float]:
        """Return a table of a number and two columns of text, and the y at which it ends."""
        usable = self.width - 2 * MARGIN - 44
        xs = (MARGIN + 24, MARGIN + 44, MARGIN + 44 + usable * SHARES[0])
        fits = [int(usable * share / CHARACTER) - 2 for share in SHARES]
        parts = [
            f'<text x="{x:g}" y="{y:g}" font-weight="700" font-size="{SMALL + 1}" text-anchor="{anchor}">{escape(self._say(words))}</text>'
            for x, words, anchor in zip(xs, headings, ("middle", "start", "start"), strict=True)
        ]
        y += 8
        for number, *cells in rows:
            wrapped = [textwrap.wrap(cell, fit) for cell, fit in zip(cells, fits, strict=True)]
            parts.append(
                f'<line x1="{MARGIN}" y1="{y:g}" x2="{self.width - MARGIN}" y2="{y:g}" stroke="currentColor" stroke-opacity="0.18"/>'
            )
            parts.append(f'<g font-size="{SMALL + 1}"><text x="{xs[0]:g}" y="{y + 16:g}" text-anchor="middle">{number}</text>')
            for x, texts in zip(xs[1:], wrapped, strict=True):
                lines = enumerate(texts)
                parts += [f'<text x="{x:g}" y="{y + 16 + line * LINE_HEIGHT:g}">{escape(words)}</text>' for line, words in lines]
            parts.append("</g>")
            y += max(map(len, wrapped)) * LINE_HEIGHT + 8
        return parts, y + MARGIN
