"""What a page's form said: single fields by name, and the carer a step was chosen for."""

from __future__ import annotations

from casework.http.pages.controls import Option, Registers
from casework.http.pages.rendering import Asked
from casework.http.passage import passage_of
from casework.machines.facts import Subject
from casework.machines.forms import HOME
from casework.services.child_file import ChildFile, Named
from casework.services.filed import RecordView
from casework.words import Words

_REGISTERS = {"host": "host", "relative": "relative", "body": "receiver"}


def fields_of(request: Asked) -> dict[str, str]:
    """Return the posted fields by name, stripped; of a field sent twice the last counts."""
    return {name: value.strip() for name, value in passage_of(request.scope).form}


def subject_named(chosen: str) -> Subject:
    """Return the subject a step names: `host:<id>`, `relative:<id>` or `body:<id>`; anything else names nobody."""
    register, _, chosen_id = chosen.partition(":")
    return Subject(**{_REGISTERS[register]: chosen_id}) if register in _REGISTERS and chosen_id else Subject()


def name_of(subject: Subject) -> str:
    """Return how a page writes a subject: the reverse of `subject_named`."""
    named = (("host", subject.host), ("relative", subject.relative), ("body", subject.receiver))
    return next((f"{register}:{chosen}" for register, chosen in named if chosen), "")


AT_HOME: Registers = {"home": (Option(HOME, Words("Rumah keluarga anak", "The child's family home")),)}
"""The household that stands in no register."""


def registers_of(view: ChildFile) -> Registers:
    """Return what the forms of a case can choose by id."""
    return {
        "relative": tuple(Option(one.id, _noted(one)) for one in view.relatives),
        "host": tuple(Option(one.id, _noted(one)) for one in view.hosts),
        "body": tuple(Option(one.id, Words(one.name, one.name)) for one in view.bodies),
        **AT_HOME,
        "record": tuple(Option(one.id, _filed(one)) for one in view.records if one.status != "void"),
        "paper": tuple(Option(one.id, Words(f"{one.title.id} {one.number}", f"{one.title.en} {one.number}")) for one in view.papers),
    }


def _filed(one: RecordView) -> Words:
    by = Words(one.author, one.author) if one.author else one.author_role
    return Words(f"{one.form} {one.title.id} ({by.id})", f"{one.form} {one.title.en} ({by.en})")


def _noted(one: Named) -> Words:
    if one.note is None:
        return Words(one.name, one.name)
    return Words(f"{one.name} ({one.note.id})", f"{one.name} ({one.note.en})")
