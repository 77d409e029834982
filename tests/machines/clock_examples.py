"""What functions in guards/ answer that no guard asks: the days that clocks wait for, and which referrals the store counts as open."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from casework.machines.facts import Filed, Process
from casework.machines.forms import Acceptance, Referral
from casework.machines.guards.clearances import at_work_until
from casework.machines.guards.episodes import held_until
from casework.machines.guards.evidence import still_asked
from tests.machines.builders import PARAMS, TODAY, ago, facts, on, record
from tests.machines.guard_book import Answer
from tests.machines.guard_examples_houses import house, member

PLACE = Process("placement-1", "placement", 1, "reserved", ago(9), ago(5), due_at=ago(-5))
F13: Filed[Any] = record(Referral, 2)
ASKED = Process("referral-1", "referral", 1, "sent", ago(2), ago(2), record=F13)
ACCEPTED = replace(F13.body, acceptance=Acceptance("Kepala UPTD", TODAY, "menerima", letter="digest-9"))

ANSWERS = (
    Answer("the clearance, from the police record", at_work_until, (member(),), on(100) + timedelta(days=PARAMS.clearance_days)),
    Answer("no police record: over yesterday", at_work_until, (member(police_record_on=None),), on(1)),
    Answer("no member: over yesterday", at_work_until, (house(),), on(1)),
    Answer("a place held for five days", held_until, (facts(process=PLACE),), on(-5)),
    Answer("no place is held", held_until, (facts(process=replace(PLACE, due_at=None)),), None),
    Answer("no process", held_until, (facts(),), None),
    Answer("a form without a process", still_asked, ((), F13.id, F13.body), answer=True),
    Answer("a form without a process, accepted", still_asked, ((), F13.id, ACCEPTED), answer=False),
    Answer("the form says yes, its process does not yet", still_asked, ((ASKED,), F13.id, ACCEPTED), answer=False),
    *(
        Answer(f"waiting, {state}", still_asked, ((replace(ASKED, state=state),), F13.id, F13.body), answer=True)
        for state in ("drafted", "sent", "info_requested", "acknowledged", "unanswered")
    ),
    *(
        Answer(f"waiting on the form, but {state}", still_asked, ((replace(ASKED, state=state),), F13.id, F13.body), answer=False)
        for state in ("accepted", "in_service", "completed", "feedback_closed", "declined", "cancelled", "notified")
    ),
    Answer("the process of another form", still_asked, ((replace(ASKED, state="declined"),), "r-other", F13.body), answer=True),
)
