"""Guards of a host's standing: what must be in order before it may take children, and who may say so."""

from collections.abc import Iterator
from datetime import date

from casework.machines import law
from casework.machines.guards.compliance import accreditation_gaps, channel_gaps, licence_gaps, policy_gaps, team_gaps
from casework.machines.guards.hosts import HOUSEHOLDS
from casework.machines.guards.making import HEAD, HOUSE, SUPERVISOR, guard
from casework.machines.guards.standing import INSTITUTIONS
from casework.machines.houses import HouseFacts
from casework.machines.register import LKS_KINDS
from casework.words import Words


@guard(
    Words("Tempat ini belum terdaftar sah atau belum diketahui RT/desa.", "The house is not licensed, or not known to RT or village."),
    fix=Words("Perbarui tanda pendaftaran, atau catat pengetahuan RT/desa.", "Renew the licence, or record that RT or village knows."),
    law=(law.LICENSING,),
    who=(*HOUSE, *SUPERVISOR),
    reads=("register:hosts",),
)
def licensed_or_known(facts: HouseFacts) -> Iterator[Words]:
    """An LKS of any kind needs a licence; whoever has one, it must hold (S10). A household is known to its RT or village."""
    host = facts.host
    if host.kind in LKS_KINDS or host.licence_until is not None:
        yield from licence_gaps(host, facts.today)
    if host.kind in HOUSEHOLDS and not host.known_to_rt:
        yield Words("Rumah tangga ini belum diketahui RT/desa.", "This household is not known to RT or village.")


@guard(
    Words("Kebijakan perlindungan anak belum memenuhi syarat.", "The child-protection policy is not in order."),
    fix=Words("Perbarui dan sebarkan kebijakan tertulis, lalu catat.", "Renew the written policy, make it known, and record it."),
    law=(law.SNPA_IV_C_4,),
    who=(*HOUSE, *SUPERVISOR),
    reads=("F20", "register:hosts"),
)
def policy_in_force(facts: HouseFacts) -> Iterator[Words]:
    """Asked of institutions (S2)."""
    if facts.host.kind in INSTITUTIONS:
        yield from policy_gaps(facts.host, facts.today, facts.params.policy_days)


@guard(
    Words("Belum semua petugas dinyatakan lolos.", "Not all staff are cleared."),
    fix=Words("Lengkapi SKCK dan kode etik setiap petugas.", "Complete every member's police record and code of conduct."),
    law=(law.SNPA_STAFF,),
    who=(*HOUSE, *SUPERVISOR),
    reads=("F21", "register:hosts"),
)
def team_cleared(facts: HouseFacts) -> Iterator[Words]:
    """Asked of institutions (S4)."""
    if facts.host.kind in INSTITUTIONS:
        yield from team_gaps(facts.host)


@guard(
    Words("Anak belum mempunyai saluran pengaduan.", "Children have no channel for complaints."),
    fix=Words("Sediakan saluran pengaduan di luar lembaga, lalu catat.", "Provide a channel that bypasses the house, and record it."),
    law=(law.SNPA_REPORT,),
    who=(*HOUSE, *SUPERVISOR),
    reads=("F20", "register:hosts"),
)
def complaint_channel_open(facts: HouseFacts) -> Iterator[Words]:
    """Asked of institutions (S3)."""
    if facts.host.kind in INSTITUTIONS:
        yield from channel_gaps(facts.host)


@guard(
    Words("Akreditasi tidak berlaku.", "The accreditation is not in force."),
    fix=Words("Urus akreditasi, atau mintakan pengecualian Kepala Dinas.", "Obtain it, or ask the head of the office for a waiver."),
    law=(law.ACCREDITATION,),
    who=(*HOUSE, *HEAD),
    reads=("F20", "register:hosts"),
)
def accredited_or_waived(facts: HouseFacts) -> Iterator[Words]:
    """Asked of an LKS of any kind (S11: UU 11/2009 art. 53)."""
    if facts.host.kind in LKS_KINDS:
        yield from accreditation_gaps(facts.host, facts.today, facts.params.accreditation_waiver_days)


@guard(
    Words("Masih ada insiden terbuka terhadap tempat ini.", "An incident against this house is open."),
    fix=Words("Selesaikan pemeriksaan dan tutup insidennya.", "Finish the investigation and close the incident."),
    law=(law.SNPA_REPORT,),
    who=SUPERVISOR,
    reads=("F17", "register:hosts"),
)
def no_open_incident(facts: HouseFacts) -> bool:
    """In whichever child's case it was reported; and nobody there is under investigation."""
    return not facts.open_incidents and not facts.host.implicated_persons


@guard(
    Words("Anda termasuk pengurus atau petugas tempat ini.", "You belong to this house."),
    fix=Words("Mintakan langkah ini kepada petugas Dinas di luar tempat ini.", "Ask somebody of the office who is not of this house."),
    law=(law.SNPA_STAFF, law.DESIGN),
    who=(*SUPERVISOR, *HEAD),
    reads=("register:hosts",),
)
def decided_outside_the_house(facts: HouseFacts) -> bool:
    """Nobody vouches for their own house, nor for themselves. Persons are compared, not accounts."""
    return facts.ask.person not in facts.persons_of_host | {member.person for member in facts.staff}


_REVIEWS_FIRST = Words("Susun dan sahkan review yang terlambat.", "Report and endorse the reviews that are overdue.")


def _counts(facts: HouseFacts) -> bool:
    return facts.params.critical_review_restricts and facts.host.kind == "lksa" and facts.critical_reviews > 0


@guard(
    Words("Review anak di tempat ini sangat terlambat.", "The review of a child there is critically overdue."),
    fix=_REVIEWS_FIRST,
    law=(law.DESIGN_REVIEW,),
    who=(*HOUSE, *SUPERVISOR),
    reads=("register:hosts",),
)
def no_review_critical(facts: HouseFacts) -> bool:
    """Asked of an LKSA, unless the office has switched it off (`critical_review_restricts`)."""
    return not _counts(facts)


@guard(
    Words("Tidak ada review yang sangat terlambat di tempat ini.", "No review there is critically overdue."),
    fix=Words("Langkah ini menunggu waktunya.", "This step waits for its time."),
    law=(law.DESIGN_REVIEW,),
    who=("clock",),
    reads=("register:hosts",),
)
def review_critical(facts: HouseFacts) -> bool:
    """At an LKSA, unless the office has switched it off."""
    return _counts(facts)


@guard(
    Words("Tempat ini dibatasi karena hal lain.", "The house is restricted for something else."),
    fix=Words("Mintakan supervisor mencabut pembatasannya.", "Ask a supervisor to lift the restriction."),
    law=(law.DESIGN_REVIEW, law.SNPA_REPORT),
    who=SUPERVISOR,
    reads=("register:hosts",),
)
def held_back_for_reviews(facts: HouseFacts) -> bool:
    """What an incident or the office has restricted since, only a supervisor frees."""
    why = [trigger for trigger, _ in facts.process.made if trigger in {"restrict", "hold_back"}]
    return why[-1:] == ["hold_back"]


def licensed_until(facts: HouseFacts) -> date | None:
    """Return the last day of the licence, or None where there is none."""
    return facts.host.licence_until


@guard(
    Words("Tanda pendaftaran masih berlaku.", "The licence still holds."),
    fix=Words("Langkah ini menunggu akhir masa berlakunya.", "This step waits for the licence to end."),
    law=(law.LICENSING,),
    who=("clock",),
    reads=("register:hosts",),
)
def licence_lapsed(facts: HouseFacts) -> bool:
    """Its last day is over. What never had a licence cannot lose one."""
    until = licensed_until(facts)
    return until is not None and until < facts.today
