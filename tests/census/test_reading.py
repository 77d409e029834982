"""An office's workbook is read with patience: what people mean is understood, every faulty row is named, and no other is refused."""

from datetime import date, datetime
from pathlib import Path

import pytest

from casework.census.cells import Day, read_choice, read_day, read_number
from casework.census.gathering import Gathered, gather
from casework.census.headings import CONDITIONS, RELIGIONS, SEXES
from casework.census.places import find_district, find_village
from casework.census.rows import read_lists
from casework.census.workbook import read_workbook
from casework.words import Words
from tests.census.faults import FAULTS, HELD, spoilt
from tests.census.workbooks import TODAY, Book


def gathered(book: Book, folder: Path) -> Gathered:
    lists = read_lists(read_workbook(book.save(folder / "daftar.xlsx")), TODAY)
    return gather(lists, [], may_enter_houses=True)


def test_of_600_children_with_40_faulty_rows_exactly_these_40_are_named_and_everybody_else_can_come_in(tmp_path: Path) -> None:
    book = Book(600)
    expected = spoilt(book)
    assert len(expected) == len(FAULTS) == 40
    found = gathered(book, tmp_path)
    assert {(one.sheet, one.row, one.code) for one in found.errors} == expected
    assert len(found.good) == 600 - HELD


def test_a_list_without_faults_has_no_errors_whatever_forms_its_dates_and_words_have(tmp_path: Path) -> None:
    found = gathered(Book(120, seed=3), tmp_path)
    assert found.errors == ()
    assert len(found.good) == 120


def test_every_problem_of_a_row_is_told_at_once(tmp_path: Path) -> None:
    book = Book(10)
    book.children[4] |= {"Nama lengkap": None, "L/P": "?", "Tgl. Lahir": "besok"}
    assert {one.code for one in gathered(book, tmp_path).errors} == {"name_missing", "sex_unknown", "born_no_date"}


def test_what_somebody_checked_to_be_another_child_comes_in(tmp_path: Path) -> None:
    book = Book(10)
    book.children[4] |= {key: book.children[3][key] for key in ("Nama lengkap", "Tgl. Lahir", "Nama Ibu")} | {"NIK": "-"}
    assert {one.code for one in gathered(book, tmp_path).errors} == {"twice_birth"}
    book.children[4] |= {"Bukan ganda": "ya"}
    assert gathered(book, tmp_path).errors == ()


@pytest.mark.parametrize("places", ["²", "9" * 5000])
def test_places_that_are_no_number_are_told_of(tmp_path: Path, places: str) -> None:
    book = Book(10)
    book.houses[0]["Kapasitas"] = places
    assert {one.code for one in gathered(book, tmp_path).problems} >= {"capacity_no_number"}


def test_more_children_than_beds_are_listed_and_told_of_never_refused(tmp_path: Path) -> None:
    book = Book(60)
    for stay in book.stays:
        stay["Nama Panti"] = "LKSA Bina Kasih Ulin"
    found = gathered(book, tmp_path)
    assert {(one.level, one.code) for one in found.problems if one.code == "over_capacity"} == {("warning", "over_capacity")}
    assert len(found.good) == 60


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("12-03-2014", date(2014, 3, 12)),
        ("12/3/2014", date(2014, 3, 12)),
        ("12.03.2014", date(2014, 3, 12)),
        ("12 Maret 2014", date(2014, 3, 12)),
        ("12 maret, 2014", date(2014, 3, 12)),
        ("12-Mrt-2014", date(2014, 3, 12)),
        ("2 Pebruari 2014", date(2014, 2, 2)),
        ("2 Nopember 2014", date(2014, 11, 2)),
        ("17 Agustsu 2014", date(2014, 8, 17)),
        ("2014-03-12", date(2014, 3, 12)),
        ("2014-03-12 00:00:00", date(2014, 3, 12)),
        (41710, date(2014, 3, 12)),
        ("41710", date(2014, 3, 12)),
        (41710.5, date(2014, 3, 12)),
        (datetime(2014, 3, 12), date(2014, 3, 12)),  # noqa: DTZ001 - a spreadsheet's days have no zone
        ("12-03-14", date(2014, 3, 12)),
        ("12-03-99", date(1999, 3, 12)),
        (date(2014, 3, 12), date(2014, 3, 12)),
    ],
)
def test_a_day_is_understood_in_every_form_people_write_it(typed: object, means: date) -> None:
    found = read_day(typed, TODAY)  # type: ignore[arg-type]
    assert isinstance(found, Day)
    assert (found.on, found.precision) == (means, "day")


@pytest.mark.parametrize(
    ("typed", "means", "surely_by"),
    [
        ("Maret 2014", Day(date(2014, 3, 1), "month"), date(2014, 3, 31)),
        (2014, Day(date(2014, 1, 1), "year"), date(2014, 12, 31)),
        ("tahun 2014", Day(date(2014, 1, 1), "year"), date(2014, 12, 31)),
    ],
)
def test_a_month_or_a_year_stays_what_it_is(typed: object, means: Day, surely_by: date) -> None:
    found = read_day(typed, TODAY)  # type: ignore[arg-type]
    assert found == means
    assert means.surely_by == surely_by


@pytest.mark.parametrize(
    "typed", ["31-02-2014", "03/25/2014", "besok", "12-03", 0, -1, 1e300, "12 Foo 2014", "00-00-0000", "9999999999", "²", "9" * 5000]
)
def test_what_is_no_day_is_no_day(typed: object) -> None:
    assert isinstance(read_day(typed, TODAY), Words)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "digits", "doubted"),
    [
        ("6402011203140001", "6402011203140001", False),
        ("64.02.01.120314.0001", "6402011203140001", False),
        (6402011203140001, "6402011203140001", True),
        (6402011203140000, "", True),
        (6.40201120314e15, "", True),
        ("6,40201E+15", "", True),
        ("640201120314", "", True),
        ("belum ada", "", True),
    ],
)
def test_a_nik_that_a_spreadsheet_spoilt_is_told_of_and_never_guessed(typed: object, digits: str, *, doubted: bool) -> None:
    found = read_number(typed)  # type: ignore[arg-type]
    assert found.digits == digits
    assert (found.doubt is not None) == doubted


def test_words_are_understood_with_one_mistake_and_not_with_more() -> None:
    assert read_choice("perempaun", SEXES) == "female"
    assert read_choice("Lk", SEXES) == "male"
    assert read_choice("katholk", RELIGIONS) == "catholic"
    assert read_choice("ALM.", CONDITIONS) == "dead"
    assert read_choice("apa saja", CONDITIONS) is None


def test_places_are_matched_to_the_register_and_a_correction_is_told() -> None:
    assert find_district("kec. TENGGARONG").name == "Tenggarong"
    corrected = find_district("Muara Kamn")
    assert (corrected.name, corrected.corrected) == ("Muara Kaman", True)
    assert find_district("64.02.01").code == "64.02.01"
    assert find_district("Samarinda Ulu").code == ""
    assert find_village("Perian", "64.02.01").code == "64.02.01.2001"
    assert find_village("Perian", "64.02.02").code == ""
