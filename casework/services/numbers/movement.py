"""Reports about what happened in a period, month by month or by kind (R6, R9, R10, R11, R12)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from casework.services.gist import INCIDENTS
from casework.services.numbers.children import NEVER_SUMMED, ONCE_A_DAY
from casework.services.numbers.shape import Column, Counted, Line, Report, Scope, month_of, month_words, percent, plain
from casework.services.numbers.stays import EMERGENCY, INSTITUTION, Stay, stays_of
from casework.store import numbers, sums
from casework.store.instants import from_text, to_text
from casework.store.prevention import FAMILY_BASED
from casework.store.statements import as_list
from casework.store.unit import Unit
from casework.words import Words

MONTH = (Words("Bulan", "Month"),)
HALF_YEAR, YEAR = timedelta(days=183), timedelta(days=365)
WAY_HOME = ("start_trial", "break_down", "complete")
ANSWERS = frozenset({"ask_information", "acknowledge", "accept", "decline"})
REFERRED = ("send", "fall_silent", *sorted(ANSWERS))


def in_period(at: datetime | None, scope: Scope) -> bool:
    """Whether a moment lies in the period."""
    return at is not None and scope.since <= at < scope.until


def by_month(found: Mapping[tuple[str, str], int], columns: Iterable[Column], scope: Scope) -> tuple[Line, ...]:
    """Return a line for every month of the period."""
    codes = [column.code for column in columns]
    return tuple(Line((month_words(month),), tuple(found.get((month, code), 0) for code in codes)) for month in scope.months)


def entries(stays: Iterable[Stay], scope: Scope) -> tuple[Stay, ...]:
    """Return the stays that began in the period by an admission: an existing resident was never admitted (DOMAIN 7.1.5)."""
    return tuple(stay for stay in stays if not stay.existing and in_period(stay.started_at, scope))


def asked_for(unit: Unit, scope: Scope) -> tuple[tuple[str, bool], ...]:
    """Return, for each case in which an institution was asked for, the month of the first request and whether the child was kept out."""
    period = {"since": to_text(scope.since), "until": to_text(scope.until)}
    rows = unit.ask(numbers.ASKED, office=scope.office, **period)
    return tuple((month_of(from_text(row.at)), not row.admitted and bool(row.refused or row.state in FAMILY_BASED)) for row in rows)


_MOVES = (
    Column("entries", Words("masuk pertama kali", "first entries")),
    Column("again", Words("masuk kembali", "re-entries")),
    Column("exits", Words("keluar", "exits")),
    Column("asked", Words("dimohonkan masuk LKSA", "an institution was asked for")),
    Column("kept_out", Words("ditolak atau dialihkan ke keluarga", "refused or diverted to a family")),
)


def _moves(unit: Unit, scope: Scope) -> Counted:
    found: Counter[tuple[str, str]] = Counter()
    stays = stays_of(unit, scope.office, INSTITUTION, scope.at)
    found.update((month_of(stay.started_at), "again" if stay.again else "entries") for stay in entries(stays, scope))
    found.update((month_of(stay.ended_at), "exits") for stay in stays if stay.ended_at is not None and in_period(stay.ended_at, scope))
    for month, kept_out in asked_for(unit, scope):
        found[month, "asked"] += 1
        found[month, "kept_out"] += kept_out
    lines = by_month(found, _MOVES, scope)
    return Counted(
        lines=tuple(Line(line.labels, (*line.cells, percent(int(line.cells[4] or 0), int(line.cells[3] or 0)))) for line in lines)
    )


_RETURNS = (
    Column("start_trial", Words("uji coba dimulai", "trials begun")),
    Column("break_down", Words("uji coba gagal", "trials broken down")),
    Column("complete", Words("kembali ke keluarga", "returned to the family")),
    Column("within_6", Words("dari yang kembali: ditempatkan lagi dalam 6 bulan", "of the returned: placed again within 6 months")),
    Column("within_12", Words("dari yang kembali: ditempatkan lagi dalam 6–12 bulan", "of the returned: placed again within 6–12 months")),
)


def _returns(unit: Unit, scope: Scope) -> Counted:
    steps = steps_of(unit, scope, "reunification", WAY_HOME)
    found = Counter((month_of(from_text(step.at)), step.trigger) for step in steps)
    home = [(step.child, from_text(step.at)) for step in steps if step.trigger == "complete"]
    again = placed_again(unit, scope, home)
    found.update((month_of(at), within) for child, at in home for within in _placed_again(again, child, at))
    return Counted(lines=by_month(found, _RETURNS, scope))


def steps_of(unit: Unit, scope: Scope, machine: str, triggers: tuple[str, ...], *, after: bool = False) -> tuple[Any, ...]:
    """Return the steps by these triggers that processes of the office made in the period, or also after it."""
    since, until = to_text(scope.since), to_text(scope.until)
    rows = unit.ask(numbers.STEPS, machine=machine, office=scope.office, triggers=as_list(triggers), since=since)
    return tuple(row for row in rows if after or row.at < until)


def placed_again(unit: Unit, scope: Scope, home: Iterable[tuple[str, datetime]]) -> dict[str, list[datetime]]:
    """Return when these children were placed outside their family since the period began."""
    found: dict[str, list[datetime]] = {}
    for row in unit.ask(numbers.PLACED_AGAIN, children=as_list(sorted({child for child, _ in home})), since=to_text(scope.since)):
        found.setdefault(row.child, []).append(from_text(row.at))
    return found


def _placed_again(again: Mapping[str, list[datetime]], child: str, at: datetime) -> tuple[str, ...]:
    times = again.get(child, [])
    place = bisect_left(times, at)
    after = times[place] - at if place < len(times) else None
    if after is None or after > YEAR:
        return ()
    return ("within_6",) if after <= HALF_YEAR else ("within_12",)


_TOLD = (
    Column("in_time", Words("Dinas diberi tahu dalam batas waktu", "office told in time")),
    Column("late", Words("terlambat", "late")),
    Column("untold", Words("belum tercatat", "not recorded yet")),
)


def _incidents(unit: Unit, scope: Scope) -> Counted:
    counted_at = sums.counted_at(unit, scope.office)
    if counted_at is None:
        return Counted(lines=(), notes=(NEVER_SUMMED,))
    found: Counter[tuple[str, str]] = Counter()
    for one in sums.of_report(unit, scope.office, "R10"):
        if scope.months[0] <= one.third <= scope.months[-1]:
            found[one.first, one.second] += one.n
    lines = (Line((words,), tuple(found[kind, column.code] for column in _TOLD)) for kind, words in INCIDENTS.items())
    return Counted(lines=tuple(lines), notes=(ONCE_A_DAY,), counted_at=counted_at)


_EMERGENCIES = (
    Column("ended_in_time", Words("berakhir dalam batas", "ended within the limit")),
    Column("ended_late", Words("berakhir lewat batas", "ended beyond it")),
    Column("going_on", Words("berlangsung, dalam batas", "going on, within it")),
    Column("too_long", Words("berlangsung, lewat batas", "going on, beyond it")),
)


def _emergencies(unit: Unit, scope: Scope) -> Counted:
    most, found = scope.params.emergency_max_days, Counter[tuple[str, str]]()
    for stay in stays_of(unit, scope.office, EMERGENCY, scope.at):
        if in_period(stay.started_at, scope):
            late = (stay.ended_at or scope.at) - stay.started_at > timedelta(days=most)
            codes = ("ended_in_time", "ended_late") if stay.ended_at else ("going_on", "too_long")
            found[month_of(stay.started_at), codes[late]] += 1
    return Counted(lines=by_month(found, _EMERGENCIES, scope), notes=(Words(f"Batasnya {most} hari.", f"The limit is {most} days."),))


_ANSWERED = (
    Column("in_time", Words("dijawab tepat waktu", "answered in time")),
    Column("late", Words("dijawab terlambat", "answered late")),
    Column("unanswered", Words("lewat waktu, tidak dijawab", "past its time, not answered")),
    Column("waiting", Words("menunggu, atau dibatalkan", "waiting, or cancelled")),
)


def _referrals(unit: Unit, scope: Scope) -> Counted:
    found: Counter[tuple[str, str]] = Counter()
    steps: dict[str, list[Any]] = {}
    for step in steps_of(unit, scope, "referral", REFERRED, after=True):
        steps.setdefault(step.process, []).append(step)
    for made in steps.values():
        triggers = [step.trigger for step in made]
        if triggers[0] == "send" and in_period(from_text(made[0].at), scope):
            found[made[0].body or "", _answered(triggers)] += 1
    bodies = sorted({body for body, _ in found})
    unnamed = Words("penerima tidak tercatat", "receiver not recorded")
    lines = (Line((plain(body) if body else unnamed,), tuple(found[body, column.code] for column in _ANSWERED)) for body in bodies)
    return Counted(lines=tuple(lines))


def _answered(triggers: list[str]) -> str:
    answer = next((place for place, trigger in enumerate(triggers) if trigger in ANSWERS), None)
    silence = triggers.index("fall_silent") if "fall_silent" in triggers else None
    if answer is None:
        return "waiting" if silence is None else "unanswered"
    return "late" if silence is not None and silence < answer else "in_time"


REPORTS = (
    Report(
        code="R6",
        title=Words("Masuk dan keluar LKSA, dan gerbangnya", "Entries, exits and the gate of institutions"),
        about=Words(
            "Setiap bulan: anak yang masuk (pertama kali atau kembali) dan keluar LKSA, dan permohonan masuk menurut nasibnya sekarang. "
            "Penghuni lama yang didata tidak pernah dihitung masuk; pindah antar-LKSA bukan masuk dan bukan keluar.",
            "Each month: children who entered (first or again) and left institutions, and the requests by what became of "
            "them. Existing residents "
            "who were registered never count as entries; a move between institutions is neither.",
        ),
        source="DOMAIN 6.1 R6; 7.1.5",
        heads=MONTH,
        columns=(*_MOVES, Column("rate", Words("tidak jadi masuk (%)", "kept out (%)"), "percent")),
        count=_moves,
        filters=("period",),
        chart="lines",
        charted=("entries", "exits", "asked"),
    ),
    Report(
        code="R9",
        title=Words("Reunifikasi: dicoba, berhasil, gagal", "Reunifications: tried, achieved, broken down"),
        about=Words(
            "Langkah yang terjadi dalam bulan itu. Penempatan kembali dihitung pada bulan anak kembali ke keluarga; untuk "
            "yang baru kembali, "
            "angkanya belum lengkap.",
            "Steps that happened in the month. Being placed again counts in the month of the return; for those who "
            "returned of late the numbers are "
            "not complete yet.",
        ),
        source="DOMAIN 6.1 R9; 2.10; IAR",
        heads=MONTH,
        columns=_RETURNS,
        count=_returns,
        filters=("period",),
        chart="lines",
        charted=("start_trial", "break_down", "complete"),
    ),
    Report(
        code="R10",
        title=Words("Insiden menurut jenis dan waktu lapor", "Incidents by type and time to report"),
        about=Words(
            "Insiden (F17) menurut bulan kejadiannya, dan apakah Dinas diberi tahu dalam batas waktu sejak kejadian.",
            "Incidents (F17) by the month in which they happened, and whether the office was told in time.",
        ),
        source="DOMAIN 6.1 R10; 5 S7; T20",
        heads=(Words("Jenis", "Type"),),
        columns=_TOLD,
        count=_incidents,
        filters=("period",),
        across=True,
    ),
    Report(
        code="R11",
        title=Words("Pengasuhan darurat yang lewat batas", "Emergency placements beyond the limit"),
        about=Words(
            "Pengasuhan darurat menurut bulan mulainya. Pindah tempat darurat tidak memulai hitungan baru.",
            "Emergency placements by the month in which they began. Another emergency host begins no new count.",
        ),
        source="DOMAIN 6.1 R11; 2.3; T05",
        heads=MONTH,
        columns=_EMERGENCIES,
        count=_emergencies,
        filters=("period",),
        across=True,
    ),
    Report(
        code="R12",
        title=Words("Rujukan yang dijawab tepat waktu", "Referrals answered in time"),
        about=Words(
            "Rujukan yang pertama kali dikirim dalam masa itu, menurut lembaga penerimanya yang sekarang.",
            "Referrals first sent in the period, by the receiving body of now.",
        ),
        source="DOMAIN 6.1 R12; 2.9; T18",
        heads=(Words("Penerima", "Receiver"),),
        columns=_ANSWERED,
        count=_referrals,
        filters=("period",),
        across=True,
    ),
)
