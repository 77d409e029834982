"""Guards of an incident: who may look into it, who was told, whether the child was seen, what was found. All read its own form (F17)."""

from collections.abc import Iterator
from datetime import datetime

from casework.machines import law
from casework.machines.facts import Facts, Filed, Process
from casework.machines.forms import ChildView, Form, Incident, InitialAssessment, Monitoring
from casework.machines.guards.evidence import OFFICE
from casework.machines.guards.making import HEAD, ON_DUTY, SUPERVISOR, WORKER, guard
from casework.words import Words

ALWAYS_CRIMES = frozenset({"sexual", "exploitation"})
"""Types that the law makes a crime whatever the form says."""
HARM = frozenset({"physical", "psychological", "neglect", "recruitment", "unlicensed_care", "death"})
"""Types that put a house's other children in question, as a crime does. One who ran away, or a house that burnt down, accuses nobody."""
FOUND = {
    "substantiated": "substantiated",
    "sanctioned": "substantiated",
    "unsubstantiated": "unsubstantiated",
    "inconclusive": "inconclusive",
}
"""What the form must say in each state that waits for the closing."""


def told_by(facts: Facts) -> tuple[Incident, Process] | None:
    """Return the incident as its newest form tells it, and the process that the form began, or None."""
    process = facts.process
    if process is None or process.record is None or not isinstance(process.record.body, Incident):
        return None
    return process.record.body, process


def body_of(facts: Facts) -> Incident | None:
    """Return the incident that the process is about, or None."""
    found = told_by(facts)
    return found[0] if found is not None else None


def is_crime(incident: Incident) -> bool:
    """Whether the police and the ministry must be told."""
    return incident.crime == "yes" or incident.type in ALWAYS_CRIMES


def is_sought(incident: Incident) -> bool:
    """Whether a child is missing and not found: the police look for it."""
    return incident.type == "missing" and incident.found_at is None


def told(facts: Facts, at: datetime | None, reference: str) -> bool:
    """Whether a report was made by now and has its number."""
    return at is not None and at <= facts.now and bool(reference.strip())


@guard(
    Words("Anak dalam bahaya.", "The child is in danger."),
    fix=Words("Catat pada F17 apakah anak dalam bahaya.", "Record on F17 whether the child is in danger."),
    law=(law.SNPA_REPORT,),
    who=ON_DUTY,
    reads=("F17",),
)
def child_in_danger(facts: Facts) -> bool:
    """Said on the form; a child who is missing is in danger."""
    incident = body_of(facts)
    return incident is not None and (incident.child_in_danger == "yes" or incident.type == "missing")


@guard(
    Words("Polisi harus diberi tahu.", "The police must be told."),
    fix=Words("Catat pada F17 apakah ini tindak pidana.", "Record on F17 whether this is a crime."),
    law=(law.SNPA_REPORT, law.UUPA_76, law.DESIGN_MISSING),
    who=ON_DUTY,
    reads=("F17",),
)
def police_must_know(facts: Facts) -> bool:
    """Of a crime, said on the form or by the law of the type; and of a child who is missing."""
    incident = body_of(facts)
    return incident is not None and (is_crime(incident) or is_sought(incident))


@guard(
    Words("Anak meninggal.", "The child died."),
    fix=Words("Catat kematian pada F17.", "Record the death on F17."),
    law=(law.DESIGN_MISSING, law.SNPA_REPORT),
    who=ON_DUTY,
    reads=("F17",),
)
def death(facts: Facts) -> bool:
    """The head of the office hears of every death."""
    incident = body_of(facts)
    return incident is not None and incident.type == "death"


@guard(
    Words("Anak hidup.", "The child lives."),
    fix=Words("Catat pada F17 apa yang terjadi.", "Record on F17 what happened."),
    law=(law.SNPA_REPORT,),
    who=ON_DUTY,
    reads=("F17",),
)
def child_lives(facts: Facts) -> bool:
    """Who died is not visited."""
    incident = body_of(facts)
    return incident is not None and incident.type != "death"


@guard(
    Words("Insiden ini menyangkut kekerasan di tempat pengasuhan.", "This incident is about harm in a house."),
    fix=Words("Catat pada F17 tempat yang bersangkutan.", "Record on F17 the household concerned."),
    law=(law.SNPA_REPORT, law.SNPA_STAFF),
    who=ON_DUTY,
    reads=("F17", "register:hosts"),
)
def harm_in_a_house(facts: Facts) -> bool:
    """It is about a host of the register, and of a kind that puts the other children there in question."""
    found = told_by(facts)
    if found is None:
        return False
    incident, process = found
    return bool(process.host_id) and (incident.type in HARM or is_crime(incident))


@guard(
    Words("Anda termasuk pengurus atau petugas tempat yang bersangkutan.", "You belong to the house concerned."),
    fix=Words("Mintakan langkah ini kepada petugas Dinas di luar tempat itu.", "Ask somebody of the office who is not of that house."),
    law=(law.SNPA_REPORT, law.DESIGN),
    who=(*ON_DUTY, *HEAD),
    reads=("register:hosts",),
)
def not_of_the_house(facts: Facts) -> bool:
    """Persons are compared, not accounts: a supervisor on the board of the house is of the house."""
    return facts.ask.person not in facts.persons_of_host


@guard(
    Words("Pemeriksa harus orang lain dan tidak terkait.", "The investigator must be another person, and independent."),
    fix=Words(
        "Serahkan pemeriksaan kepada petugas Dinas lain yang bukan pelapor dan bukan dari tempat itu.",
        "Leave it to another officer, who neither reported it nor belongs to the house.",
    ),
    law=(law.SNPA_REPORT, law.DESIGN),
    who=(*WORKER, *SUPERVISOR, *HEAD),
    reads=("F17", "register:hosts"),
)
def investigator_independent(facts: Facts) -> Iterator[Words]:
    """Who looks into it, and who says what was found, is neither of the house nor the one who reported."""
    if facts.ask.person in facts.persons_of_host:
        yield Words("Anda termasuk pengurus atau petugas tempat yang bersangkutan.", "You belong to the house concerned.")
    if facts.process is None or facts.ask.person in facts.process.by[:1]:
        yield Words("Anda yang melaporkan insiden ini.", "You reported this incident.")


@guard(
    Words("Insiden belum dilaporkan ke Dinas Sosial.", "The incident has not been reported to the social office."),
    fix=Words("Isi waktu dan nomor laporan Dinas pada F17.", "Fill in when, and with which number, on F17."),
    law=(law.SNPA_REPORT,),
    who=(*ON_DUTY, *WORKER),
    reads=("F17",),
)
def dinas_reported(facts: Facts) -> bool:
    """S7: every suspicion is reported, with its number."""
    incident = body_of(facts)
    return incident is not None and told(facts, incident.reported_to_dinas_at, incident.dinas_reference)


@guard(
    Words("Tindak pidana belum dilaporkan ke polisi dan Kemensos.", "A crime has not been reported to the police and the ministry."),
    fix=Words(
        "Isi waktu dan nomor laporan polisi serta Kemensos pada F17.",
        "Fill in when, and with which number, the police and the ministry were told, on F17.",
    ),
    law=(law.SNPA_REPORT, law.UUPA_76),
    who=(*ON_DUTY, *WORKER),
    reads=("F17",),
)
def crime_reported(facts: Facts) -> Iterator[Words]:
    """S7: a crime is reported to the police and to the ministry, each with its number; a missing child to the police until it is found."""
    incident = body_of(facts)
    if incident is None:
        yield Words("F17 belum ada.", "There is no F17.")
        return
    if (is_crime(incident) or is_sought(incident)) and not told(facts, incident.police_reported_at, incident.police_reference):
        yield Words("Laporan polisi belum lengkap.", "The report to the police is not complete.")
    if is_crime(incident) and not told(facts, incident.ministry_reported_at, incident.ministry_reference):
        yield Words("Laporan Kemensos belum lengkap.", "The report to the ministry is not complete.")


@guard(
    Words("Anak belum ditemui sejak laporan.", "The child has not been seen since the report."),
    fix=Words("Temui anak tanpa orang lain lalu catat pada F15, F03, atau F06.", "See the child alone and record it on F15, F03 or F06."),
    law=(law.SNPA_REPORT, law.UUPA_10_24),
    who=WORKER,
    reads=("F03", "F06", "F15", "F17"),
)
def child_seen_since_report(facts: Facts) -> bool:
    """Seen alone by the office, whatever the round. Who died cannot be seen, nor who is still missing."""
    found = told_by(facts)
    if found is None:
        return False
    incident, process = found
    if incident.type == "death" or (incident.type == "missing" and incident.found_at is None):
        return True
    since = (record for record in facts.records if process.opened_at <= record.dated <= facts.now)
    return any(record.author_role in OFFICE and saw_alone(record) for record in since)


def saw_alone(record: Filed[Form]) -> bool:
    """Whether this form says that its author saw the child alone."""
    match record.body:
        case Monitoring() | InitialAssessment():
            return record.body.seen_alone == "yes"
        case ChildView():
            return record.body.alone == "yes" and record.body.asked == "yes"
    return False


def finds(facts: Facts, finding: str) -> bool:
    """Whether the form says that this was found, and what it rests on."""
    incident = body_of(facts)
    return incident is not None and incident.finding == finding and bool(incident.investigation.strip())


RECORD_THE_FINDING = Words("Isi pemeriksaan dan hasilnya pada F17.", "Record the investigation and its finding on F17.")


@guard(
    Words("F17 tidak menyatakan insiden terbukti.", "F17 does not say that the incident is substantiated."),
    fix=RECORD_THE_FINDING,
    law=(law.SNPA_REPORT,),
    who=(*WORKER, *SUPERVISOR),
    reads=("F17",),
)
def found_substantiated(facts: Facts) -> bool:
    """The form says so, and what it rests on."""
    return finds(facts, "substantiated")


@guard(
    Words("F17 tidak menyatakan insiden tidak terbukti.", "F17 does not say that the incident is unsubstantiated."),
    fix=RECORD_THE_FINDING,
    law=(law.SNPA_REPORT,),
    who=(*WORKER, *SUPERVISOR),
    reads=("F17",),
)
def found_unsubstantiated(facts: Facts) -> bool:
    """The form says so, and what it rests on."""
    return finds(facts, "unsubstantiated")


@guard(
    Words("F17 tidak menyatakan insiden tidak dapat disimpulkan.", "F17 does not say that the incident is inconclusive."),
    fix=RECORD_THE_FINDING,
    law=(law.SNPA_REPORT,),
    who=(*WORKER, *SUPERVISOR),
    reads=("F17",),
)
def found_inconclusive(facts: Facts) -> bool:
    """The form says so, and what it rests on."""
    return finds(facts, "inconclusive")


@guard(
    Words("Sanksi belum dicatat.", "No sanction is recorded."),
    fix=Words("Isi sanksi pada F17.", "Record the sanction on F17."),
    law=(law.SNPA_STAFF,),
    who=(*SUPERVISOR, *HEAD),
    reads=("F17",),
)
def sanction_recorded(facts: Facts) -> bool:
    """S6: from a written warning to dismissal."""
    incident = body_of(facts)
    return incident is not None and bool(incident.sanction.strip())


@guard(
    Words("Ada petugas yang terbukti terlibat; sanksi belum ditetapkan.", "Staff are accused and it is substantiated: no sanction yet."),
    fix=Words("Tetapkan sanksi lebih dahulu.", "Decide on the sanction first."),
    law=(law.SNPA_STAFF,),
    who=(*SUPERVISOR, *HEAD),
    reads=("F17",),
)
def nobody_to_sanction(facts: Facts) -> bool:
    """Only what accuses no member of staff is closed without a sanction."""
    incident = body_of(facts)
    return incident is not None and len(incident.accused_staff) == 0


@guard(
    Words("F17 yang menutup insiden belum ada.", "There is no F17 that closes the incident."),
    fix=Words("Tandatangani F17 dengan hasil dan tanda ditutup.", "Sign an F17 with the finding, marked as closed."),
    law=(law.SNPA_REPORT,),
    who=(*WORKER, *SUPERVISOR),
    reads=("F17",),
)
def closing_recorded(facts: Facts) -> bool:
    """The newest form closes it, with the finding that the process stands at."""
    found = told_by(facts)
    if found is None:
        return False
    incident, process = found
    return incident.closed == "yes" and FOUND.get(process.state) == incident.finding
