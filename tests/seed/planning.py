"""Seedings small enough for tests."""

from __future__ import annotations

import multiprocessing
import os
import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from casework.machines.parameters import Parameters
from casework.seed.run import Plan, Watch, seed
from casework.store.limits import Limits
from casework.store.seeding import columns_of
from casework.store.store import Store
from tests.cells import MASTER, unsealed
from tests.databases import Database

DAY = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
KEY = b"a key of the tests, 32 bytes lo."
CASES = 60


def plan(target: str, **otherwise: Any) -> Plan:
    said = {"cases": CASES, "seed": 7, "workers": 0, "batch": 20, "verify": False, **otherwise}
    return Plan(
        target=target,
        params=Parameters(),
        prefix="KKR",
        key=lambda: KEY,
        master=MASTER,
        limits=Limits(),
        role="casework_app",
        at=DAY,
        **said,
    )


@contextmanager
def store_of(database: Database) -> Iterator[Store]:
    """The store as the program serves it."""
    store = Store(database.target, Parameters(), search_key=lambda: KEY, master_key=MASTER)
    try:
        store.prepare(DAY)
        yield store
    finally:
        store.close()


PASSWORD, COUNTED_LAST = 3, 4


def content(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything a database holds, but the passwords and the register's key, which every seeding draws anew, and which case was
    counted last in a batch.
    """
    held = database.dump()
    held["data_key"] = [row for row in held["data_key"] if row[0] != "register"]
    held["staff"] = [
        tuple(unsealed(database.rows, f"staff.{name}:{row[0]}", value) for name, value in zip(columns_of("staff"), row, strict=True))
        for row in held["staff"]
    ]
    for name, column in (("account", PASSWORD), ("case_count", COUNTED_LAST)):
        held[name] = [(*row[:column], *row[column + 1 :]) for row in held[name]]
    return {name: sorted(rows, key=repr) for name, rows in held.items() if not name.startswith("sqlite_")}


def killed_after_the_first_batch(target: str, *, bare: bool = False) -> int | None:
    """Seed in a process of its own until the first batch is in; return how that process ended.

    It is forked, for then it has the stories that its parent has played; from Python 3.12 on a fork beside threads warns.
    """
    watch = Watch(wrote=lambda _cases, _entries: os.kill(os.getpid(), signal.SIGKILL))
    child = multiprocessing.get_context("fork").Process(target=seed, args=(plan(target, bare=bare), watch))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child.start()
    child.join()
    return child.exitcode
