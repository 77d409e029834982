"""What an example of a guard is: facts, and whether the guard holds on them."""

from typing import NamedTuple

from casework.machines.facts import Facts


class Example(NamedTuple):
    name: str
    facts: Facts
    holds: bool


class Book(dict[str, list[Example]]):
    """Examples by guard code."""

    def holds(self, code: str, name: str, facts: Facts) -> None:
        self.setdefault(code, []).append(Example(name, facts, holds=True))

    def fails(self, code: str, name: str, facts: Facts) -> None:
        self.setdefault(code, []).append(Example(name, facts, holds=False))
