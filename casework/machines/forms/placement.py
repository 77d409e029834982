"""How a child passes from hand to hand: admission minutes (F11), handover minutes (F12), referral (F13)."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

import msgspec

from casework.errors import Fault
from casework.machines.forms.fields import (
    AnyId,
    Few,
    Id,
    Line,
    Moment,
    Name,
    Note,
    Record,
    Signature,
    SignerRole,
    Text,
    YesNo,
    fault,
    signed_by,
)
from casework.words import Words

ADMITTED_BY: dict[SignerRole, Words] = {
    "lksa_head": Words("kepala LKSA", "head of the institution"),
    "social_worker": Words("pekerja sosial", "social worker"),
    "witness": Words("saksi", "witness"),
}
"""Who signs the minutes of taking a child in."""


class AdmissionMinutes(Record, frozen=True, kw_only=True, tag="F11"):
    """The minutes of taking a child in, due within 24 hours of the move."""

    host: Id
    received_at: Moment
    handed_over_by: Name
    received_by: Name
    child_condition: Text
    belongings: Note
    documents_received: Few[Name] = ()
    medical_check: Text
    child_informed_of_service: YesNo
    child_informed_of_rights: YesNo
    child_informed_of_complaints: YesNo
    approval_reference: Line
    signatures: Few[Signature]

    def faults(self) -> Iterator[Fault]:
        """Yield each missing signature of head, social worker and witness."""
        for role, words in ADMITTED_BY.items():
            if not signed_by(self.signatures, role):
                yield fault("signatures", f"Belum ada tanda tangan: {words.id}.", f"Signature missing: {words.en}.")


class HandoverMinutes(Record, frozen=True, kw_only=True, tag="F12"):
    """The minutes of handing a child on: `giver` and `receiver` are ids of carers, hosts or bodies, or `home`."""

    giver: Id
    receiver: Id
    handed_over_at: Moment
    child_condition: Text
    belongings: Note
    documents_handed_over: Few[Name] = ()
    giver_unable_because: Literal["", "deceased", "untraceable", "legally_barred", "refuses"] = ""
    signatures: Few[Signature]


class Acceptance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The receiving body's written yes. `letter` is the digest of the letter, if it came on paper."""

    name: Name
    on: date
    terms: Text
    letter: AnyId = ""


class Notified(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An authority that was told, and its reference."""

    body: Literal["police", "village", "civil_registry", "province", "ministry"]
    on: date
    reference: Name


class Referral(Record, frozen=True, kw_only=True, tag="F13"):
    """A referral is complete only when the receiver accepts in writing; until then the sender stays responsible."""

    sender: Name
    receiver: AnyId = ""
    need: Text
    urgency: Literal["urgent", "normal"]
    consent: Text
    shared: Few[Name] = ()
    acceptance: Acceptance | None = None
    refusal_reason: Note = ""
    onward_setting: Literal["none", "family", "kin", "foster", "service", "institution"]
    notified: Few[Notified] = ()
    feedback: Note = ""

    @property
    def waiting(self) -> bool:
        """Whether a receiver was asked and has answered neither yes nor no: the sender remains responsible."""
        return bool(self.receiver) and self.acceptance is None and not self.refusal_reason.strip()

    def faults(self) -> Iterator[Fault]:
        """Yield an answer that says both yes and no, and a referral to nobody."""
        if self.acceptance and self.refusal_reason.strip():
            yield fault(
                "refusal_reason", "Rujukan tidak dapat diterima sekaligus ditolak.", "A referral cannot be both accepted and refused."
            )
        if not self.receiver and not self.notified:
            yield fault(
                "receiver", "Sebutkan lembaga penerima atau pihak yang diberi tahu.", "Name the receiving body or whom was notified."
            )
