"""What a dry run found, as a workbook to work on: every sheet again with what is wrong beside each row. Cells are text, never formulas."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook as Written
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill

from casework.census.cells import read_text
from casework.census.gathering import Gathered
from casework.census.problems import Problem
from casework.census.workbook import Sheet, Unreadable, Value, Workbook
from casework.words import Language, Words

FAULTY, DOUBTFUL = PatternFill("solid", fgColor="FFC7CE"), PatternFill("solid", fgColor="FFEB9C")
BOLD = Font(bold=True)
PROBLEM, WARNING = Words("Masalah", "Problem"), Words("Peringatan", "Warning")
TITLES = (
    Words("Lembar", "Sheet"),
    Words("Baris", "Row"),
    Words("Jenis", "Kind"),
    Words("Kolom", "Column"),
    Words("Apa", "What"),
    Words("Perbaikan", "Fix"),
)
ALL_PROBLEMS = Words("Semua masalah", "All problems")
_MOST_LETTERS = 2000
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def write_report(path: Path, book: Workbook, gathered: Gathered, language: Language) -> None:
    """Write the report, readable by its owner only: it holds the list's personal data. A file that is there is replaced."""
    written = Written(write_only=True)
    _summary(written, gathered.problems, language)
    for sheet in book.sheets:
        _copy(written, sheet, [problem for problem in gathered.problems if problem.sheet == sheet.title], gathered, language)
    save_privately(written, path)


def save_privately(written: Written, path: Path) -> None:
    """Save a workbook so that only its owner reads it, whole or not at all."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        written.save(file)
    unfinished.replace(path)


def text_cell(sheet: Any, value: str | int | None, *, fill: PatternFill | None = None, bold: bool = False) -> Any:
    """Return a cell that a spreadsheet shows and never works out, whatever the text begins with."""
    cell = WriteOnlyCell(sheet, value=None)
    cell.value = value if isinstance(value, int) else (value or "")[:_MOST_LETTERS]
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(_RISKY):
            cell.quotePrefix = True
    if fill is not None:
        cell.fill = fill
    if bold:
        cell.font = BOLD
    return cell


def _summary(written: Written, problems: Iterable[Problem], language: Language) -> None:
    sheet = written.create_sheet(ALL_PROBLEMS.to(language))
    sheet.append([text_cell(sheet, title.to(language), bold=True) for title in TITLES])
    for one in sorted(problems, key=lambda problem: (problem.level, problem.sheet, problem.row)):
        kind = (PROBLEM if one.level == "error" else WARNING).to(language)
        told = (one.sheet, one.row, kind, one.column, one.what.to(language), one.fix.to(language))
        sheet.append([text_cell(sheet, value, fill=FAULTY if one.level == "error" else DOUBTFUL) for value in told])


def _copy(written: Written, source: Sheet, problems: list[Problem], gathered: Gathered, language: Language) -> None:
    sheet = written.create_sheet(source.title[:31])
    by_row: dict[int, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.row].append(problem)
    headers = {table.header for table in gathered.lists.tables if table.title == source.title}
    wide = max((len(row.values) for row in source.rows), default=0)
    written_rows = 0
    for row in source.rows:
        for _ in range(row.number - written_rows - 1):
            sheet.append([])
        written_rows = row.number
        found = by_row[row.number]
        errors = [one.told(language) for one in found if one.level == "error"]
        warnings = [one.told(language) for one in found if one.level == "warning"]
        fill = FAULTY if errors else DOUBTFUL if warnings else None
        heads = row.number in headers
        beside = (PROBLEM.to(language), WARNING.to(language)) if heads else (" ".join(errors), " ".join(warnings))
        values = [_shown(value) for value in row.values] + [""] * (wide - len(row.values))
        sheet.append([text_cell(sheet, value, fill=fill, bold=heads) for value in (*values, *beside)])


def _shown(value: Value) -> str:
    if value is None:
        return ""
    return value.shown if isinstance(value, Unreadable) else read_text(value)
