"""What guards of the care journey may see: read once by the store, then passed to pure functions.

Times are UTC-aware datetimes; calendar days are counted in WITA (Asia/Makassar). Everything is a snapshot of one transaction.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime, timedelta, timezone
from operator import attrgetter
from typing import Any, Generic, Literal, TypeAlias, TypeVar

import msgspec

from casework.machines.engine import Ask
from casework.machines.forms import Form, Incident, Religion
from casework.machines.parameters import Parameters

WITA = timezone(timedelta(hours=8), "WITA")
"""Asia/Makassar: UTC+8 without daylight saving, now and in every year the records reach back to."""

HostKind: TypeAlias = Literal[
    "lksa", "kin_household", "neighbour_household", "foster_family", "guardian_household", "adoptive_family",
    "rpsa", "uptd", "hospital", "police_unit", "lks",
]  # fmt: skip
DocumentKind: TypeAlias = Literal[
    "guardianship_order", "adoption_order", "placement_order", "adoption_consent_order", "temporary_care_permit", "adoption_permit",
    "death_certificate", "doctor_statement", "police_statement", "village_statement", "dinas_head_letter", "dinas_permanence_decision",
    "birth_certificate", "birth_certificate_application", "family_card", "family_card_application", "other",
]  # fmt: skip
"""Kinds of paper in the document register. `placement_order`: a court overrides or replaces the parents' consent."""
BodyKind: TypeAlias = Literal[
    "dinas", "ministry", "court_named", "province", "uptd", "police", "village", "civil_registry", "school", "ngo", "lksa", "carer",
]  # fmt: skip
PlacementStatus: TypeAlias = Literal["unconfirmed", "active", "on_leave", "reserved", "ended"]

R = TypeVar("R", bound=Form)


class Filed(msgspec.Struct, Generic[R], frozen=True):
    """A signed record that is neither void nor superseded. `dated` is when it happened, `signed_at` when it was signed.

    Persons are natural persons, not accounts. `verified_by` is set when somebody else compared it with its sources. `day` (WITA) follows
    from `dated`: it is never given.
    """

    id: str
    round: int
    dated: datetime
    signed_at: datetime
    author: str
    author_role: str
    body: R
    digest: str
    countersigned_by: str | None = None
    countersigned_at: datetime | None = None
    verified_by: str | None = None
    verifier_role: str | None = None
    day: date = date.min

    def __post_init__(self) -> None:
        """Count the calendar day (WITA) once: guards ask for it again and again."""
        msgspec.structs.force_setattr(self, "day", self.dated.astimezone(WITA).date())


class Document(msgspec.Struct, frozen=True):
    """A paper in the document register (kinds: `DocumentKind`). It counts once a second person compared it with its original."""

    id: str
    kind: str
    attached_by: str
    digest: str
    compared_by: str | None = None
    compared_role: str | None = None


class Attached(msgspec.Struct, frozen=True):
    """A photograph that belongs to a record or a paper (`about`): whoever decides on that decides on it, too."""

    id: str
    digest: str
    about: str


class Child(msgspec.Struct, frozen=True):
    """The child's identity as it stands. `born_precision` "year" means only the year is known.

    `digest` is over the whole identity: any correction of it is a change of evidence.
    """

    id: str
    born: date | None
    born_precision: Literal["day", "month", "year", "unknown"]
    religion: Religion
    digest: str = ""


class Relative(msgspec.Struct, frozen=True):
    """One member of the family register, to the third degree. `relation` of a parent is `father` or `mother`; the others are kin."""

    id: str
    name: str
    relation: str
    degree: int
    religion: Religion = "unknown"


class Host(msgspec.Struct, frozen=True):
    """A setting that can take children, as its register stands: household, institution or shelter.

    `religion` is None for an institution without a religious base. `capacity` is in children; `occupied` counts active and reserved
    placements, this child's own excluded. `uncleared_staff` counts active staff without a valid clearance.
    """

    id: str
    name: str
    kind: HostKind
    status: Literal["registered", "active", "restricted", "suspended", "revoked", "expired"]
    digest: str
    religion: Religion | None = None
    licence_until: date | None = None
    accredited_until: date | None = None
    accreditation_waiver_until: date | None = None
    policy_dated: date | None = None
    policy_disseminated: bool = False
    complaint_channel: bool = False
    capacity: int = 0
    occupied: int = 0
    occupied_under_three: int = 0
    caregivers: int = 0
    staff: int = 0
    uncleared_staff: int = 0
    known_to_rt: bool = False
    implicated_persons: int = 0


class Placement(msgspec.Struct, frozen=True):
    """One episode in this chain of cases. Exactly one of `host` and `relative` is set. `state` is the journey state it stands for."""

    id: str
    kind: Literal["emergency", "kin", "foster", "guardian", "pre_adoption", "institution"]
    state: str
    status: PlacementStatus
    host: str | None
    relative: str | None
    started_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    reserved_at: datetime | None = None
    case_id: str = ""

    @property
    def carer(self) -> str:
        """The id that requests and records name: of the host or of the relative."""
        return self.host or self.relative or ""


class Receiver(msgspec.Struct, frozen=True):
    """The body a referral goes to, from the register of bodies."""

    id: str
    kind: BodyKind


class Subject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a request names. Approvals are bound to it. Empty strings mean "not named".

    `host` is a host's id, `relative` a relative's: the carer is whichever is named. `receiver` is the body of a referral, `reason` a code
    of closure or voiding.
    """

    host: str = ""
    relative: str = ""
    receiver: str = ""
    reason: str = ""

    @property
    def carer(self) -> str:
        """The id of the carer named, host or relative."""
        return self.host or self.relative


class Case(msgspec.Struct, frozen=True):
    """The case itself and what the registers and the journal compute about it.

    `entered_at` is when the child came into this state from another. `open_tasks` counts tasks that are due by now: what is due later is
    settled by the move. `missing_from` is the state in which the child was last reported missing ("" if never), `missing_days` are whole
    days missing in this case, `emergency_days` those in emergency care in the chain.
    """

    id: str
    state: str
    version: int
    round: int
    opened_at: datetime
    entered_at: datetime
    round_started_at: datetime
    assigned_to: str | None = None
    other_open_case: bool = False
    closed_reason: str | None = None
    emergency_started_at: datetime | None = None
    emergency_from: str | None = None
    emergency_days: int = 0
    emergency_extended: bool = False
    ratification_rejected: bool = False
    missing_since: datetime | None = None
    missing_from: str = ""
    missing_days: int = 0
    open_incidents: int = 0
    open_tasks: int = 0
    open_approvals: int = 0
    open_referrals: int = 0
    census_from: date | None = None


class Process(msgspec.Struct, frozen=True):
    """A process beside the journey, as it stands. `id` is the id of what it is about where that has a register of its own.

    `record` is the newest version of the form that opened it, corrections included. `by` are the natural persons who made its steps, first
    the one whose act began it. `due_at` is when what it stands for falls due, where it has a day of its own (a review). `made` are its
    steps so far, by trigger, with when each happened.
    """

    id: str
    machine: str
    version: int
    state: str
    opened_at: datetime
    entered_at: datetime
    case_id: str = ""
    host_id: str = ""
    record: Filed[Form] | None = None
    by: tuple[str, ...] = ()
    due_at: datetime | None = None
    made: tuple[tuple[str, datetime], ...] = ()

    def last(self, *triggers: str) -> datetime | None:
        """Return when one of these steps was made last, or None."""
        return max((at for trigger, at in self.made if trigger in triggers), default=None)


class Shelves(msgspec.Struct, frozen=True):
    """Records sorted for being asked for: of one `round`, by form, newest first. It says what it was made `of`, and for which `now`.

    `known` leaves out what is dated in the future: that proves nothing yet. `incidents` are of every round, in the order given.
    """

    of: tuple[Filed[Any], ...]
    now: datetime
    round: int
    filed: dict[type[Any], tuple[Filed[Any], ...]]
    known: dict[type[Any], tuple[Filed[Any], ...]]
    incidents: tuple[Filed[Incident], ...]

    def serve(self, facts: Facts) -> bool:
        """Whether these facts have the very records, moment and round that were sorted."""
        return self.of is facts.records and self.now is facts.now and self.round == facts.case.round


_NEWEST = attrgetter("dated", "signed_at", "id")
_UNSORTED = Shelves((), datetime.min.replace(tzinfo=WITA), -1, {}, {}, ())


def _sorted(records: tuple[Filed[Any], ...], now: datetime, of_round: int) -> Shelves:
    found: dict[type[Any], list[Filed[Any]]] = {}
    incidents = []
    for record in records:
        if record.round == of_round:
            found.setdefault(type(record.body), []).append(record)
        if isinstance(record.body, Incident):
            incidents.append(record)
    filed = {form: tuple(sorted(each, key=_NEWEST, reverse=True)) if len(each) > 1 else (each[0],) for form, each in found.items()}
    known = {form: each if each[0].dated <= now else _past(each, now) for form, each in filed.items()}
    return Shelves(records, now, of_round, filed, known, tuple(incidents))


def _past(records: tuple[Filed[Any], ...], now: datetime) -> tuple[Filed[Any], ...]:
    return tuple(record for record in records if record.dated <= now)


class Facts(msgspec.Struct, frozen=True):
    """One snapshot of everything a guard of the care journey may read.

    `trigger` is the one being asked (the emergency profile of host_eligible depends on it); `host` the host named, or the held one when
    the request names none; `host_accepted_by` the person who, as head of that host, accepted this child in this round;
    `held_host` the host of the current placement. `process` is the one beside the journey that is asked for a step, `processes` are all of
    the case's; `persons_of_host` are the natural persons of the house that `process` is about; `days_off` is the
    calendar that working days are counted by. `shelves` follows from `records` and `today` (WITA) from `now`: they are never given, and
    facts that differ in something else only (`msgspec.structs.replace`) share them.
    """

    now: datetime
    params: Parameters
    ask: Ask
    case: Case
    child: Child
    trigger: str = ""
    subject: Subject = Subject()
    records: tuple[Filed[Form], ...] = ()
    documents: tuple[Document, ...] = ()
    attached: tuple[Attached, ...] = ()
    relatives: tuple[Relative, ...] = ()
    placements: tuple[Placement, ...] = ()
    host: Host | None = None
    host_accepted_by: str | None = None
    held_host: Host | None = None
    receiver: Receiver | None = None
    process: Process | None = None
    processes: tuple[Process, ...] = ()
    persons_of_host: frozenset[str] = frozenset()
    days_off: Container[date] = frozenset()
    shelves: Shelves = _UNSORTED
    today: date = date.min

    def __post_init__(self) -> None:
        """Count the day (WITA) and sort the records once: one decision asks for them some twenty times."""
        if not self.shelves.serve(self):
            msgspec.structs.force_setattr(self, "today", self.now.astimezone(WITA).date())
            msgspec.structs.force_setattr(self, "shelves", _sorted(self.records, self.now, self.case.round))

    def filed(self, form: type[R]) -> tuple[Filed[R], ...]:
        """Return this round's signed records of a form, newest first."""
        return self.shelves.filed.get(form, ())

    def known(self, form: type[R]) -> tuple[Filed[R], ...]:
        """Return this round's signed records of a form, newest first; one dated in the future proves nothing yet."""
        return self.shelves.known.get(form, ())

    def age_days(self, record: Filed[R]) -> int:
        """Return the age of a record in whole WITA calendar days."""
        return (self.today - record.day).days

    @property
    def current_placement(self) -> Placement | None:
        """The active, unconfirmed, on-leave or reserved placement, or None."""
        for placement in self.placements:
            if placement.status != "ended":
                return placement
        return None
