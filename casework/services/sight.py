"""What a capacity lets somebody see of a case they may find: names, and which records."""

from __future__ import annotations

from casework.store.call import HOUSE_ROLES as HOUSE

HOUSE_FORMS = frozenset({"F02", "F08", "F09", "F10", "F11", "F12", "F15", "F16", "F20", "F21"})
"""What an institution may read of a child who lives there: never incidents (F17), assessments or option sheets."""


OFFICE = frozenset({"social_worker", "social_worker_on_duty", "supervisor", "dinas_head"})
"""Who works for the office: they alone read why a request was turned down."""


def masks(held: frozenset[str]) -> bool:
    """Whether names are reduced to initials: an auditor proves the trail and does not need to know the child (DOMAIN 4)."""
    return held <= {"auditor"}


def may_open(held: frozenset[str], form: str) -> bool:
    """Whether somebody with these capacities may read records of a form."""
    if masks(held):
        return False
    return form in HOUSE_FORMS if held <= HOUSE else True


def is_house(held: frozenset[str]) -> bool:
    """Whether somebody sees the case only as the institution where the child lives: never who reported what happened there."""
    return bool(held) and held <= HOUSE


HOUSE_TASKS: dict[str, frozenset[str]] = {"lksa_head": frozenset({"admission_minutes", "dinas_report", "identity_documents", "review"})}
"""What an institution has to do itself: sign the minutes (F11), write the reports, complete the child's papers (S8). All else is the
office's; that the police or Dinas was informed is not the institution's to confirm."""


def tasks_told(held: frozenset[str]) -> frozenset[str] | None:
    """Return the kinds of task that somebody hears of: an institution those its roles can do, everybody else all (None)."""
    return frozenset().union(*(HOUSE_TASKS.get(role, frozenset()) for role in held)) if is_house(held) else None


def may_supersede(held: frozenset[str], role: str, form: str, *, own: bool) -> bool:
    """Whether somebody who signs as `role` may replace a record of this form.

    An institution replaces only what it wrote itself, and nobody but the office an incident (F17) that somebody else reported.
    """
    if own:
        return True
    if form == "F17" and role not in OFFICE:
        return False
    return role not in HOUSE and may_open(held, form)
