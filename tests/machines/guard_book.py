"""What an example of a guard is: facts, whether the guard holds on them, and what it says where not. And of what no guard asks."""

from collections.abc import Callable
from typing import Any, NamedTuple

from casework.machines.complaints import ComplaintFacts
from casework.machines.engine import Guard
from casework.machines.facts import Facts
from casework.machines.houses import HouseFacts
from casework.machines.offices import OfficeFacts


class Example(NamedTuple):
    name: str
    facts: Any
    """`Facts`, or `HouseFacts` of a guard about a house."""
    holds: bool
    says: str = ""
    """A gap, in English, that the refusal must name; "" when any refusal will do."""

    def borne_out_by(self, guard: Guard[Any]) -> bool:
        """Whether the guard answers as this example says."""
        reason = guard.unmet(self.facts)
        if reason is None or self.holds:
            return reason is None and self.holds
        return not self.says or self.says in {gap.en for gap in reason.details}


class Book(dict[str, list[Example]]):
    """Examples by guard code."""

    def holds(self, code: str, name: str, facts: Facts | HouseFacts | ComplaintFacts | OfficeFacts) -> None:
        self.setdefault(code, []).append(Example(name, facts, holds=True))

    def fails(self, code: str, name: str, facts: Facts | HouseFacts | ComplaintFacts | OfficeFacts, says: str = "") -> None:
        self.setdefault(code, []).append(Example(name, facts, holds=False, says=says))


class Answer(NamedTuple):
    """What a function beside the guards answers: one that clocks or counts ask and no guard does."""

    name: str
    function: Callable[..., Any]
    asked: tuple[Any, ...]
    answer: Any

    def borne_out(self) -> bool:
        return bool(self.function(*self.asked) == self.answer)
