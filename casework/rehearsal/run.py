"""Running rehearsals: each on its own throw-away database, compared step by step with what its file expects."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from casework.errors import CaseworkError
from casework.machines.facts import WITA
from casework.machines.parameters import Parameters
from casework.rehearsal import wording
from casework.rehearsal.cast import Cast, build, sheet
from casework.rehearsal.deeds import DEEDS
from casework.rehearsal.format import Expect, World
from casework.rehearsal.moments import EXAMPLES, moment
from casework.rehearsal.past_the_house import complaint_state, houses_due
from casework.rehearsal.play import OBSERVER, Line, Play, codes_of
from casework.rehearsal.script import Scene, Script
from casework.rehearsal.sense import STARTS
from casework.rehearsal.wording import listed
from casework.services import views
from casework.store import processes, registers
from casework.store.call import Call
from casework.store.keys import MasterKey
from casework.store.store import Store
from casework.words import Words

BEFORE = timedelta(days=30)
"""How long before the story its people and institutions are entered."""
_PASSWORD = "latihan tanpa masuk"  # noqa: S105 - nobody signs in to a database that lives for a second


class Difference(msgspec.Struct, frozen=True):
    """Where a story went another way than its file expects. `path` is the place in the file (or in the stage's)."""

    path: str
    words: Words


class Scened(msgspec.Struct, frozen=True):
    """One scene as it was played: its lines, and whether it was as expected."""

    scene: Scene
    lines: tuple[Line, ...]
    differences: tuple[Difference, ...]


class Played(msgspec.Struct, frozen=True):
    """A story as it was played. After the first difference nothing more is played: `left` scenes remain."""

    script: Script
    scenes: tuple[Scened, ...]
    left: int

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every difference; none means that the story went as expected."""
        return tuple(difference for scene in self.scenes for difference in scene.differences)


class Theatre:
    """A temporary folder with one prepared database per beginning; each story plays on a copy. Use it in a `with`."""

    def __init__(self, params: Parameters | None = None) -> None:
        self.params = params or Parameters()
        self._folder = Path(tempfile.mkdtemp(prefix="casework-rehearsal-"))
        self._prepared: dict[str, tuple[Path, Cast]] = {}
        self._copies = 0
        held = MasterKey(None)
        self._keys: dict[str, Any] = {"master_key": held, "search_key": held.make}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def play(self, script: Script) -> Played:
        """Play a script from its beginning."""
        with self._stage(script.story.world) as play:
            scenes: list[Scened] = []
            for scene in script.scenes:
                scenes.append(_play_scene(play, scene))
                if scenes[-1].differences:
                    break
            return Played(script, tuple(scenes), len(script.scenes) - len(scenes))

    @contextmanager
    def _stage(self, world: World) -> Iterator[Play]:
        prepared, cast = self._prepare(world)
        self._copies += 1
        copy = shutil.copyfile(prepared, self._folder / f"story-{self._copies}.sqlite3")
        store = Store(str(copy), self.params, case_prefix="LTH", go_live=date.fromisoformat(world.go_live), **self._keys)
        try:
            yield Play(store, cast, world, listening=True)
        finally:
            store.close()
            copy.unlink(missing_ok=True)

    def _prepare(self, world: World) -> tuple[Path, Cast]:
        if world.start not in self._prepared:
            path = self._folder / f"prepared-{len(self._prepared)}.sqlite3"
            at = datetime.strptime(world.start, STARTS).replace(tzinfo=WITA) - BEFORE
            store = Store(str(path), self.params, case_prefix="LTH", **self._keys)
            store.upgrade(at)
            cast = build(store, at, _PASSWORD)
            store.close()
            self._prepared[world.start] = (path, cast)
        return self._prepared[world.start]


def _play_scene(play: Play, scene: Scene) -> Scened:
    before = len(play.lines)
    step = scene.step
    at = moment(step.at, play.now)
    if at < play.now:
        back = Words(f"Waktunya mundur: '{step.at}'. Tulis misalnya {EXAMPLES}.", f"Time runs backwards: '{step.at}'. Write {EXAMPLES}.")
        return Scened(scene, (), (Difference(f"{scene.path}.at", back),))
    play.now = at
    play.turn_to(step.child)
    no: CaseworkError | None = None
    try:
        DEEDS[type(step)](play, play.doer(step), step)
    except CaseworkError as error:
        no = error
    lines = tuple(play.lines[before:])
    return Scened(scene, lines, tuple(_differences(play, scene, step.expect or Expect(), lines, no)))


def _differences(play: Play, scene: Scene, expect: Expect, lines: tuple[Line, ...], no: CaseworkError | None) -> Iterator[Difference]:
    got = codes_of(no) if no is not None else frozenset()
    if got != frozenset(expect.refused):
        yield Difference(f"{scene.path}.expect.refused", _otherwise(listed(expect.refused, wording.refusal), _told(got, no)))
        return
    yield from _names(scene, expect, lines)
    yield from _effects(scene, expect, lines)
    yield from _standing(play, scene, expect)
    yield from _beside(play, scene, expect)
    yield from _past_the_house(play, scene, expect)


def _told(got: frozenset[str], no: CaseworkError | None) -> Words:
    """Return what came instead; an answer without reasons of its own is told with its message."""
    told = listed(got, wording.refusal)
    silent = no is not None and got & {"invalid", "not_found", "conflict", "unavailable"}
    return Words(f"{told.id} – {no}", f"{told.en} – {no}") if silent else told


def _otherwise(expected: Words, got: Words) -> Words:
    return Words(f"Diharapkan: {expected.id}; yang terjadi: {got.id}.", f"Expected: {expected.en}; got: {got.en}.")


def _as_written(text: object) -> Words:
    return Words(f"'{text}'", f"'{text}'")


def _names(scene: Scene, expect: Expect, lines: tuple[Line, ...]) -> Iterator[Difference]:
    """The refusal must say, in either language, what the file wants it to say."""
    told = [words for line in lines for reason in line.reasons for words in (reason.words, reason.fix, *reason.details)]
    told += [words for line in lines for fault in line.faults for words in (Words(fault.path, fault.path), fault.words)]
    text = "\n".join(f"{words.id}\n{words.en}" for words in told)
    for place, name in enumerate(expect.names):
        if name not in text:
            yield Difference(f"{scene.path}.expect.names[{place}]", _otherwise(_as_written(name), _as_written(text)))


def _effects(scene: Scene, expect: Expect, lines: tuple[Line, ...]) -> Iterator[Difference]:
    """`effects` is exact: all that the deeds of the step brought."""
    done = tuple(effect for line in lines for effect in line.effects)
    if expect.effects is not None and sorted(expect.effects) != sorted(done):
        yield Difference(f"{scene.path}.expect.effects", _otherwise(listed(expect.effects, wording.brought), listed(done, wording.brought)))


def _standing(play: Play, scene: Scene, expect: Expect) -> Iterator[Difference]:
    if expect.state is None and expect.round is None and not (expect.tasks or expect.no_tasks) and expect.placement is None:
        return
    view = views.show_case(play.store, Call(who=play.who(OBSERVER), at=play.now), play.case)
    if expect.state not in (None, view.state):
        yield Difference(f"{scene.path}.expect.state", _otherwise(wording.state(str(expect.state)), wording.state(view.state)))
    if expect.round not in (None, view.round):
        yield Difference(f"{scene.path}.expect.round", _otherwise(_as_written(expect.round), _as_written(view.round)))
    waiting = tuple(task.kind for task in view.tasks if task.settled_at is None)
    if missing := {*expect.tasks} - {*waiting}:
        yield Difference(f"{scene.path}.expect.tasks", _otherwise(listed(missing, wording.due), listed(waiting, wording.due)))
    if left := {*expect.no_tasks} & {*waiting}:
        yield Difference(f"{scene.path}.expect.no_tasks", _otherwise(listed((), wording.due), listed(left, wording.due)))
    status = view.placements[0].status if view.placements else "none"
    if expect.placement not in (None, status):
        yield Difference(f"{scene.path}.expect.placement", _otherwise(wording.placement(str(expect.placement)), wording.placement(status)))


def _beside(play: Play, scene: Scene, expect: Expect) -> Iterator[Difference]:
    """How the processes beside the journey stand, and the houses and their staff: in the register as in the process."""
    if not (expect.processes or expect.host_standing or expect.clearance):
        return
    with play.store.read(Call(who=play.who(OBSERVER), at=play.now)) as unit, unit.over_everything():
        newest = {row.machine: row.state for row in processes.of_case(unit, play.case)} if play.case else {}
        newest |= {row.machine: row.state for row in processes.of_office(unit, play.cast.offices["dinas"], "data_breach")}
        hosts = ((key, registers.host_row(unit, entry)) for key, entry in play.cast.hosts.items())
        houses = {key: _said(house.status, processes.get(unit, house.id).state) for key, house in hosts}
        team = (member for house in play.cast.hosts.values() for member in registers.staff_of(unit, house))
        staff = {member.name: _said(member.status, processes.get(unit, member.id).state) for member in team}
    for field, wanted, got, said in (
        ("processes", expect.processes, newest, wording.state_of),
        ("host_standing", expect.host_standing, houses, lambda _: wording.standing),
        ("clearance", expect.clearance, staff, lambda _: wording.clearance),
    ):
        for key, state in wanted.items():
            if got.get(key, "none") != state:
                yield Difference(f"{scene.path}.expect.{field}.{key}", _otherwise(said(key)(state), said(key)(got.get(key, "none"))))


def _past_the_house(play: Play, scene: Scene, expect: Expect) -> Iterator[Difference]:
    """How the newest complaint stands for each, and what stands on their work lists."""
    for who, state in expect.complaint.items():
        got = complaint_state(play, who)
        if got != state:
            said = wording.state_of("complaint")
            yield Difference(f"{scene.path}.expect.complaint.{who}", _otherwise(said(state), said(got)))
    for who, wanted in expect.house_due.items():
        due = {key: kinds for key, kinds in houses_due(play, who).items() if key in wanted or not wanted}
        if due != {key: {*kinds} for key, kinds in wanted.items()}:
            yield Difference(f"{scene.path}.expect.house_due.{who}", _otherwise(_houses(wanted), _houses(due)))


def _houses(due: Mapping[str, Iterable[str]]) -> Words:
    """Return what is due by house: each house by its name."""
    told = [(sheet().name_of(house), listed(kinds, wording.house_due)) for house, kinds in sorted(due.items())]
    return Words(
        "; ".join(f"{name}: {what.id}" for name, what in told) or "–", "; ".join(f"{name}: {what.en}" for name, what in told) or "–"
    )


def _said(register: str, process: str) -> str:
    """Return how a register's entry stands; where its process says something else, both."""
    return register if register == process else f"{register} (register), {process}"
