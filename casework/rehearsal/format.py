"""What a rehearsal file may say: one frozen Struct per kind of step. The keys of the TOML file are the fields below.

A step names what is done (`do`), when (`at`, see moments.py) and by whom (`by`, a key of the cast). `name` lets other files leave the step
out or change it; `note` is printed in the account. Everything else has a default that makes sense.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeAlias, get_args

import msgspec

from casework.machines.facts import DocumentKind
from casework.services.registers import ChangeHost, ChangeStaff
from casework.words import Language

Decision: TypeAlias = Literal["approve", "reject", "return"]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Anything a rehearsal file says: an unknown key is a fault, never ignored."""


class Expect(Part, frozen=True, kw_only=True):
    """What must be true after a step. What is not said is not compared; what is said is compared exactly.

    `refused` is the exact set of codes (`not_found` and `invalid` stand for those two answers); `names` are texts that the refusal must
    contain. `effects` are all that the services carried out. `tasks` must be open, `no_tasks` must not. `processes` is the state of the
    newest process of each machine named, or `none`; `host_standing` and `clearance` are those of hosts by key, and of staff by name.
    `complaint` is how the newest complaint stands for each person named, `none` for whom there is none; `house_due` what stands on the work
    list of each person named, by house.
    """

    state: str | None = None
    round: int | None = None
    effects: tuple[str, ...] | None = None
    refused: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    no_tasks: tuple[str, ...] = ()
    placement: str | None = None
    processes: dict[str, str] = {}
    host_standing: dict[str, str] = {}
    clearance: dict[str, str] = {}
    complaint: dict[str, str] = {}
    house_due: dict[str, dict[str, tuple[str, ...]]] = {}


class Step(Part, frozen=True, kw_only=True, tag_field="do"):
    """What every step may say. `child` is the key of another child of the story: its case is meant, not that of the world's child."""

    at: str = ""
    by: str = ""
    child: str = ""
    name: str = ""
    note: str = ""
    expect: Expect | None = None
    default_by: ClassVar[str] = "{worker}"


class Register(Step, frozen=True, kw_only=True, tag="register"):
    """Open a case from a report (F01). `known_child`: for the child of this story again, after its case ended for good."""

    body: dict[str, Any] = msgspec.field(name="with", default_factory=dict)
    known_child: bool = False


class Assign(Step, frozen=True, kw_only=True, tag="assign"):
    """Give the case to a social worker."""

    to: str = "{worker}"
    default_by: ClassVar[str] = "bambang"


class File(Step, frozen=True, kw_only=True, tag="file"):
    """Sign a form. `body` (`with`) says only what differs from the default body, or from the version that the form supersedes.

    `happened` says when it happened, if earlier; `verified_by` and `countersigned_by` add those two steps of other people at once.
    """

    form: str
    body: dict[str, Any] = msgspec.field(name="with", default_factory=dict)
    supersedes: str = ""
    happened: str = ""
    verified_by: str = ""
    countersigned_by: str = ""


class Verify(Step, frozen=True, kw_only=True, tag="verify"):
    """Confirm a record as another person: the one filed by the step `record`, else the newest of `form`."""

    record: str = ""
    form: str = ""
    default_by: ClassVar[str] = "maya"


class Countersign(Step, frozen=True, kw_only=True, tag="countersign"):
    """Decide, as supervisor, about the newest record of a form that needs a countersignature. It is opened first."""

    form: str
    decision: Decision = "approve"
    reason: str = ""
    default_by: ClassVar[str] = "bambang"


class Attach(Step, frozen=True, kw_only=True, tag="attach"):
    """Enter a paper into the document register; `compared_by` lets a second person compare it with its original at once."""

    kind: DocumentKind
    number: str = "001/CONTOH/2026"
    issuer: str = "penerbit contoh"
    issued_on: str = "today"
    compared_by: str = ""


class Compare(Step, frozen=True, kw_only=True, tag="compare"):
    """Compare the newest paper of a kind with its original, as a second person."""

    kind: DocumentKind
    default_by: ClassVar[str] = "maya"


class AddKin(Step, frozen=True, kw_only=True, tag="relative"):
    """Enter a relative into the family register. `key` is how the rest of the file calls them."""

    key: str
    full_name: str
    relation: str
    degree: Literal[1, 2, 3]
    status: Literal["alive", "dead", "unknown", "missing", "prison", "migrant_worker"] = "alive"
    religion: str = "{religion}"


class Offer(Step, frozen=True, kw_only=True, tag="offer"):
    """Ask an institution for a place."""

    host: str


class Accept(Step, frozen=True, kw_only=True, tag="accept"):
    """Accept the child, as the head of that institution."""

    host: str
    default_by: ClassVar[str] = "{head}"


class Decline(Step, frozen=True, kw_only=True, tag="decline"):
    """Decline the child, as the head of that institution."""

    host: str
    reason: str
    default_by: ClassVar[str] = "{head}"


class Wish(Step, frozen=True, kw_only=True):
    """What a request or a step is about: a trigger of the journey, and the carer or body named."""

    trigger: str
    host: str = ""
    relative: str = ""
    receiver: str = ""
    reason: str = ""


class Request(Wish, frozen=True, kw_only=True, tag="request"):
    """Request the approvals of a step. Evidence may still be missing: approvers see that."""


class Ask(Wish, frozen=True, kw_only=True, tag="ask"):
    """Ask for the step itself. `approved_by` first requests approval and lets these people open the evidence and approve, in order."""

    approved_by: tuple[str, ...] = ()


class Decide(Step, frozen=True, kw_only=True):
    """Decide the newest open request of a trigger (none named: the newest of all). All bound evidence is opened first, if `opened`."""

    trigger: str = ""
    reason: str = ""
    opened: bool = True


class Approve(Decide, frozen=True, kw_only=True, tag="approve"):
    """Approve."""

    decision: ClassVar[Decision] = "approve"
    kind: ClassVar[str] = "decision"


class Reject(Decide, frozen=True, kw_only=True, tag="reject"):
    """Reject, with a reason."""

    decision: ClassVar[Decision] = "reject"
    kind: ClassVar[str] = "decision"


class Return(Decide, frozen=True, kw_only=True, tag="return"):
    """Return for completion, with a reason."""

    decision: ClassVar[Decision] = "return"
    kind: ClassVar[str] = "decision"


class Ratify(Decide, frozen=True, kw_only=True, tag="ratify"):
    """Ratify, afterwards, a move that was made at once."""

    decision: ClassVar[Decision] = "approve"
    kind: ClassVar[str] = "ratification"


class RejectRatification(Decide, frozen=True, kw_only=True, tag="reject_ratification"):
    """Refuse to ratify, with a reason: the head of the office decides next."""

    decision: ClassVar[Decision] = "reject"
    kind: ClassVar[str] = "ratification"


class Withdraw(Step, frozen=True, kw_only=True, tag="withdraw"):
    """Take one's own request back."""

    trigger: str = ""


class SetHost(Step, frozen=True, kw_only=True, tag="host"):
    """Change what the register says about a host: `set` holds the fields (licence_until, capacity ...). Its standing has its own steps."""

    host: str
    fields: dict[str, Any] = msgspec.field(name="set")
    default_by: ClassVar[str] = "bambang"


class SetStaff(Step, frozen=True, kw_only=True, tag="staff"):
    """Change the papers of a member of an institution's staff, by name as the cast gives it: `set` holds the fields."""

    host: str
    person: str
    fields: dict[str, Any] = msgspec.field(name="set")
    default_by: ClassVar[str] = "bambang"


class Standing(Step, frozen=True, kw_only=True, tag="standing"):
    """Ask for a step of a host's standing: restrict, suspend, revoke, renew ..."""

    host: str
    trigger: str
    machine: ClassVar[str] = "host"
    default_by: ClassVar[str] = "bambang"


class Clearance(Step, frozen=True, kw_only=True, tag="clearance"):
    """Ask for a step of the clearance of a member of an institution's staff: clear, suspend, bar ..."""

    host: str
    person: str
    trigger: str
    machine: ClassVar[str] = "staff"
    default_by: ClassVar[str] = "bambang"


class MoveProcess(Step, frozen=True, kw_only=True, tag="process"):
    """Ask for a step of a process beside the case: of the newest of this machine that has not ended, else of the newest."""

    machine: str
    trigger: str


class Complain(Step, frozen=True, kw_only=True, tag="complain"):
    """The child tells the office something, past the house: without an account, or to the worker named with `by`."""

    what: str
    danger: Literal["yes", "no", "unknown"] = "unknown"
    host: str = ""
    default_by: ClassVar[str] = ""


class LinkComplaint(Step, frozen=True, kw_only=True, tag="link"):
    """Say that the newest complaint is about this child's case."""

    default_by: ClassVar[str] = "bambang"


class MoveComplaint(Step, frozen=True, kw_only=True, tag="complaint"):
    """Ask for a step of the newest complaint. `record` names the step that signed the F17 of an escalation."""

    trigger: str
    answer: str = ""
    record: str = ""
    machine: ClassVar[str] = "complaint"
    default_by: ClassVar[str] = "bambang"


class Enter(Step, frozen=True, kw_only=True, tag="enter"):
    """Add an entry about a house to the register of LKS: its `kind`, and with what."""

    host: str
    kind: str
    body: dict[str, Any] = msgspec.field(name="with", default_factory=dict)
    default_by: ClassVar[str] = "bambang"


class Answer(Step, frozen=True, kw_only=True, tag="answer"):
    """Make the receiver's step of the newest referral, from its own desk, with what it writes. `on` is a day, `today` too."""

    trigger: str
    who: str = ""
    on: str = ""
    terms: str = ""
    reason: str = ""
    feedback: str = ""
    machine: ClassVar[str] = "referral"
    default_by: ClassVar[str] = "wahyu"


class Clock(Step, frozen=True, kw_only=True, tag="clock"):
    """Let the system do everything that time has brought by now (`casework tick`)."""


class DoTask(Step, frozen=True, kw_only=True, tag="task"):
    """Report the open task of a kind as done, where no form settles it: informing Dinas or the police, identity papers."""

    kind: str
    did: str = "Sudah dikerjakan."


class Look(Step, frozen=True, kw_only=True, tag="look"):
    """Do nothing: only compare what is expected with how the case stands."""


AnyStep: TypeAlias = (
    Register | Assign | File | Verify | Countersign | Attach | Compare | AddKin | Offer | Accept | Decline | Request | Ask | Approve
    | Reject | Return | Ratify | RejectRatification | Withdraw | SetHost | SetStaff | Standing | Clearance | MoveProcess | Complain
    | LinkComplaint | MoveComplaint | Enter | Answer | Clock | DoTask | Look
)  # fmt: skip
VERBS: dict[str, type[Step]] = {str(verb.__struct_config__.tag): verb for verb in get_args(AnyStep)}
"""What `do` may say."""
HOST_FIELDS: tuple[str, ...] = tuple(name for name in ChangeHost.__struct_fields__ if name != "host")
STAFF_FIELDS: tuple[str, ...] = tuple(name for name in ChangeStaff.__struct_fields__ if name not in {"host", "staff"})


class Child(Part, frozen=True, kw_only=True):
    """The invented child. `born` is an ISO date, empty when unknown."""

    name: str = "Raka Pratama"
    sex: Literal["male", "female"] = "male"
    born: str = "2014-05-10"
    born_precision: Literal["day", "month", "year", "unknown"] = "day"
    born_place: str = "Tenggarong"
    religion: Literal["islam", "protestant", "catholic", "hindu", "buddhist", "confucian", "belief", "unknown"] = "islam"
    mother_name: str = "Siti Aminah"
    father_name: str = "Hasan Basri"
    district_code: str | None = None
    village_code: str | None = None


class Other(Child, frozen=True, kw_only=True):
    """Another child of the story, and the stages its case came through before the story's own child came in."""

    after: tuple[str, ...] = ()


class World(Part, frozen=True, kw_only=True):
    """The child, the assigned worker, and when the story begins (WITA). `go_live` is the day the office started to work with the record.

    `others` are further children, by the key that a step's `child` names.
    """

    child: Child = Child()
    others: dict[str, Other] = {}
    worker: str = "sari"
    start: str = "2026-03-02 09:00"
    go_live: str = "2026-01-05"


class Stage(Part, frozen=True, kw_only=True):
    """A named stretch of steps that other files build on. `params` are words in braces that a file may set: `{host}`."""

    title: str
    title_en: str = ""
    about: str = ""
    after: tuple[str, ...] = ()
    params: dict[str, str] = {}
    step: tuple[dict[str, Any], ...]


class Story(Part, frozen=True, kw_only=True):
    """A rehearsal file as written: the world, the stages it builds on, what differs in them, and its own steps."""

    title: str
    title_en: str = ""
    about: str = ""
    language: Language | None = None
    world: World = World()
    after: tuple[str, ...] = ()
    params: dict[str, str] = {}
    without: tuple[str, ...] = ()
    change: dict[str, dict[str, Any]] = {}
    step: tuple[dict[str, Any], ...]
