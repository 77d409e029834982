"""The file as it stood: a case after any of its entries, from the journal and from records that only supersede one another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from casework.errors import NotFound
from casework.ledger.event import decode_event
from casework.ledger.past import Beside, Stood, stood_after
from casework.machines.book import by_version, states_of
from casework.machines.forms import KINDS
from casework.machines.refusals import role_words
from casework.services import captions
from casework.services.names import Names
from casework.services.seen import of_case, opening
from casework.services.sight import UNNAMED, is_house, may_know_author
from casework.services.steps import request_label
from casework.store import approvals, cases, people, records, rules, trail
from casework.store.approvals import RequestRow
from casework.store.instants import from_text
from casework.store.records import RecordRow
from casework.store.unit import Unit
from casework.words import Words


class InForce(msgspec.Struct, frozen=True, kw_only=True):
    """A record that was in force: signed, and not superseded by then."""

    id: str
    form: str
    title: Words
    author: str
    role: Words
    signed_at: datetime
    countersigned: bool


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A request for approval as it stood, with who had decided what by then."""

    id: str
    step: Words
    by: str
    requested_at: datetime
    status: str
    status_words: Words
    decided: tuple[tuple[str, Words, str, datetime], ...]


class Aside(msgspec.Struct, frozen=True, kw_only=True):
    """A process beside the journey as it stood, and the definition by which it ran."""

    id: str
    name: Words
    state: str
    state_words: Words
    steps: int
    since: datetime
    version: int
    definition: str


class Then(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it stood after entry `seq`, recorded at `at`. `parameters` are the numbers in force, as (name, value)."""

    id: str
    number: str
    seq: int
    newest: int
    """The case's newest entry of today: after it comes nothing."""
    hash: str
    at: datetime
    state: str
    state_words: Words
    since: datetime
    round: int
    worker: str
    machine: str
    machine_words: Words
    version: int
    definition: str
    parameters_digest: str
    parameters: tuple[tuple[str, str], ...]
    processes: tuple[Aside, ...]
    records: tuple[InForce, ...]
    requests: tuple[Wish, ...]


@opening("past", of_case)
def as_it_stood(unit: Unit, case_id: str, at: datetime, last: int | None = None) -> Then:
    """Return a case as it stood at a moment, or right after entry `last`. Raises NotFound: no such case, not yet, or a house asks.

    What is shown of it is masked by the policy of today, as the page of the case is: who left the office since sees nothing.
    """
    case = cases.get_case(unit, case_id)
    held = cases.capacities(unit, case)
    if is_house(held):
        raise NotFound("case")
    stream = ((decode_event(stored.body), stored) for stored in trail.stream_of(unit, case_id))
    known = [(event, one.hash) for event, one in stream if (one.seq <= last if last is not None else one.recorded_at <= at)]
    stood = stood_after(known)
    if stood is None:
        raise NotFound("case")
    moment = from_text(stood.recorded_at)
    names = Names(unit, persons=people.named_in_journal(unit, case_id))
    rows = records.records_of(unit, case_id)
    unknown = {row.id for row in rows if not may_know_author(held, row.form, own=row.author == unit.call.who.person)}
    return Then(
        id=case.id,
        number=case.number,
        seq=stood.seq,
        newest=case.seq,
        hash=stood.hash,
        at=moment,
        state=stood.state,
        state_words=states_of(stood.rules.machine)[stood.state].label,
        since=from_text(stood.since),
        round=stood.round,
        worker=names.person(stood.worker),
        machine=stood.rules.machine,
        machine_words=by_version()[stood.rules.machine, stood.rules.version].definition.label
        or Words(stood.rules.machine, stood.rules.machine),
        version=stood.rules.version,
        definition=stood.rules.definition,
        parameters_digest=stood.rules.parameters,
        parameters=rules.parameters_of(unit, stood.rules.parameters),
        processes=tuple(_aside(one) for one in stood.processes),
        records=tuple(_in_force(row, names, moment, unnamed=row.id in unknown) for row in in_force(rows, stood)),
        requests=tuple(_wish(row, stood, moment, names) for row in approvals.requests_of(unit, case_id) if row.requested_at <= moment),
    )


def in_force(rows: tuple[RecordRow, ...], stood: Stood) -> Iterator[RecordRow]:
    """Yield the records that were signed by then and not superseded by another that was."""
    superseded = {row.supersedes for row in rows if row.id in stood.signed}
    yield from (row for row in rows if row.id in stood.signed and row.id not in superseded)


def _in_force(row: RecordRow, names: Names, moment: datetime, *, unnamed: bool) -> InForce:
    return InForce(
        id=row.id,
        form=row.form,
        title=KINDS[row.form].title,
        author="" if unnamed else names.person(row.author),
        role=UNNAMED if unnamed else role_words(row.author_role),
        signed_at=row.signed_at or row.dated,
        countersigned=row.countersigned_at is not None and row.countersigned_at <= moment,
    )


def status_then(request: RequestRow, stood: Stood, moment: datetime) -> str:
    """Return how a request stood: from who had decided by then, and from what the journal says became of it."""
    decided = [sign.decision for sign in request.decisions if sign.at <= moment]
    ended = {"reject": "rejected", "return": "returned"}.get(decided[-1], "") if decided else ""
    if request.id in stood.used:
        return "consumed"
    if ended or request.id in stood.withdrawn:
        return ended or "withdrawn"
    if request.settled_at is not None and request.settled_at <= moment and request.status in {"superseded", "expired", "lapsed"}:
        return request.status
    if len(decided) == len(request.needs):
        return "approved" if request.kind == "decision" else "consumed"
    return "in_second_approval" if decided else "submitted"


def _wish(request: RequestRow, stood: Stood, moment: datetime, names: Names) -> Wish:
    status = status_then(request, stood, moment)
    return Wish(
        id=request.id,
        step=request_label(request.trigger, stood.rules.machine, stood.rules.version),
        by=names.person(request.requester),
        requested_at=request.requested_at,
        status=status,
        status_words=captions.spoken(captions.REQUEST_STATUS, status),
        decided=tuple(
            (names.person(sign.person), role_words(sign.role), sign.decision, sign.at) for sign in request.decisions if sign.at <= moment
        ),
    )


def _aside(one: Beside) -> Aside:
    machine = by_version()[one.machine, one.version]
    return Aside(
        id=one.id,
        name=machine.definition.label or Words(one.machine, one.machine),
        state=one.state,
        state_words=machine.states[one.state].label,
        steps=one.steps,
        since=from_text(one.since),
        version=one.version,
        definition=one.definition,
    )
