"""The page of the figures: the machine, the budgets and whether they are met, then every line.

`python -m tests.bench.report results.json page.md` writes the page of a run again.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tests.bench.figures import Line
from tests.bench.machine import Machine

FLOOR = "floor"
PEERS = {"http": "Django-Ninja + django-fsm-log", "services": "django-fsm-log"}
MANY = 32
FEW = 30
"""With fewer answers than this in a round, there is nothing to say."""


class Results(msgspec.Struct, frozen=True):
    """One run. `decision` is one decision of the machine in microseconds."""

    machine: Machine
    databases: tuple[str, ...]
    rounds: int
    seconds: float
    counts: dict[str, int]
    decision: float
    lines: tuple[Line, ...]


class Budget(msgspec.Struct, frozen=True):
    """One budget and what was measured; None where its line or its peer was not in the run."""

    what: str
    wanted: str
    measured: float | None
    shown: str
    met: bool


def page_of(results: Results) -> str:
    """Return the page, in Markdown."""
    parts = [*_head(results), "## Budgets", "", "| | must | measured | |", "|---|---|--:|---|"]
    parts += [f"| {one.what} | {one.wanted} | {one.shown} | {_word(one)} |" for one in budgets(results)]
    for database in dict.fromkeys(line.database for line in results.lines):
        for path in ("services", "http"):
            parts += ["", *_table(results, database, path)]
    return "\n".join(parts) + "\n"


def budgets(results: Results) -> Iterator[Budget]:
    """Yield every budget."""
    for database in dict.fromkeys(line.database for line in results.lines):
        for move in ("ordinary", "admission"):
            at = f"{move} move, {database}"
            yield _times(results, f"HTTP, 32 connections, {at}", ("http", database, move, MANY), 8)
            yield _of_floor(results, f"HTTP, 32 connections, {at}", ("http", database, move, MANY), 0.25)
            yield _times(results, f"services, 32 callers, {at}", ("services", database, move, MANY), 8)
            yield _times(results, f"services, one caller, {at}", ("services", database, move, 1), 3)
    for move in ("ordinary", "admission"):
        yield _most(results, f"HTTP, 32 connections, {move} move, SQLite: p99", ("http", "SQLite", move, MANY), "p99", 100, "ms")
        yield _most(results, f"services, 32 callers, {move} move, SQLite: p99", ("services", "SQLite", move, MANY), "p99", 50, "ms")
    yield Budget(
        "one decision of the machine, with all reasons",
        "at most 60 µs",
        results.decision,
        f"{results.decision:.0f} µs",
        results.decision <= 60,
    )
    for database in dict.fromkeys(line.database for line in results.lines):
        where = ("http", database, "ordinary", MANY)
        yield _most(results, f"`serve` answers on an existing database, {database}", where, "start", 2000, "ms")
        yield _most(results, f"a worker under load, {database}", where, "memory", 200, "MiB")


Where = tuple[str, str, str, int]
"""Path, database, move and clients of a line."""


def _line(results: Results, where: Where, who: str) -> Line | None:
    path, database, move, clients = where
    known = (line for line in results.lines if (line.path, line.database, line.clients, line.who) == (path, database, clients, who))
    return next((line for line in known if line.move in (move, "bare") and line.median("done") >= FEW), None)


def _ratio(results: Results, where: Where, under: str) -> float | None:
    line, other = _line(results, where, "casework"), _line(results, where, under)
    if line is None or other is None or not other.median("rate"):
        return None
    return line.median("rate") / other.median("rate")


def _times(results: Results, what: str, where: Where, least: float) -> Budget:
    peer = PEERS[where[0]]
    found = _ratio(results, where, peer)
    return Budget(what, f"at least {least:g} × {peer}", found, "" if found is None else f"{found:.1f} ×", (found or 0.0) >= least)


def _of_floor(results: Results, what: str, where: Where, least: float) -> Budget:
    found = _ratio(results, where, FLOOR)
    return Budget(what, f"at least {least:g} of the floor", found, "" if found is None else f"{found:.2f}", (found or 0.0) >= least)


def _most(results: Results, what: str, where: Where, name: str, most: float, unit: str) -> Budget:
    line = _line(results, where, "casework")
    found = None if line is None else line.median(name)
    return Budget(
        what, f"at most {most:g} {unit}", found, "" if found is None else f"{found:,.0f} {unit}", found is not None and found <= most
    )


def _word(budget: Budget) -> str:
    if budget.measured is None:
        return "not in this run"
    return "met" if budget.met else "**not met**"


_INTRODUCTION = """# Benchmarks

Written by `make bench`; do not edit. One operation is one guarded move, durable, with its version lock and its chained journal entry. Ours
also carries the session (over HTTP), the policy, the idempotency key, the version seen, every guard with all its reasons and the walls of
the database; the floor (hand-written, group commit) and the peers carry none of that. The *ordinary* move is `start_assessment`; the
*admission* is `admit_to_institution` with the whole of its evidence and two approvals. `+ session` looks the session up for every move.
Ratios within one run say something, absolute figures little. CPU is what one operation costs the program (not the database server).
"""


def _head(results: Results) -> list[str]:
    machine = results.machine
    return [
        _INTRODUCTION,
        f"Machine: {machine.processor}, {machine.cores} cores shared by load, program and database; {machine.memory:.0f} GiB;",
        f"{machine.system}; fdatasync of 4 KiB {machine.sync[0]:.0f} µs (median), {machine.sync[1]:.0f} µs (p99).",
        f"Python {machine.python}; {'; '.join(results.databases)}.",
        "",
        f"{results.rounds} interleaved rounds of {results.seconds:g} s; medians of the rounds.",
        "",
    ]


def _table(results: Results, database: str, path: str) -> Iterator[str]:
    title = "over HTTP" if path == "http" else "services in process"
    peer = PEERS[path]
    yield f"## {database}, {title}"
    yield ""
    yield f"| | move | clients | per second | of the floor | × {peer} | p50 ms | p99 ms | CPU µs | slowest–fastest round | wrong |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    lines = [line for line in results.lines if (line.database, line.path) == (database, path)]
    rates = {(line.who, line.clients): line.median("rate") for line in lines}
    for line in lines:
        rate = line.median("rate")
        under = [_against(rate, rates.get((who, line.clients), 0.0)) for who in (FLOOR, peer)]
        low, high = line.spread
        yield (
            f"| {line.who} | {line.move} | {line.clients} | {rate:,.0f} | {under[0]} | {under[1]} "
            f"| {line.median('p50'):.2f} | {line.median('p99'):.2f} | {line.median('cpu'):,.0f} | {low:,.0f}–{high:,.0f} | {line.wrong} |"
        )


def _against(rate: float, other: float) -> str:
    return f"{rate / other:.2f}" if other else ""


def main() -> None:
    """Write the page of a run again."""
    results = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Results)
    Path(sys.argv[2]).write_text(page_of(results), encoding="utf-8")


if __name__ == "__main__":
    main()
