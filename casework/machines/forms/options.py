"""Why a family option was taken or passed over (F05), and what was verified about a carer (F19)."""

from collections.abc import Iterator
from datetime import date
from typing import Literal, TypeAlias, get_args

import msgspec

from casework.errors import Fault
from casework.machines.forms.fields import AnyId, Few, Id, Line, Name, Note, Record, Religion, Rung, Text, YesNo, fault

RuledOutCode: TypeAlias = Literal[
    "deceased", "untraceable", "unwilling_after_counselling", "unsafe_substantiated", "incapable_despite_support", "legally_barred",
    "none_available_after_search",
]  # fmt: skip
NotApplicableCode: TypeAlias = Literal[
    "parents_have_custody", "no_parental_consent", "age", "child_refuses", "no_suitable_applicant", "in_process",
]  # fmt: skip


class Attempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One attempt to trace or reach a candidate. It counts on the day its sheet is signed, not on the day typed here."""

    on: date
    method: Literal[
        "visit", "phone", "message", "letter", "village_office", "school", "civil_registry", "police", "social_media", "community"
    ]
    result: Text


class OptionSheet(Record, frozen=True, kw_only=True, tag="F05"):
    """One sheet for one rung and, where there is one, one candidate. `open` while tracing goes on; several may be filed over time.

    `candidate` is the id of a relative or host, or "" for the rung as a whole. `evidence` are digests of attachments.
    """

    rung: Rung
    candidate: AnyId = ""
    candidate_name: Line = ""
    relation: Line = ""
    degree: Literal[0, 1, 2, 3] = 0
    attempts: Few[Attempt] = ()
    contacted_on: date | None = None
    willing: Literal["", "yes", "no"] = ""
    assessed_suitable: Literal["", "yes", "no"] = ""
    support_offered: Few[Text] = ()
    support_impossible_because: Literal["", "dead", "untraceable", "danger"] = ""
    status: Literal["open", "suitable", "ruled_out", "not_applicable"]
    code: Literal["", RuledOutCode, NotApplicableCode] = ""
    reason: Note = ""
    evidence: Few[Id] = ()
    child_view: Note = ""
    kin_list_complete_signed_by: Literal["", "parent", "rt", "village"] = ""
    named_applicant: Line = ""
    assessor: Name

    def faults(self) -> Iterator[Fault]:
        """Yield a result without its code or reason, or with a code of the other kind."""
        if self.status == "ruled_out" and self.code not in RULED_OUT:
            yield fault("code", "Pilih kode alasan opsi ini tersingkir.", "Choose the code that rules this option out.")
        if self.status == "not_applicable" and self.code not in NOT_APPLICABLE:
            yield fault("code", "Pilih kode alasan opsi ini tidak berlaku.", "Choose the code why this option does not apply.")
        if self.status == "not_applicable" and self.rung not in {"guardianship", "adoption"}:
            yield fault(
                "status", "'Tidak berlaku' hanya untuk perwalian dan pengangkatan.", "Only guardianship and adoption can be not applicable."
            )
        if self.status in {"ruled_out", "not_applicable"} and not self.reason.strip():
            yield fault("reason", "Tuliskan alasannya.", "Write the reason.")
        if self.status == "suitable" and self.assessed_suitable != "yes":
            yield fault("assessed_suitable", "Hasil 'layak' memerlukan penilaian layak.", "A suitable result needs a suitable assessment.")
        if self.code == "in_process" and not self.named_applicant.strip():
            yield fault("named_applicant", "Sebutkan nama pemohon yang sedang diproses.", "Name the applicant in process.")


TRACERS = frozenset({"tksk", "psm"})
"""Who keeps the log of the tracing and weighs nothing: a sheet of theirs neither makes nor unmakes a result."""
LOG = frozenset({"rung", "candidate", "candidate_name", "relation", "degree", "attempts", "contacted_on", "assessor"})
"""What of a sheet is the log of the tracing: who was looked for, and what was tried."""


def beyond_the_log(sheet: OptionSheet) -> Iterator[Fault]:
    """Yield what weighs the option rather than telling what was tried: a TKSK or PSM traces, and never assesses (DOMAIN 4)."""
    for field in msgspec.structs.fields(sheet):
        left = "open" if field.name == "status" else field.default
        if field.name not in LOG and getattr(sheet, field.name) != left:
            yield fault(field.name, "Penilaian ditulis oleh pekerja sosial.", "The social worker writes what weighs the option.")
    if not sheet.attempts:
        yield fault("attempts", "Tulis apa yang dicoba, sekurang-kurangnya satu.", "Write what was tried, at least one attempt.")


RULED_OUT: frozenset[str] = frozenset(get_args(RuledOutCode))
NOT_APPLICABLE: frozenset[str] = frozenset(get_args(NotApplicableCode))

ConditionCode: TypeAlias = Literal[
    "citizen", "domiciled_in_indonesia", "healthy", "good_conduct", "never_convicted", "passed_selection", "economically_able",
    "spouse_consents", "married_five_years", "willingness_letter_stamped", "non_violence_letter_stamped", "non_violence_known_to_rt",
    "non_violence_known_to_rw", "application_form", "family_card_legalised", "identity_card", "marriage_book", "domicile_letter",
]  # fmt: skip
PreferenceRank: TypeAlias = Literal["family", "relative", "other"]


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One condition of DOMAIN 1.3 answered, with the paper that shows it."""

    code: ConditionCode
    met: YesNo
    document: AnyId = ""


class PassedOver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a nearer rank of PP 29/2019 art. 3 was passed over."""

    rank: PreferenceRank
    because: Literal["absent", "unwilling", "unknown", "unqualified"]
    reason: Text


class CarerVerification(Record, frozen=True, kw_only=True, tag="F19"):
    """What was verified about a foster parent, a guardian or a prospective adopter (`cota`). `candidate` is the id requests name."""

    kind: Literal["foster", "guardian", "cota"]
    candidate: Id
    candidate_name: Name
    legal_form: Literal["natural_person", "legal_person"] = "natural_person"
    born: date
    religion: Religion
    conditions: Few[Condition]
    rank: PreferenceRank = "other"
    preference_order: Few[PassedOver] = ()
    findings: Note = ""

    def faults(self) -> Iterator[Fault]:
        """Yield a condition that is answered twice."""
        codes = [condition.code for condition in self.conditions]
        if len(codes) != len({*codes}):
            yield fault("conditions", "Satu syarat dijawab dua kali.", "A condition is answered twice.")
