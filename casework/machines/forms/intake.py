"""How a child comes to the office: intake (F01), consent (F22), the emergency sheet (F23), existing residents (F25)."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, TypeAlias

import msgspec

from casework.errors import Fault
from casework.machines.forms.fields import AnyId, Few, Id, Line, Moment, Name, Note, Record, Text, YesNo, fault

Purpose: TypeAlias = Literal["assessment", "services", "placement", "adoption", "referral", "sharing", "photograph"]
PROOFS = 2
"""How many kinds of proof of residence are needed (DOMAIN 7.1.5)."""


class DuplicateSearch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The worker's reading of the register's matches on NIK, on family card with name and birth, and on similar names."""

    outcome: Literal["no_match", "other_children", "same_child"]
    looked_at: Few[Id] = ()
    note: Note = ""


ProofKind: TypeAlias = Literal["lksa_register", "school", "family_card", "siks_ng"]
Condition: TypeAlias = Literal["alive", "dead", "unknown", "missing", "prison", "migrant_worker"]


class ListedProof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paper that a list speaks of. Nobody of the office has held it yet."""

    kind: ProofKind
    dated: date


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an institution's list says about a child who lives there (DOMAIN 7.1.5): told, seen by nobody yet. It proves nothing."""

    host: Id
    since: date
    brought_by: Line = ""
    brought_by_relation: Line = ""
    proofs: Few[ListedProof] = ()
    reason: Note = ""
    father: Condition = "unknown"
    mother: Condition = "unknown"
    education: Line = ""
    health_disability: Note = ""
    birth_certificate: Line = ""
    lksa_list: Line
    note: Note = ""


class Intake(Record, frozen=True, kw_only=True, tag="F01"):
    """Who reports what about which child.

    Recruitment of children by an institution is forbidden (SNPA; UNG 127): a report that tells of it opens an incident against the house.
    """

    source: Literal["family", "community", "authority", "service_body", "child"]
    referrer: Name
    referrer_contact: Line
    legal_guardian: Line
    chronology: Text
    immediate_danger: YesNo
    child_location: Text
    contact_initiated_by: Literal["family", "child", "community", "authority", "service_body", "lksa_outreach", "lksa_recruitment"]
    recruited_by: AnyId = ""
    known_to_rt: YesNo
    known_to_village: YesNo
    duplicate_search: DuplicateSearch | None = None
    void_reason: Literal["", "duplicate", "not_a_child", "outside_regency", "entered_in_error"] = ""
    linked_case: AnyId = ""
    linked_closed_case: AnyId = ""
    listed: Annotated[Listed | None, msgspec.Meta(extra={"asked": False})] = None

    def faults(self) -> Iterator[Fault]:
        """Yield an institution that recruited where nobody did, and a duplicate that names no other case."""
        if self.recruited_by and self.contact_initiated_by != "lksa_recruitment":
            yield fault(
                "recruited_by",
                "Sebutkan LKSA perekrut hanya bila kontak dimulai dengan perekrutan.",
                "Name an institution that recruited only where recruitment made the first contact.",
            )
        if self.void_reason == "duplicate" and not self.linked_case:
            yield fault("linked_case", "Sebutkan nomor kasus yang sama.", "Name the case this one duplicates.")


class Consent(Record, frozen=True, kw_only=True, tag="F22"):
    """Who agrees to what, until when; or which other legal basis holds, and why. The newest on a purpose counts."""

    purposes: Few[Purpose]
    decision: Literal["given", "refused", "withdrawn"] = "given"
    legal_basis: Literal["consent", "public_task", "vital_interest"] = "consent"
    given_by: Line = ""
    giver: Literal["", "mother", "father", "guardian", "child"] = ""
    explanation_given: Text
    until: date | None = None
    reason: Note = ""

    def faults(self) -> Iterator[Fault]:
        """Yield consent that nobody gave, and another basis without its reason."""
        if not self.purposes:
            yield fault("purposes", "Pilih sekurang-kurangnya satu tujuan.", "Choose at least one purpose.")
        if self.legal_basis == "consent" and not (self.given_by and self.giver):
            yield fault(
                "given_by", "Sebutkan siapa yang memberi persetujuan dan hubungannya.", "Name who gave consent and how they are related."
            )
        if self.legal_basis != "consent" and not self.reason.strip():
            yield fault("reason", "Dasar hukum selain persetujuan harus beralasan.", "A legal basis other than consent needs its reason.")


class KinCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One attempt to reach a relative before a stranger takes the child. `relative` is an id of the family register, if listed."""

    at: Moment
    who: Name
    result: Literal["can_take", "cannot_take", "no_answer", "unsafe"]
    relative: AnyId = ""
    note: Note = ""


class EmergencySheet(Record, frozen=True, kw_only=True, tag="F23"):
    """Why the child must move today, which kin were called, and who takes the child. An LKSA only when nobody else can, with the reason."""

    code: Literal["danger", "no_caregiver_tonight", "host_lost"]
    what_happened: Text
    kin_call_log: Few[KinCall] = ()
    no_kin_known_because: Note = ""
    host: Id
    why: Text
    lksa_because: Note = ""
    unsuitable_because: Note = ""
    oral_authority: Line
    rests_on: Few[Id] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield a sheet that neither called kin nor says why there are none."""
        if not self.kin_call_log and not self.no_kin_known_because.strip():
            yield fault(
                "kin_call_log",
                "Catat kerabat yang dihubungi, atau alasan tidak ada kerabat yang diketahui.",
                "Record which kin were called, or why no kin are known.",
            )


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paper from before the case that shows where the child lived. `attachment` is a digest."""

    kind: ProofKind
    dated: date
    attachment: Id


class ExistingResident(Record, frozen=True, kw_only=True, tag="F25"):
    """A child who lived in an institution before the office started (DOMAIN 7.1.5)."""

    host: Id
    since: date
    brought_by: Name
    brought_by_relation: Line
    proofs: Few[Proof]
    parents_known: Note
    kin_known: Note
    lksa_list: Line

    def faults(self) -> Iterator[Fault]:
        """Yield fewer than two kinds of proof."""
        if len({proof.kind for proof in self.proofs}) < PROOFS:
            yield fault("proofs", "Lampirkan dua bukti dari sumber yang berbeda.", "Attach two proofs from different sources.")
