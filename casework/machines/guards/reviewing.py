"""Guards of the periodic review (DOMAIN 2.7, 7.7): a report about this period, a child that was seen, an endorsement by somebody else."""

from casework.machines import law
from casework.machines.facts import Facts
from casework.machines.forms import ChildView, InitialAssessment, Monitoring, ProgressReport
from casework.machines.guards.evidence import OFFICE, began, countersigned, day, known, newest, since
from casework.machines.guards.making import SUPERVISOR, WORKER, guard
from casework.machines.reviews import goes_on, next_review
from casework.words import Words

INSTITUTIONS = frozenset({"institutional_care", "institution_unverified"})
"""States in which every review asks anew whether the child can go home."""


@guard(
    Words("Laporan perkembangan untuk review ini belum ditandatangani.", "The progress report of this review is not signed."),
    fix=Words(
        "Tandatangani F16 yang masa laporannya mencakup waktu sesudah review ini dijadwalkan.",
        "Sign an F16 whose period reaches beyond the day this review was scheduled.",
    ),
    law=(law.DESIGN_REVIEW, law.UNG_67),
    who=(*WORKER, "lksa_head"),
    reads=("F16",),
)
def report_of_this_review(facts: Facts) -> bool:
    """The newest F16 was written since this review was scheduled, and its period does not end before: no correction of the last one."""
    record = newest(facts, ProgressReport)
    return record is not None and record.dated >= began(facts) and record.body.period_to >= day(began(facts))


@guard(
    Words("Anak belum ditemui sejak review terakhir.", "The child was not seen since the last review."),
    fix=Words(
        "Temui anak dan catat kunjungannya (F15) atau pendapatnya (F06).", "See the child and record the visit (F15) or its view (F06)."
    ),
    law=(law.MB, law.DESIGN_REVIEW),
    reads=("F03", "F06", "F15"),
)
def child_seen_since_last_review(facts: Facts) -> bool:
    """By the office, not only by those who care for it."""
    seen = (since(facts, Monitoring, began(facts)), since(facts, ChildView, began(facts)), since(facts, InitialAssessment, began(facts)))
    return any(record.author_role in OFFICE for records in seen for record in records)


@guard(
    Words("Laporan belum disahkan supervisor.", "The report is not endorsed by the supervisor."),
    fix=Words(
        "Supervisor yang bukan penulisnya mengesahkan laporan (F16).", "A supervisor who did not write it countersigns the report (F16)."
    ),
    law=(law.SNPA_USERS, law.DESIGN_REVIEW),
    who=SUPERVISOR,
    reads=("F16",),
)
def endorsed_by_another(facts: Facts) -> bool:
    """Nobody endorses what they wrote."""
    record = newest(facts, ProgressReport)
    return record is not None and countersigned(record)


@guard(
    Words("Anak tidak tinggal di lembaga.", "The child does not live in an institution."),
    fix=Words("Reunifikasi dibuka pada penempatan berikutnya.", "Reunification opens with the next placement."),
    law=(law.DESIGN_REUNIFICATION, law.SNPA_IV_A),
    reads=("register:placements",),
)
def lives_in_an_institution(facts: Facts) -> bool:
    """By where the case stands: at each review the way home is looked for anew."""
    return facts.case.state in INSTITUTIONS


def _reviewed_of_late(facts: Facts) -> bool:
    recent = facts.params.review_recent_days
    return any(countersigned(record) and facts.age_days(record) <= recent for record in known(facts, ProgressReport))


@guard(
    Words("Review baru saja disahkan.", "A review was endorsed of late."),
    fix=Words("Review tambahan belum diperlukan.", "No further review is needed yet."),
    law=(law.MB, law.DESIGN_REVIEW),
    who=SUPERVISOR,
    reads=("F16",),
)
def not_reviewed_of_late(facts: Facts) -> bool:
    """What is about to end or to change is looked at once: a review that was just endorsed is that look."""
    return not _reviewed_of_late(facts)


@guard(
    Words("Review sebelum anak pulang tidak diperlukan.", "No review is needed before the return."),
    fix=Words("Anak sudah di rumah, atau review baru saja disahkan.", "The child is home, or a review was endorsed of late."),
    law=(law.MB, law.DESIGN_REVIEW),
    who=SUPERVISOR,
    reads=("F16", "register:placements"),
)
def placed_and_not_reviewed_of_late(facts: Facts) -> bool:
    """A way home may be declared ready when the child came home before: then nothing is left to review."""
    return facts.current_placement is not None and not _reviewed_of_late(facts)


_OTHERWISE = Words("Review berikutnya jatuh pada waktu lain.", "The next review is due at another time.")
_FOLLOWS = Words("Waktu review mengikuti umur anak dan penempatannya.", "The time of a review follows the child's age and placement.")


@guard(_OTHERWISE, fix=_FOLLOWS, law=(law.UNG_67, law.DESIGN_REVIEW), reads=("F02", "F15", "F16", "register:placements"))
def next_review_as_usual(facts: Facts) -> bool:
    """While the placement lasts (machines/reviews.py), or support at home; otherwise no review follows."""
    return goes_on(facts) and next_review(facts) == "review_interval_days"


@guard(_OTHERWISE, fix=_FOLLOWS, law=(law.MB, law.DESIGN_REVIEW), reads=("F02", "F15", "F16", "register:placements"))
def next_review_after_a_concern(facts: Facts) -> bool:
    """A visit since the report raised one: what is endorsed now did not know of it."""
    return next_review(facts) == "review_change_days"


@guard(_OTHERWISE, fix=_FOLLOWS, law=(law.UNG_67, law.DESIGN_REVIEW), reads=("F02", "F15", "F16", "register:placements"))
def next_review_of_a_little_one(facts: Facts) -> bool:
    """Under three, or of unknown age."""
    return next_review(facts) == "review_under_three_days"


@guard(_OTHERWISE, fix=_FOLLOWS, law=(law.UNG_67, law.DESIGN_REVIEW), reads=("F02", "F15", "F16", "register:placements"))
def next_review_of_a_new_foster_family(facts: Facts) -> bool:
    """In the first days with it."""
    return next_review(facts) == "review_foster_days"
