"""The readable account of a story: for people who train with it, in Indonesian or English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from casework.errors import Fault, Reason
from casework.machines.book import newest_machines
from casework.machines.care import CARE
from casework.machines.facts import WITA
from casework.machines.refusals import role_words
from casework.rehearsal import wording
from casework.rehearsal.cast import sheet
from casework.rehearsal.format import Child
from casework.rehearsal.play import Line, Moved
from casework.rehearsal.run import Played, Scened
from casework.rehearsal.script import stage
from casework.words import Language, Words

_DAYS = (
    Words("Senin", "Mon"), Words("Selasa", "Tue"), Words("Rabu", "Wed"), Words("Kamis", "Thu"), Words("Jumat", "Fri"),
    Words("Sabtu", "Sat"), Words("Minggu", "Sun"),
)  # fmt: skip
_SEX = {"male": Words("laki-laki", "male"), "female": Words("perempuan", "female")}
AS_EXPECTED = Words("sesuai harapan", "as expected")
OTHERWISE = Words("BERBEDA dari harapan", "NOT as expected")
_DONE = Words("dilaksanakan", "done")
_REFUSED = Words("DITOLAK", "REFUSED")
_STAGE = Words("Tahapan", "Stage")
_STEPS = Words("langkah diputar ulang", "steps replayed")
_WORKER = Words("pekerja sosial", "social worker")
_BORN = Words("lahir", "born")
_LEFT = Words("langkah sesudahnya tidak dimainkan", "steps after it were not played")
_BEGINS = Words("dimulai", "begins")
_CLOCK = Words("jam sistem", "the system's clock")
_LAW = Words("dasar", "law")
_FIX = Words("perbaikan", "remedy")
_STATE = Words("tahap", "state")


def account(played: Played, language: Language, *, full: bool = False) -> Iterator[str]:
    """Yield the lines of the account. Replayed stages are told in one line each, or step by step when `full`."""
    story = played.script.story
    yield _title(story.title, story.title_en, language)
    yield f"  {_child(story.world.child, language)}; {_WORKER.to(language)}: {sheet().name_of(story.world.worker)}."
    yield from (f"  {_child(other, language)}." for other in story.world.others.values())
    if story.about:
        yield f"  {story.about}"
    yield ""
    names = {key: other.name for key, other in story.world.others.items()}
    replayed: dict[tuple[str, str], list[Scened]] = {}
    for scened in played.scenes:
        if scened.scene.stage:
            replayed.setdefault((scened.scene.step.child, scened.scene.stage), []).append(scened)
    for (child, name), scenes in replayed.items():
        yield from _stage(name, scenes, language, names.get(child, ""), full=full)
    for scened in played.scenes:
        if not scened.scene.stage:
            yield from _scene(scened, language, names.get(scened.scene.step.child, ""))
    yield ""
    yield from _verdict(played, language)


def faulty(faults: tuple[Fault, ...], language: Language) -> Iterator[str]:
    """Yield what is wrong with a file that cannot be played."""
    for fault in faults:
        yield f"  {fault.path}: {fault.words.to(language)}"


def _title(title: str, english: str, language: Language) -> str:
    return english or title if language == "en" else title


def _child(child: Child, language: Language) -> str:
    born = f", {_BORN.to(language)} {child.born}" if child.born else ""
    return f"{child.name} ({_SEX[child.sex].to(language)}{born}, {child.religion})"


def _stage(name: str, scenes: list[Scened], language: Language, child: str, *, full: bool) -> Iterator[str]:
    told = stage(name)
    title = _title(told.title, told.title_en, language)
    last = max((line.at for scened in scenes for line in scened.lines), default=None)
    when = f" ({_when(last, language)})" if last else ""
    whose = f" ({child})" if child else ""
    yield f"  * {_STAGE.to(language)}{whose}: {title} [{name}] – {len(scenes)} {_STEPS.to(language)}{when}"
    for scened in scenes:
        if full or scened.differences:
            yield from _scene(scened, language, child)


def _when(at: datetime, language: Language) -> str:
    local = at.astimezone(WITA)
    return f"{_DAYS[local.weekday()].to(language)} {local:%d-%m-%Y %H:%M}"


def _scene(scened: Scened, language: Language, child: str) -> Iterator[str]:
    if child:
        yield f"  [{child}]"
    for line in scened.lines:
        yield from _line(line, language)
    if scened.scene.step.note:
        yield f"      ({scened.scene.step.note})"
    if scened.scene.step.expect and not scened.differences:
        yield f"      ✓ {AS_EXPECTED.to(language)}"
    for difference in scened.differences:
        yield f"      ✗ {difference.path}: {difference.words.to(language)}"


def _line(line: Line, language: Language) -> Iterator[str]:
    yield f"  {_when(line.at, language)}  {line.who} ({_role(line.role).to(language)}) {line.did.to(language)}"
    if line.state:
        yield f"      {_DONE.to(language)} → {_STATE.to(language)}: {CARE.states[line.state].label.to(language)} [{line.state}]"
    for effect in line.effects:
        yield f"      - {wording.effect(effect).to(language)}  [{effect}]"
    for step in line.steps:
        yield f"      - {_beside(step, language)}  [{step.machine}: {step.dest}]"
    for name, effect in line.elsewhere:
        yield f"      - {name}: {wording.effect(effect).to(language)}  [{effect}]"
    if line.codes:
        yield f"      {_REFUSED.to(language)}: {wording.listed(line.codes, wording.refusal).to(language)}"
    for reason in line.reasons:
        yield from _reason(reason, language)
    yield from (f"      {fault.path}: {fault.words.to(language)}" for fault in line.faults)


def _role(role: str) -> Words:
    """Any social worker, assigned or on duty: the account says who, not in which capacity."""
    if role == "clock":
        return _CLOCK
    return _WORKER if role == "social_worker" else role_words(role)


def _beside(step: Moved, language: Language) -> str:
    """Return what a process beside the journey did, in words."""
    machine = newest_machines()[step.machine]
    named = machine.definition.label or Words(step.machine, step.machine)
    source = machine.states[step.source].label if step.source else _BEGINS
    return f"{named.to(language)}: {source.to(language)} → {machine.states[step.dest].label.to(language)}"


def _reason(reason: Reason, language: Language) -> Iterator[str]:
    yield f"      {reason.words.to(language)}"
    yield from (f"        - {detail.to(language)}" for detail in reason.details)
    laws = "; ".join(law.to(language) for law in reason.law)
    yield f"        {_FIX.to(language)}: {reason.fix.to(language)}  {_LAW.to(language)}: {laws}"


def _verdict(played: Played, language: Language) -> Iterator[str]:
    if not played.differences:
        yield f"  → {AS_EXPECTED.to(language)}"
        return
    yield f"  → {OTHERWISE.to(language)}"
    if played.left:
        yield f"    {played.left} {_LEFT.to(language)}"
