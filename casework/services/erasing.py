"""Erasing what is held on a child: asked by one, approved by the head of the office, on a legal basis, once nothing needs it any more.

It is one transaction: the entries that tell of it, then key, cells, salts and the index go. The chain stays whole; what it commits to is
gone.
"""

from __future__ import annotations

from collections.abc import Iterator

from casework.errors import Fault, Invalid, Reason, Refusal
from casework.machines.book import newest_machines, states_of
from casework.machines.data_rights import BASES
from casework.services.data_refusals import case_not_ended, held_elsewhere, identity_not_shown, retention_not_over, something_open
from casework.store import approvals, cases, data_requests, erasing, journal
from casework.store.cases import CaseRow
from casework.store.data_requests import RequestRow
from casework.store.unit import Unit
from casework.words import Words

_YEAR = 365.25


def erase(unit: Unit, row: RequestRow, case: CaseRow, role: str, basis: str) -> None:
    """Erase the child that a request is about. Raises Invalid without a basis, and Refusal with everything that stands against it."""
    if basis not in BASES:
        raise Invalid(Fault("$.reason", Words("Pilih dasar hukum penghapusan.", "Choose the legal basis.")))
    every = tuple(cases.locked(unit, one) for one in data_requests.cases_of_child(unit, case.child_id))
    if reasons := tuple(_against(unit, row, case, every)):
        raise Refusal(reasons)
    data_requests.decide(unit, row.id, "granted", basis)
    approvals.settle_task(unit, row.task, "answered")
    for one in every:
        items = (row.id, row.task) if one.id == case.id else (row.id,)
        journal.append(unit, one, "redacted", role, items=items, requester=row.asked_by, reason_code=basis)
    erasing.erase(unit, case.child_id)


def _against(unit: Unit, row: RequestRow, case: CaseRow, every: tuple[CaseRow, ...]) -> Iterator[Reason]:
    if row.shown == "nothing":
        yield identity_not_shown()
    if any(one.office_id != case.office_id for one in every):
        yield held_elsewhere()
    if any(not _ended(one) for one in every):
        yield case_not_ended()
    elif early := [one for one in every if _kept_for_days(unit, one) > 0]:
        yield retention_not_over(max(_kept_for_days(unit, one) for one in early))
    ended = {name: frozenset(state for state, known in states_of(name).items() if known.kind == "final") for name in newest_machines()}
    if erasing.still_open(unit, case.child_id, row.id, ended):
        yield something_open()


def _ended(case: CaseRow) -> bool:
    return case.state in {"closed", "voided"}


def _kept_for_days(unit: Unit, case: CaseRow) -> int:
    """Return for how many days more a case must be kept, from the day on which it ended; a voided one was none."""
    days = (unit.call.at - case.entered_at).days
    return 0 if case.state == "voided" else max(0, round(unit.params.retention_years * _YEAR) - days)
