"""Reads that leave an entry: who opened or found whom is journalled before the first word of the answer, or there is no answer.

The lists of an office are no such reads: a line of them says no more than membership of the office lets everybody know (TRUST 3).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Concatenate, Literal, ParamSpec, TypeAlias, TypeVar

import msgspec

from casework.errors import NotFound
from casework.machines import policy
from casework.machines.policy.terms import BROKEN
from casework.services.command import question
from casework.store import cases, journal
from casework.store.call import Call
from casework.store.store import Store
from casework.store.unit import Unit

R = TypeVar("R")
P = ParamSpec("P")

What: TypeAlias = Literal[
    "case",
    "journal",
    "record",
    "attachment",
    "paper",
    "form",
    "processes",
    "identity",
    "decision",
    "referral",
    "residents",
    "complaint",
    "trail",
    "readers",
    "exceptions",
    "past",
    "review",
    "glass",
    "data_request",
    "copy",
]
"""What was opened: the closed vocabulary of an entry's `reason_code`. `readers` is the answer to who saw something."""


class Seen(msgspec.Struct, frozen=True):
    """What a reader was shown: of which case, and the ids of what else. `role` is the capacity that let them, where it is known."""

    case: str = ""
    items: tuple[str, ...] = ()
    role: str = ""


Shows: TypeAlias = Callable[..., Seen]
"""Says what an answer showed, from the answer and everything that was asked with."""
Service: TypeAlias = Callable[Concatenate[Store, Call, P], R]


def opening(what: What, shows: Shows) -> Callable[[Callable[Concatenate[Unit, P], R]], Service[P, R]]:
    """Make a service of a reading function whose answer tells of a child.

    Whoever asks for a case that is not theirs is told that there is none, and that they tried is journalled.
    """
    return lambda ask: _noting("opened", what, shows, ask)


def searching(shows: Shows) -> Callable[[Callable[Concatenate[Unit, P], R]], Service[P, R]]:
    """Make a service of a search: whom it found is journalled, never what was typed."""
    return lambda ask: _noting("searched", "", shows, ask)


def of_case(_answer: object, case_id: str, *_more: object, **_named: object) -> Seen:
    """Show what stands in the case that was asked for first."""
    return Seen(case_id)


def of_item(_answer: object, item: str, *_more: object, **_named: object) -> Seen:
    """Show one thing that was asked for by its id."""
    return Seen(items=(item,))


def _noting(kind: Literal["opened", "searched"], what: str, shows: Shows, ask: Callable[Concatenate[Unit, P], R]) -> Service[P, R]:
    plain = question(ask)

    def service(store: Store, call: Call, /, *rest: P.args, **named: P.kwargs) -> R:
        try:
            found = plain(store, call, *rest, **named)
        except NotFound:
            store.carry_out(call, partial(_turned_away, what, str(rest[0]) if rest else ""))
            raise
        store.carry_out(call, partial(_note, kind, what, shows(found, *rest, **named)))
        return found

    service.__name__, service.__doc__ = ask.__name__, ask.__doc__
    return service


def _note(kind: Literal["opened", "searched"], what: str, seen: Seen, unit: Unit) -> None:
    broken = seen.case in unit.call.who.glass
    role = BROKEN if broken else seen.role or min((seat.role for seat in unit.call.who.seats), default="")
    unit.policy = policy.named(policy.rule(BROKEN, "open_case").rule) if broken else unit.policy
    about = cases.cases_by_id(unit, [seen.case]).get(seen.case) if seen.case and unit.call.who.delegations else None
    journal.append_for_actor(unit, kind, role=role, case_id=seen.case, about=about, items=seen.items, reason_code=what)


def _turned_away(what: str, asked_for: str, unit: Unit) -> None:
    if cases.is_case(unit, asked_for):
        journal.append_for_actor(unit, "refused", refused=True, case_id=asked_for, reason_code=f"open_{what}", codes=("not_found",))
