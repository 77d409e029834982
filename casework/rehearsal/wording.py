"""What a file of rehearsal writes as codes, as people read it: the words first, the code behind them in brackets."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from casework.machines.book import newest_machines, states_of
from casework.machines.care import CARE
from casework.machines.house_deadlines import RUNNING
from casework.machines.spoken import STANDING
from casework.services.captions import PLACEMENT_STATUS, PLACEMENTS, STAFF_STATUS, TASKS, spoken, task
from casework.services.happenings import REFUSED
from casework.words import Words

_EFFECTS = {
    "placement reserved": Words("tempat anak ditahan", "the bed is kept"),
    "placement resumed": Words("penempatan yang sama berjalan lagi", "the same placement runs again"),
    "placement ended": Words("penempatan, bila ada, berakhir", "the placement, if any, ends"),
    "tasks settled": Words("tugas yang terbuka diselesaikan", "open tasks are settled"),
}
_NO: dict[str, Words] = {
    "none": Words("tidak ada", "there is none"),
    "invalid": Words("isian tidak lengkap atau salah", "an answer is missing or wrong"),
    "not_found": Words("tidak ditemukan", "not found"),
    "stale_version": Words("sudah berubah sejak dilihat", "changed since it was looked at"),
    "conflict": Words("bertabrakan dengan perubahan lain", "in conflict with another change"),
}
"""What stands where there is nothing, and the answers that carry no reasons."""

Wording = Callable[[str], Words]


def coded(code: str, words: Words) -> Words:
    """Return words with their code behind them, or the code alone where it has none."""
    return words if words.id == code else Words(f"{words.id} [{code}]", f"{words.en} [{code}]")


def listed(codes: Iterable[str], wording: Wording) -> Words:
    """Return every code in words, in one order; a dash for none."""
    told = [wording(code) for code in sorted(codes)]
    return Words("; ".join(words.id for words in told) or "–", "; ".join(words.en for words in told) or "–")


def _worded(table: dict[str, Words]) -> Wording:
    return lambda code: coded(code, table.get(code) or _NO.get(code, Words(code, code)))


refusal = _worded({code: Words(words.id.rstrip("."), words.en.rstrip(".")) for code, words in REFUSED.items()})
state = _worded({state.name: state.label for state in CARE.definition.states})
placement = _worded(PLACEMENT_STATUS)
standing = _worded(STANDING)
clearance = _worded(STAFF_STATUS)
due = _worded(TASKS)
house_due = _worded({str(kind): words for kind, words in RUNNING.items()})


def state_of(machine: str) -> Wording:
    """Return how the states of a process are worded."""
    return _worded({name: one.label for name, one in states_of(machine).items()})


def effect(said: str) -> Words:
    """Return what a service's word for an effect means to people; a word not known here is shown as it is."""
    what, _, rest = said.partition(": ")
    if what == "due":
        words = task(rest.partition(" (")[0])
        return Words(f"tugas: {words.id}", f"task: {words.en}")
    if what == "opened":
        label = newest_machines()[rest].definition.label or Words(rest, rest)
        return Words(f"dibuka: {label.id}", f"opened: {label.en}")
    if what == "placement started":
        words = spoken(PLACEMENTS, rest)
        return Words(f"penempatan dimulai: {words.id}", f"placement started: {words.en}")
    return _EFFECTS.get(what, Words(said, said))


def brought(said: str) -> Words:
    """Return an effect in words, with the service's own word for it."""
    return coded(said, effect(said))
