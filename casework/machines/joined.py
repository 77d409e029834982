"""Several versions of a machine as one table: the older ones, what passes over, and the newest, whose promises are proved of it all.

What an older version does is judged by the newest's promises wherever it leads to a state that passes over freely: being there is to have
come there. Where the passing asks something, that must make good what the promises require. What stays where it is breaks nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec

from casework.machines.engine import Machine, Transition
from casework.machines.situations import Firing, Situation
from casework.machines.versions import MIGRATE, crossings, declared
from casework.words import Words

PASSING = Words("pindah ke versi baru", "pass into a newer version")


class Way(msgspec.Struct, frozen=True):
    """One passing, as a search makes it: from a state into a version (0: the newest), under which names, asking what (the row's guards)."""

    into: int
    row: Transition[Any]
    names: Mapping[str, str]

    def arrival(self, situation: Situation) -> Situation | None:
        """Return where a situation arrives, or None when the place that is held for the child does not pass over."""
        named = (situation.setting, situation.recorded)
        if any(state is not None and state not in self.names for state in named):
            return None
        setting, recorded = (self.names[state] if state is not None else None for state in named)
        came_from = situation.emergency_from
        return msgspec.structs.replace(
            situation,
            version=self.into,
            state=self.row.dest,
            setting=setting,
            recorded=recorded,
            emergency_from=self.names.get(came_from, came_from) if came_from is not None else None,
            decided=situation.decided or bool(self.row.guards and situation.placement),
        )


class Image(msgspec.Struct, frozen=True):
    """What an older version's state, once it has passed all the way, is called in the newest; `asking`: something is asked on the way."""

    state: str
    asking: bool = False


class Joined:
    """The versions by number, the newest under 0, and what passes between them."""

    def __init__(self, newest: Machine[Any], older: Mapping[int, Machine[Any]]) -> None:
        self.machines: dict[int, Machine[Any]] = {0: newest, **older}
        self.ways: dict[tuple[int, str], list[Way]] = defaultdict(list)
        self._images: dict[int, dict[str, Image]] = {}
        self._triggers: dict[int, dict[str, str]] = {}
        self._rows: dict[tuple[int, str, str], Transition[Any]] = {}
        for version in sorted(older, reverse=True):
            into = [0, *sorted((number for number in older if number > version), reverse=True)]
            known = [number for number in into if declared(self.machines[number], version) is not None]
            for number in known:
                self._join(version, number)
            self._images[version], self._triggers[version] = self._seen_through(version, known[0]) if known else ({}, {})

    def _join(self, version: int, into: int) -> None:
        found = crossings(self.machines[into], version)
        names = {state: way.dest for state, way in found.items()}
        for state, way in found.items():
            row = Transition[Any](MIGRATE, PASSING, (state,), way.dest, guards=way.asks)
            self.ways[version, state].append(Way(into, row, names))

    def _seen_through(self, version: int, into: int) -> tuple[dict[str, Image], dict[str, str]]:
        images, triggers = {}, {}
        for state, way in crossings(self.machines[into], version).items():
            image = self.image(into, way.dest)
            if image is not None:
                images[state] = Image(image.state, asking=image.asking or bool(way.asks))
        migrates = declared(self.machines[into], version)
        for row in self.machines[version].definition.transitions:
            called = migrates.triggers.get(row.trigger, row.trigger) if migrates else row.trigger
            triggers[row.trigger] = self._triggers.get(into, {}).get(called, called)
        return images, triggers

    def image(self, version: int, state: str) -> Image | None:
        """Return what a state becomes in the newest version, or None: it stays where it is."""
        return self._images[version].get(state) if version else Image(state)

    def trigger(self, version: int, trigger: str) -> str:
        """Return what a step is called in the newest version."""
        return self._triggers[version].get(trigger, trigger) if version else trigger

    def name(self, version: int, state: str) -> str:
        """Return what a state is called in the newest version; one that stays keeps its own name."""
        image = self.image(version, state)
        return image.state if image is not None else state

    def seen(self, firing: Firing) -> Firing:
        """Return a move of an older version in the names of the newest."""
        version, row = firing.before.version, firing.row
        key = (version, firing.before.state, row.trigger)
        if key not in self._rows:
            self._rows[key] = msgspec.structs.replace(row, trigger=self.trigger(version, row.trigger))
        return msgspec.structs.replace(firing, before=self._named(firing.before), row=self._rows[key], after=self._named(firing.after))

    def _named(self, situation: Situation) -> Situation:
        found = {
            field: self.name(situation.version, state)
            for field in ("state", "setting", "recorded", "emergency_from")
            if (state := getattr(situation, field)) is not None
        }
        return msgspec.structs.replace(situation, **found)
