"""Examples of the guards in guards/rhythm.py."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from casework.machines.facts import Document
from casework.machines.forms import Incident, InitialAssessment, MonthlyReport, PersonalData, ProgressReport
from casework.machines.forms.identity import IdentityPaper
from tests.machines.builders import CHILD, LKSA, SHELTER, TODAY, facts, on, placement, record
from tests.machines.guard_book import Book

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails

for _code, _level in (("at_high_risk", "high"), ("at_medium_risk", "medium")):
    for _graded in ("high", "medium", "low"):
        (holds if _graded == _level else fails)(_code, f"graded {_graded}", facts(record(InitialAssessment, 1, risk_level=_graded)))
    holds(_code, "graded so last", facts(record(InitialAssessment, 9, risk_level="low"), record(InitialAssessment, 1, risk_level=_level)))
    fails(_code, "graded so first", facts(record(InitialAssessment, 9, risk_level=_level), record(InitialAssessment, 1, risk_level="low")))
    holds(_code, "graded so in an earlier round", facts(record(InitialAssessment, 9, header={"round": 0}, risk_level=_level)))
    fails(
        _code,
        "graded in the future",
        facts(record(InitialAssessment, 1, risk_level="low"), record(InitialAssessment, -1, risk_level=_level)),
    )
    holds(
        _code, "graded so this moment", facts(record(InitialAssessment, 1, risk_level="low"), record(InitialAssessment, risk_level=_level))
    )
    holds(_code, "graded so before another form", facts(record(InitialAssessment, 9, risk_level=_level), record(PersonalData, 1)))
holds("at_high_risk", "graded by nobody", facts())
fails("at_medium_risk", "graded by nobody", facts())

_code = "especially_vulnerable"
for _days, _holds in ((2 * 365, True), (6 * 365, False)):
    (holds if _holds else fails)(_code, f"{_days} days old", facts(record(PersonalData, 1), child=replace(CHILD, born=on(_days))))
holds(_code, "of unknown age", facts(record(PersonalData, 1), child=replace(CHILD, born=None, born_precision="unknown")))
holds(_code, "with a disability", facts(record(PersonalData, 1, health_disability="Memakai kursi roda.")))
holds(_code, "in an open incident", facts(record(PersonalData, 1), record(Incident, 1)))
fails(_code, "nothing filed", facts())

WORRIED: dict[str, Any] = {"concern": "yes", "concern_text": "Anak menyendiri."}
_code = "house_is_concerned"
holds(_code, "this month", facts(record(MonthlyReport, 1, **WORRIED)))
holds(_code, "since the full report", facts(record(ProgressReport, 2), record(MonthlyReport, 1, **WORRIED)))
fails(_code, "not any more", facts(record(MonthlyReport, 31, **WORRIED), record(MonthlyReport, 1)))
fails(_code, "the full report came after it", facts(record(MonthlyReport, 2, **WORRIED), record(ProgressReport, 1)))
fails(_code, "the full report was signed with it", facts(record(MonthlyReport, 1, **WORRIED), record(ProgressReport, 1)))
fails(_code, "it is not", facts(record(MonthlyReport, 1)))
fails(_code, "nothing filed", facts())

holds("held_in_an_institution", "the house holds the bed", facts(placements=(placement("institution"),)))
fails("held_in_an_institution", "the shelter holds it", facts(placements=(placement("emergency"),)))
fails("held_in_an_institution", "the stay ended", facts(placements=(placement("institution", status="ended"),)))
fails("held_in_an_institution", "no placement", facts())

_code = "birth_unknown"
holds(_code, "not even the year", facts(child=replace(CHILD, born=None, born_precision="unknown")))
holds(_code, "a date that means nothing", facts(child=replace(CHILD, born_precision="unknown")))
fails(_code, "the year", facts(child=replace(CHILD, born_precision="year")))
fails(_code, "the day", facts())

_code = "birth_to_be_registered"
BABY = replace(CHILD, born=TODAY - timedelta(days=60))
holds(_code, "on the last day", facts(child=BABY))
holds(_code, "neither held nor applied for", facts(record(PersonalData, 1, birth_certificate=IdentityPaper("missing")), child=BABY))
holds(_code, "born this month", facts(child=replace(BABY, born=TODAY, born_precision="month")))
fails(_code, "a day too old", facts(child=replace(BABY, born=TODAY - timedelta(days=61))))
fails(_code, "of unknown birth", facts(child=replace(CHILD, born=None, born_precision="unknown")))
fails(_code, "with a certificate in the register", facts(child=BABY, documents=(Document("d", "birth_certificate", "p", "d"),)))
fails(_code, "applied for", facts(record(PersonalData, 1, birth_certificate=IdentityPaper(status="applied", receipt="R-1")), child=BABY))

_code = "host_over_capacity"
FULL = replace(LKSA, occupied=20)
holds(_code, "no bed is left", facts(host=FULL))
holds(_code, "a shelter without a bed", facts(host=SHELTER))
fails(_code, "the last bed", facts(host=replace(LKSA, occupied=19)))
fails(_code, "a household has no beds to count", facts(host=replace(FULL, kind="kin_household")))
fails(_code, "no house", facts())
