"""The trail of offices, sifted: by person, case, kind, outcome, time and office, newest first, from where the page before ended.

Each question walks one index backwards and stops when its page is full; what no index holds is looked at on the way.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from itertools import product
from typing import Any, Literal, TypeAlias

import msgspec
from sqlalchemy import Column, ColumnElement, Table, TextClause, bindparam, exists, or_, select, text, tuple_

from casework.store.instants import to_text
from casework.store.schema import account, actor_event, assignment, care_case, event, person
from casework.store.schema.journal import READ, TRIED
from casework.store.statements import Query, as_list, aside, listed
from casework.store.streams import SYSTEM
from casework.store.trail import FIRST_SEQ, PAGE, Stored, as_stored, told_of
from casework.store.unit import Unit

Outcome: TypeAlias = Literal["", "done", "refused", "read"]
LOOKS = ("opened", "searched")
REFUSALS = ("refused", "sign_in_refused")
"""The kinds of entry that tell of an attempt that was turned away."""
Place: TypeAlias = tuple[str, str, int]
"""Where a page begins: before (recorded at, stream, number)."""
FIRST: Place = ("9999", "", 0)
_LAST_KEY = "z" * 40
"""Behind the id of every case and account."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader of the trail asks for; empty means any. `person` and `case` are ids; `since` is in, `until` is out.

    Mere looks (readings.py) are told only to who asks for them: by their kind, or as the outcome `read`.
    """

    kind: str = ""
    outcome: Outcome = ""
    person: str = ""
    case: str = ""
    since: datetime | None = None
    until: datetime | None = None


def sifted(unit: Unit, offices: frozenset[str] | None, wanted: Wanted, place: Place = FIRST) -> Iterator[Stored]:
    """Yield the entries of some offices, newest first: their cases, and what their people did or tried outside a case.

    `offices` None means all of it, sign-ins by nobody known and the terminal's acts too. What the system put in force concerns every
    office.
    """
    if wanted.until is not None:
        place = min(place, (to_text(wanted.until), "", 0))
    values = {name: getattr(wanted, name) for name in ("person", "case") if getattr(wanted, name)}
    if wanted.since is not None:
        values["since"] = to_text(wanted.since)
    if offices is not None:
        values["offices"] = as_list(offices)
    asked = [(query, values | more, prefix) for query, more, prefix in _sources(unit, wanted, frozenset(values))]
    if len(asked) == len({query for query, _, _ in asked}):
        begun = {name: value for _, given, prefix in asked for name, value in (given | _from(place, prefix)).items()}
        unit.gather(*(query for query, _, _ in asked), **begun)
    sources = [_walk(unit, query, given, place, prefix) for query, given, prefix in asked]
    return heapq.merge(*sources, key=place_of, reverse=True)


def place_of(stored: Stored) -> Place:
    """Return where a page would end with this entry."""
    return to_text(stored.recorded_at), f"actor:{stored.account}" if stored.account else f"case:{stored.case}", stored.seq


def _sources(unit: Unit, wanted: Wanted, shape: frozenset[str]) -> Iterator[tuple[Query, dict[str, str], str]]:
    """Yield the questions that together answer one: of cases' own streams, and of persons' for each kind and account."""
    if wanted.outcome in {"", "done"} and wanted.kind not in {*LOOKS, *REFUSALS}:
        kind = {"kind": wanted.kind} if wanted.kind else {}
        yield of_cases(frozenset({*shape, *kind})), kind, "case"
    accounts = tuple(row.id for row in unit.ask(_ACCOUNTS, person=wanted.person)) if wanted.person else ("",)
    for kind_, held in product(_kinds(wanted), accounts):
        more = {name: value for name, value in (("kind", kind_), ("account", held)) if value}
        flags = {"looks" if kind_ in LOOKS else "tried", *(("done",) if wanted.outcome == "done" else ())}
        yield of_actors(frozenset({*shape, *more, *flags}) - {"person"}), more, "actor"


def _kinds(wanted: Wanted) -> tuple[str, ...]:
    """Return the kinds of entry that are looked for in the streams of persons, "" for any that is no mere look."""
    among = {"refused": REFUSALS, "read": LOOKS}.get(wanted.outcome)
    if among is not None:
        return tuple(kind for kind in among if wanted.kind in {"", kind})
    return () if wanted.outcome == "done" and wanted.kind in {*LOOKS, *REFUSALS} else (wanted.kind,)


def _walk(unit: Unit, query: Query, values: dict[str, Any], place: Place, stream: str) -> Iterator[Stored]:
    """Yield what a question finds in the streams of cases or actors, page by page, as far as somebody wants it."""
    while True:
        found = unit.ask(query, **values, **_from(place, stream))
        yield from (as_stored(row) for row in found)
        if len(found) <= PAGE:
            return
        place = place_of(as_stored(found[-1]))


def _from(place: Place, stream: str) -> dict[str, Any]:
    """Return where a page begins in the streams of cases or actors, as their question takes it."""
    moment, before, seq = place
    there, _, key = before.partition(":")
    if there != stream:
        key, seq = (_LAST_KEY, FIRST_SEQ) if there > stream else ("", 0)
    return {"moment": moment, f"{stream}_key": key, f"{stream}_seq": seq}


_ACCOUNTS = Query(select(account.c.id).where(account.c.person_id == bindparam("person")))
_HERE = exists().where(care_case.c.id == event.c.case_id, listed(care_case.c.office_id, "offices"))
_ABOUT_HERE = exists().where(care_case.c.id == actor_event.c.case_id, listed(care_case.c.office_id, "offices"))
_seat = select(assignment.c.account_id).where(
    assignment.c.account_id == actor_event.c.account_id, listed(assignment.c.office_id, "offices")
)
_SEATED_HERE = exists(_seat.correlate(actor_event).offset(0))  # asked entry by entry: PostgreSQL would read every seat beforehand
_OF_CASES = {"case": event.c.case_id, "person": event.c.actor, "kind": event.c.kind}
_OF_ACTORS = {"case": actor_event.c.case_id, "account": actor_event.c.account_id, "kind": actor_event.c.kind}
"""What is compared, the first that is asked for being what is sought by."""
ABOUT_AN_OFFICE = or_(_ABOUT_HERE, actor_event.c.case_id.is_(None) & or_(_SEATED_HERE, actor_event.c.account_id == SYSTEM))
"""Whether an entry of a person's stream concerns one of some `offices`: its case is of there, or it has none and whose it is has a seat."""
_BESIDE: dict[str, ColumnElement[bool] | TextClause] = {
    "offices": ABOUT_AN_OFFICE,
    "tried": text(TRIED),
    "done": actor_event.c.outcome == "done",
}


@cache
def of_cases(shape: frozenset[str]) -> Query:
    """Return the question about the entries of cases with these conditions: `case`, `person`, `kind`, `offices`, `since`."""
    return _newest(event, event.c.case_id.label("case"), shape, _OF_CASES, {"offices": _HERE})


@cache
def of_actors(shape: frozenset[str]) -> Query:
    """Return the question about persons' streams with these conditions: `case`, `account`, `kind`, `since`, and those of `_BESIDE`."""
    key = actor_event.c.account_id.label("account")
    about = [text("case_id IS NOT NULL"), *([text(READ)] if "looks" in shape else [])] if "case" in shape else []
    return _newest(actor_event, key, shape, _OF_ACTORS, _BESIDE, *about)


def _newest(
    table: Table, key: Any, shape: frozenset[str], compared: Mapping[str, Column[str]], beside: Mapping[str, Any], *more: Any
) -> Query:
    place = (table.c.recorded_at, key.element, table.c.seq)
    stream = "case" if table is event else "actor"
    before = tuple_(*place) < tuple_(bindparam("moment"), bindparam(f"{stream}_key"), bindparam(f"{stream}_seq"))
    named = [name for name in compared if name in shape]
    sought = [(aside(compared[name]) if name != named[0] else compared[name]) == bindparam(name) for name in named]
    since = [table.c.recorded_at >= bindparam("since")] if "since" in shape else []
    looked_at = [beside[name] for name in sorted(shape & beside.keys())]
    asked = select(*told_of(table), key).where(before, *sought, *since, *looked_at, *more)
    return Query(asked.order_by(*(column.desc() for column in place)).limit(PAGE + 1))


PEOPLE = Query(
    select(person.c.id, person.c.name)
    .distinct()
    .join(account, account.c.person_id == person.c.id)
    .join(assignment, assignment.c.account_id == account.c.id)
    .where(listed(assignment.c.office_id, "offices"))
    .order_by(person.c.name, person.c.id)
    .limit(500)
)
"""Whom a reader may choose: who has, or had, a seat in these offices."""


def people_of(unit: Unit, offices: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return the persons (id, name) who have, or had, a seat in one of these offices, by name."""
    return tuple((row.id, row.name) for row in unit.ask(PEOPLE, offices=as_list(offices)))
