"""How a service ends: closure (F18), its reasons and its criteria."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

import msgspec

from casework.errors import Fault
from casework.machines.forms.fields import Few, Line, Note, Record, Signature, Text, fault

ClosureReason: TypeAlias = Literal[
    "unfounded", "no_further_need", "family_untraceable", "turned_18", "reintegrated", "family_stands", "permanent_care", "adopted",
    "aftercare_completed", "long_missing", "transferred", "died",
]  # fmt: skip
SEALED: frozenset[str] = frozenset({"adopted", "died"})
"""Reasons after which a case is never reopened: a new case with a sealed link instead."""

CriterionCode: TypeAlias = Literal[
    "goals_met", "child_safe", "child_interviewed", "family_involved", "services_continue", "documents_complete"
]
CRITERIA: tuple[CriterionCode, ...] = (
    "goals_met", "child_safe", "child_interviewed", "family_involved", "services_continue", "documents_complete",
)  # fmt: skip
PaperCode: TypeAlias = Literal["birth_certificate", "family_card", "identity_card", "school_papers", "health_papers", "other"]


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One closure criterion answered. Anything but yes says why."""

    code: CriterionCode
    met: Literal["yes", "no", "not_applicable"]
    because: Note = ""


class AdultService(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The service offered to somebody who turned 18, and the answer."""

    service: Text
    answer: Literal["accepted", "declined"]


class Closure(Record, frozen=True, kw_only=True, tag="F18"):
    """Why the service ends and what follows it. Planned with the child; the young adult signs the after-care plan."""

    reason: ClosureReason
    criteria: Few[Criterion]
    goals: Text
    last_assessment: Line
    exit_interview: Note
    documents_handed_over: Few[PaperCode] = ()
    aftercare_plan: Note = ""
    adult_service: AdultService | None = None
    feedback: Note = ""
    signatures: Few[Signature] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield a criterion answered twice, or not met without a reason."""
        codes = [criterion.code for criterion in self.criteria]
        if len(codes) != len({*codes}):
            yield fault("criteria", "Satu syarat dijawab dua kali.", "A criterion is answered twice.")
        for place, criterion in enumerate(self.criteria):
            if criterion.met != "yes" and not criterion.because.strip():
                yield fault(f"criteria[{place}].because", "Tuliskan alasannya.", "Write why.")
