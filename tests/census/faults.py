"""Forty rows, each with one fault that people make, and the code by which it must be named. No two touch the same child."""

from collections import Counter
from collections.abc import Callable
from typing import Any, TypeAlias

from casework.services.areas import areas
from tests.census.workbooks import Book, Line

ANAK, KELUARGA, LKSA, PENEMPATAN = "Data Anak", "keluarga", "LKSA", "PENEMPATAN"
Expected: TypeAlias = tuple[str, int, str]
"""Sheet, row, code."""
TWO_VILLAGES = next(name for name, count in Counter(village.name for village in areas().villages).items() if count > 1)


def _child(code: str, **changed: Any) -> Callable[[Book, int], Expected]:
    def spoil(book: Book, place: int) -> Expected:
        book.children[place] |= {key.replace("_", " ").replace("L P", "L/P"): value for key, value in changed.items()}
        return ANAK, place, code

    return spoil


def _stay(code: str, **changed: Any) -> Callable[[Book, int], Expected]:
    def spoil(book: Book, place: int) -> Expected:
        found = next(index for index, stay in enumerate(book.stays) if stay["Kode"] == f"A-{place:04}")
        book.stays[found] |= {key.replace("_", " "): value for key, value in changed.items()}
        return PENEMPATAN, found, code

    return spoil


def _member(code: str, **changed: Any) -> Callable[[Book, int], Expected]:
    def spoil(book: Book, place: int) -> Expected:
        book.families.append(
            {"Kode anak": f"A-{place:04}", "Nama": "Siti", "Hubungan": "bibi"} | {k.replace("_", " "): v for k, v in changed.items()}
        )
        return KELUARGA, len(book.families) - 1, code

    return spoil


def _another(sheet: str, code: str, line: Line) -> Callable[[Book, int], Expected]:
    def spoil(book: Book, place: int) -> Expected:
        rows = book.stays if sheet == PENEMPATAN else book.houses
        rows.append({key: value.format(place=place) if isinstance(value, str) else value for key, value in line.items()})
        return sheet, len(rows) - 1, code

    return spoil


def _without_stay(code: str, **changed: Any) -> Callable[[Book, int], Expected]:
    def spoil(book: Book, place: int) -> Expected:
        book.stays = [stay for stay in book.stays if stay["Kode"] != f"A-{place:04}"]
        return _child(code, **changed)(book, place)

    return spoil


def _twin(code: str, *same: str, **changed: Any) -> Callable[[Book, int], Expected]:
    def spoil(book: Book, place: int) -> Expected:
        other = book.children[place - 1]
        for key in ("NIK",):
            other[key] = other[key] if key in same else "-"
        book.children[place] |= {"NIK": "-"} | {key: other[key] for key in same} | changed
        return ANAK, place, code

    return spoil


def _same_nik(book: Book, place: int) -> Expected:
    book.children[place - 1]["NIK"] = book.children[place]["NIK"] = "6402015203149999"
    return ANAK, place, "twice_nik"


WITHOUT_STAYS: tuple[Callable[[Book, int], Expected], ...] = (
    _without_stay("code_missing", Kode_anak=None),
    _without_stay("code_twice", Kode_anak="A-0001"),
    _without_stay("stay_missing"),
)
FAULTS: tuple[Callable[[Book, int], Expected], ...] = (
    *WITHOUT_STAYS,
    _child("name_missing", Nama_lengkap="  "),
    _child("sex_missing", L_P="-"),
    _child("sex_unknown", L_P="X"),
    _child("born_no_date", **{"Tgl._Lahir": "kapan-kapan"}),
    _child("born_no_date", **{"Tgl._Lahir": "31-02-2014"}),
    _child("born_no_date", **{"Tgl._Lahir": "03/25/2014"}),
    _child("born_future", **{"Tgl._Lahir": "12 Maret 2031"}),
    _child("adult", **{"Tgl._Lahir": "12-03-2001"}),
    _child("religion_unknown", Agama="zzz"),
    _child("father_condition_unknown", Keadaan_ayah="entahlah"),
    _child("orphan_contrary", Keadaan_ayah="Hidup", Status_anak="Yatim"),
    _child("place_unclear", Kecamatan="-", **{"Desa/Kelurahan": TWO_VILLAGES}),
    _child("too_long", Nama_lengkap="N" * 300),
    _child("formula", Nama_lengkap="=B2&C2"),
    _child("cell_error", Nama_lengkap="#REF!"),
    _same_nik,
    _twin("twice_card", "Nama lengkap", "Tgl. Lahir", "No KK"),
    _twin("twice_birth", "Nama lengkap", "Tgl. Lahir", "Nama Ibu"),
    _stay("since_missing", Tinggal_sejak=None),
    _stay("since_no_date", Tinggal_sejak="lama"),
    _stay("since_future", Tinggal_sejak="01-01-2030"),
    _stay("since_not_before", Tinggal_sejak=2026),
    _stay("since_before_birth", Tinggal_sejak="1-1-2009"),
    _stay("house_unknown", Nama_Panti="LKSA Tidak Pernah Ada"),
    _stay("house_missing", Nama_Panti="-"),
    _stay("proof1_dated_future", Tgl_bukti_1="01-01-2030"),
    _stay("proof1_dated_no_date", Tgl_bukti_1="tidak tahu"),
    _another(PENEMPATAN, "stay_twice", {"Kode": "A-{place:04}", "Nama Panti": "LKSA Tunas Wahau", "Tinggal sejak": "01-02-2025"}),
    _another(PENEMPATAN, "code_unknown", {"Kode": "Z-1", "Nama Panti": "LKSA Tunas Wahau", "Tinggal sejak": "01-02-2025"}),
    _member("degree_missing", Hubungan="teman ayah"),
    _member("relation_missing", Hubungan="-"),
    _member("name_missing", Nama=None),
    _member("parent_degree", Hubungan="Ayah kandung", Derajat=2),
    _member("condition_unknown", Keadaan="entahlah"),
    _member("code_unknown", Kode_anak="Z-2"),
    _another(LKSA, "capacity_no_number", {"Nama LKSA": "LKSA Lain Sekali", "Kapasitas": "banyak"}),
    _another(LKSA, "house_twice", {"Nama LKSA": "LKSA Tunas Wahau"}),
)
NO_CHILDS = ("code_unknown", "capacity_no_number", "house_twice")
"""Faults of rows that no child depends on."""
HELD = sum(1 for spoil in FAULTS if spoil(Book(4), 2)[2] not in NO_CHILDS)


def spoilt(book: Book, first: int = 3, apart: int = 14) -> set[Expected]:
    """Put every fault into a workbook, each at a child of its own, and return what must be told: sheet, row as the sheet counts, code."""
    found = [spoil(book, first + apart * place) for place, spoil in enumerate(FAULTS)]
    rows = {ANAK: book.children, KELUARGA: book.families, LKSA: book.houses, PENEMPATAN: book.stays}
    return {(sheet, book.row_of(rows[sheet], place), code) for sheet, place, code in found}
