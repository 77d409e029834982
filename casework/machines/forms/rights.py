"""The four groups of children's rights: the headings of assessment (F04), care plan (F08) and progress report (F16) (DOMAIN 0).

A field says with its type to which group it belongs; pages, schema and record follow. Each group is answered, or the form says why not.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal, TypeAlias

import msgspec
from msgspec import Meta, inspect

from casework.errors import Fault
from casework.machines.forms.fields import Record, Text, fault
from casework.words import Words

Right: TypeAlias = Literal["survival", "growth", "protection", "participation"]
RIGHTS: Mapping[str, Words] = {
    "survival": Words("Kelangsungan hidup", "Survival"),
    "growth": Words("Tumbuh kembang", "Growth and development"),
    "protection": Words("Perlindungan", "Protection"),
    "participation": Words("Partisipasi", "Participation"),
}
"""The groups in the order in which forms ask for them."""
NOT_NEEDED = "not_needed"
HEADINGS: Mapping[str, Words] = {
    **RIGHTS,
    NOT_NEEDED: Words("Bila satu kelompok hak tidak perlu diisi", "If a group of rights needs no entry"),
}


def _of(right: str) -> Meta:
    words = HEADINGS[right]
    return Meta(extra={"right": right}, extra_json_schema={"x-right": right, "description": f"{words.id} / {words.en}"})


SURVIVAL, GROWTH, PROTECTION, PARTICIPATION, EXCUSED = (_of(right) for right in HEADINGS)
"""What a field's type is annotated with to stand under a heading."""


class NotNeeded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a form says nothing about one group."""

    right: Right
    because: Text


@cache
def headed(form: type[msgspec.Struct]) -> Mapping[str, str]:
    """Return the group of each field that has one, by the field's name."""
    known = inspect.type_info(form)
    fields = known.fields if isinstance(known, inspect.StructType) else ()
    extras = {field.name: field.type.extra or {} for field in fields if isinstance(field.type, inspect.Metadata)}
    return {name: str(extra["right"]) for name, extra in extras.items() if "right" in extra}


def unanswered(form: Record, excused: tuple[NotNeeded, ...]) -> Iterator[Fault]:
    """Yield a fault for each group that has neither an answer nor a reason, at its first field."""
    groups: dict[str, list[str]] = {}
    for name, right in headed(type(form)).items():
        groups.setdefault(right, []).append(name)
    because = {each.right for each in excused}
    for right, words in RIGHTS.items():
        names = groups[right]
        if right not in because and not any(_answered(getattr(form, name)) for name in names):
            yield fault(
                names[0],
                f"{words.id}: belum ada isian. Isilah, atau tuliskan mengapa tidak perlu diisi.",
                f"{words.en}: nothing is said. Answer it, or write why it needs no entry.",
            )


def _answered(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None
