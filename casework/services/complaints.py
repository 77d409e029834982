"""Complaints: a child, or somebody for one, reaches the office without an account and without passing the house (S3).

No house ever hears of one: not in a list, a count, a trail or a version. Who complained is told to those who triage, and each look at it is
an entry of the journal.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec

from casework.errors import Fault, Invalid, NotFound, Refusal, Throttled
from casework.ledger.event import Through
from casework.machines.complaint import COMPLAINT, TRIAGE
from casework.machines.complaints import ComplaintFacts
from casework.machines.engine import Ask, Move, Outlook
from casework.machines.forms.fields import Line, Note
from casework.machines.forms.reading import read
from casework.machines.parameters import Parameters
from casework.machines.refusals import role_not_allowed
from casework.services import captions
from casework.services.command import command, question
from casework.services.network import asked_by
from casework.services.processes import Made, ProcessStep, Stepped, made_of, step_of
from casework.store import cases, complaints, journal, people, processes, records, registers
from casework.store.call import Call, Who
from casework.store.complaints import ComplaintRow, Reporter, Said
from casework.store.ids import new_id
from casework.store.store import Store
from casework.store.unit import Unit
from casework.words import Words

PUBLIC = Who(person="", account="public", name="", seats=())
"""Somebody without an account. Nobody can sign in as it."""
WINDOW = timedelta(minutes=60)
FILED_PER_ADDRESS = 10
LOOKED_UP_PER_ADDRESS = 20
WRITERS = ("social_worker", "supervisor", "tksk", "psm")
"""Who writes down what a child told them."""
KNOWING = frozenset({"social_worker_on_duty", "supervisor", "dinas_head"})
"""Who knows of the complaints of their office."""
MOST = 200
Code = Annotated[str, msgspec.Meta(pattern=r"^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$")]
"""What the teller keeps: twelve signs that are not taken for one another."""
Told = Annotated[str, msgspec.Meta(min_length=1, max_length=4000, pattern=r"\S")]
As = Literal["", "child", "other_child", "adult"]


class Complaint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What somebody tells the office. Only what happened, and whether there is danger, must be said."""

    what: Told
    danger: Literal["yes", "no", "unknown"]
    host: Line = ""
    place: Line = ""
    reporter: As = ""
    name: Line = ""
    contact: Line = ""


class Receive(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Take in a complaint from the public page. `address` is what is throttled; `office` the name of the office of this installation."""

    told: Complaint
    code: Code
    address: str = ""
    office: str = ""


class WriteDown(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Write down, as somebody of the office, what a child told. `number` is that of the child's case, "" where it is not known."""

    told: Complaint
    code: Code
    number: Line = ""


class AdvanceComplaint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for a step of a complaint. An answer goes with `answer`; an escalation names the F17 (`record`) of the child's case."""

    complaint: str
    trigger: str
    answer: Note = ""
    record: str = ""


class LinkComplaint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Say of which child's case a complaint is: once."""

    complaint: str
    number: Line


class OpenReporter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask who complained."""

    complaint: str


class Received(msgspec.Struct, frozen=True):
    """A complaint that was taken in. `version` counts the steps of its process."""

    id: str
    version: int = 1


class ReporterSeen(msgspec.Struct, frozen=True):
    """Who complained, as they said it."""

    id: str
    as_words: Words
    name: str
    contact: str


class ComplaintLine(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint as the list shows it. `due_at` is when the next thing is due, None once it is closed; `overdue` that it is past."""

    id: str
    state: str
    state_label: Words
    danger: bool
    about: str
    received_at: datetime
    due_at: datetime | None
    overdue: bool


class ComplaintView(ComplaintLine, frozen=True, kw_only=True):
    """One complaint. Who made it is not here. `incidents` are the F17s of its case that it may have led to."""

    what: str
    place: str
    channel: Words
    case: str | None
    number: str
    answers: tuple[complaints.Answer, ...]
    incident: str | None
    incidents: tuple[tuple[str, datetime], ...]
    sees_reporter: bool
    steps: tuple[ProcessStep, ...]
    past: tuple[Made, ...]


class AnswerSeen(msgspec.Struct, frozen=True):
    """What the holder of a code reads: where the complaint stands, and the answer. Nothing of what was told."""

    state_label: Words
    answer: str


@command(Received)
def receive_complaint(unit: Unit, ask: Receive) -> Received:
    """Take in a complaint of somebody without an account. Raises Throttled after too many from one address."""
    _throttle(unit, "complaint", ask.address, FILED_PER_ADDRESS)
    office = complaints.receiving_office(unit, ask.told.host, ask.office)
    return _take_in(unit, ask.told, ask.code, office=office, channel="public", role="reporter")


@command(Received)
def write_down_complaint(unit: Unit, ask: WriteDown) -> Received:
    """Write down what a child told, as somebody of the office. Raises Refusal, or NotFound for a case that is not theirs."""
    seat = next((seat for seat in unit.call.who.seats if seat.host is None and seat.role in WRITERS), None)
    if seat is None:
        raise Refusal((role_not_allowed(WRITERS),))
    case = _case(unit, ask.number, seat.office) if ask.number.strip() else None
    filed_by = unit.call.who.person
    return _take_in(unit, ask.told, ask.code, office=seat.office, channel="worker", role=seat.role, case_id=case, filed_by=filed_by)


def _take_in(unit: Unit, told: Complaint, code: str, *, office: str, channel: str, role: str, **columns: Any) -> Received:
    if told.host and told.host not in dict(complaints.institutions(unit)):
        raise Invalid(Fault("$.told.host", Words("Tempat ini tidak ada dalam daftar.", "This place is not on the list.")))
    row, step = processes.open_process(unit, COMPLAINT, process_id=new_id(unit.call.at), office_id=office)
    said = Said(what=told.what, place=told.place, danger=told.danger)
    kept = {"office_id": office, "channel": channel, "danger": int(told.danger == "yes"), "code_hash": hash_code(code)}
    reporter = Reporter(as_=told.reporter, name=told.name, contact=told.contact)
    evidence = complaints.add(unit, row.id, said, reporter, **kept, host_id=told.host or None, **columns)
    journal.append_for_actor(unit, "complaint_received", role=role, items=(row.id,), evidence=(evidence,), steps=(step,))
    return Received(row.id)


def hash_code(code: str) -> str:
    """Return what is stored of a code: it has sixty bits of its own, so a plain digest hides it."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def _throttle(unit: Unit, what: str, address: str, most: int) -> str:
    """Count one attempt of an address. Raises Throttled when there were too many within the window."""
    key = hashlib.sha256(f"{what}:{address}".encode()).hexdigest()
    unit.lock(key)
    if people.attempts_since(unit, key, unit.call.at - WINDOW) >= most:
        raise Throttled(int(WINDOW.total_seconds()))
    return people.note_attempt(unit, key)


def look_up_answer(store: Store, at: datetime, code: str, address: str, through: Through) -> AnswerSeen | None:
    """Return how the complaint of a code stands and what was answered, or None for a code that is none. Raises Throttled."""
    with store.write(Call(who=PUBLIC, at=at, through=through)) as unit:
        attempt = _throttle(unit, "code", address, LOOKED_UP_PER_ADDRESS)
        found = complaints.with_code(unit, hash_code(code))
        answers = complaints.answers_of(unit, found.id) if found else ()
        if found:
            people.forget_attempts(unit, (attempt,))
        unit.commit()
    return AnswerSeen(COMPLAINT.states[found.state].label, answers[-1].text if answers else "") if found else None


@command(Stepped)
def advance_complaint(unit: Unit, ask: AdvanceComplaint) -> Stepped:
    """Make a step of a complaint, or refuse with every reason. Raises NotFound for whom it does not exist."""
    unit.lock(ask.complaint)
    held, row = _known(unit, ask.complaint)
    told = () if ask.trigger != "escalate" or not ask.record else _name_incident(unit, row, ask.record)
    row = complaints.get(unit, row.id)
    before = processes.get(unit, row.id)
    outcome = COMPLAINT.decide(row.state, ask.trigger, _facts(unit, row, held, ask.answer))
    if not isinstance(outcome, Move):
        raise outcome
    after, step = processes.step(unit, before, COMPLAINT, ask.trigger, outcome.dest)
    evidence = (complaints.add_answer(unit, row.id, ask.answer.strip()),) if ask.trigger == "answer" else ()
    role = asked_by(outcome, held)
    journal.append_for_actor(unit, "process_moved", role=role, items=(row.id, *told), evidence=evidence, steps=(step,))
    return Stepped(row.id, after.steps, "complaint", ask.trigger, row.state, after.state, ())


def _name_incident(unit: Unit, row: ComplaintRow, record: str) -> tuple[str, ...]:
    """Note the F17 that a complaint led to: of its case, signed since. Raises NotFound for any other."""
    if row.case_id is None:
        raise Invalid(Fault("$.record", Words("Hubungkan dahulu dengan kasus anak.", "Name the child's case first.")))
    signed = dict(complaints.incidents_of(unit, row.case_id))
    if record not in signed or signed[record] < row.received_at:
        raise NotFound("record")
    if row.incident_id is None:
        complaints.link(unit, row.id, incident_id=record)
    return (record,)


@command(Received)
def link_complaint(unit: Unit, ask: LinkComplaint) -> Received:
    """Say of which child's case a complaint is. The case itself is told nothing: who lives with the child would read it."""
    unit.lock(ask.complaint)
    held, row = _known(unit, ask.complaint)
    if held.isdisjoint(TRIAGE):
        raise Refusal((role_not_allowed(TRIAGE),))
    case = _case(unit, ask.number, row.office_id)
    if row.case_id is not None and row.case_id != case:
        raise Invalid(Fault("$.number", Words("Pengaduan ini sudah dihubungkan.", "The complaint has its case already.")))
    if row.case_id is None:
        complaints.link(unit, row.id, case_id=case)
    journal.append_for_actor(unit, "complaint_linked", role=_role(held), items=(row.id,))
    return Received(row.id, processes.get(unit, row.id).steps)


def _case(unit: Unit, number: str, office: str) -> str:
    """Return the case of a number, if it is of this office and the caller may act there for the office. Raises Invalid."""
    found = complaints.case_numbered(unit, number.strip())
    words = Words("Kasus dengan nomor ini tidak ada.", "There is no case of this number.")
    if found is None:
        raise Invalid(Fault("$.number", words))
    try:
        case = cases.get_case(unit, found)
    except NotFound as no:
        raise Invalid(Fault("$.number", words)) from no
    if case.office_id != office:
        raise Invalid(Fault("$.number", words))
    return case.id


@command(Received)
def open_reporter(unit: Unit, ask: OpenReporter) -> Received:
    """Note that one who triages looks who complained: an entry of the journal for each look. Raises Refusal for everybody else."""
    held, row = _known(unit, ask.complaint)
    if held.isdisjoint(TRIAGE):
        raise Refusal((role_not_allowed(TRIAGE),))
    records.note_read(unit, (row.id,))
    journal.append_for_actor(unit, "evidence_opened", role=_role(held), items=(row.id,))
    return Received(row.id, processes.get(unit, row.id).steps)


@question
def show_reporter(unit: Unit, complaint_id: str) -> ReporterSeen:
    """Return who complained, to one who triages and whose look was noted (`open_reporter`). Raises NotFound for everybody else."""
    held, row = _known(unit, complaint_id)
    if held.isdisjoint(TRIAGE) or not records.read_by(unit, unit.call.who.person, frozenset({row.id})):
        raise NotFound("reporter")
    found = complaints.reporter_of(unit, row.id)
    return ReporterSeen(row.id, captions.spoken(REPORTERS, found.as_), found.name, found.contact)


REPORTERS: dict[str, Words] = {
    "": Words("tidak disebut", "not said"),
    "child": Words("anak yang mengalaminya", "the child whom it happened to"),
    "other_child": Words("anak lain", "another child"),
    "adult": Words("orang dewasa", "a grown-up"),
}
CHANNELS: dict[str, Words] = {
    "public": Words("halaman pengaduan", "the public page"),
    "worker": Words("ditulis oleh petugas Dinas", "written down by somebody of the office"),
}


def _role(held: frozenset[str]) -> str:
    return next(role for role in TRIAGE if role in held)


def _known(unit: Unit, complaint_id: str) -> tuple[frozenset[str], ComplaintRow]:
    """Return the caller's capacities and the complaint. Raises NotFound for whom it does not exist: any house, and who belongs to it."""
    row = complaints.get(unit, complaint_id)
    held = _capacities(unit, row)
    if held.isdisjoint(KNOWING):
        raise NotFound("complaint")
    return held, row


def _capacities(unit: Unit, row: ComplaintRow) -> frozenset[str]:
    held = cases.office_capacities(unit.call.who, row.office_id, unit.call.at)
    return frozenset() if unit.call.who.person in _concerned(unit, row) else held


def _concerned(unit: Unit, row: ComplaintRow) -> frozenset[str]:
    return frozenset(person for house in complaints.houses_concerned(unit, row) for person in people.persons_of_host(unit, house))


def _facts(unit: Unit, row: ComplaintRow, held: frozenset[str], answer: str = "") -> ComplaintFacts:
    answers = complaints.answers_of(unit, row.id)
    return ComplaintFacts(
        now=unit.call.at,
        params=unit.params,
        ask=Ask(unit.call.who.person, held),
        process=processes.seen(unit, processes.get(unit, row.id)),
        concerned=_concerned(unit, row),
        danger=row.danger,
        answer=answer,
        answered_by=answers[-1].author if answers else "",
        incident=row.incident_id is not None,
    )


def due_at(row: ComplaintRow, params: Parameters) -> datetime | None:
    """Return when the next thing about a complaint is due: the first look, then the answer; None once it is answered."""
    if row.state == "received":
        hours = params.complaint_look_danger_hours if row.danger else params.complaint_look_hours
        return row.received_at + timedelta(hours=hours)
    return row.received_at + timedelta(days=params.complaint_answer_days) if row.state in {"under_review", "escalated"} else None


@question
def list_complaints(unit: Unit) -> tuple[ComplaintLine, ...]:
    """Return the complaints that the caller may know of, what is due first. Nothing at all for a house."""
    who, at = unit.call.who, unit.call.at
    offices = frozenset(seat.office for seat in who.seats if cases.office_capacities(who, seat.office, at) & KNOWING)
    found = complaints.of_offices(unit, offices, MOST) if offices else ()
    lines = [_line(unit, row) for row in found if _capacities(unit, row) & KNOWING]
    return tuple(sorted(lines, key=lambda line: (line.due_at is None, not line.danger, line.due_at or line.received_at)))


def _line(unit: Unit, row: ComplaintRow) -> ComplaintLine:
    due = due_at(row, unit.params)
    return ComplaintLine(
        id=row.id,
        state=row.state,
        state_label=COMPLAINT.states[row.state].label,
        danger=row.danger,
        about=registers.host_row(unit, row.host_id).name if row.host_id else row.said.place,
        received_at=row.received_at,
        due_at=due,
        overdue=due is not None and due < unit.call.at,
    )


@question
def show_complaint(unit: Unit, complaint_id: str) -> ComplaintView:
    """Return one complaint with its answers and the steps that lead on. Raises NotFound for whom it does not exist."""
    held, row = _known(unit, complaint_id)
    told = msgspec.structs.asdict(_line(unit, row))
    process = processes.get(unit, row.id)
    case = cases.cases_by_id(unit, (row.case_id,)).get(row.case_id) if row.case_id else None
    signed = complaints.incidents_of(unit, row.case_id) if row.case_id else ()
    outlooks: tuple[Outlook[Any], ...] = COMPLAINT.explain(row.state, _facts(unit, row, held, "–"))
    return ComplaintView(
        **told,
        what=row.said.what,
        place=row.said.place,
        channel=captions.spoken(CHANNELS, row.channel),
        case=row.case_id,
        number=case.number if case else "",
        answers=complaints.answers_of(unit, row.id),
        incident=row.incident_id,
        incidents=tuple(one for one in signed if one[1] >= row.received_at),
        sees_reporter=bool(held & {*TRIAGE}),
        steps=tuple(step_of(process, outlook) for outlook in outlooks),
        past=tuple(made_of(unit, process)),
    )


@question
def places_to_name(unit: Unit) -> tuple[tuple[str, str], ...]:
    """Return (id, name) of the institutions that anybody can name: their names are public, those of households are not."""
    return complaints.institutions(unit)


def told_by(fields: dict[str, str]) -> Complaint:
    """Return what a page's fields tell. Raises Invalid with every fault."""
    names = {*Complaint.__struct_fields__}
    return read(Complaint, {name: value for name, value in fields.items() if name in names and value})
