"""`python -m tests.bench.measure`: every contender in turn, round after round, on this machine; then the report.

Rounds are interleaved and their order turns round each time, so that what else the machine does hits everybody alike. Each round of each
contender has processes and a database of its own. From the environment: `BENCH_PEERS` (a folder, see peers.py), `BENCH_POSTGRES` (the URL
of a server whose role may create databases), `BENCH_FOLDER` (where databases lie: a real disk; templates are kept there).
"""

import argparse
import compileall
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path

import msgspec

import casework
from casework.machines.care import CARE
from tests.bench import peers, report
from tests.bench.bench_decide import median_microseconds
from tests.bench.contenders import Bed, Contender, make_bed, ours
from tests.bench.databases import Database, Postgres, Sqlite, durable_server
from tests.bench.figures import Asked, Figures, Line
from tests.bench.machine import this_machine
from tests.bench.report import Results
from tests.machines.builders import admissible

PROGRAM = Path(casework.__file__).parent
"""Compiled before it is measured, as pip does with what it installs: in a shell that forbids Python to keep it, every start would do so."""


class Chosen(msgspec.Struct, frozen=True):
    """What is measured, and for how long."""

    rounds: int
    seconds: float
    warm: float
    clients: tuple[int, ...]
    counts: dict[str, int]
    databases: tuple[str, ...]
    only: str


def main() -> None:
    """Measure and write the report."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--rounds", type=int, default=5)
    told.add_argument("--seconds", type=float, default=2.0)
    told.add_argument("--warm", type=float, default=0.3)
    told.add_argument("--clients", default="1,32")
    told.add_argument("--ordinary", type=int, default=6_000, help="how many cases wait for the ordinary move")
    told.add_argument("--admission", type=int, default=1_024, help="how many cases wait for their admission (at most 1280)")
    told.add_argument("--databases", default="sqlite,postgresql")
    told.add_argument("--only", default="", help="only lines whose path, name and move contain this")
    told.add_argument("--report", type=Path, help="the page to write")
    asked = told.parse_args()
    chosen = Chosen(
        asked.rounds,
        asked.seconds,
        asked.warm,
        tuple(int(number) for number in asked.clients.split(",")),
        {"ordinary": asked.ordinary, "admission": asked.admission},
        tuple(asked.databases.split(",")),
        asked.only,
    )
    folder = Path(os.environ.get("BENCH_FOLDER") or Path(tempfile.gettempdir()) / "casework-bench")
    folder.mkdir(parents=True, exist_ok=True)
    compileall.compile_dir(PROGRAM, quiet=1)
    results = measure(chosen, folder)
    (folder / "results.json").write_bytes(msgspec.json.format(msgspec.json.encode(results)))
    page = report.page_of(results)
    sys.stdout.write(page)
    if asked.report:
        asked.report.write_text(page, encoding="utf-8")


def measure(chosen: Chosen, folder: Path) -> Results:
    """Return the figures of every line."""
    known = peers.peers_of(os.environ)
    lines: dict[tuple[int, int], list[Figures]] = {}
    with databases(chosen, folder) as found:
        beds = _beds(found, folder, chosen)
        everybody = [
            (number, one) for number, one in enumerate(_everybody(beds, known, folder)) if chosen.only in f"{one.path} {one.who} {one.move}"
        ]
        for turn in range(chosen.rounds):
            for bed in beds:
                bed.renew()
            for clients in chosen.clients:
                for number, one in everybody if turn % 2 == 0 else reversed(everybody):
                    figures = one.round(Asked(clients, chosen.warm, chosen.seconds))
                    lines.setdefault((number, clients), []).append(figures)
                    _say(turn, clients, one, figures)
        versions = tuple(database.version() for database in found)
        for bed in beds:
            bed.clean()
            peers.clean(bed.database)
    shown = tuple(
        Line(who=one.who, move=one.move, path=one.path, database=one.database, clients=clients, rounds=tuple(lines[number, clients]))
        for clients in chosen.clients
        for number, one in everybody
    )
    return Results(this_machine(folder), versions, chosen.rounds, chosen.seconds, chosen.counts, _decision(), shown)


def _beds(found: list[Database], folder: Path, chosen: Chosen) -> list[Bed]:
    """Prepare the databases side by side, each in a process of its own: it takes minutes, and only the cores set the pace."""
    _log(f"preparing {chosen.counts} on {', '.join(database.name for database in found)} (a template is kept for some days)")
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        prepared = [processes.submit(make_bed, database, folder, chosen.counts) for database in found]
        return [one.result() for one in prepared]


def _everybody(beds: list[Bed], known: peers.Peers | None, folder: Path) -> Iterator[Contender]:
    for bed in beds:
        yield from ours(bed)
        if known is not None:
            yield from peers.contenders(known, bed.database, folder)


@contextmanager
def databases(chosen: Chosen, folder: Path) -> Iterator[list[Database]]:
    """Yield the databases asked for: PostgreSQL on the server that was named, else on one that lives as long as this run."""
    found: list[Database] = []
    with ExitStack() as until_done:
        if "sqlite" in chosen.databases:
            found.append(Sqlite(folder))
        if "postgresql" in chosen.databases:
            address = os.environ.get("BENCH_POSTGRES")
            found.append(Postgres(address) if address else until_done.enter_context(durable_server()))
        yield found


def _decision() -> float:
    """Return how long one decision of the machine takes, with all reasons, in microseconds."""
    full = admissible()
    return median_microseconds(lambda: CARE.decide("care_planning", "admit_to_institution", full))


def _say(turn: int, clients: int, one: Contender, figures: Figures) -> None:
    wrong = f"  WRONG {figures.wrong}" if figures.wrong else ""
    told = (
        f"{figures.rate:9,.0f}/s  p50 {figures.p50:7.2f}  p99 {figures.p99:7.2f} ms  cpu {figures.cpu:6,.0f} us  {figures.done} done{wrong}"
    )
    _log(f"round {turn + 1}  {one.database:10} {one.path:8} {clients:3}  {one.who:30} {one.move:10} {told}")


def _log(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
