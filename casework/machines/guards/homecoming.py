"""Guards about going home: readiness, trial, return, monitoring (DOMAIN 2.10, 2.11, 7.5)."""

from collections.abc import Iterable, Iterator

from casework.machines import law
from casework.machines.facts import WITA, Facts
from casework.machines.forms import (
    CarePlan,
    CaseConference,
    Incident,
    InitialAssessment,
    Monitoring,
    Reunification,
    Signature,
    signed_by,
)
from casework.machines.guards.evidence import capable, current, day, days_since, newest, since
from casework.machines.guards.making import guard
from casework.words import Words

FAMILY = "family_care"
RETURNED = "reintegration"
VIOLENCE = frozenset({"physical", "sexual", "psychological"})
SAFE_VISITS = 2
"""How many of the last visits must have found the child safe."""


@guard(
    Words("Keluarga, anak, dan lingkungan belum siap untuk reunifikasi.", "Family, child and community are not ready for reunification."),
    fix=Words("Lengkapi F14 sesuai kekurangan yang disebut.", "Complete F14 as named."),
    law=(law.IAR, law.UNG_49_52),
    reads=("F03", "F07", "F14"),
)
def reunification_ready(facts: Facts) -> Iterator[Words]:
    """The newest F14 stands at ready (or trial, once the trial runs) with everything that readiness means."""
    record = newest(facts, Reunification)
    if record is None:
        yield Words("F14 belum ditandatangani.", "F14 is not signed.")
        return
    form = record.body
    if form.decision != "ready" and not (form.decision == "trial" and facts.case.state == "trial_home_stay"):
        yield Words("F14 belum menyatakan siap.", "F14 does not say ready.")
    for part, words in _PARTS:
        if getattr(form, part) != "positive":
            yield words
    if form.support_funded != "yes":
        yield Words("paket dukungan belum berbiaya", "the support package is not funded")
    if len({visit.on for visit in form.contact_visits}) < facts.params.contact_visits:
        yield Words("kunjungan kontak kurang", "too few contact visits")
    if not form.child_view.strip():
        yield Words("pendapat anak belum dicatat", "the child's view is not recorded")
    if (form.violence_in_family == "yes" or _violence_screened(facts)) and not form.safety_plan.strip():
        yield Words("riwayat kekerasan tanpa rencana keselamatan", "a history of violence without a safety plan")
    if form.child_agrees == "no" and not since(facts, CaseConference, facts.case.round_started_at):
        yield Words("anak menolak: perlu pembahasan kasus", "the child objects: a case conference is needed")


_PARTS = (
    ("family_readiness", Words("keluarga belum siap", "the family is not ready")),
    ("child_readiness", Words("anak belum siap", "the child is not ready")),
    ("community_readiness", Words("lingkungan belum siap", "the community is not ready")),
)


def _violence_screened(facts: Facts) -> bool:
    """Whether any initial assessment of this child, of whichever round, found violence."""
    return any(isinstance(record.body, InitialAssessment) and record.body.safety_screen.violence == "yes" for record in facts.records)


@guard(
    Words("Rencana uji coba belum ditandatangani.", "The trial plan is not signed."),
    fix=Words(
        "Anak, orang tua, dan pekerja sosial menandatangani rencana uji coba (F14).", "Child, parent and worker sign the trial plan (F14)."
    ),
    law=(law.IAR, law.UNG_49_52),
    reads=("F14",),
)
def reunification_plan_signed(facts: Facts) -> bool:
    """The newest F14 holds a trial plan and every signature; a child too young to sign is excused."""
    record = newest(facts, Reunification)
    return record is not None and bool(record.body.trial_plan.strip()) and _all_sign(facts, record.body.signatures)


def _all_sign(facts: Facts, signatures: tuple[Signature, ...]) -> bool:
    child = signed_by(signatures, "child") or not capable(facts)
    return child and signed_by(signatures, "parent", "guardian") and signed_by(signatures, "social_worker")


@guard(
    Words("Rencana reintegrasi belum ditandatangani.", "The reintegration plan is not signed."),
    fix=Words(
        "Buat F08 (reintegrasi) dan mintakan tanda tangan anak, orang tua, dan pekerja sosial.",
        "Make F08 (reintegration) and have it signed.",
    ),
    law=(law.IAR, law.DESIGN_REUNIFICATION),
    reads=("F08",),
)
def reintegration_plan_signed(facts: Facts) -> bool:
    """By child, parent and worker, at most 180 days old."""
    record = current(facts, CarePlan, facts.params.plan_current_days, lambda plan: plan.kind == "reintegration")
    return record is not None and _all_sign(facts, record.body.signatures)


@guard(
    Words("Uji coba belum mencapai lama minimum.", "The trial has not lasted its minimum."),
    fix=Words("Lanjutkan uji coba sampai sekurang-kurangnya 14 hari.", "Let the trial go on for at least 14 days."),
    law=(law.DESIGN_REUNIFICATION,),
    reads=("register:clock",),
)
def trial_min_days(facts: Facts) -> bool:
    """T13, from the day the trial began."""
    return days_since(facts, facts.case.entered_at) >= facts.params.trial_min_days


@guard(
    Words("Kunjungan selama uji coba belum cukup.", "There were too few visits during the trial."),
    fix=Words("Lakukan dan catat kunjungan (F15).", "Make and record visits (F15)."),
    law=(law.DESIGN_REUNIFICATION, law.IAR),
    reads=("F15",),
)
def trial_visits_done(facts: Facts) -> bool:
    """On different days, since the trial began."""
    return len(set(_visit_days(facts))) >= facts.params.trial_visits


@guard(
    Words("Kegagalan uji coba belum dicatat.", "The failure of the trial is not recorded."),
    fix=Words("Catat pada F14 bahwa uji coba gagal dan mengapa.", "Record on F14 that the trial failed and why."),
    law=(law.IAR,),
    reads=("F14",),
)
def trial_failure_recorded(facts: Facts) -> bool:
    """On an F14 of this trial, with the reason."""
    return any(
        record.body.trial_result == "failed" and record.body.trial_failed_because.strip()
        for record in since(facts, Reunification, facts.case.entered_at)
    )


@guard(
    Words("Masa pemantauan belum mencapai lama minimum.", "Monitoring has not lasted its minimum."),
    fix=Words("Lanjutkan pemantauan sampai masa minimum.", "Go on monitoring until the minimum is reached."),
    law=(law.DESIGN_REUNIFICATION, law.MB),
    reads=("F03", "F17", "register:clock", "register:placements"),
)
def monitoring_min_days(facts: Facts) -> bool:
    """From the day the child came into this state (T14, T31)."""
    return days_since(facts, facts.case.entered_at) >= _monitoring_days(facts)


@guard(
    Words("Kunjungan pemantauan belum lengkap atau belum aman.", "Monitoring visits are incomplete or not yet safe."),
    fix=Words(
        "Lakukan kunjungan sesuai jadwal; dua kunjungan terakhir harus aman.",
        "Visit as scheduled; the last two visits must find the child safe.",
    ),
    law=(law.DESIGN_REUNIFICATION, law.MB),
    reads=("F03", "F15", "F17", "register:placements"),
)
def monitoring_visits_done(facts: Facts) -> bool:
    """Every scheduled visit was made, late or not but never bunched ahead, and the last two found the child safe."""
    required = _monitoring_days(facts)
    scheduled = [after for after in facts.params.monitoring_visit_days if after <= required]
    visits = since(facts, Monitoring, facts.case.entered_at)
    safe = len(visits) >= SAFE_VISITS and all(visit.body.safety == "safe" for visit in visits[:SAFE_VISITS])
    return safe and _made(_visit_days(facts), scheduled) == len(scheduled)


def _made(visits: Iterable[int], scheduled: list[int]) -> int:
    """Return how many scheduled visits were made: the next one counts only after the day scheduled for the one before."""
    made = 0
    for after in sorted(visits):
        if made < len(scheduled) and (made == 0 or after > scheduled[made - 1]):
            made += 1
    return made


def _visit_days(facts: Facts) -> Iterator[int]:
    """Yield, for each visit since the state began, how many days after its beginning it was."""
    began = day(facts.case.entered_at)
    return ((day(visit.dated) - began).days for visit in since(facts, Monitoring, facts.case.entered_at))


def _monitoring_days(facts: Facts) -> int:
    """Return how long this state is monitored before it may be closed, in days."""
    if facts.case.state == FAMILY:
        return facts.params.monitoring_family_days
    if facts.case.state != RETURNED:
        return facts.params.monitoring_permanent_days
    long = _after_violence(facts) or _days_in_care(facts) > facts.params.monitoring_long_after_days
    return facts.params.monitoring_long_days if long else facts.params.monitoring_reintegration_days


def _after_violence(facts: Facts) -> bool:
    incidents = (record.body for record in facts.records if isinstance(record.body, Incident))
    return _violence_screened(facts) or any(incident.type in VIOLENCE for incident in incidents)


def _days_in_care(facts: Facts) -> int:
    """Return the days this child spent in placements, over the chain of cases."""
    return sum(((placement.ended_at or facts.now).astimezone(WITA) - placement.started_at).days for placement in facts.placements)
