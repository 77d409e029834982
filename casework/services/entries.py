"""The entry of what was done to a signed record, with everything that it brought about beside the case: one shape, whoever writes it."""

from __future__ import annotations

from typing import Literal

from casework.services.network import Consequences
from casework.store import journal, records
from casework.store.cases import CaseRow
from casework.store.records import RecordRow
from casework.store.unit import Unit


def enter_record(
    unit: Unit,
    brought: Consequences,
    case: CaseRow,
    kind: Literal["record_signed", "record_verified"],
    role: str,
    filed: RecordRow,
    *,
    instead_of: str = "",
) -> CaseRow:
    """Write it, let what it brought follow from it, and return the case after it. `instead_of` is the record that this one supersedes."""
    case = journal.append(
        unit,
        case,
        kind,
        role,
        items=(filed.id, instead_of) if instead_of else (filed.id,),
        evidence=records.commitments(unit, case.id, (filed.id,)),
        effects=tuple(brought.words),
        steps=tuple(brought.steps),
        ended=tuple(brought.ended),
    )
    brought.follow(f"case:{case.id}#{case.seq}")
    return case
