"""For every guard of a process beside the journey: facts on which it holds, and for every clause facts that break exactly that clause."""

from tests.machines import (
    guard_examples_breaches,
    guard_examples_complaints,
    guard_examples_houses,
    guard_examples_incidents,
    guard_examples_processes,
    guard_examples_support,
)
from tests.machines.guard_book import Book

EXAMPLES = Book()
for _part in (
    guard_examples_complaints,
    guard_examples_breaches,
    guard_examples_houses,
    guard_examples_incidents,
    guard_examples_processes,
    guard_examples_support,
):
    EXAMPLES.update(_part.BOOK)
