"""What a machine promises on every path, declared as data beside its table and proved by `machines/proofs.py`.

Each kind is one sentence about all histories of a case. `law` says where the promise comes from.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from casework.errors import Law
from casework.machines.effects import PlacementType
from casework.words import Words


class Goal(msgspec.Struct, frozen=True):
    """A kind of move: one that arrives in one of `enters`, begins a decided placement of `begins`, or is fired by one of `fires`.

    A return to the held placement (`@held`) continues an episode: it neither enters nor begins one.
    """

    enters: tuple[str, ...] = ()
    begins: tuple[PlacementType, ...] = ()
    fires: tuple[str, ...] = ()


class Requires(msgspec.Struct, frozen=True, tag="requires"):
    """No move reaches `goal` unless each atom in `all_of` is current and the `approvals` stand, in order, from different people.

    `since` says what makes evidence old: its "round" (and its age), or nothing ("ever": it must exist). `unless` are triggers excepted.
    """

    name: str
    words: Words
    law: tuple[Law, ...]
    goal: Goal
    all_of: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()
    since: Literal["round", "ever"] = "round"
    unless: tuple[str, ...] = ()


class Door(msgspec.Struct, frozen=True):
    """One way into a state: a trigger, and the states it may be used from."""

    trigger: str
    sources: tuple[str, ...]


class Doors(msgspec.Struct, frozen=True, tag="doors"):
    """`state` is entered only through these doors, or by `@held` back to a reserved placement that already was there.

    `recorded`: or by `@held` to where a missing child without a placement was.
    """

    name: str
    words: Words
    law: tuple[Law, ...]
    state: str
    doors: tuple[Door, ...]
    recorded: bool = False


class Never(msgspec.Struct, frozen=True, tag="never"):
    """No single move leads from `sources` to `dests`, unless by the triggers excepted."""

    name: str
    words: Words
    law: tuple[Law, ...]
    sources: tuple[str, ...]
    dests: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Through(msgspec.Struct, frozen=True, tag="through"):
    """After a decided placement, no move reaches `goal` before `by` has been fired, unless by the triggers excepted."""

    name: str
    words: Words
    law: tuple[Law, ...]
    goal: Goal
    by: str
    unless: tuple[str, ...] = ()


class FromHome(msgspec.Struct, frozen=True, tag="from_home"):
    """A move of `fires` ends an emergency only if the emergency was entered from one of `homes`."""

    name: str
    words: Words
    law: tuple[Law, ...]
    fires: tuple[str, ...]
    homes: tuple[str, ...]


class Setting(msgspec.Struct, frozen=True):
    """Which placement stands for a state: its type, or None for "none may be open"; `held` when it may only be reserved.

    `decided` says whether the placement must have begun with everything that the invariants require of a beginning; None: either.
    """

    state: str
    placement: PlacementType | None = None
    decided: bool | None = None
    held: bool = False


class Settled(msgspec.Struct, frozen=True, tag="settled"):
    """In each state, exactly the placement that its setting names is open, whatever the path."""

    name: str
    words: Words
    law: tuple[Law, ...]
    settings: tuple[Setting, ...]


class Ends(msgspec.Struct, frozen=True, tag="ends"):
    """From everywhere, one of `states` can still be reached."""

    name: str
    words: Words
    law: tuple[Law, ...]
    states: tuple[str, ...]


class Passes(msgspec.Struct, frozen=True, tag="passes"):
    """Every path into one of `states` has made each of these checks: a guard of `all_of` held on the way, since `since` was last entered.

    Without `since`: anywhere on the way. `only_after`: a path that never entered `since` is not asked. `by_way_of` are states that the path
    must have been in. `last` guards must hold at the very step that enters.
    """

    name: str
    words: Words
    law: tuple[Law, ...]
    states: tuple[str, ...]
    all_of: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    since: str = ""
    only_after: bool = False
    by_way_of: tuple[str, ...] = ()


Invariant: TypeAlias = Requires | Doors | Never | Through | FromHome | Settled | Ends
