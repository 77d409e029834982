"""The page about deadlines (docs/timers.md): from the tables that are enforced, in both languages, never written by hand."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from casework.machines.book import newest_machines
from casework.machines.deadlines import creators, settled_by, tasks
from casework.machines.facts import WITA
from casework.machines.limits import LIMITS, Limit
from casework.machines.parameters import Parameters
from casework.machines.timer import ROWS, Timer
from casework.machines.timers import TIMERS
from casework.machines.urgent import TOLD, URGENT, Urgent, words_of
from casework.services.captions import task
from casework.store.workdays import Calendar
from casework.words import Language, Words

MADE = Words(
    "Dibuat oleh `casework check --timers` dari `casework/machines/timers.py`, `urgent.py`, dan tabel mesin; jangan disunting.",
    "Made by `casework check --timers` from `casework/machines/timers.py`, `urgent.py` and the tables of the machines; not to be edited.",
)
TITLE = Words("Tenggat", "Deadlines")
INTRODUCTION = Words(
    "Setiap tenggat punya pembuat, penyelesai, dan akibat bila lewat; definisi yang kurang salah satunya ditolak. Kunci T01 dan seterusnya "
    "menurut rancangan; angka dapat diubah di `config/parameters.toml`. Yang lewat tenggat selalu terlihat: daftarnya adalah pertanyaan "
    "kepada basis data, bukan kejadian yang dapat terlewat.",
    "Every deadline has a creator, a canceller and a consequence when it passes; a definition that lacks one of them is refused. The "
    "keys T01 and so on are those of the design; numbers may be changed in `config/parameters.toml`. What is overdue is always seen: its "
    "list is a question to the database, never an event that can be missed.",
)
HEADINGS = (
    Words("Kunci", "Key"),
    Words("Tentang", "About"),
    Words("Parameter dan nilai baku", "Parameter and default"),
    Words("Dibuat oleh", "Created by"),
    Words("Diselesaikan oleh", "Settled by"),
    Words("Bila lewat", "When it passes"),
)
LIMITED = Words("Batas waktu yang dihitung saat memutuskan", "Limits that are counted when somebody decides")
LIMIT_HEADINGS = (*HEADINGS[:3], Words("Dihitung oleh", "Counted by"))
UNKNOWN = Words(
    "Kalender kerja: cuti bersama {year} belum diketahui, jadi tenggat hari kerja dapat jatuh terlalu cepat. Perbarui program ini, "
    "atau isi `days_off` di config/parameters.toml sesuai SKB tiga menteri.",
    "Working days: the decreed leave (cuti bersama) of {year} is not known, so deadlines in working days may come too soon. Update "
    "this program, or fill in `days_off` in config/parameters.toml from the decree.",
)
TOLD_AT_ONCE = Words("Segera diberitahukan lewat surel (`casework tick`)", "Told at once by mail (`casework tick`)")
TOLD_HEADINGS = (Words("Yang mendesak", "What is urgent"), Words("Tenggat atau langkah", "Deadline or step"), Words("Kepada", "To"))
CODES = {
    "daily": Words("setiap hari Kepala Dinas diingatkan lagi", "the head of the office is reminded every day"),
    "decision": Words("keputusan", "the decision"),
    "hand": Words("laporan petugas", "somebody's report"),
    "leaving": Words("tahap yang ditinggalkan", "leaving the state"),
    "led": Words("daftar terlambat supervisor dan Kepala Dinas", "the overdue lists of supervisor and head"),
    "overdue": Words("daftar terlambat pekerja sosial, supervisor, dan Kepala Dinas", "the overdue lists of worker, supervisor and head"),
    "waiting": Words("daftar tunggu pemutus; tetap terbuka", "the list of who decides; it stays open"),
}
PREFIXES = {
    "form": Words("{what}", "{what}"),
    "step": Words("`{what}`", "`{what}`"),
    "guard": Words("ditolak: `{what}`", "refused: `{what}`"),
    "service": Words("`{what}`", "`{what}`"),
}
MANY = 6
"""So many creating steps are named; where there are more, a machine's are counted."""
STEPS = Words("{count} langkah `{machine}`", "{count} steps of `{machine}`")


def page() -> str:
    """Return the whole page."""
    return "\n".join((*_part("id"), "", *_part("en"))) + "\n"


def unknown_years(calendar: Calendar, now: datetime, language: Language) -> Iterator[str]:
    """Yield a warning for each year whose days off nobody has told this program yet."""
    yield from (UNKNOWN.to(language).format(year=year) for year in calendar.unknown(now.astimezone(WITA).date()))


def _part(language: Language) -> Iterator[str]:
    yield from (f"# {TITLE.to(language)}", "", f"*{MADE.to(language)}*", "", INTRODUCTION.to(language), "")
    yield from table(HEADINGS, (row_of(timer, language) for timer in TIMERS), language)
    yield from ("", f"## {LIMITED.to(language)}", "")
    yield from table(LIMIT_HEADINGS, (_limit(limit, language) for limit in LIMITS), language)
    yield from ("", f"## {TOLD_AT_ONCE.to(language)}", "")
    yield from table(TOLD_HEADINGS, (_urgent(row, language) for row in URGENT), language)


def table(headings: tuple[Words, ...], rows: Iterable[tuple[str, ...]], language: Language) -> Iterator[str]:
    """Yield the lines of a table in Markdown."""
    yield f"| {' | '.join(words.to(language) for words in headings)} |"
    yield f"|{'---|' * len(headings)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def row_of(timer: Timer, language: Language) -> tuple[str, ...]:
    """Return what the page says of one deadline, in the order of its headings."""
    machines = newest_machines()
    kinds = tasks(machines).get(timer.parameter, [])
    asking = creators(machines).get(timer.parameter, [])
    askers = {row.partition(".")[0] for row in asking}
    settled = dict.fromkeys(code for kind in kinds for code in settled_by(machines, kind, askers))
    rows = [f"step:{row}" for row in asking]
    started = [one for code in timer.creator for one in (rows if code in ROWS else (code,))]
    about = timer.about.to(language)
    named = "; ".join(task(kind).to(language) for kind in kinds)
    return (
        timer.key,
        f"{about} ({named})" if named else about,
        _number(timer.parameter),
        _counted(started, language),
        _spoken((*timer.canceller, *settled), language),
        _spoken(timer.escalation, language),
    )


def _limit(limit: Limit, language: Language) -> tuple[str, ...]:
    codes = (code.removeprefix("guard:").removeprefix("service:") for code in limit.where)
    return limit.key, limit.about.to(language), _number(limit.parameter), ", ".join(f"`{code}`" for code in codes)


def _urgent(row: Urgent, language: Language) -> tuple[str, ...]:
    return words_of(row.of, newest_machines()).to(language), f"`{row.of}`", ", ".join(TOLD[role].to(language) for role in row.tells)


def _number(parameter: str) -> str:
    value = getattr(Parameters(), parameter)
    shown = ", ".join(map(str, value)) if isinstance(value, tuple) else value
    return f"`{parameter}` = {shown}"


def _counted(codes: Iterable[str], language: Language) -> str:
    """Return what creates a timer: each step, or how many of each machine where they are many."""
    codes = tuple(codes)
    if len(codes) <= MANY:
        return _spoken(codes, language)
    machines = [code.removeprefix("step:").partition(".")[0] for code in codes]
    return ", ".join(STEPS.to(language).format(count=machines.count(name), machine=name) for name in dict.fromkeys(machines))


def _spoken(codes: Iterable[str], language: Language) -> str:
    return ", ".join(_word(code, language) for code in codes)


def _word(code: str, language: Language) -> str:
    kind, _, what = code.partition(":")
    return PREFIXES[kind].to(language).format(what=what) if what else CODES[kind].to(language)
