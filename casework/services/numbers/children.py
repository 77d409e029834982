"""Reports about the children whom an office cares for now (R1, R3, R4, R5, R8, R14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from casework.machines.care import CARE
from casework.services.numbers.groups import BANDS, SETTING_COLUMNS, SEXES, houses_of, open_states, setting_of
from casework.services.numbers.shape import Cell, Column, Counted, Line, Report, Scope, median, percent, plain
from casework.services.numbers.stays import INSTITUTION, Stay, stays_of
from casework.store import listing, sums
from casework.store.unit import Unit
from casework.words import Words

YEAR_DAYS, TWO_YEARS_DAYS = 365, 730
NEVER_SUMMED = Words(
    "Belum pernah dihitung; ini terjadi sekali sehari, pada malam hari.", "Never counted yet; that happens once a day, at night."
)
ONCE_A_DAY = Words(
    "Dijumlahkan sekali sehari, pada malam hari; basis data hanya menyimpan jumlahnya.",
    "Summed once a day, at night; the database keeps the sums only.",
)
ORPHANS: Mapping[str, Words] = {
    "father_dead": Words("yatim (ayah meninggal)", "father dead (yatim)"),
    "mother_dead": Words("piatu (ibu meninggal)", "mother dead (piatu)"),
    "both_dead": Words("yatim piatu", "both dead (yatim piatu)"),
    "both_alive": Words("kedua orang tua hidup", "both parents alive"),
    "unknown": Words("tidak diketahui", "not known"),
    "": Words("data pribadi (F02) belum ada", "no personal data (F02) yet"),
}
REASONS: Mapping[str, Words] = {
    "no_adequate_care_despite_support": Words("tidak diasuh layak walau didukung", "no adequate care despite support"),
    "abandoned": Words("ditinggalkan", "abandoned"),
    "parents_dead": Words("orang tua meninggal", "parents dead"),
    "parents_unknown": Words("orang tua tidak diketahui", "parents unknown"),
    "violence": Words("kekerasan", "violence"),
    "neglect": Words("penelantaran", "neglect"),
    "exploitation": Words("eksploitasi", "exploitation"),
    "separated_by_disaster": Words("terpisah karena bencana", "separated by disaster"),
    "economic_hardship": Words("kesulitan ekonomi (tidak pernah sendirian)", "economic hardship (never by itself)"),
    "access_to_schooling": Words("akses sekolah (tidak pernah sendirian)", "access to schooling (never by itself)"),
    "": Words("belum ada alasan tercatat (F08)", "no reason recorded yet (F08)"),
}
PAPERS: Mapping[str, Words] = {
    "birth_certificate": Words("akta kelahiran", "birth certificate"),
    "family_card": Words("kartu keluarga (KK)", "family card (KK)"),
    "nik": Words("NIK", "NIK"),
    "child_identity_card": Words("kartu identitas anak (KIA)", "child identity card (KIA)"),
}
PAPER_STANDS = (
    Column("held", Words("ada", "held")),
    Column("applied", Words("sedang diurus", "applied for")),
    Column("missing", Words("belum ada", "missing")),
    Column("unrecorded", Words("belum dicatat", "not recorded")),
)
OUTSIDE = (
    "family_care",
    "kinship_care",
    "foster_care",
    "guardianship",
    "pre_adoption_care",
    "trial_home_stay",
    "reintegration",
    "aftercare",
)
"""States in which a child is served outside institutions (R14)."""


def _by_state(unit: Unit, scope: Scope) -> Counted:
    """Count by state and sex; what is summed says `sex.band`."""
    counted_at = sums.counted_at(unit, scope.office)
    if counted_at is None:
        return Counted(lines=(), notes=(NEVER_SUMMED,))
    found: Counter[tuple[str, str]] = Counter()
    for one in sums.of_report(unit, scope.office, "R1"):
        if scope.district in {"", one.third}:
            found[one.first, one.second] += one.n
    lines = (
        Line((label, words), tuple(found[state, f"{sex}.{band.code}"] for band in BANDS))
        for state, label in open_states().items()
        for sex, words in SEXES.items()
        if scope.sex in {"", sex}
    )
    return Counted(lines=tuple(lines), notes=(ONCE_A_DAY,), counted_at=counted_at)


def _summed(unit: Unit, scope: Scope, report: str, firsts: Mapping[str, Words], columns: Iterable[Column]) -> Counted:
    """Return the sums of a report, narrowed to a district, as they were when they were last counted."""
    counted_at = sums.counted_at(unit, scope.office)
    if counted_at is None:
        return Counted(lines=(), notes=(NEVER_SUMMED,))
    found: Counter[tuple[str, str]] = Counter()
    for one in sums.of_report(unit, scope.office, report):
        if scope.district in {"", one.third}:
            found[one.first, one.second] += one.n
    codes = tuple(column.code for column in columns)
    lines = (Line((words,), tuple(found[first, code] for code in codes)) for first, words in firsts.items())
    return Counted(lines=tuple(lines), notes=(ONCE_A_DAY,), counted_at=counted_at)


def _orphans(unit: Unit, scope: Scope) -> Counted:
    return _summed(unit, scope, "R3", ORPHANS, SETTING_COLUMNS)


def _reasons(unit: Unit, scope: Scope) -> Counted:
    return _summed(unit, scope, "R4", REASONS, _AWAY)


def _papers(unit: Unit, scope: Scope) -> Counted:
    found = _summed(unit, scope, "R8", PAPERS, PAPER_STANDS)
    lines = (Line(line.labels, (*line.cells, percent(_whole(line.cells[:1]), _whole(line.cells)))) for line in found.lines)
    return Counted(lines=tuple(lines), notes=found.notes, counted_at=found.counted_at)


def _whole(cells: Iterable[Cell]) -> int:
    return sum(int(cell or 0) for cell in cells)


def living_there(stays: Iterable[Stay]) -> tuple[Stay, ...]:
    """Return the stays that go on."""
    return tuple(stay for stay in stays if stay.ended_at is None)


def _lengths(unit: Unit, scope: Scope) -> Counted:
    stays = living_there(stays_of(unit, scope.office, INSTITUTION, scope.at))
    houses = {row.id: plain(row.name) for row in houses_of(unit, scope)}
    others = {stay.host for stay in stays if stay.host not in houses} if not scope.host and not scope.district else set()
    named = houses | {host: plain(name) for host, name in listing.carers_of(unit, frozenset(others)).items()}
    return Counted(lines=tuple(Line((words,), length_cells(stays, host, scope)) for host, words in named.items()))


def length_cells(stays: Iterable[Stay], host: str, scope: Scope) -> tuple[Cell, ...]:
    """Return how many stays at a host last how long, and the middle one's days."""
    days = [stay.days(scope.at) for stay in stays if stay.host == host]
    long, longest = sum(YEAR_DAYS < one <= TWO_YEARS_DAYS for one in days), sum(one > TWO_YEARS_DAYS for one in days)
    return len(days) - long - longest, long, longest, median(days)


def _outside(unit: Unit, scope: Scope) -> Counted:
    kept = listing.counts_of(unit, [scope.office]).get(scope.office, {})
    lines = tuple(Line((words,), (kept.get(state, 0),)) for state, words in open_states().items() if state in OUTSIDE)
    target, served = scope.params.spm_children_target, sum(kept.get(state, 0) for state in OUTSIDE)
    if not target:
        told = Words(
            "Target SPM belum diatur: pengelola sistem menuliskannya di parameters.toml.",
            "The SPM target is not set: who runs the system writes it in parameters.toml.",
        )
    else:
        told = Words(
            f"Target SPM: {target} anak; tercapai {percent(served, target)}%.",
            f"SPM target: {target} children; reached {percent(served, target)}%.",
        )
    return Counted(lines=lines, notes=(told,))


_AWAY = tuple(column for column in SETTING_COLUMNS if column.code not in {"family", "other"})
"""Where children live who live away from their own family."""
AWAY_STATES = frozenset(state for state in CARE.states if setting_of(state) in {column.code for column in _AWAY})

REPORTS = (
    Report(
        code="R1",
        title=Words("Anak menurut tahap, jenis kelamin, dan umur", "Children by state, sex and age"),
        about=Words(
            "Anak yang kasusnya terbuka hari ini, satu kasus satu anak, menurut tahap perjalanannya.",
            "Children whose case is open today, one case a child, by the state of their journey.",
        ),
        source="DOMAIN 6.1 R1; SIKS-NG",
        heads=(Words("Tahap", "State"), Words("Jenis kelamin", "Sex")),
        columns=BANDS,
        count=_by_state,
        filters=("district", "sex"),
        across=True,
    ),
    Report(
        code="R3",
        title=Words("Yatim, piatu, yatim piatu", "Orphan status"),
        about=Words(
            "Anak yang kasusnya terbuka, menurut keadaan orang tuanya (F02 terbaru) dan tempat tinggalnya.",
            "Children whose case is open, by what is known of their parents (newest F02) and by where they live.",
        ),
        source="DOMAIN 6.1 R3; SIKS-NG",
        heads=(Words("Orang tua", "Parents"),),
        columns=SETTING_COLUMNS,
        count=_orphans,
        filters=("district",),
        across=True,
    ),
    Report(
        code="R4",
        title=Words("Alasan pengasuhan di luar keluarga inti", "Reasons for care outside the own family"),
        about=Words(
            "Anak yang kini tinggal di luar keluarga inti, menurut alasan dalam rencana pengasuhan (F08) terbaru. "
            "Satu anak dapat punya beberapa alasan, jadi jumlah baris bukan jumlah anak.",
            "Children who live outside their own family now, by the reasons in the newest care plan (F08). "
            "One child can have several reasons, so the lines do not add up to children.",
        ),
        source="DOMAIN 6.1 R4; UNG 15",
        heads=(Words("Alasan", "Reason"),),
        columns=_AWAY,
        count=_reasons,
        filters=("district",),
        across=True,
        down=False,
    ),
    Report(
        code="R5",
        title=Words("Lama tinggal di LKSA", "Length of stay in institutions"),
        about=Words(
            "Anak kantor ini yang kini tinggal di LKSA, atau yang tempatnya ditahan. Pindah antar-LKSA tidak memulai "
            "hitungan baru. Penghuni lama "
            "dihitung sejak didata di sini.",
            "Children of this office who live in an institution now, or have a place kept there. Moving between "
            "institutions begins no new count. "
            "Existing residents count from their registration here.",
        ),
        source="DOMAIN 6.1 R5; UNG 14",
        heads=(Words("LKSA", "Institution"),),
        columns=(
            Column("to_12_months", Words("sampai 12 bulan", "up to 12 months")),
            Column("to_24_months", Words("12–24 bulan", "12–24 months")),
            Column("over_24_months", Words("lebih dari 24 bulan", "over 24 months")),
            Column("median_days", Words("nilai tengah (hari)", "median (days)"), "days"),
        ),
        count=_lengths,
        filters=("district", "host"),
        across=True,
    ),
    Report(
        code="R8",
        title=Words("Dokumen identitas anak", "Identity papers of children"),
        about=Words(
            "Anak yang kasusnya terbuka, menurut dokumen dalam data pribadi (F02) terbaru.",
            "Children whose case is open, by the papers in the newest personal data (F02).",
        ),
        source="DOMAIN 6.1 R8; UU 24/2013",
        heads=(Words("Dokumen", "Paper"),),
        columns=(*PAPER_STANDS, Column("held_percent", Words("ada (%)", "held (%)"), "percent")),
        count=_papers,
        filters=("district",),
        across=True,
        down=False,
    ),
    Report(
        code="R14",
        title=Words("SPM: anak yang dilayani di luar panti", "SPM: children served outside institutions"),
        about=Words(
            "Anak yang kini diasuh atau didampingi di luar lembaga, dibanding target standar pelayanan minimal.",
            "Children who are cared for or accompanied outside institutions now, against the target of the minimum service standard.",
        ),
        source="DOMAIN 6.1 R14; PP 2/2018; Permensos 9/2018",
        heads=(Words("Tahap", "State"),),
        columns=(Column("children", Words("anak", "children")),),
        count=_outside,
    ),
)
