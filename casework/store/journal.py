"""Writing the journal. A case's entries move the case: inserting one is the only way its row changes (walls.py).

Refusals, sign-ins and reads go to the actor's own stream, indexed by case, so that journalling them never locks a case.
"""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from casework.errors import Refusal
from casework.ledger.event import NO_HASH, Actor, Event, Kind, Rules, decode_event, encode_event, event_hash
from casework.machines.policy import CAPACITIES
from casework.machines.refusals import not_delegated
from casework.store import outbox
from casework.store.cases import CaseRow, delegated, in_place_of
from casework.store.instants import to_text
from casework.store.schema import actor_event, event, process_step
from casework.store.statements import Change, Query
from casework.store.streams import actor_row, step_row
from casework.store.unit import Unit

LOOKS: frozenset[Kind] = frozenset({"opened", "searched", "evidence_opened"})
"""Kinds of entry that say that somebody looked."""
UNNAMED = "unnamed"
"""An action that nobody named: no delegation that is limited to some reaches it."""
_ENTER = Change(event.insert())
_STEP = Change(process_step.insert())
_ENTER_FOR_ACTOR = Change(actor_event.insert())
_LAST_OF_ACTOR = Query(
    select(actor_event.c.seq, actor_event.c.hash)
    .where(actor_event.c.account_id == bindparam("account"))
    .order_by(actor_event.c.seq.desc())
    .limit(1)
)


def rules_for(unit: Unit, case: CaseRow | None) -> Rules:
    """Name the rules in force for a case: its pinned definition, today's parameters, and the row of the policy that let the work pass."""
    rules = unit.store.rules[(case.machine, case.version) if case else None]
    return msgspec.structs.replace(rules, policy=unit.policy) if unit.policy else rules


def actor_of(unit: Unit, role: str, case: CaseRow | None = None, *, looks: bool = False) -> Actor:
    """Name who acts, in the role that let them, and on whose behalf where that role was delegated for this case.

    Who `looks` at a case in which they stand in for somebody looks in both names, whatever else would have let them.
    """
    who = unit.call.who
    held = CAPACITIES[role].role if role in CAPACITIES else role
    lent = delegated(who, case, unit.call.at) if case is not None and who.delegations else {}
    behalf = min(lent.values(), default=None) if looks else in_place_of(unit, case, role or unit.capacity) if case and lent else None
    office = next((seat.office for seat in who.seats if seat.role == held), who.seats[0].office if who.seats else "")
    place = case.office_id if case is not None and behalf else office
    return Actor(person=who.person, account=who.account, role=role, office=place, on_behalf_of=behalf)


def _check_reach(unit: Unit, case: CaseRow, actor: Actor) -> None:
    """Nothing is written on somebody's behalf that was not delegated, whatever else let it pass. Raises Refusal."""
    if actor.on_behalf_of and actor.role not in delegated(unit.call.who, case, unit.call.at, unit.action or UNNAMED):
        raise Refusal((not_delegated(),))


def append(unit: Unit, case: CaseRow, kind: Kind, role: str, **says: Any) -> CaseRow:
    """Add one entry to the case's stream and return the case as it stands after it.

    `says` are further fields of Event (trigger, dest, approvals, items, steps ...). Without `dest` the case stays where it is.
    A lost race ends in an IntegrityError, which the unit names Conflict.
    """
    dest = says.pop("dest", case.state)
    actor = actor_of(unit, role, case)
    _check_reach(unit, case, actor)
    entry = Event(
        stream=f"case:{case.id}",
        seq=case.seq + 1,
        prev=case.head,
        kind=kind,
        occurred_at=to_text(unit.call.happened_at),
        recorded_at=to_text(unit.call.at),
        actor=actor,
        through=unit.call.through,
        rules=rules_for(unit, case),
        case=case.id,
        source=case.state,
        dest=dest,
        round=says.pop("round", case.round),
        **says,
    )
    body = encode_event(entry)
    digest = event_hash(body)
    unit.put(_ENTER, _projection(entry, case, body, digest))
    _bring_about(unit, entry)
    unit.note_move(case.id, entry.seq)
    moved = kind == "moved"
    return msgspec.structs.replace(
        case,
        state=dest,
        seq=entry.seq,
        head=digest,
        round=entry.round,
        entered_at=unit.call.happened_at if moved else case.entered_at,
        round_started_at=unit.call.happened_at if entry.round != case.round else case.round_started_at,
    )


def _bring_about(unit: Unit, entry: Event) -> None:
    """Make the steps that an entry names: each moves its process (walls). What is urgent about all that leaves with it."""
    for step in entry.steps:
        unit.put(_STEP, step_row(entry, step))
    stream, _, seq = entry.cause.rpartition("#") if entry.cause else (entry.stream, "", entry.seq)
    outbox.put(unit, stream, int(seq))


def _projection(entry: Event, case: CaseRow, body: bytes, digest: str) -> dict[str, Any]:
    signers = [signature.person for signature in entry.approvals] if entry.kind in {"moved", "migrated"} else []
    return {
        "case_id": case.id,
        "seq": entry.seq,
        "kind": entry.kind,
        "machine": case.machine,
        "version": case.version,
        "trigger": entry.trigger if entry.kind == "moved" else "",
        "source": entry.source,
        "dest": entry.dest,
        "round": entry.round,
        "approvals_before": len(signers),
        "actor": entry.actor.person,
        "on_behalf_of": entry.actor.on_behalf_of,
        "requester": entry.requester or None,
        "approver_1": signers[0] if signers else None,
        "approver_2": signers[1] if len(signers) > 1 else None,
        "occurred_at": entry.occurred_at,
        "recorded_at": entry.recorded_at,
        "prev": entry.prev,
        "hash": digest,
        "body": body,
    }


def move_with(unit: Unit, case_id: str, trigger: str, digest: str) -> Event | None:
    """Return the entry of the newest move by this trigger over this evidence digest, or None: what a ratification is about."""
    rows = unit.rows(
        select(event.c.body)
        .where(event.c.case_id == case_id, event.c.kind == "moved", event.c.trigger == trigger)
        .order_by(event.c.seq.desc())
    )
    entries = (decode_event(row.body) for row in rows)
    return next((entry for entry in entries if entry.evidence_digest == digest), None)


def append_for_actor(unit: Unit, kind: Kind, *, case: CaseRow | None = None, refused: bool = False, role: str = "", **says: Any) -> str:
    """Add one entry to the actor's own stream: refusals, sign-ins, reads, changes to registers. Return it as `stream#seq`.

    `about` is the case in which the actor may stand in for somebody, where the entry itself names the id of a case only.
    """
    account = unit.call.who.account
    unit.lock(f"actor:{account}")
    last = next(iter(unit.ask(_LAST_OF_ACTOR, account=account)), None)
    named = says.pop("case_id", "")
    case_id = case.id if case else named
    entry = Event(
        stream=f"actor:{account}",
        seq=last.seq + 1 if last else 1,
        prev=last.hash if last else NO_HASH,
        kind=kind,
        outcome="refused" if refused else "done",
        occurred_at=to_text(unit.call.happened_at),
        recorded_at=to_text(unit.call.at),
        actor=actor_of(unit, role, says.pop("about", case), looks=kind in LOOKS),
        through=unit.call.through,
        rules=rules_for(unit, case),
        case=case_id,
        source=case.state if case else "",
        round=case.round if case else 0,
        **says,
    )
    unit.put(_ENTER_FOR_ACTOR, actor_row(account, entry))
    _bring_about(unit, entry)
    return f"{entry.stream}#{entry.seq}"
