"""Guards about care that lasts: adoption's clocks and reports, legal permanence."""

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import CareAgreement, SocialReport
from casework.machines.guards.evidence import compared, day, days_since, newest, setting_id, since
from casework.machines.guards.making import HEAD, WORKER, guard
from casework.words import Words


@guard(
    Words("Pengasuhan pra-angkat belum mencapai 180 hari.", "Pre-adoption care has not lasted 180 days."),
    fix=Words("Lanjutkan pengasuhan sementara sampai 180 hari.", "Go on with the temporary care until 180 days."),
    law=(law.PP54,),
    reads=("register:clock", "register:placements"),
)
def pre_adoption_180_days(facts: Facts) -> bool:
    """From the start of the placement that runs; days missing do not count."""
    placement = facts.current_placement
    return (
        placement is not None
        and placement.kind == "pre_adoption"
        and days_since(facts, placement.started_at) - facts.case.missing_days >= facts.params.pre_adoption_days
    )


@guard(
    Words("Belum ada dua laporan sosial dalam enam bulan.", "There are not two social reports within six months."),
    fix=Words(
        "Lakukan dua kunjungan dalam enam bulan dan tandatangani laporannya (F24).",
        "Make two visits within six months and sign the reports (F24).",
    ),
    law=(law.PP54, law.DECK),
    reads=("F24", "register:placements"),
)
def two_social_reports(facts: Facts) -> bool:
    """The newest reports on different days of this pre-adoption care, at most six months apart, the last recommending."""
    placement = facts.current_placement
    reports = since(facts, SocialReport, placement.started_at) if placement is not None else ()
    days = sorted({day(report.dated) for report in reports}, reverse=True)[: facts.params.social_reports]
    if len(days) < facts.params.social_reports or reports[0].body.recommendation != "recommend":
        return False
    return (days[0] - days[-1]).days <= facts.params.pre_adoption_days


@guard(
    Words("Belum ada dasar hukum pengasuhan permanen.", "The permanence of this care has no legal basis."),
    fix=Words(
        "Lampirkan penetapan pengadilan, atau perjanjian permanen (F10) beserta keputusan Dinas.",
        "Attach the court order, or a permanent agreement (F10) with the decision of Dinas.",
    ),
    law=(law.PP29, law.SNPA_ENDING),
    who=(*WORKER, *HEAD),
    reads=("F10", "document:guardianship_order", "document:dinas_permanence_decision"),
)
def legal_permanence_recorded(facts: Facts) -> bool:
    """A court's order, or the agreement with the present carer and the decision of Dinas."""
    record = newest(facts, CareAgreement, lambda agreement: agreement.kind == "permanent" and agreement.carer == setting_id(facts))
    agreed = record is not None and record.body.signed_by("carer") and compared(facts, "dinas_permanence_decision")
    return agreed or compared(facts, "guardianship_order")
