"""What is in force: every number with its meaning, where it comes from and how sure that is. It is read here and changed in `config/`."""

from __future__ import annotations

import inspect
import re
from functools import cache
from typing import Any

import msgspec

from casework.errors import NotFound
from casework.machines import parameters, policy
from casework.machines.book import newest_machines
from casework.machines.limits import LIMITS
from casework.machines.parameters import Parameters
from casework.machines.timers import TIMERS
from casework.services.access import seats
from casework.services.command import question
from casework.store.unit import Unit
from casework.words import Words

_MARK = re.compile(r"SEEN-2|SEEN|BG-[HML]|DESIGN")
_SOURCE = re.compile(
    r"\bT\d\d|\bI\d+|\bS\d+|\b\d\.\d+(?:\.\d+)?|\bTRUST \d|\bUNG \d+|\bPP54|\bADM \d+|\bSNPA|\bUU 27/2022(?: \d+)?|\bPDP \d+|\bMB\b"
)
_WRITTEN = re.compile(r"^    (?P<name>\w+): .*?  # (?P<note>.+)$", re.MULTILINE)
_UNCERTAIN = ("BG-L", "BG-M", "BG-H", "DESIGN", "SEEN-2", "SEEN")
"""Marks of provenance, the least sure first: of several behind one number that one is told."""
OTHERS: dict[str, Words] = {
    "proof_minutes": Words("lama bukti diri berlaku bagi keputusan", "how long a proof of who somebody is lasts for decisions"),
    "glass_minutes": Words("lama akses darurat terbuka", "how long a broken glass stays open"),
    "critical_review_restricts": Words("review yang kritis membatasi LKSA", "a critical review restricts the institution"),
    "trial_visits": Words("kunjungan dalam uji coba di rumah", "visits during a trial at home"),
    "contact_visits": Words("kunjungan keluarga sebelum pulang", "visits of the family before a return"),
    "social_reports": Words("laporan sosial sebelum pengangkatan", "social reports before an adoption"),
    "retention_years": Words("tahun berkas disimpan sesudah kasus berakhir", "years that a file is kept after its case has ended"),
    "tracing_attempts": Words("percobaan mencari keluarga", "attempts at tracing the family"),
    "tracing_methods": Words("cara berbeda mencari keluarga", "different ways of tracing the family"),
    "days_off": Words("hari libur tambahan", "further days off"),
    "workdays_kept": Words("hari yang tetap dikerjakan", "days that are worked all the same"),
    "consent_capable_years": Words("umur anak ikut memberi persetujuan", "age at which the child gives consent too"),
    "children_per_caregiver": Words("anak untuk satu pengasuh", "children to one caregiver"),
    "children_per_caregiver_under_three": Words("anak di bawah tiga tahun untuk satu pengasuh", "children under three to one caregiver"),
    "moves_alarm": Words("perpindahan yang membuat supervisor meninjau", "moves that make the supervisor look"),
    "caseload_limit": Words("kasus terbuka seorang pekerja sosial", "open cases of one social worker"),
    "supervision_limit": Words("pekerja sosial untuk satu supervisor", "social workers to one supervisor"),
    "spm_children_target": Words(
        "target SPM: anak yang dilayani di luar panti", "target of the minimum standard (SPM): children served outside institutions"
    ),
    "approval_quick_seconds": Words("persetujuan secepat ini adalah pengecualian", "an approval this quick is an exception"),
    "approver_least_decisions": Words(
        "keputusan tanpa satu pun penolakan adalah pengecualian", "decisions without one refusal are an exception"
    ),
}
"""What the numbers mean that are neither a deadline nor a limit."""
UNITS: dict[str, Words] = {
    "seconds": Words("detik", "seconds"),
    "minutes": Words("menit", "minutes"),
    "hours": Words("jam", "hours"),
    "days": Words("hari", "days"),
    "workdays": Words("hari kerja", "working days"),
    "months": Words("bulan", "months"),
    "years": Words("tahun", "years"),
}


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """One number in force. `source` is its key or section in the domain, `mark` how sure that is; `own`: it is not the default."""

    name: str
    about: Words
    value: Any
    unit: Words | None
    source: str
    mark: str
    own: bool


class InForce(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is in force: the numbers with their digest, and each machine's version."""

    numbers: tuple[Number, ...]
    digest: str
    policy: str
    machines: tuple[tuple[Words, int], ...]


@question
def in_force(unit: Unit) -> InForce:
    """Return what is in force. Raises NotFound for who does not see the settings."""
    if not policy.may(seats(unit), "see_settings"):
        raise NotFound("settings")
    params, default = unit.params, Parameters()
    numbers = tuple(_number(name, getattr(params, name), getattr(default, name)) for name in Parameters.__struct_fields__)
    machines = tuple(
        (machine.definition.label or Words("perjalanan pengasuhan", "the care journey"), machine.definition.version)
        for machine in newest_machines().values()
    )
    return InForce(numbers=numbers, digest=params.digest, policy=policy.DIGEST, machines=machines)


def _number(name: str, value: Any, default: Any) -> Number:
    source, mark = provenance()[name]
    return Number(
        name=name,
        about=meanings()[name],
        value=value,
        unit=UNITS.get(name.rpartition("_")[2]),
        source=source,
        mark=mark,
        own=value != default,
    )


@cache
def meanings() -> dict[str, Words]:
    """Return what each number means: as its deadline or limit says, else as this table does."""
    return OTHERS | {one.parameter: one.about for one in LIMITS} | {one.parameter: one.about for one in TIMERS}


@cache
def provenance() -> dict[str, tuple[str, str]]:
    """Return where each number comes from, as the comment beside it says: its source, and the least sure of its marks."""
    found: dict[str, tuple[str, str]] = {}
    by_key: dict[str, str] = {}
    for line in _WRITTEN.finditer(inspect.getsource(parameters.Parameters)):
        source, _, _ = line["note"].partition(":")
        marks = _MARK.findall(source)
        keys = _SOURCE.findall(source)
        key = keys[0] if keys else ""
        mark = min(marks, key=_UNCERTAIN.index) if marks else by_key.get(key, "DESIGN")
        by_key.setdefault(key, mark)
        found[line["name"]] = (", ".join(keys), mark)
    return found
