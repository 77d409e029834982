"""What is so urgent that people are told of it where they are: which deadline or step, and whom (DOMAIN 2.3, 7.8, S7, S9).

A row here is all it takes: the message leaves with the entry that brought the thing about (decision 0018).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from casework.machines.engine import Machine
from casework.machines.roles import ROLES
from casework.machines.timers import TIMERS
from casework.words import Words

DECIDER = "decider"
"""Whoever decides: the role whose turn it is when the message leaves, never the one who asked."""
WORKER = "social_worker"
"""The worker to whom the case is assigned; while it is nobody's, every social worker of its office."""
TOLD: Mapping[str, Words] = {DECIDER: Words("pemutus yang mendapat giliran", "whoever decides next"), **ROLES}


class Urgent(msgspec.Struct, frozen=True):
    """`of` is a deadline (a parameter of `machines/timers.py`) that begins to run, or a step (`machine.trigger`) that was made."""

    of: str
    tells: tuple[str, ...]


URGENT: tuple[Urgent, ...] = (
    Urgent("emergency_ratify_hours", (DECIDER,)),
    Urgent("approval_urgent_hours", (DECIDER,)),
    Urgent("inform_dinas_hours", (WORKER, "supervisor")),
    Urgent("breach_notice_hours", ("data_protection_officer", "dinas_head")),
    Urgent("incident_triage_danger_hours", ("social_worker_on_duty", "supervisor")),
    Urgent("incident_triage_hours", (WORKER, "supervisor")),
    Urgent("incident_dinas_hours", ("supervisor", "dinas_head")),
    Urgent("death_head_hours", ("supervisor", "dinas_head")),
    Urgent("incident_police_hours", (WORKER, "supervisor", "dinas_head")),
    Urgent("incident_child_seen_hours", (WORKER, "supervisor")),
    Urgent("glass_review_workdays", ("dinas_head",)),
    Urgent("head_reminder_hours", ("dinas_head",)),
    Urgent("host_relocation_days", (WORKER, "supervisor", "dinas_head")),
    Urgent("complaint_look_danger_hours", ("social_worker_on_duty", "supervisor")),
    Urgent("referral.fall_silent", (WORKER, "supervisor")),
)
"""A runaway and a death are told as what they make due: the office and the police told, and the death's incident triaged."""

_TELLS: Mapping[str, tuple[str, ...]] = {row.of: row.tells for row in URGENT}


def tells(of: str) -> tuple[str, ...]:
    """Return whom a deadline or a step is urgent for: nobody, for most."""
    return _TELLS.get(of, ())


def words_of(of: str, machines: Mapping[str, Machine[Any]]) -> Words:
    """Return what is urgent, in words that say nothing about anybody."""
    name, _, trigger = of.partition(".")
    if not trigger:
        return next(timer.about for timer in TIMERS if timer.parameter == of)
    definition = machines[name].definition
    step = next(row.label for row in definition.transitions if row.trigger == trigger)
    about = definition.label or Words(name, name)
    return Words(f"{about.id}: {step.id}", f"{about.en}: {step.en}")


def urgent_faults(machines: Mapping[str, Machine[Any]]) -> Iterator[str]:
    """Yield every row that names no deadline, no step or no role, or tells nobody."""
    deadlines = {timer.parameter for timer in TIMERS}
    steps = {f"{name}.{row.trigger}" for name, machine in machines.items() for row in machine.definition.transitions}
    for row in URGENT:
        if row.of not in deadlines | steps:
            yield f"{row.of}: neither a deadline nor a step, so it cannot be urgent"
        if not row.tells:
            yield f"{row.of}: urgent for nobody"
        yield from (f"{row.of}: {role} is no role" for role in row.tells if role not in TOLD)
    told = [row.of for row in URGENT]
    yield from (f"{of}: urgent twice" for of in sorted({*told}) if told.count(of) > 1)
