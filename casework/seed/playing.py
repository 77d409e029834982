"""Playing every story once, through the real services on a throw-away database: what comes out is what a seeding multiplies."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from casework.errors import DefinitionError
from casework.machines.facts import WITA
from casework.machines.parameters import Parameters
from casework.rehearsal.cast import Cast, build
from casework.rehearsal.deeds import DEEDS
from casework.rehearsal.format import Ask, Request
from casework.rehearsal.moments import moment
from casework.rehearsal.play import OBSERVER, Play
from casework.rehearsal.sense import STARTS
from casework.seed.stories import START, Story, script, stories
from casework.store import cases, seeding
from casework.store.call import Call
from casework.store.facts import evidence_content, facts_for, read_snapshot
from casework.store.keys import MasterKey
from casework.store.store import Store
from casework.store.unit import MACHINES

_PASSWORD = "latihan tanpa masuk"  # noqa: S105 - nobody signs in to a database that lives for a second
_BEFORE = timedelta(days=30)
_GO_LIVE = date(2026, 1, 5)


class Taken(msgspec.Struct, frozen=True):
    """A story as its rows lie in the tables (in the order in which they were written), and what its evidence digests were made of."""

    story: Story
    rows: dict[str, tuple[dict[str, Any], ...]]
    evidence: dict[str, bytes]


def play_all(params: Parameters) -> tuple[tuple[Taken, ...], Cast]:
    """Play every story, each on its own copy of one prepared database. Raises DefinitionError when one does not go as it should."""
    with tempfile.TemporaryDirectory(prefix="casework-seed-") as folder:
        prepared = Path(folder) / "prepared.sqlite3"
        began = datetime.strptime(START, STARTS).replace(tzinfo=WITA) - _BEFORE
        held = MasterKey(None)
        store = Store(str(prepared), params, master_key=held)
        store.upgrade(began)
        cast = build(store, began, _PASSWORD)
        store.close()
        return tuple(_taken(prepared, story, cast, params, held) for story in stories()), cast


def _taken(prepared: Path, story: Story, cast: Cast, params: Parameters, held: MasterKey) -> Taken:
    copy = Path(shutil.copyfile(prepared, prepared.with_name("story.sqlite3")))
    store = Store(str(copy), params, case_prefix="SEED", go_live=_GO_LIVE, master_key=held)
    try:
        told = script(story)
        play = Play(store, cast, told.story.world)
        evidence: dict[str, bytes] = {}
        for scene in told.scenes:
            step = scene.step
            play.now = moment(step.at, play.now)
            if isinstance(step, Ask | Request):
                evidence.update(_bound(play, step))
            DEEDS[type(step)](play, play.doer(step), step)
        with store.read(Call(who=play.who(OBSERVER), at=play.now)) as unit:
            rows = seeding.rows_of_case(unit, play.case)
    finally:
        store.close()
        for leftover in copy.parent.glob("story.sqlite3*"):
            leftover.unlink()
    taken = Taken(story, rows, evidence)
    if unexplained := set(_digests(taken)) - evidence.keys() - {row["digest"] for row in rows["record"]}:
        msg = f"the story {story.name} rests on evidence that its steps do not explain: {len(unexplained)}"
        raise DefinitionError(msg)
    return taken


def _bound(play: Play, step: Ask | Request) -> Iterator[tuple[str, bytes]]:
    """Yield what the step's evidence digest is made of, before it is asked for."""
    with play.store.read(Call(who=play.who(OBSERVER), at=play.now)) as unit:
        case = cases.get_case(unit, play.case)
        row = MACHINES[case.machine, case.version].transition(case.state, step.trigger)
        if row is not None:
            content = evidence_content(facts_for(read_snapshot(unit, case), step.trigger, play.subject(step)), row)
            yield hashlib.sha256(content).hexdigest(), content


def _digests(taken: Taken) -> Iterator[str]:
    yield from (row["digest"] for row in taken.rows["approval_request"])
    yield from (row["digest"] for row in taken.rows["approval_decision"])
