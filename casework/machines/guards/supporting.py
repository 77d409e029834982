"""Guards of family support (DOMAIN 1.2, 2.5): the family agreed, help arrived, what came of it.

All read the package that the process is about.
"""

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import SupportPackage
from casework.machines.guards.making import SUPERVISOR, WORKER, guard
from casework.words import Words

WITH_THE_FAMILY = frozenset({"reported", "initial_assessment", "comprehensive_assessment", "care_planning", "family_care"})
"""States in which the child has not been separated from its family."""


def _package(facts: Facts) -> SupportPackage | None:
    """Return the newest version of the F26 that opened the process."""
    record = facts.process.record if facts.process is not None else None
    return record.body if record is not None and isinstance(record.body, SupportPackage) else None


@guard(
    Words("Keluarga belum menyetujui dukungan ini.", "The family has not agreed to this support."),
    fix=Words(
        "Catat tanggal persetujuan dan tanda tangan orang tua atau wali pada F26.",
        "Record the day of the agreement and the signature of parent or guardian on F26.",
    ),
    law=(law.SNPA_IV_A_5, law.UUPA_7_14),
    reads=("F26",),
)
def support_agreed(facts: Facts) -> bool:
    """Help is not done to a family: who cares for the child has agreed, by today."""
    package = _package(facts)
    return package is not None and package.family_signed and package.agreed_on is not None and package.agreed_on <= facts.today


@guard(
    Words("Belum ada dukungan yang sampai kepada keluarga.", "No help has reached the family."),
    fix=Words(
        "Catat penyerahan pada F26: tanggal, apa, oleh siapa, buktinya.", "Record the delivery on F26: the day, what, by whom, its proof."
    ),
    law=(law.UUPA_7_14, law.SNPA_IV_A),
    reads=("F26",),
)
def support_delivered(facts: Facts) -> bool:
    """At least one delivery, not dated in the future."""
    package = _package(facts)
    return package is not None and any(delivery.on <= facts.today for delivery in package.deliveries)


@guard(
    Words("Pemisahan anak tidak dipertimbangkan, atau anak sudah tidak tinggal dengan keluarganya.", "No separation was at stake."),
    fix=Words(
        "Bila pemisahan dipertimbangkan atau diminta, catat pada F26 oleh siapa dan mengapa.",
        "If separation was considered or asked for, record on F26 by whom and why.",
    ),
    law=(law.UUPA_14, law.SNPA_IV_A),
    reads=("F26", "register:placements"),
)
def separation_at_stake(facts: Facts) -> bool:
    """The package says that separation was considered or asked for, and the child has not left its family."""
    package = _package(facts)
    together = facts.case.state in WITH_THE_FAMILY and facts.current_placement is None
    return package is not None and package.separation != "not_considered" and together


@guard(
    Words("Penyerahan dukungan belum dinyatakan selesai.", "The delivery is not said to be complete."),
    fix=Words("Nyatakan pada F26 bahwa seluruh dukungan sudah diserahkan.", "Say on F26 that everything was delivered."),
    law=(law.UUPA_7_14,),
    reads=("F26",),
)
def delivery_finished(facts: Facts) -> bool:
    """In the newest version of the F26."""
    package = _package(facts)
    return package is not None and package.delivery_complete == "yes"


@guard(
    Words("Hasil dukungan belum dinilai.", "The result of the support is not evaluated."),
    fix=Words(
        "Nilai hasilnya bersama keluarga dan catat pada F26, dengan alasannya.",
        "Evaluate it with the family and record it on F26, with why.",
    ),
    law=(law.SNPA_IV_A, law.IACM),
    reads=("F26",),
)
def result_evaluated(facts: Facts) -> bool:
    """Helped, partly or not, on a day that is not in the future."""
    package = _package(facts)
    return package is not None and bool(package.result) and package.evaluated_on is not None and package.evaluated_on <= facts.today


@guard(
    Words("Alasan penghentian dukungan belum dicatat.", "Why the support is stopped is not recorded."),
    fix=Words("Catat alasan penghentian pada F26.", "Record on F26 why it is stopped."),
    law=(law.UUPA_7_14, law.IACM),
    who=(*WORKER, *SUPERVISOR),
    reads=("F26",),
)
def support_stop_reasoned(facts: Facts) -> bool:
    """In the newest version of the F26."""
    package = _package(facts)
    return package is not None and bool(package.stopped_because)
