"""Which test holds each deadline: `tests/data/timer_tests.csv`, kept by hand, and the page that is made from it.

`python -m tests.house.timer_tests > docs/timer-tests.md` makes the page.
"""

import ast
import csv
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from casework.commands.deadlines import HEADINGS, row_of, table
from casework.machines.timer import Timer
from casework.machines.timers import TIMERS
from casework.words import Words
from tests.house.sources import ROOT, tree

TABLE = ROOT / "tests" / "data" / "timer_tests.csv"
PAGE = ROOT / "docs" / "timer-tests.md"
INTRODUCTION = """# Deadlines and their tests

*Made by `python -m tests.house.timer_tests` from `casework/machines/timers.py`, the tables of the machines and
`tests/data/timer_tests.csv`; not to be edited.*

Every deadline: where it is created, what happens when it passes, and the tests that hold it. What settles it stands in
[timers.md](timers.md). A deadline without a test, a test that is not there, and a test that does not name the parameter are refused.
"""


def kept() -> dict[str, tuple[str, ...]]:
    """Return the tests of each parameter."""
    found: dict[str, tuple[str, ...]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["parameter"]] = (*found.get(row["parameter"], ()), row["test"])
    return found


def faults(tests: Mapping[str, tuple[str, ...]], timers: Iterable[Timer] = TIMERS) -> Iterator[str]:
    """Yield every deadline without a test, every test that is not there, and every one that says nothing of its deadline."""
    parameters = [timer.parameter for timer in timers]
    yield from (f"{name}: no test holds it" for name in parameters if not tests.get(name))
    yield from (f"{name}: no deadline" for name in sorted(tests.keys() - {*parameters}))
    for name, held in tests.items():
        yield from (f"{name}: stands twice at {test}" for test in sorted({test for test in held if held.count(test) > 1}))
        for test in held:
            said = source_of(test)
            if said is None:
                yield f"{name}: {test} is not there"
            elif not re.search(rf"\b{name}\b", said):
                yield f"{name}: {test} does not name it"


@cache
def source_of(test: str) -> str | None:
    """Return what a test says, its decorators and the constants of its module that they use among it; None where there is no such test."""
    place, _, name = test.partition("::")
    path = ROOT / place
    if not (place.startswith("tests/") and path.is_file() and name.startswith("test_")):
        return None
    body = tree(path).body
    found = next((node for node in body if isinstance(node, ast.FunctionDef) and node.name == name), None)
    return "\n".join(map(ast.unparse, _with_constants(found, body))) if found else None


def _with_constants(node: ast.stmt, body: list[ast.stmt]) -> Iterator[ast.stmt]:
    yield node
    used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    for statement in body:
        if isinstance(statement, ast.Assign) and used & {each.id for target in statement.targets for each in _names(target)}:
            yield statement


def _names(target: ast.expr) -> Iterator[ast.Name]:
    return (each for each in ast.walk(target) if isinstance(each, ast.Name))


def page() -> str:
    """Return the whole page."""
    tests = kept()
    headings = (*HEADINGS[:4], HEADINGS[5], Words("Uji", "Test"))
    rows = ((*row[:4], row[5], "<br>".join(f"`{test}`" for test in tests[timer.parameter])) for timer, row in _rows())
    return "\n".join((INTRODUCTION, *table(headings, rows, "en"))) + "\n"


def _rows() -> Iterator[tuple[Timer, tuple[str, ...]]]:
    return ((timer, row_of(timer, "en")) for timer in TIMERS)


if __name__ == "__main__":
    sys.stdout.write(page())
