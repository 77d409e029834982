"""What must be finished before a case ends (DOMAIN 7.1.4 I6): one judgement for whoever asks for a step and for whoever looks at it."""

from __future__ import annotations

from collections.abc import Iterator

from casework.errors import Reason, Refusal
from casework.machines.engine import Move
from casework.machines.facts import Facts
from casework.machines.forms import Incident
from casework.machines.guards.evidence import open_incidents
from casework.services import captions
from casework.services.refusals import open_business
from casework.store import approvals, cases
from casework.store.cases import CaseRow
from casework.store.facts import Snapshot, due_tasks
from casework.store.unit import MACHINES, Unit
from casework.words import Words

ENDS = frozenset({"closed", "aftercare", "voided"})
TAKEN_OVER: dict[str, frozenset[str]] = {
    "transfer_out": frozenset({"incidents", "referrals", "tasks"}),
    "record_death": frozenset({"the death", "handed incidents", "ratifications", "referrals", "tasks"}),
    "close_long_missing": frozenset({"handed incidents", "tasks"}),
    "close_family_untraceable": frozenset({"tasks"}),
    "void_registration": frozenset({"tasks"}),
}
"""What an end may leave open. The receiver of a transfer takes everything over but the office's own signature; of a child who died or
stays lost, incidents are left to the police that have them; where nobody can be reached, nothing is due. A ratification of an emergency
outlives only the child: it stays to be decided. Requests that wait for another signature are superseded by the end itself."""
AFTER_DEATH = frozenset({"F12", "F13", "F17", "F18"})
"""What is still signed of a child who died: what was handed over, a referral that goes on, the inquiry, the closure itself."""
_SAID_BY_THE_ROW = "closure_criteria_met"
_NOT_FOR_THE_CALLER = frozenset({"role_not_allowed"})


def died(unit: Unit, case: CaseRow) -> bool:
    """Whether the case ended with the child's death: its record is locked against edits (DOMAIN 2.12)."""
    return case.state == "closed" and cases.moves(unit, case.id)[-1].trigger == "record_death"


def judge(snapshot: Snapshot, facts: Facts, trigger: str) -> Move[Facts] | Refusal:
    """Return the move, or the refusal with every reason: of the machine, and what is still open beside a case that would end."""
    machine, state = MACHINES[snapshot.row.machine, snapshot.row.version], snapshot.row.state
    outcome = machine.decide(state, trigger, facts)
    told = outcome.reasons if isinstance(outcome, Refusal) else ()
    unfinished = () if {reason.code for reason in told} == _NOT_FOR_THE_CALLER else _unfinished(snapshot, trigger)
    if not unfinished:
        return outcome
    return Refusal((*told, *unfinished), trigger=trigger, state=state, possible=machine.triggers_from(state))


def _unfinished(snapshot: Snapshot, trigger: str) -> tuple[Reason, ...]:
    row = MACHINES[snapshot.row.machine, snapshot.row.version].transition(snapshot.row.state, trigger)
    if row is None or row.dest not in ENDS or any(guard.code == _SAID_BY_THE_ROW for guard in row.guards):
        return ()
    left = tuple(_left(snapshot, TAKEN_OVER.get(trigger, frozenset())))
    return (open_business(left),) if left else ()


def _left(snapshot: Snapshot, over: frozenset[str]) -> Iterator[Words]:
    """Yield what is open and not taken over, each kind with its number; of tasks, which."""
    case = snapshot.facts.case
    incidents = list(open_incidents(snapshot.facts))
    counts = (
        ("incidents", sum(not _left_to_others(incident, over) for incident in incidents), Words("insiden terbuka", "open incidents")),
        ("referrals", case.open_referrals, Words("rujukan belum dijawab", "unanswered referrals")),
        ("ratifications", _unratified(snapshot), Words("langkah darurat belum disahkan", "emergency steps not ratified")),
    )
    for kind, count, words in counts:
        if count and kind not in over:
            yield Words(f"{words.id}: {count}", f"{words.en}: {count}")
    if case.open_tasks and "tasks" not in over:
        for task in due_tasks(snapshot.unit, snapshot.row, case.missing_from):
            words = captions.task(task.kind)
            yield Words(f"tugas jatuh tempo: {words.id}", f"task due: {words.en}")


def _left_to_others(incident: Incident, over: frozenset[str]) -> bool:
    """Whether this incident is the death itself, or is with the police, where that is enough."""
    handed = incident.police_reported_at is not None and bool(incident.police_reference.strip())
    return (incident.type == "death" and "the death" in over) or (handed and "handed incidents" in over)


def _unratified(snapshot: Snapshot) -> int:
    return sum(request.kind == "ratification" and request.status in approvals.OPEN for request in snapshot.requests)
