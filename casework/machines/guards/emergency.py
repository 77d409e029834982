"""Guards of the emergency path: fast, without prior approval, and never a ground by itself (DOMAIN 2.3, 7.1.3)."""

from datetime import timedelta

from casework.machines import law
from casework.machines.facts import Facts, Filed
from casework.machines.forms import EmergencySheet
from casework.machines.guards.evidence import current, kin, never_placed_or_came_home
from casework.machines.guards.making import HEAD, ON_DUTY, SUPERVISOR, WORKER, guard
from casework.words import Words

AT_HOME = frozenset(
    {"reported", "initial_assessment", "comprehensive_assessment", "care_planning", "family_care", "reintegration", "closed"},
)
"""States in which a child lives at home, unless it was placed and never came back."""


def _sheet(facts: Facts) -> Filed[EmergencySheet] | None:
    """Return the newest emergency sheet if it is of today."""
    return current(facts, EmergencySheet, 0)


@guard(
    Words("Belum ada lembar darurat hari ini.", "There is no emergency sheet of today."),
    fix=Words("Isi lembar darurat (F23): bahaya, tanpa pengasuh malam ini, atau tempat hilang.", "Fill in the emergency sheet (F23)."),
    law=(law.DESIGN_EMERGENCY, law.SNPA_REPORT),
    who=ON_DUTY,
    reads=("F23",),
)
def immediate_danger_recorded(facts: Facts) -> bool:
    """Of today: a danger of last week is a matter for planning. The form's vocabulary holds only immediate dangers."""
    return _sheet(facts) is not None


@guard(
    Words("Belum tercatat bahwa kerabat dihubungi.", "It is not recorded that kin were called."),
    fix=Words(
        "Hubungi kerabat dan catat pada F23, atau tulis mengapa tidak ada yang diketahui.",
        "Call kin and log it on F23, or write why none are known.",
    ),
    law=(law.DESIGN_EMERGENCY, law.UUPA_26),
    who=ON_DUTY,
    reads=("F23", "register:family"),
)
def kin_contact_attempted(facts: Facts) -> bool:
    """Kin first, even at night. `No kin known` is refused while the family register lists some."""
    sheet = _sheet(facts)
    listed = bool(kin(facts))
    return sheet is not None and (bool(sheet.body.kin_call_log) or (bool(sheet.body.no_kin_known_because.strip()) and not listed))


@guard(
    Words("Belum dicatat mengapa tempat darurat ini tidak cocok.", "It is not recorded why this emergency setting is unsuitable."),
    fix=Words("Tulis alasannya pada lembar darurat hari ini (F23).", "Write the reason on today's emergency sheet (F23)."),
    law=(law.DESIGN_EMERGENCY,),
    who=ON_DUTY,
    reads=("F23",),
)
def emergency_host_unsuitable(facts: Facts) -> bool:
    """A move within the emergency needs its own reason."""
    sheet = _sheet(facts)
    return sheet is not None and bool(sheet.body.unsuitable_because.strip())


@guard(
    Words("Perpanjangan darurat sudah dipakai.", "The extension was used already."),
    fix=Words(
        "Akhiri darurat: keluarga, kerabat, atau penempatan yang diputuskan.", "End the emergency: family, kin, or a decided placement."
    ),
    law=(law.DESIGN_EMERGENCY,),
    who=(*WORKER, *HEAD),
    reads=("register:journal",),
)
def emergency_extension_unused(facts: Facts) -> bool:
    """Once, and never in silence."""
    return not facts.case.emergency_extended


@guard(
    Words("Darurat sudah berlangsung lebih dari 72 jam.", "The emergency has lasted more than 72 hours."),
    fix=Words(
        "Lanjutkan dengan asesmen dan rencana; anak pulang lewat dukungan keluarga atau uji coba.", "Go on with assessment and plan."
    ),
    law=(law.DESIGN_EMERGENCY,),
    who=(*WORKER, *SUPERVISOR),
    reads=("register:clock",),
)
def emergency_within_72h(facts: Facts) -> bool:
    """Counted in hours from the first move into this emergency."""
    began = facts.case.emergency_started_at
    return began is not None and facts.now - began <= timedelta(hours=facts.params.emergency_end_hours)


@guard(
    Words("Tempat yang ditahan bukan tempat darurat.", "The place that is held is not one of emergency care."),
    fix=Words("Tidak ada batas darurat yang berjalan.", "No limit of an emergency runs."),
    law=(law.DESIGN_EMERGENCY,),
    reads=("register:placements",),
)
def held_in_emergency_care(facts: Facts) -> bool:
    """The child comes back into an emergency that a trial at home or a disappearance interrupted."""
    placement = facts.current_placement
    return placement is not None and placement.state == "emergency_care"


@guard(
    Words("Anak tidak masuk darurat dari rumahnya sendiri.", "The child did not enter the emergency from its own home."),
    fix=Words("Gunakan uji coba reunifikasi.", "Use the trial home stay."),
    law=(law.DESIGN_EMERGENCY, law.UNG_49_52),
    reads=("register:journal", "register:placements"),
)
def entered_from_home(facts: Facts) -> bool:
    """From a state at home, by a child that was never placed or came home by confirm_return_home."""
    return facts.case.emergency_from in AT_HOME and never_placed_or_came_home(facts)
