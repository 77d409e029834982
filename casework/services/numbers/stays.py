"""Stays: episodes of one child that follow each other without a day at home are one stay, whoever the carer was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from casework.store import numbers
from casework.store.instants import from_text
from casework.store.placements import midnight
from casework.store.statements import as_list
from casework.store.unit import Unit

INSTITUTION = ("institutional_care", "institution_unverified")
EMERGENCY = ("emergency_care",)
HELD = "reserved"
LISTED = "institution_unverified"
"""Where a child who lived in an institution before the office began stands at first: to be registered is no admission (DOMAIN 7.1.5)."""


class Stay(msgspec.Struct, frozen=True, kw_only=True):
    """One stay. `again`: the child had stayed so before. `host` is the last carer, if a host.

    `existing`: the child was there already when it was registered: that was no admission.
    """

    child: str
    host: str
    started_at: datetime
    ended_at: datetime | None
    existing: bool
    again: bool

    def days(self, at: datetime) -> int:
        """Return how many days it has lasted."""
        return ((self.ended_at or at) - self.started_at).days


def stays_of(unit: Unit, office: str, states: tuple[str, ...], at: datetime) -> tuple[Stay, ...]:
    """Return every stay in these states that the cases of an office tell of."""
    return tuple(_joined(unit.ask(numbers.STAYS, office=office, states=as_list(states)), at))


def _joined(rows: Iterable[Any], at: datetime) -> Iterator[Stay]:
    stay: Stay | None = None
    today = midnight(at)
    for row in rows:
        began, ended = from_text(row.started_at), _ended(row, today)
        if stay is not None and stay.child == row.child_id and (stay.ended_at is None or began <= stay.ended_at):
            stay = msgspec.structs.replace(stay, host=row.host_id or "", ended_at=ended)
            continue
        again = stay is not None and stay.child == row.child_id
        if stay is not None:
            yield stay
        stay = Stay(
            child=row.child_id,
            host=row.host_id or "",
            started_at=began,
            ended_at=ended,
            existing=row.state == LISTED,
            again=again,
        )
    if stay is not None:
        yield stay


def _ended(row: Any, today: str) -> datetime | None:
    """Return when an episode ended; a bed that is held does at the end of the last day for which it is."""
    over = row.ended_at and (row.status != HELD or row.ended_at < today)
    return from_text(row.ended_at) if over else None
