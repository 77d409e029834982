"""Recruitment of a child by an institution (S12): the report that tells of it is kept as evidence, and opens an incident by itself.

What is refused is not the child's case but what the recruiting was for: a house that an incident of this kind names is restricted with it,
and takes no child until the incident is settled.
"""

from __future__ import annotations

from casework.machines.forms import Form, Incident, Intake
from casework.services.entries import enter_record
from casework.services.network import Consequences
from casework.store import records
from casework.store.cases import CaseRow
from casework.store.unit import Unit

PLACE = 200
"""Letters that the place of an incident may have."""
DONE_AT_ONCE = "Insiden dibuka bersama laporan (F01) yang menyebut perekrutan oleh LKSA."
"""What was done first, in the language of the office's records."""


def tells_of_recruitment(body: Form) -> bool:
    """Whether a signed form is a report that says that an institution recruited the child."""
    return isinstance(body, Intake) and body.contact_initiated_by == "lksa_recruitment"


def open_incident(unit: Unit, case: CaseRow, body: Form, role: str) -> CaseRow:
    """Report the incident (F17) that this report tells of, as its author, against the house that it names; return the case after it."""
    if not (isinstance(body, Intake) and tells_of_recruitment(body)):
        return case
    incident = Incident(
        type="recruitment",
        happened_at=unit.call.happened_at,
        place=body.child_location[:PLACE],
        what_happened=body.chronology,
        subject_household=body.recruited_by,
        immediate_action=DONE_AT_ONCE,
    )
    filed = records.add_record(unit, case, "F17", incident, role=role, supersedes=None)
    brought = Consequences(unit, case)
    brought.begin_by_form(filed)
    return enter_record(unit, brought, case, "record_signed", role, filed)
