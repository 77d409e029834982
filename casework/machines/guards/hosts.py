"""Guards about hosts: whether a setting may take this child (DOMAIN 5), has accepted it, and has room."""

from collections.abc import Iterator

from casework.machines import law
from casework.machines.facts import Facts, Host
from casework.machines.forms import EmergencySheet, Incident
from casework.machines.guards.compliance import accreditation_gaps, channel_gaps, licence_gaps, policy_gaps, team_gaps
from casework.machines.guards.evidence import THREE, current, known, open_incident_against, open_incidents, still_open, surely_at_least
from casework.machines.guards.making import HEAD, HOUSE, SUPERVISOR, WORKER, guard
from casework.machines.guards.standing import INSTITUTIONS, NOT_FOR_CHILDREN, OPEN_INCIDENT, standing_gaps, status_gap
from casework.words import Words

EMERGENCY = frozenset({"place_in_emergency", "emergency_after_missing", "change_emergency_host", "reopen_in_emergency"})
RETURNS = frozenset({"resume_previous_placement", "resume_after_missing"})
NEIGHBOURLY = frozenset({"kin_household", "neighbour_household"})
HOUSEHOLDS = NEIGHBOURLY | {"foster_family", "guardian_household", "adoptive_family"}
STOPPED = frozenset({"suspended", "revoked"})
LOST = frozenset({"suspended", "revoked", "expired"})


@guard(
    Words("Tempat yang diminta tidak memenuhi syarat menerima anak ini.", "The setting named may not take this child."),
    fix=Words(
        "Pilih tempat lain yang memenuhi syarat, atau lengkapi syarat yang disebut di bawah ini.",
        "Choose another eligible setting, or complete what is named below.",
    ),
    law=(law.LICENSING, law.SNPA_STAFF, law.SNPA_IV_C_4, law.ACCREDITATION),
    who=(*WORKER, *HOUSE, *HEAD),
    reads=("F17", "F20", "F21", "F23", "register:hosts", "register:placements"),
)
def host_eligible(facts: Facts) -> Iterator[Words]:
    """Section 5 without capacity; in an emergency the emergency profile; on a return, about the placement that is held."""
    if facts.trigger in EMERGENCY:
        yield from _emergency_gaps(facts)
    elif facts.trigger in RETURNS:
        yield from _held_gaps(facts)
    else:
        yield from _institution_gaps(facts)


def _institution_gaps(facts: Facts) -> Iterator[Words]:
    host = facts.host
    if host is None or host.id != facts.subject.host:
        yield Words("Lembaga tidak disebut dalam permintaan.", "The request names no institution.")
        return
    if host.kind == "lks":
        yield NOT_FOR_CHILDREN
    elif host.kind not in INSTITUTIONS:
        yield Words("Tempat ini bukan lembaga pengasuhan.", "This setting is not a care institution.")
    if open_incident_against(facts, host.id):
        yield OPEN_INCIDENT
    yield from standing_gaps(host)
    yield from _care_gaps(facts, host)


def _held_gaps(facts: Facts) -> Iterator[Words]:
    """Yield what keeps the held placement from taking the child back. A child who lived at home returns to no host."""
    placement = facts.current_placement
    if placement is None:
        return
    if open_incident_against(facts, placement.carer):
        yield OPEN_INCIDENT
    if placement.host is None:
        return
    host = facts.host
    if host is None or host.id != placement.host:
        yield Words("Tempat yang ditahan tidak ditemukan.", "The setting held is not found.")
        return
    yield from standing_gaps(host)
    if host.kind in INSTITUTIONS:
        yield from _care_gaps(facts, host)
    if host.kind in HOUSEHOLDS and not host.known_to_rt:
        yield Words("Rumah tangga ini belum diketahui RT/desa.", "This household is not known to RT or village.")


def _care_gaps(facts: Facts, host: Host) -> Iterator[Words]:
    """Yield what section 5 asks of an institution and is missing; licence and accreditation only of an LKSA."""
    yield from policy_gaps(host, facts.today, facts.params.policy_days)
    yield from team_gaps(host)
    yield from channel_gaps(host)
    if not _staffed(facts, host, host.occupied, host.occupied_under_three):
        yield Words("Jumlah pengasuh kurang untuk anak yang sudah ada.", "Too few caregivers for the children already there.")
    if host.kind == "lksa":
        yield from licence_gaps(host, facts.today)
        yield from accreditation_gaps(host, facts.today, facts.params.accreditation_waiver_days)


def _staffed(facts: Facts, host: Host, children: int, little: int) -> bool:
    """Whether the caregivers suffice: one for five children, one for three under three, by default."""
    each, each_little = facts.params.children_per_caregiver, facts.params.children_per_caregiver_under_three
    return (children - little) * each_little + little * each <= host.caregivers * each * each_little


def _emergency_gaps(facts: Facts) -> Iterator[Words]:
    """Yield what keeps a setting from taking a child tonight; bed, ratio, accreditation and papers wait for 72 hours."""
    host, sheet = facts.host, current(facts, EmergencySheet, 0)
    if host is None or host.id != facts.subject.host:
        yield Words("Tempat tidak disebut dalam permintaan.", "The request names no setting.")
        return
    if sheet is None or sheet.body.host != host.id:
        yield Words("Lembar darurat hari ini tidak menyebut tempat ini.", "Today's emergency sheet does not name this setting.")
        return
    if host.kind == "lks":
        yield NOT_FOR_CHILDREN
    if host.status in STOPPED:
        yield status_gap(host)
    if host.implicated_persons or _accused(facts, host):
        yield Words("Ada orang yang sedang diperiksa di tempat ini.", "A person there is under investigation.")
    if host.kind in NEIGHBOURLY and not host.known_to_rt:
        yield Words("Rumah tangga ini belum diketahui RT/desa.", "This household is not known to RT or village.")
    if host.kind == "lksa" and not sheet.body.lksa_because.strip():
        yield Words("Belum dijelaskan mengapa hanya LKSA yang dapat menerima.", "It is not said why only an LKSA can take the child.")


def _accused(facts: Facts, host: Host) -> bool:
    """Whether an open incident says that somebody there harmed this child, or that the place is lost. One who ran away accuses nobody."""
    return any(incident.subject_household == host.id and incident.type != "missing" for incident in open_incidents(facts))


@guard(
    Words("Kepala lembaga belum menerima anak ini.", "The head of the institution has not accepted this child."),
    fix=Words("Mintakan penerimaan kepala lembaga.", "Ask the head of the institution to accept."),
    law=(law.SNPA_IV_A_4,),
    who=HOUSE,
    reads=("register:hosts",),
)
def host_accepts(facts: Facts) -> bool:
    """The head accepts or declines; deciding remains with Dinas."""
    return facts.host_accepted_by is not None


@guard(
    Words("Tidak ada tempat, atau pengasuh tidak mencukupi.", "There is no free place, or there are too few caregivers."),
    fix=Words(
        "Pilih lembaga lain, atau tunggu sampai ada tempat dan pengasuh.", "Choose another institution, or wait for a place and staff."
    ),
    law=(law.SNPA_FACILITY,),
    who=(*WORKER, *HOUSE),
    reads=("F20", "register:hosts", "register:placements"),
)
def capacity_available(facts: Facts) -> Iterator[Words]:
    """With this child counted; its own bed, if it is held there, counts as free."""
    host = facts.host
    if host is None:
        yield Words("Lembaga tidak disebut dalam permintaan.", "The request names no institution.")
        return
    if host.occupied >= host.capacity:
        yield Words("Tidak ada tempat tidur kosong.", "There is no free bed.")
    little = 0 if surely_at_least(facts, THREE) else 1
    if not _staffed(facts, host, host.occupied + 1, host.occupied_under_three + little):
        yield Words("Jumlah pengasuh kurang untuk satu anak lagi.", "Too few caregivers for one more child.")


@guard(
    Words("Lembaga tempat anak tinggal tidak dicabut atau hilang.", "The institution where the child lives is not lost."),
    fix=Words(
        "Gunakan pindah LKSA; relokasi hanya bila izin dicabut, dibekukan, kedaluwarsa, atau tempatnya hilang.",
        "Use change of institution instead.",
    ),
    law=(law.LICENSING,),
    who=SUPERVISOR,
    reads=("F17", "register:hosts"),
)
def host_lost(facts: Facts) -> bool:
    """The host of the current placement is suspended, revoked or expired, or an open incident says that it is lost."""
    held = facts.held_host
    if held is None:
        return False
    reported = any(
        record.body.type == "host_lost" and record.body.subject_household == held.id and still_open(facts.processes, record.id, record.body)
        for record in known(facts, Incident)
    )
    return held.status in LOST or reported
