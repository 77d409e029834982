"""Reading, once, everything that guards may see of a case: one snapshot inside the caller's transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from datetime import datetime, timedelta

import msgspec

from casework.errors import NotFound
from casework.machines.effects import MISSING, asked_by
from casework.machines.engine import Approved, Ask, Transition
from casework.machines.facts import Attached, Case, Document, Facts, Filed, Placement, Process, Subject
from casework.machines.forms import Form, Incident, Referral, code_of
from casework.machines.guards.evidence import still_asked, still_open
from casework.store import approvals, attachments, cases, delegations, offers, placements, processes, records, registers
from casework.store.cases import CaseRow, MoveRow
from casework.store.keyring import KEY_OF_CASE
from casework.store.unit import MACHINES, Unit

_AFTER_DEATH_OR_ADOPTION = {"record_death": "died", "finalise_adoption": "adopted"}


class Snapshot(msgspec.Struct, frozen=True):
    """The facts of one case that do not depend on which trigger is asked: read once, used for every trigger."""

    facts: Facts
    requests: tuple[approvals.RequestRow, ...]
    unit: Unit
    row: CaseRow


def read_snapshot(unit: Unit, case: CaseRow) -> Snapshot:
    """Read everything about a case that its guards may see: whole, whoever asks, so that what is shown is what will be decided."""
    with unit.over_everything():
        unit.gather(*ABOUT_A_CASE, case_id=case.id)
        return _snapshot(unit, case)


def _snapshot(unit: Unit, case: CaseRow) -> Snapshot:
    moves = cases.moves(unit, case.id)
    episodes = placements.placements_of(unit, case)
    filed = records.filed(unit, case.id)
    held = _held(episodes, moves)
    ask = Ask(unit.call.who.person, cases.capacities(unit, case), held=held)
    requests = approvals.requests_of(unit, case.id)
    going = processes.facts_of_case(unit, case.id)
    facts = Facts(
        now=unit.call.at,
        params=unit.params,
        days_off=unit.days_off,
        ask=ask,
        case=_case_facts(unit, case, moves, episodes, filed, requests, going),
        child=registers.child_facts(unit, case.id),
        records=filed,
        documents=records.documents_of(unit, case.id, round_only=case.round),
        attached=_attached(unit, case.id),
        relatives=registers.relatives_of(unit, case.id),
        placements=episodes,
        processes=going,
    )
    return Snapshot(facts, requests, unit, case)


def _attached(unit: Unit, case_id: str) -> tuple[Attached, ...]:
    """Return the photographs that belong to something: one of a record that was corrected, to its newest version."""
    newest, found = records.newest_versions(unit, case_id), attachments.of_case(unit, case_id)
    return tuple(Attached(row.id, row.digest, newest.get(row.about, row.about)) for row in found if row.about and row.withdrawn_at is None)


def facts_for(snapshot: Snapshot, trigger: str, subject: Subject) -> Facts:
    """Return the facts for asking one trigger about one subject, with the approvals given for exactly that and the digest now.

    Raises NotFound when the request names a host, relative or body that does not exist.
    """
    unit, facts = snapshot.unit, snapshot.facts
    row = MACHINES[snapshot.row.machine, snapshot.row.version].transition(snapshot.row.state, trigger)
    if subject.relative and subject.relative not in {relative.id for relative in facts.relatives}:
        raise NotFound("relative")
    current = facts.current_placement
    host_id = subject.host or (current.host if current and row and row.dest == "@held" else None)
    with unit.over_everything() if host_id or (current and current.host) else nullcontext():
        named = msgspec.structs.replace(
            facts,
            trigger=trigger,
            subject=subject,
            host=registers.host_facts(unit, facts.case.id, host_id, subject.host) if host_id else None,
            host_accepted_by=_accepted_by(unit, snapshot.row, host_id) if host_id else None,
            held_host=registers.host_facts(unit, facts.case.id, current.host, subject.host) if current and current.host else None,
            receiver=registers.receiver(unit, subject.receiver) if subject.receiver else None,
        )
    digest = evidence_digest(named, row) if row else ""
    request = _newest_request(snapshot, trigger, subject)
    given = tuple(Approved(sign.role, sign.person, sign.digest) for sign in request.decisions) if request else ()
    if request is not None and request.status == "superseded":
        given = tuple(msgspec.structs.replace(approved, digest="superseded") for approved in given)
    requester = request.requester if request else facts.ask.person
    ask = msgspec.structs.replace(facts.ask, requester=requester, approvals=given, digest=digest)
    return counted_as_one(msgspec.structs.replace(named, ask=ask), _hands_of(snapshot, row))


def counted_as_one(facts: Facts, stands: Mapping[str, str]) -> Facts:
    """Return facts in which everybody who counts as one natural person has one name, so that every guard counts them so."""
    if not stands:
        return facts

    def one(person: str) -> str:
        return stands.get(person, person)

    def filed(record: Filed[Form]) -> Filed[Form]:
        verifier = one(record.verified_by) if record.verified_by else None
        return msgspec.structs.replace(record, author=one(record.author), verified_by=verifier)

    approved = tuple(msgspec.structs.replace(given, person=one(given.person)) for given in facts.ask.approvals)
    asked = {"person": one(facts.ask.person), "requester": one(facts.ask.requester), "approvals": approved}
    process = facts.process
    if process is not None:
        record = filed(process.record) if process.record else None
        process = msgspec.structs.replace(process, by=tuple(map(one, process.by)), record=record)
    return msgspec.structs.replace(
        facts,
        ask=msgspec.structs.replace(facts.ask, **asked),
        records=tuple(map(filed, facts.records)),
        process=process,
        persons_of_host=frozenset(map(one, facts.persons_of_host)),
    )


def _hands_of(snapshot: Snapshot, row: Transition[Facts] | None) -> Mapping[str, str]:
    """Return who stands for whom in asking for a step: who acted on whose behalf in this case, and the caller who now would."""
    unit, held = snapshot.unit, snapshot.facts.ask.capacities
    acts_as = next((role for role in row.by if role in held), "") if row else ""
    giver = cases.in_place_of(unit, snapshot.row, acts_as)
    return delegations.hands(unit, snapshot.row.id, now=False, also=(unit.call.who.person, giver) if giver else None)


def _newest_request(snapshot: Snapshot, trigger: str, subject: Subject) -> approvals.RequestRow | None:
    """Return the newest request whose signatures stand, or were superseded: then the refusal says so instead of "missing"."""
    usable = usable_request(snapshot, trigger, subject)
    about = ("decision", trigger, subject)
    newest = next((request for request in snapshot.requests if (request.kind, request.trigger, request.subject) == about), None)
    return newest if usable is None and newest is not None and newest.status == "superseded" else usable


def usable_request(snapshot: Snapshot, trigger: str, subject: Subject) -> approvals.RequestRow | None:
    """Return the newest decision request for this trigger and subject whose signatures still stand, or None."""
    about = ("decision", trigger, subject)
    found = (request for request in snapshot.requests if (request.kind, request.trigger, request.subject) == about)
    return next((request for request in found if request.status in approvals.USABLE), None)


def evidence_of(facts: Facts, row: Transition[Facts]) -> tuple[tuple[Filed[Form], ...], tuple[Document, ...]]:
    """Return the records of this round and the papers that the row's guards read: what an approval is bound to."""
    codes = set(row.reads)
    filed = tuple(record for record in facts.records if record.round == facts.case.round and code_of(record.body) in codes)
    kinds = {source.removeprefix("document:") for source in codes if source.startswith("document:")}
    papers = tuple(paper for paper in facts.documents if paper.kind in kinds or "document:" in codes)
    return filed, papers


def attached_to(facts: Facts, filed: tuple[Filed[Form], ...], papers: tuple[Document, ...]) -> tuple[Attached, ...]:
    """Return the photographs that belong to these records and papers: an approval is bound to them, too."""
    bound = {*(record.id for record in filed), *(paper.id for paper in papers)}
    return tuple(one for one in facts.attached if one.about in bound)


def evidence_ids(facts: Facts, row: Transition[Facts]) -> tuple[str, ...]:
    """Return the ids of everything `evidence_of` names, and of the photographs that belong to it."""
    filed, papers = evidence_of(facts, row)
    pictures = attached_to(facts, filed, papers)
    return (*(record.id for record in filed), *(paper.id for paper in papers), *(picture.id for picture in pictures))


def evidence_digest(facts: Facts, row: Transition[Facts]) -> str:
    """SHA-256 (hex) over what a decision is about: trigger, subject, records and papers with standing and pictures, child, host, kin."""
    return hashlib.sha256(evidence_content(facts, row)).hexdigest()


def evidence_content(facts: Facts, row: Transition[Facts]) -> bytes:
    """Return the bytes that `evidence_digest` is over."""
    filed, papers = evidence_of(facts, row)
    content = [
        row.trigger,
        msgspec.to_builtins(facts.subject),
        facts.case.round,
        sorted([record.id, record.digest, record.countersigned_by, record.verified_by] for record in filed),
        sorted([paper.id, paper.digest, paper.compared_by] for paper in papers),
        sorted([one.id, one.digest] for one in attached_to(facts, filed, papers)),
        facts.child.digest,
        [relative.id for relative in facts.relatives],
        [facts.current_placement.id, facts.current_placement.status] if facts.current_placement else None,
        [host.digest if host else None for host in (facts.host, facts.held_host)],
        facts.host_accepted_by,
    ]
    return msgspec.json.encode(content)


def _held(episodes: Iterable[Placement], moves: tuple[MoveRow, ...]) -> str | None:
    """The setting of the active or reserved placement, or, with none, the state recorded at report_missing (DOMAIN 7.0.5)."""
    current = next((episode for episode in episodes if episode.status != "ended"), None)
    if current is not None:
        return current.state
    return next((move.source for move in reversed(moves) if move.trigger == "report_missing"), None)


def _accepted_by(unit: Unit, case: CaseRow, host_id: str) -> str | None:
    newest = next((offer for offer in offers.offers_of(unit, case) if offer.host == host_id), None)
    return newest.answered_by if newest and newest.accepted else None


ABOUT_A_CASE = (
    KEY_OF_CASE,
    cases.CASE,
    cases.HOSTS_CONCERNED,
    cases.MOVES,
    cases.OTHER_OPEN,
    placements.EPISODES,
    records.RECORDS,
    records.DOCUMENTS,
    attachments.ATTACHMENTS,
    approvals.REQUESTS,
    approvals.SIGNS,
    approvals.TASKS,
    registers.CHILD,
    registers.RELATIVES,
    offers.OFFERS,
    processes.PROCESSES_OF_CASE,
    delegations.ACTED,
    delegations.STANDING,
)
"""Everything that guards may see of a case (value `case_id`): asked with one statement."""


def _case_facts(
    unit: Unit,
    case: CaseRow,
    moves: tuple[MoveRow, ...],
    episodes: tuple[Placement, ...],
    filed: tuple[Filed[Form], ...],
    requests: tuple[approvals.RequestRow, ...],
    going: tuple[Process, ...],
) -> Case:
    entry = _emergency_entry(moves)
    in_emergency = entry if entry and case.state == "emergency_care" else None
    missing = next((move for move in reversed(moves) if move.dest == MISSING), None)
    missing_from = missing.source if missing else ""
    closing = moves[-1].trigger if moves and case.state == "closed" else None
    return Case(
        id=case.id,
        state=case.state,
        version=case.seq,
        round=case.round,
        opened_at=case.opened_at,
        entered_at=_entered(case, moves),
        round_started_at=case.round_started_at,
        assigned_to=case.assigned_to,
        other_open_case=cases.other_open_case(unit, case),
        closed_reason=_AFTER_DEATH_OR_ADOPTION.get(closing, closing) if closing else None,
        emergency_started_at=in_emergency.occurred_at if in_emergency else None,
        emergency_from=in_emergency.source if in_emergency else None,
        emergency_days=emergency_days(episodes, unit.call.at, unit.params.emergency_reset_days),
        emergency_extended=bool(entry and any(move.trigger == "extend_emergency" and move.seq > entry.seq for move in moves)),
        ratification_rejected=bool(
            entry and any(r.kind == "ratification" and r.status == "rejected" and r.requested_at >= entry.occurred_at for r in requests)
        ),
        missing_since=missing.occurred_at if missing and case.state == MISSING else None,
        missing_from=missing_from,
        missing_days=_missing_days(moves, unit.call.at),
        open_incidents=sum(isinstance(record.body, Incident) and still_open(going, record.id, record.body) for record in filed),
        open_tasks=len(due_tasks(unit, case, missing_from)),
        open_referrals=sum(isinstance(record.body, Referral) and still_asked(going, record.id, record.body) for record in filed),
        open_approvals=sum(request.status in approvals.OPEN for request in requests),
        census_from=unit.store.go_live,
    )


def due_tasks(unit: Unit, case: CaseRow, missing_from: str) -> tuple[approvals.TaskRow, ...]:
    """Return the open tasks that are due by now, but those that leaving the state is the answer to."""
    by_leaving, now = asked_by(case.state, missing_from), unit.call.at
    found = approvals.tasks_of(unit, case.id)
    return tuple(task for task in found if task.settled_at is None and task.due_at <= now and task.kind not in by_leaving)


def _emergency_entry(moves: tuple[MoveRow, ...]) -> MoveRow | None:
    """Return the last move that began an emergency. Coming back to one that a disappearance interrupted begins no other."""
    entry, missing_from = None, ""
    for move in moves:
        came_from = missing_from if move.source == MISSING else move.source
        if move.dest == MISSING:
            missing_from = move.source
        elif move.dest == "emergency_care" != came_from:
            entry = move
    return entry


def _entered(case: CaseRow, moves: tuple[MoveRow, ...]) -> datetime:
    """When the case last came into its state from another one: staying (`extend`, `change host`) does not restart a clock."""
    arrival = next((move for move in reversed(moves) if move.source != move.dest), None)
    return arrival.occurred_at if arrival else case.opened_at


def emergency_days(episodes: Iterable[Placement], now: datetime, reset_days: int) -> int:
    """Whole days in emergency placements, counted per child across cases; `reset_days` outside one start the count anew."""
    total, last_end = timedelta(), None
    for episode in sorted((e for e in episodes if e.kind == "emergency"), key=lambda e: e.started_at):
        if last_end is not None and (episode.started_at - last_end).days >= reset_days:
            total = timedelta()
        last_end = episode.ended_at or now
        total += last_end - episode.started_at
    if last_end is not None and (now - last_end).days >= reset_days:
        return 0
    return total.days


def _missing_days(moves: tuple[MoveRow, ...], now: datetime) -> int:
    """Whole days missing in this case: they do not count towards the pre-adoption clock."""
    total, since = timedelta(), None
    for move in moves:
        if move.dest == "missing":
            since = move.occurred_at
        elif since is not None:
            total += move.occurred_at - since
            since = None
    return (total + (now - since if since else timedelta())).days
