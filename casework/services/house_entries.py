"""Adding to the register of LKS: licence, accreditation, policy and who was told of it, inspections, coaching, training, reviews.

An entry is never changed: one that supersedes it corrects it. What guards ask of a house follows from its newest entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import msgspec

from casework.errors import Fault, Invalid, NotFound, Refusal
from casework.ledger.event import Evidence
from casework.machines import policy
from casework.machines.facts import WITA
from casework.machines.guards.licensing import decided_outside_the_house
from casework.machines.register import (
    SHEETS,
    AnyEntry,
    Attendance,
    FollowUp,
    Inspection,
    PerformanceReview,
    Waiver,
    projected,
)
from casework.services import access
from casework.services.access import seated
from casework.services.calendar import NOT_YET
from casework.services.command import command, question
from casework.services.network import Consequences
from casework.services.refusals import already_settled
from casework.services.registers import Entered, check_waiver, host_as_seen
from casework.store import house_entries, journal, people, processes, registers
from casework.store.house_entries import EntryRow
from casework.store.unit import Unit
from casework.words import Words

_TOGETHER = ({"licence"}, {"accreditation"}, {"waiver"}, {"policy", "dissemination"})
"""Kinds of entry that say the same columns of a house."""


class AddEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Add an entry about a house. `supersedes` names one of its kind that it corrects."""

    host: str
    entry: AnyEntry
    supersedes: str = ""


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as the page of its house shows it. `settled` is what was done about an inspection, "" while its follow-up is open."""

    id: str
    kind: str
    label: Words
    entry: AnyEntry
    author: str
    entered_at: datetime
    corrects: bool
    due_on: str | None
    settled: str


@command(Entered)
def add_entry(unit: Unit, ask: AddEntry) -> Entered:
    """Add an entry. Raises Refusal for whom it is not to add, NotFound for what it is about, Invalid for what cannot be so."""
    kind = str(ask.entry.__struct_config__.tag)
    role = seated(unit, "add_entry", kind)
    host_as_seen(unit, ask.host)
    if unit.call.who.person in people.persons_of_host(unit, ask.host):
        raise Refusal((decided_outside_the_house.reason(False),))  # noqa: FBT003 - the verdict of a guard
    _check(unit, ask)
    if isinstance(ask.entry, Waiver):
        check_waiver(unit, ask.entry.valid_until.isoformat())
    if ask.supersedes:
        house_entries.of_house(unit, ask.supersedes, ask.host, kind)
        if house_entries.is_superseded(unit, ask.supersedes):
            raise Refusal((already_settled(Words("Catatan ini sudah dibetulkan.", "This entry was corrected already.")),))
    told = _insert(unit, ask, role)
    _follow(unit, ask.host, kind)
    reason = f"entry:{kind}"
    journal.append_for_actor(unit, "host_changed", role=role, items=(ask.host, told.id), evidence=(told,), reason_code=reason)
    return Entered(told.id, registers.lock_host(unit, ask.host))


def _insert(unit: Unit, ask: AddEntry, role: str) -> Evidence:
    settles = ask.entry.inspection if isinstance(ask.entry, FollowUp) else ""
    due_on = ask.entry.follow_up_by if isinstance(ask.entry, Inspection) else None
    return house_entries.add_entry(unit, ask.host, ask.entry, role=role, supersedes=ask.supersedes, settles=settles, due_on=due_on)


def _check(unit: Unit, ask: AddEntry) -> None:
    """Raise Invalid for a day that has not come, or that contradicts another; NotFound for staff or an inspection of another house."""
    today = unit.call.at.astimezone(WITA).date()
    days = {name: getattr(ask.entry, name, None) for name in ("held_on", "dated")}
    faults = [Fault(f"$.entry.{name}", NOT_YET) for name, day in days.items() if isinstance(day, date) and day > today]
    faults += [Fault(fault.path.replace("$.", "$.entry."), fault.words) for fault in ask.entry.faults()]
    if faults:
        raise Invalid(*faults)
    if isinstance(ask.entry, FollowUp):
        house_entries.of_house(unit, ask.entry.inspection, ask.host, "inspection")
    known = {row.id for row in registers.staff_of(unit, ask.host)}
    if not known.issuperset(_members(ask.entry)):
        raise NotFound("staff")


def _members(entry: AnyEntry) -> tuple[str, ...]:
    if isinstance(entry, Attendance):
        return entry.members
    return (entry.member,) if isinstance(entry, PerformanceReview) else ()


def _follow(unit: Unit, host_id: str, kind: str) -> None:
    """Let the house's columns, or its staff's, say what the standing entries say."""
    rows = house_entries.standing(house_entries.entries_of(unit, host_id))
    for kinds in _TOGETHER:
        if kind in kinds:
            registers.change_host(unit, host_id, **projected(tuple(row.entry for row in rows if row.kind in kinds)))
            Consequences(unit, None).schedule(processes.get(unit, host_id))
    for told, column in ((Attendance, "trained_on"), (PerformanceReview, "reviewed_on")):
        if kind == told.__struct_config__.tag:
            registers.date_staff(unit, host_id, column, _last_days(row.entry for row in rows if isinstance(row.entry, told)))


def _last_days(entries: Iterator[Attendance | PerformanceReview]) -> dict[str, str]:
    """Return the last day by member of staff, as ISO dates."""
    last: dict[str, str] = {}
    for entry in entries:
        for member in _members(entry):
            last[member] = max(last.get(member, ""), entry.held_on.isoformat())
    return last


@question
def list_entries(unit: Unit, host_id: str) -> tuple[EntryView, ...]:
    """Return the standing entries about a house, newest first. Raises NotFound for a house that is not the caller's to read.

    A house reads its own, but never what its children say about somebody who works there.
    """
    seats = unit.call.who.seats
    office = policy.ruled(access.seats(unit), "open_host").verdict == "allow"
    if not office and not any(seat.host == host_id for seat in seats):
        raise NotFound("host")
    registers.host_row(unit, host_id)
    rows = house_entries.standing(house_entries.entries_of(unit, host_id))
    names = house_entries.authors(unit, rows)
    done = {row.settles: row.entry.done for row in rows if isinstance(row.entry, FollowUp) and row.settles}
    return tuple(_view(row, names, done, office=office) for row in reversed(rows))


def _view(row: EntryRow, names: Mapping[str, str], done: Mapping[str, str], *, office: bool) -> EntryView:
    entry = row.entry
    if isinstance(entry, PerformanceReview) and not office:
        entry = msgspec.structs.replace(entry, children_feedback="")
    return EntryView(
        id=row.id,
        kind=row.kind,
        label=SHEETS[row.kind].label,
        entry=entry,
        author=names.get(row.author, ""),
        entered_at=row.entered_at,
        corrects=row.supersedes is not None,
        due_on=row.due_on,
        settled=done.get(row.id, ""),
    )
