"""The columns that the office's workbook has: what each is called, by which other names people call it, and what may stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from casework.census.workbook import Row, Sheet
from casework.store.spelling import fold
from casework.words import Words

LOOKED_AT = 20
"""Rows at the top of a sheet among which its headings are looked for: lists often begin with a title."""
_BRACKETS = re.compile(r"\(.*?\)")

SEXES = {"male": ("L", "laki-laki", "laki laki", "laki", "lk", "pria", "male"), "female": ("P", "perempuan", "pr", "wanita", "female")}
RELIGIONS = {
    "islam": ("Islam", "muslim"),
    "protestant": ("Kristen", "kristen protestan", "protestan"),
    "catholic": ("Katolik", "katholik", "kristen katolik"),
    "hindu": ("Hindu",),
    "buddhist": ("Buddha", "budha"),
    "confucian": ("Konghucu", "khonghucu", "kong hu cu"),
    "belief": ("Kepercayaan", "penghayat kepercayaan", "penghayat"),
    "unknown": ("Belum diketahui", "tidak diketahui", "tidak tahu"),
}
CONDITIONS = {
    "alive": ("Hidup", "masih hidup", "ada"),
    "dead": ("Meninggal", "meninggal dunia", "almarhum", "almarhumah", "alm", "wafat"),
    "unknown": ("Tidak diketahui", "belum diketahui", "tidak tahu"),
    "missing": ("Hilang",),
    "prison": ("Di penjara", "penjara", "lapas"),
    "migrant_worker": ("Pekerja migran", "tki", "tkw", "pmi"),
}
ORPHANS = {
    "father_dead": ("Yatim",),
    "mother_dead": ("Piatu",),
    "both_dead": ("Yatim piatu", "yatim-piatu"),
    "both_alive": ("Orang tua lengkap", "lengkap", "dhuafa", "duafa", "bukan yatim"),
    "unknown": ("Belum diketahui", "tidak diketahui"),
}
PROOFS = {
    "lksa_register": ("Buku induk LKSA", "buku induk", "register lksa", "daftar lksa"),
    "school": ("Rapor sekolah", "rapor", "raport", "sekolah", "surat keterangan sekolah"),
    "family_card": ("Kartu keluarga", "kk"),
    "siks_ng": ("SIKS-NG", "siks ng", "dtks", "siksng"),
}
YES_NO = {"yes": ("Ya", "y", "yes"), "no": ("Tidak", "t", "tdk", "no", "bukan")}


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column. `heading` is written in the template; `also` are other names for it; `choices` what may stand in it, by code."""

    key: str
    heading: str
    also: tuple[str, ...] = ()
    needed: bool = False
    choices: Mapping[str, tuple[str, ...]] | None = None
    about: Words


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet of the workbook. `needed` says whether a workbook without it is none."""

    key: str
    title: str
    also: tuple[str, ...]
    about: Words
    columns: tuple[Column, ...]

    def named(self, key: str) -> Column:
        """Return a column by its key."""
        return next(column for column in self.columns if column.key == key)


def _code(about: Words) -> Column:
    return Column(key="code", heading="Kode anak", also=("kode", "no anak", "id anak", "nomor anak", "no induk"), needed=True, about=about)


_SEX = Column(
    key="sex",
    heading="Jenis kelamin",
    also=("l/p", "jk", "kelamin", "sex"),
    needed=True,
    choices=SEXES,
    about=Words("L atau P.", "L (male) or P (female)."),
)
_RELIGION = Column(key="religion", heading="Agama", choices=RELIGIONS, about=Words("Boleh kosong.", "May be empty."))

CHILDREN = Form(
    key="children",
    title="Anak",
    also=("data anak", "daftar anak", "anak asuh", "data anak asuh", "penghuni", "daftar penghuni"),
    about=Words("Satu baris untuk setiap anak.", "One row for each child."),
    columns=(
        _code(Words("Kode pilihan Anda, unik dalam berkas (misalnya A-001).", "A code of your choice, unique in the file.")),
        Column(
            key="name",
            heading="Nama lengkap",
            also=("nama", "nama anak", "nama lengkap anak", "nama anak asuh"),
            needed=True,
            about=Words("Seperti dalam akta.", "As in the birth certificate."),
        ),
        _SEX,
        Column(key="born_place", heading="Tempat lahir", also=("tmp lahir", "kota lahir"), about=Words("Boleh kosong.", "May be empty.")),
        Column(
            key="born",
            heading="Tanggal lahir",
            also=("tgl lahir", "tgl. lahir", "lahir", "tanggal kelahiran", "dob"),
            about=Words("12-03-2014, 12 Maret 2014, atau hanya 2014.", "12-03-2014, 12 Maret 2014, or only 2014."),
        ),
        Column(
            key="nik", heading="NIK", also=("nik anak", "no nik", "no ktp"), about=Words("16 angka, sebagai teks.", "16 digits, as text.")
        ),
        Column(
            key="kk", heading="Nomor KK", also=("kk", "no kk", "no. kk", "nomor kartu keluarga"), about=Words("16 angka.", "16 digits.")
        ),
        _RELIGION,
        Column(key="father", heading="Nama ayah", also=("ayah", "ayah kandung", "bapak"), about=Words("Boleh kosong.", "May be empty.")),
        Column(
            key="father_condition",
            heading="Keadaan ayah",
            also=("status ayah", "ayah masih hidup"),
            choices=CONDITIONS,
            about=Words("Boleh kosong.", "May be empty."),
        ),
        Column(
            key="mother", heading="Nama ibu", also=("ibu", "ibu kandung", "nama ibu kandung"), about=Words("Boleh kosong.", "May be empty.")
        ),
        Column(
            key="mother_condition",
            heading="Keadaan ibu",
            also=("status ibu", "ibu masih hidup"),
            choices=CONDITIONS,
            about=Words("Boleh kosong.", "May be empty."),
        ),
        Column(
            key="orphan",
            heading="Status anak",
            also=("status", "yatim/piatu", "status yatim", "keterangan yatim"),
            choices=ORPHANS,
            about=Words("Yatim, piatu, yatim piatu.", "Father dead, mother dead, both dead."),
        ),
        Column(
            key="district",
            heading="Kecamatan asal",
            also=("kecamatan", "kec", "asal kecamatan"),
            about=Words("Kecamatan keluarga anak.", "The family's district."),
        ),
        Column(
            key="village",
            heading="Desa/kelurahan asal",
            also=("desa", "kelurahan", "desa/kelurahan", "desa/kel", "kampung"),
            about=Words("Desa keluarga anak.", "The family's village."),
        ),
        Column(
            key="education",
            heading="Pendidikan",
            also=("sekolah", "kelas", "pendidikan/kelas"),
            about=Words("Boleh kosong.", "May be empty."),
        ),
        Column(
            key="health",
            heading="Kesehatan/disabilitas",
            also=("kesehatan", "disabilitas", "penyakit", "berkebutuhan khusus"),
            about=Words("Anak dengan catatan di sini didahulukan.", "A child with a note here comes first."),
        ),
        Column(
            key="certificate",
            heading="Nomor akta kelahiran",
            also=("akta", "no akta", "akta kelahiran", "no akta kelahiran"),
            about=Words("Boleh kosong.", "May be empty."),
        ),
        Column(
            key="distinct",
            heading="Bukan ganda",
            also=("bukan duplikat", "sudah diperiksa bukan ganda"),
            choices=YES_NO,
            about=Words("Ya, bila Anda memeriksa: bukan anak yang sama.", "Ya, when you checked: it is not the same child."),
        ),
    ),
)
FAMILIES = Form(
    key="families",
    title="Keluarga",
    also=("data keluarga", "kerabat", "daftar keluarga", "orang tua"),
    about=Words("Satu baris untuk setiap anggota keluarga; boleh kosong.", "One row for each member of a family; may be empty."),
    columns=(
        _code(Words("Kode pada lembar Anak.", "The code on the sheet Anak.")),
        Column(
            key="name",
            heading="Nama",
            also=("nama keluarga", "nama kerabat"),
            needed=True,
            about=Words("Nama orangnya.", "The person's name."),
        ),
        Column(
            key="relation",
            heading="Hubungan",
            also=("hubungan keluarga", "hubungan dengan anak", "hub"),
            needed=True,
            about=Words("Ayah, ibu, kakek, bibi ...", "Father, mother, grandfather, aunt ..."),
        ),
        Column(
            key="degree",
            heading="Derajat",
            also=("derajat kerabat",),
            choices={"1": ("1",), "2": ("2",), "3": ("3",)},
            about=Words("1 orang tua, 2 kakek/nenek/saudara, 3 paman/bibi.", "1 parents, 2 grandparents and siblings, 3 uncles and aunts."),
        ),
        Column(
            key="condition",
            heading="Keadaan",
            also=("status", "hidup/meninggal"),
            choices=CONDITIONS,
            about=Words("Boleh kosong.", "May be empty."),
        ),
        _RELIGION,
        Column(key="address", heading="Alamat", also=("alamat rumah",), about=Words("Boleh kosong.", "May be empty.")),
        Column(
            key="phone",
            heading="Telepon",
            also=("hp", "no hp", "no telepon", "telp", "kontak"),
            about=Words("Boleh kosong.", "May be empty."),
        ),
    ),
)
HOUSES = Form(
    key="houses",
    title="LKS",
    also=("lksa", "data lks", "data lksa", "panti", "daftar lksa"),
    about=Words(
        "Lembaga yang belum terdaftar. Mendaftar di sini tidak memberi izin.",
        "Institutions not yet registered. Listing one licenses nothing.",
    ),
    columns=(
        Column(
            key="name",
            heading="Nama LKS",
            also=("nama lksa", "nama lembaga", "nama panti", "nama", "lksa", "lks"),
            needed=True,
            about=Words("Nama lembaga.", "The institution's name."),
        ),
        Column(
            key="religion",
            heading="Dasar agama",
            also=("agama",),
            choices=RELIGIONS,
            about=Words("Kosong bila umum.", "Empty when it has none."),
        ),
        Column(
            key="capacity",
            heading="Kapasitas",
            also=("daya tampung", "jumlah tempat tidur"),
            about=Words("Jumlah anak.", "Number of children."),
        ),
        Column(key="caregivers", heading="Jumlah pengasuh", also=("pengasuh",), about=Words("Jumlah orang.", "Number of people.")),
        Column(key="district", heading="Kecamatan", also=("kec",), about=Words("Letak lembaga.", "Where it is.")),
        Column(
            key="head",
            heading="Nama kepala",
            also=("kepala", "ketua", "pimpinan", "nama ketua", "nama pimpinan"),
            about=Words("Yang menandatangani daftar.", "Who signed the list."),
        ),
        Column(key="phone", heading="Telepon", also=("hp", "no hp", "kontak"), about=Words("Boleh kosong.", "May be empty.")),
    ),
)
STAYS = Form(
    key="stays",
    title="Penempatan",
    also=("data penempatan", "tinggal", "daftar penempatan"),
    about=Words(
        "Di LKS mana anak tinggal, dan sejak kapan. Tepat satu baris per anak.", "Where each child lives, since when. Exactly one row each."
    ),
    columns=(
        _code(Words("Kode pada lembar Anak.", "The code on the sheet Anak.")),
        Column(
            key="house",
            heading="Nama LKS",
            also=("lks", "lksa", "nama lksa", "panti", "nama panti", "lembaga"),
            needed=True,
            about=Words("Seperti pada lembar LKS atau daftar resmi.", "As on the sheet LKS or in the register."),
        ),
        Column(
            key="since",
            heading="Tinggal sejak",
            also=("sejak", "tanggal masuk", "tgl masuk", "masuk tanggal", "masuk"),
            needed=True,
            about=Words("Tanggal masuk LKS; bila hanya tahun, akhir tahun itu.", "Day of arrival; of a year alone, its last day."),
        ),
        Column(key="brought_by", heading="Dibawa oleh", also=("yang membawa", "pengantar"), about=Words("Boleh kosong.", "May be empty.")),
        Column(
            key="brought_by_relation",
            heading="Hubungan pembawa",
            also=("hubungan pengantar", "hubungan dengan anak"),
            about=Words("Boleh kosong.", "May be empty."),
        ),
        Column(key="reason", heading="Alasan tinggal", also=("alasan", "alasan masuk"), about=Words("Boleh kosong.", "May be empty.")),
        Column(
            key="danger",
            heading="Bahaya segera",
            also=("dalam bahaya",),
            choices=YES_NO,
            about=Words("Ya: anak ditemui dalam 24 jam.", "Ya: the child is seen within 24 hours."),
        ),
        *(
            column
            for place in (1, 2)
            for column in (
                Column(
                    key=f"proof{place}",
                    heading=f"Bukti {place}",
                    also=(f"jenis bukti {place}",),
                    choices=PROOFS,
                    about=Words("Surat yang lebih tua dari hari ini.", "A paper older than today."),
                ),
                Column(
                    key=f"proof{place}_dated",
                    heading=f"Tanggal bukti {place}",
                    also=(f"tgl bukti {place}",),
                    about=Words("Tanggal surat itu.", "Its date."),
                ),
            )
        ),
    ),
)
FORMS = (CHILDREN, FAMILIES, HOUSES, STAYS)


class Table(msgspec.Struct, frozen=True):
    """A sheet that was understood: where each column stands, the rows below the headings, and the headings nobody knows."""

    form: Form
    title: str
    places: dict[str, int]
    rows: tuple[Row, ...]
    unknown: tuple[str, ...]
    header: int


def plain(heading: object) -> str:
    """Return a heading as it is compared: small letters, no brackets, no punctuation."""
    return fold(_BRACKETS.sub(" ", str(heading).replace("*", " ")))


def form_of(sheet: Sheet) -> Form | None:
    """Return which sheet this is by its name, or None."""
    name = plain(sheet.title)
    return next((form for form in FORMS if name in {plain(form.title), *map(plain, form.also)}), None)


def table_of(form: Form, sheet: Sheet) -> Table | None:
    """Return a sheet's columns and rows, or None when no row among the first has its headings. Headings repeated below are no rows."""
    known = {plain(name): column.key for column in reversed(form.columns) for name in (*column.also, column.heading)}
    candidates = [(len(_places(row, known)), -place) for place, row in enumerate(sheet.rows[:LOOKED_AT])]
    most, place = max(candidates, default=(0, 0))
    if most < min(2, len(form.columns)):
        return None
    header = sheet.rows[-place]
    places = _places(header, known)
    rows = tuple(row for row in sheet.rows[-place + 1 :] if not _repeats(row, header, places.values()))
    unknown = tuple(str(value) for spot, value in enumerate(header.values) if value is not None and spot not in places.values())
    return Table(form, sheet.title, places, rows, unknown, header.number)


def _places(row: Row, known: Mapping[str, str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, value in enumerate(row.values):
        key = known.get(plain(value)) if isinstance(value, str) else None
        if key is not None:
            found.setdefault(key, place)
    return found


def _repeats(row: Row, header: Row, places: Iterable[int]) -> bool:
    same = [plain(row.values[place]) == plain(header.values[place]) for place in places if place < len(row.values)]
    return sum(same) * 2 > len(same)
