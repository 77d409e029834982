"""What is urgent is noted where it comes about, and leaves with the entry that is written next (machines/urgent.py says what is)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from casework.machines.urgent import tells
from casework.store.cases import CaseRow
from casework.store.instants import to_text
from casework.store.processes import ProcessRow
from casework.store.unit import Unit

About = Literal["task", "request", "process"]


def note(unit: Unit, of: str, about: About, subject: str, case: CaseRow, due_at: datetime) -> None:
    """Note a deadline of a case that began to run, if it is urgent for anybody. `subject` is the id of the task or the request."""
    _note(unit, of, about, subject, case.id, case.office_id, due_at)


def note_process(unit: Unit, of: str, row: ProcessRow, office: str, due_at: datetime | None = None) -> None:
    """Note a step that a process made, or a deadline of its own, if it is urgent for anybody."""
    _note(unit, of, "process", row.id, row.case_id, office, due_at)


def _note(unit: Unit, of: str, about: About, subject: str, case_id: str | None, office: str, due_at: datetime | None) -> None:
    if tells(of):
        due = to_text(due_at) if due_at else None
        unit.note_urgent({"urgent": of, "about": about, "subject": subject, "case_id": case_id, "office_id": office, "due_at": due})
