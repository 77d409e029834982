"""The register's entries about one house as sections of its page: what stands, and a form to add each kind."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from casework.errors import Fault
from casework.http.pages.controls import Control, Option, Registers, Typed, controls_of, flattened
from casework.machines.policy import role_may
from casework.machines.register import SHEETS, Entry, Inspection
from casework.services.hosts import HostView
from casework.services.house_entries import EntryView
from casework.store.call import Call
from casework.words import Words

SECTIONS: tuple[tuple[str, Words, tuple[str, ...]], ...] = (
    ("licence", Words("Tanda pendaftaran", "Licence"), ("licence",)),
    ("accreditation", Words("Akreditasi", "Accreditation"), ("accreditation", "waiver")),
    (
        "policy",
        Words("Kebijakan perlindungan anak", "Child-protection policy"),
        ("policy", "dissemination"),
    ),
    ("inspections", Words("Pemeriksaan", "Inspections"), ("inspection", "follow_up")),
    ("coaching", Words("Pembinaan dan pelatihan", "Coaching and training"), ("coaching", "training")),
    ("reviews", Words("Penilaian kinerja", "Performance reviews"), ("performance_review",)),
)


class Shown(msgspec.Struct, frozen=True):
    """One entry with its answers as controls, to be read."""

    view: EntryView
    answers: tuple[Control, ...]


class Adding(msgspec.Struct, frozen=True, kw_only=True):
    """A form that adds one kind of entry. `supersedes` is the entry that it corrects, "" for none."""

    kind: str
    label: Words
    controls: tuple[Control, ...]
    supersedes: str
    open: bool


class Section(msgspec.Struct, frozen=True):
    """One part of a house's page."""

    id: str
    label: Words
    entries: tuple[Shown, ...]
    forms: tuple[Adding, ...]


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """The form that somebody has in hand: its kind, what was typed, what was wrong, and which entry it corrects."""

    kind: str = ""
    typed: Typed = {}
    faults: tuple[Fault, ...] = ()
    supersedes: str = ""


def prefix_of(kind: str) -> str:
    """Return what stands before the paths of a kind's form: several forms share one page."""
    return f"{kind}."


def correcting(entries: tuple[EntryView, ...], wanted: str) -> Writing:
    """Return the form that corrects an entry, filled in as the entry stands; an empty one where there is none of that id."""
    entry = next((each for each in entries if each.id == wanted), None)
    if entry is None:
        return Writing()
    return Writing(kind=entry.kind, typed=_typed(entry, prefix_of(entry.kind)), supersedes=entry.id)


def sections(call: Call, host: HostView, entries: tuple[EntryView, ...], writing: Writing) -> tuple[Section, ...]:
    """Return the sections of a house's page, each with the forms that this caller may use."""
    known: Registers = {
        "member": tuple(Option(one.id, Words(one.name, one.name)) for one in host.staff),
        "inspection": tuple(Option(one.id, _dated(one)) for one in entries if isinstance(one.entry, Inspection)),
    }
    roles = frozenset(seat.role for seat in call.who.seats)
    return tuple(
        Section(
            name,
            label,
            tuple(Shown(one, controls_of(type(one.entry), _typed(one, ""), (), known)) for one in entries if one.kind in kinds),
            tuple(_adding(kind, known, writing) for kind in kinds if any(role_may(role, "add_entry", kind) for role in roles)),
        )
        for name, label, kinds in SECTIONS
    )


def _adding(kind: str, known: Registers, writing: Writing) -> Adding:
    here = writing.kind == kind
    prefix = prefix_of(kind)
    typed, faults = (writing.typed, writing.faults) if here else ({}, ())
    controls = controls_of(SHEETS[kind].entry, typed, faults, known, prefix=prefix)
    return Adding(kind=kind, label=SHEETS[kind].label, controls=controls, supersedes=writing.supersedes if here else "", open=here)


def _typed(entry: EntryView, prefix: str) -> dict[str, list[str]]:
    raw: Mapping[str, object] = msgspec.to_builtins(entry.entry)
    return flattened(_kind_of(entry), raw, prefix=prefix)


def _kind_of(entry: EntryView) -> type[Entry]:
    return SHEETS[entry.kind].entry


def _dated(one: EntryView) -> Words:
    held = getattr(one.entry, "held_on", "")
    return Words(f"{one.label.id} {held}", f"{one.label.en} {held}")
