"""What a move brings with it, declared in its row and carried out in the same transaction by the services."""

from collections.abc import Iterator
from functools import cache
from typing import Literal, TypeAlias

import msgspec

PlacementType: TypeAlias = Literal["emergency", "kin", "foster", "guardian", "pre_adoption", "institution"]


_IN_CARE = (
    "contact",
    "birth_date",
    "leaving_care_plan",
    "leaving_care_final",
    "exit_after_18",
    "head_exit",
    "frequent_moves",
    "emergency_again",
)
_IN_AN_INSTITUTION = ("dinas_report", "permanency_decision", "permanency_review_18", "permanency_review_24")
_OF_THE_HOUSE = ("monthly_report",)
LEFT_BEHIND: dict[str, tuple[str, ...]] = {
    "reported": ("initial_assessment",),
    "initial_assessment": ("initial_assessment",),
    "comprehensive_assessment": ("comprehensive_assessment",),
    "care_planning": ("plan",),
    "emergency_care": (
        *("emergency_exit", "emergency_limit", "head_emergency", "emergency_capacity", "head_capacity", "plan", "initial_assessment"),
        *_IN_CARE,
    ),
    "family_care": ("contact",),
    "kinship_care": _IN_CARE,
    "foster_care": _IN_CARE,
    "guardianship": _IN_CARE,
    "pre_adoption_care": _IN_CARE,
    "institutional_care": (*_IN_CARE, *_IN_AN_INSTITUTION, *_OF_THE_HOUSE),
    "trial_home_stay": ("trial_decision", "emergency_exit", *_IN_CARE, *_IN_AN_INSTITUTION),
    "reintegration": ("contact",),
    "aftercare": ("aftercare_decision",),
    "institution_unverified": ("legacy_assessment", "legacy_decision", "head_legacy", *_IN_CARE, "dinas_report", *_OF_THE_HOUSE),
}
"""Tasks that end with the state that asked for them: leaving it settles them, so they do not stand in the way of leaving."""
_PLACED = ("review", "first_visit", "contact_plan")
ABOUT: dict[str, tuple[str, ...]] = {
    "emergency_care": _PLACED,
    "kinship_care": _PLACED,
    "foster_care": _PLACED,
    "guardianship": _PLACED,
    "pre_adoption_care": _PLACED,
    "institutional_care": (*_PLACED, "admission_minutes"),
    "institution_unverified": _PLACED,
    "trial_home_stay": (*_PLACED, "admission_minutes"),
    "family_care": ("monitoring_visit",),
    "reintegration": ("monitoring_visit",),
    "missing": ("missing_hold",),
}
"""Tasks about where the child lives: pointless once it lives elsewhere. Until then, what is due stands in the way of an end."""
MISSING = "missing"


def asked_by(state: str, missing_from: str) -> tuple[str, ...]:
    """Return the kinds of task that end with a state. While a child is missing, the clocks of the state it went missing from run on."""
    return LEFT_BEHIND.get(missing_from if state == MISSING else state, ())


@cache
def left_behind(source: str, dest: str, missing_from: str) -> tuple[str, ...]:
    """Return the kinds of task that a move settles: those of, and about, every state the child is not in any more.

    None on going missing, and none on coming back to where the child was before.
    """
    if dest in {MISSING, source} or (source == MISSING and dest == missing_from):
        return ()
    kept = {*LEFT_BEHIND.get(dest, ()), *ABOUT.get(dest, ())}
    ended = dict.fromkeys(kind for table in (LEFT_BEHIND, ABOUT) for kinds in table.values() for kind in kinds)
    return tuple(kind for kind in ended if kind not in kept)


class Start(msgspec.Struct, frozen=True, tag="start"):
    """The former placement, if any, ends and one with the carer named in the request starts (DOMAIN 7.0.4)."""

    placement: PlacementType
    decided: bool = True


class StartSame(msgspec.Struct, frozen=True, tag="start_same"):
    """The former placement ends; one of the same type starts with the host named in the request."""


class Reserve(msgspec.Struct, frozen=True, tag="reserve"):
    """The bed is held: the placement becomes `reserved` for the days the parameter `within` names."""

    within: str


class Resume(msgspec.Struct, frozen=True, tag="resume"):
    """The reserved placement becomes active again: the same episode, not a new one."""


class End(msgspec.Struct, frozen=True, tag="end"):
    """Every active or reserved placement ends, for `why`."""

    why: str


Since: TypeAlias = Literal["", "birth", "adult", "emergency", "institution"]
"""What a deadline is counted from (`machines/counting.py`): what asks for it (""), the child's birth or 18th birthday, or days spent
in emergency or institutional care before."""
ONCE: frozenset[Since] = frozenset({"birth", "adult", "institution"})
"""What is counted from these is asked for once in a round: when it was done, no later move asks again."""


class Due(msgspec.Struct, frozen=True, tag="due"):
    """A task comes into being, due after the time the parameter `within` names (its last word is the unit), counted from `since`."""

    task: str
    within: str
    since: Since = ""


class Done(msgspec.Struct, frozen=True, tag="done"):
    """The open tasks of this kind are closed: what they asked for has happened, or is no longer asked for."""

    task: str


class Settle(msgspec.Struct, frozen=True, tag="settle"):
    """Every open task of the case is closed as no longer due, but those of processes of the machine `but`, which go on."""

    but: str = ""


Relation: TypeAlias = Literal["case", "host", "accused", "staff", "residence"]
"""Which processes are meant beside the one that acts: of the same case; of the host concerned; of the members of staff that an incident
accuses; of every member of the host's staff; of the host where the child lives."""


class Open(msgspec.Struct, frozen=True, tag="open"):
    """A process of `machine` begins beside the case, unless one that has not ended is there already.

    `within` names the parameter after which it falls due (`Process.due_at`), where it has such a day: that of the task asked with it.
    """

    machine: str
    within: str = ""


class Fire(msgspec.Struct, frozen=True, tag="fire"):
    """Every process of `machine` in relation `of` makes the step `trigger`, if the trigger leaves the state it is in."""

    machine: str
    trigger: str
    of: Relation


class Look(msgspec.Struct, frozen=True, tag="look"):
    """The clock looks again at every process of `machine` in relation `of`: what its rows of the clock ask may hold now."""

    machine: str
    of: "Relation"


class EachChild(msgspec.Struct, frozen=True, tag="each_child"):
    """For every child who lives with the host concerned, this task comes into being; the one of its kind that was due later is replaced."""

    due: Due


class When(msgspec.Struct, frozen=True, tag="when"):
    """The effects, if the condition of that code (declared by the definition) holds."""

    condition: str
    effects: tuple["Open | Fire | Look | EachChild | Due | Done", ...]


CONTACT: tuple["When | Due", ...] = (
    When("at_high_risk", (Due("contact", "contact_high_days"),)),
    When("at_medium_risk", (Due("contact", "contact_medium_days"),)),
    When("especially_vulnerable", (Due("contact", "contact_vulnerable_days"),)),
    Due("contact", "contact_low_days"),
)
"""The next time that the office sees the child, the sooner the higher the risk (T07)."""
LEAVING: tuple["When | Due", ...] = (
    Due("leaving_care_plan", "leaving_plan_months", since="birth"),
    Due("leaving_care_final", "leaving_plan_final_months", since="birth"),
    Due("exit_after_18", "adult_exit_days", since="adult"),
    When("birth_unknown", (Due("birth_date", "identity_document_days"),)),
)
"""Care ends with childhood, planned in time (T15). Where nobody knows when the child was born, that is found out first."""
REPORT = Due("dinas_report", "dinas_report_days")
MONTH = Due("monthly_report", "monthly_report_days")
"""The house tells how the child fares (F27), or reports in full (F16): only while the child lives there, not from a trial at home."""
AGAIN: dict[str, tuple["When | Due", ...]] = {
    "contact": CONTACT,
    "dinas_report": (REPORT,),
    "monthly_report": (MONTH, When("house_is_concerned", (Due("contact", "contact_high_days"),))),
}
"""What is asked for anew whenever it was done, while the child lives where it is asked for."""


Effect: TypeAlias = Start | StartSame | Reserve | Resume | End | Due | Done | Settle | Open | Fire | Look | EachChild | When


def flattened(effects: tuple[Effect, ...]) -> Iterator[Effect]:
    """Yield every effect that may happen, those behind a condition among them."""
    for effect in effects:
        if isinstance(effect, When):
            yield from effect.effects
        else:
            yield effect
