"""The children whom one institution listed, as one worklist: what each still lacks, who can be asked for, who can be registered now.

Nothing is filled in for anybody: a child is ready when a person has seen it alone, and signed what they saw (DOMAIN 7.1.5).
"""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

import msgspec

from casework.errors import NotFound, Reason
from casework.machines.facts import Subject
from casework.machines.forms import KINDS
from casework.machines.policy import ruled
from casework.services.access import seats
from casework.services.children import initials
from casework.services.names import names_for
from casework.services.residents import TRIGGER
from casework.services.seen import Seen, opening
from casework.services.sight import masks
from casework.services.steps import Step, step_named
from casework.store import cases, listed, registers
from casework.store.facts import read_snapshot
from casework.store.listed import ListedCase
from casework.store.unit import MACHINES, Unit
from casework.words import Words

MOST = 50
"""Children that one page works out; who is registered leaves the list."""
Standing: TypeAlias = Literal["lacking", "ready", "waiting", "approved"]


class ListedChild(msgspec.Struct, frozen=True, kw_only=True):
    """A child on an institution's list. `forms` are those that the caller can fill in for what is missing.

    `lacking`: something is to be done; `ready`: approvals can be asked for; `waiting`: they are asked for; `approved`: both are given.
    `mine`: this caller may ask and register.
    """

    case: str
    number: str
    child: str
    since: date
    worker: str
    label: Words
    standing: Standing
    missing: tuple[Reason, ...]
    forms: tuple[str, ...]
    mine: bool


class ListedChildren(msgspec.Struct, frozen=True, kw_only=True):
    """The children of an institution's list who are not registered yet. `more` of them are not shown."""

    host: str
    name: str
    version: int
    children: tuple[ListedChild, ...]
    more: int


@opening("residents", lambda view, host_id: Seen(items=(host_id, *(one.case for one in view.children))))
def show_listed(unit: Unit, host_id: str) -> ListedChildren:
    """Return the children whom this institution listed and whose cases are the caller's. Raises NotFound for who has none."""
    who = unit.call.who
    if ruled(seats(unit), "open_host").verdict != "allow":
        raise NotFound("host")
    host = registers.host_row(unit, host_id)
    waiting = listed.listed_by(unit, host_id, cases.offices_seen(who, unit.call.at))
    shown = tuple(_child(unit, one) for one in waiting[:MOST])
    return ListedChildren(host=host_id, name=host.name, version=host.revision, children=shown, more=len(waiting) - len(shown))


def _child(unit: Unit, one: ListedCase) -> ListedChild:
    snapshot = read_snapshot(unit, one.row)
    names, held = names_for(unit, snapshot), snapshot.facts.ask.capacities
    step = step_named(snapshot, names, TRIGGER, Subject(host=one.told.host))
    name = registers.get_child(unit, one.row.child_id).name
    wanted = dict.fromkeys(code for reason in step.missing for code in reason.where if code in KINDS)
    return ListedChild(
        case=one.row.id,
        number=one.row.number,
        child=initials(name) if masks(held) else name,
        since=one.told.since,
        worker=names.person(one.row.assigned_to or ""),
        label=MACHINES[one.row.machine, one.row.version].states[one.row.state].label,
        standing=_standing(step),
        missing=step.missing,
        forms=tuple(code for code in wanted if held & {*KINDS[code].signers}),
        mine=step.may_ask,
    )


def _standing(step: Step) -> Standing:
    if step.possible or (step.request is not None and step.request.status == "approved" and not step.missing):
        return "approved"
    if step.request is not None and step.request.open:
        return "waiting"
    return "lacking" if step.missing else "ready"
