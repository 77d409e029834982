"""The script of a rehearsal: the stages it builds on, laid out in order with what the file changes in them, then its own steps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from casework.errors import Fault, Invalid
from casework.rehearsal import sense
from casework.rehearsal.bodies import fill
from casework.rehearsal.format import VERBS, Stage, Step, Story
from casework.rehearsal.reading import decode, faults_of, toml, unknown
from casework.words import Words

_FOLDER = Path(__file__).with_name("stages")
_NOTHING_EXPECTED = Words("Belum ada satu pun `expect`: latihan harus mengharapkan sesuatu.", "No `expect`: a rehearsal expects something.")


class Scene(msgspec.Struct, frozen=True):
    """One step in its place: of which stage (empty for the file's own), under which path in that file."""

    stage: str
    path: str
    step: Step


class Script(msgspec.Struct, frozen=True):
    """A rehearsal ready to be played. `stages` are the names of the stages it replays, in order."""

    story: Story
    stages: tuple[str, ...]
    scenes: tuple[Scene, ...]


@cache
def stage_names() -> tuple[str, ...]:
    """Return the names of the stages that this program brings."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def stage(name: str) -> Stage:
    """Return a stage by name. Raises Invalid when its file is faulty, KeyError when there is none."""
    if name not in stage_names():
        raise KeyError(name)
    return decode(Stage, toml((_FOLDER / f"{name}.toml").read_text(encoding="utf-8")), f"stages/{name}.toml $")


def read(text: str) -> Script:
    """Return the script that a rehearsal file means. Raises Invalid with every fault, each with its path and the choices."""
    return script_of(toml(text))


def script_of(written: dict[str, Any]) -> Script:
    """Return the script that the content of a rehearsal file means. Raises Invalid as `read` does."""
    story = decode(Story, written)
    _refuse(_story_faults(story))
    names = _in_order(story.after)
    _refuse(_named_faults(story, names))
    raw = [*_others(story)]
    raw += [
        (name, f"stages/{name}.toml $.step[{place}]", _changed(step, story))
        for name in names
        for place, step in enumerate(stage(name).step)
        if step.get("name") not in story.without
    ]
    raw += [("", f"$.step[{place}]", step) for place, step in enumerate(story.step)]
    told = dict.fromkeys(name for name, _, _ in raw if name)
    params = {**{key: value for name in told for key, value in stage(name).params.items()}, **story.params}
    _refuse(fault for _, path, step in raw for fault in _step_faults(step, path))
    scenes = tuple(Scene(name, path, _step(fill(step, params))) for name, path, step in raw)
    _refuse(sense.faults(story, [(scene.path, scene.step) for scene in scenes]))
    stages = dict.fromkeys((*(scene.stage for scene in scenes if scene.stage), *names))
    return Script(story, tuple(stages), scenes)


def _others(story: Story) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the steps that the other children's cases came through, one child after the other, before the story's own child came in."""
    for key, other in story.world.others.items():
        for name in _in_order(other.after):
            for place, step in enumerate(stage(name).step):
                yield name, f"stages/{name}.toml $.step[{place}]", {**step, "child": key}


def _refuse(faults: Iterable[Fault]) -> None:
    found = tuple(faults)
    if found:
        raise Invalid(*found)


def _story_faults(story: Story) -> Iterator[Fault]:
    for place, name in enumerate(story.after):
        if name not in stage_names():
            yield unknown(f"$.after[{place}]", name, stage_names())
    for key, other in story.world.others.items():
        for place, name in enumerate(other.after):
            if name not in stage_names():
                yield unknown(f"$.world.others.{key}.after[{place}]", name, stage_names())
    if not any("expect" in step for step in story.step):
        yield Fault("$.step", _NOTHING_EXPECTED)


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return the stages with everything they build on, each once, foundations first."""
    found: dict[str, None] = {}
    for name in names:
        found.update(dict.fromkeys((*_in_order(stage(name).after), name)))
    return tuple(found)


def _named_faults(story: Story, names: tuple[str, ...]) -> Iterator[Fault]:
    known = {str(step["name"]) for name in names for step in stage(name).step if "name" in step}
    for place, said in enumerate(story.without):
        if said not in known:
            yield unknown(f"$.without[{place}]", said, known)
    for said in story.change:
        if said not in known:
            yield unknown(f'$.change."{said}"', said, known)
    allowed = {key for name in names for key in stage(name).params}
    for said in story.params:
        if said not in allowed:
            yield unknown(f"$.params.{said}", said, allowed)


def _changed(step: dict[str, Any], story: Story) -> dict[str, Any]:
    """Return a stage's step as this file wants it. In `with` only the fields named change; everything else is replaced."""
    change = story.change.get(str(step.get("name")), {})
    merged = {**step, **change}
    if "with" in step and isinstance(change.get("with"), dict):
        merged["with"] = {**step["with"], **change["with"]}
    return merged


def _step_faults(step: dict[str, Any], path: str) -> Iterator[Fault]:
    verb = step.get("do")
    if verb not in VERBS:
        yield unknown(f"{path}.do", str(verb or ""), VERBS)
        return
    yield from faults_of(VERBS[verb], step, path)


def _step(raw: dict[str, Any]) -> Step:
    return msgspec.convert(raw, VERBS[raw["do"]])
