"""Where a child could live: the places that a step asks for, the nearest first, each with how many places are free."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from casework.errors import NotFound
from casework.machines.policy import may
from casework.services import captions
from casework.services.command import question
from casework.services.sight import is_errand, is_house, masks
from casework.services.steps import asked_of
from casework.store import cases, listing, placements, registers
from casework.store.cases import CaseRow
from casework.store.unit import MACHINES, Unit
from casework.words import Words

UNFIT = frozenset({"restricted", "suspended", "revoked", "expired"})
"""Standings of houses that take no child now, except where the law makes an exception: they stand behind the others."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """One place. `near` says how near, by its place in `NEAR`; `free` is None where it is not known how many children it may take.

    `other_faith`: its religion is not the child's, which the law asks of an institution and of a household alike.
    """

    id: str
    name: str
    kind: str
    status: str
    standing: Words
    near: int
    district: str
    religion: str
    other_faith: bool
    capacity: int
    free: int | None


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """The places that may be chosen for a step of a case, or to be asked for one (`trigger` is "")."""

    case: str
    number: str
    child: str
    trigger: str
    label: Words
    places: tuple[Place, ...]


@question
def places_for(unit: Unit, case_id: str, trigger: str = "") -> Places:
    """Return the places that a step could name, the nearest first.

    Raises NotFound for who chooses none, and for a step that asks for none.
    """
    case = cases.get_case(unit, case_id)
    held = cases.capacities(unit, case)
    asked = _asked(case, trigger)
    if asked is None or masks(held) or is_house(held) or is_errand(held) or not (trigger or may(held, "offer_place")):
        raise NotFound("place")
    kinds, label = asked
    rows = [row for row in listing.hosts_to_choose(unit, case_id) if row.kind in kinds]
    with unit.over_everything():
        lives = placements.children_in(unit, (row.id for row in rows), but=case.child_id)
    religion = registers.child_facts(unit, case_id).religion
    found = (_place(row, lives.get(row.id, 0), religion) for row in rows)
    about = listing.captions_of(unit, frozenset({case_id}))[case_id]
    ordered = sorted(
        found, key=lambda one: (one.near, one.status in UNFIT, one.other_faith, one.free == 0, kinds.index(one.kind), one.name)
    )
    return Places(case=case_id, number=about.number, child=about.child, trigger=trigger, label=label, places=tuple(ordered))


def _asked(case: CaseRow, trigger: str) -> tuple[tuple[str, ...], Words] | None:
    """Return the kinds of place that are chosen from, in the order in which the law prefers them, and for what."""
    if not trigger:
        return ("lksa",), Words("Tanyakan tempat ke LKSA", "Ask an institution for a place")
    row = MACHINES[case.machine, case.version].transition(case.state, trigger)
    kinds = of_register(asked_of(row)) if row else ()
    return (kinds, row.label) if row and kinds else None


def of_register(asks: Iterable[str]) -> tuple[str, ...]:
    """Return what of the things that a step asks for stands in the register of places."""
    return tuple(kind for kind in asks if kind in captions.HOST_KINDS)


def _place(row: Any, lives: int, religion: str) -> Place:
    return Place(
        id=row.id,
        name=row.name,
        kind=row.kind,
        status=row.status,
        standing=captions.host_status(row.status),
        near=row.near,
        district=row.district_code or "",
        religion=row.religion or "",
        other_faith=bool(row.religion) and row.religion != religion,
        capacity=row.capacity,
        free=max(row.capacity - lives, 0) if row.capacity else None,
    )
