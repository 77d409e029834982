"""What the register of LKS holds about each: the services it gives, and entries that are added and never changed (S2, S5, S10, S11).

An entry is corrected by one that supersedes it. What guards and lists ask of a house follows from its newest entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from casework.errors import Fault
from casework.machines.forms.fields import Count, Few, Id, Line, Name, Note, Text, fault
from casework.words import Words

ServiceKind: TypeAlias = Literal["children", "elderly", "disability", "odgj", "prse", "homeless", "other"]
"""Whom an LKS serves. Only one that serves children (LKSA) takes a child."""
SERVICES: Mapping[str, Words] = {
    "children": Words("anak (LKSA)", "children (LKSA)"),
    "elderly": Words("lanjut usia", "the elderly"),
    "disability": Words("penyandang disabilitas", "people with disabilities"),
    "odgj": Words("orang dengan gangguan jiwa (ODGJ)", "people with mental disorders (ODGJ)"),
    "prse": Words("perempuan rawan sosial ekonomi (PRSE)", "women at social and economic risk (PRSE)"),
    "homeless": Words("gelandangan dan pengemis", "homeless people and beggars"),
    "other": Words("lainnya", "others"),
}
FOR_CHILDREN = "children"
LKS_KINDS = frozenset({"lksa", "lks"})
"""Kinds of host that are on the register of LKS."""
Reached: TypeAlias = Literal["board", "staff", "volunteers", "children"]
MUST_KNOW: frozenset[Reached] = frozenset({"staff", "children"})
"""Who must have been told of a policy before it counts as made known."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    """One entry of the register about a house. Its author, its day of entry and what it supersedes stand beside it."""

    def faults(self) -> Iterator[Fault]:
        """Yield what contradicts itself."""
        yield from ()


class Licence(Entry, frozen=True, kw_only=True, tag="licence"):
    """Tanda pendaftaran."""

    number: Line = ""
    issuer: Line = ""
    valid_until: date


class Accreditation(Entry, frozen=True, kw_only=True, tag="accreditation"):
    """Accreditation (Permensos 17/2012). How many years a grade holds was not seen: the paper says it."""

    grade: Literal["", "A", "B", "C"] = ""
    valid_until: date


class Waiver(Entry, frozen=True, kw_only=True, tag="waiver"):
    """The head of the office does without the accreditation for a time (S11)."""

    valid_until: date
    reason: Note = ""


class Policy(Entry, frozen=True, kw_only=True, tag="policy"):
    """The written child-protection policy (S2). A new one has to be made known anew."""

    dated: date


class Dissemination(Entry, frozen=True, kw_only=True, tag="dissemination"):
    """One occasion on which the policy was made known."""

    held_on: date
    reached: Annotated[tuple[Reached, ...], Meta(min_length=1, max_length=4)]
    how_many: Count = 0
    how: Note = ""


class Inspection(Entry, frozen=True, kw_only=True, tag="inspection"):
    """One inspection. The house reads it: nobody who complained is named here. A follow-up has its day."""

    held_on: date
    inspectors: Name
    findings: Text
    follow_up: Note = ""
    follow_up_by: date | None = None

    def faults(self) -> Iterator[Fault]:
        """Yield a follow-up without its day, a day without what is due, and one before the inspection."""
        if bool(self.follow_up.strip()) != (self.follow_up_by is not None):
            yield fault("follow_up_by", "Isi tindak lanjut dan tanggalnya bersama-sama.", "Fill in the follow-up and its date together.")
        if self.follow_up_by is not None and self.follow_up_by < self.held_on:
            yield fault("follow_up_by", "Tanggal tindak lanjut mendahului pemeriksaan.", "The follow-up is due before the inspection.")


class FollowUp(Entry, frozen=True, kw_only=True, tag="follow_up"):
    """What was done about the findings of an inspection: it settles that inspection's follow-up."""

    inspection: Id
    held_on: date
    done: Text


class Coaching(Entry, frozen=True, kw_only=True, tag="coaching"):
    """Pembinaan by the office."""

    held_on: date
    coach: Name
    subject: Name
    attended: Count


class Attendance(Entry, frozen=True, kw_only=True, tag="training"):
    """One training, and which of the staff attended it (S5)."""

    held_on: date
    subject: Name
    provider: Line = ""
    hours: Annotated[int, Meta(ge=1, le=500)]
    members: Annotated[Few[Id], Meta(min_length=1)]


class PerformanceReview(Entry, frozen=True, kw_only=True, tag="performance_review"):
    """The six-monthly review of a caregiver, with what the children say (S5, T10). The house never reads the children's words."""

    member: Id
    held_on: date
    reviewer: Name
    result: Literal["good", "needs_coaching", "unsuitable"]
    findings: Text
    children_feedback: Text


AnyEntry: TypeAlias = (
    Licence | Accreditation | Waiver | Policy | Dissemination | Inspection | FollowUp | Coaching | Attendance | PerformanceReview
)

OFFICE = ("social_worker", "supervisor", "dinas_head")
PAPERS = ("supervisor", "dinas_head")
HEAD = ("dinas_head",)


class Sheet(msgspec.Struct, frozen=True):
    """A kind of entry: what it is called, who of the office adds one, and whether only an LKS has it."""

    entry: type[Entry]
    label: Words
    by: tuple[str, ...]


SHEETS: Mapping[str, Sheet] = {
    str(sheet.entry.__struct_config__.tag): sheet
    for sheet in (
        Sheet(Licence, Words("Tanda pendaftaran", "Licence"), PAPERS),
        Sheet(Accreditation, Words("Akreditasi", "Accreditation"), PAPERS),
        Sheet(Waiver, Words("Pengecualian akreditasi", "Waiver of accreditation"), HEAD),
        Sheet(Policy, Words("Kebijakan perlindungan anak", "Child-protection policy"), PAPERS),
        Sheet(Dissemination, Words("Penyebaran kebijakan", "Policy made known"), PAPERS),
        Sheet(Inspection, Words("Pemeriksaan", "Inspection"), OFFICE),
        Sheet(FollowUp, Words("Tindak lanjut pemeriksaan", "Follow-up of an inspection"), OFFICE),
        Sheet(Coaching, Words("Pembinaan", "Coaching"), OFFICE),
        Sheet(Attendance, Words("Pelatihan", "Training"), OFFICE),
        Sheet(PerformanceReview, Words("Penilaian kinerja pengasuh", "Review of a caregiver"), OFFICE),
    )
}
"""Every kind of entry by its tag."""


def services_of(text: str) -> tuple[str, ...]:
    """Return the services as the register keeps them in one column, in the order of the list."""
    told = {*text.split()}
    return tuple(code for code in SERVICES if code in told)


def service_gaps(kind: str, services: tuple[str, ...]) -> Iterator[Words]:
    """Yield why these services do not fit a kind of host: an LKSA serves children, any other LKS somebody else, a household nobody."""
    if kind == "lksa" and FOR_CHILDREN not in services:
        yield Words("LKSA melayani anak.", "An LKSA serves children.")
    if kind != "lksa" and FOR_CHILDREN in services:
        yield Words("Hanya LKSA yang melayani anak; catatlah sebagai LKSA.", "Only an LKSA serves children: enter it as one.")
    if kind == "lks" and not services:
        yield Words("Pilih sedikitnya satu jenis layanan.", "Choose at least one kind of service.")
    if kind not in LKS_KINDS and services:
        yield Words("Jenis layanan hanya untuk LKS.", "Only an LKS has kinds of service.")


def projected(entries: tuple[AnyEntry, ...]) -> dict[str, object]:
    """Return the columns of a house that follow from its standing entries, oldest first. Of a kind that is not there, nothing is said.

    Days are ISO dates, flags 0 or 1.
    """
    told: dict[str, object] = {}
    known: set[str] = set()
    policy: date | None = None
    for entry in entries:
        match entry:
            case Licence():
                told |= {"licence_number": entry.number or None, "licence_issuer": entry.issuer or None}
                told |= {"licence_until": entry.valid_until.isoformat()}
            case Accreditation():
                told |= {"accreditation_grade": entry.grade or None, "accredited_until": entry.valid_until.isoformat()}
            case Waiver():
                told |= {"accreditation_waiver_until": entry.valid_until.isoformat()}
            case Policy():
                policy, known = entry.dated, set()
                told |= {"policy_dated": entry.dated.isoformat(), "policy_disseminated": 0}
            case Dissemination() if policy is None or entry.held_on >= policy:
                known |= {*entry.reached}
                told |= {"policy_disseminated": int(known >= MUST_KNOW)}
            case _:
                pass
    return told
