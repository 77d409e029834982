"""What deadlines of a child in care depend on: its risk, its age, its papers, and how full the house is (T07, T15, T24, I8)."""

from typing import Literal

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import InitialAssessment, MonthlyReport, PersonalData, ProgressReport
from casework.machines.guards.evidence import THREE, birth, newest, open_incidents, surely_at_least
from casework.machines.guards.making import guard
from casework.machines.guards.papers import certificate_known
from casework.words import Words

RISK_FOLLOWS = Words("Tingkat risiko mengikuti asesmen awal yang terbaru (F03).", "The risk follows the newest initial assessment (F03).")


def risk(facts: Facts) -> Literal["high", "medium", "low"]:
    """Return the risk by the newest initial assessment, of whichever round. A risk that nobody graded counts as high."""
    graded = [record for record in facts.records if isinstance(record.body, InitialAssessment) and record.dated <= facts.now]
    newest_of_all = max(graded, key=lambda record: (record.dated, record.signed_at, record.id), default=None)
    return newest_of_all.body.risk_level if newest_of_all is not None else "high"  # type: ignore[union-attr]


@guard(
    Words("Risiko anak tidak tinggi.", "The child is not at high risk."),
    fix=RISK_FOLLOWS,
    law=(law.MB, law.DESIGN_REVIEW),
    reads=("F03",),
)
def at_high_risk(facts: Facts) -> bool:
    """By the newest initial assessment; without one, too."""
    return risk(facts) == "high"


@guard(
    Words("Risiko anak tidak sedang.", "The child is not at medium risk."),
    fix=RISK_FOLLOWS,
    law=(law.MB, law.DESIGN_REVIEW),
    reads=("F03",),
)
def at_medium_risk(facts: Facts) -> bool:
    """By the newest initial assessment."""
    return risk(facts) == "medium"


@guard(
    Words("Anak tidak lebih rentan daripada anak lain.", "The child is no more vulnerable than others."),
    fix=Words("Catat usia dan disabilitas pada F02, atau insiden pada F17.", "Record age and disability on F02, or an incident on F17."),
    law=(law.MB, law.DESIGN_REVIEW),
    reads=("F02", "F17", "register:child"),
)
def especially_vulnerable(facts: Facts) -> bool:
    """Under three (an unknown age too), with a note on health or disability, or with an open incident."""
    told = newest(facts, PersonalData)
    noted = told is not None and bool(told.body.health_disability.strip())
    return noted or not surely_at_least(facts, THREE) or any(True for _ in open_incidents(facts))


@guard(
    Words("Tidak ada kekhawatiran dalam laporan bulanan terbaru.", "The newest monthly report names no concern."),
    fix=Words("Catat kekhawatiran pada laporan bulanan (F27).", "Name a concern in the monthly report (F27)."),
    law=(law.DESIGN_REVIEW, law.MB),
    who=("lksa_head", "lksa_staff"),
    reads=("F16", "F27"),
)
def house_is_concerned(facts: Facts) -> bool:
    """By the newest report on the child, if it is the light one: a full report goes before the supervisor by itself."""
    month, full = newest(facts, MonthlyReport), newest(facts, ProgressReport)
    return month is not None and month.body.concern == "yes" and (full is None or full.signed_at < month.signed_at)


@guard(
    Words("Tempat yang ditahan bukan LKSA.", "The place that is held is not in an institution."),
    fix=Words("Tidak ada laporan bulanan yang ditunggu.", "No monthly report is awaited."),
    law=(law.DESIGN_REVIEW,),
    reads=("register:placements",),
)
def held_in_an_institution(facts: Facts) -> bool:
    """The child comes back to the house that reports on it each month."""
    placement = facts.current_placement
    return placement is not None and placement.kind == "institution"


@guard(
    Words("Tahun lahir anak diketahui.", "The child's year of birth is known."),
    fix=Words("Tidak ada yang perlu dicari.", "There is nothing to find out."),
    law=(law.DESIGN_PAPERS,),
    reads=("register:child",),
)
def birth_unknown(facts: Facts) -> bool:
    """Not even the year: no deadline can be counted from a birth that nobody knows."""
    return birth(facts.child, "first") is None


@guard(
    Words("Kelahiran tidak perlu dicatatkan dalam 60 hari.", "This birth need not be registered within 60 days."),
    fix=Words("Akta sudah ada, atau anak lebih tua: urus lewat dokumen identitas.", "There is a certificate, or the child is older."),
    law=(law.ADM, law.UUPA_27),
    reads=("F02", "document:birth_certificate", "document:birth_certificate_application", "register:child"),
)
def birth_to_be_registered(facts: Facts) -> bool:
    """Born so lately that the days of the law still run, and no certificate is known or applied for. Later the papers are chased (7.10)."""
    born = birth(facts.child, "last")
    running = born is not None and (facts.today - born).days <= facts.params.birth_registration_days
    return running and not certificate_known(facts)


@guard(
    Words("Tempat ini masih mempunyai tempat tidur.", "There is a free bed in this house."),
    fix=Words("Tidak ada yang perlu dilakukan.", "Nothing needs to be done."),
    law=(law.SNPA_FACILITY, law.DESIGN_EMERGENCY),
    reads=("register:hosts", "register:placements"),
)
def host_over_capacity(facts: Facts) -> bool:
    """With this child counted. Households have no declared number of beds."""
    host = facts.host
    return host is not None and host.kind in {"lksa", "uptd", "rpsa"} and host.occupied >= host.capacity
