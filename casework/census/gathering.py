"""The rows of all sheets put together: each child with its family and stay, what contradicts between rows, and who may be there twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from casework.census.headings import CHILDREN, FAMILIES, HOUSES, STAYS, Form
from casework.census.problems import Level, Problem
from casework.census.rows import Child, House, Lists, Member, Stay
from casework.services.census import SAME, Described, Sameness, Twin, same_child
from casework.store.spelling import fold, likeness, words
from casework.words import Words

T = TypeVar("T", Stay, Member)
WHY: dict[Sameness, Words] = {
    "nik": Words("NIK sama", "the same NIK"),
    "card": Words("KK, nama, dan tanggal lahir sama", "the same family card, name and date of birth"),
    "birth": Words("tanggal lahir sama dan nama mirip", "the same date of birth and a like name"),
    "name": Words("nama mirip", "a like name"),
}
CHECKED = Words(
    "Bila anak yang sama: hapus satu baris. Bila bukan: tulis “Ya” di kolom Bukan ganda.",
    "The same child: remove one row. Another child: write “Ya” in the column Bukan ganda.",
)
ONE_NIK = Words("Perbaiki NIK salah satunya, atau kosongkan.", "Correct one of the NIKs, or leave it empty.")
LOOK = Words("Periksa; baris ini tetap dapat masuk.", "Have a look; the row can come in.")


class Registered(msgspec.Struct, frozen=True):
    """An institution of the register, with how many children live or have a place there."""

    id: str
    name: str
    capacity: int


class Resident(msgspec.Struct, frozen=True, kw_only=True):
    """A child with everything the workbook says about it. `line` is what the row is recognised by when the list comes again."""

    child: Child
    stay: Stay
    members: tuple[Member, ...]
    host: Registered | None
    house: House | None
    line: str

    @property
    def house_name(self) -> str:
        """Where the child lives, as the register or the sheet LKS writes it."""
        return self.host.name if self.host else self.house.name if self.house else self.stay.house

    @property
    def described(self) -> Described:
        """The child as it is compared."""
        return _described(self.child)


class Gathered(msgspec.Struct, frozen=True):
    """Everything the workbook brings, and everything that is wrong. `held` are the rows of Anak that cannot come in."""

    lists: Lists
    residents: tuple[Resident, ...]
    houses: tuple[House, ...]
    problems: tuple[Problem, ...]
    held: frozenset[int]

    @property
    def good(self) -> tuple[Resident, ...]:
        """The children that can come in."""
        return tuple(one for one in self.residents if one.child.row not in self.held)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What keeps rows out."""
        return tuple(problem for problem in self.problems if problem.level == "error")


class _Knot:
    """The gathering in progress."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self.problems: list[Problem] = []
        self.held: set[int] = set()

    def tell(self, level: Level, code: str, form: Form, row: int, column: str, what: Words, fix: Words) -> None:
        heading = form.named(column).heading if column else ""
        self.problems.append(Problem(level=level, code=code, sheet=self.lists.title(form), row=row, column=heading, what=what, fix=fix))


def gather(lists: Lists, registered: Sequence[Registered], *, may_enter_houses: bool) -> Gathered:
    """Put the rows together. `registered` are the institutions of the register; `may_enter_houses`: the caller may enter new ones."""
    knot = _Knot(lists)
    known = {fold(one.name): one for one in registered}
    houses = tuple(_new_houses(knot, known, may_enter=may_enter_houses))
    named = {fold(house.name): house for house in houses}
    stays, families = _by_code(lists.stays), _by_code(lists.families)
    codes = {child.code for child in lists.children} | lists.broken["children"]
    _strays(knot, codes)
    residents, lines = [], Counter[str]()
    seen: dict[str, int] = {}
    for child in lists.children:
        stay = _stay_of(knot, child, stays.get(child.code, []))
        if child.code in seen:
            what = Words(f"Kode ini sudah dipakai baris {seen[child.code]}.", f"Row {seen[child.code]} has this code already.")
            knot.tell("error", "code_twice", CHILDREN, child.row, "code", what, Words("Beri kode lain.", "Give it another code."))
            knot.held.add(child.row)
            continue
        seen[child.code] = child.row
        if child.code in lists.broken["families"]:
            knot.held.add(child.row)
        if stay is None:
            knot.held.add(child.row)
            continue
        host, house = known.get(fold(stay.house)), named.get(fold(stay.house))
        if host is None and house is None:
            _unknown_house(knot, stay, [*(one.name for one in registered), *(one.name for one in houses)])
            knot.held.add(child.row)
        line = _line(child, fold(stay.house))
        lines[line] += 1
        again = f"#{lines[line]}" if lines[line] > 1 else ""
        members = tuple(families.get(child.code, []))
        residents.append(Resident(child=child, stay=stay, members=members, host=host, house=house, line=f"{line}{again}"))
    _twice(knot, residents)
    _over_capacity(knot, residents)
    return Gathered(lists, tuple(residents), houses, (*lists.problems, *knot.problems), frozenset(knot.held))


def compared(gathered: Gathered, twins: Iterable[tuple[Resident, Sequence[Twin]]]) -> Gathered:
    """Return the gathering with what the register says: who may be registered already."""
    knot = _Knot(gathered.lists)
    for one, found in twins:
        for twin in found:
            case = Words(twin.number, twin.number) if twin.number else Words(f"kasus di {twin.office}", f"a case of {twin.office}")
            why = WHY[twin.why]
            what = Words(f"Mungkin sudah terdaftar: {case.id} ({why.id}).", f"May be registered already: {case.en} ({why.en}).")
            _doubt(knot, one, twin.why, what, "registered", {one.child.row} if one.child.distinct else set())
    return msgspec.structs.replace(gathered, problems=(*gathered.problems, *knot.problems), held=gathered.held | knot.held)


def _doubt(knot: _Knot, one: Resident, why: Sameness, what: Words, code: str, checked: set[int]) -> None:
    """Tell of a possible duplicate: an error where it is likely, unless somebody says that it was checked; the same NIK always."""
    certain = why == "nik" or (why != "name" and not checked)
    fix = ONE_NIK if why == "nik" else CHECKED if certain else LOOK
    column = "nik" if why == "nik" else "name"
    if not certain and checked:
        return
    knot.tell("error" if certain else "warning", f"{code}_{why}", CHILDREN, one.child.row, column, what, fix)
    if certain:
        knot.held.add(one.child.row)


def _by_code(rows: Iterable[T]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = defaultdict(list)
    for row in rows:
        found[row.code].append(row)
    return found


def _new_houses(knot: _Knot, known: dict[str, Registered], *, may_enter: bool) -> Iterator[House]:
    seen: dict[str, int] = {}
    for house in knot.lists.houses:
        name = fold(house.name)
        if name in seen:
            what = Words(f"LKS ini sudah ada di baris {seen[name]}.", f"Row {seen[name]} is this institution already.")
            knot.tell("error", "house_twice", HOUSES, house.row, "name", what, Words("Hapus satu baris.", "Remove one row."))
        seen.setdefault(name, house.row)
        if name in known or seen[name] != house.row:
            continue
        near = [one.name for one in known.values() if min(likeness(one.name, house.name), likeness(house.name, one.name)) >= SAME]
        if near:
            what = Words(f"Mirip dengan LKS terdaftar: {near[0]}.", f"Much like a registered one: {near[0]}.")
            fix = Words("Bila lembaga yang sama, tulis namanya persis demikian.", "If it is the same, write its name exactly so.")
            knot.tell("warning", "house_alike", HOUSES, house.row, "name", what, fix)
        if not may_enter:
            what = Words("LKS baru hanya dapat didaftarkan supervisor.", "Only a supervisor enters a new institution.")
            fix = Words("Minta supervisor menjalankan impor.", "Let a supervisor run the import.")
            knot.tell("error", "house_needs_supervisor", HOUSES, house.row, "name", what, fix)
        yield house


def _strays(knot: _Knot, codes: set[str]) -> None:
    for form, rows in ((STAYS, knot.lists.stays), (FAMILIES, knot.lists.families)):
        for row in rows:
            if row.code not in codes:
                what = Words(f"Tidak ada anak dengan kode “{row.code}”.", f"There is no child with the code “{row.code}”.")
                fix = Words("Samakan dengan kode pada lembar Anak.", "Write the code as on the sheet Anak.")
                knot.tell("error", "code_unknown", form, row.row, "code", what, fix)


def _stay_of(knot: _Knot, child: Child, stays: list[Stay]) -> Stay | None:
    if len(stays) > 1:
        for stay in stays[1:]:
            what = Words(f"Anak ini sudah ada di baris {stays[0].row}.", f"Row {stays[0].row} is about this child already.")
            fix = Words("Seorang anak tinggal di satu tempat: hapus satu baris.", "A child lives in one place: remove one row.")
            knot.tell("error", "stay_twice", STAYS, stay.row, "code", what, fix)
        return None
    if not stays and child.code not in knot.lists.broken["stays"]:
        what = Words("Tidak ada baris Penempatan untuk anak ini.", "There is no row in Penempatan for this child.")
        knot.tell("error", "stay_missing", CHILDREN, child.row, "code", what, Words("Tambahkan barisnya.", "Add its row."))
    born = child.born
    if stays and born is not None and stays[0].since < born.on:
        what = Words("Tinggal di LKS sebelum lahir.", "Living there before birth.")
        fix = Words("Perbaiki tanggal lahir atau tanggal masuk.", "Correct the day of birth or of arrival.")
        knot.tell("error", "since_before_birth", STAYS, stays[0].row, "since", what, fix)
        return None
    return stays[0] if stays and child.code not in knot.lists.broken["stays"] else None


def _unknown_house(knot: _Knot, stay: Stay, names: list[str]) -> None:
    near = sorted(names, key=lambda name: -min(likeness(name, stay.house), likeness(stay.house, name)))[:1]
    what = Words(f"LKS “{stay.house}” tidak dikenal.", f"The institution “{stay.house}” is not known.")
    fix = Words(
        f"Tulis namanya seperti dalam daftar{f' (mungkin: {near[0]})' if near else ''}, atau tambahkan di lembar LKS.",
        f"Write its name as in the register{f' (perhaps: {near[0]})' if near else ''}, or add it to the sheet LKS.",
    )
    knot.tell("error", "house_unknown", STAYS, stay.row, "house", what, fix)


def _line(child: Child, house: str) -> str:
    if child.nik:
        return f"nik:{child.nik}"
    born = child.born.on.isoformat() if child.born else ""
    return "|".join(("child", fold(child.name), born, fold(child.mother), child.kk, house))


def _described(child: Child) -> Described:
    born = child.born.on if child.born and child.born.precision == "day" else None
    return Described(name=child.name, born=born, nik=child.nik, kk=child.kk, mother=child.mother)


def _twice(knot: _Knot, residents: list[Resident]) -> None:
    """Compare the rows that share a NIK, a day of birth, or how the name sounds; each pair once, told at the later row."""
    alike: dict[tuple[str, object], list[Resident]] = defaultdict(list)
    for one in residents:
        about = one.described
        earlier = {other.child.row: other for key in _keys(about) for other in alike[key]}
        for other in earlier.values():
            why = same_child(other.described, about)
            if why is not None:
                row, words_ = other.child.row, WHY[why]
                what = Words(f"Mungkin sama dengan baris {row} ({words_.id}).", f"May be the same child as row {row} ({words_.en}).")
                checked = {each.child.row for each in (one, other) if each.child.distinct}
                _doubt(knot, one, why, what, "twice", checked)
        for key in _keys(about):
            alike[key].append(one)


def _keys(about: Described) -> Iterator[tuple[str, object]]:
    if about.nik:
        yield "nik", about.nik
    if about.born is not None:
        yield "born", about.born
    yield "sound", tuple(word.sound for word in words(about.name))


def _over_capacity(knot: _Knot, residents: list[Resident]) -> None:
    """Occupancy may exceed capacity; then the house is closed to new children once its residents are registered (DOMAIN 7.1.5)."""
    by_house: dict[str, list[Resident]] = defaultdict(list)
    for one in residents:
        by_house[one.house_name].append(one)
    for name, living in by_house.items():
        host, house = living[0].host, living[0].house
        capacity = host.capacity if host else house.capacity if house else 0
        if capacity and len(living) > capacity:
            what = Words(
                f"{name}: {len(living)} anak dalam daftar, kapasitas {capacity}.",
                f"{name}: {len(living)} children listed, room for {capacity}.",
            )
            fix = Words("Sesudah didata, LKS ini tertutup untuk anak baru.", "Once they are registered, it is closed to new children.")
            form, row = (HOUSES, house.row) if house else (STAYS, living[0].stay.row)
            knot.tell("warning", "over_capacity", form, row, "", what, fix)
