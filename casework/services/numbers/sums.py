"""Once a day: what stands only in cells, or is too much for a page, is summed up for each office (R1, R3, R4, R8, R10, decisions)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from casework.machines.facts import WITA
from casework.machines.forms import CarePlan, Form, IdentityPaper, Incident, PersonalData
from casework.services.numbers.children import AWAY_STATES, PAPERS
from casework.services.numbers.groups import OVER, band_of, setting_of
from casework.services.numbers.shape import month_of, spell_of
from casework.services.tick import CLOCK
from casework.store import numbers, sums
from casework.store.call import Call
from casework.store.instants import from_text, to_text
from casework.store.placements import midnight
from casework.store.store import Store
from casework.store.sums import Key, Told
from casework.store.unit import Unit

F = TypeVar("F")
FORMS = ("F02", "F08", "F17")
YEARS = timedelta(days=5 * 366)
"""How far back decisions are summed: as far as a page may ask."""


def count_cells(store: Store, at: datetime) -> tuple[str, ...]:
    """Sum up every office that was not counted today (WITA), each in one go, and return which were. Run as often as one likes."""
    call = Call(who=CLOCK, at=at)
    with store.read(call) as unit, unit.over_everything():
        waiting = [office for office, counted_at in sums.offices(unit).items() if counted_at < midnight(at)]
    for office in waiting:
        found = summed(store, call, office)
        store.carry_out(call, partial(sums.keep, office_id=office, found=found))
    return tuple(waiting)


def summed(store: Store, call: Call, office: str) -> Counter[Key]:
    """Return the sums of an office."""
    found: Counter[Key] = Counter()
    after, going = "", True
    while going:
        with store.read(call) as unit, unit.over_everything():
            unit.take_time()
            after, told = sums.told_by(unit, office, FORMS, after)
        for case in told:
            found.update(keys_of(case, call.at.astimezone(WITA).date(), store.params.incident_dinas_hours))
        going = bool(after)
    with store.read(call) as unit, unit.over_everything():
        unit.take_time()
        found.update(_decisions(unit, office))
    return found


def _decisions(unit: Unit, office: str) -> Iterator[Key]:
    """Yield who decided how in which month, and how long each request waited for its last decision."""
    last: dict[str, tuple[str, int]] = {}
    period = {"since": to_text(unit.call.at - YEARS), "until": to_text(unit.call.at)}
    for one in unit.ask(numbers.DECIDED, office=office, **period):
        month, seconds = month_of(from_text(one.at)), int(one.seconds)
        yield "decisions", month, one.person, "approved" if one.decision == "approve" else "refused"
        if one.decision == "approve" and seconds < unit.params.approval_quick_seconds:
            yield "decisions", month, one.person, "quick"
        if one.kind != "record":
            last[one.request] = (month, seconds)
    yield from (("deciding", month, "", spell_of(seconds)) for month, seconds in last.values())


def keys_of(case: Told, today: date, within_hours: int) -> Iterator[Key]:
    """Yield everything that one case counts for."""
    forms = [form for _, form in case.forms]
    if case.state not in OVER:
        data = _newest(forms, PersonalData)
        yield "R1", case.state, f"{case.sex}.{band_of(case.born, today)}", case.district
        yield "R3", data.orphan_status if data else "", setting_of(case.state), case.district
        yield from (("R8", paper, _stands(data, paper), case.district) for paper in PAPERS)
    if case.state in AWAY_STATES:
        plan = _newest(forms, CarePlan, lambda one: bool(one.separation_reason_codes))
        for reason in plan.separation_reason_codes if plan else ("",):
            yield "R4", reason, setting_of(case.state), case.district
    for signed_at, form in case.forms:
        if isinstance(form, Incident):
            yield "R10", form.type, _told(form, within_hours), month_of(min(form.happened_at, signed_at))


def _newest(forms: Iterable[Form], kind: type[F], fits: Callable[[F], bool] = lambda _: True) -> F | None:
    return next((form for form in reversed([*forms]) if isinstance(form, kind) and fits(form)), None)


def _stands(data: PersonalData | None, paper: str) -> str:
    if data is None:
        return "unrecorded"
    if paper == "nik":
        return "held" if isinstance(data.nik, str) else "missing"
    found: IdentityPaper = getattr(data, paper)
    return found.status


def _told(incident: Incident, within_hours: int) -> str:
    """Return whether the office was told of an incident in time, by what the form says happened when."""
    told = incident.reported_to_dinas_at
    if told is None:
        return "untold"
    return "in_time" if told.astimezone(WITA) - incident.happened_at <= timedelta(hours=within_hours) else "late"
