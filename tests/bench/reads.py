"""`python -m tests.bench.reads SMALL LARGE`: whether reads stay flat when a database grows a hundredfold, held against the budgets.

Both are seeded databases (`casework seed`), named as the program serves them. Every read is a whole service, asked in turn of the small
and of the large one by supervisors of offices drawn by lot, in one process with one caller.
"""

import argparse
import random
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
import psycopg

from casework.machines.parameters import Parameters
from casework.seed.regency import CASES
from casework.services import caseload, counts, journals, views
from casework.services.lists import CaseLine
from casework.services.search import search_cases
from casework.store import keys, people
from casework.store.call import Call, Who
from casework.store.store import Store

NOBODY = Call(who=Who(person="", account="", name="", seats=()), at=datetime(2026, 11, 22, 4, tzinfo=UTC))
OFFICES = 7
"""Offices whose supervisors read: as many as the smallest database has."""


class Reader(msgspec.Struct, frozen=True):
    """A supervisor, the cases of the office, and the cursors behind every page of its caseload."""

    call: Call
    cases: tuple[CaseLine, ...]
    pages: tuple[str, ...]


class Place(msgspec.Struct, frozen=True):
    """A database, what asks it the least there is to ask, and who reads in it."""

    store: Store
    bare: Callable[[], object]
    readers: tuple[Reader, ...]


class Timed(msgspec.Struct, frozen=True):
    """Milliseconds: the middle one of many reads, and the slowest but one in a hundred."""

    p50: float
    p99: float


Ask = Callable[[Place, Reader, random.Random], object]


def main() -> None:
    """Measure and print a page."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("small")
    told.add_argument("large")
    told.add_argument("--offices", type=int, nargs=2, required=True, metavar="N", help="how many offices each of them has")
    told.add_argument("--times", type=int, default=400)
    asked = told.parse_args()
    with ExitStack() as stack:
        places = []
        for target, offices in zip((asked.small, asked.large), asked.offices, strict=True):
            places.append(_place(target, stack.enter_context(closing(Store(target, Parameters(), search_key=keys.kept(target)))), offices))
        timed = {name: _measure(ask, places, asked.times) for name, ask in READS.items()}
    sys.stdout.write("\n".join(_page(timed, asked.offices)) + "\n")


def _place(target: str, store: Store, offices: int) -> Place:
    store.prepare(NOBODY.at)
    raw: Any = psycopg.connect(target, autocommit=True) if "://" in target else sqlite3.connect(target)
    numbers = [1 + place * offices // OFFICES for place in range(OFFICES)]
    return Place(store, partial(_asked, raw), tuple(_reader(store, f"supervisor-{number:03d}-01") for number in numbers))


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
    for turn in range(times):
        for place, kept in zip(places, spent, strict=True):
            lots = random.Random(turn)  # noqa: S311 - repeatable on purpose
            reader = lots.choice(place.readers)
            began = time.perf_counter()
            ask(place, reader, lots)
            kept.append((time.perf_counter() - began) * 1_000)
    return [Timed(statistics.median(kept), sorted(kept)[int(len(kept) * 0.99)]) for kept in spent]


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
    with place.store.read(reader.call) as unit:
        return search_cases(unit, typed)


READS: Mapping[str, Ask] = {
    "a bare round trip of the driver": _round_trip,
    "a case's journal": _journal,
    "a child's whole page": _file,
    "caseload, first page": _first_page,
    "caseload, pages of its second half": _deep_page,
    "caseload, by what is due": _most_urgent,
    "what is overdue": _overdue,
    "numbers by state and office": _numbers,
    "search by a misspelt name": _by_name,
    "search by case number": _by_number,
}


def _page(timed: Mapping[str, list[Timed]], offices: list[int]) -> Iterator[str]:
    small, large = (f"{count * CASES:,} cases" for count in offices)
    yield f"| | {small}: p50 | p99 | {large}: p50 | p99 | p99, large / small |"
    yield "|---|--:|--:|--:|--:|--:|"
    for name, (one, other) in timed.items():
        figures = (one.p50, one.p99, other.p50, other.p99)
        yield f"| {name} | " + " | ".join(f"{figure:.2f}" for figure in figures) + f" | {other.p99 / one.p99:.1f} |"


if __name__ == "__main__":
    main()
