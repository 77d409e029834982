"""Workbooks as offices send them: any number of invented children from one seed, and faults put where a test wants them."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

from openpyxl import Workbook

TODAY = date(2026, 3, 9)
HOUSES = ("LKSA Bina Kasih Ulin", "Panti Asuhan Cahaya Sepaku", "LKSA Tunas Wahau")
GIVEN = (
    *("Rina", "Budi", "Sinta", "Agus", "Maya", "Yoga", "Laila", "Fajar", "Putri", "Joko", "Wulan", "Dedi", "Tiara", "Hendra", "Ratih"),
    *("Zaki", "Melati", "Guntur", "Vera", "Kevin", "Olivia", "Pandu", "Umar", "Eka", "Cahyo"),
)
FAMILY = (
    *("Saputra", "Wijaya", "Hartono", "Lestari", "Pratama", "Nugroho", "Kusuma", "Mahendra", "Siregar", "Tampubolon", "Ginting"),
    *("Halim", "Basuki", "Darmawan", "Firmansyah", "Ismail", "Jatmiko", "Ramadhan", "Setiawan", "Utomo", "Yulianto", "Zulkarnain"),
)
Line: TypeAlias = dict[str, Any]
ANAK = (
    *("Kode anak", "Nama lengkap", "L/P", "Tempat lahir", "Tgl. Lahir", "NIK", "No KK", "Agama", "Nama Ayah", "Keadaan ayah", "Nama Ibu"),
    *("Keadaan ibu", "Kecamatan", "Desa/Kelurahan", "Kelas", "Kesehatan", "Akta", "Bukan ganda", "Status anak"),
)
KELUARGA = ("Kode anak", "Nama", "Hubungan", "Derajat", "Keadaan", "Agama", "Alamat", "HP")
PENEMPATAN = ("Kode", "Nama Panti", "Tinggal sejak", "Dibawa oleh", "Hubungan pembawa", "Alasan", "Bukti 1", "Tgl bukti 1")
LKS = ("Nama LKSA", "Agama", "Kapasitas", "Jumlah pengasuh", "Kecamatan", "Ketua", "HP")
MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"]


class Book:
    """A workbook being written. Rows are dicts by heading; `rows` of each sheet may be changed before it is saved."""

    def __init__(self, children: int, seed: int = 7) -> None:
        self._draw = random.Random(seed)  # noqa: S311 - invented children, the same each time
        self.children = [self._child(number) for number in range(children)]
        self.stays = [self._stay(child) for child in self.children]
        self.families = [self._member(child) for child in self.children[::5]]
        self.houses = [
            {"Nama LKSA": name, "Agama": "-", "Kapasitas": 40 + 200 * place, "Ketua": "Bu Ani"} for place, name in enumerate(HOUSES)
        ]

    def _child(self, number: int) -> Line:
        draw = self._draw
        born = TODAY - timedelta(days=draw.randrange(400, 17 * 365))
        girl = draw.random() < 0.5
        name = f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}"
        day = born.day + (40 if girl else 0)
        nik = f"640201{day:02}{born:%m%y}{number:04}"
        return {
            "Kode anak": f"A-{number:04}",
            "Nama lengkap": draw.choice((name, f"  {name} ", name.upper())),
            "L/P": draw.choice(("P", "p", "Perempuan") if girl else ("L", "l", "Laki-Laki")),
            "Tempat lahir": "Tenggarong",
            "Tgl. Lahir": _written(draw, born),
            "NIK": draw.choice((nik, f" {nik}", "-", None)),
            "No KK": f"64020112{number:08}",
            "Agama": draw.choice(("Islam", "ISLAM", "Kristen", "Katholik", "-")),
            "Nama Ayah": f"{draw.choice(FAMILY)} {number}",
            "Keadaan ayah": draw.choice(("Hidup", "alm", "Meninggal", "-", None)),
            "Nama Ibu": f"Ibu {draw.choice(GIVEN)} {number}",
            "Keadaan ibu": draw.choice(("masih hidup", "TKW", None)),
            "Kecamatan": draw.choice(("Tenggarong", "Kec. Loa Kulu", "tenggarong  ", "Samarinda Ulu")),
            "Kelas": draw.choice(("SD 3", 4, "-")),
        }

    def _stay(self, child: Line) -> Line:
        since = TODAY - timedelta(days=self._draw.randrange(40, 390))
        return {
            "Kode": child["Kode anak"],
            "Nama Panti": self._draw.choice(HOUSES),
            "Tinggal sejak": _written(self._draw, since),
            "Dibawa oleh": "bibi anak",
            "Hubungan pembawa": "bibi",
            "Bukti 1": "buku induk",
            "Tgl bukti 1": since,
        }

    def _member(self, child: Line) -> Line:
        relation = self._draw.choice(("Kakek", "bibi dari ibu", "Kakak kandung"))
        return {"Kode anak": child["Kode anak"], "Nama": self._draw.choice(GIVEN), "Hubungan": relation, "Keadaan": "Hidup", "HP": 8123456}

    def save(self, path: Path) -> Path:
        """Write it, as people do: a title above the headings, an empty row, the headings once more in the middle."""
        book = Workbook(write_only=True)
        for title, headings, rows in (
            ("Data Anak", ANAK, self.children),
            ("keluarga", KELUARGA, self.families),
            ("LKSA", LKS, self.houses),
            ("PENEMPATAN", PENEMPATAN, self.stays),
        ):
            sheet = book.create_sheet(title)
            sheet.append([f"DAFTAR {title.upper()} 2026"])
            sheet.append([])
            sheet.append([*headings])
            for place, row in enumerate(rows):
                if place == len(rows) // 2:
                    sheet.append([])
                    sheet.append([heading.upper() for heading in headings])
                sheet.append([row.get(heading) for heading in headings])
        book.save(path)
        return path

    def row_of(self, rows: list[Line], place: int) -> int:
        """Return the number of the sheet's row in which a row was written."""
        return place + 4 + (2 if place >= len(rows) // 2 else 0)


def _written(draw: random.Random, day: date) -> object:
    """Return a day in one of the ways in which people write it."""
    serial = (day - date(1899, 12, 30)).days
    spelled = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return draw.choice(
        (day, f"{day:%d-%m-%Y}", f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day.year}", spelled, spelled.upper(), serial, f"{day}")
    )
