"""What each kind of promise means for one move: whether the move reaches a goal, and what is wrong with it."""

from __future__ import annotations

from casework.machines.engine import HELD
from casework.machines.invariants import Doors, Ends, FromHome, Goal, Invariant, Never, Requires, Settled, Through
from casework.machines.situations import Firing, Situation


def reaches(goal: Goal, firing: Firing) -> bool:
    """Whether a move is of the kind that a goal names."""
    return firing.enters in goal.enters or firing.begins in goal.begins or firing.row.trigger in goal.fires


def concerns(promise: Invariant, firing: Firing) -> bool:
    """Whether a promise has anything to say of a move: the same for all moves alike in trigger, states, and what they enter and begin."""
    trigger = firing.row.trigger
    match promise:
        case Requires() | Through():
            return trigger not in promise.unless and reaches(promise.goal, firing)
        case Doors():
            return firing.after.state == promise.state
        case Never():
            return firing.before.state in promise.sources and firing.enters in promise.dests
        case FromHome():
            return trigger in promise.fires
        case Settled():
            return any(setting.state == firing.after.state for setting in promise.settings)
        case Ends():
            return False


def wrong(promise: Doors | Never | Through | FromHome | Settled, firing: Firing) -> str:
    """Return what is wrong with a move, or an empty text."""
    if isinstance(promise, Doors):
        return _not_by_a_door(promise, firing)
    if isinstance(promise, Settled):
        return _unsettled(promise, firing.after)
    if firing.row.trigger in getattr(promise, "unless", ()):
        return ""
    if isinstance(promise, Never):
        direct = firing.before.state in promise.sources and firing.enters in promise.dests
        return f"straight from {firing.before.state}" if direct else ""
    if isinstance(promise, Through):
        early = firing.before.away and firing.row.trigger != promise.by and reaches(promise.goal, firing)
        return f"after a placement, without {promise.by}" if early else ""
    before = firing.before
    foreign = firing.row.trigger in promise.fires and before.placement == "emergency" and before.emergency_from not in promise.homes
    return f"the emergency was entered from {before.emergency_from}" if foreign else ""


def _not_by_a_door(promise: Doors, firing: Firing) -> str:
    before, trigger = firing.before, firing.row.trigger
    if firing.after.state != promise.state:
        return ""
    if firing.row.dest == HELD:
        recorded = promise.recorded and before.placement is None and before.recorded == promise.state
        return "" if recorded or (before.reserved and before.setting == promise.state) else "no placement is held there"
    if any(door.trigger == trigger and before.state in door.sources for door in promise.doors):
        return ""
    return f"{trigger} from {before.state} is not a way in"


def _unsettled(promise: Settled, after: Situation) -> str:
    for setting in promise.settings:
        if setting.state != after.state:
            continue
        if setting.held:
            return "the former placement is still open" if after.placement and not after.reserved else ""
        if after.placement != setting.placement or after.reserved:
            return f"the open placement is {after.placement or 'none'}{' (reserved)' if after.reserved else ''}"
        if setting.placement and after.setting != after.state:
            return f"the open placement stands for {after.setting}"
        if setting.decided not in (None, after.decided):
            return "the placement did not begin with all that is required"
    return ""
