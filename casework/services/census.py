"""The census of 7.1.5: children on an institution's list are registered, one unit of work each; nothing is claimed that nobody saw.

A listed child has a case in `reported` with the list's own words on its F01. The child seen alone, the safety screen, the personal data,
the proofs and both approvals remain to be done by people; so does the search for duplicates that a worker signs.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

import msgspec

from casework.errors import Fault, Invalid, NotFound, Refusal
from casework.machines.facts import WITA
from casework.machines.forms import Intake, Religion
from casework.machines.guards.evidence import PARENTS
from casework.machines.policy import may
from casework.services.access import seated, seats
from casework.services.captions import relation_code
from casework.services.cases import NewChild, RegisterCase, open_case
from casework.services.command import Saved, command, done, question
from casework.services.refusals import already_settled
from casework.services.registers import Text
from casework.store import answers, cases, journal, people, registers, search
from casework.store.cases import CaseRow
from casework.store.keys import SearchKey, hashed
from casework.store.registers import ChildRow
from casework.store.spelling import fold, likeness
from casework.store.unit import Unit
from casework.words import Words

SAME = 850
"""Of 1,000: how alike two names must be, each read against the other, to be one child's when the day of birth is the same."""


class ListedRelative(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A member of the family as a list names them."""

    name: Text
    relation: Text
    degree: Literal[1, 2, 3]
    status: Literal["alive", "dead", "unknown", "missing", "prison", "migrant_worker"] = "unknown"
    religion: Religion = "unknown"
    address: str | None = None
    phone: str | None = None


class RegisterListed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Register a child whom an institution lists, with its family. The F01 says what the list told (`listed`)."""

    intake: Intake
    child: NewChild
    relatives: tuple[ListedRelative, ...] = ()


@command(Saved)
def register_listed(unit: Unit, ask: RegisterListed) -> Saved:
    """Register a listed child: case, F01 and family in one unit. Raises Refusal, Invalid, or NotFound for an unknown institution."""
    role = seated(unit, "bring_census")
    listed = ask.intake.listed
    if listed is None:
        raise Invalid(Fault("$.intake.listed", Words("Sebutkan apa kata daftar LKSA.", "Say what the institution's list tells.")))
    registers.host_row(unit, listed.host)
    if listed.since >= unit.call.happened_at.astimezone(WITA).date():
        words = Words("Anak harus sudah tinggal di sana sebelum hari ini.", "The child must have lived there before today.")
        raise Invalid(Fault("$.intake.listed.since", words))
    _only_once(unit, role)
    case = open_case(unit, RegisterCase(intake=ask.intake, child=ask.child), role)
    for place, one in enumerate(ask.relatives):
        case = _enter(unit, case, one, role, f"$.relatives[{place}].degree")
    return done(case.id, case)


def _only_once(unit: Unit, role: str) -> None:
    """Two people who bring the same list in at the same time bring each child in once. Raises Refusal for the later one."""
    key = unit.call.through.key
    office = next(seat.office for seat in unit.call.who.seats if seat.role == role)
    unit.lock(f"{office}:{key}")
    if key and answers.kept_in_office(unit, office, (key,)):
        raise Refusal((already_settled(Words("Baris ini sudah dimasukkan.", "This row was brought in already.")),))


def _enter(unit: Unit, case: CaseRow, one: ListedRelative, role: str, path: str) -> CaseRow:
    relation = relation_code(one.relation)
    if relation in PARENTS and one.degree != 1:
        raise Invalid(Fault(path, Words("Orang tua adalah derajat 1.", "A parent is of degree 1.")))
    columns = msgspec.structs.asdict(one) | {"relation": relation}
    relative_id = registers.add_relative(unit, case.child_id, **columns)
    return journal.append(unit, case, "relative_added", role, items=(relative_id,))


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """A child as far as two descriptions of it can be compared. `born` is the exact day, None where it is not known to the day."""

    name: str
    born: date | None = None
    nik: str = ""
    kk: str = ""
    mother: str = ""


Sameness = Literal["nik", "card", "birth", "name"]
"""Why two descriptions may be one child's: the NIK; family card, name and birth; birth and a like name; a like name and mother."""


def same_child(one: Described, other: Described) -> Sameness | None:
    """Return why two descriptions may be of one child, the surest reason first (DOMAIN 2.12), or None. Only `name` is a mere guess."""
    if one.nik and one.nik == other.nik:
        return "nik"
    alike = min(likeness(one.name, other.name), likeness(other.name, one.name))
    if alike < SAME:
        return None
    days = None if one.born is None or other.born is None else one.born == other.born
    mothers = None if not (one.mother and other.mother) else likeness(one.mother, other.mother) >= SAME
    if days and one.kk and one.kk == other.kk and fold(one.name) == fold(other.name):
        return "card"
    if one.nik and other.nik:
        return "name" if days or mothers else None
    if days and mothers is not False:
        return "birth"
    return "name" if days or (mothers and days is None) else None


class Twin(msgspec.Struct, frozen=True, kw_only=True):
    """A registered child that may be the one described. `number` is "" for a case that is not the caller's: ask `office`."""

    why: Sameness
    number: str
    office: str


@question
def likely_twins(unit: Unit, described: tuple[Described, ...]) -> tuple[tuple[Twin, ...], ...]:
    """Return for each description the registered children that it may be about: by NIK, card and name, or a like name (keyed grams)."""
    if not may(seats(unit), "bring_census"):
        raise NotFound("children")
    return tuple(tuple(_twins(unit, one)) for one in described)


def _twins(unit: Unit, one: Described) -> Iterable[Twin]:
    found = {*(search.children_numbered(unit, one.nik) if one.nik else ()), *(row.id for row in search.children_named(unit, one.name))}
    for row in registers.children_by_id(unit, found).values():
        why = same_child(one, described(row))
        if why is not None:
            case = cases.last_case_of(unit, row.id)
            seen = case is not None and bool(cases.capacities(unit, case))
            office = people.office_name(unit, case.office_id) if case else ""
            yield Twin(why=why, number=case.number if case and seen else "", office=office)


def described(row: ChildRow) -> Described:
    """Return a registered child as it is compared."""
    born = date.fromisoformat(row.born) if row.born and row.born_precision == "day" else None
    return Described(name=row.name, born=born, nik=row.nik or "", kk=row.kk or "", mother=row.mother_name or "")


@question
def brought_already(unit: Unit, office: str, lines: tuple[str, ...]) -> frozenset[str]:
    """Return which of these lines of a list somebody of the office has brought in: told by the key of their command, whoever sent it."""
    keys = {import_key(unit.store.search_key, line): line for line in lines} if unit.store.search_key else {}
    return frozenset(keys[key] for key in answers.kept_in_office(unit, office, tuple(keys)))


def import_key(search_key: SearchKey, line: str) -> str:
    """Return the idempotency key of a line of a list: a keyed hash, so that the journal shows no NIK and no name."""
    return f"import:{hashed(search_key(), 'import', line) & 0xFFFFFFFFFFFFFFFF:016x}"


class Window(msgspec.Struct, frozen=True):
    """Until when the census runs (T26); None where no day of going live is set."""

    until: date | None
    open: bool


@question
def census_window(unit: Unit) -> Window:
    """Return whether existing residents may still be registered without a breach, and until when."""
    began = unit.store.go_live
    if began is None:
        return Window(None, open=False)
    until = began + timedelta(days=unit.params.census_window_days)
    return Window(until, open=began <= unit.call.at.astimezone(WITA).date() <= until)
