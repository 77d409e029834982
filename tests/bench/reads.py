"""`python -m tests.bench.reads SMALL LARGE`: whether reads stay flat when a database grows a hundredfold, held against the budgets.

Both are seeded databases (`casework seed`), named as the program serves them. Every read is a whole service, asked in turn of the small
and of the large one by supervisors of offices drawn by lot, in one process with one caller. `--report FILE` writes a page.
"""

import argparse
import platform
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from sqlalchemy import func, literal_column, select

from casework.machines.parameters import Parameters
from casework.services import caseload, counts, journals, views, work
from casework.services.lists import CaseLine, list_cases
from casework.store import keys, people
from casework.store.call import Call, Who
from casework.store.schema import care_case
from casework.store.store import Store
from tests.bench.machine import this_machine

NOBODY = Call(who=Who(person="", account="", name="", seats=()), at=datetime(2026, 11, 22, 4, tzinfo=UTC))
OFFICES = 7
"""Offices whose supervisors read: as many as the smallest database has."""
WARM = 10
"""Reads that are not measured, of each kind and each database: PostgreSQL settles on a plan by then."""


class Reader(msgspec.Struct, frozen=True):
    """A supervisor, the cases of the office, and the cursors behind every page of its caseload."""

    call: Call
    cases: tuple[CaseLine, ...]
    pages: tuple[str, ...]


class Place(msgspec.Struct, frozen=True):
    """A database, what asks it the least there is to ask, who reads in it, and what it holds."""

    store: Store
    bare: Callable[[], object]
    readers: tuple[Reader, ...]
    version: str
    cases: int
    entries: int


class Timed(msgspec.Struct, frozen=True):
    """Milliseconds: the middle one of many reads, the slowest but one in a hundred, and what one costs the program's processor."""

    p50: float
    p99: float
    cpu: float


Ask = Callable[[Place, Reader, random.Random], object]


def main() -> None:
    """Measure, print a page, and write it where it is asked for."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("small")
    told.add_argument("large")
    told.add_argument("--offices", type=int, nargs=2, required=True, metavar="N", help="how many offices each of them has")
    told.add_argument("--times", type=int, default=400)
    told.add_argument("--report", type=Path, metavar="FILE")
    asked = told.parse_args()
    with ExitStack() as stack:
        places = []
        for target, offices in zip((asked.small, asked.large), asked.offices, strict=True):
            places.append(_place(target, stack.enter_context(closing(Store(target, Parameters(), search_key=keys.kept(target)))), offices))
        timed = {name: _measure(ask, places, asked.times) for name, ask in READS.items()}
    page = "\n".join(_page(timed, places, asked.times)) + "\n"
    sys.stdout.write(page)
    if asked.report:
        asked.report.write_text(page, encoding="utf-8")


def _place(target: str, store: Store, offices: int) -> Place:
    store.prepare(NOBODY.at)
    raw: Any = psycopg.connect(target, autocommit=True) if "://" in target else sqlite3.connect(target)
    numbers = [1 + place * offices // OFFICES for place in range(OFFICES)]
    readers = tuple(_reader(store, f"supervisor-{number:03d}-01") for number in numbers)
    return Place(store, partial(_asked, raw), readers, *_holds(store))


def _holds(store: Store) -> tuple[str, int, int]:
    """Return what engine this is, and how many cases and journal entries it holds."""
    with store.read(NOBODY) as unit, unit.over_everything():
        held = unit.need(select(func.count().label("cases"), func.sum(care_case.c.seq).label("entries")).select_from(care_case), "cases")
        engine = "sqlite_version()" if unit.dialect == "sqlite" else "current_setting('server_version')"
        version = unit.need(select(literal_column(engine).label("version")), "version").version
    return f"{'SQLite' if engine.startswith('sqlite') else 'PostgreSQL'} {str(version).split()[0]}", int(held.cases), int(held.entries or 0)


def _reader(store: Store, username: str) -> Reader:
    with store.read(NOBODY) as unit:
        account = people.account_named(unit, username)
        who = people.who_is(unit, account.id, NOBODY.at) if account else None
    if who is None:
        msg = f"{username}: not a database that was seeded"
        raise SystemExit(msg)
    call = msgspec.structs.replace(NOBODY, who=who)
    page = caseload.caseload(store, call)
    lines, pages = list(page), [""]
    while page.after:
        pages.append(page.after)
        page = caseload.caseload(store, call, after=page.after)
        lines.extend(page)
    return Reader(call, tuple(lines), tuple(pages))


def _measure(ask: Ask, places: list[Place], times: int) -> list[Timed]:
    spent: list[list[float]] = [[] for _ in places]
    worked = [0.0 for _ in places]
    for turn in range(-WARM, times):
        for number, place in enumerate(places):
            lots = random.Random(turn)  # noqa: S311 - repeatable on purpose
            reader = lots.choice(place.readers)
            began, worked_before = time.perf_counter(), time.process_time()
            ask(place, reader, lots)
            if turn >= 0:
                spent[number].append((time.perf_counter() - began) * 1_000)
                worked[number] += (time.process_time() - worked_before) * 1_000
    return [
        Timed(statistics.median(kept), sorted(kept)[int(len(kept) * 0.99)], cpu / times) for kept, cpu in zip(spent, worked, strict=True)
    ]


def _asked(raw: Any) -> object:
    return raw.execute("SELECT 1").fetchone()


def _round_trip(place: Place, _reader: Reader, _lots: random.Random) -> object:
    return place.bare()


def _journal(place: Place, reader: Reader, lots: random.Random) -> object:
    return journals.journal_of(place.store, reader.call, lots.choice(reader.cases).id)


def _file(place: Place, reader: Reader, lots: random.Random) -> object:
    return views.show_case(place.store, reader.call, lots.choice(reader.cases).id)


def _first_page(place: Place, reader: Reader, _lots: random.Random) -> object:
    return caseload.caseload(place.store, reader.call)


def _deep_page(place: Place, reader: Reader, lots: random.Random) -> object:
    return caseload.caseload(place.store, reader.call, after=lots.choice(reader.pages[len(reader.pages) // 2 :]))


def _most_urgent(place: Place, reader: Reader, _lots: random.Random) -> object:
    return caseload.caseload(place.store, reader.call, order="due")


def _overdue(place: Place, reader: Reader, _lots: random.Random) -> object:
    return caseload.overdue_tasks(place.store, reader.call)


def _numbers(place: Place, reader: Reader, _lots: random.Random) -> object:
    return counts.counts(place.store, reader.call)


def _by_name(place: Place, reader: Reader, lots: random.Random) -> object:
    return _searched(place, reader, lots.choice(reader.cases).name.replace("a", "aa", 1))


def _by_number(place: Place, reader: Reader, lots: random.Random) -> object:
    return _searched(place, reader, lots.choice(reader.cases).number)


def _searched(place: Place, reader: Reader, typed: str) -> object:
    return list_cases(place.store, reader.call, typed)


def _to_do(place: Place, reader: Reader, _lots: random.Random) -> object:
    return work.my_work(place.store, reader.call)


BARE, JOURNAL, FILE = "a bare round trip of the driver", "a case with its journal", "a child's whole page"
FIRST, DEEP, NUMBERS = "caseload, first page", "caseload, pages of its second half", "numbers by state and office"
READS: Mapping[str, Ask] = {
    BARE: _round_trip,
    JOURNAL: _journal,
    FILE: _file,
    FIRST: _first_page,
    DEEP: _deep_page,
    "caseload, by what is due": _most_urgent,
    "what is overdue": _overdue,
    "a supervisor's work list": _to_do,
    NUMBERS: _numbers,
    "search by a misspelt name": _by_name,
    "search by case number": _by_number,
}


def _page(timed: Mapping[str, list[Timed]], places: list[Place], times: int) -> Iterator[str]:
    small, large = (f"{place.cases:,} cases" for place in places)
    yield f"# Reads at {places[1].cases:,} cases"
    yield ""
    yield "Written by `python -m tests.bench.reads --report`; do not edit. Each read is a whole service, asked in turn of two seeded"
    yield f"databases by one caller, {times} times after {WARM} that are not counted. CPU is what one costs the program, not the server."
    yield "Ratios within one run say something, absolute figures little."
    yield ""
    yield from _setting(places)
    yield ""
    yield "| budget | must | measured | |"
    yield "|---|---|--:|---|"
    for what, most, measured, unit in _budgets({name: found[1] for name, found in timed.items()}, timed):
        yield f"| {what} | at most {most:g} {unit} | {measured:.1f} {unit} | {'met' if measured <= most else '**not met**'} |"
    yield ""
    yield f"| milliseconds | {small}: p50 | p99 | CPU | {large}: p50 | p99 | CPU | p50, large / small | p99, large / small |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for name, (one, other) in timed.items():
        figures = (one.p50, one.p99, one.cpu, other.p50, other.p99, other.cpu)
        shown = " | ".join(f"{figure:.2f}" for figure in figures)
        yield f"| {name} | {shown} | {other.p50 / one.p50:.1f} | {other.p99 / one.p99:.1f} |"


def _setting(places: list[Place]) -> Iterator[str]:
    machine = this_machine(Path(tempfile.gettempdir()))
    held = " and ".join(f"{place.cases:,} cases with {place.entries:,} entries" for place in places)
    yield f"{datetime.now(UTC).date()}. Machine: {machine.processor}, {machine.cores} cores shared by program and"
    yield f"database; {machine.memory:.0f} GiB; {machine.system}; Python {platform.python_version()}; {places[1].version}. {held}."


def _budgets(large: Mapping[str, Timed], timed: Mapping[str, list[Timed]]) -> Iterator[tuple[str, float, float, str]]:
    """Yield every budget of a read (SPEED): what, the most, what was measured, of what."""
    yield "a case with its journal, p50", 8, large[JOURNAL].p50 / large[BARE].p50, "round trips"
    yield "a case with its journal, p99", 3, large[JOURNAL].p99 / timed[JOURNAL][0].p99, "× the small one's"
    yield "a page of the caseload at any depth, p50", 1.5, large[DEEP].p50 / large[FIRST].p50, "× the first page"
    yield "numbers by state and office, p50", 5, large[NUMBERS].p50, "ms"


if __name__ == "__main__":
    main()
