"""Where a case stands beside its evidence, and what one move, or time alone, makes of that."""

from __future__ import annotations

from typing import Any

import msgspec

from casework.machines.effects import End, PlacementType, Reserve, Resume, Start, StartSame
from casework.machines.engine import HELD, Transition
from casework.machines.vectors import VectorSet

MISSING = "missing"


class Situation(msgspec.Struct, frozen=True):
    """Where a case stands. `placement` is the type of the open placement and `setting` the state it stands for.

    `recorded` is the state at report_missing; `lapsed`: missing longer than the place is held; `decided`: the open placement began with
    everything required of a beginning; `away`: a decided placement has been, and no return home was confirmed since; `emergency_from`: the
    state from which the present emergency was entered. `version` is 0 where the machine that is proved decides, else an older one's.
    """

    state: str
    placement: PlacementType | None = None
    setting: str | None = None
    reserved: bool = False
    recorded: str | None = None
    lapsed: bool = False
    decided: bool = False
    away: bool = False
    emergency_from: str | None = None
    version: int = 0

    @property
    def held(self) -> str | None:
        """Where `@held` leads: the setting of the open placement or, with none, the state recorded at report_missing."""
        return self.setting if self.placement else self.recorded


class Firing(msgspec.Struct, frozen=True):
    """One row asked in a situation: on which vectors, on which of them it fires, and where it leads if it keeps every promise."""

    before: Situation
    row: Transition[Any]
    asked: VectorSet
    vectors: VectorSet
    after: Situation

    @property
    def begins(self) -> PlacementType | None:
        """The decided placement this move begins, if any."""
        for effect in self.row.effects:
            if isinstance(effect, Start) and effect.decided:
                return effect.placement
            if isinstance(effect, StartSame):
                return self.before.placement
        return None

    @property
    def enters(self) -> str | None:
        """The state this move arrives in; None for a return to the held placement."""
        return None if self.row.dest == HELD else self.after.state


def after(situation: Situation, row: Transition[Any], dest: str, returns: frozenset[str]) -> Situation:
    """Return the situation after a move, by its effects, as if it kept every promise."""
    now = msgspec.structs.replace(
        situation, state=dest, recorded=situation.state if dest == MISSING else None, lapsed=False,
        away=situation.away and row.trigger not in returns,
    )  # fmt: skip
    for effect in row.effects:
        if isinstance(effect, Start):
            now = _started(now, effect, situation)
        elif isinstance(effect, StartSame):
            now = msgspec.structs.replace(now, setting=dest, reserved=False)
        elif isinstance(effect, Reserve):
            now = msgspec.structs.replace(now, reserved=now.placement is not None)
        elif isinstance(effect, Resume):
            now = msgspec.structs.replace(now, reserved=False)
        elif isinstance(effect, End):
            now = msgspec.structs.replace(now, placement=None, setting=None, reserved=False, decided=False, emergency_from=None)
    return now


def _started(now: Situation, start: Start, before: Situation) -> Situation:
    if start.placement == "emergency":
        entered = before.emergency_from if before.placement == "emergency" else before.recorded or before.state
        away = now.away
    else:
        entered, away = None, True
    return msgspec.structs.replace(
        now, placement=start.placement, setting=now.state, reserved=False, decided=start.decided, away=away, emergency_from=entered
    )


def lapsed(situation: Situation) -> Situation | None:
    """Return what time alone makes of a situation, or None: a reserved placement ends; a child is missing too long."""
    if not situation.reserved and (situation.state != MISSING or situation.lapsed):
        return None
    return msgspec.structs.replace(
        situation, placement=None, setting=None, reserved=False, decided=False, emergency_from=None, lapsed=situation.state == MISSING
    )
