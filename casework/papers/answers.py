"""The answers of any form as a paper writes them: lines of label and words, and tables, by the same words as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from casework.machines.facts import WITA
from casework.machines.forms import HEADINGS, HOME, headed
from casework.services.choices import choice_of
from casework.services.labels import label_of
from casework.services.official import CALLED
from casework.words import Language, Words

_MONTHS: dict[Language, tuple[str, ...]] = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
HOME_WORDS = Words("rumah keluarga anak", "the child's family home")
NOT_SAID = "–"
UNSPOKEN = frozenset({"person", "letter"})
"""Ids and digests that say nothing to who reads a paper."""


class Line(msgspec.Struct, frozen=True):
    """A label and what was answered; without a text, a heading over the lines that follow."""

    label: str
    text: str = ""


class Table(msgspec.Struct, frozen=True):
    """Answers that come in rows. `shares` say how wide each column is beside the others."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    shares: tuple[int, ...] = ()


class Speech:
    """One language, and the names that ids have in one record."""

    def __init__(self, language: Language, called: Mapping[str, str]) -> None:
        self.language = language
        self._called = called

    def said(self, owner: str, field: inspect.Field, value: Any) -> str:
        """Return one answer in words, "" where nothing was answered."""
        kind = bare(field.type)
        if value is None or value in ("", ()):
            return ""
        if isinstance(value, tuple):
            return "; ".join(self._word(owner, field.name, bare(kind.item_type), each) for each in value)
        return self._word(owner, field.name, kind, value)

    def _word(self, owner: str, name: str, kind: Any, value: Any) -> str:
        if isinstance(kind, inspect.LiteralType):
            return choice_of(owner, name, value).to(self.language)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.day(value)
        return self.named(str(value)) if name in CALLED else str(value)

    def named(self, carer: str) -> str:
        """Return the name of a relative, a host or a body."""
        return HOME_WORDS.to(self.language) if carer == HOME else self._called.get(carer, NOT_SAID)

    def day(self, on: date) -> str:
        """Return `21 November 2026`."""
        return f"{on.day} {_MONTHS[self.language][on.month - 1]} {on.year}"

    def weekday(self, on: date) -> str:
        """Return `Sabtu`."""
        return _WEEKDAYS[self.language][on.weekday()]

    def clock(self, at: datetime) -> str:
        """Return `09.12 WITA`; English writes the time with a colon."""
        there = at.astimezone(WITA)
        return f"{there:%H.%M} WITA" if self.language == "id" else f"{there:%H:%M} WITA"

    def moment(self, at: datetime) -> str:
        """Return `21 November 2026, 09.12 WITA`."""
        return f"{self.day(at.astimezone(WITA).date())}, {self.clock(at)}"


def bare(kind: inspect.Type) -> Any:
    """Return what a field really holds, without its bounds and without "or nothing"."""
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        return bare(next(one for one in kind.types if not isinstance(one, inspect.NoneType)))
    return kind


def lines_of(form: msgspec.Struct, speech: Speech, leave_out: frozenset[str]) -> tuple[Line, ...]:
    """Return what was answered in words, under the rights of children where the form has them."""
    groups = headed(type(form))
    order = ["", *HEADINGS]
    fields = sorted(_fields(type(form)), key=lambda field: order.index(groups.get(field.name, "")))
    lines: list[Line] = []
    under = ""
    for field in fields:
        text = "" if field.name in leave_out or _in_rows(field) else speech.said(type(form).__name__, field, getattr(form, field.name))
        if not text:
            continue
        group = groups.get(field.name, "")
        lines += [Line(HEADINGS[group].to(speech.language))] if group != under else []
        lines.append(Line(label_of(type(form).__name__, field.name).to(speech.language), text))
        under = group
    return tuple(lines)


def tables_of(form: msgspec.Struct, speech: Speech, leave_out: frozenset[str]) -> tuple[Table, ...]:
    """Return the answers that come in rows; columns in which nothing was answered are left out."""
    owner = type(form).__name__
    return tuple(
        _table(label_of(owner, field.name).to(speech.language), rows, speech)
        for field in _fields(type(form))
        if field.name not in leave_out and _in_rows(field)
        for rows in (_rows(getattr(form, field.name)),)
        if rows
    )


def _table(title: str, rows: tuple[msgspec.Struct, ...], speech: Speech) -> Table:
    kind = type(rows[0])
    cells = {
        field.name: tuple(speech.said(kind.__name__, field, getattr(row, field.name)) for row in rows)
        for field in _fields(kind)
        if field.name not in UNSPOKEN
    }
    told = {name: column for name, column in cells.items() if any(column)}
    return Table(
        title,
        columns=tuple(label_of(kind.__name__, name).to(speech.language) for name in told),
        rows=tuple(zip(*told.values(), strict=True)),
        shares=tuple(3 if max(map(len, column)) > _LONG else 2 if max(map(len, column)) > _SHORT else 1 for column in told.values()),
    )


_SHORT, _LONG = 16, 40


def _rows(value: Any) -> tuple[msgspec.Struct, ...]:
    return value if isinstance(value, tuple) else (value,) if value is not None else ()


def _in_rows(field: inspect.Field) -> bool:
    kind = bare(field.type)
    inner = bare(kind.item_type) if isinstance(kind, inspect.VarTupleType) else kind
    return isinstance(inner, inspect.StructType)


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[inspect.Field, ...]:
    known = inspect.type_info(kind)
    return known.fields if isinstance(known, inspect.StructType) else ()


def spoken_of(form: msgspec.Struct, speech: Speech) -> dict[str, str]:
    """Return every answer that is one text, by its field: what the sentences of a paper may name."""
    owner = type(form).__name__
    plain = (field for field in _fields(type(form)) if not _in_rows(field))
    return {field.name: speech.said(owner, field, getattr(form, field.name)) or NOT_SAID for field in plain}
