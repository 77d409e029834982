"""The readable account of a story: for people who train with it, in Indonesian or English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from casework.errors import Fault, Reason
from casework.machines.care import CARE
from casework.machines.facts import WITA
from casework.machines.refusals import role_words
from casework.rehearsal.cast import sheet
from casework.rehearsal.format import World
from casework.rehearsal.play import Line
from casework.rehearsal.run import Played, Scened
from casework.rehearsal.script import stage
from casework.services.captions import PLACEMENTS, spoken, task
from casework.words import Language, Words

_DAYS = (
    Words("Senin", "Mon"), Words("Selasa", "Tue"), Words("Rabu", "Wed"), Words("Kamis", "Thu"), Words("Jumat", "Fri"),
    Words("Sabtu", "Sat"), Words("Minggu", "Sun"),
)  # fmt: skip
_SEX = {"male": Words("laki-laki", "male"), "female": Words("perempuan", "female")}
AS_EXPECTED = Words("sesuai harapan", "as expected")
OTHERWISE = Words("BERBEDA dari harapan", "NOT as expected")
_EFFECTS = {
    "placement reserved": Words("tempat anak ditahan", "the bed is kept"),
    "placement resumed": Words("penempatan yang sama berjalan lagi", "the same placement runs again"),
    "placement ended": Words("penempatan, bila ada, berakhir", "the placement, if any, ends"),
    "tasks settled": Words("tugas yang terbuka diselesaikan", "open tasks are settled"),
}
_DONE = Words("dilaksanakan", "done")
_REFUSED = Words("DITOLAK", "REFUSED")
_STAGE = Words("Tahapan", "Stage")
_STEPS = Words("langkah diputar ulang", "steps replayed")
_WORKER = Words("pekerja sosial", "social worker")
_BORN = Words("lahir", "born")
_LEFT = Words("langkah sesudahnya tidak dimainkan", "steps after it were not played")
_PENDING = Words("menyusul (belum dikerjakan sistem)", "to come (not done by the system yet)")
_LAW = Words("dasar", "law")
_FIX = Words("perbaikan", "remedy")
_STATE = Words("tahap", "state")


def account(played: Played, language: Language, *, full: bool = False) -> Iterator[str]:
    """Yield the lines of the account. Replayed stages are told in one line each, or step by step when `full`."""
    story = played.script.story
    yield _title(story.title, story.title_en, language)
    yield f"  {_child(story.world, language)}"
    if story.about:
        yield f"  {story.about}"
    yield ""
    for name in played.script.stages:
        scenes = [scened for scened in played.scenes if scened.scene.stage == name]
        if scenes:
            yield from _stage(name, scenes, language, full=full)
    for scened in played.scenes:
        if not scened.scene.stage:
            yield from _scene(scened, language)
    yield ""
    yield from _verdict(played, language)


def faulty(faults: tuple[Fault, ...], language: Language) -> Iterator[str]:
    """Yield what is wrong with a file that cannot be played."""
    for fault in faults:
        yield f"  {fault.path}: {fault.words.to(language)}"


def _title(title: str, english: str, language: Language) -> str:
    return english or title if language == "en" else title


def _child(world: World, language: Language) -> str:
    child = world.child
    born = f", {_BORN.to(language)} {child.born}" if child.born else ""
    worker = f"{_WORKER.to(language)}: {sheet().name_of(world.worker)}"
    return f"{child.name} ({_SEX[child.sex].to(language)}{born}, {child.religion}); {worker}."


def _stage(name: str, scenes: list[Scened], language: Language, *, full: bool) -> Iterator[str]:
    told = stage(name)
    title = _title(told.title, told.title_en, language)
    last = max((line.at for scened in scenes for line in scened.lines), default=None)
    when = f" ({_when(last, language)})" if last else ""
    yield f"  * {_STAGE.to(language)} {name}: {title} – {len(scenes)} {_STEPS.to(language)}{when}"
    for scened in scenes:
        if full or scened.differences:
            yield from _scene(scened, language)


def _when(at: datetime, language: Language) -> str:
    local = at.astimezone(WITA)
    return f"{_DAYS[local.weekday()].to(language)} {local:%d-%m-%Y %H:%M}"


def _scene(scened: Scened, language: Language) -> Iterator[str]:
    for line in scened.lines:
        yield from _line(line, language)
    if scened.scene.step.note:
        yield f"      ({scened.scene.step.note})"
    if not scened.differences:
        pending = scened.scene.step.expect.effects_pending if scened.scene.step.expect else None
        if pending:
            yield f"      {_PENDING.to(language)}: {', '.join(pending)}"
        if scened.scene.step.expect:
            yield f"      ✓ {AS_EXPECTED.to(language)}"
    for difference in scened.differences:
        yield f"      ✗ {difference.path}: {difference.words.to(language)}"


def _line(line: Line, language: Language) -> Iterator[str]:
    yield f"  {_when(line.at, language)}  {line.who} ({_role(line.role).to(language)}) {line.did.to(language)}"
    if line.state:
        yield f"      {_DONE.to(language)} → {_STATE.to(language)}: {CARE.states[line.state].label.to(language)} [{line.state}]"
    for effect in line.effects:
        yield f"      - {_effect(effect).to(language)}  [{effect}]"
    if line.codes:
        yield f"      {_REFUSED.to(language)}: {', '.join(line.codes)}"
    for reason in line.reasons:
        yield from _reason(reason, language)
    yield from (f"      {fault.path}: {fault.words.to(language)}" for fault in line.faults)


def _role(role: str) -> Words:
    """Any social worker, assigned or on duty: the account says who, not in which capacity."""
    return _WORKER if role == "social_worker" else role_words(role)


def _effect(effect: str) -> Words:
    """Return what a service's word for an effect means to people; a word not known here is shown as it is."""
    what, _, rest = effect.partition(": ")
    if what == "due":
        words = task(rest.partition(" (")[0])
        return Words(f"tugas: {words.id}", f"task: {words.en}")
    if what == "placement started":
        words = spoken(PLACEMENTS, rest)
        return Words(f"penempatan dimulai: {words.id}", f"placement started: {words.en}")
    return _EFFECTS.get(what, Words(effect, effect))


def _reason(reason: Reason, language: Language) -> Iterator[str]:
    yield f"      {reason.words.to(language)} [{reason.code}]"
    yield from (f"        - {detail.to(language)}" for detail in reason.details)
    yield f"        {_FIX.to(language)}: {reason.fix.to(language)}  {_LAW.to(language)}: {'; '.join(law.source for law in reason.law)}"


def _verdict(played: Played, language: Language) -> Iterator[str]:
    if not played.differences:
        yield f"  → {AS_EXPECTED.to(language)}"
        return
    yield f"  → {OTHERWISE.to(language)}"
    if played.left:
        yield f"    {played.left} {_LEFT.to(language)}"
