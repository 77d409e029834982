"""The family first: each rung of the ladder ruled out with evidence before a child is placed further away (DOMAIN 7.1.1)."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeAlias

from casework.machines import law
from casework.machines.facts import Facts, Filed
from casework.machines.forms import NOT_APPLICABLE, RULED_OUT, TRACERS, Attempt, OptionSheet, Rung
from casework.machines.guards.evidence import PARENTS, THREE, approved_plan, day, kin, known, surely_at_least
from casework.machines.guards.making import guard
from casework.machines.spoken import OPTIONS
from casework.words import Words

RUNGS: tuple[Rung, ...] = ("nuclear", "kin", "foster", "guardianship", "adoption")
LEGAL_RUNGS = frozenset({"guardianship", "adoption"})
"""Rungs that may not apply at all; the others exist for every child and must be ruled out."""
BLOOD_RUNGS = frozenset({"nuclear", "kin"})
"""Rungs where support must come first, or the reason why it cannot."""
Sheets: TypeAlias = dict[Rung, dict[str, Filed[OptionSheet]]]
VERIFIERS = frozenset({"social_worker", "social_worker_on_duty", "tksk", "psm"})
ABSENT_OR_UNABLE = frozenset({"deceased", "untraceable", "legally_barred", "incapable_despite_support"})
PLACED_ON: dict[str, Rung] = {"kin": "kin", "foster": "foster", "guardian": "guardianship", "pre_adoption": "adoption"}
"""The rung that a placement of this kind stands on: its carer needs a sheet too before the child moves away."""


@guard(
    Words("Keluarga inti belum tersingkir sebagai pilihan.", "The child's own family is not ruled out."),
    fix=Words(
        "Lengkapi lembar opsi keluarga inti (F05) dan mintakan verifikasi.",
        "Complete the option sheet for the nuclear family (F05) and have it verified.",
    ),
    law=(law.SNPA_IV_A, law.UUPA_14),
    reads=("F05",),
)
def nuclear_ruled_out(facts: Facts) -> Iterator[Words]:
    """The same sheet, with the same demands, as for an institution."""
    yield from rung_gaps(facts, "nuclear")


@guard(
    Words("Kerabat sampai derajat ketiga belum tersingkir sebagai pilihan.", "Kin to the third degree are not ruled out."),
    fix=Words(
        "Hubungi setiap kerabat yang tercatat dan lengkapi F05-nya.", "Contact every kin listed and complete their option sheets (F05)."
    ),
    law=(law.SNPA_IV_A, law.UUPA_26),
    reads=("F05", "register:family"),
)
def kin_ruled_out(facts: Facts) -> Iterator[Words]:
    """Every listed relative has an outcome; with none listed, somebody outside the institution signs that there is none."""
    yield from rung_gaps(facts, "kin")


@guard(
    Words("Belum semua pilihan pengasuhan keluarga tersingkir.", "Not every family option is ruled out."),
    fix=Words(
        "Lengkapi F05 untuk setiap tingkat: keluarga inti, kerabat, orang tua asuh, perwalian, pengangkatan.",
        "Complete F05 for every rung: nuclear family, kin, foster care, guardianship, adoption.",
    ),
    law=(law.SNPA_IV_A, law.UUPA_14, law.UNG_21_22, law.DESIGN_RULED_OUT),
    reads=("F05", "F08", "register:family", "register:placements"),
)
def all_family_options_ruled_out(facts: Facts) -> Iterator[Words]:
    """LKSA is the last alternative: five rungs, each with current and verified evidence, and an exception for a child under three."""
    sheets = _sheets(facts)
    for rung in RUNGS:
        yield from _gaps_among(sheets.get(rung, {}), facts, rung)
    yield from _under_three_gaps(facts)


@guard(
    Words("Orang tua tidak terbukti tiada atau tidak mampu.", "The parents are not shown to be absent or unable."),
    fix=Words(
        "Lengkapi F05 keluarga inti dengan kode meninggal, tak terlacak, terhalang hukum, atau tidak mampu.",
        "Complete the F05 of the nuclear family: deceased, untraceable, legally barred or incapable despite support.",
    ),
    law=(law.UUPA_33_36, law.PP29),
    reads=("F05",),
)
def parents_absent_or_unable(facts: Facts) -> Iterator[Words]:
    """Every sheet on the nuclear family is valid and says so; unwillingness alone does not make a guardian necessary."""
    yield from rung_gaps(facts, "nuclear")
    for record in _sheets(facts).get("nuclear", {}).values():
        if record.body.code not in ABSENT_OR_UNABLE:
            yield _gap(
                record.body.rung,
                _name(facts, record.body.candidate, record),
                "bukan alasan untuk perwalian",
                "no ground for guardianship",
            )


@guard(
    Words("Keluarga belum terbukti tidak terlacak.", "The family is not proven untraceable."),
    fix=Words(
        "Catat sekurang-kurangnya 3 upaya dengan 2 cara selama 14 hari pada F05, satu demi satu.",
        "Log at least 3 attempts by 2 methods over 14 days on F05, one after another.",
    ),
    law=(law.DESIGN_RULED_OUT, law.IACM),
    reads=("F05",),
)
def family_untraceable(facts: Facts) -> bool:
    """The tracing log of the nuclear family is full: never waived, and an attempt counts on the day it is recorded."""
    return any(record.body.code == "untraceable" and _traced(facts, record.body) for record in _sheets(facts).get("nuclear", {}).values())


def rung_gaps(facts: Facts, rung: Rung) -> Iterator[Words]:
    """Return what keeps one rung from being ruled out, naming the rung and the candidate."""
    return _gaps_among(_sheets(facts).get(rung, {}), facts, rung)


def _gaps_among(sheets: dict[str, Filed[OptionSheet]], facts: Facts, rung: Rung) -> Iterator[Words]:
    candidates: dict[str, Filed[OptionSheet] | None] = {**dict.fromkeys(_required(facts, rung)), **sheets}
    if not candidates:
        yield _gap(rung, None, "belum ada lembar opsi (F05)", "no option sheet (F05) is filed")
        return
    for candidate, record in candidates.items():
        if record is None:
            name = _name(facts, candidate, None)
            yield _gap(rung, None, f"{name.id} belum pernah dihubungi", f"{name.en} was never contacted")
            continue
        for indonesian, english in _sheet_gaps(facts, record):
            yield _gap(rung, _name(facts, candidate, record), indonesian, english)
    if rung == "kin" and not kin(facts) and not any(record.body.kin_list_complete_signed_by for record in sheets.values()):
        yield _gap(
            rung,
            None,
            "daftar kerabat kosong dan belum disahkan orang tua, RT, atau desa",
            "no kin listed, and no parent, RT or village signed that",
        )


def _sheets(facts: Facts) -> Sheets:
    """Return the newest sheet of each candidate by rung: a newer result, or a search taken up again, replaces an older one.

    What a TKSK or PSM traced is a log: its attempts count, and it neither makes nor unmakes a result.
    """
    newest: Sheets = {}
    for record in known(facts, OptionSheet):
        if record.author_role not in TRACERS:
            newest.setdefault(record.body.rung, {}).setdefault(record.body.candidate, record)
    return newest


def _required(facts: Facts, rung: Rung) -> tuple[str, ...]:
    """Return the candidates that must have a sheet: all listed kin, and whoever cares for the child now."""
    listed = tuple(relative.id for relative in kin(facts)) if rung == "kin" else ()
    placement = facts.current_placement
    if placement is not None and PLACED_ON.get(placement.kind) == rung:
        return (*listed, placement.carer)
    return listed


def _sheet_gaps(facts: Facts, record: Filed[OptionSheet]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one sheet, in Indonesian and English."""
    sheet = record.body
    inapplicable = sheet.rung in LEGAL_RUNGS and sheet.status == "not_applicable" and sheet.code in NOT_APPLICABLE
    if not inapplicable and not (sheet.status == "ruled_out" and sheet.code in RULED_OUT):
        yield "belum tersingkir", "not ruled out"
    limit = _limit_days(facts, sheet)
    if facts.age_days(record) > limit:
        yield f"lembar lebih tua dari {limit} hari", f"sheet older than {limit} days"
    if sheet.code == "in_process" and not sheet.named_applicant.strip():
        yield "pemohon tidak disebut", "applicant not named"
    if sheet.code == "untraceable" and not _traced(facts, sheet):
        yield "penelusuran belum cukup", "not traced enough"
    if sheet.rung in BLOOD_RUNGS and not sheet.support_offered and not sheet.support_impossible_because:
        yield "dukungan belum ditawarkan", "no support offered"
    if not sheet.evidence:
        yield "belum ada lampiran bukti", "no evidence attached"
    if not _verified(facts, record):
        yield "belum diverifikasi orang lain", "not verified by another person"
    if not sheet.child_view.strip():
        yield "pendapat anak belum dicatat", "child's view not recorded"


def _limit_days(facts: Facts, sheet: OptionSheet) -> int:
    if sheet.rung in BLOOD_RUNGS:
        return facts.params.option_family_days
    if sheet.rung == "foster":
        return facts.params.option_foster_days
    return facts.params.option_in_process_days if sheet.code == "in_process" else facts.params.option_other_days


def _traced(facts: Facts, sheet: OptionSheet) -> bool:
    """Whether enough attempts, by enough methods, over enough days were recorded for this candidate, over all sheets of the round.

    An attempt counts on the day its sheet was signed: nobody can type a fortnight away.
    """
    recorded: dict[Attempt, date] = {}
    for record in known(facts, OptionSheet):
        if (record.body.rung, record.body.candidate) == (sheet.rung, sheet.candidate):
            recorded.update(dict.fromkeys(record.body.attempts, day(record.signed_at)))
    if len(recorded) < facts.params.tracing_attempts:
        return False
    methods = {attempt.method for attempt in recorded}
    span = max(recorded.values()) - min(recorded.values())
    return len(methods) >= facts.params.tracing_methods and span.days >= facts.params.tracing_window_days


def _verified(facts: Facts, record: Filed[OptionSheet]) -> bool:
    """Whether another natural person verified it, a social worker or a field officer, who approves nothing in this case."""
    if record.verified_by is None or record.verified_by == record.author or record.verifier_role not in VERIFIERS:
        return False
    return record.verified_by not in [approved.person for approved in facts.ask.approvals]


def _under_three_gaps(facts: Facts) -> Iterator[Words]:
    """Under three only with siblings, or briefly in an emergency with a fixed end; an unknown age counts as under three."""
    if surely_at_least(facts, THREE):
        return
    plan = approved_plan(facts)
    if plan is None or not plan.under_three_exception:
        yield Words(
            "anak di bawah tiga tahun (atau umurnya tidak diketahui): tidak ada pengecualian dalam rencana",
            "child under three (or of unknown age): the plan holds no exception",
        )
        return
    last = facts.today + timedelta(days=facts.params.under_three_emergency_days)
    until = plan.under_three_until
    if plan.under_three_exception == "emergency_short_fixed" and (until is None or not facts.today <= until <= last):
        yield Words(
            "anak di bawah tiga tahun: pengecualian harus berakhir dalam 90 hari",
            "child under three: the exception must end within 90 days",
        )


def _name(facts: Facts, candidate: str, record: Filed[OptionSheet] | None) -> Words:
    """Return how a candidate is named to people: from the family register, else as the sheet names them."""
    relative = next((relative for relative in facts.relatives if relative.id == candidate), None)
    if relative is not None:
        relation = PARENTS.get(relative.relation, Words(relative.relation, relative.relation))
        return Words(f"{relation.id} {relative.name}", f"{relation.en} {relative.name}")
    named = (record.body.candidate_name if record is not None else "") or candidate
    return Words(named, named)


def _gap(rung: Rung, name: Words | None, indonesian: str, english: str) -> Words:
    """Say what is missing on a rung, for one candidate or for none in particular."""
    label = OPTIONS[rung]
    if name is None or not name.id:
        return Words(f"{label.id}: {indonesian}", f"{label.en}: {english}")
    return Words(f"{label.id}: {name.id} – {indonesian}", f"{label.en}: {name.en} – {english}")
