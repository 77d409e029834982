"""The way home: reunification (F14) and monitoring visits (F15)."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from casework.errors import Fault
from casework.machines.forms.fields import Few, Line, Note, Record, Signature, Text, YesNo, fault
from casework.machines.forms.options import Attempt

Readiness: TypeAlias = Literal["positive", "negative", "not_assessed"]


class ContactVisit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One contact between child and family while the return is prepared."""

    on: date
    how: Literal["visit", "call", "stay"]
    observation: Text


class Reunification(Record, frozen=True, kw_only=True, tag="F14"):
    """Whether family, child and community are ready, with which support, and how the trial goes."""

    tracing: Few[Attempt] = ()
    family_assessment: Text
    family_readiness: Readiness
    child_readiness: Readiness
    community_readiness: Readiness
    child_agrees: Literal["yes", "no", "unsure"]
    child_view: Note
    support_package: Note
    support_funded: YesNo
    contact_visits: Few[ContactVisit] = ()
    violence_in_family: YesNo
    risks: Note
    safety_plan: Note = ""
    trial_plan: Note = ""
    signatures: Few[Signature] = ()
    decision: Literal["preparing", "ready", "trial", "stopped"]
    stopped_because: Literal["", "unsafe", "child_refuses", "family_refuses", "family_died"] = ""
    trial_result: Literal["", "succeeded", "failed"] = ""
    trial_failed_because: Note = ""

    def faults(self) -> Iterator[Fault]:
        """Yield a stop or a failed trial without its reason, and violence without a safety plan when declared ready."""
        if self.decision == "stopped" and not self.stopped_because:
            yield fault("stopped_because", "Pilih alasan reunifikasi dihentikan.", "Choose why reunification is stopped.")
        if self.trial_result == "failed" and not self.trial_failed_because.strip():
            yield fault("trial_failed_because", "Tuliskan mengapa uji coba gagal.", "Write why the trial failed.")
        if self.decision == "ready" and self.violence_in_family == "yes" and not self.safety_plan.strip():
            yield fault("safety_plan", "Riwayat kekerasan memerlukan rencana keselamatan.", "A history of violence needs a safety plan.")


class Monitoring(Record, frozen=True, kw_only=True, tag="F15"):
    """One visit: what was seen, whether the child was seen alone, and whether it is safe."""

    visit: Annotated[int, Meta(ge=1, le=100)]
    seen_alone: YesNo
    safety: Literal["safe", "unsafe", "unclear"]
    school: Note
    school_settled: Literal["", "yes", "service", "no"] = ""
    health: Note
    health_settled: Literal["", "yes", "service", "no"] = ""
    relations: Note
    support_delivered: Note
    child_view: Note
    concern: YesNo
    concern_text: Note = ""
    next_visit: date | None
    place: Line = ""

    def faults(self) -> Iterator[Fault]:
        """Yield a concern without words, and an unsafe home without a concern."""
        if self.concern == "yes" and not self.concern_text.strip():
            yield fault("concern_text", "Tuliskan kekhawatirannya.", "Write what the concern is.")
        if self.safety == "unsafe" and self.concern == "no":
            yield fault("concern", "Keadaan tidak aman adalah kekhawatiran.", "An unsafe home is a concern.")
