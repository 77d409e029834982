"""The whole journal as verification reads it: every stored entry, every head, every published definition."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from sqlalchemy import Table, case, exists, func, select

from casework.ledger.event import decode_event
from casework.ledger.fault import Rulebook
from casework.ledger.replay import ProcessHead, Replay, StepRow
from casework.ledger.verify import CaseHead, EventRow
from casework.machines.book import by_version
from casework.store.publish import rulebook
from casework.store.schema import (
    actor_event,
    care_case,
    case_count,
    complaint,
    data_key,
    event,
    host,
    placement,
    policy_version,
    process,
    process_step,
    record,
    staff,
)
from casework.store.streams import SYSTEM
from casework.store.unit import MACHINES, Unit
from casework.store.walls.rules import LIVE_PLACEMENT as LIVE

_STORED = {"body", "hash", "prev", "seq"}


def entries(unit: Unit) -> Iterator[EventRow]:
    """Yield every entry, stream by stream, by rising number. Memory stays flat: rows are fetched as they are read."""
    with unit.over_everything():
        yield from _read(unit, event, "case_id", "case")
        yield from _read(unit, actor_event, "account_id", "actor")


def _read(unit: Unit, table: Table, key: str, prefix: str) -> Iterator[EventRow]:
    columns = [name for name in table.columns.keys() if name not in _STORED]  # noqa: SIM118 - a column collection is not a mapping
    for row in unit.stream(select(table).order_by(table.c[key], table.c.seq)):
        found = row._mapping  # noqa: SLF001 - SQLAlchemy's public way to a row as a mapping
        yield EventRow(f"{prefix}:{found[key]}", row.seq, row.body, row.hash, row.prev, {name: found[name] for name in columns})


def count(unit: Unit) -> int:
    """Return how many entries there are."""
    with unit.over_everything():
        return sum(int(unit.need(select(func.count()).select_from(table), "count")[0]) for table in (event, actor_event))


def case_heads(unit: Unit) -> dict[str, CaseHead]:
    """Return where each case's row says that the case is, by case id."""
    c = care_case.c
    with unit.over_everything():
        rows = unit.rows(select(c.id, c.machine, c.version, c.state, c.seq, c.head, c.round))
    return {
        row.id: CaseHead(machine=row.machine, version=row.version, state=row.state, seq=row.seq, head=row.head, round=row.round)
        for row in rows
    }


def counts_that_differ(unit: Unit) -> Iterator[tuple[str, str, int, int]]:
    """Yield (office, state, kept, found) wherever the numbers that the database keeps are not those of the cases that it holds."""
    c, kept = care_case.c, case_count.c
    with unit.over_everything():
        counted = unit.rows(select(kept.office_id, kept.state, func.sum(kept.n).label("n")).group_by(kept.office_id, kept.state))
        found = unit.rows(select(c.office_id, c.state, func.count().label("n")).where(c.seq > 0).group_by(c.office_id, c.state))
    told = {(row.office_id, row.state): int(row.n) for row in counted}
    real = {(row.office_id, row.state): int(row.n) for row in found}
    for office, state in sorted(told.keys() | real.keys()):
        if told.get((office, state), 0) != real.get((office, state), 0):
            yield office, state, told.get((office, state), 0), real.get((office, state), 0)


def stream_heads(unit: Unit) -> Iterator[tuple[str, int, str]]:
    """Yield (stream, number, hash) of every stream's last entry: what a checkpoint remembers."""
    for table, key, prefix in ((event, "case_id", "case"), (actor_event, "account_id", "actor")):
        last: Any = select(table.c[key].label("key"), func.max(table.c.seq).label("seq")).group_by(table.c[key]).subquery()
        with unit.over_everything():
            rows = unit.rows(
                select(last.c.key, last.c.seq, table.c.hash).join(table, (table.c[key] == last.c.key) & (table.c.seq == last.c.seq))
            )
        yield from ((f"{prefix}:{row.key}", row.seq, row.hash) for row in rows)


def rulebooks() -> dict[tuple[str, int], Rulebook]:
    """Return this program's definitions as the replay needs them: never those of the database, which is what is being checked."""
    return {name: rulebook(machine) for name, machine in MACHINES.items()}


def process_rulebooks() -> dict[tuple[str, int], Rulebook]:
    """Return this program's definitions of processes beside the journey, as the replay needs them."""
    return {key: rulebook(machine) for key, machine in by_version().items() if machine.definition.about != "journey"}


def policies(unit: Unit) -> tuple[dict[str, frozenset[str]], tuple[tuple[str, str], ...]]:
    """Return the codes of the rows of each version of the policy by its digest, and what is wrong: (digest, code of the fault).

    A version is known when it is what its digest says and the journal tells that it came into force: a row alone proves nothing.
    """
    known: dict[str, frozenset[str]] = {}
    wrong: list[tuple[str, str]] = []
    with unit.over_everything():
        told = unit.rows(select(actor_event.c.body).where(actor_event.c.account_id == SYSTEM, actor_event.c.kind == "policy_changed"))
        kept = unit.rows(select(policy_version.c.digest, policy_version.c.body).order_by(policy_version.c.digest))
    announced = {_announced(row.body) for row in told}
    for row in kept:
        if hashlib.sha256(row.body.encode()).hexdigest() != row.digest:
            wrong.append((row.digest, "policy_differs"))
        elif row.digest not in announced:
            wrong.append((row.digest, "policy_never_in_force"))
        else:
            known[row.digest] = frozenset(told[0] for told in msgspec.json.decode(row.body)[1])
    return known, tuple(wrong)


def _announced(body: bytes) -> str:
    try:
        return decode_event(body).rules.policy.removeprefix("@")
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""


def replay(unit: Unit, known: Mapping[tuple[str, int], Rulebook] | None = None) -> Replay:
    """Return the replay of every process: its rows, and what the registers say, to be compared with what the entries say.

    `known` are the definitions to judge by, otherwise those of this program.
    """
    return Replay(process_rulebooks() if known is None else known, _process_heads(unit), _step_rows(unit))


_REGISTERS: Mapping[str, Table] = {"placement": placement, "host": host, "staff": staff}


def _process_heads(unit: Unit) -> dict[str, ProcessHead]:
    c = process.c
    begun = (c.machine == "placement") & placement.c.status.is_(None) & c.state.not_in(LIVE)  # an offer has no episode yet, or never had
    said = case((begun, None), *((c.machine == name, func.coalesce(table.c.status, "")) for name, table in _REGISTERS.items()))
    query = select(c.id, c.machine, c.version, c.state, c.steps, c.opened_at, c.entered_at, c.case_id.label("case"), said.label("status"))
    joined: Any = process
    for name, table in _REGISTERS.items():
        joined = joined.outerjoin(table, (table.c.id == c.id) & (c.machine == name))
    with unit.over_everything():
        rows = unit.rows(query.select_from(joined))
    fields = ProcessHead.__struct_fields__
    return {row.id: ProcessHead(**{name: getattr(row, name) for name in fields}) for row in rows}


def registers_without_process(unit: Unit) -> Iterator[tuple[str, str]]:
    """Yield (table, id) of every row of a register that no process brought there: where this program's definitions know such processes."""
    known = {name for name, _ in process_rulebooks()}
    for name, table in _REGISTERS.items():
        begun = exists().where(process.c.id == table.c.id, process.c.machine == name)
        with unit.over_everything():
            rows = unit.rows(select(table.c.id).where(~begun).order_by(table.c.id)) if name in known else []
        yield from ((name, row.id) for row in rows)
    brought = exists().where(process.c.id == complaint.c.id, process.c.machine == "complaint")
    told = exists().where(complaint.c.id == process.c.id)
    with unit.over_everything():
        rows = unit.rows(select(complaint.c.id).where(~brought).order_by(complaint.c.id))
        rows += unit.rows(select(process.c.id).where(process.c.machine == "complaint", ~told).order_by(process.c.id))
    yield from (("complaint", row.id) for row in rows)


def _step_rows(unit: Unit) -> Iterator[StepRow]:
    c, fields = process_step.c, StepRow.__struct_fields__
    with unit.over_everything():
        for row in unit.stream(select(c.process_id, *(c[name] for name in fields[1:]))):
            yield StepRow(**dict(zip(fields, row, strict=True)))


def erasures_that_differ(unit: Unit) -> Iterator[tuple[str, str]]:
    """Yield (case, code) where the journal tells of an erasure and the data are there, or the key is gone and nothing tells of it."""
    told = exists().where(event.c.case_id == care_case.c.id, event.c.kind == "redacted")
    kept = exists().where(record.c.case_id == care_case.c.id, record.c.digest != "")
    key = select(care_case.c.id, data_key.c.destroyed_at, told.label("told"), kept.label("kept"))
    key = key.join(data_key, data_key.c.holder == care_case.c.child_id).where(told | data_key.c.destroyed_at.is_not(None))
    with unit.over_everything():
        rows = unit.rows(key.order_by(care_case.c.id))
    for row in rows:
        if not row.told:
            yield row.id, "destroyed_untold"
        elif row.destroyed_at is None or row.kept:
            yield row.id, "erasure_undone"
