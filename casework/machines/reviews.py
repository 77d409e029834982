"""How long until the next periodic review of a placement, or of a family that is supported at home (DOMAIN 2.7, T08)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from casework.machines.facts import Facts
from casework.machines.forms import Monitoring, ProgressReport
from casework.machines.guards.evidence import THREE, days_since, newest, since, surely_at_least

SUPPORTED = "family_care"
"""The state in which a family is supported at home: its reviews go on, so that no support ends unseen."""


def goes_on(facts: Facts) -> bool:
    """Whether a review follows this one: while the placement lasts, or the support."""
    return facts.current_placement is not None or facts.case.state == SUPPORTED


def _concerned(facts: Facts) -> bool:
    """A visit since the report that is endorsed now raised a concern."""
    report = newest(facts, ProgressReport)
    visit = next(iter(since(facts, Monitoring, report.dated)), None) if report is not None and goes_on(facts) else None
    return visit is not None and (visit.body.concern == "yes" or visit.body.safety != "safe")


def _little(facts: Facts) -> bool:
    """Placed, and under three; an unknown age counts as under three."""
    return facts.current_placement is not None and not surely_at_least(facts, THREE)


def _newly_fostered(facts: Facts) -> bool:
    """In the first days with this foster family."""
    placement = facts.current_placement
    if placement is None or placement.kind != "foster":
        return False
    return days_since(facts, placement.started_at) < facts.params.foster_first_days


NEXT_REVIEW: tuple[tuple[Callable[[Facts], bool], str], ...] = (
    (_concerned, "review_change_days"),
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
