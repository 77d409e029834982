"""Whatever file somebody hands over is answered plainly; what is written for them cannot be run."""

import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation

from casework.census.gathering import gather
from casework.census.headings import FORMS
from casework.census.report import write_report
from casework.census.rows import read_lists
from casework.census.template import HELP, write_template
from casework.census.workbook import MOST_BYTES, MOST_UNPACKED, read_workbook
from casework.errors import Invalid
from tests.census.workbooks import TODAY, Book

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/workbook.xml", "w", force_zip64=True) as part:
        for _ in range((MOST_UNPACKED >> 20) + 1):
            part.write(b"\0" * (1 << 20))


def _declaring(path: Path) -> None:
    Book(2).save(path)
    parts = {name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    parts["xl/workbook.xml"] = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + parts["xl/workbook.xml"]
    with zipfile.ZipFile(path, "w") as written:
        for name, content in parts.items():
            written.writestr(name, content)


def _long(path: Path) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Anak")
    for _ in range(100_000):
        sheet.append([])
    sheet.append(["Nama"])
    book.save(path)


def _other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("surat.txt", "halo")


def _cut(path: Path) -> None:
    Book(5).save(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "no zip": (lambda path: path.write_text("nama;umur\n"), "no Excel file"),
    "empty": (lambda path: path.write_bytes(b""), "no Excel file"),
    "password or old format": (lambda path: path.write_bytes(OLE), "password"),
    "another zip": (_other_zip, "no Excel file"),
    "cut short": (_cut, "no Excel file"),
    "zip bomb": (_bomb, "unpacks to too much"),
    "entities": (_declaring, "declarations"),
    "100,000 empty rows": (_long, "more than 20000 rows"),
    "too large": (lambda path: path.write_bytes(b"\0" * (MOST_BYTES + 1)), "Larger than"),
    "missing": (lambda _path: None, "cannot be read"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_list_is_refused_with_what_to_do(name: str, tmp_path: Path) -> None:
    write, said = FILES[name]
    path = tmp_path / "daftar.xlsx"
    write(path)
    with pytest.raises(Invalid) as refused:
        read_workbook(path)
    assert said in str(refused.value)


def test_every_sheet_and_column_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Anak"
    sheet.append(["Nama", "Tgl lahir"])
    book.save(tmp_path / "x.xlsx")
    with pytest.raises(Invalid) as refused:
        read_lists(read_workbook(tmp_path / "x.xlsx"), TODAY)
    assert {"Penempatan", "Kode anak", "Jenis kelamin"} <= {
        word for fault in refused.value.faults for word in KNOWN if word in fault.words.id
    }


KNOWN = ("Penempatan", "Kode anak", "Jenis kelamin")


def test_a_name_merged_over_several_rows_is_that_of_each(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Penempatan"
    for row in (["Kode anak", "Nama LKS"], ["A", "LKSA Satu"], ["B", None], ["C", None], ["D", "LKSA Dua"]):
        sheet.append(row)
    sheet.merge_cells("B2:B4")
    book.save(tmp_path / "x.xlsx")
    rows = read_workbook(tmp_path / "x.xlsx").sheets[0].rows
    assert [row.values[1] for row in rows] == ["Nama LKS", "LKSA Satu", "LKSA Satu", "LKSA Satu", "LKSA Dua"]


@pytest.mark.parametrize("typed", ["=1+1", "+62812", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1", "=cmd|' /C calc'!A0"])
def test_no_cell_of_the_report_is_a_formula(typed: str, tmp_path: Path) -> None:
    book = Book(3)
    book.children[1] |= {"Nama Ibu": f"  {typed}", "Kesehatan": typed, "L/P": "?", "Agama": typed}
    read = read_workbook(book.save(tmp_path / "x.xlsx"))
    found = gather(read_lists(read, TODAY), [], may_enter_houses=True)
    path = tmp_path / "laporan.xlsx"
    write_report(path, read, found, "id")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    cells = [cell for sheet in load_workbook(path).worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "@", "-1")))
    with zipfile.ZipFile(path) as parts:
        assert not any(b"<f>" in parts.read(part) or b"<f " in parts.read(part) for part in parts.namelist())


def test_the_report_says_beside_each_row_what_is_wrong_with_it(tmp_path: Path) -> None:
    book = Book(6)
    book.children[2] |= {"L/P": "?"}
    read = read_workbook(book.save(tmp_path / "x.xlsx"))
    write_report(tmp_path / "laporan.xlsx", read, gather(read_lists(read, TODAY), [], may_enter_houses=True), "id")
    sheet = load_workbook(tmp_path / "laporan.xlsx")["Data Anak"]
    told = {row[0].row: str(row[-2].value) for row in sheet.iter_rows() if row[-2].value}
    assert told[3] == "Masalah"
    faulty = book.row_of(book.children, 2)
    assert set(told) == {3, faulty}
    assert "“?” tidak dikenal" in told[faulty]


def test_the_report_can_be_put_right_and_read_again(tmp_path: Path) -> None:
    read = read_workbook(Book(20).save(tmp_path / "x.xlsx"))
    found = gather(read_lists(read, TODAY), [], may_enter_houses=True)
    write_report(tmp_path / "laporan.xlsx", read, found, "en")
    again = gather(read_lists(read_workbook(tmp_path / "laporan.xlsx"), TODAY), [], may_enter_houses=True)
    assert again.errors == ()
    assert [one.line for one in again.good] == [one.line for one in found.good]


def test_the_template_is_understood_by_what_reads_it_and_offers_the_choices(tmp_path: Path) -> None:
    write_template(tmp_path / "templat.xlsx")
    book = load_workbook(tmp_path / "templat.xlsx")
    assert book.sheetnames == [*(form.title for form in FORMS), HELP]
    offered: list[DataValidation] = book["Anak"].data_validations.dataValidation
    assert any(str(one.formula1).startswith('"L,P') for one in offered)
    assert all(len(str(one.formula1)) < 256 for sheet in book for one in sheet.data_validations.dataValidation)
    book["Anak"].append(["A", "Rina", "P"])
    book["Anak"].move_range("A52:C52", rows=-50)
    content = io.BytesIO()
    book.save(content)
    (tmp_path / "isi.xlsx").write_bytes(content.getvalue())
    lists = read_lists(read_workbook(tmp_path / "isi.xlsx"), TODAY)
    assert [child.name for child in lists.children] == ["Rina"]
    assert {table.form.key for table in lists.tables} == {form.key for form in FORMS}
    assert all(len(table.places) == len(table.form.columns) for table in lists.tables)
