"""How long until the next periodic review of a placement (DOMAIN 2.7, T08)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from casework.machines.facts import Facts
from casework.machines.guards.evidence import THREE, days_since, surely_at_least


def _little(facts: Facts) -> bool:
    """Under three; an unknown age counts as under three."""
    return not surely_at_least(facts, THREE)


def _newly_fostered(facts: Facts) -> bool:
    """In the first days with this foster family."""
    placement = facts.current_placement
    if placement is None or placement.kind != "foster":
        return False
    return days_since(facts, placement.started_at) < facts.params.foster_first_days


NEXT_REVIEW: tuple[tuple[Callable[[Facts], bool], str], ...] = (
    (_little, "review_under_three_days"),
    (_newly_fostered, "review_foster_days"),
)
"""For whom reviews come sooner, and the parameter that says how soon; the first that fits. For everybody else: `review_interval_days`."""


def next_review(facts: Facts) -> str:
    """Return the name of the parameter (days) that the next review is due within."""
    return next((within for fits, within in NEXT_REVIEW if fits(facts)), "review_interval_days")


def rhythm(facts: Facts) -> datetime:
    """Return what the next review is counted from: when this one was reported or was due, whichever came first.

    However late it is endorsed, the next one is not put off. Where the next one would be due before this report, the report counts.
    """
    process = facts.process
    if process is None:
        return facts.now
    reported = max((at for trigger, at in process.made if trigger == "submit"), default=facts.now)
    due = process.due_at or reported
    follows = due + timedelta(days=getattr(facts.params, next_review(facts)))
    return min(due, reported) if follows > reported else reported
