"""Opening a workbook that somebody sent: nothing in it is run, and what is too large or is no workbook is said plainly.

Only cells are read: formulas are never worked out (a cell with one is told of), macros and links are never looked at.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from casework.errors import Fault, Invalid
from casework.words import Words

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 1000
MOST_ROWS = 20_000
"""Rows of one sheet, empty ones counted: below them nothing is read, and nothing is brought in."""
MOST_COLUMNS = 60
LONGEST = 1000
"""Letters of one cell that are read."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DECLARED = tuple(mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be"))
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
_SPACES = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NOTHING = frozenset({"", "-", "--", "—", "–", "n/a", "nihil", "kosong"})


class Unreadable(msgspec.Struct, frozen=True):
    """A cell whose value nobody may guess: a formula, or an error such as #REF!."""

    kind: Literal["formula", "error"]
    shown: str


Value: TypeAlias = str | int | float | datetime | date | Unreadable | None


class Row(msgspec.Struct, frozen=True):
    """One row as the sheet numbers it."""

    number: int
    values: tuple[Value, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return all(value is None for value in self.values)


class Sheet(msgspec.Struct, frozen=True):
    """One sheet with the rows that are not empty."""

    title: str
    rows: tuple[Row, ...]


class Workbook(msgspec.Struct, frozen=True):
    """A workbook as it was read. `digest` is the SHA-256 (hex) of the file."""

    digest: str
    sheets: tuple[Sheet, ...]


def read_workbook(path: Path) -> Workbook:
    """Return every visible cell of a workbook. Raises Invalid, saying what to do, for what is no workbook, too large, or locked."""
    content = _bytes_of(path)
    _look_inside(content)
    try:
        with closing(load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False, keep_vba=False)) as book:
            sheets = tuple(Sheet(sheet.title, tuple(_rows(sheet, _merged(content, sheet)))) for sheet in book.worksheets)
    except Invalid:
        raise
    except Exception as error:  # what a damaged workbook brings up in a reader is of every kind
        raise _unfit(
            "Berkas Excel rusak: buka lalu simpan ulang sebagai .xlsx.", "The workbook is damaged: open and save it anew."
        ) from error
    return Workbook(hashlib.sha256(content).hexdigest(), sheets)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _unfit(
                f"Berkas lebih besar dari {MOST_BYTES >> 20} MB: bagi per LKSA.",
                f"Larger than {MOST_BYTES >> 20} MB: split it by institution.",
            )
        return path.read_bytes()
    except OSError as error:
        raise _unfit(f"Berkas tidak dapat dibaca: {path}", f"The file cannot be read: {path}") from error


def _look_inside(content: bytes) -> None:
    """Refuse what is no .xlsx, is locked, or unpacks to too much. Sizes are believed: a part that lies about its own fails to be read."""
    if content.startswith(_OLE):
        raise _unfit(
            "Berkas dikunci kata sandi, atau berformat .xls lama: hapus kata sandinya dan simpan sebagai .xlsx.",
            "The file is locked by a password, or is an old .xls: remove the password and save it as .xlsx.",
        )
    if not zipfile.is_zipfile(BytesIO(content)):
        raise _unfit("Ini bukan berkas Excel (.xlsx).", "This is no Excel file (.xlsx).")
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            listed = parts.infolist()
            if any(part.flag_bits & 1 for part in listed):
                raise _unfit("Berkas dikunci kata sandi: hapus kata sandinya.", "The file is locked by a password: remove it.")
            if len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > MOST_UNPACKED:
                raise _unfit(
                    "Isi berkas terlalu besar sesudah dibuka: salin hanya datanya ke buku kerja baru.",
                    "The file unpacks to too much: copy only the lists into a new workbook.",
                )
            if "xl/workbook.xml" not in parts.namelist():
                raise _unfit("Ini bukan berkas Excel (.xlsx).", "This is no Excel file (.xlsx).")
            if any(_declares(parts.read(part)) for part in listed if part.filename.endswith((".xml", ".rels"))):
                raise _unfit("Berkas memuat deklarasi yang tidak diperbolehkan.", "The file holds declarations that are not allowed.")
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise _unfit(
            "Berkas Excel rusak: buka lalu simpan ulang sebagai .xlsx.", "The workbook is damaged: open and save it anew."
        ) from error


def _declares(part: bytes) -> bool:
    return any(mark in part for mark in _DECLARED)


def _rows(sheet: Any, merged: dict[tuple[int, int], tuple[int, int]]) -> Iterator[Row]:
    sheet.reset_dimensions()
    first: dict[tuple[int, int], Value] = {}
    leading = {*merged.values()}
    wide = max((place for _, place in merged), default=0)
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > MOST_ROWS:
            raise _unfit(
                f"Lembar {sheet.title}: lebih dari {MOST_ROWS} baris. Hapus baris kosong di bawah daftar, atau bagi berkasnya.",
                f"Sheet {sheet.title}: more than {MOST_ROWS} rows. Delete the empty rows below the list, or split the file.",
            )
        values = [_value(cell) for cell in cells[:MOST_COLUMNS]]
        values += [None] * (min(wide, MOST_COLUMNS) - len(values) if any(value is not None for value in values) else 0)
        for place, value in enumerate(values, start=1):
            if (number, place) in leading:
                first[number, place] = value
            if value is None and (number, place) in merged:
                values[place - 1] = first.get(merged[number, place])
        row = Row(number, tuple(values))
        if not row.empty:
            yield row


def _value(cell: Any) -> Value:
    value = cell.value
    if cell.data_type == "f":
        return Unreadable("formula", str(value)[:LONGEST])
    if cell.data_type == "e":
        return Unreadable("error", str(value)[:LONGEST])
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, str):
        plain = _SPACES.sub(" ", _CONTROLS.sub(" ", value)).strip()[:LONGEST]
        return None if plain.lower() in _NOTHING else plain
    return value if isinstance(value, int | float | datetime | date) else None if value is None else str(value)


def _merged(content: bytes, sheet: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Return, for each cell of a merged range that runs down, the cell that holds its value: one name for several rows."""
    with zipfile.ZipFile(BytesIO(content)) as parts:
        part = parts.read(sheet._worksheet_path)  # noqa: SLF001 - a sheet that is read row by row does not tell what is merged
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for match in _MERGED.findall(part):
        left, top, right, bottom = (edge or 0 for edge in range_boundaries(match.decode("ascii")))
        if left == right and bottom - top < MOST_ROWS:
            found |= {(row, left): (top, left) for row in range(top, bottom + 1)}
    return found


def _unfit(indonesian: str, english: str) -> Invalid:
    return Invalid(Fault("$", Words(indonesian, english)), status=400)
