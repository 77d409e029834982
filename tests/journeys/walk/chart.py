"""The chart a walk is planned on: where a case stands, as far as it decides what can ever be reached, and the nearest arc still needed.

This is an account of the journey of its own, smaller than the machine's: it plans, it never judges. What it thinks possible must be done.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from functools import cache
from typing import TypeAlias

import msgspec

from casework.machines.book import newest_machines
from casework.machines.care import CARE
from casework.machines.effects import End, Reserve, Resume, Start, StartSame
from casework.machines.engine import HELD, Transition
from casework.machines.facts import Facts

AT_HOME = frozenset(
    {"reported", "initial_assessment", "comprehensive_assessment", "care_planning", "family_care", "reintegration", "closed"}
)
SEALED = frozenset({"record_death", "finalise_adoption"})
ROWS: dict[tuple[str, str], Transition[Facts]] = {
    (arc.source, arc.trigger): row for arc in CARE.arcs if (row := CARE.transition(arc.source, arc.trigger)) is not None
}
ARCS = {(arc.source, arc.trigger): arc for arc in CARE.arcs}
CARE_JOURNEY = CARE.definition.name
Made: TypeAlias = Counter[tuple[str, str, str]]
"""How often each step was taken: of which machine, from where, by which trigger."""


class Standing(msgspec.Struct, frozen=True):
    """`kind` and `setting` are of the open placement. `away`: a decided placement began and the child did not come home by two signatures.

    `recorded` is the state at the last report of a missing child; `fresh` an emergency of today; `spent` more days in emergency care than
    one emergency may last; `turning` a child who may wait for its 18th birthday; `late` one missing for longer than a place is kept.
    """

    state: str = "reported"
    kind: str = ""
    setting: str = ""
    reserved: bool = False
    away: bool = False
    placed: bool = False
    lost: bool = False
    recorded: str = ""
    from_home: bool = False
    fresh: bool = False
    extended: bool = False
    spent: bool = False
    adult: bool = False
    turning: bool = False
    sealed: bool = False
    late: bool = False


def can(standing: Standing, row: Transition[Facts]) -> bool:
    """Whether history allows a move: everything else can be brought about."""
    never = {
        "child_not_returning_from_placement": standing.away or standing.spent,
        "placement_reserved": not standing.reserved,
        "child_under_18": standing.adult,
        "age_18_or_over": not (standing.adult or standing.turning),
        "entered_from_home": not standing.from_home or standing.away,
        "emergency_within_72h": not standing.fresh,
        "emergency_extension_unused": standing.extended,
        "existing_residence_proven": standing.placed or standing.lost,
        "closure_reason_reopenable": standing.sealed,
        "missing_within_30_days": standing.late,
    }
    return not any(never.get(guard.code, False) for guard in row.guards)


def after(standing: Standing, row: Transition[Facts]) -> Standing:
    """Return where the case stands after a move."""
    source = standing.state
    dest = (standing.setting if standing.kind else standing.recorded) if row.dest == HELD else ARCS[source, row.trigger].dest
    now = msgspec.structs.replace(standing, state=dest)
    for effect in row.effects:
        now = _bring(now, effect, row.trigger, dest)
    if row.trigger == "report_missing":
        now = msgspec.structs.replace(now, lost=True, recorded=source)
    if dest == "emergency_care" and source != dest:
        now = msgspec.structs.replace(now, from_home=source in AT_HOME, fresh=True, extended=False)
    elif source == "emergency_care":
        now = msgspec.structs.replace(now, fresh=False, extended=standing.extended or row.trigger == "extend_emergency")
    if any(guard.code == "age_18_or_over" for guard in row.guards):
        now = msgspec.structs.replace(now, adult=True)
    return msgspec.structs.replace(now, sealed=row.trigger in SEALED) if dest == "closed" else now


def _bring(now: Standing, effect: object, trigger: str, dest: str) -> Standing:
    match effect:
        case Start(placement=kind):
            away = now.away or kind != "emergency"
            return msgspec.structs.replace(now, kind=kind, setting=dest, reserved=False, placed=True, away=away)
        case StartSame():
            return msgspec.structs.replace(now, setting=dest, reserved=False)
        case Reserve():
            return msgspec.structs.replace(now, reserved=bool(now.kind))
        case Resume():
            return msgspec.structs.replace(now, reserved=False)
        case End():
            home = trigger == "confirm_return_home" and now.kind not in ("", "emergency")
            return msgspec.structs.replace(now, kind="", setting="", reserved=False, away=now.away and not home)
    return now


def steps(standing: Standing) -> Iterator[Transition[Facts]]:
    """Yield the rows that can be taken from here."""
    for trigger in CARE.triggers_from(standing.state):
        row = ROWS[standing.state, trigger]
        if can(standing, row) and not (trigger == "assess_after_missing" and standing.kind):
            yield row


@cache
def onward(standing: Standing) -> tuple[tuple[Transition[Facts], Standing], ...]:
    """Return the rows that can be taken from here, each with where it leads."""
    return tuple((row, after(standing, row)) for row in steps(standing))


def taken_at(taken: Made, standing: Standing, row: Transition[Facts]) -> int:
    """Return how often a step was taken from here."""
    return taken[CARE_JOURNEY, standing.state, row.trigger]


def nearest(machine: str, state: str, needed: Callable[[str, str], bool], may: Callable[[str, str], bool]) -> tuple[int, str]:
    """Return how many steps away a needed step of a process is, and the first trigger to it; (0, "") for none.

    `may` says which steps can be made at will, in a state by a trigger. Where a needed one waits for somebody else counts as one more.
    """
    table = newest_machines()[machine]
    edge: deque[tuple[str, int, str]] = deque([(state, 0, "")])
    known = {state}
    while edge:
        here, depth, first = edge.popleft()
        leaving = table.triggers_from(here)
        for trigger in leaving:
            if needed(here, trigger) and (may(here, trigger) or depth):
                return depth + 1, first or trigger
        for trigger in leaving:
            row = table.transition(here, trigger)
            if row is not None and may(here, trigger) and row.dest in table.states.keys() - known:
                known.add(row.dest)
                edge.append((row.dest, depth + 1, first or trigger))
    return 0, ""


Wanted: TypeAlias = Callable[[Standing, Transition[Facts]], bool]
MOST = 300
"""So many standings are looked at for a way, at most."""


def ways(
    standing: Standing, wanted: Wanted, *, deepest: int, most: int = MOST, passable: Callable[[Transition[Facts]], bool] = lambda _: True
) -> tuple[int, tuple[str, ...]]:
    """Return how many moves away the nearest one is that is wanted, and the triggers that begin a shortest way to it; (0, ()) for none."""
    known = {standing}
    edge: deque[tuple[Standing, tuple[str, ...]]] = deque([(standing, ())])
    found: dict[str, None] = {}
    depth = deepest
    while edge and len(known) < most:
        here, way = edge.popleft()
        if len(way) >= depth:
            break
        for row, then in onward(here):
            if wanted(here, row):
                found[(*way, row.trigger)[0]] = None
                depth = len(way) + 1
            elif passable(row) and then not in known:
                known.add(then)
                edge.append((then, (*way, row.trigger)))
    return (depth, tuple(found)) if found else (0, ())
