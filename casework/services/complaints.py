"""Complaints: a child, or somebody for one, reaches the office without an account and without passing the house (S3).

No house ever hears of one: not in a list, a count, a trail or a version. Who complained is told to those who triage, and each look at it is
an entry of the journal.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Annotated, Any, Literal

import msgspec

from casework.errors import Fault, Invalid, NotFound, Throttled
from casework.machines.complaint import COMPLAINT
from casework.machines.complaints import ComplaintFacts
from casework.machines.engine import Ask, Move
from casework.machines.forms.fields import Line, Note
from casework.machines.forms.reading import read
from casework.machines.policy import may
from casework.services import urgent
from casework.services.access import passed, seated
from casework.services.command import command
from casework.services.network import asked_by
from casework.services.processes import Stepped
from casework.store import cases, complaints, journal, people, processes, records, sessions
from casework.store.call import Who
from casework.store.complaints import ComplaintRow, Reporter, Said
from casework.store.ids import new_id
from casework.store.unit import Unit
from casework.words import Words

PUBLIC = Who(person="", account="public", name="", seats=())
"""Somebody without an account. Nobody can sign in as it."""
WINDOW = timedelta(minutes=60)
FILED_PER_ADDRESS = 10
LOOKED_UP_PER_ADDRESS = 20
LOOK = "complaint_look_danger_hours"
"""By when a complaint of danger is looked at: somebody is told at once."""
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


@command(Received)
def receive_complaint(unit: Unit, ask: Receive) -> Received:
    """Take in a complaint of somebody without an account. Raises Throttled after too many from one address."""
    throttle(unit, "complaint", ask.address, FILED_PER_ADDRESS)
    office = complaints.receiving_office(unit, ask.told.host, ask.office)
    return _take_in(unit, ask.told, ask.code, office=office, channel="public", role="reporter")


@command(Received)
def write_down_complaint(unit: Unit, ask: WriteDown) -> Received:
    """Write down what a child told, as somebody of the office. Raises Refusal, or NotFound for a case that is not theirs."""
    role = seated(unit, "write_complaint")
    seat = next(seat for seat in unit.call.who.seats if seat.host is None and seat.role == role)
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
    if told.danger == "yes":
        urgent.note_process(unit, LOOK, row, office, unit.call.at + timedelta(hours=getattr(unit.params, LOOK)))
    evidence = complaints.add(unit, row.id, said, reporter, **kept, host_id=told.host or None, **columns)
    journal.append_for_actor(unit, "complaint_received", role=role, items=(row.id,), evidence=(evidence,), steps=(step,))
    return Received(row.id)


def hash_code(code: str) -> str:
    """Return what is stored of a code: it has sixty bits of its own, so a plain digest hides it."""
    return hashlib.sha256(code.strip().upper().encode()).hexdigest()


def throttle(unit: Unit, what: str, address: str, most: int) -> str:
    """Count one attempt of an address. Raises Throttled when there were too many within the window."""
    key = hashlib.sha256(f"{what}:{address}".encode()).hexdigest()
    unit.lock(key)
    if sessions.attempts_since(unit, key, unit.call.at - WINDOW) >= most:
        raise Throttled(int(WINDOW.total_seconds()))
    return sessions.note_attempt(unit, key)


@command(Stepped)
def advance_complaint(unit: Unit, ask: AdvanceComplaint) -> Stepped:
    """Make a step of a complaint, or refuse with every reason. Raises NotFound for whom it does not exist."""
    unit.lock(ask.complaint)
    held, row = known(unit, ask.complaint)
    told = () if ask.trigger != "escalate" or not ask.record else _name_incident(unit, row, ask.record)
    row = complaints.get(unit, row.id)
    before = processes.get(unit, row.id)
    outcome = COMPLAINT.decide(row.state, ask.trigger, facts_about(unit, row, held, ask.answer))
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
    held, row = known(unit, ask.complaint)
    role = passed(unit, held, "triage_complaint").capacity
    case = _case(unit, ask.number, row.office_id)
    if row.case_id is not None and row.case_id != case:
        raise Invalid(Fault("$.number", Words("Pengaduan ini sudah dihubungkan.", "The complaint has its case already.")))
    if row.case_id is None:
        complaints.link(unit, row.id, case_id=case)
    journal.append_for_actor(unit, "complaint_linked", role=role, items=(row.id,))
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
    held, row = known(unit, ask.complaint)
    role = passed(unit, held, "triage_complaint").capacity
    records.note_read(unit, (row.id,))
    journal.append_for_actor(unit, "evidence_opened", role=role, items=(row.id,))
    return Received(row.id, processes.get(unit, row.id).steps)


def known(unit: Unit, complaint_id: str) -> tuple[frozenset[str], ComplaintRow]:
    """Return the caller's capacities and the complaint. Raises NotFound for whom it does not exist: any house, and who belongs to it."""
    row = complaints.get(unit, complaint_id)
    held = capacities(unit, row)
    if not may(held, "know_complaint"):
        raise NotFound("complaint")
    return held, row


def capacities(unit: Unit, row: ComplaintRow) -> frozenset[str]:
    """Return the roles in which the caller acts on a complaint: none for a person of a house that it is about."""
    held = cases.office_capacities(unit.call.who, row.office_id, unit.call.at)
    return frozenset() if unit.call.who.person in concerned(unit, row) else held


def concerned(unit: Unit, row: ComplaintRow) -> frozenset[str]:
    """Return the natural persons of every house that a complaint is about."""
    return frozenset(person for house in complaints.houses_concerned(unit, row) for person in people.persons_of_host(unit, house))


def facts_about(unit: Unit, row: ComplaintRow, held: frozenset[str], answer: str = "") -> ComplaintFacts:
    """Return what the guards of a complaint may see."""
    answers = complaints.answers_of(unit, row.id)
    return ComplaintFacts(
        now=unit.call.at,
        params=unit.params,
        ask=Ask(unit.call.who.person, held),
        process=processes.seen(unit, processes.get(unit, row.id)),
        concerned=concerned(unit, row),
        danger=row.danger,
        answer=answer,
        answered_by=answers[-1].author if answers else "",
        incident=row.incident_id is not None,
    )


def told_by(fields: dict[str, str]) -> Complaint:
    """Return what a page's fields tell. Raises Invalid with every fault."""
    names = {*Complaint.__struct_fields__}
    return read(Complaint, {name: value for name, value in fields.items() if name in names and value})
