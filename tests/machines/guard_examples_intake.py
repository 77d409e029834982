"""Examples of the guards in guards/intake.py and guards/emergency.py."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from casework.machines.facts import Facts, Filed, Process
from casework.machines.forms import (
    Consent,
    DuplicateSearch,
    EmergencySheet,
    ExistingResident,
    Incident,
    Intake,
    KinCall,
    Parent,
    PersonalData,
    Proof,
)
from tests.machines.builders import CHILD, LKSA, TODAY, UNCLE, ago, facts, on, placement, record, to
from tests.machines.guard_book import Book
from tests.machines.samples import NOW

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails

holds("case_assigned", "to a worker", facts())
fails("case_assigned", "to nobody", facts(about={"assigned_to": None}))

holds("duplicate_check_done", "searched and nothing found", facts(record(Intake, 1)))
holds("duplicate_check_done", "searched on the later of two reports", facts(record(Intake, 1), record(Intake, 2, duplicate_search=None)))
for _role in ("social_worker", "social_worker_on_duty", "supervisor"):
    holds("duplicate_check_done", f"signed by {_role}", facts(record(Intake, 1, header={"author_role": _role})))
fails("duplicate_check_done", "another case is open", facts(record(Intake, 1), about={"other_open_case": True}))
fails("duplicate_check_done", "no search", facts(record(Intake, 1, duplicate_search=None)))
fails("duplicate_check_done", "it is the same child", facts(record(Intake, 1, duplicate_search=DuplicateSearch("same_child"))))
fails("duplicate_check_done", "searched by a reporter", facts(record(Intake, 1, header={"author_role": "reporter"})))
fails("duplicate_check_done", "nothing filed", facts())
fails("duplicate_check_done", "dated tomorrow", facts(record(Intake, -1)))

holds("void_reason_recorded", "entered in error", facts(record(Intake, 1, void_reason="entered_in_error")))
holds("void_reason_recorded", "a duplicate, linked", facts(record(Intake, 1, void_reason="duplicate", linked_case="case-2")))
fails("void_reason_recorded", "a duplicate of nothing", facts(record(Intake, 1, void_reason="duplicate")))
fails("void_reason_recorded", "no reason", facts(record(Intake, 1)))
fails("void_reason_recorded", "nothing filed", facts())
fails("void_reason_recorded", "no reason any more", facts(record(Intake, 2, void_reason="not_a_child"), record(Intake, 1)))

holds("consent_or_legal_basis", "the mother agrees", facts(record(Consent, 1)))
holds("consent_or_legal_basis", "until today", facts(record(Consent, 1, until=TODAY)))
holds("consent_or_legal_basis", "vital interest", facts(record(Consent, 1, legal_basis="vital_interest", reason="bahaya", giver="")))
holds(
    "consent_or_legal_basis",
    "public task, asked and refused",
    facts(record(Consent, 1, legal_basis="public_task", reason="UU", decision="refused")),
)
fails("consent_or_legal_basis", "until yesterday", facts(record(Consent, 9, until=on(1))))
fails("consent_or_legal_basis", "another basis without reason", facts(record(Consent, 1, legal_basis="public_task", reason=" ")))
fails("consent_or_legal_basis", "by nobody", facts(record(Consent, 1, giver="")))
fails("consent_or_legal_basis", "withdrawn since", facts(record(Consent, 3), record(Consent, 1, decision="withdrawn")))
fails("consent_or_legal_basis", "for a photograph", facts(record(Consent, 1, purposes=("photograph",))))
fails("consent_or_legal_basis", "nothing filed", facts())
REFERRAL: dict[str, Any] = {"process": Process("p-1", "referral", 1, "drafted", ago(1), ago(1))}
OTHER: dict[str, Any] = {"process": Process("p-1", "reunification", 1, "opened", ago(1), ago(1))}
holds("consent_or_legal_basis", "to refer", facts(record(Consent, 1, purposes=("referral",)), **REFERRAL))
holds("consent_or_legal_basis", "to share", facts(record(Consent, 1, purposes=("sharing",)), **REFERRAL))
holds("consent_or_legal_basis", "to an assessment, asked by another process", facts(record(Consent, 1), **OTHER))
fails("consent_or_legal_basis", "to an assessment, asked by a referral", facts(record(Consent, 1, purposes=("assessment",)), **REFERRAL))
fails("consent_or_legal_basis", "to a referral, asked by an assessment", facts(record(Consent, 1, purposes=("referral",))))
fails("consent_or_legal_basis", "of the round before", facts(record(Consent, 1), about={"round": 2}))

holds("personal_data_recorded", "filed", facts(record(PersonalData, 1)))
fails("personal_data_recorded", "nothing filed", facts())
fails("personal_data_recorded", "of the round before", facts(record(PersonalData, 1), about={"round": 2}))

CENSUS: dict[str, Any] = {"census_from": on(30), "state": "reported"}
REPORT = record(Intake, 5)
RESIDENT = record(ExistingResident, 1)
LATE = (Proof("lksa_register", on(4), "d"), Proof("school", on(300), "d"))
SAME = (Proof("school", on(100), "d"), Proof("school", on(300), "d"))
code = "existing_residence_proven"
HERE: dict[str, Any] = {"subject": to(host=LKSA.id), "host": LKSA}


def resident(*records: Filed[Any], **changes: Any) -> Facts:
    """Return facts for registering a resident of the LKSA."""
    return facts(*records, **{**HERE, **changes})


holds(code, "in the census", resident(REPORT, RESIDENT, about=CENSUS))
holds(code, "on the first day of the census", resident(REPORT, RESIDENT, about={**CENSUS, "census_from": TODAY}))
holds(code, "on the last day of the census", resident(REPORT, RESIDENT, about={**CENSUS, "census_from": on(180)}))
holds(code, "no report yet but the case", resident(RESIDENT, about=CENSUS))
for _breach in ("recruitment", "unlicensed_care"):
    holds(
        code,
        f"after the census, with {_breach}",
        resident(REPORT, RESIDENT, record(Incident, 2, type=_breach), about={"census_from": on(181)}),
    )
holds(code, "no census yet, with a breach", resident(REPORT, RESIDENT, record(Incident, 2, type="recruitment")))
holds(code, "since the day before the report", resident(REPORT, record(ExistingResident, 1, since=on(6)), about=CENSUS))
fails(code, "not filed", resident(REPORT, about=CENSUS))
fails(code, "since the day of the report", resident(REPORT, record(ExistingResident, 1, since=on(5)), about=CENSUS))
fails(
    code, "since before the second report only", resident(record(Intake, 9), REPORT, record(ExistingResident, 1, since=on(7)), about=CENSUS)
)
fails(code, "a proof younger than the report", resident(REPORT, record(ExistingResident, 1, proofs=LATE), about=CENSUS))
fails(
    code,
    "a proof of the day of the report",
    resident(REPORT, record(ExistingResident, 1, proofs=(Proof("siks_ng", on(5), "d"), LATE[1])), about=CENSUS),
)
fails(code, "two proofs of one kind", resident(REPORT, record(ExistingResident, 1, proofs=SAME), about=CENSUS))
fails(code, "placed before", resident(REPORT, RESIDENT, about=CENSUS, placements=(placement(status="ended", ended_at=ago(50)),)))
fails(code, "missing before", resident(REPORT, RESIDENT, about={**CENSUS, "missing_days": 2}))
fails(code, "missing now", resident(REPORT, RESIDENT, about={**CENSUS, "missing_since": ago(1)}))
fails(code, "a day after the census", resident(REPORT, RESIDENT, about={**CENSUS, "census_from": on(181)}))
fails(code, "before the census", resident(REPORT, RESIDENT, about={**CENSUS, "census_from": on(-1)}))
fails(code, "no census and no breach", resident(REPORT, RESIDENT))
fails(
    code,
    "after the census, another incident",
    resident(REPORT, RESIDENT, record(Incident, 2, type="neglect"), about={"census_from": on(181)}),
)

ELSEWHERE = "The form names another institution than the request."
NO_HOME = "This setting is not a care institution."
KASIH = replace(LKSA, id="host-kasih")
holds(code, "in a home of the regency", resident(REPORT, RESIDENT, about=CENSUS, host=replace(LKSA, kind="uptd")))
fails(code, "in another institution", resident(REPORT, RESIDENT, about=CENSUS, subject=to(host=KASIH.id), host=KASIH), ELSEWHERE)
fails(code, "in no institution named", resident(REPORT, RESIDENT, about=CENSUS, subject=to(), host=None), ELSEWHERE)
fails(code, "in an institution that is not found", resident(REPORT, RESIDENT, about=CENSUS, host=None), NO_HOME)
for _kind in ("foster_family", "rpsa", "kin_household"):
    fails(code, f"in a {_kind}", resident(REPORT, RESIDENT, about=CENSUS, host=replace(LKSA, kind=_kind)), NO_HOME)

CLOSED: dict[str, Any] = {"state": "closed", "entered_at": ago(10), "closed_reason": "reintegrated"}
holds("new_concern_recorded", "linked", facts(record(Intake, 1, linked_closed_case="case-1"), about=CLOSED))
holds("new_concern_recorded", "at the moment of closing", facts(record(Intake, 10, linked_closed_case="case-1"), about=CLOSED))
fails("new_concern_recorded", "about another case", facts(record(Intake, 1, linked_closed_case="case-2"), about=CLOSED))
fails("new_concern_recorded", "from before the closing", facts(record(Intake, 11, linked_closed_case="case-1"), about=CLOSED))
fails("new_concern_recorded", "nothing filed", facts(about=CLOSED))

holds("reported_in_danger", "danger", facts(record(Intake, 1, immediate_danger="yes")))
holds("reported_in_danger", "danger, told last", facts(record(Intake, 9), record(Intake, 1, immediate_danger="yes")))
fails("reported_in_danger", "danger, told before", facts(record(Intake, 9, immediate_danger="yes"), record(Intake, 1)))
fails("reported_in_danger", "nothing filed", facts())

holds("closure_reason_reopenable", "reintegrated", facts(about=CLOSED))
fails("closure_reason_reopenable", "died", facts(about={**CLOSED, "closed_reason": "died"}))
fails("closure_reason_reopenable", "adopted", facts(about={**CLOSED, "closed_reason": "adopted"}))
fails("closure_reason_reopenable", "for no known reason", facts(about={**CLOSED, "closed_reason": None}))

SHEET = record(EmergencySheet, hours=2)
NO_KIN: dict[str, Any] = {"kin_call_log": (), "no_kin_known_because": "bayi ditemukan"}
LATE_EVENING = record(EmergencySheet, header={"dated": ago(hours=12)})
for code in ("immediate_danger_recorded", "kin_contact_attempted"):
    holds(code, "a sheet of today", facts(SHEET))
    fails(code, "nothing filed", facts())
    fails(code, "a sheet of last evening", facts(LATE_EVENING))
    fails(code, "of the round before", facts(SHEET, about={"round": 2}))
    fails(code, "dated in an hour", facts(record(EmergencySheet, hours=-1)))
holds("kin_contact_attempted", "no kin known, and why", facts(record(EmergencySheet, **NO_KIN)))
holds("kin_contact_attempted", "kin listed and called", facts(SHEET, relatives=(UNCLE,)))
fails("kin_contact_attempted", "no kin known, without a reason", facts(record(EmergencySheet, kin_call_log=(), no_kin_known_because=" ")))
fails("kin_contact_attempted", "kin are listed but called unknown", facts(record(EmergencySheet, **NO_KIN), relatives=(UNCLE,)))
holds(
    "kin_contact_attempted",
    "only parents listed",
    facts(record(EmergencySheet, **NO_KIN), relatives=(type(UNCLE)("m", "Ani", "mother", 1), type(UNCLE)("f", "Budi", "father", 1))),
)
holds(
    "kin_contact_attempted",
    "only somebody of the fourth degree listed",
    facts(record(EmergencySheet, **NO_KIN), relatives=(type(UNCLE)("x", "Umar", "sepupu", 4),)),
)
holds(
    "kin_contact_attempted",
    "called, and the call went unanswered",
    facts(record(EmergencySheet, kin_call_log=(KinCall(NOW, "Bibi", "no_answer"),))),
)

holds("emergency_host_unsuitable", "with its reason", facts(record(EmergencySheet, unsuitable_because="terlalu jauh")))
fails("emergency_host_unsuitable", "without a reason", facts(record(EmergencySheet, unsuitable_because=" ")))
fails("emergency_host_unsuitable", "yesterday's reason", facts(record(EmergencySheet, 1, unsuitable_because="jauh")))

holds("emergency_extension_unused", "never extended", facts())
fails("emergency_extension_unused", "extended once", facts(about={"emergency_extended": True}))

STARTED: dict[str, Any] = {"state": "emergency_care", "emergency_started_at": ago(hours=72), "emergency_from": "family_care"}
holds("emergency_within_72h", "in the last minute", facts(about=STARTED))
fails("emergency_within_72h", "a minute later", facts(about=STARTED, now=NOW + timedelta(minutes=1)))
fails("emergency_within_72h", "no emergency", facts())

holds("held_in_emergency_care", "the shelter holds the bed", facts(placements=(placement("emergency"),)))
fails("held_in_emergency_care", "the aunt holds it", facts(placements=(placement("kin"),)))
fails("held_in_emergency_care", "the emergency ended", facts(placements=(placement("emergency", status="ended"),)))
fails("held_in_emergency_care", "no placement", facts())

for _state in ("reported", "initial_assessment", "comprehensive_assessment", "care_planning", "family_care", "reintegration", "closed"):
    holds("entered_from_home", f"from {_state}", facts(about={**STARTED, "emergency_from": _state}))
fails("entered_from_home", "from an institution", facts(about={**STARTED, "emergency_from": "institutional_care"}))
fails(
    "entered_from_home",
    "from planning, after a placement that only ended",
    facts(about=STARTED, placements=(placement(status="ended", ended_at=ago(9), ended_by="assess_after_missing"),)),
)

code = "resident_assessed_first"
for _days, _holds in ((2 * 365, True), (6 * 365, False)):
    (holds if _holds else fails)(code, f"{_days} days old", facts(record(PersonalData, 1), child=replace(CHILD, born=on(_days))))
holds(code, "of unknown age", facts(record(PersonalData, 1), child=replace(CHILD, born=None, born_precision="unknown")))
holds(code, "with a disability", facts(record(PersonalData, 1, health_disability="Memakai kursi roda.")))
holds(code, "in an open incident", facts(record(PersonalData, 1), record(Incident, 1)))
fails(code, "nothing noted", facts(record(PersonalData, 1)))
fails(code, "nothing filed", facts())

code = "resident_may_have_a_living_parent"
holds(code, "nothing filed", facts())
holds(code, "both alive", facts(record(PersonalData, 1)))
fails(
    code,
    "both dead",
    facts(record(PersonalData, 1, orphan_status="both_dead", father=Parent("Ahmad", "dead"), mother=Parent("Siti", "dead"))),
)
