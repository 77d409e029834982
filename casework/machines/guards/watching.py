"""Guards of reintegration and after-care (DOMAIN 2.11, 7.6): what the last visit found, and whether that is enough to end."""

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import Monitoring
from casework.machines.guards.evidence import OFFICE, began, newest, since
from casework.machines.guards.making import SUPERVISOR, WORKER, guard
from casework.words import Words

SETTLED = frozenset({"yes", "service"})
"""School or health is no reason to stay: it goes well, or a service is in place."""


@guard(
    Words("Belum ada kunjungan tanpa kekhawatiran.", "There is no visit without a concern."),
    fix=Words("Kunjungi anak dan catat hasilnya (F15).", "Visit the child and record it (F15)."),
    law=(law.IAR, law.MB),
    reads=("F15",),
)
def visit_without_concern(facts: Facts) -> bool:
    """The newest visit since monitoring was scheduled found the child safe and raised no concern."""
    visit = next(iter(since(facts, Monitoring, began(facts))), None)
    return visit is not None and visit.body.concern == "no" and visit.body.safety == "safe"


@guard(
    Words("Kunjungan terakhir tidak menimbulkan kekhawatiran.", "The last visit raised no concern."),
    fix=Words("Catat kekhawatiran pada F15.", "Record the concern on F15."),
    law=(law.IAR,),
    reads=("F15",),
)
def visit_raises_concern(facts: Facts) -> bool:
    """The newest visit since monitoring was scheduled says so, or did not find the child safe."""
    visit = next(iter(since(facts, Monitoring, began(facts))), None)
    return visit is not None and (visit.body.concern == "yes" or visit.body.safety != "safe")


@guard(
    Words("Belum ada kunjungan yang aman sesudah kekhawatiran itu.", "No visit since the concern found the child safe."),
    fix=Words("Kunjungi anak lagi dan catat hasilnya (F15).", "Visit the child again and record it (F15)."),
    law=(law.IAR, law.MB),
    reads=("F15",),
)
def concern_resolved(facts: Facts) -> bool:
    """By a later visit of the office, not by words alone."""
    raised = facts.process.entered_at if facts.process is not None else facts.now
    visit = newest(facts, Monitoring)
    if visit is None or visit.dated <= raised or visit.author_role not in OFFICE:
        return False
    return visit.body.concern == "no" and visit.body.safety == "safe"


@guard(
    Words("Sekolah atau kesehatan anak belum beres.", "School or health is not settled."),
    fix=Words(
        "Pastikan sekolah dan kesehatan berjalan baik atau layanannya tersedia, lalu catat pada F15.",
        "See that school and health go well or that a service is in place, and record it on F15.",
    ),
    law=(law.IAR, law.DESIGN_REUNIFICATION),
    reads=("F15",),
)
def school_and_health_settled(facts: Facts) -> bool:
    """In the newest visit since monitoring was scheduled."""
    visit = next(iter(since(facts, Monitoring, began(facts))), None)
    return visit is not None and visit.body.school_settled in SETTLED and visit.body.health_settled in SETTLED


@guard(
    Words("Anak belum ditemui sendirian sejak pulang.", "The child was not seen alone since it came home."),
    fix=Words("Temui anak tanpa pendamping dan catat pada F15.", "See the child alone and record it on F15."),
    law=(law.MB, law.UUPA_10_24),
    who=(*WORKER, *SUPERVISOR),
    reads=("F15",),
)
def seen_alone_since_return(facts: Facts) -> bool:
    """By the office."""
    return any(visit.body.seen_alone == "yes" and visit.author_role in OFFICE for visit in since(facts, Monitoring, began(facts)))
