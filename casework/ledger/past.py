"""A case as its own stream leaves it after some of its entries: where it stood, and what had been done. Pure."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from casework.ledger.event import Event, Rules


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """A process beside the journey as it stood: its machine with version and digest, its state and how many steps brought it there."""

    id: str
    machine: str
    version: int
    definition: str
    state: str
    steps: int
    since: str


class Stood(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case stood after entry `seq`. `items` are all ids that entries named so far, `ended` requests that a move used up or not."""

    seq: int
    hash: str
    recorded_at: str
    state: str
    since: str
    round: int
    rules: Rules
    worker: str
    processes: tuple[Beside, ...]
    signed: frozenset[str]
    used: frozenset[str]
    withdrawn: frozenset[str]


def stood_after(entries: Iterable[tuple[Event, str]]) -> Stood | None:
    """Return where a case stood after these entries (each with its hash), oldest first; None where there is none yet."""
    last: tuple[Event, str] | None = None
    since = worker = ""
    beside: dict[str, Beside] = {}
    signed: set[str] = set()
    used: set[str] = set()
    withdrawn: set[str] = set()
    for entry, digest in entries:
        last = entry, digest
        since = entry.occurred_at if entry.kind == "moved" or not since else since
        worker = entry.items[0] if entry.kind == "case_assigned" else worker
        signed |= {*entry.items} if entry.kind in {"record_signed", "case_registered"} else set()
        withdrawn |= {*entry.items} if entry.kind == "approval_withdrawn" else set()
        used |= {sign.request for sign in entry.approvals} if entry.kind == "moved" else set()
        for step in entry.steps:
            beside[step.process] = _after(beside.get(step.process), step.process, entry, step.n)
    if last is None:
        return None
    entry, digest = last
    return Stood(
        seq=entry.seq,
        hash=digest,
        recorded_at=entry.recorded_at,
        state=entry.dest,
        since=since,
        round=entry.round,
        rules=entry.rules,
        worker=worker,
        processes=tuple(beside.values()),
        signed=frozenset(signed),
        used=frozenset(used),
        withdrawn=frozenset(withdrawn),
    )


def _after(before: Beside | None, process: str, entry: Event, n: int) -> Beside:
    step = next(step for step in entry.steps if (step.process, step.n) == (process, n))
    stays = before is not None and step.source == step.dest
    return Beside(
        id=process,
        machine=step.machine,
        version=step.version,
        definition=step.definition,
        state=step.dest,
        steps=step.n,
        since=before.since if before is not None and stays else entry.occurred_at,
    )
