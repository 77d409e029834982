"""Building the demonstration office in a database of its own."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from casework.demo import field, houses
from casework.errors import DefinitionError
from casework.machines.facts import WITA
from casework.machines.parameters import Parameters
from casework.rehearsal import cast as people_of
from casework.rehearsal.cast import Cast
from casework.rehearsal.deeds import DEEDS
from casework.rehearsal.moments import moment
from casework.rehearsal.play import Play
from casework.rehearsal.script import Script, script_of
from casework.rehearsal.sense import STARTS
from casework.services.areas import areas
from casework.services.breaches import ReportBreach, report_breach
from casework.services.numbers.sums import count_cells
from casework.services.tick import tick
from casework.store.keys import master_kept
from casework.store.store import Store

_HERE = Path(__file__).parent
BEFORE = timedelta(days=150)
"""How long before today the office's people and institutions were entered."""
KNOWN = timedelta(hours=30)
"""How long a breach of data has been known: who protects the data has less than two days left to tell of it."""
_LONGEST = 120
_A_DEED = timedelta(minutes=5)
"""What one scene takes at most: every deed in it moves the clock by a minute."""


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One child of the demo: the stages its story replays, what it leaves out, and further steps of its own."""

    after: tuple[str, ...]
    village: str
    worker: str = "sari"
    who: dict[str, str]
    params: dict[str, str] = {}
    without: tuple[str, ...] = ()
    step: tuple[dict[str, Any], ...] = ()


class _Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    child: tuple[Story, ...]


def stories() -> tuple[Story, ...]:
    """Return the children of the demo as written."""
    return msgspec.toml.decode((_HERE / "children.toml").read_bytes(), type=_Sheet).child


def villages() -> dict[str, tuple[str, str]]:
    """Return (village code, district code) by village name: the real ones."""
    return {village.name: (village.code, village.district) for village in areas().villages}


def build(path: Path, now: datetime, params: Parameters, progress: Callable[[str], None], *, master_key: str = "") -> str:
    """Build the whole office at `path`, as of `now`, and return the passphrase of every account.

    It is built under another name and moved into place when it is whole, so an interrupted build leaves nothing behind that looks ready.
    Its master key is beside the place where it will stand, or where `master_key` says.
    Once every story is told, what time has brought by `now` is done: reviews fall due.
    Raises DefinitionError when a story does not go as its stages say.
    """
    passphrase = f"mahakam-{secrets.token_hex(4)}"
    unfinished = path.with_name("unfinished.sqlite3")
    for leftover in path.parent.glob("unfinished.sqlite3*"):
        leftover.unlink()
    store = Store(str(unfinished), params, go_live=(now - BEFORE).date(), master_key=master_kept(str(path), master_key))
    store.upgrade(now - BEFORE)
    cast = people_of.build(store, now - BEFORE, passphrase)
    for story in stories():
        progress(story.who["name"])
        _tell(store, cast, story, now)
    houses.enter(store, cast, now)
    field.ask(store, cast, now)
    report_breach(store, houses.call_of(store, cast, "dian", now - KNOWN), ReportBreach())
    tick(store, now)
    count_cells(store, now)
    store.close()
    unfinished.rename(path)
    return passphrase


def _tell(store: Store, cast: Cast, story: Story, now: datetime) -> None:
    """Play one child's story through the services, so that it ends today or yesterday: its evidence is fresh and its tasks are due."""
    script = _script(story, _latest_start(story, now))
    play = Play(store, cast, script.story.world)
    for scene in script.scenes:
        play.now = moment(scene.step.at, play.now)
        DEEDS[type(scene.step)](play, play.doer(scene.step), scene.step)
    if play.now > now:
        msg = f"the story of {story.who['name']} ends in the future: give its steps less time"
        raise DefinitionError(msg)


def _script(story: Story, began: datetime) -> Script:
    village, district = villages()[story.village]
    child = {**story.who, "village_code": village, "district_code": district}
    return script_of(
        {
            "title": story.who["name"],
            "world": {"start": began.strftime(STARTS), "child": child, "worker": story.worker},
            "after": list(story.after),
            "params": story.params,
            "without": list(story.without),
            "step": [*story.step, {"do": "look", "expect": {}}],
        }
    )


def _latest_start(story: Story, now: datetime) -> datetime:
    """Return the latest nine o'clock (WITA) from which the story still ends before `now`, every deed taking its minute."""
    morning = now.astimezone(WITA).replace(hour=9, minute=0, second=0, microsecond=0)
    scenes = _script(story, morning).scenes
    for days in range(_LONGEST):
        end = morning - timedelta(days=days)
        for scene in scenes:
            end = moment(scene.step.at, end + _A_DEED)
        if end + _A_DEED < now:
            return morning - timedelta(days=days)
    msg = f"the story of {story.who['name']} takes more than {_LONGEST} days"
    raise DefinitionError(msg)
