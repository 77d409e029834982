"""A report as a file for a spreadsheet: texts are texts and numbers numbers, nothing is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from casework.ledger.export import as_cell
from casework.services.calendar import moment
from casework.services.numbers.catalogue import HIDDEN, Shown, Table
from casework.services.numbers.shape import Column
from casework.words import Language, Words

Row: TypeAlias = tuple[str | int | float, ...]
HIDDEN_MARK = "*"
WHY_HIDDEN = Words(
    "* = tidak diumumkan: kurang dari 5, atau agar yang kurang dari 5 tidak dapat dihitung dari angka lain.",
    "* = not published: under 5, or so that what is under 5 cannot be reckoned from other numbers.",
)
TOTAL = Words("Jumlah", "Total")
YES, NO = Words("ya", "yes"), Words("tidak", "no")


def said(cell: Shown, column: Column, language: Language) -> str | int | float:
    """Return what stands in a cell of a file."""
    if cell is None:
        return ""
    if cell == HIDDEN:
        return HIDDEN_MARK
    if column.unit == "mark":
        return (YES if cell else NO).to(language)
    return cell


def rows_of(table: Table, language: Language) -> Iterator[Row]:
    """Yield every row of a file: what it is, the heads, the lines, the total, and what must be said of it."""
    yield (f"{table.report} {table.title.to(language)}",)
    yield (table.office, f"{table.sought.since} – {table.sought.until}", moment(table.at, language))
    yield ()
    yield (*(head.to(language) for head in table.heads), *(column.words.to(language) for column in table.columns))
    for line in table.lines:
        yield (*(label.to(language) for label in line.labels), *_cells(table, line.cells, language))
    if table.total is not None:
        yield (TOTAL.to(language), *[""] * (len(table.heads) - 1), *_cells(table, table.total, language))
    yield ()
    for words in (table.about, *table.notes, *((WHY_HIDDEN,) if table.public else ())):
        yield (words.to(language),)


def _cells(table: Table, cells: tuple[Shown, ...], language: Language) -> Iterator[str | int | float]:
    return (said(cell, column, language) for cell, column in zip(cells, table.columns, strict=True))


def as_csv(table: Table, language: Language) -> bytes:
    """Return a report as CSV, in UTF-8 with the mark that spreadsheets look for."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    for row in rows_of(table, language):
        rows.writerow(as_cell(cell) if isinstance(cell, str) else cell for cell in row)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table, language: Language) -> bytes:
    """Return a report as a workbook of one sheet."""
    from openpyxl import Workbook  # noqa: PLC0415 - with the first file: a worker starts without it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(table.report)
    for row in rows_of(table, language):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            cell.data_type = "s" if isinstance(value, str) else "n"
            cells.append(cell)
        sheet.append(cells)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


FILES: Mapping[str, tuple[str, Callable[[Table, Language], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
"""Each kind of file by its ending: what it is called on the way, and who writes it."""
