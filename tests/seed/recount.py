"""The rows and opened cells of a seeded office, read once: what its reports are counted from a second time."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from casework.machines.facts import WITA
from casework.services.calendar import MONTHS
from casework.services.numbers import catalogue
from casework.services.numbers.catalogue import Sought, Table
from casework.store.call import Call, Seat, Who
from casework.store.store import Store
from tests.cells import personal
from tests.databases import Database
from tests.seed.planning import DAY

AUDITOR = Call(who=Who(person="auditor", account="auditor", name="auditor", seats=(Seat("auditor", "anywhere"),)), at=DAY)
OVER, INSIDE = {"closed", "voided"}, {"institutional_care", "institution_unverified"}
LIVE = {"active", "unconfirmed", "on_leave", "reserved"}
PERIOD = {"since": f"{DAY.year - 4}-{DAY.month:02}", "until": f"{DAY:%Y-%m}"}
Found = dict[tuple[str, ...], tuple[Any, ...]]


class Counting(msgspec.Struct, frozen=True):
    """A seeded database of its own that was summed, its rows by table, and the office that is counted."""

    store: Store
    office: str
    rows: Mapping[str, list[dict[str, Any]]]

    def report(self, code: str, **asked: str) -> Table:
        return catalogue.show_report(self.store, AUDITOR, code, Sought(office=self.office, **PERIOD, **asked))

    def of(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table that are of the office, or of one of its cases."""
        mine = {case["id"] for case in self.rows["care_case"] if case["office_id"] == self.office}
        return [row for row in self.rows[table] if row.get("office_id") == self.office or row.get("case_id") in mine]

    @property
    def cases(self) -> list[dict[str, Any]]:
        return self.of("care_case")

    @property
    def children(self) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in self.rows["child"]}


TABLES = (
    *("care_case", "child", "placement", "process", "process_step", "task", "approval_request", "approval_decision", "host", "staff"),
    *("record", "office", "person", "body"),
)
PLAIN = {"child": "id, sex, born, district_code"}


def read(database: Database, table: str) -> list[dict[str, Any]]:
    if table == "record":
        names = ("id", "case_id", "form", "status", "signed_at", "body")
        return [dict(zip(names, row, strict=True)) for row in personal(database.rows, table, *names)]
    return [dict(row) for row in database.rows(f"SELECT {PLAIN.get(table, '*')} FROM {table}")]  # noqa: S608 - our own names


def busiest(database: Database) -> str:
    return str(database.rows("SELECT office_id FROM care_case GROUP BY office_id ORDER BY count(*) DESC, office_id LIMIT 1")[0][0])


def shown(table: Table) -> Found:
    """Return the lines of a report in which there is anything."""
    return {tuple(label.en for label in line.labels): line.cells for line in table.lines if any(line.cells)}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def month(text: str) -> str:
    there = at(text).astimezone(WITA)
    return f"{MONTHS['en'][there.month - 1]} {there.year}"


def within(text: str) -> bool:
    return PERIOD["since"] <= f"{at(text).astimezone(WITA):%Y-%m}" <= PERIOD["until"]


def tallied(found: Counter[tuple[str, str]], codes: tuple[str, ...], *, total: bool) -> Found:
    lines = {label: tuple(found[label, code] for code in codes) for label in sorted({label for label, _ in found})}
    return {(label,): (*cells, sum(cells)) if total else cells for label, cells in lines.items() if any(cells)}


def age(born: str) -> int:
    there, day = DAY.astimezone(WITA).date(), date.fromisoformat(born)
    return max(years for years in range(100) if (day.year + years, day.month, day.day) <= (there.year, there.month, there.day))
