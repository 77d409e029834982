"""Finding children: by number at once, by name through the grams that a typed name shares with the names in the register.

Nothing here compares names: it returns the children that share the most grams, within what the caller may see, and services/search.py
ranks them by their names. Common grams are not asked for while rarer ones are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, Connection, Row, Text, bindparam, case, func, literal, or_, select

from casework.errors import Unavailable
from casework.store import blind
from casework.store.blind import Findable, rows_for
from casework.store.cases import KNOWN, Known
from casework.store.keys import fingerprint
from casework.store.schema import care_case, child, child_gram, child_key, search_key
from casework.store.spelling import WHOLE, grams_of, words
from casework.store.statements import Change, Query, as_list, listed
from casework.store.unit import Unit

__all__ = ["Findable", "index_children", "rows_for"]

MOST_GRAMS = 24
"""Grams of one search: what is typed beyond them is compared, not looked up."""
MOST_WHOLE = 6
COMMON = 4_000
"""A gram is counted no further."""
ENOUGH = 12_000
"""Rows of the index that one search reads, unless even its rarest grams have more."""
AT_LEAST = 3
"""Grams that are asked for in any case: with fewer, one mistake could hide a name."""
ONE_MORE_OF = 8
"""Of each so many grams that are looked up one more must be shared: a mistake takes five of a word at most, its whole among them, and a
name that is like enough to be shown keeps more than one in eight."""
CANDIDATES = 300
"""Children whose names are compared in one search: those with the most grams in common."""
_WHOLE_WEIGHS = 4
"""A word that is shared whole counts for so many grams."""

_FORGET_GRAMS = Change(child_gram.delete().where(child_gram.c.child_id == bindparam("whose")))
_FORGET_KEY = Change(child_key.delete().where(child_key.c.child_id == bindparam("whose")))
_ADD_GRAM = Change(child_gram.insert())
_ADD_KEY = Change(child_key.insert())
_TAKE_KEY = Change(search_key.insert().values(id=1, complete=0, fingerprint=bindparam("taken")))
_LEAVE_UNFINISHED = Change(search_key.update().where(search_key.c.complete == 1).values(complete=0))
IN_FORCE = Query(select(search_key.c.fingerprint))


def index_children(place: Unit | Connection, children: Iterable[Findable], key: bytes | None = None) -> None:
    """Write what children are found by, in place of what was written before, in the same transaction as their names.

    In a unit the key is the store's; whoever writes many children past a unit names it. A store without a key leaves its children to be
    indexed by the next program that has one. Raises Unavailable when the key is not the one in force.
    """
    found = list(children)
    if isinstance(place, Connection):
        if key is None:
            raise TypeError("a connection knows no key: name it")
        blind.index(place, key, found)
        return
    if place.store.search_key is None:
        place.put(_LEAVE_UNFINISHED, {})
        return
    own = place.store.search_key()
    if (in_force := _in_force(place, own)) is None:
        place.put(_TAKE_KEY, {"taken": fingerprint(own)})
    _write(place, rows_for(own, found), again=in_force is not None)


def _write(unit: Unit, rows: blind.Rows, *, again: bool) -> None:
    if again:
        whose = [{"whose": row["child_id"]} for row in rows.keys]
        unit.put(_FORGET_GRAMS, *whose)
        unit.put(_FORGET_KEY, *whose)
    unit.put(_ADD_GRAM, *rows.grams)
    unit.put(_ADD_KEY, *rows.keys)


def _in_force(unit: Unit, key: bytes) -> str | None:
    found = unit.ask(IN_FORCE)
    if not found:
        return None
    if found[0].fingerprint != fingerprint(key):
        raise Unavailable("the search key is no longer the one in force: start the program again")
    return str(found[0].fingerprint)


def key_of(unit: Unit) -> bytes:
    """Return the key to search with. Raises Unavailable when there is none or it is not the one in force."""
    if unit.store.search_key is None:
        raise Unavailable("this program was given no search key")
    key = unit.store.search_key()
    _in_force(unit, key)
    return key


def _binds(name: str, number: int) -> list[ColumnElement[Any]]:
    return [bindparam(f"{name}{place}", type_=BigInteger) for place in range(number)]


def _counted(gram: ColumnElement[Any]) -> Any:
    some = select(literal(1)).where(child_gram.c.gram == gram).limit(COMMON).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


FREQUENCIES = Query(select(*(_counted(gram).label(f"f{place}") for place, gram in enumerate(_binds("g", MOST_GRAMS)))))
"""How many children have each gram, counted up to COMMON: the index alone is read."""

_weight = func.count() + _WHOLE_WEIGHS * func.sum(case((child_gram.c.gram.in_(_binds("w", MOST_WHOLE)), 1), else_=0))


_sharing = (
    select(child_gram.c.child_id, _weight.label("shared"))
    .where(child_gram.c.gram.in_(_binds("g", MOST_GRAMS)))
    .group_by(child_gram.c.child_id)
    .having(func.count() >= bindparam("least", type_=BigInteger))
)
"""The children that share `least` grams, with how much they do."""


class Sought(msgspec.Struct, frozen=True):
    """A typed name as the index is asked for it: the values of the grams to look up. Empty when nothing was typed that has any."""

    values: dict[str, int]


def sought(unit: Unit, name: str) -> Sought:
    """Return what to look up for a typed name: its rarest grams, as many as are needed and can be afforded."""
    key = key_of(unit)
    typed = [grams_of(word) for word in words(name)]
    first = list(dict.fromkeys(gram for turn in zip_longest(*typed) for gram in turn if gram))[:MOST_GRAMS]
    stored = {gram: blind.gram_key(key, gram) for gram in first}
    (counted,) = unit.ask(FREQUENCIES, **_padded("g", [*stored.values()], MOST_GRAMS))
    often = dict(zip(first, counted, strict=False))
    chosen = list(_affordable(typed, often))
    if not chosen:
        return Sought({})
    complete = [stored[gram] for gram in first if gram.startswith(WHOLE)][:MOST_WHOLE]
    looked_up, least = [stored[gram] for gram in chosen], 1 + len(chosen) // ONE_MORE_OF
    return Sought(_padded("g", looked_up, MOST_GRAMS) | _padded("w", complete, MOST_WHOLE) | {"least": least})


def _affordable(typed: list[list[str]], often: dict[str, int]) -> Iterator[str]:
    """Yield the grams to look up: the rarest of each word in turn, until enough rows would be read."""
    rarest = [sorted((gram for gram in {*word} if often.get(gram)), key=lambda gram: (often[gram], gram)) for word in typed]
    rows = 0
    for place, gram in enumerate(dict.fromkeys(gram for turn in zip_longest(*rarest) for gram in turn if gram)):
        rows += often[gram]
        if place >= AT_LEAST and rows > ENOUGH:
            return
        yield gram


def _padded(name: str, numbers: list[int], length: int) -> dict[str, int]:
    """Fill the places that are not needed with a number that no gram has, so that the statement stays the same."""
    return {f"{name}{place}": number for place, number in enumerate([*numbers, *[0] * length][:length])}


_most = _sharing.order_by(_weight.desc(), child_gram.c.child_id.desc()).limit(CANDIDATES).subquery("most")
CHILDREN = Query(select(child.c.id, child.c.name, child.c.alias).join(_most, _most.c.child_id == child.c.id))
"""The children of the whole register that share the most grams."""

_nik, _kk = bindparam("nik", type_=BigInteger), bindparam("kk", type_=BigInteger)
NUMBERED = Query(select(child_key.c.child_id).where(or_(child_key.c.nik == _nik, child_key.c.kk == _kk)).limit(CANDIDATES))
"""The children with a NIK, or on a family card."""


def children_named(unit: Unit, name: str) -> list[Row[Any]]:
    """Return (id, name, alias) of the children of the whole register that share the most grams with a typed name."""
    found = sought(unit, name)
    return unit.ask(CHILDREN, **found.values) if found.values else []


def children_numbered(unit: Unit, number: str, *, cards: bool = False) -> frozenset[str]:
    """Return the ids of the children with this NIK; with `cards`, of those on this family card too."""
    key = key_of(unit)
    nik = blind.number_key(key, "nik", number)
    if nik is None:
        return frozenset()
    kk = blind.number_key(key, "kk", number) if cards else None
    return frozenset(row.child_id for row in unit.ask(NUMBERED, nik=nik, kk=0 if kk is None else kk))


def _named_within(seen: ColumnElement[bool]) -> Query:
    """The scope comes before the limit, the names after it: what is not the caller's takes no place, and few names are read."""
    sharing = _sharing.subquery("sharing")
    most = (
        select(care_case.c.id, care_case.c.child_id)
        .join(sharing, sharing.c.child_id == care_case.c.child_id)
        .where(seen)
        .order_by(sharing.c.shared.desc(), care_case.c.id.desc())
        .limit(CANDIDATES)
        .subquery("most")
    )
    return Query(select(most.c.id.label("case_id"), child.c.name, child.c.alias).join(child, child.c.id == most.c.child_id))


_of_children, _with_number = listed(care_case.c.child_id, "children"), listed(care_case.c.number, "numbers")
NAMED = {kind: _named_within(seen) for kind, seen in KNOWN.items()}
OF_CHILDREN = {kind: Query(select(care_case.c.id).where(_of_children, seen)) for kind, seen in KNOWN.items()}
WITH_NUMBER = {kind: Query(select(care_case.c.id).where(_with_number, seen)) for kind, seen in KNOWN.items()}
"""The cases that somebody may know: by their child's name, by their child, by their number."""
ANY_WITH_NUMBER = Query(select(care_case.c.id).where(_with_number))


def cases_named(unit: Unit, name: str, known: Known) -> list[Row[Any]]:
    """Return (case_id, name, alias) of the known cases whose child shares the most grams with a typed name."""
    found = sought(unit, name)
    return unit.ask(NAMED[known.kind], **found.values, **known.values) if found.values else []


def cases_of(unit: Unit, children: frozenset[str], known: Known) -> list[str]:
    """Return the ids of the known cases of these children."""
    return [row.id for row in unit.ask(OF_CHILDREN[known.kind], children=as_list(children), **known.values)] if children else []


def cases_numbered(unit: Unit, numbers: Iterable[str], known: Known | None) -> list[str]:
    """Return the ids of the cases (of those known, or None of all) that have one of these numbers."""
    query, values = (WITH_NUMBER[known.kind], known.values) if known else (ANY_WITH_NUMBER, {})
    return [row.id for row in unit.ask(query, numbers=as_list(numbers), **values)]


NAMES = Query(
    select(child.c.name, child.c.alias)
    .join(care_case, care_case.c.child_id == child.c.id)
    .where(care_case.c.id == bindparam("case_id", type_=Text))
)


def names_of_case(unit: Unit, case_id: str) -> tuple[str, ...]:
    """Return the names that a case's child is known by; none when there is no such case."""
    return tuple(name for row in unit.ask(NAMES, case_id=case_id) for name in row if name)
