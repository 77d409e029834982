"""Everything that stands in a database at one moment, past the program: what the laws and the alarms are asked of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from casework.machines.book import newest_machines
from tests.cells import personal
from tests.journeys.walk.town import Looking

Row = Any
OVER = ("ended", "disrupted")
"""A placement that is over."""
DONE = ("closed", "voided")
"""A case that is over."""


def moment(text: str) -> datetime:
    """Return a stored moment."""
    return datetime.fromisoformat(text)


def by(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    """Return rows by one of their columns."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


class Look:
    """One reading of the tables. What a law asks for first is read then, once."""

    def __init__(self, rows: Looking, at: datetime) -> None:
        self.rows = rows
        self.at = at

    @cached_property
    def cases(self) -> list[Row]:
        """Every case, with when its child was born."""
        return self.rows("SELECT c.*, k.born FROM care_case c JOIN child k ON k.id = c.child_id")

    @cached_property
    def religions(self) -> dict[str, str]:
        """The religion of each child, by id."""
        return dict(personal(self.rows, "child", "id", "religion"))

    @cached_property
    def placements(self) -> list[Row]:
        """Every placement that is not over, with the state of the process that brought it there."""
        return self.rows(
            "SELECT l.*, p.state AS process_state FROM placement l LEFT JOIN process p ON p.id = l.id"
            " WHERE l.status NOT IN ('ended', 'disrupted') ORDER BY l.started_at"
        )

    @cached_property
    def processes(self) -> list[Row]:
        """Every process."""
        return self.rows("SELECT * FROM process ORDER BY opened_at, machine, id")

    @cached_property
    def tasks(self) -> list[Row]:
        """Every open task."""
        return self.rows("SELECT * FROM task WHERE settled_at IS NULL ORDER BY due_at, id")

    @cached_property
    def requests(self) -> list[Row]:
        """Every request that waits for somebody, or is approved and not used yet."""
        return self.rows("SELECT * FROM approval_request WHERE status IN ('submitted', 'in_second_approval', 'approved')")

    @cached_property
    def houses(self) -> list[Row]:
        """Every host, with the state of its process."""
        return self.rows("SELECT h.*, p.state AS process_state FROM host h LEFT JOIN process p ON p.id = h.id ORDER BY h.name, h.id")

    @cached_property
    def staff(self) -> list[Row]:
        """Every member of staff, with the state of its process."""
        return self.rows("SELECT s.*, p.state AS process_state FROM staff s LEFT JOIN process p ON p.id = s.id ORDER BY s.id")

    @cached_property
    def offers(self) -> list[Row]:
        """Every offer to an institution, with how often its placement was accepted and declined."""
        return self.rows(
            "SELECT o.id, o.accepted, COUNT(CASE s.dest WHEN 'host_accepted' THEN 1 END) AS accepts,"
            " COUNT(CASE s.dest WHEN 'host_declined' THEN 1 END) AS declines"
            " FROM host_offer o LEFT JOIN process_step s ON s.process_id = o.id GROUP BY o.id, o.accepted"
        )

    @cached_property
    def last_moves(self) -> dict[str, Row]:
        """The last move of every case, by case."""
        found = self.rows(
            "SELECT e.case_id, e.seq, e.trigger, e.source, e.dest, e.occurred_at FROM event e WHERE e.kind = 'moved' AND e.seq ="
            " (SELECT MAX(l.seq) FROM event l WHERE l.case_id = e.case_id AND l.kind = 'moved')"
        )
        return {row["case_id"]: row for row in found}

    @cached_property
    def last_ends(self) -> dict[str, str]:
        """When each case was closed last, by case."""
        found = self.rows("SELECT case_id, MAX(occurred_at) AS at FROM event WHERE kind = 'moved' AND dest = 'closed' GROUP BY case_id")
        return {row["case_id"]: row["at"] for row in found}

    @cached_property
    def live(self) -> dict[str, list[Row]]:
        """The processes beside each case that have not ended, by case."""
        machines = newest_machines()
        going = (row for row in self.processes if row["case_id"] and machines[row["machine"]].states[row["state"]].kind != "final")
        return by(going, "case_id")

    @cached_property
    def open_tasks(self) -> dict[str, list[Row]]:
        """The open tasks by case."""
        return by(self.tasks, "case_id")

    def of_machine(self, case: str, machine: str) -> list[Row]:
        """Return the processes of a machine that go on beside a case."""
        return [row for row in self.live.get(case, ()) if row["machine"] == machine]

    def newest_body(self, record: str) -> dict[str, Any]:
        """Return the newest version of the form that opened a process."""
        while after := self.rows("SELECT id FROM record WHERE supersedes = ?", record):
            record = after[0]["id"]
        return body_of(self.rows, record)


def body_of(rows: Looking, record: str) -> dict[str, Any]:
    """Return what a form says."""
    ((body,),) = personal(rows, "record", "body", where="id = ?", values=(record,))
    return dict(msgspec.json.decode(body))
