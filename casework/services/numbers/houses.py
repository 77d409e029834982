"""Reports about the institutions for children on an office's register (R2, R7, R13)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import msgspec

from casework.machines.facts import Host
from casework.machines.guards.compliance import accreditation_gaps, channel_gaps, licence_gaps, policy_gaps, team_gaps
from casework.machines.review import OPEN
from casework.services.captions import host_status
from casework.services.numbers.groups import NO_HOUSE, houses_of
from casework.services.numbers.shape import Column, Counted, Line, Report, Scope, plain
from casework.store import numbers
from casework.store.instants import to_text
from casework.store.statements import as_list
from casework.store.unit import Unit
from casework.words import Words

HOUSE = (Words("LKSA", "Institution"),)
GONE = frozenset({"left", "barred"})
"""Staff who work there no more."""
AT_WORK = frozenset({"cleared", "expiring"})
REVIEW_STANDS = (
    Column("ahead", Words("belum waktunya", "not due yet")),
    Column("due", Words("jatuh tempo", "due")),
    Column("overdue", Words("terlambat", "overdue")),
    Column("critical", Words("sangat terlambat", "critically overdue")),
    Column("submitted", Words("menunggu pengesahan", "waiting to be endorsed")),
)


def _occupancy(unit: Unit, scope: Scope) -> Counted:
    houses = houses_of(unit, scope)
    living = {row.host: int(row.n) for row in unit.ask(numbers.RESIDENTS, hosts=as_list(row.id for row in houses))}
    lines = (
        Line(
            (plain(row.name),),
            (
                living.get(row.id, 0),
                row.capacity,
                row.capacity - living.get(row.id, 0),
                row.caregivers,
                round(living.get(row.id, 0) / row.caregivers, 1) if row.caregivers else None,
            ),
        )
        for row in houses
    )
    each = scope.params.children_per_caregiver
    note = Words(
        f"Rasio yang diharapkan: paling banyak {each} anak untuk satu pengasuh.", f"Expected: at most {each} children for one caregiver."
    )
    return Counted(lines=tuple(lines), notes=(note,))


def _reviews(unit: Unit, scope: Scope) -> Counted:
    after = {
        "overdue": to_text(scope.at - timedelta(days=scope.params.review_overdue_days)),
        "critical": to_text(scope.at - timedelta(days=scope.params.review_critical_days)),
    }
    named = {row.id: plain(row.name) for row in houses_of(unit, scope)}
    found: Counter[tuple[str, str]] = Counter()
    for row in unit.ask(numbers.REVIEWS, office=scope.office, states=as_list(OPEN), now=to_text(scope.at), **after):
        found[row.host if row.host in named else "", row.stands] += int(row.n)
    if not scope.host and not scope.district:
        named[""] = NO_HOUSE
    lines = (Line((words,), tuple(found[host, column.code] for column in REVIEW_STANDS)) for host, words in named.items())
    return Counted(lines=tuple(lines))


def _compliance(unit: Unit, scope: Scope) -> Counted:
    houses = tuple(row for row in houses_of(unit, scope) if row.kind == "lksa")
    staff: dict[str, Counter[bool]] = {row.id: Counter() for row in houses}
    for row in unit.ask(numbers.CLEARED, hosts=as_list(row.id for row in houses)):
        if row.status not in GONE:
            staff[row.host][row.status in AT_WORK] += int(row.n)
    return Counted(lines=tuple(_complies(row, staff[row.id], scope) for row in houses))


def _complies(row: Any, staff: Counter[bool], scope: Scope) -> Line:
    host, today, params = _host(row, staff), scope.today, scope.params
    asked = (
        (host.status == "active",),
        (not [*licence_gaps(host, today)],),
        (not [*accreditation_gaps(host, today, params.accreditation_waiver_days)],),
        (not [*policy_gaps(host, today, params.policy_days)],),
        (not [*team_gaps(host)],),
        (not [*channel_gaps(host)],),
    )
    marks = tuple(int(met) for (met,) in asked)
    return Line((plain(row.name), host_status(row.status)), (*marks, sum(marks)))


def _host(row: Any, staff: Counter[bool]) -> Host:
    """Return a house as the rules that judge it know one."""
    bare = Host(id=row.id, name=row.name, kind="lksa", status=row.status, digest="")
    days = ("licence_until", "accredited_until", "accreditation_waiver_until", "policy_dated")
    return msgspec.structs.replace(
        bare,
        **{name: date.fromisoformat(getattr(row, name)) if getattr(row, name) else None for name in days},
        policy_disseminated=bool(row.policy_disseminated),
        complaint_channel=bool(row.complaint_channel),
        staff=staff.total(),
        uncleared_staff=staff[False],
    )


REPORTS = (
    Report(
        code="R2",
        title=Words("Anak di LKSA dan UPTD: hunian, kapasitas, pengasuh", "Children in institutions: occupancy, capacity, caregivers"),
        about=Words(
            "Semua anak yang kini tinggal di setiap LKSA dan UPTD dalam register kantor ini, atau yang tempatnya ditahan, "
            "dari kantor mana pun.",
            "Every child who lives in each institution on this office's register now, or has a place kept there, whichever office's it is.",
        ),
        source="DOMAIN 6.1 R2; 2.6; SNPA",
        heads=HOUSE,
        columns=(
            Column("children", Words("anak", "children")),
            Column("capacity", Words("kapasitas", "capacity"), "things"),
            Column("free", Words("tempat kosong", "free places"), "things", tells=True),
            Column("caregivers", Words("pengasuh", "caregivers"), "things"),
            Column("ratio", Words("anak per pengasuh", "children per caregiver"), "ratio"),
        ),
        count=_occupancy,
        filters=("district", "host"),
    ),
    Report(
        code="R7",
        title=Words("Review berkala menurut LKSA", "Periodic reviews by institution"),
        about=Words(
            "Review yang belum berakhir, menurut LKSA tempat anak tinggal. Yang lewat waktu dihitung dari tanggalnya, "
            "bukan dari siapa yang "
            "sudah melihatnya.",
            "Reviews that have not ended, by the institution where the child lives. What is late counts from its day, not from who looked.",
        ),
        source="DOMAIN 6.1 R7; 2.7; UNG 67",
        heads=HOUSE,
        columns=REVIEW_STANDS,
        count=_reviews,
        filters=("district", "host"),
        across=True,
    ),
    Report(
        code="R13",
        title=Words("Kepatuhan LKSA", "Compliance of institutions"),
        about=Words(
            "Enam syarat bagian 5 yang harus dipenuhi setiap LKSA, dinilai dengan aturan yang sama seperti saat penempatan.",
            "Six conditions that every institution must meet, judged by the same rules as at a placement.",
        ),
        source="DOMAIN 6.1 R13; SNPA; Permensos 184/2011, 17/2012",
        heads=(*HOUSE, Words("Status", "Standing")),
        columns=(
            Column("active", Words("aktif", "active"), "mark"),
            Column("licence", Words("tanda pendaftaran", "licence"), "mark"),
            Column("accreditation", Words("akreditasi atau pengecualian", "accreditation or waiver"), "mark"),
            Column("policy", Words("kebijakan perlindungan", "protection policy"), "mark"),
            Column("staff", Words("petugas lolos pemeriksaan", "staff cleared"), "mark"),
            Column("complaints", Words("saluran pengaduan", "complaint channel"), "mark"),
            Column("met", Words("terpenuhi (dari 6)", "met (of 6)"), "things"),
        ),
        count=_compliance,
        filters=("district", "host"),
        charted=("met",),
        down=False,
    ),
)
