"""How far one's own reports have come: for who reports a child, and does not see the case (DOMAIN 4: reporter)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from casework.errors import NotFound
from casework.machines import policy
from casework.machines.policy import role_may
from casework.services.access import seats
from casework.services.areas import area_name
from casework.services.children import initials
from casework.services.command import question
from casework.services.keyset import Page, page_of, position
from casework.store import field
from casework.store.call import Who
from casework.store.caseload import NEWEST
from casework.store.instants import from_text
from casework.store.sealing import ERASED_TEXT
from casework.store.unit import Unit
from casework.words import Words

WAITS = Words("diterima, menunggu pekerja sosial", "received, waiting for a social worker")
GOES_ON = Words("sedang ditangani pekerja sosial", "a social worker is on it")
ENDED = {
    "closed": Words("selesai ditangani", "dealt with"),
    "voided": Words("tidak dilanjutkan; tanyakan alasannya kepada kantor", "not taken up; ask the office why"),
}


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report of one's own: the child by initials (or that it was erased), since when, how far it is. Nothing of what became of it.

    `district` is where the child is at home, by name, "" where that was not entered.
    """

    number: str
    child: str
    district: str
    reported_at: datetime
    status: Words
    open: bool


def follows_reports(who: Who) -> bool:
    """Whether this person is told how far their reports have come."""
    return any(role_may(seat.role, "follow_report") for seat in who.seats)


@question
def my_reports(unit: Unit, *, after: str = "", district: str = "") -> Page[Report]:
    """Return a page of the caller's own reports (of a district), newest first. Raises NotFound for who sees the cases, or nothing."""
    if not policy.may(seats(unit), "follow_report"):
        raise NotFound("reports")
    (last,) = position("reports", after, NEWEST)
    rows = field.reports_of(unit, unit.call.who.person, last, district)
    found = page_of("reports", rows, lambda row: (row.id,), lambda row: row.id, newest=True)
    return Page(
        tuple(
            Report(
                number=row.number,
                child=row.name if row.name == ERASED_TEXT else initials(row.name),
                district=area_name(row.district) if row.district else "",
                reported_at=from_text(row.recorded_at),
                status=ENDED.get(row.state, GOES_ON if row.assigned_to else WAITS),
                open=row.state not in ENDED,
            )
            for row in found
        ),
        found.after,
    )
