"""Guards of reunification (DOMAIN 2.10, 7.5): family traced, assessed in this attempt, ready or not, stopped for a reason."""

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import PersonalData, Reunification
from casework.machines.guards.evidence import began, newest, since
from casework.machines.guards.making import SUPERVISOR, WORKER, guard
from casework.words import Words


@guard(
    Words("Belum ada keluarga yang ditemukan.", "No family has been found."),
    fix=Words(
        "Catat orang tua yang masih hidup beserta alamatnya (F02), atau penelusuran dan hasilnya (F14).",
        "Record a living parent with the address (F02), or the tracing and its result (F14).",
    ),
    law=(law.IAR, law.UUPA_7_14),
    reads=("F02", "F14"),
)
def family_located(facts: Facts) -> bool:
    """A parent is known to live somewhere, or an F14 of this attempt logs the tracing that found the family."""
    family = newest(facts, PersonalData)
    known = family is not None and any(
        parent.status == "alive" and parent.address.strip() for parent in (family.body.father, family.body.mother)
    )
    return known or any(record.body.tracing for record in since(facts, Reunification, began(facts)))


@guard(
    Words("Penelusuran keluarga belum cukup.", "The family was not traced enough."),
    fix=Words(
        "Catat pada F14 sekurang-kurangnya tiga upaya dengan dua cara berbeda selama 14 hari.",
        "Log on F14 at least three attempts, in two different ways, over 14 days.",
    ),
    law=(law.IAR, law.DESIGN_RULED_OUT),
    reads=("F14",),
)
def tracing_tried(facts: Facts) -> bool:
    """Enough attempts, in enough ways, over the window: as for a family option that is untraceable."""
    attempts = {attempt for record in since(facts, Reunification, began(facts)) for attempt in record.body.tracing}
    if len(attempts) < facts.params.tracing_attempts or len({attempt.method for attempt in attempts}) < facts.params.tracing_methods:
        return False
    days = [attempt.on for attempt in attempts]
    return (max(days) - min(days)).days >= facts.params.tracing_window_days


@guard(
    Words("Keluarga, anak, dan lingkungan belum semua dinilai.", "Family, child and community are not all assessed."),
    fix=Words("Nilai kesiapan ketiganya pada F14.", "Assess the readiness of all three on F14."),
    law=(law.IAR, law.UNG_49_52),
    reads=("F14",),
)
def return_assessed(facts: Facts) -> bool:
    """In an F14 of this attempt; whether they are ready is another question."""
    record = next(iter(since(facts, Reunification, began(facts))), None)
    return record is not None and "not_assessed" not in (
        record.body.family_readiness,
        record.body.child_readiness,
        record.body.community_readiness,
    )


@guard(
    Words("Kesiapan dinyatakan untuk upaya yang lama.", "Readiness was declared for an earlier attempt."),
    fix=Words("Tandatangani F14 baru untuk upaya ini.", "Sign a new F14 for this attempt."),
    law=(law.IAR, law.DESIGN_REUNIFICATION),
    reads=("F14",),
)
def declared_in_this_attempt(facts: Facts) -> bool:
    """The newest F14 is of this attempt, and of no trial that failed."""
    record = newest(facts, Reunification)
    return record is not None and record.dated >= began(facts) and record.body.trial_result != "failed"


@guard(
    Words("F14 menyatakan siap.", "F14 says ready."),
    fix=Words("Tandatangani F14 baru bila persiapan harus dilanjutkan.", "Sign a new F14 if preparation must go on."),
    law=(law.IAR,),
    reads=("F14",),
)
def preparation_goes_on(facts: Facts) -> bool:
    """The newest F14 does not say that they are ready."""
    record = newest(facts, Reunification)
    return record is not None and record.body.decision == "preparing"


@guard(
    Words("Alasan penghentian reunifikasi belum dicatat.", "Why reunification stops is not recorded."),
    fix=Words(
        "Tandatangani F14 dengan keputusan dihentikan dan alasannya; supervisor lain menghentikan.",
        "Sign an F14 that says stopped, and why; another person, a supervisor, stops it.",
    ),
    law=(law.IAR, law.UNG_49_52),
    who=(*WORKER, *SUPERVISOR),
    reads=("F14",),
)
def stop_reasoned(facts: Facts) -> bool:
    """Written in this attempt by another person than the one who stops it."""
    record = newest(facts, Reunification)
    if record is None or record.dated < began(facts) or record.author == facts.ask.person:
        return False
    return record.body.decision == "stopped" and bool(record.body.stopped_because)
