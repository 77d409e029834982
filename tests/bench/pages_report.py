"""What the measurement of the pages comes to: the slowest and heaviest of each kind, held against the budgets, as a page."""

import os
import platform
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import msgspec

from tests.bench.machine import this_machine

MOST_MS, MOST_KB, MOST_FRESH_KB = 50, 15, 40
"""The budgets: milliseconds of the server for a page on 10,000 cases, its weight once the style is kept, and at a first view."""
CHECKS = {"/trail?verify=1": "the whole journal is verified, rules and all: whoever presses the button waits for that"}
"""What is asked for by its name and is no page of the day's work: told, but not held against the budget."""


class Timed(msgspec.Struct, frozen=True, kw_only=True):
    """One page, asked for several times by somebody: milliseconds by the clock (best and median) and of the processor, bytes over the wire.

    `fresh` is its weight with everything that a first view fetches; `page` is false for a paper or a file to save.
    """

    kind: str
    who: str
    address: str
    best: float
    median: float
    cpu: float
    weight: int
    fresh: int
    page: bool
    elsewhere: int


def worst(found: Iterable[Timed], of: Callable[[Timed], float]) -> list[Timed]:
    """Return the worst of each kind, the worst of all first."""
    kinds = {one.kind: one for one in sorted(found, key=of)}
    return sorted(kinds.values(), key=of, reverse=True)


def page_of(found: list[Timed], cases: int, times: int) -> str:
    """Return what was measured as a page in Markdown."""
    return "\n".join(_lines(found, cases, times)) + "\n"


def _lines(found: list[Timed], cases: int, times: int) -> Iterator[str]:
    held = [one for one in found if one.address not in CHECKS]
    machine = this_machine(Path(tempfile.gettempdir()))
    yield f"# The pages at {cases:,} cases"
    yield ""
    yield "Written by `python -m tests.bench.pages --report`; do not edit. Over a copy of a seeded database somebody of every role follows"
    yield f"the links of their pages; of each kind of page the slowest are asked for {times} times, in one process, without a network."
    yield "Children in every state of the journey are opened, a worker's own among them: what a child's page weighs follows from both."
    yield "Each row is the page of its kind that costs the processor most, over everybody who opens it. The clock says what one waits"
    yield "for on this machine as busy as it was (a load above the cores makes everything wait); the processor what the page itself"
    yield "costs. Weight is what goes over the wire, packed."
    yield ""
    yield f"{datetime.now(UTC).date()}. Machine: {machine.processor}, {machine.cores} cores; {machine.memory:.0f} GiB; {machine.system};"
    yield f"Python {platform.python_version()}; SQLite {sqlite3.sqlite_version}. Load: {os.getloadavg()[1]:.1f}."
    yield f"{len({one.who for one in found})} people, one a stranger."
    yield ""
    yield "| budget | must | worst | where | |"
    yield "|---|--:|--:|---|---|"
    yield from _budgets(held)
    yield ""
    yield "| kind of page | ms, processor | clock, best | clock, median | KB | for whom |"
    yield "|---|--:|--:|--:|--:|---|"
    for one in worst(held, lambda each: each.cpu):
        figures = f"{one.cpu:.1f} | {one.best:.1f} | {one.median:.1f} | {one.weight / 1024:.1f}"
        yield f"| `{_shown(one)}`{'' if one.page else ' (file)'} | {figures} | {_role(one.who)} |"
    for one in worst((each for each in found if each.address in CHECKS), lambda each: each.best):
        yield ""
        yield f"Not held against the budget: `{one.address}`, {one.best / 1_000:.1f} s: {CHECKS[one.address]}."


def _budgets(found: list[Timed]) -> Iterator[str]:
    pages = [one for one in found if one.page]
    slow, dear = worst(found, lambda one: one.best)[0], worst(found, lambda one: one.cpu)[0]
    heavy, fresh = worst(pages, lambda one: one.weight)[0], worst(pages, lambda one: one.fresh)[0]
    yield _budget("server time of any page, of the processor", MOST_MS, dear.cpu, "ms", _shown(dear))
    yield _budget("server time of any page, by the clock", MOST_MS, slow.best, "ms", _shown(slow))
    yield _budget("a later view, over the wire", MOST_KB, heavy.weight / 1024, "KB", heavy.kind)
    yield _budget("a first view, with style and scripts", MOST_FRESH_KB, fresh.fresh / 1024, "KB", fresh.kind)
    yield _budget("requests to any other host", 0, sum(one.elsewhere for one in pages), "", f"{len({one.kind for one in pages})} kinds")


def _budget(what: str, most: float, measured: float, unit: str, where: str) -> str:
    shown = f"{measured:.0f}" if not unit else f"{measured:.1f} {unit}"
    return f"| {what} | {most:g} {unit} | {shown} | `{where}` | {'met' if measured <= most else '**not met**'} |"


def _shown(one: Timed) -> str:
    """Return the kind of a page with what is asked of it, by its names."""
    asked = sorted({name for name, _ in parse_qsl(urlsplit(one.address).query)})
    return f"{one.kind}?{'&'.join(asked)}" if asked else one.kind


def _role(username: str) -> str:
    return username.partition("-0")[0] or "a stranger"
