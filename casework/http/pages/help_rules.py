"""Every rule by the code it refuses with: what it asks for, why, how to satisfy it, and which steps ask for it; and every form likewise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from casework.errors import Law, Reason
from casework.http.pages.controls import Control, controls_of
from casework.http.pages.help_forms import FormHelp, form_help
from casework.machines.book import newest_machines, opened_by
from casework.machines.deadlines import effects_of
from casework.machines.effects import Due, EachChild
from casework.machines.engine import Guard, Machine, Transition
from casework.machines.forms import KINDS
from casework.machines.forms.catalogue import Kind
from casework.machines.parameters import Parameters
from casework.machines.refusals import approval_missing, approval_superseded, four_eyes, not_delegated, role_not_allowed
from casework.machines.settling import SIGNED
from casework.services.captions import task
from casework.words import Words

UNITS: Mapping[str, Words] = {
    "_hours": Words("jam", "hours"),
    "_workdays": Words("hari kerja", "working days"),
    "_days": Words("hari", "days"),
    "_months": Words("bulan", "months"),
}


class Asking(msgspec.Struct, frozen=True):
    """A step that asks for something: of which machine, and the state to look at it from."""

    machine: str
    machine_label: Words
    trigger: str
    label: Words
    source: str


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule. `forms` are the codes of the forms through which it is satisfied; `steps` those that ask for it."""

    code: str
    words: Words
    fix: Words
    law: tuple[Law, ...]
    who: tuple[str, ...]
    forms: tuple[str, ...]
    steps: tuple[Asking, ...]


class Settled(msgspec.Struct, frozen=True):
    """A task that signing a form settles, and the spans of time within which it is asked for."""

    task: Words
    within: tuple[Words, ...]


class FormFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One form: its own words, what it asks, and what the tables make of it."""

    kind: Kind
    help: FormHelp
    controls: tuple[Control, ...]
    rules: tuple[Rule, ...]
    steps: tuple[Asking, ...]
    made: tuple[Asking, ...]
    opens: tuple[Words, ...]
    law: tuple[Law, ...]


@cache
def rules() -> Mapping[str, Rule]:
    """Return every rule by its code, in the order of the tables: the guards of all machines, then what every step asks."""
    asking: dict[str, list[Asking]] = {}
    guards: dict[str, Guard[Any]] = {}
    for machine, row in _rows():
        for guard in row.guards:
            guards.setdefault(guard.code, guard)
            asking.setdefault(guard.code, []).append(_asking(machine, row))
    found = {code: _of_guard(guard, tuple(asking[code])) for code, guard in guards.items()}
    every = (role_not_allowed(()), approval_missing(()), four_eyes(), approval_superseded(), not_delegated())
    return found | {reason.code: _of_reason(reason) for reason in every}


@cache
def form_facts(code: str) -> FormFacts:
    """Return one form. Raises KeyError."""
    kind = KINDS[code]
    reading = tuple(rule for rule in rules().values() if code in rule.forms)
    steps = {(step.machine, step.trigger): step for rule in reading for step in rule.steps}
    laws = {law.source: law for rule in reading for law in rule.law}
    return FormFacts(
        kind=kind,
        help=form_help()[code],
        controls=controls_of(kind.form, {}, spare=1),
        rules=reading,
        steps=tuple(steps.values()),
        made=tuple(_asking(machine, row) for machine, row in _rows() if row.on.partition(":")[2] == code),
        opens=tuple(machine.definition.label for machine in opened_by(code) if machine.definition.label),
        law=tuple(laws.values()),
    )


def due_with(code: str, params: Parameters) -> Iterator[Settled]:
    """Yield the tasks that signing a form settles, each with its spans of time, by the parameters in force."""
    for kind, forms in SIGNED.items():
        spans = {name for name, asked in _asked_within() if asked == kind} if code in forms else set()
        if spans:
            yield Settled(
                task(kind), tuple(dict.fromkeys(_span(name, params) for name in sorted(spans, key=lambda name: _length(name, params))))
            )


def _rows() -> Iterator[tuple[Machine[Any], Transition[Any]]]:
    order = sorted(newest_machines().values(), key=lambda machine: machine.definition.about != "journey")
    yield from ((machine, row) for machine in order for row in machine.definition.transitions)


def _asking(machine: Machine[Any], row: Transition[Any]) -> Asking:
    name = machine.definition.name
    source = next(arc.source for arc in machine.arcs if arc.trigger == row.trigger and machine.transition(arc.source, arc.trigger) is row)
    return Asking(name, machine.definition.label or Words(name, name), row.trigger, row.label, source)


def _of_guard(guard: Guard[Any], steps: tuple[Asking, ...]) -> Rule:
    forms = tuple(source for source in guard.reads if source in KINDS)
    return Rule(code=guard.code, words=guard.words, fix=guard.fix, law=guard.law, who=guard.who, forms=forms, steps=steps)


def _of_reason(reason: Reason) -> Rule:
    return Rule(code=reason.code, words=reason.words, fix=reason.fix, law=reason.law, who=reason.who, forms=(), steps=())


@cache
def _asked_within() -> tuple[tuple[str, str], ...]:
    """Return (parameter, task) for every task that a row asks for."""
    effects = (effect for machine in newest_machines().values() for _, effect in effects_of(machine))
    dues = (effect.due if isinstance(effect, EachChild) else effect for effect in effects)
    return tuple(dict.fromkeys((due.within, due.task) for due in dues if isinstance(due, Due)))


def _length(parameter: str, params: Parameters) -> int:
    """Return about how many hours a span is, the first of several."""
    value = getattr(params, parameter)
    return int(value[0] if isinstance(value, tuple) else value) * (1 if parameter.endswith("_hours") else 24)


def _span(parameter: str, params: Parameters) -> Words:
    unit = next(words for suffix, words in UNITS.items() if parameter.endswith(suffix))
    value = getattr(params, parameter)
    number = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return Words(f"{number} {unit.id}", f"{number} {unit.en}")
