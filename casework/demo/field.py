"""What a TKSK is asked in the demonstration office: a tracing, a visit, a check of facts, each by a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from casework.demo.houses import call_of
from casework.machines.facts import WITA
from casework.rehearsal.cast import Cast
from casework.services.caseload import caseload
from casework.services.field import AskField, Errand, ask_field
from casework.services.records import SignRecord, sign_record
from casework.store.store import Store

ASKED: tuple[tuple[str, Errand, int, str], ...] = (
    ("Dewi Lestari", "field_visit", 2, "Ibunya bilang sudah kembali berjualan. Lihat keadaan rumah dan bicara dengan Dewi sendiri."),
    (
        "Bayu Saputra",
        "field_tracing",
        3,
        "Paman dari pihak ayah katanya pindah ke Tenggarong, dekat dermaga. Tanyakan kepada RT dan tetangga.",
    ),
    ("Fajar Ramadhan", "field_check", 9, "Bibinya katanya kini tinggal di Tenggarong. Cocokkan dengan RT di sana: benarkah?"),
)
"""The child, what is asked, in how many days it is due, and what whoever goes there needs to know."""
TENGGARONG = "64.02.06"
"""Iwan's own district: kin of children from elsewhere are traced there."""


SHEET: dict[str, Any] = {
    "rung": "kin",
    "candidate_name": "Bibi Halimatus",
    "relation": "bibi",
    "degree": 3,
    "attempts": [{"on": "", "method": "phone", "result": "Nomornya tidak aktif; kata tetangga pindah ke Tenggarong."}],
    "status": "open",
    "assessor": "Sari Wulandari",
}
"""What Fajar's worker was told by telephone, and somebody else has to check on the spot."""


def ask(store: Store, cast: Cast, now: datetime) -> None:
    """Ask Iwan as the supervisor. Raises KeyError where a child of the list is not in the office."""
    call, today = call_of(store, cast, "bambang", now), now.astimezone(WITA).date()
    case_of = {line.name: line.id for line in caseload(store, call)}
    attempts = [{**SHEET["attempts"][0], "on": today.isoformat()}]
    sheet = SignRecord(case=case_of["Fajar Ramadhan"], form="F05", body={**SHEET, "attempts": attempts})
    sign_record(store, call_of(store, cast, "sari", now), sheet)
    for name, kind, days, note in ASKED:
        by = (today + timedelta(days=days)).isoformat()
        ask_field(
            store, call, AskField(case=case_of[name], person=cast.people["iwan"].person, kind=kind, district=TENGGARONG, by=by, note=note)
        )
