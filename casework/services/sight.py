"""What a capacity lets somebody see of a case they may find: names, and which records. The policy says it; here it is asked."""

from __future__ import annotations

from casework.machines import policy
from casework.machines.complaint import TRIAGE
from casework.words import Words

INCIDENT = "F17"
UNNAMED = Words("nama dirahasiakan", "name kept confidential")
"""What stands where the name and the role of who reported an incident would."""


def masks(held: frozenset[str]) -> bool:
    """Whether names are reduced to initials: an auditor proves the trail and does not need to know the child (DOMAIN 4)."""
    return policy.ruled(held, "find").verdict in {"mask", "deny"}


def may_open(held: frozenset[str], form: str) -> bool:
    """Whether somebody with these capacities may read records of a form."""
    return policy.may(held, "open_record", form)


def may_know_author(held: frozenset[str], form: str, *, own: bool) -> bool:
    """Whether somebody may know who wrote a record: of an incident only who triages it, and who wrote it (DOMAIN 7.8)."""
    return form != INCIDENT or own or not held.isdisjoint(TRIAGE)


def is_house(held: frozenset[str]) -> bool:
    """Whether somebody sees the case only as the institution where the child lives: never who reported what happened there."""
    return policy.ruled(held, "read_deliberation").verdict == "mask"


def is_errand(held: frozenset[str]) -> bool:
    """Whether somebody sees of the case only what they were asked into the field for, and what they did themselves."""
    return not policy.may(held, "open_paper")


def tasks_told(held: frozenset[str]) -> frozenset[str] | None:
    """Return the kinds of task that somebody hears of: an institution those its roles can do, everybody else all (None)."""
    return policy.named_in(held, "hear_task")


def may_supersede(held: frozenset[str], role: str, form: str, *, own: bool) -> bool:
    """Whether somebody who signs as `role` may replace a record of this form.

    An institution replaces only what it wrote itself, and nobody but the office an incident (F17) that somebody else reported.
    """
    return own or (policy.may((role,), "supersede", form) and may_open(held, form))
