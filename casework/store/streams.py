"""The streams of actors: where the next entry goes, and what the system itself says, without anybody acting."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from casework.ledger.event import NO_HASH, Actor, Event, Kind, Rules, Step, Through, decode_event, encode_event, event_hash
from casework.store.schema import actor_event

SYSTEM = "system"
"""The account under which the program journals which rules it put in force. Nobody can sign in as it."""


def actor_row(account: str, entry: Event) -> dict[str, Any]:
    """Return the row that stores an entry of an account's stream."""
    body = encode_event(entry)
    return {
        "account_id": account,
        "seq": entry.seq,
        "case_id": entry.case or None,
        "kind": entry.kind,
        "outcome": entry.outcome,
        "recorded_at": entry.recorded_at,
        "prev": entry.prev,
        "hash": event_hash(body),
        "body": body,
    }


def step_row(entry: Event, step: Step) -> dict[str, Any]:
    """Return the row of a step that an entry names."""
    return {
        "process_id": step.process,
        "n": step.n,
        "stream": entry.stream,
        "seq": entry.seq,
        "machine": step.machine,
        "version": step.version,
        "trigger": step.trigger,
        "source": step.source,
        "dest": step.dest,
        "occurred_at": entry.occurred_at,
    }


def announce(connection: Connection, kind: Kind, at: str, rules: Rules) -> None:
    """Add one entry about the rules to the system's stream, in the caller's transaction. `at` is UTC text."""
    columns = actor_event.c
    last = connection.execute(
        select(columns.seq, columns.hash).where(columns.account_id == SYSTEM).order_by(columns.seq.desc()).limit(1)
    ).first()
    entry = Event(
        stream=f"actor:{SYSTEM}",
        seq=last.seq + 1 if last else 1,
        prev=last.hash if last else NO_HASH,
        kind=kind,
        occurred_at=at,
        recorded_at=at,
        actor=Actor(person="", account=SYSTEM, role="", office=""),
        through=Through(),
        rules=rules,
    )
    connection.execute(actor_event.insert().values(actor_row(SYSTEM, entry)))


def last_announced(connection: Connection, kind: Kind) -> Rules | None:
    """Return what the system's newest entry of a kind says about the rules, or None."""
    columns = actor_event.c
    found = connection.execute(
        select(columns.body).where(columns.account_id == SYSTEM, columns.kind == kind).order_by(columns.seq.desc()).limit(1)
    ).first()
    return decode_event(found.body).rules if found else None
