"""From a workbook's tables to children with their family and their stay, and everything that is wrong with each row, told at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import msgspec

from casework.census.cells import Day, read_text
from casework.census.entry import EMPTY, Entry, one_of
from casework.census.headings import CHILDREN, FAMILIES, FORMS, STAYS, Form, Table, form_of, table_of
from casework.census.places import find_district, find_village
from casework.census.problems import Problem
from casework.census.workbook import Unreadable, Workbook
from casework.errors import Fault, Invalid
from casework.services.captions import relation_code
from casework.words import Words

ADULT_YEARS = 18
DEGREES = {
    1: ("ayah", "ibu", "bapak", "orang tua", "father", "mother"),
    2: ("kakek", "nenek", "kakak", "adik", "saudara", "saudari", "kai", "nini", "mbah", "abang"),
    3: ("paman", "bibi", "tante", "om", "pakde", "bude", "paklik", "bulik", "julak", "acil", "uwak"),
}


class Child(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the sheet Anak. `told` keeps what could not become a field of the register, as it was written."""

    row: int
    code: str
    name: str
    sex: str
    born: Day | None
    born_place: str
    nik: str
    kk: str
    religion: str
    father: str
    mother: str
    father_condition: str
    mother_condition: str
    district: str
    village: str
    education: str
    health: str
    certificate: str
    distinct: bool
    told: tuple[str, ...] = ()


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the sheet Keluarga."""

    row: int
    code: str
    name: str
    relation: str
    degree: int
    condition: str
    religion: str
    address: str
    phone: str


class House(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the sheet LKS."""

    row: int
    name: str
    religion: str
    capacity: int
    caregivers: int
    district: str
    head: str
    phone: str


class Stay(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the sheet Penempatan. `since` is the last day on which the child can have come."""

    row: int
    code: str
    house: str
    since: date
    brought_by: str
    brought_by_relation: str
    reason: str
    danger: bool
    proofs: tuple[tuple[str, date], ...]


class Lists(msgspec.Struct, frozen=True):
    """A workbook understood. A row with an error stands in no list, only in `problems`.

    `broken` holds, by
    sheet, the codes (of houses: the names) that stand on such rows.
    """

    digest: str
    children: tuple[Child, ...]
    families: tuple[Member, ...]
    houses: tuple[House, ...]
    stays: tuple[Stay, ...]
    problems: tuple[Problem, ...]
    tables: tuple[Table, ...]
    broken: dict[str, frozenset[str]]

    def title(self, form: Form) -> str:
        """Return what a sheet is called in this workbook."""
        return next((table.title for table in self.tables if table.form.key == form.key), form.title)


def read_lists(book: Workbook, today: date) -> Lists:
    """Return what a workbook tells. Raises Invalid when it has no sheet of children or of stays, or a needed column is missing."""
    tables: dict[str, Table] = {}
    for sheet in book.sheets:
        form = form_of(sheet)
        table = table_of(form, sheet) if form else None
        if table is not None:
            tables.setdefault(table.form.key, table)
    if faults := tuple(_lacking(tables)):
        raise Invalid(*faults)
    problems = [problem for table in tables.values() for problem in _unknown_columns(table)]
    read: dict[str, list[Any]] = {form.key: [] for form in FORMS}
    broken: dict[str, set[str]] = {form.key: set() for form in FORMS}
    for key, reader in (("children", _child), ("families", _member), ("houses", _house), ("stays", _stay)):
        for row in tables[key].rows if key in tables else ():
            entry = Entry(tables[key], row, today)
            if all(place >= len(row.values) or row.values[place] is None for place in entry.table.places.values()):
                continue
            found = reader(entry)
            problems += entry.problems
            if entry.good:
                read[key].append(found)
            else:
                broken[key].add(_named(entry))
    return Lists(
        book.digest,
        tuple(read["children"]),
        tuple(read["families"]),
        tuple(read["houses"]),
        tuple(read["stays"]),
        tuple(problems),
        tuple(tables.values()),
        {key: frozenset(names) for key, names in broken.items()},
    )


def _named(entry: Entry) -> str:
    """Return the code (of a house: the name) on a row, whatever else is wrong with it."""
    place = entry.table.places["code" if "code" in entry.table.places else "name"]
    value = entry.row.values[place] if place < len(entry.row.values) else None
    return "" if value is None or isinstance(value, Unreadable) else read_text(value)


def _lacking(tables: dict[str, Table]) -> Iterator[Fault]:
    for form in (CHILDREN, STAYS):
        if form.key not in tables:
            yield Fault("$", Words(f"Tidak ada lembar {form.title} dengan judul kolom.", f"There is no sheet {form.title} with headings."))
    for table in tables.values():
        for column in table.form.columns:
            if column.needed and column.key not in table.places:
                words = Words(
                    f"Lembar {table.title}: kolom {column.heading} tidak ada.",
                    f"Sheet {table.title}: the column {column.heading} is missing.",
                )
                yield Fault("$", words)


def _unknown_columns(table: Table) -> Iterator[Problem]:
    for heading in table.unknown:
        if heading.lower() not in {"no", "no.", "nomor", "masalah", "peringatan"}:
            yield Problem(
                level="warning",
                code="column_unknown",
                sheet=table.title,
                row=table.header,
                column=heading[:40],
                what=Words("Kolom tidak dikenal.", "The column is not known."),
                fix=Words("Isinya tidak dibaca.", "What stands in it is not read."),
            )


def _child(entry: Entry) -> Child:
    told: list[str] = []
    nik, kk = entry.number("nik"), entry.number("kk")
    told += [f"{name}: {number.written}" for name, number in (("NIK", nik), ("KK", kk)) if number.written and not number.digits]
    typed, village = entry.text("district"), entry.text("village")
    district = entry.place("district", find_district(typed), typed) if typed else ""
    village_code = entry.place("village", find_village(village, district), village) if village and (district or not typed) else ""
    told += [f"Asal: {name}" for name, code in ((village, village_code), (typed, district)) if name and not code]
    orphan = entry.choice("orphan", "", "warning")
    child = Child(
        row=entry.row.number,
        code=entry.needed("code", 40),
        name=entry.needed("name"),
        sex=entry.choice("sex", "unknown"),
        born=_born(entry),
        born_place=entry.text("born_place"),
        nik=nik.digits,
        kk=kk.digits,
        religion=entry.choice("religion", "unknown"),
        father=entry.text("father"),
        mother=entry.text("mother"),
        father_condition=_condition(entry, "father", orphan),
        mother_condition=_condition(entry, "mother", orphan),
        district=district or village_code[:8],
        village=village_code,
        education=entry.text("education"),
        health=entry.text("health", 1000),
        certificate=entry.text("certificate"),
        distinct=entry.choice("distinct", "no", "warning") == "yes",
        told=tuple(told),
    )
    _check_nik(entry, child)
    return child


def _born(entry: Entry) -> Day | None:
    born = entry.day("born")
    if born is None:
        if entry.value("born") is None and entry.good:
            fix = Words("Isi bila diketahui; anak ini didahulukan.", "Fill it in if known; this child comes first.")
            entry.problem("warning", "born_missing", "born", Words("Tanggal lahir kosong.", "No date of birth."), fix)
        return None
    if _birthday(born.surely_by, ADULT_YEARS) <= entry.today:
        entry.problem(
            "error",
            "adult",
            "born",
            Words("Sudah 18 tahun.", "18 years old already."),
            Words(
                "Pendataan ini hanya untuk anak: hapus barisnya, atau perbaiki tanggalnya.",
                "The census is of children: remove the row, or correct the day.",
            ),
        )
    return born


def _birthday(born: date, years: int) -> date:
    leap = born.month == 2 and born.day == 29  # noqa: PLR2004 - a day that most years lack
    return date(born.year + years, 3, 1) if leap else born.replace(year=born.year + years)


def _condition(entry: Entry, parent: str, orphan: str) -> str:
    said = entry.choice(f"{parent}_condition", "unknown")
    if said != "unknown":
        contrary = orphan == "both_alive" and said == "dead"
        contrary = contrary or (orphan in {f"{parent}_dead", "both_dead"} and said != "dead")
        if contrary:
            fix = Words("Samakan status anak dan keadaan orang tua.", "Let the child's status and the parents' condition agree.")
            entry.problem(
                "error", "orphan_contrary", "orphan", Words("Bertentangan dengan keadaan orang tua.", "Contradicts the parents."), fix
            )
        return said
    return (
        "dead" if orphan in {f"{parent}_dead", "both_dead"} else "alive" if orphan in {"father_dead", "mother_dead", "both_alive"} else said
    )


def _check_nik(entry: Entry, child: Child) -> None:
    """A NIK carries the day of birth, for girls plus 40. Many are wrong: it is told, and blocks nothing (DOMAIN 3)."""
    if child.nik and child.born and child.born.precision == "day" and child.sex != "unknown":
        on = child.born.on
        day = on.day + (40 if child.sex == "female" else 0)
        if child.nik[6:12] != f"{day:02}{on:%m%y}":
            what = Words("Tanggal lahir atau jenis kelamin dalam NIK berbeda.", "The NIK carries another birth date or sex.")
            entry.problem("warning", "nik_differs", "nik", what, Words("Periksa pada KK.", "Check it on the family card."))


def _member(entry: Entry) -> Member:
    relation, degree = entry.needed("relation"), entry.choice("degree", "")
    usual = next((str(number) for number, names in DEGREES.items() if relation.lower().split(" ")[0] in names), "")
    parent = relation_code(relation) in {"father", "mother"} if relation else False
    if relation and not degree and not usual:
        entry.problem(
            "error", "degree_missing", "degree", Words("Derajat kosong.", "The degree is empty."), one_of(FAMILIES.named("degree"))
        )
    if parent and degree not in {"", "1"}:
        fix = Words("Tulis 1, atau perbaiki hubungannya.", "Write 1, or correct the relation.")
        entry.problem("error", "parent_degree", "degree", Words("Orang tua adalah derajat 1.", "A parent is of degree 1."), fix)
    return Member(
        row=entry.row.number,
        code=entry.needed("code", 40),
        name=entry.needed("name"),
        relation=relation,
        degree=int(degree or usual or 1),
        condition=entry.choice("condition", "unknown"),
        religion=entry.choice("religion", "unknown"),
        address=entry.text("address"),
        phone=entry.text("phone"),
    )


def _house(entry: Entry) -> House:
    typed = entry.text("district")
    return House(
        row=entry.row.number,
        name=entry.needed("name"),
        religion=entry.choice("religion", ""),
        capacity=entry.count("capacity"),
        caregivers=entry.count("caregivers"),
        district=entry.place("district", find_district(typed), typed) if typed else "",
        head=entry.text("head"),
        phone=entry.text("phone"),
    )


def _stay(entry: Entry) -> Stay:
    since = entry.day("since")
    if since is None and entry.value("since") is None and entry.good:
        entry.problem("error", "since_missing", "since", EMPTY, Words("Isi sejak kapan.", "Say since when."))
    if since is not None and since.surely_by >= entry.today:
        what = Words(
            "Belum pasti anak sudah tinggal di sana sebelum hari ini.", "It is not certain that the child lived there before today."
        )
        entry.problem(
            "error",
            "since_not_before",
            "since",
            what,
            Words(
                "Tulis tanggal lengkap; anak yang baru datang tidak didata.",
                "Write the whole day; a child who came just now is no resident of before.",
            ),
        )
    proofs = tuple(proof for place in (1, 2) for proof in _proof(entry, place))
    return Stay(
        row=entry.row.number,
        code=entry.needed("code", 40),
        house=entry.needed("house"),
        since=since.surely_by if since else entry.today - timedelta(days=1),
        brought_by=entry.text("brought_by"),
        brought_by_relation=entry.text("brought_by_relation"),
        reason=entry.text("reason", 1000),
        danger=entry.choice("danger", "no") == "yes",
        proofs=proofs,
    )


def _proof(entry: Entry, place: int) -> Iterator[tuple[str, date]]:
    kind, dated = entry.choice(f"proof{place}", "", "warning"), entry.day(f"proof{place}_dated")
    if kind and dated is not None:
        yield kind, dated.surely_by if dated.surely_by <= entry.today else dated.on
