"""The first page: whether the gate holds, how long children stay, whether they go home, and whether approval is more than a stamp."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from casework.services.numbers.children import NEVER_SUMMED, ONCE_A_DAY, TWO_YEARS_DAYS, YEAR_DAYS, living_there
from casework.services.numbers.movement import asked_for, entries, in_period
from casework.services.numbers.shape import Column, Line, Scope, median, percent, plain, spelled
from casework.services.numbers.stays import INSTITUTION, stays_of
from casework.store import numbers, people, sums
from casework.store.instants import to_text
from casework.store.unit import Unit
from casework.words import Words

MOST_APPROVERS = 50


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One number that the head looks at first: its value in words, what it means, how it is computed, and the report behind it."""

    code: str
    title: Words
    value: Words
    beside: tuple[Words, ...] = ()
    means: Words
    computed: Words
    report: str = ""


class FirstPage(msgspec.Struct, frozen=True, kw_only=True):
    """The figures, and who decided how: one line an approver."""

    figures: tuple[Figure, ...]
    columns: tuple[Column, ...]
    approvers: tuple[Line, ...]
    notes: tuple[Words, ...] = ()
    counted_at: datetime | None = None


NONE_YET = Words("belum ada", "none yet")
APPROVER_COLUMNS = (
    Column("decided", Words("keputusan", "decisions"), "things"),
    Column("refused", Words("ditolak atau dikembalikan (%)", "refused or returned (%)"), "percent"),
    Column("quick", Words("dalam hitungan detik", "within seconds"), "things"),
)


def first_page(unit: Unit, scope: Scope) -> FirstPage:
    """Return the first page of an office and a period."""
    stays = stays_of(unit, scope.office, INSTITUTION, scope.at)
    (home,) = unit.ask(numbers.RETURNED, office=scope.office, since=to_text(scope.since), until=to_text(scope.until))
    made = _decisions(unit, scope)
    counted_at = sums.counted_at(unit, scope.office)
    figures = (
        _gate(asked_for(unit, scope)),
        _stay(stays, scope),
        _home(stays, int(home.n), scope),
        _time(unit, scope),
        _refused(made, scope),
    )
    return FirstPage(
        figures=figures,
        columns=APPROVER_COLUMNS,
        approvers=_approvers(unit, made),
        notes=(ONCE_A_DAY if counted_at else NEVER_SUMMED,),
        counted_at=counted_at,
    )


def _decisions(unit: Unit, scope: Scope) -> dict[str, Counter[str]]:
    """Return how often each person approved, refused, and approved within seconds, in the period."""
    found: dict[str, Counter[str]] = {}
    for one in sums.of_report(unit, scope.office, "decisions"):
        if scope.months[0] <= one.first <= scope.months[-1]:
            found.setdefault(one.second, Counter())[one.third] += one.n
    return found


def _gate(asked: Sequence[tuple[str, bool]]) -> Figure:
    kept_out = sum(kept for _, kept in asked)
    return Figure(
        code="gatekeeping",
        title=Words("Gerbang LKSA", "The gate of institutions"),
        value=_share(kept_out, len(asked)),
        beside=(Words(f"{kept_out} dari {len(asked)} anak tidak jadi masuk LKSA", f"{kept_out} of {len(asked)} children were kept out"),),
        means=Words(
            "Seberapa sering permohonan masuk LKSA berakhir tanpa lembaga. Angka nol berarti setiap permohonan diloloskan.",
            "How often a request for an institution ends without one. Zero means that every request goes through.",
        ),
        computed=Words(
            "Anak yang dimohonkan masuk LKSA dalam masa ini, lalu ditolak atau kini diasuh keluarga, dibagi semua anak "
            "yang dimohonkan. Percobaan yang "
            "ditolak aturan sebelum menjadi permohonan tidak dihitung.",
            "Children for whom an institution was asked in the period and who were refused or are in a family now, of all "
            "who were asked for. What the "
            "rules refused before it was a request does not count.",
        ),
        report="R6",
    )


def _stay(stays: Iterable[Any], scope: Scope) -> Figure:
    days = [stay.days(scope.at) for stay in living_there(stays)]
    middle, year, two = median(days), sum(one > YEAR_DAYS for one in days), sum(one > TWO_YEARS_DAYS for one in days)
    return Figure(
        code="stay",
        title=Words("Lama tinggal di LKSA", "Length of stay in institutions"),
        value=NONE_YET if middle is None else Words(f"{middle} hari", f"{middle} days"),
        beside=(
            Words(f"{len(days)} anak tinggal di sana", f"{len(days)} children live there"),
            Words(f"{year} lebih dari 12 bulan, {two} di antaranya lebih dari 24 bulan", f"{year} over 12 months, {two} of them over 24"),
        ),
        means=Words(
            "Separuh anak tinggal lebih lama dari ini. Pengasuhan lembaga harus sesingkat mungkin.",
            "Half of the children have stayed longer than this. Institutional care is to be as short as possible.",
        ),
        computed=Words(
            "Nilai tengah hari sejak masuk, untuk anak yang kini di LKSA; pindah antar-LKSA tidak memulai hitungan baru.",
            "The median of the days since entry, of the children in institutions now; a move between institutions begins no new count.",
        ),
        report="R5",
    )


def _home(stays: Iterable[Any], returned: int, scope: Scope) -> Figure:
    began = entries(stays, scope)
    again = sum(stay.again for stay in began)
    left = sum(in_period(stay.ended_at, scope) for stay in stays)
    return Figure(
        code="returns",
        title=Words("Pulang ke keluarga", "Returns to the family"),
        value=Words(f"{returned} anak", f"{returned} children"),
        beside=(
            Words(f"{left} anak keluar dari LKSA", f"{left} children left institutions"),
            Words(f"{len(began)} masuk, {again} di antaranya kembali masuk", f"{len(began)} entered, {again} of them again"),
        ),
        means=Words(
            "Apakah LKSA sementara: anak pulang, dan tidak kembali lagi. Yang masuk kembali menunjukkan kepulangan yang belum siap.",
            "Whether institutions are temporary: children go home and do not come back. Re-entries tell of returns that were not ready.",
        ),
        computed=Words(
            "Reunifikasi yang selesai dalam masa ini. Penghuni lama yang didata tidak dihitung masuk.",
            "Reunifications completed in the period. Existing residents who were registered do not count as entries.",
        ),
        report="R9",
    )


def _time(unit: Unit, scope: Scope) -> Figure:
    of_period = (one for one in sums.of_report(unit, scope.office, "deciding") if scope.months[0] <= one.first <= scope.months[-1])
    waited = sorted(spell for one in of_period for spell in [one.third] * one.n)
    beside = [Words(f"{len(waited)} permohonan diputuskan", f"{len(waited)} requests decided")]
    if waited:
        slow = spelled(waited[len(waited) * 9 // 10])
        beside.append(Words(f"sepersepuluh menunggu {slow.id} atau lebih", f"one in ten waited {slow.en} or more"))
    return Figure(
        code="time_to_decide",
        title=Words("Waktu sampai keputusan", "Time to decide"),
        value=spelled(waited[(len(waited) - 1) // 2]) if waited else NONE_YET,
        beside=tuple(beside),
        means=Words(
            "Terlalu lama: anak menunggu. Terlalu cepat: buktinya tidak mungkin dibaca.",
            "Too long: a child waits. Too quick: nobody can have read the evidence.",
        ),
        computed=Words(
            "Nilai tengah dari permohonan (langkah dan pengesahan darurat) sampai keputusan terakhirnya dalam masa ini.",
            "The median from the request (steps and ratifications) to its last decision in the period.",
        ),
    )


def _refused(made: Mapping[str, Counter[str]], scope: Scope) -> Figure:
    whole = sum(made.values(), Counter[str]())
    decided, seconds = whole["approved"] + whole["refused"], scope.params.approval_quick_seconds
    return Figure(
        code="refused",
        title=Words("Ditolak atau dikembalikan", "Refused or returned"),
        value=_share(whole["refused"], decided),
        beside=(
            Words(f"{whole['refused']} dari {decided} keputusan", f"{whole['refused']} of {decided} decisions"),
            Words(f"{whole['quick']} persetujuan dalam {seconds} detik", f"{whole['quick']} approvals within {seconds} seconds"),
        ),
        means=Words(
            "Persetujuan yang tidak pernah ditolak mungkin hanya stempel. Lihat siapa memutuskan bagaimana, di bawah ini.",
            "Approval that is never refused may be a rubber stamp. See below who decides how.",
        ),
        computed=Words(
            "Keputusan menolak atau mengembalikan, dibagi semua keputusan dalam masa ini, pengesahan catatan termasuk.",
            "Decisions that refuse or return, of all decisions of the period, countersignatures of records included.",
        ),
    )


def _approvers(unit: Unit, made: Mapping[str, Counter[str]]) -> tuple[Line, ...]:
    names = people.names_of(unit, made)
    decided = {person: how["approved"] + how["refused"] for person, how in made.items()}
    busiest = sorted(made, key=lambda person: (-decided[person], names.get(person, "")))[:MOST_APPROVERS]
    return tuple(
        Line(
            (plain(names.get(person, "?")),),
            (decided[person], percent(made[person]["refused"], decided[person]), made[person]["quick"]),
        )
        for person in busiest
    )


def _share(part: int, whole: int) -> Words:
    found = percent(part, whole)
    return NONE_YET if found is None else plain(f"{found}%")
