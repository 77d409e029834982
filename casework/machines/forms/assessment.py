"""What is known and thought about child and family: assessments (F03, F04), the child's view (F06), the case conference (F07)."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from casework.errors import Fault
from casework.machines.forms.fields import AnyId, Few, Line, Name, Note, Record, Setting, Text, YesNo, YesNoUnknown, fault
from casework.machines.forms.rights import EXCUSED, GROWTH, PARTICIPATION, PROTECTION, SURVIVAL, NotNeeded, unanswered


class SafetyScreen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Three questions with one answer each. `unknown` is an answer to be replaced, not a finished screen."""

    violence: YesNoUnknown
    neglect: YesNoUnknown
    exploitation: YesNoUnknown

    @property
    def answers(self) -> tuple[str, str, str]:
        """The three answers, in order."""
        return (self.violence, self.neglect, self.exploitation)

    @property
    def clear(self) -> bool:
        """Whether every answer is no."""
        return {*self.answers} == {"no"}

    @property
    def done(self) -> bool:
        """Whether every question is answered."""
        return "unknown" not in self.answers


class InitialAssessment(Record, frozen=True, kw_only=True, tag="F03"):
    """Whether the child can stay with the family, and what it needs first (SNPA asesmen awal)."""

    reason: Text
    safety_screen: SafetyScreen
    risk_level: Literal["high", "medium", "low"]
    basic_needs: Note
    can_stay_home: YesNoUnknown
    needs: Note
    child_words: Note
    seen_alone: YesNo
    interviewer: Name
    informants: Few[Name] = ()
    decision: Text
    recommendation: Literal["no_action", "comprehensive_assessment", "emergency", "refer"]

    def faults(self) -> Iterator[Fault]:
        """Yield "no action" beside a screen that is not clear."""
        if self.recommendation == "no_action" and not self.safety_screen.clear:
            yield fault(
                "recommendation",
                "Tidak boleh 'tanpa tindakan' selama skrining keselamatan tidak semuanya 'tidak'.",
                "No action cannot be recommended while the safety screen is not clear.",
            )


class ComprehensiveAssessment(Record, frozen=True, kw_only=True, tag="F04"):
    """The whole picture, by SNPA's domains, ending in whether the parents can care safely and what is best for the child."""

    parent_child: Annotated[Text, GROWTH]
    siblings: Annotated[Note, GROWTH]
    parenting: Annotated[Text, GROWTH]
    parental_willingness: Text
    extended_family: Text
    medical: Annotated[Note, SURVIVAL]
    economic_exploitation: Annotated[Note, PROTECTION]
    genogram: AnyId = ""
    strengths: Text
    parental_capacity: Annotated[Literal["safe", "safe_with_support", "unsafe", "absent"], PROTECTION]
    protection_concern: Annotated[YesNo, PROTECTION]
    support_tried: Text
    support_result: Text
    health_annex: Annotated[AnyId, SURVIVAL] = ""
    psychological_annex: Annotated[AnyId, GROWTH] = ""
    school_report: Annotated[Note, GROWTH] = ""
    economic_data: Annotated[Note, SURVIVAL] = ""
    community: Note = ""
    child_wishes: Annotated[Text, PARTICIPATION]
    best_interests: Text
    rights_not_needed: Annotated[Few[NotNeeded], EXCUSED] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield the groups of rights that nothing is said about."""
        yield from unanswered(self, self.rights_not_needed)


class OptionView(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the child says about one option. `candidate` is the carer's id, or "" when the option names nobody."""

    option: Setting
    view: Text
    agrees: Literal["yes", "no", "unsure"]
    candidate: AnyId = ""


class ChildView(Record, frozen=True, kw_only=True, tag="F06"):
    """The child's own view, asked by somebody who is not the proposed carer. `kind` return: the interview after going missing."""

    kind: Literal["view", "return"] = "view"
    age_years: Annotated[int, Meta(ge=0, le=25)]
    method: Literal["talk", "drawing", "play", "interpreter", "sign_language", "none"]
    language: Line
    asked_by: Name
    asked_by_proposed_carer: YesNo
    place: Line
    alone: YesNo
    options: Few[OptionView] = ()
    dissent: Note = ""
    weight_given: Note
    asked: YesNo
    not_asked_because: Literal["", "under_three", "unconscious", "unsafe"] = ""
    consents: Literal["", "yes", "no"] = ""

    def faults(self) -> Iterator[Fault]:
        """Yield a child who was not asked without a reason, and one asked by the proposed carer."""
        if self.asked == "no" and not self.not_asked_because:
            yield fault("not_asked_because", "Sebutkan alasan anak tidak ditanya.", "Say why the child was not asked.")
        if self.asked == "yes" and self.not_asked_because:
            yield fault("not_asked_because", "Anak sudah ditanya; hapus alasan ini.", "The child was asked; remove this reason.")
        if self.asked == "yes" and self.kind == "view" and not self.options:
            yield fault("options", "Catat pendapat anak atas setiap pilihan.", "Record the child's view on each option.")
        if self.asked_by_proposed_carer == "yes":
            yield fault("asked_by_proposed_carer", "Calon pengasuh tidak boleh menanyai anak.", "The proposed carer may not ask the child.")


class Action(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One agreed action."""

    what: Text
    owner: Name
    by: date


class Attendee(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who took part, and for which agency."""

    name: Name
    agency: Name


class CaseConference(Record, frozen=True, kw_only=True, tag="F07"):
    """The conference that weighs the comprehensive assessment and the options. Several siblings may share one."""

    held_at: Line
    chair: Name
    attendees: Few[Attendee]
    options_weighed: Text
    decision: Text
    proposed: Setting
    dissent: Note = ""
    actions: Few[Action] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield a conference without participants."""
        if not self.attendees:
            yield fault("attendees", "Catat para peserta.", "Record who attended.")
