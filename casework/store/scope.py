"""Under which scope PostgreSQL's row-level security lets a transaction see case-bound rows. Unset means none at all.

A reading transaction sees what its actor's seats can concern: the second wall behind `cases.capacities`. A writing one sees everything and
is bound by the walls (triggers): one transaction may carry the commands of many actors. Guards judge over the whole record (another
office's case of the same child, the beds of a house), so facts are read under `whole`. SQLite has no such wall.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from casework.machines import policy
from casework.store.call import ASKED_ROLES, HOUSE_ROLES, RECEIVER_ROLES, Call, Who
from casework.store.driver import Driver
from casework.store.instants import to_text

Reach: TypeAlias = Literal["writer", "whole", "person"]

_WHOLE_ROLES = frozenset(role for role in policy.roles_in("appointed") if policy.may({role}, "find"))
"""Appointments that find the cases of every office."""


class Scope(msgspec.Struct, frozen=True):
    """How far a transaction sees. `offices`, `hosts` and `bodies` are ids, for the reach `person`.

    `asked` is a natural person who works in the field, and `now` the moment: they see the cases for which something is asked of them.
    """

    reach: Reach
    offices: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    asked: str = ""
    now: str = ""


WRITER = Scope("writer")
WHOLE = Scope("whole")


def is_whole(who: Who) -> bool:
    """Whether somebody reads every office's cases: an auditor."""
    return any(who.holds(role) for role in _WHOLE_ROLES)


def of(call: Call) -> Scope:
    """Return what the caller's seats can concern now."""
    who = call.who
    if is_whole(who):
        return WHOLE
    offices = {seat.office for seat in who.seats if seat.host is None and seat.role not in RECEIVER_ROLES | ASKED_ROLES}
    hosts = {seat.host for seat in who.seats if seat.host and seat.role in HOUSE_ROLES}
    bodies = {seat.body for seat in who.seats if seat.body and seat.role in RECEIVER_ROLES}
    asked = who.person if any(seat.role in ASKED_ROLES for seat in who.seats) else ""
    return Scope("person", tuple(sorted(offices)), tuple(sorted(hosts)), tuple(sorted(bodies)), asked, to_text(call.at))


def enter(driver: Driver, scope: Scope) -> None:
    """Put a scope in force until the transaction ends (SET LOCAL)."""
    driver.set_local(settings(scope))


def settings(scope: Scope) -> dict[str, str]:
    """Return what puts a scope in force. Ids hold no comma: they are made by `ids.new_id`."""
    ids = {"offices": scope.offices, "hosts": scope.hosts, "bodies": scope.bodies}
    told = {"casework.scope": scope.reach, "casework.asked": scope.asked, "casework.now": scope.now}
    return told | {f"casework.{name}": ",".join(those) for name, those in ids.items()}
