"""Newer versions of the rules, for those who ask for a migration and decide: what is open by an older one, and what would change."""

from __future__ import annotations

import msgspec

from casework.machines.book import by_version
from casework.services.access import offices_for, passed
from casework.services.command import question
from casework.services.migrations import label_of, looked_at, machine_named, open_by_older, seats_in
from casework.services.passings import Passing
from casework.store import people
from casework.store.unit import Unit
from casework.words import Words

MOST = 50
"""What one page looks at; `casework migrate-cases --dry-run` looks at everything."""


class Newer(msgspec.Struct, frozen=True, kw_only=True):
    """A version into which something of an office may pass: `open` is how much runs by an older one."""

    machine: str
    label: Words
    version: int
    office: str
    office_name: str
    open: int


class Prospect(Newer, frozen=True, kw_only=True):
    """What passing over would mean: the first that are open, looked at one by one. `blocked` counts those that would stay."""

    passings: tuple[Passing, ...]
    blocked: int


@question
def list_newer(unit: Unit) -> tuple[Newer, ...]:
    """Return the newer versions into which something that the caller's offices have open may pass."""
    offices = sorted(offices_for(unit, "request_migration"))
    newer = [key for key, machine in by_version().items() if machine.definition.migrates]
    found = (_newer(unit, name, version, office) for office in offices for name, version in newer)
    return tuple(one for one in found if one.open)


@question
def look_ahead(unit: Unit, machine: str, version: int, office: str) -> Prospect:
    """Return what passing into a version would mean for what an office has open. Changes nothing. Raises Invalid, NotFound or Refusal."""
    passed(unit, seats_in(unit, office), "request_migration")
    newer = machine_named(machine, version)
    items = open_by_older(unit, newer, office)
    with unit.over_everything():
        passings = tuple(looked_at(unit, newer, subject) for subject, _ in items[:MOST])
    told = msgspec.structs.asdict(_newer(unit, machine, version, office))
    return Prospect(**told, passings=passings, blocked=sum(bool(one.blocked) for one in passings))


def _newer(unit: Unit, name: str, version: int, office: str) -> Newer:
    return Newer(
        machine=name,
        label=label_of(name),
        version=version,
        office=office,
        office_name=people.office_name(unit, office),
        open=len(open_by_older(unit, machine_named(name, version), office)),
    )
