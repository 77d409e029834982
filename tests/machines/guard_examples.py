"""For every guard: facts on which it holds, and for every clause facts that break exactly that clause."""

from tests.machines import (
    guard_examples_assessment,
    guard_examples_carers,
    guard_examples_ending,
    guard_examples_home,
    guard_examples_hosts,
    guard_examples_intake,
    guard_examples_options,
    guard_examples_rhythm,
)
from tests.machines.guard_book import Book

EXAMPLES = Book()
for _part in (
    guard_examples_assessment,
    guard_examples_carers,
    guard_examples_ending,
    guard_examples_home,
    guard_examples_hosts,
    guard_examples_intake,
    guard_examples_options,
    guard_examples_rhythm,
):
    EXAMPLES.update(_part.BOOK)
