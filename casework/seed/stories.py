"""The stories that a seeding multiplies, as written in `stories.toml`, and as scripts that can be played."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from casework.rehearsal.script import Script, script_of

_FILE = Path(__file__).with_name("stories.toml")

Parents: TypeAlias = Literal["both_alive", "father_dead", "mother_dead", "both_dead"]

START = "2026-03-02 09:00"
"""When every story is played (WITA): the same for all seedings, so that the same seed gives the same rows."""
NAMED = {
    "name": "Anakrekaan Seorang",
    "born_place": "Tempatrekaan",
    "born": "2014-05-10",
    "mother_name": "Iburekaan Seorang",
    "father_name": "Ayahrekaan Seorang",
}
"""Whom every story is played about: words that stand nowhere else, so that each can be exchanged."""
NIK, FAMILY_CARD = "9900000000000001", "9800000000000001"
"""Numbers of no province: nobody's. The stamped ones keep the first two digits."""

_WITH_FATHER: dict[str, dict[str, Any]] = {
    "data pribadi": {
        "father": {"name": "{father_name}", "status": "alive"},
        "mother": {"name": "{mother_name}", "status": "dead"},
        "orphan_status": "mother_dead",
    },
    "persetujuan asesmen": {"given_by": "{father_name}", "giver": "father"},
    "asesmen lanjutan": {
        "parent_child": "Ayah menyayangi anak tetapi sering sakit.",
        "parental_willingness": "Ayah bersedia dibantu.",
    },
    "asesmen ibu mampu": {
        "parent_child": "Ayah menyayangi anak.",
        "parental_willingness": "Ayah bersedia dibantu.",
        "support_result": "Ayah mampu mengasuh dengan dukungan.",
        "best_interests": "Anak tetap bersama ayahnya dengan dukungan.",
    },
    "lembar keluarga inti": {
        "candidate_name": "{father_name}",
        "relation": "ayah",
        "reason": "Ayah sakit berat dan tidak mampu mengasuh walaupun sudah didukung.",
    },
    "lembar keluarga inti untuk kerabat": {
        "candidate_name": "{father_name}",
        "relation": "ayah",
        "reason": "Ayah sakit berat dan tidak mampu mengasuh walaupun sudah didukung.",
    },
    "pernyataan": {
        "signed_by": "father",
        "signer_name": "{father_name}",
        "relation": "ayah kandung",
        "signatures": [{"role": "parent", "name": "{father_name}"}, {"role": "witness", "name": "Ketua RT 04 (contoh)"}],
    },
    "pernyataan untuk bibi": {
        "signed_by": "father",
        "signer_name": "{father_name}",
        "relation": "ayah kandung",
        "signatures": [{"role": "parent", "name": "{father_name}"}, {"role": "witness", "name": "Ketua RT 04 (contoh)"}],
    },
    "kesepakatan keluarga": {
        "parties": [
            {"role": "child", "name": "{child}"},
            {"role": "parent", "name": "{father_name}"},
            {"role": "dinas", "name": "{author}"},
        ]
    },
    "kesepakatan bibi": {
        "parties": [
            {"role": "child", "name": "{child}"},
            {"role": "parent", "name": "{father_name}"},
            {"role": "carer", "name": "pengasuh"},
        ]
    },
    "reunifikasi siap": {
        "family_assessment": "Ayah sudah pulih dan tinggal bersama nenek.",
        "risks": "kambuhnya penyakit ayah",
        "signatures": [
            {"role": "child", "name": "{child}"},
            {"role": "parent", "name": "{father_name}"},
            {"role": "social_worker", "name": "{author}"},
        ],
    },
    "rencana reintegrasi": {
        "signatures": [
            {"role": "child", "name": "{child}"},
            {"role": "parent", "name": "{father_name}"},
            {"role": "social_worker", "name": "{author}"},
        ],
    },
}
"""What a story says otherwise when the mother has died and the father is there, by the name of the step."""


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One story: the stages it replays, what it changes in them, how often it is told (`weight`), of whom, and how long ago it ended."""

    name: str
    weight: float
    after: tuple[str, ...]
    rest: tuple[int, int]
    youngest: int = 0
    parents: tuple[Parents, ...] = ()
    twin: bool = False
    without: tuple[str, ...] = ()
    change: dict[str, dict[str, Any]] = {}
    step: tuple[dict[str, Any], ...] = ()


class _Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    story: tuple[Story, ...]


@cache
def stories() -> tuple[Story, ...]:
    """Return every story, a twin after the one it belongs to. `parents` says of which children each may be told."""
    written = msgspec.toml.decode(_FILE.read_bytes(), type=_Sheet).story
    return tuple(told for story in written for told in _told(story))


def _told(story: Story) -> Iterator[Story]:
    if story.parents:
        yield story
    elif not story.twin:
        yield msgspec.structs.replace(story, parents=("both_alive", "father_dead", "mother_dead", "both_dead"))
    else:
        yield msgspec.structs.replace(story, parents=("both_alive", "father_dead"))
        change = {name: {"with": said} for name, said in _WITH_FATHER.items()}
        yield msgspec.structs.replace(story, name=f"{story.name}, father", parents=("mother_dead",), change=change)


def script(story: Story) -> Script:
    """Return the script of a story. What it changes in stages that it does not replay is left out."""
    bare = {
        "title": story.name,
        "world": {"start": START, "child": NAMED},
        "after": list(story.after),
        "without": list(story.without),
        "step": [*story.step, {"do": "look", "expect": {}}],
    }
    replayed = {scene.step.name for scene in script_of(bare).scenes}
    always = {"data pribadi": {"nik": NIK, "family_card": {"status": "held", "number": FAMILY_CARD}}}
    said = {name: {**always.get(name, {}), **story.change.get(name, {}).get("with", {})} for name in {*always, *story.change}}
    return script_of({**bare, "change": {name: {"with": body} for name, body in said.items() if name in replayed}})
