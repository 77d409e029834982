"""Guards about the child itself: its view, its age, its consent, and that somebody saw it alone."""

from casework.machines import law
from casework.machines.facts import Facts, Filed
from casework.machines.forms import ChildView, InitialAssessment, Monitoring, Setting
from casework.machines.guards.evidence import (
    ADULT,
    CLOSING,
    OFFICE,
    PROPOSED,
    THREE,
    capable,
    known,
    perhaps_at_least,
    since,
    surely_at_least,
)
from casework.machines.guards.making import guard
from casework.words import Words

FOUND_OR_WATCHED = frozenset({"emergency_care", "missing", "trial_home_stay"})
"""States in which the child must be seen after they began; elsewhere anywhere in the round."""


@guard(
    Words(
        "Pendapat anak atas usul ini belum tercatat atau sudah lewat masanya.",
        "The child's view on this proposal is not recorded, or too old.",
    ),
    fix=Words(
        "Tanyakan pendapat anak tentang pilihan dan pengasuh ini, lalu tandatangani F06.",
        "Ask the child about this option and this carer, and sign F06.",
    ),
    law=(law.UUPA_10_24, law.UNG_57),
    reads=("F06",),
)
def child_view_recorded(facts: Facts) -> bool:
    """On the option proposed, at most 30 days old; not asking is excused by age under 3, unconsciousness, or danger (not at closure)."""
    return view_recorded(facts, PROPOSED.get(facts.trigger))


def view_recorded(facts: Facts, setting: Setting | None) -> bool:
    """Whether a current F06 holds the child's view on `setting` (None: on anything) or a valid excuse."""
    return any(
        record.body.kind == "view" and facts.age_days(record) <= facts.params.child_view_current_days and _counts(facts, record, setting)
        for record in known(facts, ChildView)
    )


def _counts(facts: Facts, record: Filed[ChildView], setting: Setting | None) -> bool:
    if record.body.asked == "no":
        return _excused(facts, record.body)
    return any(setting is None or (view.option == setting and facts.subject.carer in ("", view.candidate)) for view in record.body.options)


def _excused(facts: Facts, view: ChildView) -> bool:
    match view.not_asked_because:
        case "under_three":
            return not perhaps_at_least(facts, THREE)
        case "unconscious":
            return True
        case "unsafe":
            return facts.trigger not in CLOSING
    return False


@guard(
    Words("Anak belum ditemui sendirian oleh pekerja sosial.", "The child has not been seen alone by a social worker."),
    fix=Words("Temui anak tanpa pengasuh dan catat pada F15 (atau F03).", "See the child without the carer and record it on F15 (or F03)."),
    law=(law.MB, law.DESIGN_REUNIFICATION),
    reads=("F03", "F15"),
)
def child_seen_alone(facts: Facts) -> bool:
    """Since the emergency, the trial or the disappearance began, else in this round. In a trial only a visit (F15) counts."""
    begun = facts.case.entered_at if facts.case.state in FOUND_OR_WATCHED else facts.case.round_started_at
    visits = any(visit.body.seen_alone == "yes" and visit.author_role in OFFICE for visit in since(facts, Monitoring, begun))
    if facts.case.state == "trial_home_stay":
        return visits
    return visits or any(met.body.seen_alone == "yes" for met in since(facts, InitialAssessment, begun))


@guard(
    Words("Anak sudah berusia 18 tahun.", "The child is 18 already."),
    fix=Words("Gunakan lepas asuh atau layanan dewasa.", "Use leaving care or an adult service."),
    law=(law.PM7, law.PP54),
    reads=("F02",),
)
def child_under_18(facts: Facts) -> bool:
    """Of unknown or imprecise birth counts as under 18 until proved."""
    return not surely_at_least(facts, ADULT)


@guard(
    Words("Anak belum berusia 18 tahun, atau belum terbukti.", "The child is not 18, or it is not proved."),
    fix=Words("Periksa tanggal lahir pada F02.", "Check the birth date on F02."),
    law=(law.PM7, law.UNG_131),
    reads=("F02",),
)
def age_18_or_over(facts: Facts) -> bool:
    """Proved even for the last day on which the child can have been born."""
    return surely_at_least(facts, ADULT)


@guard(
    Words("Anak yang sudah mampu belum menyatakan setuju.", "A child old enough has not consented."),
    fix=Words("Tanyakan persetujuan anak dan catat pada F06.", "Ask for the child's consent and record it on F06."),
    law=(law.UUPA_39_41, law.UNG_57),
    reads=("F02", "F06"),
)
def child_consent_if_capable(facts: Facts) -> bool:
    """The newest view must be current and say yes; younger children are heard but need not consent."""
    view = next((record for record in known(facts, ChildView) if record.body.kind == "view"), None)
    asked = view is not None and facts.age_days(view) <= facts.params.child_view_current_days and view.body.consents == "yes"
    return asked or not capable(facts)
