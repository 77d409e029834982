"""What is reported while care lasts: progress (F16), the month (F27), incidents (F17), social reports before adoption (F24)."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from casework.errors import Fault
from casework.machines.forms.fields import AnyId, Few, Id, Line, Moment, Name, Note, Record, Text, YesNo, fault
from casework.machines.forms.rights import EXCUSED, GROWTH, PARTICIPATION, PROTECTION, SURVIVAL, NotNeeded, unanswered


class ProgressReport(Record, frozen=True, kw_only=True, tag="F16"):
    """How the child fares, and whether the placement is still necessary and suitable. Endorsed by a supervisor's countersignature."""

    period_from: date
    period_to: date
    height_cm: Annotated[Annotated[int, Meta(ge=20, le=230)] | None, SURVIVAL] = None
    weight_grams: Annotated[Annotated[int, Meta(ge=300, le=250_000)] | None, SURVIVAL] = None
    health: Annotated[Text, SURVIVAL]
    education: Annotated[Text, GROWTH]
    social_emotional: Annotated[Text, GROWTH]
    identity_documents: Annotated[Note, PROTECTION]
    family_contact: Annotated[Text, GROWTH]
    leisure: Annotated[Note, GROWTH]
    incidents: Annotated[Note, PROTECTION]
    goals_progress: Text
    child_view: Annotated[Text, PARTICIPATION]
    still_necessary: YesNo
    still_suitable: YesNo
    towards_reunification: Text
    recommendation: Literal["continue", "change_placement", "start_reunification", "refer", "start_leaving_care"]
    rights_not_needed: Annotated[Few[NotNeeded], EXCUSED] = ()

    def faults(self) -> Iterator[Fault]:
        """Yield a group of rights without a word, a period that ends before it starts, and "continue" against the report's own answers."""
        yield from unanswered(self, self.rights_not_needed)
        if self.period_to < self.period_from:
            yield fault("period_to", "Akhir masa laporan mendahului awalnya.", "The period ends before it starts.")
        if self.recommendation == "continue" and "no" in (self.still_necessary, self.still_suitable):
            yield fault(
                "recommendation", "Tidak perlu atau tidak cocok: jangan 'lanjutkan'.", "Not necessary or not suitable: not 'continue'."
            )


class MonthlyReport(Record, frozen=True, kw_only=True, tag="F27"):
    """How the child fared in one month, in a few lines of its house: the light report between two full ones (F16).

    It judges no placement and closes no review. A concern in it has the office see the child as soon as one at high risk.
    """

    period_from: date
    period_to: date
    height_cm: Annotated[int, Meta(ge=20, le=230)] | None = None
    weight_grams: Annotated[int, Meta(ge=300, le=250_000)] | None = None
    health: Text
    education: Text
    social_emotional: Text
    family_contact: Text
    child_view: Text
    concern: YesNo
    concern_text: Note = ""

    def faults(self) -> Iterator[Fault]:
        """Yield a period that ends before it starts, and a concern without words."""
        if self.period_to < self.period_from:
            yield fault("period_to", "Akhir masa laporan mendahului awalnya.", "The period ends before it starts.")
        if self.concern == "yes" and not self.concern_text.strip():
            yield fault("concern_text", "Tuliskan kekhawatirannya.", "Write what the concern is.")


class Incident(Record, frozen=True, kw_only=True, tag="F17"):
    """One incident, from first report to finding. Discipline is no exemption from violence (SNPA IV.C.4a).

    `subject_household` is the host, relative or `home` it is about, `accused_staff` are entries of that host's staff; `type` missing holds
    where the child was last seen and found.
    """

    type: Literal[
        "physical",
        "sexual",
        "psychological",
        "neglect",
        "exploitation",
        "missing",
        "death",
        "recruitment",
        "unlicensed_care",
        "host_lost",
        "other",
    ]
    happened_at: Moment
    place: Line
    what_happened: Text
    subject_household: AnyId = ""
    persons: Few[Name] = ()
    accused_staff: Few[Id] = ()
    child_in_danger: YesNo = "no"
    crime: YesNo = "no"
    immediate_action: Text
    reported_to_dinas_at: Moment | None = None
    dinas_reference: Line = ""
    police_reported_at: Moment | None = None
    police_reference: Line = ""
    ministry_reported_at: Moment | None = None
    ministry_reference: Line = ""
    subject_suspended: YesNo = "no"
    investigation: Note = ""
    finding: Literal["", "substantiated", "unsubstantiated", "inconclusive"] = ""
    setting_safe: Literal["", "yes", "no"] = ""
    sanction: Note = ""
    found_at: Moment | None = None
    found_by: Line = ""
    closed: YesNo = "no"

    @property
    def open(self) -> bool:
        """Whether the form still waits for its finding and its closing. What a process says of it goes before: `guards/evidence.py`."""
        return self.closed == "no"

    def faults(self) -> Iterator[Fault]:
        """Yield a closing without the report to Dinas (S7) or without a finding, and a child found by nobody."""
        if self.closed == "yes" and not (self.reported_to_dinas_at and self.dinas_reference.strip()):
            yield fault(
                "dinas_reference",
                "Insiden tidak dapat ditutup tanpa laporan ke Dinas.",
                "An incident cannot be closed without the report to Dinas.",
            )
        if self.closed == "yes" and not self.finding:
            yield fault("finding", "Tuliskan hasil pemeriksaan sebelum menutup.", "Record the finding before closing.")
        if (self.found_at is None) != (not self.found_by.strip()):
            yield fault(
                "found_by", "Isi waktu ditemukan dan penemunya bersama-sama.", "Fill in when and by whom the child was found together."
            )


class SocialReport(Record, frozen=True, kw_only=True, tag="F24"):
    """One visit to the prospective adopters, with its finding. At least two within six months."""

    visited: Line
    findings: Text
    child_relation: Text
    recommendation: Literal["recommend", "do_not_recommend", "visit_again"]
