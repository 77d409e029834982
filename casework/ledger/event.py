"""What one entry of the journal says (body version 1), and how it is hashed.

An entry is written once and hashed as stored bytes, never re-encoded: `SHA-256(0x00 || body)`. Closed vocabulary: no free text, no names,
no NIK; personal values appear only as salted commitments, so the values can be corrected or erased while the chain stays valid.
"""

import hashlib
from typing import Literal, TypeAlias

import msgspec

Kind: TypeAlias = Literal[
    "case_registered",
    "case_assigned",
    "field_asked",
    "field_ended",
    "record_signed",
    "record_verified",
    "evidence_opened",
    "opened",
    "searched",
    "exported",
    "document_attached",
    "document_compared",
    "attachment_added",
    "attachment_withdrawn",
    "identity_change_requested",
    "identity_changed",
    "relative_added",
    "host_offered",
    "host_answered",
    "approval_requested",
    "approval_given",
    "approval_rejected",
    "approval_returned",
    "approval_withdrawn",
    "task_done",
    "task_due",
    "process_moved",
    "moved",
    "migrated",
    "migration_requested",
    "migration_approved",
    "refused",
    "signed_in",
    "sign_in_refused",
    "signed_out",
    "account_changed",
    "delegated",
    "delegation_ended",
    "glass_broken",
    "glass_reviewed",
    "data_requested",
    "data_request_decided",
    "redacted",
    "host_changed",
    "complaint_received",
    "complaint_linked",
    "parameters_changed",
    "policy_changed",
    "review_saved",
    "review_noted",
    "review_signed",
    "question_answered",
    "definition_published",
]

NO_HASH = "0" * 64
"""What the first entry of a stream names as its predecessor."""


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who acted: the natural person, through which account, in which role, for which office; on whose behalf, if delegated."""

    person: str
    account: str
    role: str
    office: str
    on_behalf_of: str | None = None


class Through(msgspec.Struct, frozen=True, kw_only=True):
    """Through what: the session (a digest, never the token), device, worker, build, and the ids of the request."""

    session: str = ""
    device: str = ""
    worker: str = ""
    build: str = ""
    request: str = ""
    key: str = ""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """Which rules were in force: machine, version, digest of its behaviour, digest of the parameters, and the policy rule applied."""

    machine: str = ""
    version: int = 0
    definition: str = ""
    parameters: str = ""
    policy: str = ""


class Evidence(msgspec.Struct, frozen=True):
    """One record or document that was relied on: its id and a salted commitment to its bytes."""

    id: str
    commitment: str


class Delegated(msgspec.Struct, frozen=True, kw_only=True):
    """A delegation as it was made: from one natural person to another, in a role of an office, from when until when."""

    id: str
    giver: str
    taker: str
    role: str
    office: str
    starts_at: str
    ends_at: str


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked of a natural person in the field: which task, of what kind, in which district, until when the case is open to them."""

    id: str
    person: str
    kind: str
    district: str
    due_at: str


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """One approval that was consumed: request, role, natural person, and the evidence digest it was bound to."""

    request: str
    role: str
    person: str
    digest: str
    at: str


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Step `n` of a process beside the journey, counted from 1: the beginning has the trigger `open` and comes from nowhere ("").

    `definition` is the digest of the machine's behaviour, `guards` every guard's outcome in the order of the row.
    """

    process: str
    n: int
    machine: str
    version: int
    definition: str
    trigger: str
    source: str
    dest: str
    guards: tuple[tuple[str, bool], ...] = ()


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One attempt, done or refused. Times are UTC, `2026-11-22T02:20:25.123456Z`; `stream` is `case:<id>` or `actor:<account>`.

    `guards` holds every guard's outcome in the order of the row; `codes` every refusal code; `effects` what the move brought;
    `items` the ids that the entry created or changed. `steps` are those of processes that this entry made or brought about, in their order;
    `cause` names the entry of another stream that brought this one about, as `stream#seq`. `before` are the rules that held until this
    entry, where it brought the case under others (`migrated`); `delegation` is what an entry of the kind `delegated` made, `errand` what
    one of the kind `field_asked` asked; `ended` are the tasks in the field that were over with this entry, whatever it was about.
    """

    v: int = msgspec.field(default=1)
    stream: str
    seq: int
    prev: str
    kind: Kind
    outcome: Literal["done", "refused"] = "done"
    occurred_at: str
    recorded_at: str
    actor: Actor
    through: Through
    rules: Rules = Rules()
    case: str = ""
    trigger: str = ""
    source: str = ""
    dest: str = ""
    round: int = 0
    requester: str = ""
    guards: tuple[tuple[str, bool], ...] = ()
    codes: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    evidence_digest: str = ""
    approvals: tuple[Signature, ...] = ()
    reason_code: str = ""
    effects: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    cause: str = ""
    before: Rules | None = None
    delegation: Delegated | None = None
    errand: Errand | None = None
    ended: tuple[str, ...] = ()


SIGNED: frozenset[Kind] = frozenset({"moved", "migrated"})
"""Kinds of entry that consume approvals."""

_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Event)


def encode_event(event: Event) -> bytes:
    """Return the bytes to store. Deterministic for one program version; nobody ever re-encodes to check a hash."""
    return _encoder.encode(event)


def decode_event(body: bytes) -> Event:
    """Read stored bytes. Raises msgspec.DecodeError or msgspec.ValidationError when they are not an event."""
    return _decoder.decode(body)


def event_hash(body: bytes) -> str:
    """SHA-256 (hex) of the stored bytes with the leaf prefix 0x00 (RFC 9162 2.1.1)."""
    return hashlib.sha256(b"\x00" + body).hexdigest()


def commitment(salt: bytes, content: bytes) -> str:
    """Return a salted commitment (hex): it proves the content to whoever holds the salt, and nothing once the salt is destroyed."""
    return hashlib.sha256(b"\x02" + len(salt).to_bytes(2, "big") + salt + content).hexdigest()
