"""The bodies that the interface takes. The path names the case and the thing; a body never carries a state, an owner or a version.

Each body is its service's ask without what the path says (`tests/http/test_contract.py` holds them to that);
where the path says nothing (`AddHost`, `AddBody`, `SignIn`) the body is the ask itself.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from litestar.openapi.spec import Example
from litestar.params import BodyKwarg
from msgspec import UNSET, Meta, UnsetType

from casework.machines.forms import Intake, Religion
from casework.machines.forms.fields import Moment, Nik
from casework.machines.register import AnyEntry
from casework.services import cases as services
from casework.services.attachments import Why
from casework.services.cases import RegisterCase
from casework.services.field import Errand
from casework.services.registers import Services, Text
from casework.services.residents import Ids
from casework.store.call import Knock

Code = Annotated[str, Meta(pattern="^[a-z0-9_]{0,64}$")]
"""An id or a code, or "" for "not named": it reaches the journal, so it can hold no sentence."""
FormCode = Annotated[str, Meta(pattern="^F[0-9]{2}$")]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Area = Annotated[str, Meta(pattern=r"^[0-9.]{1,13}$")]
"""A code of the Ministry of Home Affairs, such as 64.02.06."""
Digest = Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")]
Note = Annotated[str, Meta(max_length=1000)]


class Subjected(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a step is about: a host or a relative, a receiving body, a closure code. "" means not named."""

    host: Code = ""
    relative: Code = ""
    receiver: Code = ""
    reason: Code = ""


class NewChild(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The little that is known of a child at intake. With precision `year` only the year of `born` counts."""

    name: Line
    sex: Literal["male", "female", "unknown"] = "unknown"
    born: date | None = None
    born_precision: Literal["day", "month", "year", "unknown"] = "unknown"
    born_place: Line | None = None
    religion: Religion = "unknown"
    nik: Nik | None = None
    kk: Nik | None = None
    mother_name: Line | None = None
    father_name: Line | None = None
    district_code: Area | None = None
    village_code: Area | None = None

    def ask(self) -> services.NewChild:
        """Return the service's ask."""
        return services.NewChild(**{**without(self), "born": self.born.isoformat() if self.born else None})


class NewCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Register a case from a report (F01): for a new child, or for `child_id`, one already in the register."""

    intake: Intake
    child: NewChild | None = None
    child_id: Code = ""

    def ask(self) -> RegisterCase:
        """Return the service's ask."""
        child = self.child.ask() if self.child else None
        return RegisterCase(intake=self.intake, child=child, child_id=self.child_id)


class AskStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for a step by its trigger; the machine computes the state. `occurred_at` only when it happened earlier than now."""

    trigger: Code
    subject: Subjected = Subjected()
    occurred_at: Moment | UnsetType = UNSET


class AskProcessStep(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for a step beside the journey by its trigger: of a process, of a host's standing, of a clearance."""

    trigger: Code


class AskApproval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask for the approvals that a step needs, for exactly this subject."""

    trigger: Code
    subject: Subjected = Subjected()


class AskAssignment(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Give the case to a social worker: a natural person's id. Who has enough cases already gets it with a reason only."""

    person: Code
    reason: Annotated[str, Meta(max_length=500)] = ""


class AskErrand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask a TKSK or PSM into the field: who, what, by which day, and what they need to know; where it leads, if not where the child is."""

    person: Code
    kind: Errand
    district: Annotated[str, Meta(pattern=r"^[0-9.]{0,13}$")] = ""
    by: Day
    note: Annotated[str, Meta(min_length=3, max_length=500, pattern=r"\S")]


class NewRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Sign a form. `body` is the form's own (see /api/forms/{code}); `supersedes` names the record it corrects."""

    form: FormCode
    body: dict[str, Any]
    supersedes: Code = ""
    occurred_at: Moment | UnsetType = UNSET


class NewDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Enter a paper. `issued_on` is an ISO date; `digest` the SHA-256 (hex) of its scan, if there is one."""

    kind: Code
    number: Line
    issuer: Line
    issued_on: Day
    digest: Digest = ""


class NewRelative(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Enter a member of the child's family, to the third degree."""

    name: Text
    relation: Text
    degree: Annotated[int, Meta(ge=1, le=3)]
    status: Literal["alive", "dead", "unknown", "missing", "prison", "migrant_worker"] = "alive"
    religion: Religion = "unknown"
    address: Line | None = None
    phone: Line | None = None


class NewOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask an institution whether it can take the child."""

    host: Code


class AnswerToOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Accept or decline as the head of that institution; declining needs a reason."""

    accepted: bool
    reason: Note = ""


class Withdrawal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why a picture counts no longer."""

    why: Why


class NewCompletion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Report a task as done, with what was done."""

    note: Annotated[str, Meta(min_length=3, max_length=500, pattern=r"\S")]


class AnswerToReferral(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Make the receiver's step of a referral: accepting names who, when and on what terms; declining its reason; closing the feedback."""

    trigger: Code
    name: Annotated[str, Meta(max_length=200)] = ""
    on: Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")] = ""
    terms: Note = ""
    reason: Note = ""
    feedback: Note = ""


class NewDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Decide one request. `digest` is that of the evidence you saw; rejecting and returning need a reason. Nothing is preset."""

    decision: Literal["approve", "reject", "return"]
    digest: Digest
    reason: Note = ""


class Residents(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The cases of existing residents of one institution."""

    cases: Ids


class ListDecision(NewDecision, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Decide about every request named. `digest` is that of the list as it was shown."""

    requests: Ids


class AskMigration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask that what an office has open may pass into a newer version of a machine."""

    office: Code


class MigrationApproval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Approve a migration. `digest` is that of what you saw."""

    digest: Digest


Count = Annotated[int, Meta(ge=0, le=1000)]


class HostChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Change a host's entry. What is left out stays; null empties it."""

    services: Services | UnsetType = UNSET
    religion: Religion | UnsetType | None = UNSET
    licence_number: Line | UnsetType | None = UNSET
    licence_issuer: Line | UnsetType | None = UNSET
    licence_until: Day | UnsetType | None = UNSET
    accredited_until: Day | UnsetType | None = UNSET
    accreditation_waiver_until: Day | UnsetType | None = UNSET
    policy_dated: Day | UnsetType | None = UNSET
    policy_disseminated: bool | UnsetType = UNSET
    complaint_channel: bool | UnsetType = UNSET
    capacity: Count | UnsetType = UNSET
    caregivers: Count | UnsetType = UNSET
    known_to_rt: bool | UnsetType = UNSET
    district_code: Area | UnsetType | None = UNSET


class NewEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Add an entry about a house: its `kind` says which fields it has. `supersedes` names the one of its kind that it corrects."""

    entry: AnyEntry
    supersedes: Code = ""


class NewStaff(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Enter a member of a host's staff. `person_id` where they have an account."""

    name: Text
    duty: Text
    police_record_on: Day | None = None
    code_signed_on: Day | None = None
    person_id: Code | None = None


class StaffChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Change a member's entry. What is left out stays; null empties it."""

    police_record_on: Day | UnsetType | None = UNSET
    code_signed_on: Day | UnsetType | None = UNSET


class AskIdentityChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask to correct one identity field, on a paper of the case. `new_value` is null where the value is not known after all."""

    field: Literal["name", "born", "born_precision", "religion", "nik", "kk", "mother_name", "father_name", "sex"]
    new_value: Annotated[str, Meta(max_length=200)] | None
    document: Code


Account = Annotated[str, Meta(max_length=100)]
"""A user name."""
Acts = Literal["decide", "approve_correction", "assign", "advance", "complete_task", "enter_late"]
Span = Annotated[int, Meta(ge=1, le=30)]
FromDay = Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]


class NewDelegation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Delegate a role of yours to a colleague of the office, 30 days at most; `actions` limit it. An administrator names a `giver`."""

    taker: Account
    role: Code
    office: Code
    days: Span
    starts_on: FromDay = ""
    actions: tuple[Acts, ...] = ()
    giver: Account = ""


class NewGlass(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Break the glass of a case: why, as a code for the journal and in words for who looks into it."""

    code: Literal["child_in_danger", "colleague_unreachable", "legal_duty", "complaint_or_inspection", "system_fault"]
    reason: Annotated[str, Meta(min_length=10, max_length=1000, pattern=r"\S")]


class GlassFinding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Say what was found when somebody else's breaking was looked into."""

    finding: Literal["justified", "unjustified"]
    note: Annotated[str, Meta(min_length=10, max_length=1000, pattern=r"\S")]


class DataDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Grant or refuse what was asked about a child's data: why it is refused, or the correction that answers it."""

    outcome: Literal["granted", "refused"]
    reason: Code = ""
    answer: Code = ""


class NewCover(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Let a social worker of the office stand in for the caseload of another for at most 30 days."""

    absent: Account
    taker: Account
    office: Code
    days: Span
    starts_on: FromDay = ""


def earlier(caller: Knock, body: msgspec.Struct | None) -> Knock:
    """Return the call with the moment it happened, if its body names one."""
    occurred_at = getattr(body, "occurred_at", UNSET)
    return caller if occurred_at is UNSET else msgspec.structs.replace(caller, occurred_at=occurred_at)


def without(ask: msgspec.Struct, *but: str) -> dict[str, Any]:
    """Return a body's fields for its service's ask, without those that go elsewhere."""
    return {name: value for name, value in msgspec.structs.asdict(ask).items() if name not in but}


def example(value: dict[str, Any]) -> BodyKwarg:
    """Return the description of a JSON body with one example."""
    return BodyKwarg(examples=[Example(summary="contoh / example", value=value)])
