"""What is to be done, by whom, until when: the care plan (F08), for care, for an emergency and for reintegration."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, TypeAlias

import msgspec

from casework.errors import Fault
from casework.machines.forms.fields import AnyId, Few, Line, Name, Note, Record, Rupiah, Setting, Signature, fault
from casework.machines.forms.rights import EXCUSED, GROWTH, PARTICIPATION, PROTECTION, SURVIVAL, NotNeeded, unanswered

SeparationReason: TypeAlias = Literal[
    "no_adequate_care_despite_support", "abandoned", "parents_dead", "parents_unknown", "violence", "neglect", "exploitation",
    "separated_by_disaster", "economic_hardship", "access_to_schooling",
]  # fmt: skip
SUPPORT_REASONS: frozenset[str] = frozenset({"economic_hardship", "access_to_schooling"})
"""Reasons for support, never by themselves for separation (UNG 15)."""
OUT_OF_HOME: frozenset[str] = frozenset({"kin", "foster", "guardianship", "adoption", "institution"})


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One service of the package. `amount` in rupiah, or the kind of help in kind."""

    what: Name
    provider: Line
    start: date | None
    amount: Rupiah | None = None
    kind: Line = ""


class CarePlan(Record, frozen=True, kw_only=True, tag="F08"):
    """The plan: where the child shall live, with whom, for which goal, with which services and contact. Approved by a supervisor."""

    kind: Literal["care", "reintegration", "emergency"] = "care"
    term: Literal["emergency", "short", "long"]
    setting: Setting
    carer: AnyId = ""
    permanency_goal: Literal["stay_with_family", "return_home", "kin", "guardianship", "adoption", "independence"]
    target_date: date
    separation_reason_codes: Few[SeparationReason] = ()
    services: Few[Service] = ()
    contact_plan: Annotated[Note, GROWTH] = ""
    no_contact_because: Annotated[Note, GROWTH] = ""
    sibling_decision: Literal["no_siblings", "together", "apart"]
    siblings_apart_because: Note = ""
    education: Annotated[Note, GROWTH] = ""
    health: Annotated[Note, SURVIVAL] = ""
    protection: Annotated[Note, PROTECTION] = ""
    identity_documents: Annotated[Note, PROTECTION] = ""
    participation: Annotated[Note, PARTICIPATION] = ""
    responsible: Few[Name]
    review_on: date
    exit_plan: Note = ""
    under_three_exception: Literal["", "sibling_group", "emergency_short_fixed"] = ""
    under_three_until: date | None = None
    signatures: Few[Signature] = ()
    rights_not_needed: Annotated[Few[NotNeeded], EXCUSED] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield a group of rights without a word, an out-of-home plan without contact or reasons, siblings apart without one, open ends."""
        yield from unanswered(self, self.rights_not_needed)
        if self.setting in OUT_OF_HOME and not (self.contact_plan.strip() or self.no_contact_because.strip()):
            yield fault(
                "contact_plan",
                "Rencanakan kontak dengan orang tua, atau tuliskan alasan tanpa kontak.",
                "Plan contact, or write why there is none.",
            )
        if self.kind == "care" and self.setting in OUT_OF_HOME and not self.separation_reason_codes:
            yield fault(
                "separation_reason_codes", "Pilih alasan pengasuhan di luar keluarga inti.", "Choose why the child cannot stay at home."
            )
        if self.sibling_decision == "apart" and not self.siblings_apart_because.strip():
            yield fault("siblings_apart_because", "Tuliskan alasan saudara dipisahkan.", "Write why siblings are separated.")
        if self.under_three_exception == "emergency_short_fixed" and self.under_three_until is None:
            yield fault("under_three_until", "Tentukan tanggal berakhirnya pengecualian.", "Fix the day the exception ends.")
        if self.kind == "emergency" and not self.exit_plan.strip():
            yield fault("exit_plan", "Rencana darurat harus memuat jalan keluarnya.", "An emergency plan must say how the emergency ends.")
