"""From which moment a deadline is counted that does not begin with the step that asks for it (DOMAIN 7.1 Definitions, T05, T12, T15)."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from casework.machines.effects import Since
from casework.machines.facts import WITA, Facts
from casework.machines.guards.evidence import ADULT, anniversary, birth


def _birth(facts: Facts, _at: datetime) -> datetime | None:
    """The first day on which the child can have been born: a plan made too early harms nobody."""
    return _morning(birth(facts.child, "first"))


def _adult(facts: Facts, _at: datetime) -> datetime | None:
    """The last day on which it can turn 18: nobody is asked to leave before the law lets them (`age_18_or_over`)."""
    born = birth(facts.child, "last")
    return _morning(anniversary(born, ADULT)) if born is not None else None


def _emergency(facts: Facts, at: datetime) -> datetime:
    """Emergency days are counted per child: those of earlier moves, disappearances and cases are used up already."""
    return at - timedelta(days=facts.case.emergency_days)


def _institution(facts: Facts, at: datetime) -> datetime:
    """Time in institutional care adds up: neither another house nor a few weeks elsewhere begin it anew."""
    stays = (stay for stay in facts.placements if stay.state == "institutional_care")
    return at - sum(((stay.ended_at or at) - stay.started_at for stay in stays), timedelta())


_BEGINNINGS: Mapping[Since, Callable[[Facts, datetime], datetime | None]] = {
    "birth": _birth,
    "adult": _adult,
    "emergency": _emergency,
    "institution": _institution,
}


def counted_from(facts: Facts, since: Since, at: datetime) -> datetime | None:
    """Return the moment that a deadline asked for `at` is counted from, or None: it cannot be counted."""
    return _BEGINNINGS[since](facts, at) if since else at


def _morning(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), WITA) if day is not None else None
