"""Reports about the office's own work: who carries how much (R15), and how its journal is kept (R16)."""

from __future__ import annotations

from casework.machines.facts import WITA
from casework.services.calendar import day
from casework.services.numbers.groups import open_states
from casework.services.numbers.shape import Column, Counted, Line, Report, Scope, plain
from casework.store import numbers, people
from casework.store.instants import from_text, to_text
from casework.store.statements import as_list
from casework.store.unit import Unit
from casework.words import Words

NOBODY = Words("belum ditugaskan", "assigned to nobody")


def _load(unit: Unit, scope: Scope) -> Counted:
    carried = {row.worker: int(row.n) for row in unit.ask(numbers.LOAD, office=scope.office, states=as_list(open_states()))}
    late = {row.worker: int(row.n) for row in unit.ask(numbers.LATE, office=scope.office, now=to_text(scope.at))}
    names = people.names_of(unit, {worker for worker in (*carried, *late) if worker})
    limit = scope.params.caseload_limit
    order = sorted({*carried, *late}, key=lambda worker: (-carried.get(worker, 0), names.get(worker or "", "")))
    lines = (
        Line(
            (plain(names.get(worker, "?")) if worker else NOBODY,),
            (carried.get(worker, 0), max(carried.get(worker, 0) - limit, 0) if worker else None, late.get(worker, 0)),
        )
        for worker in order
    )
    return Counted(
        lines=tuple(lines), notes=(Words(f"Batas: {limit} kasus untuk satu pekerja sosial.", f"Limit: {limit} cases for one worker."),)
    )


def _chain(unit: Unit, scope: Scope) -> Counted:
    (kept,) = unit.ask(numbers.ENTRIES, office=scope.office)
    (signed,) = unit.ask(numbers.SIGNED_OFF, office=scope.office)
    notes = [
        Words(
            "Di sini hanya dihitung. Yang membuktikan jurnal utuh: tombol Periksa pada Jejak audit, atau `casework audit verify`.",
            "Here it is only counted. What proves the journal whole: Verify on the Audit trail, or `casework audit verify`.",
        )
    ]
    if signed.last:
        on = from_text(signed.last).astimezone(WITA).date()
        notes.append(Words(f"Pemeriksaan terakhir disahkan {day(on, 'id')}.", f"The last review was signed off on {day(on, 'en')}."))
    lines = (
        Line((Words("Aliran kasus, satu rantai satu kasus", "Streams of cases, one chain a case"),), (int(kept.streams),)),
        Line((Words("Entri dalam rantai itu", "Entries in these chains"),), (int(kept.entries),)),
        Line((Words("Pemeriksaan jejak yang disahkan", "Reviews of the trail that were signed off"),), (int(signed.n),)),
    )
    return Counted(lines=lines, notes=tuple(notes))


REPORTS = (
    Report(
        code="R15",
        title=Words("Beban kerja pekerja sosial", "Workload of social workers"),
        about=Words(
            "Kasus terbuka dan tugas yang lewat waktu di kantor ini, menurut siapa yang ditugaskan.",
            "Open cases and overdue tasks of this office, by who is assigned.",
        ),
        source="DOMAIN 6.1 R15; 2.12",
        heads=(Words("Pekerja sosial", "Social worker"),),
        columns=(
            Column("cases", Words("kasus terbuka", "open cases"), "things"),
            Column("beyond", Words("di atas batas", "beyond the limit"), "things"),
            Column("late", Words("tugas lewat waktu", "overdue tasks"), "things"),
        ),
        count=_load,
        public=False,
    ),
    Report(
        code="R16",
        title=Words("Rantai jejak audit", "The chain of the audit trail"),
        about=Words("Berapa banyak yang tercatat, dan siapa sudah memeriksa.", "How much is recorded, and what was reviewed."),
        source="DOMAIN 6.1 R16; TRUST 2",
        heads=(Words("Apa", "What"),),
        columns=(Column("n", Words("jumlah", "number"), "things"),),
        count=_chain,
        chart="",
        down=False,
        public=False,
    ),
)
