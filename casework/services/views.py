"""What people see of cases: plain questions, answered in frozen Structs that the pages and the JSON interface share.

Nothing here decides anything. What a step still lacks comes from the same function that refuses it.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from casework.errors import NotFound
from casework.machines.facts import WITA
from casework.machines.forms import KINDS, Form
from casework.machines.refusals import role_words
from casework.services import captions
from casework.services.command import question
from casework.services.gist import about
from casework.services.journals import Chain, Entry, chain_of_case, entries_of_case
from casework.services.ladder import Rung, ladder_of
from casework.services.names import Names, names_for
from casework.services.sight import masks, may_open
from casework.services.steps import Request, Step, request_view, steps_of
from casework.store import approvals, cases, drafts, listing, offers, records, registers
from casework.store.cases import CaseRow
from casework.store.facts import Snapshot, read_snapshot
from casework.store.unit import MACHINES, Unit
from casework.words import Words

LIST = 50
"""Cases on one page of the list."""
SOON_DAYS = 3
"""A task due within these days makes a case `soon`."""


class Named(msgspec.Struct, frozen=True):
    """Something chosen or shown by name. `kind` is a code of its register, `note` what tells it from its namesakes."""

    id: str
    name: str
    kind: str = ""
    note: Words | None = None


class ChildView(msgspec.Struct, frozen=True, kw_only=True):
    """The child's identity as this caller may see it. `age` is in whole years, None when unknown; `exact` says whether the day is known."""

    id: str
    name: str
    sex: str
    born: date | None
    age: int | None
    exact: bool
    born_place: str
    religion: Words
    nik: str
    kk: str
    mother_name: str
    father_name: str
    masked: bool = False


class RecordView(msgspec.Struct, frozen=True, kw_only=True):
    """A filed record as lists show it. `about` tells it from others of its form (`kin: Ahmad`). `opened` says whether this caller has a read receipt; `may_open` whether they may get one."""

    id: str
    form: str
    title: Words
    about: Words | None
    status: str
    round: int
    dated: datetime
    author: str
    author_role: Words
    verified_by: str
    countersigned_by: str
    supersedes: str
    opened: bool
    may_open: bool
    may_verify: bool = False


class PaperView(msgspec.Struct, frozen=True, kw_only=True):
    """A paper in the document register. It counts once a second person compared it with its original."""

    id: str
    kind: str
    title: Words
    number: str
    issuer: str
    issued_on: str
    attached_by: str
    compared_by: str
    opened: bool
    may_compare: bool = False


class PlacementView(msgspec.Struct, frozen=True, kw_only=True):
    """One episode of care, with whom and how long."""

    kind: Words
    status: str
    status_words: Words
    carer: str
    started_at: datetime
    ended_at: datetime | None


class TaskView(msgspec.Struct, frozen=True, kw_only=True):
    """Something due. `overdue` as of now."""

    kind: str
    words: Words
    due_at: datetime
    overdue: bool
    settled_at: datetime | None = None


class OfferView(msgspec.Struct, frozen=True, kw_only=True):
    """A place asked of an institution in this round. `answer` is "", "accepted" or "declined"."""

    host: str
    host_name: str
    offered_at: datetime
    answer: str
    reason: str
    may_answer: bool


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """A case as one page shows it. `version` is what a writer must say they saw."""

    id: str
    number: str
    version: int
    state: str
    label: Words
    rung: int
    round: int
    opened_at: datetime
    entered_at: datetime
    child: ChildView
    worker: str
    office: str
    capacities: tuple[str, ...]
    ladder: tuple[Rung, ...]
    steps: tuple[Step, ...]
    records: tuple[RecordView, ...]
    papers: tuple[PaperView, ...]
    relatives: tuple[Named, ...]
    hosts: tuple[Named, ...]
    bodies: tuple[Named, ...]
    workers: tuple[Named, ...]
    placements: tuple[PlacementView, ...]
    offers: tuple[OfferView, ...]
    requests: tuple[Request, ...]
    tasks: tuple[TaskView, ...]
    timeline: tuple[Entry, ...]
    chain: Chain
    forms: tuple[str, ...]


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case as lists show it. `urgency` is "overdue", "urgent", "soon" or ""; `due_at` is that of the task due first."""

    id: str
    number: str
    name: str
    age: int | None
    state: str
    label: Words
    rung: int
    worker: str
    mine: bool
    urgency: str
    due: Words | None
    due_at: datetime | None


class RecordPage(msgspec.Struct, frozen=True, kw_only=True):
    """One record with its body. `case` and `number` say where it belongs; `version` what a writer saw."""

    case: str
    number: str
    child: str
    version: int
    record: RecordView
    body: Form
    digest: str
    may_correct: bool


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """A child the register already knows, found before another is created. `case` is "" when the caller may not see the child's case."""

    id: str
    name: str
    born: str
    mother_name: str
    case: str
    number: str
    label: Words | None
    open: bool


@question
def show_case(unit: Unit, case_id: str, chosen: captions.Chosen = captions.NOTHING) -> CaseView:
    """Return everything one page shows of a case. `chosen` names the step and subject to look at. Raises NotFound."""
    case = cases.get_case(unit, case_id)
    snapshot = read_snapshot(unit, case)
    held = snapshot.facts.ask.capacities
    hidden = masks(held)
    names = names_for(unit, snapshot)
    machine = MACHINES[case.machine, case.version]
    state = machine.states[case.state]
    opened = _opened(unit, snapshot)
    return CaseView(
        id=case.id,
        number=case.number,
        version=case.seq,
        state=case.state,
        label=state.label,
        rung=state.rung,
        round=case.round,
        opened_at=case.opened_at,
        entered_at=case.entered_at,
        child=child_view(registers.get_child(unit, case.child_id), unit.call.at, hidden=hidden),
        worker=names.person(case.assigned_to or ""),
        office=case.office_id,
        capacities=tuple(sorted(held)),
        ladder=ladder_of(snapshot, names),
        steps=steps_of(snapshot, names, chosen),
        records=_records(unit, case, held, names, opened),
        papers=papers_of(unit, snapshot, names, opened),
        relatives=() if hidden else tuple(Named(r.id, r.name, r.relation, captions.degree(r.degree)) for r in snapshot.facts.relatives),
        hosts=() if hidden else tuple(Named(h.id, h.name, h.kind, captions.host_status(h.status)) for h in registers.all_hosts(unit)),
        bodies=tuple(Named(row.id, row.name, row.kind) for row in registers.all_bodies(unit)),
        workers=_workers(unit, case, held),
        placements=_placements(snapshot, names),
        offers=_offers(unit, case, names),
        requests=tuple(request_view(request, snapshot, names) for request in snapshot.requests),
        tasks=_tasks(unit, case),
        timeline=entries_of_case(unit, case, names),
        chain=chain_of_case(unit, case),
        forms=tuple(code for code, kind in KINDS.items() if held & {*kind.signers}),
    )


def _opened(unit: Unit, snapshot: Snapshot) -> frozenset[str]:
    items = frozenset(record.id for record in snapshot.facts.records) | frozenset(paper.id for paper in snapshot.facts.documents)
    return records.read_by(unit, unit.call.who.person, items)


def child_view(row: registers.ChildRow, at: datetime, *, hidden: bool) -> ChildView:
    """Return a child's identity; `hidden` leaves initials only."""
    born = date.fromisoformat(row.born) if row.born else None
    return ChildView(
        id=row.id,
        name=initials(row.name) if hidden else row.name,
        sex=row.sex,
        born=None if hidden else born,
        age=age_in_years(born, at) if born else None,
        exact=row.born_precision == "day",
        born_place="" if hidden else row.born_place or "",
        religion=captions.RELIGIONS.get(row.religion, Words(row.religion, row.religion)),
        nik="" if hidden else row.nik or "",
        kk="" if hidden else row.kk or "",
        mother_name="" if hidden else row.mother_name or "",
        father_name="" if hidden else row.father_name or "",
        masked=hidden,
    )


def age_in_years(born: date, at: datetime) -> int:
    """Return completed years on the WITA calendar day of `at`."""
    today = at.astimezone(WITA).date()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def initials(name: str) -> str:
    """Return `R. A.` for `Rina Ayu`: what somebody sees who may not know the child."""
    return " ".join(f"{part[0].upper()}." for part in name.split() if part)


def _records(unit: Unit, case: CaseRow, held: frozenset[str], names: Names, opened: frozenset[str]) -> tuple[RecordView, ...]:
    return tuple(
        record_view(row, unit.call.who.person, held, names, opened=row.id in opened)
        for row in records.records_of(unit, case.id)
        if row.status != "draft"
    )


def record_view(row: records.RecordRow, person: str, held: frozenset[str], names: Names, *, opened: bool) -> RecordView:
    """Return a record's line for a person with these capacities."""
    verifiers = {"social_worker_on_duty", "tksk", "psm"}
    return RecordView(
        id=row.id,
        form=row.form,
        title=KINDS[row.form].title,
        about=None if masks(held) else about(row.body),
        status=row.status,
        round=row.round,
        dated=row.dated,
        author=names.person(row.author),
        author_role=role_words(row.author_role),
        verified_by=names.person(row.verified_by or ""),
        countersigned_by=names.person(row.countersigned_by or ""),
        supersedes=row.supersedes or "",
        opened=opened,
        may_open=may_open(held, row.form) or row.author == person,
        may_verify=bool(held & verifiers) and row.author != person and not row.verified_by and row.status != "void",
    )


def papers_of(unit: Unit, snapshot: Snapshot, names: Names, opened: frozenset[str]) -> tuple[PaperView, ...]:
    """Return the papers of a case, oldest first."""
    person = unit.call.who.person
    return tuple(
        PaperView(
            id=paper.id,
            kind=paper.kind,
            title=captions.paper(paper.kind),
            number=row.number,
            issuer=row.issuer,
            issued_on=row.issued_on,
            attached_by=names.person(paper.attached_by),
            compared_by=names.person(paper.compared_by or ""),
            opened=paper.id in opened,
            may_compare="social_worker_on_duty" in snapshot.facts.ask.capacities
            and not paper.compared_by
            and paper.attached_by != person,
        )
        for paper in snapshot.facts.documents
        for row in (records.get_document(unit, paper.id),)
    )


def _workers(unit: Unit, case: CaseRow, held: frozenset[str]) -> tuple[Named, ...]:
    if not held & {"supervisor", "dinas_head"}:
        return ()
    return tuple(Named(person, name) for person, name in listing.workers_of(unit, case.office_id))


def _placements(snapshot: Snapshot, names: Names) -> tuple[PlacementView, ...]:
    return tuple(
        PlacementView(
            kind=captions.PLACEMENTS.get(episode.kind, Words(episode.kind, episode.kind)),
            status=episode.status,
            status_words=captions.PLACEMENT_STATUS.get(episode.status, Words(episode.status, episode.status)),
            carer=names.carer(episode.carer),
            started_at=episode.started_at,
            ended_at=episode.ended_at,
        )
        for episode in reversed(snapshot.facts.placements)
    )


def _offers(unit: Unit, case: CaseRow, names: Names) -> tuple[OfferView, ...]:
    own = {seat.host for seat in unit.call.who.seats if seat.role == "lksa_head"}
    return tuple(
        OfferView(
            host=offer.host,
            host_name=names.carer(offer.host),
            offered_at=offer.offered_at,
            answer="" if offer.accepted is None else ("accepted" if offer.accepted else "declined"),
            reason=offer.reason,
            may_answer=offer.accepted is None and offer.host in own,
        )
        for offer in offers.offers_of(unit, case)
    )


def _tasks(unit: Unit, case: CaseRow) -> tuple[TaskView, ...]:
    return tuple(
        TaskView(
            kind=task.kind,
            words=captions.task(task.kind),
            due_at=task.due_at,
            overdue=task.settled_at is None and task.due_at < unit.call.at,
            settled_at=task.settled_at,
        )
        for task in approvals.tasks_of(unit, case.id)
    )


@question
def list_cases(unit: Unit, *, named: str = "", state: str = "", after: str = "") -> tuple[CaseLine, ...]:
    """Return the caller's cases, newest first, LIST at most. `named` matches number or child's name; `after` is the last id seen."""
    found = cases.visible_cases(unit, state=state or None, named=named, after=after, limit=LIST)
    children = listing.children_of(unit, frozenset(case.child_id for case in found))
    due = listing.first_due(unit, frozenset(case.id for case in found))
    workers = Names(unit, persons=frozenset(case.assigned_to for case in found if case.assigned_to))
    return tuple(_line(unit, case, children[case.child_id], due.get(case.id), workers) for case in found)


def _line(unit: Unit, case: CaseRow, child: listing.ChildLine, due: listing.DueLine | None, names: Names) -> CaseLine:
    state = MACHINES[case.machine, case.version].states[case.state]
    hidden = masks(cases.capacities(unit, case))
    return CaseLine(
        id=case.id,
        number=case.number,
        name=initials(child.name) if hidden else child.name,
        age=age_in_years(date.fromisoformat(child.born), unit.call.at) if child.born else None,
        state=case.state,
        label=state.label,
        rung=state.rung,
        worker=names.person(case.assigned_to or ""),
        mine=case.assigned_to == unit.call.who.person,
        urgency=_urgency(case.state, due, unit.call.at),
        due=captions.task(due.kind) if due else None,
        due_at=due.due_at if due else None,
    )


def _urgency(state: str, due: listing.DueLine | None, at: datetime) -> str:
    if due and due.due_at < at:
        return "overdue"
    if state in {"emergency_care", "missing"}:
        return "urgent"
    return "soon" if due and (due.due_at - at).days < SOON_DAYS else ""


@question
def show_record(unit: Unit, case_id: str, record_id: str) -> RecordPage:
    """Return one record with its body. Raises NotFound when it is not of this case, a draft, or not for this caller's eyes.

    The roof notes the read receipt (`open_evidence`) before it answers with this.
    """
    case = cases.get_case(unit, case_id)
    row = records.get_record(unit, record_id)
    held = cases.capacities(unit, case)
    readable = may_open(held, row.form) or row.author == unit.call.who.person
    if row.case_id != case.id or row.status == "draft" or not readable:
        raise NotFound("record")
    names = Names(unit, persons=frozenset(p for p in (row.author, row.verified_by, row.countersigned_by) if p))
    child = registers.get_child(unit, case.child_id)
    return RecordPage(
        case=case.id,
        number=case.number,
        child=initials(child.name) if masks(held) else child.name,
        version=case.seq,
        record=record_view(row, unit.call.who.person, held, names, opened=True),
        body=row.body,
        digest=row.digest,
        may_correct=row.status != "void" and bool(held & {*KINDS[row.form].signers}),
    )


@question
def find_children(unit: Unit, name: str = "", nik: str = "") -> tuple[Registered, ...]:
    """Search the register before a child is entered a second time: those whose name contains `name`, or with this NIK.

    Only people who register cases find anything; a child whose case they may not see is shown without it.
    """
    if not any(seat.role in {"social_worker", "supervisor", "tksk", "psm"} and seat.host is None for seat in unit.call.who.seats):
        raise NotFound("children")
    return tuple(_registered(unit, row) for row in registers.find_children(unit, name=name.strip(), nik=nik.strip()))


def _registered(unit: Unit, row: registers.ChildRow) -> Registered:
    case = cases.last_case_of(unit, row.id)
    seen = case if case and cases.capacities(unit, case) else None
    return Registered(
        id=row.id,
        name=row.name,
        born=row.born or "",
        mother_name=row.mother_name or "",
        case=seen.id if seen else "",
        number=seen.number if seen else "",
        label=MACHINES[seen.machine, seen.version].states[seen.state].label if seen else None,
        open=case is not None and case.state not in {"closed", "voided"},
    )


@question
def draft_of(unit: Unit, case_id: str, form: str) -> dict[str, object]:
    """Return the caller's draft of a form in a case, or nothing. Raises NotFound for a case that is not theirs."""
    return drafts.find(unit, cases.get_case(unit, case_id).id, form) or {}
