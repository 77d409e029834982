"""A process beside a case in a story: decided on real facts, step after step, with a clock of its own."""

from datetime import datetime
from typing import Any

import msgspec

from casework.errors import Refusal
from casework.machines.book import newest_machines
from casework.machines.effects import Effect, When
from casework.machines.engine import Ask, Move
from casework.machines.facts import Facts, Filed, Process
from tests.machines.builders import (
    WORKER,
    ago,
    facts,
)
from tests.machines.samples import NOW


class Story:
    """One process that is walked through its machine. Every step is decided; nothing is moved by hand."""

    def __init__(self, machine: str, state: str = "", **around: Any) -> None:
        self.machine = newest_machines()[machine]
        self.process = Process("p", machine, 1, state or self.machine.definition.initial, ago(60), ago(60), case_id="case-1")
        self.around = around
        self.effects: tuple[Effect, ...] = ()

    def facts(self, capacities: set[str], person: str = WORKER) -> Facts:
        return facts(process=self.process, ask=Ask(person, frozenset(capacities)), **self.around)

    def asks(self, trigger: str, *capacities: str, person: str = WORKER) -> str | set[str]:
        """Ask for a step; return the state it leads to, or the codes it is refused with."""
        asked = self.facts({*capacities} or {"social_worker"}, person)
        outcome = self.machine.decide(self.process.state, trigger, asked)
        if isinstance(outcome, Refusal):
            return {*outcome.codes}
        self.effects = tuple(self.brought(outcome, asked))
        entered = self.around.get("now", NOW)
        if outcome.dest == outcome.source:
            entered = self.process.entered_at
        self.process = msgspec.structs.replace(self.process, state=outcome.dest, entered_at=entered, by=(*self.process.by, person))
        return outcome.dest

    def happens(self, what: str) -> str:
        """Let the first row that waits for this be made, as services do; return the state then."""
        for trigger in self.machine.triggers_from(self.process.state):
            row = self.machine.transition(self.process.state, trigger)
            if row is not None and row.on == what and not isinstance(self.asks(trigger, "system"), set):
                break
        return self.process.state

    def wakes(self, trigger: str) -> datetime | None:
        row = self.machine.transition(self.process.state, trigger)
        assert row is not None
        assert row.wakes is not None
        return row.wakes(self.facts({"clock"}))

    def brought(self, move: Move[Any], asked: Facts) -> list[Effect]:
        """Return the effects that happen, those behind a condition only if it holds."""
        conditions = {guard.code: guard for guard in self.machine.definition.conditions}
        found: list[Effect] = []
        for effect in move.transition.effects:
            if not isinstance(effect, When):
                found.append(effect)
            elif conditions[effect.condition].unmet(asked) is None:
                found.extend(effect.effects)
        return found

    def goes_on(self, **around: Any) -> None:
        self.around |= around

    def newest(self, body: Filed[Any]) -> None:
        """File a newer version of the form that opened the process."""
        self.process = msgspec.structs.replace(self.process, record=body)
