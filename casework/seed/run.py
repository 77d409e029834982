"""Seeding a database: from where an earlier run stopped to as many cases as are wanted, then verified, then open."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from casework.errors import DefinitionError, StoreMismatch
from casework.ledger.event import Through
from casework.machines.parameters import Parameters
from casework.seed import making, regency
from casework.services import audit
from casework.services.passwords import hash_password
from casework.store import bare, seeding
from casework.store.call import Call, Seat, Who
from casework.store.keyring import REGISTER
from casework.store.keys import MasterKey, SearchKey
from casework.store.limits import Limits
from casework.store.seeding import Mark, Seeding
from casework.store.store import Store

_SEEDER = Who(person="seeder", account="seeder", name="seeder", seats=(Seat("auditor", "terminal"),))
_SINCE = timedelta(days=6 * 365)
"""How long before the seeding's day the offices began, and with them the rules."""

_NOT_OURS = "this database holds what no seeding wrote ({found}): seed an empty one"
_BARE = "the walls of this database are down: go on with --bare, which builds them again"
_OTHER_SEED = "this database was seeded with --seed {seed}: name the same seed to go on, or seed an empty database"
_ENOUGH = "this database holds {written} seeded cases already: ask for more, or seed an empty one"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to seed. `target` is the owner's address; an empty database is filled as of the day of `at`; `workers` processes make rows.

    `bare`: the walls are taken down before and built again after, and then nothing is served that was not verified.
    """

    target: str
    params: Parameters
    prefix: str
    key: SearchKey
    master: MasterKey
    limits: Limits
    role: str
    cases: int
    seed: int
    at: datetime
    workers: int = 1
    batch: int = making.BATCH
    verify: bool = True
    bare: bool = False


class Watch(msgspec.Struct, frozen=True):
    """Who is told: how many cases and entries were written, and how many entries were verified."""

    start: Callable[[int, int], None] = lambda _done, _of: None
    wrote: Callable[[int, int], None] = lambda _cases, _entries: None
    checked: Callable[[int], None] = lambda _entries: None


class Seeded(msgspec.Struct, frozen=True):
    """What a seeding brought. `passphrase` opens every account; `entries` were verified, 0 when nobody asked for it."""

    cases: int
    added: int
    entries: int
    passphrase: str


def seed(plan: Plan, watch: Watch) -> Seeded:
    """Fill the database. Interrupted anywhere, the same call goes on: every batch and its mark are one transaction.

    Raises StoreMismatch for a database that holds anything else, DefinitionError when what was written does not verify, and what the
    store raises.
    """
    if not bare.is_bare(plan.target, plan.limits):
        _upgrade(plan)
    elif not plan.bare:
        raise StoreMismatch(_BARE)
    with seeding.opened(plan.target, plan.limits, bare=plan.bare) as place:
        mark = _mark(place, plan)
        place.begin(mark, plan.key())
        if plan.bare:
            bare.take_down(plan.target, plan.limits)
        if mark.written < plan.cases:
            made_from = making.recipe(
                plan.params,
                seed=plan.seed,
                day=mark.day,
                prefix=plan.prefix,
                engine=place.engine,
                key=plan.key(),
                bare=plan.bare,
                master=plan.master.read(),
                register=place.wrapped_key(REGISTER),
            )
            watch.start(mark.written, plan.cases)
            looked = mark.written
            for batch in making.batches(made_from, mark.written, plan.cases, plan.workers, plan.batch):
                place.write(batch)
                watch.wrote(batch.stop - batch.start, batch.events)
                if batch.stop >= 2 * looked and batch.stop < plan.cases:
                    looked = batch.stop
                    place.refresh_plans()
        if plan.bare:
            bare.build_again(plan.target, plan.limits)
        place.refresh_plans()
        entries = _verify(plan, watch) if plan.verify else 0
        passphrase = f"mahakam-{secrets.token_hex(4)}"
        place.finish(hash_password(passphrase))
    return Seeded(plan.cases, plan.cases - mark.written, entries, passphrase)


def _upgrade(plan: Plan) -> None:
    """Make the tables and walls, as of when the offices began; on a database that has them this changes nothing."""
    store = Store(plan.target, plan.params, limits=plan.limits, master_key=plan.master)
    try:
        store.upgrade(plan.at - _SINCE, plan.role)
    finally:
        store.close()


def _mark(place: Seeding, plan: Plan) -> Mark:
    """Return where to go on. Raises StoreMismatch unless everything there was written by a seeding with the same seed."""
    mark, counted = place.mark(), place.counted()
    if mark is None:
        mark = Mark(0, plan.cases, plan.seed, plan.at.date().toordinal(), open=True)
    there = -(-mark.written // regency.CASES)
    expected = {
        "office": there * regency.OFFICES,
        "account": there * regency.ACCOUNTS,
        "child": mark.written,
        "care_case": mark.written,
    }
    if counted != expected:
        found = ", ".join(f"{table} {counted[table] - expected[table]:+}" for table in counted if counted[table] != expected[table])
        raise StoreMismatch(_NOT_OURS.format(found=found))
    if mark.seed != plan.seed:
        raise StoreMismatch(_OTHER_SEED.format(seed=mark.seed))
    if mark.written > plan.cases:
        raise StoreMismatch(_ENOUGH.format(written=mark.written))
    return msgspec.structs.replace(mark, wanted=plan.cases, open=True)


def _verify(plan: Plan, watch: Watch) -> int:
    """Verify the whole trail with the rules replayed, and that every wall stands. Raises DefinitionError naming the first faults."""
    seeding.require_walls(plan.target, plan.limits)
    store = Store(plan.target, plan.params, limits=plan.limits, master_key=plan.master)
    try:
        call = Call(who=_SEEDER, at=plan.at, through=Through(device="terminal"))
        report = audit.verify_trail(store, call, None, watch.checked)
    finally:
        store.close()
    if not report.whole:
        faults = "; ".join(f"{fault.stream} #{fault.seq}: {fault.code}" for fault in report.faults[:5])
        msg = f"what was written does not verify, the database stays closed: {faults}"
        raise DefinitionError(msg)
    return report.entries
