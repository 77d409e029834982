"""What is asked of a TKSK or PSM: to trace, to visit, to check facts. It opens the child's case to them while it is open, to its day.

Signing the form that was asked for (F05, F15), or verifying a sheet, does it; who may ask ends it. Each is an entry of the case's journal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

import msgspec

from casework.errors import Fault, Invalid, NotFound, Reason, Refusal
from casework.ledger import event
from casework.machines.facts import WITA
from casework.machines.forms import Form, OptionSheet, beyond_the_log
from casework.machines.settling import FIELD_WORK
from casework.services.access import acting
from casework.services.areas import district_of
from casework.services.command import Saved, command, done, open_for_change
from casework.services.network import Consequences
from casework.services.refusals import already_settled, other_district, visit_elsewhere
from casework.store import approvals, field, journal, registers
from casework.store.call import ASKED_ROLES, CASEWORK_ROLES, Who
from casework.store.cases import CaseRow
from casework.store.field import Officer
from casework.store.instants import to_text
from casework.store.unit import Unit
from casework.words import Words

FARTHEST_DAYS = 30
"""No errand is given longer than this: with it the child's case stays open to somebody outside the office."""
LAST_MINUTE = time(23, 59)
Errand = Literal["field_tracing", "field_visit", "field_check"]
VISIT = "field_visit"
CHECKED = "F05"
"""What somebody verifies who was asked to check facts: the sheet of an option."""


_NOBODY = Words("Pilih TKSK atau PSM yang bertugas di kantor ini.", "Choose a TKSK or PSM who works for this office.")
_NOWHERE = Words("Kecamatan anak belum dicatat: pilih ke kecamatan mana.", "The child's district is not entered: choose where it leads.")
_DAY = Words(f"Pilih hari ini sampai {FARTHEST_DAYS} hari ke depan.", f"Choose a day from today to {FARTHEST_DAYS} days ahead.")


class AskField(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Ask a TKSK or PSM (a natural person's id) to do something by a day. `note` is what they need to know, in words.

    `district` is the code of the district (kecamatan) where it leads, "" where the child is at home.
    """

    case: str
    person: str
    kind: Errand
    district: Annotated[str, msgspec.Meta(max_length=20)] = ""
    by: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    note: Annotated[str, msgspec.Meta(min_length=3, max_length=500, pattern=r"\S")]


class EndField(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Take back what was asked. Whoever was asked sees the case no more."""

    case: str
    task: str


def only_asked(who: Who) -> bool:
    """Whether this person sees a child only while something asked of them is open."""
    roles = {seat.role for seat in who.seats}
    return bool(roles & ASKED_ROLES) and not roles & CASEWORK_ROLES


def own_district(who: Who) -> str:
    """Return the one district in which somebody works in the field, "" where there is none or there are several."""
    districts = {district_of(seat.area) for seat in who.seats if seat.area}
    return districts.pop() if len(districts) == 1 else ""


@command(Saved)
def ask_field(unit: Unit, ask: AskField) -> Saved:
    """Ask somebody into the field, in their own district. Raises Refusal with every reason, or Invalid with every fault of the ask."""
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "ask_field")
    if case.state in {"closed", "voided"}:
        raise Refusal((already_settled(Words("Kasus ini sudah ditutup.", "This case is closed.")),))
    everybody = field.officers_of(unit, case.id)
    home, lives = places_of(unit, case)
    district = ask.district or home
    due_at, faults = _due(unit, ask.by)
    if ask.person not in {one.id for one in everybody}:
        faults.append(Fault("$.person", _NOBODY))
    if not district:
        faults.append(Fault("$.district", _NOWHERE))
    if faults:
        raise Invalid(*faults)
    against = [*_out_of_place(ask, district, lives, everybody)]
    if any((one.kind, one.worker) == (ask.kind, ask.person) and one.due_at >= unit.call.at for one in _open(unit, case)):
        against.append(already_settled(Words("Itu sudah diminta darinya dan belum selesai.", "They were asked that, and it is open.")))
    if against:
        raise Refusal(tuple(against))
    (task,) = approvals.add_tasks(unit, case, ask.kind, [due_at], worker=ask.person, district=district)
    approvals.note_task(unit, case, task.id, ask.note.strip())
    errand = event.Errand(id=task.id, person=ask.person, kind=ask.kind, district=district, due_at=to_text(due_at))
    case = journal.append(unit, case, "field_asked", role, items=(ask.person, task.id), reason_code=ask.kind, errand=errand)
    return done(task.id, case)


@command(Saved)
def end_field(unit: Unit, ask: EndField) -> Saved:
    """Take back what was asked and is not done. Raises NotFound for anything else."""
    case = open_for_change(unit, ask.case)
    role = acting(unit, case, "ask_field")
    task = next((one for one in _open(unit, case) if one.id == ask.task), None)
    if task is None:
        raise NotFound("task")
    approvals.settle_task(unit, task.id, "ended")
    case = journal.append(unit, case, "field_ended", role, items=(task.worker, task.id), reason_code=task.kind, ended=(task.id,))
    return done(task.id, case)


def check_log(role: str, body: Form) -> None:
    """Raise Invalid where somebody who traces and never assesses wrote more than the log of the tracing."""
    if role in ASKED_ROLES and isinstance(body, OptionSheet) and (faults := tuple(beyond_the_log(body))):
        raise Invalid(*faults)


def fulfil(brought: Consequences, case: CaseRow, form: str) -> None:
    """Close what the caller was asked and has done now by signing a form: nobody else's."""
    _settle(brought, case, form, form)


def fulfil_check(brought: Consequences, case: CaseRow, form: str) -> None:
    """Close the check that the caller was asked for and has done now by verifying a sheet."""
    if form == CHECKED:
        _settle(brought, case, "", "verified")


def _settle(brought: Consequences, case: CaseRow, by: str, how: str) -> None:
    unit = brought.unit
    mine = [one for one in _open(unit, case) if one.worker == unit.call.who.person and FIELD_WORK[one.kind] == by]
    approvals.settle(unit, mine, dict.fromkeys(FIELD_WORK, how))
    brought.ended += (one.id for one in mine)


def _open(unit: Unit, case: CaseRow) -> tuple[approvals.TaskRow, ...]:
    return tuple(one for one in approvals.tasks_of(unit, case.id) if one.kind in FIELD_WORK and one.settled_at is None)


def places_of(unit: Unit, case: CaseRow) -> tuple[str, frozenset[str]]:
    """Return the district where the child is at home ("" if none is entered), and those where the child lives: there, or in a house."""
    home = registers.child_of_case(unit, case.id).district_code or ""
    return home, field.house_districts(unit, case.id) | ({home} - {""})


def _out_of_place(ask: AskField, district: str, lives: frozenset[str], everybody: tuple[Officer, ...]) -> Iterator[Reason]:
    """A TKSK or PSM works in their own district (DOMAIN 4), and a home is visited where the child lives."""
    works = [one for one in everybody if one.id == ask.person]
    there = [one for one in everybody if district_of(one.area) == district]
    if not any(one in there for one in works):
        yield other_district(works[0].name, [one.area for one in works], district, [one.name for one in there])
    if ask.kind == VISIT and lives and district not in lives:
        yield visit_elsewhere(district, lives)


def _due(unit: Unit, by: str) -> tuple[datetime, list[Fault]]:
    """Return the end of the day that was named, and what is wrong with that day."""
    today = unit.call.at.astimezone(WITA).date()
    last = today + timedelta(days=FARTHEST_DAYS)
    try:
        wanted = date.fromisoformat(by)
    except ValueError:
        wanted = date.min
    faults = [] if today <= wanted <= last else [Fault("$.by", _DAY)]
    return datetime.combine(wanted, LAST_MINUTE, WITA), faults
