"""What requests were bound to when they were made, for many at once: read from the entries that made them, without a case's facts.

While a request is open that is what it is bound to now: evidence that changes supersedes it (services/evidence.py).
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import and_, select, union_all

from casework.ledger.event import decode_event
from casework.store.approvals import RequestRow
from casework.store.schema import approval_request, event
from casework.store.statements import Query, as_list, listed
from casework.store.textual import as_hex
from casework.store.unit import Unit


class Bound(msgspec.Struct, frozen=True):
    """The evidence of a request, and how many guards of its step refused when it was made: None where no step is asked for."""

    evidence: frozenset[str]
    lacking: int | None = None


_r, _e = approval_request.c, event.c
_told = (_r.id.label("request"), as_hex(_e.body).label("body"))
_asked = and_(_e.kind == "approval_requested", _e.recorded_at == _r.requested_at, _e.case_id == _r.case_id)
_moved = and_(_e.case_id == _r.case_id, _e.kind == "moved", _e.trigger == _r.trigger)
ENTRIES = Query(
    union_all(
        select(*_told).join(event, _asked).where(listed(_r.id, "requests"), _r.kind == "decision"),
        select(*_told).join(event, _moved).where(listed(_r.id, "requests"), _r.kind == "ratification"),
    )
)
"""The entries that asked for decisions, and those of the moves that ratifications are about."""


def bound_to(unit: Unit, requests: Iterable[RequestRow]) -> dict[str, Bound]:
    """Return by id what each request is bound to: a signed record, the evidence it was asked over, that of the move it ratifies."""
    known = {request.id: request for request in requests}
    found = {one.id: Bound(frozenset({one.record_id} if one.record_id else ())) for one in known.values()}
    others = [one.id for one in known.values() if one.record_id is None]
    for row in unit.ask(ENTRIES, requests=as_list(others)) if others else ():
        entry, request = decode_event(bytes.fromhex(row.body)), known[row.request]
        if entry.evidence_digest == request.digest:
            lacking = sum(not held for _, held in entry.guards) if request.kind == "decision" else None
            found[request.id] = Bound(frozenset(item.id for item in entry.evidence), lacking)
    return found
