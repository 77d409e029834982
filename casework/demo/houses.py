"""LKS of other kinds in the demonstration office, all invented: on the register, inspected, coached, trained, and no house for a child."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from casework.machines.facts import WITA
from casework.machines.register import AnyEntry, Attendance, Coaching, Inspection, Licence, ServiceKind
from casework.rehearsal.cast import Cast
from casework.services import house_entries, registers, sessions
from casework.store.call import Call
from casework.store.people import who_is
from casework.store.store import Store

OTHERS: tuple[tuple[str, tuple[ServiceKind, ...], str, int], ...] = (
    ("LKS Disabilitas Tepian (rekaan)", ("disability",), "64.02.06", 700),
    ("LKS Jiwa Tenteram (rekaan)", ("odgj",), "64.02.03", 400),
    ("LKS Perempuan Berdaya (rekaan)", ("prse", "homeless"), "64.02.13", 25),
)
"""Name, whom it serves, district, and in how many days its licence ends."""
ENTERED = timedelta(days=3)
"""How long a household that a social worker entered has waited for the supervisor."""


def enter(store: Store, cast: Cast, now: datetime) -> None:
    """Enter them as the supervisor, with what was inspected, coached and trained there; and what an LKSA was inspected for."""
    call, today = call_of(store, cast, "bambang", now), now.astimezone(WITA).date()
    _add(store, call, cast.hosts["kasih"], Licence(number="TD/REKAAN-K", issuer="Dinas Sosial", valid_until=today + timedelta(days=20)))
    for name, services, district, days in OTHERS:
        host = registers.add_host(store, call, registers.AddHost(name=name, kind="lks", services=services, district_code=district)).id
        member = registers.add_staff(store, call, registers.AddStaff(host=host, name="Petugas Rekaan", duty="petugas")).id
        _add(store, call, host, *_looked_after(today, member, days))
    family = registers.AddHost(name="Keluarga Rahmat (rekaan)", kind="foster_family", religion="islam", capacity=1)
    registers.add_host(store, call_of(store, cast, "sari", now - ENTERED), family)
    child, team = cast.hosts["harapan"], tuple(entry for (house, _), entry in cast.staff.items() if house == "harapan")
    seen = today - timedelta(days=20)
    found = Inspection(
        held_on=seen,
        inspectors="Bambang Nugroho",
        findings="Kamar mandi anak perempuan tanpa kunci; buku harian pengasuhan lengkap.",
        follow_up="Pasang kunci kamar mandi.",
        follow_up_by=today + timedelta(days=10),
    )
    hours = Attendance(held_on=seen, subject="Pengasuhan tanpa kekerasan", provider="Dinas Sosial", hours=16, members=team)
    _add(store, call, child, found, hours)


def call_of(store: Store, cast: Cast, name: str, at: datetime) -> Call:
    """Return a call of one of the cast. Raises LookupError."""
    with store.read(Call(who=sessions.NOBODY, at=at)) as unit:
        who = who_is(unit, cast.people[name].account, at)
    if who is None:
        raise LookupError(name)
    return Call(who=who, at=at)


def _looked_after(today: date, member: str, days: int) -> tuple[AnyEntry, ...]:
    """Return what the register holds of one: its licence, an inspection, coaching and training."""
    seen = today - timedelta(days=45)
    return (
        Licence(number="TD/REKAAN", issuer="Dinas Sosial", valid_until=today + timedelta(days=days)),
        Inspection(held_on=seen, inspectors="Bambang Nugroho", findings="Tempat bersih; daftar penerima layanan lengkap."),
        Coaching(held_on=seen, coach="Dinas Sosial", subject="Administrasi LKS", attended=4),
        Attendance(held_on=seen, subject="Pertolongan pertama", provider="PMI (contoh)", hours=8, members=(member,)),
    )


def _add(store: Store, call: Call, host: str, *entries: AnyEntry) -> None:
    for entry in entries:
        house_entries.add_entry(store, call, house_entries.AddEntry(host=host, entry=entry))
