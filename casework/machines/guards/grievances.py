"""Guards of a complaint: who may handle it, and what it takes to answer, escalate and close it."""

from casework.machines import law
from casework.machines.complaints import ComplaintFacts
from casework.machines.guards.making import ON_DUTY, SUPERVISOR, guard
from casework.words import Words


@guard(
    Words("Anda termasuk tempat yang diadukan.", "You belong to the house that the complaint is about."),
    fix=Words("Serahkan kepada petugas Dinas yang tidak terkait.", "Leave it to somebody of the office who has no part in that house."),
    law=(law.SNPA_REPORT, law.DESIGN),
    who=(*ON_DUTY,),
    reads=("register:complaints",),
)
def not_concerned(facts: ComplaintFacts) -> bool:
    """Persons are compared, not accounts (S3)."""
    return facts.ask.person not in facts.concerned


@guard(
    Words("Belum ada laporan insiden (F17) untuk pengaduan ini.", "No incident (F17) was reported because of this complaint."),
    fix=Words("Tandatangani F17 dalam kasus anak, lalu sebutkan di sini.", "Sign an F17 in the child's case and name it here."),
    law=(law.SNPA_REPORT,),
    who=(*ON_DUTY,),
    reads=("F17",),
)
def incident_reported(facts: ComplaintFacts) -> bool:
    """S7: every suspicion is recorded and reported."""
    return facts.incident


@guard(
    Words("Jawabannya belum ditulis.", "The answer is not written."),
    fix=Words("Tulis jawaban dengan kata yang dimengerti anak.", "Write the answer in words that a child understands."),
    law=(law.SNPA_REPORT,),
    who=(*ON_DUTY,),
    reads=("register:complaints",),
)
def answer_written(facts: ComplaintFacts) -> bool:
    """Whoever complained hears something."""
    return bool(facts.answer.strip())


@guard(
    Words("Pengaduan ini menyebut anak dalam bahaya.", "The complaint says that a child is in danger."),
    fix=Words("Laporkan insiden (F17) lebih dahulu.", "Report an incident (F17) first."),
    law=(law.SNPA_REPORT, law.DESIGN),
    who=(*ON_DUTY,),
    reads=("F17", "register:complaints"),
)
def danger_looked_into(facts: ComplaintFacts) -> bool:
    """Danger is never answered away: an incident is examined for it, whatever is found then."""
    return not facts.danger or facts.incident


@guard(
    Words("Yang menjawab tidak menutup pengaduannya sendiri.", "Who answered does not close the complaint alone."),
    fix=Words(
        "Mintakan penutupan kepada supervisor lain atau Kepala Dinas.", "Ask another supervisor or the head of the office to close it."
    ),
    law=(law.DESIGN,),
    who=(*SUPERVISOR, "dinas_head"),
    reads=("register:complaints",),
)
def closed_by_another(facts: ComplaintFacts) -> bool:
    """Four eyes: nobody buries a complaint."""
    return bool(facts.answered_by) and facts.ask.person != facts.answered_by
