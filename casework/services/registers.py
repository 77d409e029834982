"""The registers beside the case: hosts and staff, families, receiving bodies, offers to institutions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any, Literal

import msgspec

from casework.errors import Fault, Invalid, NotFound, Refusal, StaleVersion
from casework.ledger.event import Step
from casework.machines import policy
from casework.machines.engine import Machine, Move
from casework.machines.facts import WITA, HostKind
from casework.machines.forms import Religion
from casework.machines.forms.fields import Note
from casework.machines.guards.evidence import PARENTS
from casework.machines.host import HOST
from casework.machines.placement import PLACEMENT
from casework.machines.policy import may
from casework.machines.register import SERVICES, ServiceKind, service_gaps, services_of
from casework.machines.staff import STAFF
from casework.services.access import acting, seated, seats
from casework.services.calendar import NOT_YET, check_days
from casework.services.captions import relation_code
from casework.services.command import Saved, command, done, open_for_change, question
from casework.services.evidence import supersede_changed
from casework.services.house_papers import note_papers
from casework.services.network import Consequences
from casework.services.refusals import already_settled, takes_no_child, waiver_too_long
from casework.store import journal, offers, people, processes, registers
from casework.store.unit import Unit
from casework.words import Words

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Services = Annotated[tuple[ServiceKind, ...], msgspec.Meta(max_length=7)]
_WRITTEN_ON = frozenset({"policy_dated", "police_record_on", "code_signed_on"})
"""Days on which a paper was made: no paper is of tomorrow, and one dated so would never grow old."""
_DAYS = _WRITTEN_ON | {"licence_until", "accredited_until", "accreditation_waiver_until"}


class AddHost(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Enter a host: an LKS of any kind, a household or a shelter. Dates are ISO dates; `religion` None means no religious base.

    `services` are whom an LKS serves; an LKSA always serves children, and nobody else does.
    """

    name: Text
    kind: HostKind
    office_id: Text | None = None
    services: Services = ()
    religion: Religion | None = None
    licence_number: Text | None = None
    licence_issuer: Text | None = None
    licence_until: Day | None = None
    accredited_until: Day | None = None
    accreditation_waiver_until: Day | None = None
    policy_dated: Day | None = None
    policy_disseminated: bool = False
    complaint_channel: bool = False
    capacity: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    caregivers: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    known_to_rt: bool = False
    district_code: Text | None = None


class ChangeHost(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Change what a host's register says. Fields left out stay; approvals resting on the host are superseded by the change."""

    host: str
    services: Services | msgspec.UnsetType = msgspec.UNSET
    religion: Religion | msgspec.UnsetType | None = msgspec.UNSET
    licence_number: Text | msgspec.UnsetType | None = msgspec.UNSET
    licence_issuer: Text | msgspec.UnsetType | None = msgspec.UNSET
    licence_until: Day | msgspec.UnsetType | None = msgspec.UNSET
    accredited_until: Day | msgspec.UnsetType | None = msgspec.UNSET
    accreditation_waiver_until: Day | msgspec.UnsetType | None = msgspec.UNSET
    policy_dated: Day | msgspec.UnsetType | None = msgspec.UNSET
    policy_disseminated: bool | msgspec.UnsetType = msgspec.UNSET
    complaint_channel: bool | msgspec.UnsetType = msgspec.UNSET
    capacity: Annotated[int, msgspec.Meta(ge=0, le=1000)] | msgspec.UnsetType = msgspec.UNSET
    caregivers: Annotated[int, msgspec.Meta(ge=0, le=1000)] | msgspec.UnsetType = msgspec.UNSET
    known_to_rt: bool | msgspec.UnsetType = msgspec.UNSET
    district_code: Text | msgspec.UnsetType | None = msgspec.UNSET


class AddStaff(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Enter a member of a host's staff. Cleared means: police record and signed code of conduct, both dated."""

    host: str
    name: Text
    duty: Text
    police_record_on: Day | None = None
    code_signed_on: Day | None = None
    person_id: str | None = None


class ChangeStaff(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Change the papers of a staff entry. `host` is where the caller knows them to be, "" wherever they are."""

    staff: str
    host: str = ""
    police_record_on: Day | msgspec.UnsetType | None = msgspec.UNSET
    code_signed_on: Day | msgspec.UnsetType | None = msgspec.UNSET


class AddRelative(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Enter a member of the child's family, to the third degree."""

    case: str
    name: Text
    relation: Text
    degree: Annotated[int, msgspec.Meta(ge=1, le=3)]
    status: Literal["alive", "dead", "unknown", "missing", "prison", "migrant_worker"] = "alive"
    religion: Religion = "unknown"
    address: str | None = None
    phone: str | None = None


class AddBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Enter a body that referrals can go to."""

    name: Text
    kind: Literal[
        "dinas", "ministry", "court_named", "province", "uptd", "police", "village", "civil_registry", "school", "ngo", "lksa", "carer"
    ]


class OfferChild(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask an institution whether it can take this child. From then on its head sees the case's summary."""

    case: str
    host: str


class AnswerOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Accept or decline, as the head of that institution. Declining needs a reason. Accepting admits nobody: the office decides."""

    case: str
    host: str
    accepted: bool
    reason: Note = ""


class Entered(msgspec.Struct, frozen=True):
    """The id of a register entry, and the version of the host after it: what a writer must say they saw. A body has only one."""

    id: str
    version: int = 1


@command(Entered)
def add_host(unit: Unit, ask: AddHost) -> Entered:
    """Enter a host. Households are entered by social workers, institutions only by the office's supervisors, waivers only by its head."""
    role = seated(unit, "waive") if ask.accreditation_waiver_until else seated(unit, "add_host", ask.kind)
    if ask.office_id is not None and not people.is_office(unit, ask.office_id):
        raise Invalid(Fault("$.office_id", Words("Kantor ini tidak ada dalam daftar.", "This office is not in the register.")))
    check_waiver(unit, ask.accreditation_waiver_until)
    columns = _columns(unit, ask) | _serves(ask.kind, ask.services or (("children",) if ask.kind == "lksa" else ()))
    host_id = registers.add_host(unit, status=HOST.definition.initial, **columns)
    papers = note_papers(unit, host_id, columns, role)
    steps = _entered(unit, HOST, host_id, host_id, "activate")
    items = (host_id, *(paper.id for paper in papers))
    journal.append_for_actor(unit, "host_changed", role=role, items=items, evidence=papers, reason_code="add_host", steps=steps)
    return Entered(host_id, registers.lock_host(unit, host_id))


def _entered(unit: Unit, machine: Machine[Any], entry: str, host: str, at_once: str) -> tuple[Step, ...]:
    """Begin the process of a new entry of the register. When its papers are in order, it makes its first step at once."""
    brought = Consequences(unit, None)
    row = brought.begin(machine, entry, host=host)
    held = frozenset(seat.role for seat in unit.call.who.seats if seat.host is None)
    if isinstance(machine.decide(row.state, at_once, brought.facts_about(row, held)), Move):
        brought.make(row, at_once)
    return tuple(brought.steps)


@command(Entered)
def change_host(unit: Unit, ask: ChangeHost) -> Entered:
    """Change a host's papers and numbers. A waiver of accreditation (S11) is an act of the head of the office; its standing has steps."""
    role = seated(unit, "change_host")
    if _waives(unit, ask):
        role = seated(unit, "waive")
        check_waiver(unit, ask.accreditation_waiver_until)
    host_as_seen(unit, ask.host)
    columns = _columns(unit, ask, "host")
    if ask.services is not msgspec.UNSET:
        columns |= _serves(registers.host_row(unit, ask.host).kind, ask.services)
    registers.change_host(unit, ask.host, **columns)
    papers = note_papers(unit, ask.host, columns, role)
    items = (ask.host, *(paper.id for paper in papers))
    _changed(unit, ask.host, role, items=items, evidence=papers, reason_code="change_host")
    return Entered(ask.host, registers.host_row(unit, ask.host).revision)


def _changed(unit: Unit, entry: str, role: str, **says: Any) -> None:
    """Write that the papers of a host or a member of its staff changed, and the step that their time counts now, if it has come."""
    brought = Consequences(unit, None)
    brought.catch_up(processes.get(unit, entry))
    cause = journal.append_for_actor(unit, "host_changed", role=role, steps=brought.steps, effects=tuple(brought.words), **says)
    brought.follow(cause)


def host_as_seen(unit: Unit, host_id: str) -> int:
    """Return the version of a host that is about to change, if it is still the one the caller saw. Raises NotFound or StaleVersion."""
    unit.lock(host_id)
    version = registers.lock_host(unit, host_id)
    if unit.call.seen not in {None, version}:
        msg = f"you saw version {unit.call.seen}, the host is at {version}"
        raise StaleVersion(msg, current=version)
    return version


def _waives(unit: Unit, ask: ChangeHost) -> bool:
    """Return whether the change gives a waiver."""
    now = registers.host_row(unit, ask.host)
    return bool(ask.accreditation_waiver_until) and ask.accreditation_waiver_until != now.accreditation_waiver_until


def _serves(kind: str, services: Services) -> dict[str, object]:
    """Return the column that says whom a house serves. Raises Invalid with every reason why it cannot be so."""
    if gaps := tuple(Fault("$.services", words) for words in service_gaps(kind, services)):
        raise Invalid(*gaps)
    return {"services": " ".join(code for code in SERVICES if code in services)}


def check_waiver(unit: Unit, until: str | msgspec.UnsetType | None) -> None:
    """A waiver of accreditation lasts twelve months at most (S11). Raises Refusal, or Invalid for a day that no calendar has."""
    if not until:
        return
    check_days(accreditation_waiver_until=until)
    last = unit.call.at.astimezone(WITA).date() + timedelta(days=unit.params.accreditation_waiver_days)
    if date.fromisoformat(until) > last:
        raise Refusal((waiver_too_long(last),))


@command(Entered)
def add_staff(unit: Unit, ask: AddStaff) -> Entered:
    """Enter a member of staff. Raises NotFound for an unknown host, Invalid for an unknown person."""
    role = seated(unit, "change_staff")
    registers.host_row(unit, ask.host)
    if ask.person_id is not None and not people.names_of(unit, frozenset({ask.person_id})):
        raise Invalid(Fault("$.person_id", Words("Orang ini tidak ada dalam daftar.", "This person is not in the register.")))
    host_as_seen(unit, ask.host)
    staff_id = registers.add_staff(unit, ask.host, status=STAFF.definition.initial, **_columns(unit, ask, "host"))
    steps = _entered(unit, STAFF, staff_id, ask.host, "clear")
    journal.append_for_actor(unit, "host_changed", role=role, items=(ask.host, staff_id), reason_code="add_staff", steps=steps)
    return Entered(staff_id, registers.lock_host(unit, ask.host))


@command(Entered)
def change_staff(unit: Unit, ask: ChangeStaff) -> Entered:
    """Change a staff entry."""
    role = seated(unit, "change_staff")
    host_id = registers.host_of_staff(unit, ask.staff)
    if ask.host not in {"", host_id}:
        raise NotFound("staff")
    host_as_seen(unit, host_id)
    registers.change_staff(unit, ask.staff, **_columns(unit, ask, "staff", "host"))
    _changed(unit, ask.staff, role, items=(host_id, ask.staff), reason_code="change_staff")
    return Entered(ask.staff, registers.host_row(unit, host_id).revision)


def _columns(unit: Unit, ask: msgspec.Struct, *but: str) -> dict[str, object]:
    """The fields of an ask as columns: unset ones left out, flags as 0 and 1. Raises Invalid for a day that cannot be."""
    asked = {name: getattr(ask, name) for name in ask.__struct_fields__ if name not in but}
    given = {name: value for name, value in asked.items() if value is not msgspec.UNSET}
    check_days(**{name: value for name, value in given.items() if name in _DAYS})
    today = unit.call.at.astimezone(WITA).date().isoformat()
    if ahead := tuple(Fault(f"$.{name}", NOT_YET) for name, value in given.items() if name in _WRITTEN_ON and str(value or "") > today):
        raise Invalid(*ahead)
    return {name: int(value) if isinstance(value, bool) else value for name, value in given.items()}


@command(Entered)
def add_body(unit: Unit, ask: AddBody) -> Entered:
    """Enter a receiving body."""
    role = seated(unit, "add_body")
    body_id = registers.add_body(unit, ask.name, ask.kind)
    journal.append_for_actor(unit, "host_changed", role=role, items=(body_id,), reason_code="add_body")
    return Entered(body_id)


@command(Saved)
def add_relative(unit: Unit, ask: AddRelative) -> Saved:
    """Enter a relative into the family register of the case's child. Parents are of the first degree, whatever they were called."""
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "add_relative")
    relation = relation_code(ask.relation)
    if relation in PARENTS and ask.degree != 1:
        raise Invalid(Fault("$.degree", Words("Orang tua adalah derajat 1.", "A parent is of degree 1.")))
    columns = _columns(unit, ask, "case") | {"relation": relation}
    relative_id = registers.add_relative(unit, case.child_id, **columns)
    case = journal.append(unit, case, "relative_added", role, items=(relative_id,))
    supersede_changed(unit, case)
    return done(relative_id, case)


@command(Saved)
def offer_child(unit: Unit, ask: OfferChild) -> Saved:
    """Ask an institution for a place."""
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "offer_place")
    if registers.host_row(unit, ask.host).kind == "lks":
        raise Refusal((takes_no_child(),))
    offer_id = offers.add_offer(unit, case, ask.host)
    brought = Consequences(unit, case)
    brought.make(brought.begin(PLACEMENT, offer_id, host=ask.host), "offer")
    case = journal.append(unit, case, "host_offered", role, items=(ask.host, offer_id), steps=tuple(brought.steps))
    return done(offer_id, case)


@command(Saved)
def answer_offer(unit: Unit, ask: AnswerOffer) -> Saved:
    """Answer an offer, as the head of exactly that institution."""
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "answer_offer")
    if not any(seat.host == ask.host and may((seat.role,), "answer_offer") for seat in unit.call.who.seats):
        raise NotFound("offer")
    offer = offers.open_offer(unit, case, ask.host)
    if offer is None:
        raise Refusal((already_settled(Words("Penawaran ini sudah dijawab.", "This offer was answered already.")),))
    if not ask.accepted and not ask.reason.strip():
        raise Invalid(Fault("$.reason", Words("Tulis alasan penolakan.", "Write why it is declined.")))
    offers.answer(unit, case, offer, accepted=ask.accepted, reason=ask.reason.strip())
    brought = Consequences(unit, case)
    brought.make_by_id(offer, "accept" if ask.accepted else "decline")
    answer = "accepted" if ask.accepted else "declined"
    case = journal.append(unit, case, "host_answered", role, items=(ask.host, offer), reason_code=answer, steps=tuple(brought.steps))
    return done(offer, case)


class HostSummary(msgspec.Struct, frozen=True):
    """A host as lists show it."""

    id: str
    name: str
    kind: str
    status: str
    religion: str | None
    capacity: int
    licence_until: str | None
    services: tuple[str, ...] = ()
    district_code: str | None = None


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """Which hosts somebody looks for: "" is any. `service` is whom an LKS serves, `district` a code of the Ministry of Home Affairs."""

    kind: str = ""
    service: str = ""
    district: str = ""
    standing: str = ""


@question
def list_hosts(unit: Unit, sought: Sought = Sought()) -> tuple[HostSummary, ...]:  # noqa: B008 - frozen
    """Return the hosts that are sought. Only staff of the office see the whole register; an institution sees itself."""
    own = {seat.host for seat in unit.call.who.seats if seat.host}
    sees_all = policy.ruled(seats(unit), "list_hosts").verdict == "allow"
    found = (_summary(row) for row in registers.all_hosts(unit) if sees_all or row.id in own)
    return tuple(host for host in found if is_sought(host, sought))


def _summary(row: Any) -> HostSummary:
    told = {name: getattr(row, name) for name in HostSummary.__struct_fields__ if name != "services"}
    return HostSummary(services=services_of(row.services), **told)


def is_sought(host: HostSummary, sought: Sought) -> bool:
    """Whether a host is one that somebody looks for."""
    asked = ((sought.kind, host.kind), (sought.district, host.district_code), (sought.standing, host.status))
    return all(wanted in {"", has} for wanted, has in asked) and sought.service in {"", *host.services}


class BodySummary(msgspec.Struct, frozen=True):
    """A receiving body as lists show it."""

    id: str
    name: str
    kind: str


@question
def list_bodies(unit: Unit) -> tuple[BodySummary, ...]:
    """Return every receiving body."""
    return tuple(BodySummary(row.id, row.name, row.kind) for row in registers.all_bodies(unit))
