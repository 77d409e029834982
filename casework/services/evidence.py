"""Keeping decisions bound to their evidence: whatever changes it supersedes the requests that rested on it."""

from __future__ import annotations

from casework.store import approvals, records
from casework.store.cases import CaseRow
from casework.store.facts import evidence_digest, facts_for, read_snapshot
from casework.store.unit import MACHINES, Unit


def supersede_changed(unit: Unit, case: CaseRow) -> None:
    """Mark every open or approved decision whose evidence is no longer what was signed, and requests about a voided record."""
    approvals.write_down_ended(unit, case.id)
    open_requests = approvals.requests_of(unit, case.id, statuses=approvals.USABLE)
    if not open_requests:
        return
    snapshot = read_snapshot(unit, case)
    machine = MACHINES[case.machine, case.version]
    for request in open_requests:
        if request.kind == "record":
            stale = request.record_id is not None and records.get_record(unit, request.record_id).status == "void"
        elif request.kind == "decision":
            row = machine.transition(case.state, request.trigger)
            facts = facts_for(snapshot, request.trigger, request.subject)
            stale = row is None or evidence_digest(facts, row) != request.digest
        else:
            stale = False
        if stale:
            approvals.set_status(unit, request.id, "superseded")
