"""Machines small enough to search by hand, and the evidence their guards read."""

from typing import Any

import msgspec

from casework.errors import Law
from casework.machines.engine import Ask, Definition, Guard, Machine, State, Transition, compile_machine
from casework.machines.invariants import Invariant
from casework.machines.situations import Situation
from casework.machines.vectors import Axis
from casework.words import Words

LAW = (Law("UUPA 14", "SEEN"),)
WORD = Words("kata", "word")
LEVELS = ("absent", "old", "aged", "current")
TOY_AXES = tuple(Axis(name, LEVELS, ((0, 2, 3), (1, 2, 3), (2, 3), (2, 3)), (0, 1, 1, 1)) for name in ("plan", "view"))


class ToyFacts(msgspec.Struct, frozen=True):
    """What toy guards see: the levels themselves."""

    ask: Ask
    levels: dict[str, str]


class ToyDossier:
    """Toy evidence: each guard reads the axis that bears its name."""

    axes = TOY_AXES
    situational: frozenset[str] = frozenset()

    def axes_read(self, guard: Guard[Any], _trigger: str, /) -> tuple[str, ...]:
        return tuple(axis.name for axis in TOY_AXES if axis.name == guard.code)

    def holds(self, guard: Guard[Any], _trigger: str, levels: Any, /) -> bool:
        return guard.unmet(ToyFacts(Ask("", frozenset()), {**dict.fromkeys(("plan", "view"), "current"), **levels})) is None

    def holds_in(self, _guard: Guard[Any], _situation: Situation, /) -> bool:
        return True

    def signed(self, _row: Transition[Any], _level: str, /) -> bool:
        return True

    def enough(self, _roles: tuple[str, ...], /) -> tuple[str, ...]:
        return ()


TOY_DOSSIER = ToyDossier()


def toy_guard(name: str, *levels: str) -> Guard[ToyFacts]:
    return Guard(name, lambda facts: facts.levels[name] in levels, WORD, LAW, WORD, ())


def toy(*rows: Transition[ToyFacts], requires: tuple[Invariant, ...] = (), states: str = "abz") -> Machine[ToyFacts]:
    kinds = tuple(State(name, WORD, kind="final" if name == "z" else "live") for name in states)
    return compile_machine(Definition("toy", 1, "a", kinds, rows, requires))


def row(trigger: str, source: str, dest: str, *guards: Guard[ToyFacts], new_round: bool = False) -> Transition[ToyFacts]:
    return Transition(trigger, WORD, (source,), dest, guards=guards, new_round=new_round, law=LAW)
