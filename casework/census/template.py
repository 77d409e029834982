"""The empty workbook that an office fills in: the headings, lists to choose from, text cells for numbers, and a page of help."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook as Written
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from casework.census.headings import FORMS, HOUSES, STAYS, Form
from casework.census.report import save_privately
from casework.services.areas import areas
from casework.words import Words

ROWS = 1000
"""Rows that are prepared."""
HELP = "Bantuan"
_HEAD = PatternFill("solid", fgColor="DDEBF7")
_BOLD = Font(bold=True)
_TEXT = "@"
_WIDE = 20
_INTRODUCTION = (
    Words(
        "Isi lembar Anak dan Penempatan; LKS hanya untuk lembaga yang belum terdaftar; Keluarga boleh kosong.",
        "Fill in Anak and Penempatan; LKS only for institutions not yet registered; Keluarga may stay empty.",
    ),
    Words(
        "Periksa dulu: casework import BERKAS.xlsx --office ID --as NAMA. Tidak ada yang berubah sebelum --apply.",
        "Check first: casework import FILE.xlsx --office ID --as NAME. Nothing changes before --apply.",
    ),
    Words(
        "Daftar ini bukan penerimaan anak di LKSA dan tidak memberi izin kepada LKSA mana pun.",
        "This list admits no child to an institution, and licenses none.",
    ),
    Words("Kolom bertanda * wajib. Urutan kolom bebas.", "Columns marked * are needed. Their order is free."),
)


def write_template(path: Path) -> None:
    """Write the empty workbook."""
    written = Written()
    written.remove(written.active)  # type: ignore[arg-type]
    for form in FORMS:
        _sheet(written, form)
    _help(written)
    save_privately(written, path)


def _sheet(written: Written, form: Form) -> None:
    sheet = written.create_sheet(form.title)
    sheet.freeze_panes = "A2"
    for place, column in enumerate(form.columns, start=1):
        letter = get_column_letter(place)
        head = sheet.cell(1, place, f"{column.heading} *" if column.needed else column.heading)
        head.font, head.fill = _BOLD, _HEAD
        sheet.column_dimensions[letter].width = _WIDE
        sheet.column_dimensions[letter].number_format = _TEXT
        if column.choices:
            names = ",".join(names[0] for names in column.choices.values())
            _offer(sheet, f'"{names}"', letter)
        elif column.key == "district":
            _offer(sheet, f"='{HELP}'!$F$2:$F${len(areas().districts) + 1}", letter)
        elif (form, column.key) == (STAYS, "house"):
            _offer(sheet, f"='{HOUSES.title}'!$A$2:$A${ROWS}", letter, strict=False)
        for row in range(2, 2 + 50):
            sheet.cell(row, place).number_format = _TEXT


def _offer(sheet: Any, formula: str, letter: str, *, strict: bool = True) -> None:
    """Offer a list to choose from. Not `strict`: something else may be written, as for an institution of the register."""
    offered = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=strict)
    offered.add(f"{letter}2:{letter}{ROWS}")
    sheet.add_data_validation(offered)


def _help(written: Written) -> None:
    sheet = written.create_sheet(HELP)
    titles = ("Lembar / Sheet", "Kolom / Column", "Wajib / Needed", "Penjelasan / About", "English", "Kecamatan / Districts")
    for place, title in enumerate(titles, start=1):
        sheet.cell(1, place, title).font = _BOLD
    row = 2
    for words in _INTRODUCTION:
        sheet.cell(row, 4, words.id)
        sheet.cell(row, 5, words.en)
        row += 1
    for form in FORMS:
        sheet.cell(row, 1, form.title).font = _BOLD
        sheet.cell(row, 4, form.about.id)
        sheet.cell(row, 5, form.about.en)
        row += 1
        for column in form.columns:
            choices = ", ".join(names[0] for names in (column.choices or {}).values())
            listed = f" ({choices})" if choices else ""
            told = (form.title, column.heading, "*" if column.needed else "", column.about.id + listed, column.about.en + listed)
            for place, value in enumerate(told, start=1):
                sheet.cell(row, place, value).alignment = Alignment(wrap_text=True, vertical="top")
            row += 1
    for place, district in enumerate(areas().districts, start=2):
        sheet.cell(place, 6, district.name)
    for letter, width in zip("ABCDEF", (14, 24, 8, 70, 70, 24), strict=True):
        sheet.column_dimensions[letter].width = width
