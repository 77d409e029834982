"""Every report in the order of DOMAIN 6.1. Who is shown them: `count` in the policy. A file that is taken out is an entry first."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Literal, TypeAlias

import msgspec

from casework.errors import Fault, Invalid, NotFound
from casework.machines.facts import WITA
from casework.services.captions import DISTRICTS
from casework.services.command import question
from casework.services.counts import told_offices
from casework.services.numbers import children, houses, movement, suppression, work
from casework.services.numbers.gate import FirstPage, first_page
from casework.services.numbers.groups import SEXES, houses_of
from casework.services.numbers.shape import Cell, Chart, Column, Filter, Line, Report, Scope
from casework.store import journal
from casework.store.call import Call
from casework.store.store import Store
from casework.store.unit import Unit
from casework.words import Words

REPORTS: tuple[Report, ...] = tuple(
    sorted((*children.REPORTS, *houses.REPORTS, *movement.REPORTS, *work.REPORTS), key=lambda report: int(report.code[1:]))
)
_BY_CODE = {report.code: report for report in REPORTS}
USUAL_MONTHS, MOST_MONTHS = 12, 60
FIRST_YEAR, LAST_YEAR = 2000, 2100
_DECEMBER = 12
HIDDEN: Literal["hidden"] = "hidden"
"""What stands in the place of a number that is not published."""
Shown: TypeAlias = Cell | Literal["hidden"]


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody asks of the numbers. Months are `YYYY-MM`, both included; "" is the usual: the last twelve, everything."""

    office: str = ""
    since: str = ""
    until: str = ""
    district: str = ""
    host: str = ""
    sex: str = ""


class TableLine(msgspec.Struct, frozen=True):
    """A line as it is shown: what it is about, and its numbers in the order of the columns."""

    labels: tuple[Words, ...]
    cells: tuple[Shown, ...]


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What the filters offer: pairs of what is asked with and what it is called."""

    offices: tuple[tuple[str, str], ...]
    districts: tuple[tuple[str, str], ...] = ()
    hosts: tuple[tuple[str, str], ...] = ()
    sexes: tuple[tuple[str, Words], ...] = ()


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A report counted: its columns with the total of a line last, its lines, and their total, None where they add up to nothing."""

    report: str
    title: Words
    about: Words
    source: str
    office: str
    sought: Sought
    public: bool
    heads: tuple[Words, ...]
    columns: tuple[Column, ...]
    lines: tuple[TableLine, ...]
    total: tuple[Shown, ...] | None
    notes: tuple[Words, ...]
    at: datetime
    chart: Chart
    charted: tuple[str, ...]


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """The first page, and what can be asked for on it."""

    office: str
    sought: Sought
    choices: Choices
    first: FirstPage


TOTAL = Words("jumlah", "total")


@question
def show_first_page(unit: Unit, sought: Sought) -> Shelf:
    """Return the first page for an office that the caller is told of. Raises NotFound for anybody else, Invalid for no period."""
    offices = _told(unit)
    asked = _asked(sought, offices, unit.call.at)
    with unit.over_everything():
        found = first_page(unit, _scope(unit, asked))
    return Shelf(office=offices[asked.office], sought=asked, choices=Choices(offices=tuple(offices.items())), first=found)


@question
def show_report(unit: Unit, code: str, sought: Sought, *, public: bool = False) -> Table:
    """Return a report counted for an office that the caller is told of. Raises NotFound, Invalid.

    A public table is of the whole office: of one district after the other, differences would tell what each hides.
    """
    asked = msgspec.structs.replace(sought, district="", host="", sex="") if public else sought
    return _counted(unit, code, asked, public=public)


@question
def show_choices(unit: Unit, code: str, sought: Sought) -> Choices:
    """Return what a report may be narrowed to. Raises NotFound."""
    offices, report = _told(unit), _report(code)
    asked = _asked(sought, offices, unit.call.at)
    with unit.over_everything():
        whole = _scope(unit, _narrowed(asked, ()))
        hosts = houses_of(unit, whole) if "host" in report.filters else ()
    return Choices(
        offices=tuple(offices.items()),
        districts=tuple(DISTRICTS.items()) if "district" in report.filters else (),
        hosts=tuple((row.id, row.name) for row in hosts),
        sexes=tuple(SEXES.items()) if "sex" in report.filters else (),
    )


def take_out(store: Store, call: Call, code: str, sought: Sought, *, public: bool) -> Table:
    """Return a report as it is taken out in a file: that it was, and whether for the public, is an entry. Raises NotFound, Invalid."""
    found = show_report(store, call, code, sought, public=public)
    store.carry_out(call, partial(_note, found))
    return found


def _note(found: Table, unit: Unit) -> None:
    role = min((seat.role for seat in unit.call.who.seats), default="")
    journal.append_for_actor(
        unit, "exported", role=role, items=(found.sought.office,), reason_code="public_numbers" if found.public else "numbers"
    )


def _told(unit: Unit) -> dict[str, str]:
    """Return the offices whose numbers the caller is told, by id. Raises NotFound where there are none."""
    offices = {office: name for office, name, _ in told_offices(unit)}
    if not offices:
        raise NotFound("numbers")
    return offices


def _report(code: str) -> Report:
    if code not in _BY_CODE:
        raise NotFound("report")
    return _BY_CODE[code]


def _asked(sought: Sought, offices: dict[str, str], at: datetime) -> Sought:
    """Return what is asked for with what is usual filled in. An office that the caller is not told of does not exist: raises NotFound."""
    if sought.office and sought.office not in offices:
        raise NotFound("numbers")
    now = at.astimezone(WITA)
    until = sought.until or f"{now:%Y-%m}"
    since = sought.since or _month(_number(until, "$.until") - USUAL_MONTHS + 1)
    many = _number(until, "$.until") - _number(since, "$.since") + 1
    if not 1 <= many <= MOST_MONTHS:
        words = Words(f"Pilih 1 sampai {MOST_MONTHS} bulan.", f"Choose 1 to {MOST_MONTHS} months.")
        raise Invalid(Fault("$.until", words))
    return msgspec.structs.replace(sought, office=sought.office or next(iter(offices)), since=since, until=until)


def _number(month: str, path: str) -> int:
    year, _, of_year = month.partition("-")
    fits = len(month) == len("2026-01") and year.isdecimal() and of_year.isdecimal() and month.isascii()
    if not fits or not FIRST_YEAR <= int(year) <= LAST_YEAR or not 1 <= int(of_year) <= _DECEMBER:
        raise Invalid(Fault(path, Words("Isi bulan: TTTT-BB.", "Enter a month: YYYY-MM.")))
    return int(year) * _DECEMBER + int(of_year) - 1


def _month(number: int) -> str:
    return f"{number // _DECEMBER:04}-{number % _DECEMBER + 1:02}"


def _begins(number: int) -> datetime:
    return datetime(number // _DECEMBER, number % _DECEMBER + 1, 1, tzinfo=WITA)


def _scope(unit: Unit, asked: Sought) -> Scope:
    return Scope(
        office=asked.office,
        at=unit.call.at,
        since=_begins(_number(asked.since, "$.since")),
        until=_begins(_number(asked.until, "$.until") + 1),
        params=unit.params,
        district=asked.district,
        host=asked.host,
        sex=asked.sex,
    )


def _counted(unit: Unit, code: str, sought: Sought, *, public: bool) -> Table:
    offices, report = _told(unit), _report(code)
    if public and not report.public:
        raise NotFound("report")
    asked = _narrowed(_asked(sought, offices, unit.call.at), report.filters)
    with unit.over_everything():
        found = report.count(unit, _scope(unit, asked))
    lines, total = (_published if public else _whole)(report, found.lines)
    return Table(
        report=code,
        title=report.title,
        about=report.about,
        source=report.source,
        office=offices[asked.office],
        sought=asked,
        public=public,
        heads=report.heads,
        columns=_columns(report),
        lines=lines,
        total=total,
        notes=found.notes,
        at=found.counted_at or unit.call.at,
        chart=report.chart,
        charted=report.charted or ("total" if report.across else report.columns[0].code,),
    )


def _narrowed(asked: Sought, filters: tuple[Filter, ...]) -> Sought:
    """Return what is asked for without what this report is not narrowed to."""
    kept = {name: "" for name in ("district", "host", "sex") if name not in filters}
    return msgspec.structs.replace(asked, **kept)


def _columns(report: Report) -> tuple[Column, ...]:
    people = [place for place, column in enumerate(report.columns) if column.unit == "people"]
    if not report.across or not people:
        return report.columns
    behind = people[-1] + 1
    return (*report.columns[:behind], Column("total", TOTAL), *report.columns[behind:])


def _people(report: Report, line: Line) -> tuple[int, ...]:
    return tuple(int(cell or 0) for column, cell in zip(report.columns, line.cells, strict=True) if column.unit == "people")


def _whole(report: Report, lines: tuple[Line, ...]) -> tuple[tuple[TableLine, ...], tuple[Shown, ...] | None]:
    """Return everything, and what it adds up to."""
    shown = tuple(TableLine(line.labels, _with_total(report, line.cells, sum(_people(report, line)))) for line in lines)
    return shown, _added_up(report, shown) if report.down and shown else None


def _with_total(report: Report, cells: tuple[Shown, ...], total: Shown) -> tuple[Shown, ...]:
    added = [column.code for column in _columns(report)]
    if "total" not in added:
        return cells
    place = added.index("total")
    return (*cells[:place], total, *cells[place:])


def _added_up(report: Report, lines: tuple[TableLine, ...]) -> tuple[Shown, ...]:
    """Return the sums of the columns that have one: counts, never shares or middles."""
    counted = {"people", "things"}
    columns = _columns(report)
    return tuple(
        sum(int(cell) for line in lines if isinstance(cell := line.cells[place], int)) if column.unit in counted else None
        for place, column in enumerate(columns)
    )


def _published(report: Report, lines: tuple[Line, ...]) -> tuple[tuple[TableLine, ...], tuple[Shown, ...] | None]:
    """Return what may be published: small cells and what would give them away are hidden, and what is made of hidden ones is left out."""
    rows = tuple(_people(report, line) for line in lines)
    away = suppression.hidden(rows, across=report.across, down=report.down)
    whole, total = _whole(report, lines)
    people = [place for place, column in enumerate(_columns(report)) if column.unit == "people"]

    def shown(number: int, cells: tuple[Shown, ...]) -> tuple[Shown, ...]:
        """People by their own places; anything else only where no number of its line is hidden."""
        gone = {place for column, place in enumerate(people) if (number, column) in away}
        made_of = {place for place, column in enumerate(_columns(report)) if gone and column.made_of_people}
        return tuple(HIDDEN if place in gone else None if place in made_of else cell for place, cell in enumerate(cells))

    published = tuple(TableLine(line.labels, shown(number, line.cells)) for number, line in enumerate(whole))
    return published, shown(len(lines), total) if total is not None else None
