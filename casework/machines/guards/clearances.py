"""Guards of a member of staff's clearance: the police record, the code of conduct, and that nothing accuses them."""

from datetime import date, timedelta

from casework.machines import law
from casework.machines.guards.making import HEAD, HOUSE, SUPERVISOR, guard
from casework.machines.houses import HouseFacts
from casework.words import Words


def cleared_until(facts: HouseFacts) -> date | None:
    """Return the last day (WITA) on which the member's police record clears them, or None without a record."""
    dated = facts.member.police_record_on if facts.member is not None else None
    return dated + timedelta(days=facts.params.clearance_days) if dated is not None else None


def at_work_until(facts: HouseFacts) -> date:
    """Return the last day (WITA) of the clearance: without a record it was over yesterday."""
    return cleared_until(facts) or facts.today - timedelta(days=1)


def unwarned_until(facts: HouseFacts) -> date | None:
    """Return the last day (WITA) before the police record counts as running out, or None without a record."""
    until = cleared_until(facts)
    return until - timedelta(days=facts.params.clearance_warning_days) if until is not None else None


@guard(
    Words("SKCK tidak ada atau lewat 12 bulan.", "There is no police record of the last 12 months."),
    fix=Words("Catat SKCK yang berlaku.", "Record a police record that holds."),
    law=(law.SNPA_STAFF,),
    who=(*HOUSE, *SUPERVISOR),
    reads=("F21", "register:hosts"),
)
def police_record_current(facts: HouseFacts) -> bool:
    """Not older than the parameter says (S4), and not dated tomorrow."""
    until = cleared_until(facts)
    return until is not None and until - timedelta(days=facts.params.clearance_days) <= facts.today <= until


@guard(
    Words("Kode etik belum ditandatangani.", "The code of conduct is not signed."),
    fix=Words("Catat tanggal penandatanganan kode etik.", "Record when the code of conduct was signed."),
    law=(law.SNPA_STAFF,),
    who=(*HOUSE, *SUPERVISOR),
    reads=("F21", "register:hosts"),
)
def code_signed(facts: HouseFacts) -> bool:
    """Signed by today."""
    signed = facts.member.code_signed_on if facts.member is not None else None
    return signed is not None and signed <= facts.today


@guard(
    Words("Masih ada insiden terbuka yang menyebut petugas ini.", "An open incident names this member of staff."),
    fix=Words("Selesaikan pemeriksaan dan tutup insidennya.", "Finish the investigation and close the incident."),
    law=(law.SNPA_STAFF, law.SNPA_REPORT),
    who=(*SUPERVISOR, *HEAD),
    reads=("F17",),
)
def nothing_accuses(facts: HouseFacts) -> bool:
    """S6: no open incident accuses the member."""
    return not facts.accusing


@guard(
    Words("Orang ini dilarang bertugas di pengasuhan anak.", "This person is barred from work with children in care."),
    fix=Words("Orang ini tidak dapat dinyatakan lolos.", "This person cannot be cleared."),
    law=(law.SNPA_STAFF,),
    who=HEAD,
    reads=("register:hosts",),
)
def barred_nowhere(facts: HouseFacts) -> bool:
    """A bar holds wherever the same person is entered again."""
    return not facts.barred_elsewhere


@guard(
    Words("Masa berlaku SKCK belum hampir habis.", "The police record does not run out yet."),
    fix=Words("Langkah ini menunggu waktunya.", "This step waits for its time."),
    law=(law.SNPA_STAFF, law.DESIGN),
    who=("clock",),
    reads=("register:hosts",),
)
def clearance_runs_out(facts: HouseFacts) -> bool:
    """Within the days of warning before its last day."""
    until = unwarned_until(facts)
    return until is not None and facts.today > until


@guard(
    Words("SKCK masih berlaku.", "The police record still holds."),
    fix=Words("Langkah ini menunggu akhir masa berlakunya.", "This step waits for it to run out."),
    law=(law.SNPA_STAFF,),
    who=("clock",),
    reads=("register:hosts",),
)
def clearance_lapsed(facts: HouseFacts) -> bool:
    """Its last day is over, or it is gone from the register."""
    until = cleared_until(facts)
    return until is None or facts.today > until
