"""What guards of a complaint may see: never who complained."""

from __future__ import annotations

from datetime import datetime

import msgspec

from casework.machines.engine import Ask
from casework.machines.facts import Process
from casework.machines.parameters import Parameters


class ComplaintFacts(msgspec.Struct, frozen=True):
    """One snapshot about a complaint.

    `concerned` are the natural persons of the house that it is about; `danger` says that a child may be in danger now. `answer` is the
    answer that goes with the step, `answered_by` who wrote the last one; `incident` whether an incident was reported because of it.
    """

    now: datetime
    params: Parameters
    ask: Ask
    process: Process | None = None
    concerned: frozenset[str] = frozenset()
    danger: bool = False
    answer: str = ""
    answered_by: str = ""
    incident: bool = False
