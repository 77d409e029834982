"""What an official paper is made of: one signed record, the entry that signed it, and the names that its answers mean by id.

Nothing in it depends on who prints it or when: the same record, standing as it stands, gives the same paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from casework.errors import NotFound
from casework.ledger.event import decode_event
from casework.machines.forms import HOME, KINDS, TRACERS, AdmissionMinutes, Form, OptionSheet
from casework.services.children import ChildView, child_view
from casework.services.command import question
from casework.services.names import Names
from casework.services.seen import Seen, opening
from casework.services.sight import masks, may_open
from casework.store import cases, listing, people, placements, readings, records, registers, trail
from casework.store.records import RecordRow
from casework.store.unit import Unit
from casework.words import Words

Standing: TypeAlias = Literal["signed", "awaits", "countersigned", "superseded"]
"""How a record stands: `awaits` one that counts only once it is countersigned."""
CALLED = ("carer", "host", "giver", "receiver")
"""Fields of forms that name a relative, a host or a body by its id."""
INSTITUTIONS = frozenset({"lksa", "uptd"})
"""Kinds of host that are a last resort: their minutes say what was tried before."""
_TYPED = re.compile(r"([A-Z]{2,6}-\d{4}-\d{4,9})[/ ]+(\d{1,9})[/ ]+([0-9A-F]{4})-?([0-9A-F]{4,60})")


class Entered(msgspec.Struct, frozen=True):
    """The entry of the journal that signed a record: its number in the case's stream, its hash, when it was recorded, in which state."""

    seq: int
    hash: str
    at: datetime
    state: str = ""


class Tried(msgspec.Struct, frozen=True):
    """What was tried of one rung before a child came into an institution: when last, and how each attempt ended (a code of F05)."""

    rung: str
    on: datetime
    results: tuple[str, ...]


class Official(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that stands on a paper. `author_role` is a code, `called` the names that the answers mean by id, `version` the case's.

    `carer` is the name of the house or carer with whom the child lived when the record was signed.
    """

    case: str
    number: str
    version: int
    record: str
    body: Form
    standing: Standing
    child: ChildView
    dated: datetime
    author: str
    author_role: str
    countersigned_by: str
    countersigned_at: datetime | None
    entry: Entered
    replaces: Entered | None
    replaced_by: Entered | None
    called: dict[str, str]
    carer: str
    tried: tuple[Tried, ...]

    @property
    def form(self) -> str:
        """The code of its form."""
        return str(type(self.body).__struct_config__.tag)


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What the journal knows of a paper that somebody holds: which entry, of which day, of which form, and how its record stands now."""

    number: str
    seq: int
    hash: str
    at: datetime
    form: str
    title: Words
    standing: Standing


@opening("paper", lambda found, *_: Seen(found.case, (found.record,)))
def show_official(unit: Unit, case_id: str, record_id: str) -> Official:
    """Return what a record's official paper is made of. Raises NotFound: no such record, not for these eyes, or no paper of its form.

    Who may not know the child gets none: its name stands on it. The roof notes the read receipt (`open_evidence`) before it answers.
    """
    case = cases.get_case(unit, case_id)
    held = cases.capacities(unit, case)
    rows = {row.id: row for row in records.records_of(unit, case.id)}
    row = rows.get(record_id)
    own = row is not None and row.author == unit.call.who.person
    if row is None or masks(held) or not (own or may_open(held, row.form)) or not KINDS[row.form].paper:
        raise NotFound("record")
    entries = _entries(unit, case.id)
    after = next((one.id for one in rows.values() if one.supersedes == row.id), "")
    persons = {person for person in (row.author, row.countersigned_by) if person}
    with unit.over_everything():
        names = Names(unit, persons=people.names_of(unit, persons))
        lived = placements.lived_with(unit, case, entries[row.id].seq, entries[row.id].state)
        called = listing.carers_of(unit, frozenset((*_named(row.body), *filter(None, (lived,)))))
        tried = _tried(unit, row, rows.values())
    return Official(
        case=case.id,
        number=case.number,
        version=case.seq,
        record=row.id,
        body=row.body,
        standing=_standing(row.form, row.status),
        child=child_view(registers.get_child(unit, case.child_id), row.dated, hidden=False),
        dated=row.dated,
        author=names.person(row.author),
        author_role=row.author_role,
        countersigned_by=names.person(row.countersigned_by or ""),
        countersigned_at=row.countersigned_at,
        entry=entries[row.id],
        replaces=entries.get(row.supersedes or ""),
        replaced_by=entries.get(after),
        called={one: name for one, name in called.items() if one in {*_named(row.body)}},
        carer=called.get(lived, ""),
        tried=tried,
    )


def _entries(unit: Unit, case_id: str) -> dict[str, Entered]:
    """Return the entry that signed each record of a case, by the record's id."""
    stream = ((decode_event(stored.body), stored) for stored in trail.stream_of(unit, case_id))
    return {
        event.items[0]: Entered(one.seq, one.hash, one.recorded_at, event.dest) for event, one in stream if event.kind == "record_signed"
    }


def _standing(form: str, status: str) -> Standing:
    if status == "void":
        return "superseded"
    if status == "countersigned":
        return "countersigned"
    return "awaits" if KINDS[form].countersigner else "signed"


def _named(body: Form) -> Iterable[str]:
    ids = (getattr(body, field, "") for field in CALLED)
    return (one for one in ids if one and one != HOME)


def _tried(unit: Unit, row: RecordRow, rows: Iterable[RecordRow]) -> tuple[Tried, ...]:
    """Return what was tried of each rung, as the option sheets of the round said when the minutes were signed; nothing for other forms."""
    if not isinstance(row.body, AdmissionMinutes) or not _is_institution(unit, row.body.host):
        return ()
    by_then = [one for one in rows if one.signed_at and row.signed_at and one.signed_at <= row.signed_at]
    replaced = {one.supersedes for one in by_then}
    newest: dict[tuple[str, str], tuple[datetime, OptionSheet]] = {}
    for one in by_then:
        if isinstance(one.body, OptionSheet) and one.round == row.round and one.id not in replaced and one.author_role not in TRACERS:
            newest.setdefault((one.body.rung, one.body.candidate), (one.dated, one.body))
    rungs = ("nuclear", "kin", "foster", "guardianship", "adoption")
    sheets = {rung: [found for (named, _), found in newest.items() if named == rung] for rung in rungs}
    return tuple(
        Tried(rung, max(on for on, _ in found), tuple(dict.fromkeys(sheet.code or sheet.status for _, sheet in reversed(found))))
        for rung, found in sheets.items()
        if found
    )


def _is_institution(unit: Unit, host: str) -> bool:
    return registers.is_host(unit, host) and registers.host_row(unit, host).kind in INSTITUTIONS


@question
def check_official(unit: Unit, typed: str) -> Checked | None:
    """Return what the journal knows of the paper whose check code was typed or scanned, None where it knows no such paper.

    It says no more than the paper itself says, and whether its record still stands; so everybody who is signed in may ask.
    """
    told = _TYPED.search(typed.upper())
    if told is None:
        return None
    number, seq, first, rest = told.groups()
    with unit.over_everything():
        case = readings.named(unit, number)
        stored = trail.entry_of(unit, case.id, int(seq)) if case else None
        if stored is None or not stored.hash.startswith(f"{first}{rest}".lower()):
            return None
        event = decode_event(stored.body)
        stands = records.standing(unit, event.items[0]) if event.kind == "record_signed" else None
    if stands is None or not KINDS[stands[0]].paper:
        return None
    form, status = stands
    kind = KINDS[form]
    standing = _standing(form, status)
    return Checked(number=number, seq=stored.seq, hash=stored.hash, at=stored.recorded_at, form=form, title=kind.title, standing=standing)
