"""What is tried at the door, and which test tries it: `tests/data/front_door.csv`, kept by hand, and the page that is made from it.

`python -m tests.house.front_door > docs/front-door.md` makes the page.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from tests.house.sources import ROOT
from tests.house.timer_tests import source_of

TABLE = ROOT / "tests" / "data" / "front_door.csv"
PAGE = ROOT / "docs" / "front-door.md"
WHOLE = ("tests/http/test_traps.py",)
"""Modules of which every test stands in the table."""
INTRODUCTION = """# What is tried at the door, and the test that tries it

*Made by `python -m tests.house.front_door` from `tests/data/front_door.csv`; not to be edited.*

The traps of the packages that casework is built on (each test shows the package's own behaviour first, then that it is closed here), what
people and programs might try to come in or to see what is not theirs, and what must survive. Tests below `tests/soak` run with `make soak`,
all others with `make test`. A test that is not there is refused, and so is a trap without a test.
"""


class Row(NamedTuple):
    """One thing that is tried."""

    area: str
    what: str
    test: str


def kept() -> tuple[Row, ...]:
    """Return the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Row(**row) for row in csv.DictReader(file))


def faults(rows: Iterable[Row]) -> Iterator[str]:
    """Yield every test that is not there, everything said twice, and every test of the traps that the table leaves out."""
    rows = tuple(rows)
    yield from (f"{row.what}: {row.test} is not there" for row in rows if source_of(row.test) is None)
    whats = [(row.area, row.what) for row in rows]
    yield from (f"{what}: stands twice" for area, what in sorted({each for each in whats if whats.count(each) > 1}))
    named = {row.test for row in rows}
    for module in WHOLE:
        said = (ROOT / module).read_text(encoding="utf-8").splitlines()
        tests = (f"{module}::{line.split('(')[0].removeprefix('def ')}" for line in said if line.startswith("def test_"))
        yield from (f"{test}: not in the table" for test in tests if test not in named)


def page() -> str:
    """Return the whole page."""
    parts = [INTRODUCTION]
    for area, rows in groupby(kept(), key=lambda row: row.area):
        lines = "".join(f"| {row.what} | `{row.test}` |\n" for row in rows)
        parts.append(f"## {area}\n\n| What | Test |\n|---|---|\n{lines}")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
