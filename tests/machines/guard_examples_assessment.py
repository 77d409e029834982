"""Examples of the guards in guards/assessment.py and guards/child.py."""

from datetime import UTC, date, datetime
from typing import Any

from msgspec.structs import replace

from casework.machines.facts import Child
from casework.machines.forms import (
    HOME,
    CareAgreement,
    CarePlan,
    CaseConference,
    ChildView,
    ComprehensiveAssessment,
    Incident,
    InitialAssessment,
    Monitoring,
    OptionView,
    Party,
    PersonalData,
    ProgressReport,
    SafetyScreen,
    Service,
    Sibling,
)
from casework.machines.guards.evidence import CLOSING, PROPOSED
from tests.machines.builders import CHILD, LKSA, UNCLE, WORKER, ago, approved, facts, record, to
from tests.machines.guard_book import Book

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails

VIOLENT, UNFINISHED = SafetyScreen("yes", "no", "no"), SafetyScreen("no", "no", "unknown")
YOUNG, TODDLER = Child("c", date(2018, 1, 1), "day", "islam"), Child("c", date(2023, 1, 1), "day", "islam")

holds("initial_assessment_signed", "filed", facts(record(InitialAssessment, 9)))
fails("initial_assessment_signed", "nothing filed", facts())
fails("initial_assessment_signed", "of the round before", facts(record(InitialAssessment, 9), about={"round": 2}))

holds("safety_screen_done", "three answers", facts(record(InitialAssessment, 1, safety_screen=VIOLENT)))
fails("safety_screen_done", "an answer open", facts(record(InitialAssessment, 1, safety_screen=UNFINISHED)))
fails("safety_screen_done", "nothing filed", facts())

FIRST, FULL = record(InitialAssessment, 2), record(ComprehensiveAssessment, 1)
holds("no_protection_concern", "clear, no action", facts(FIRST))
holds("no_protection_concern", "F04 agrees", facts(FIRST, FULL))
fails("no_protection_concern", "not clear", facts(record(InitialAssessment, 2, safety_screen=UNFINISHED)))
fails("no_protection_concern", "another recommendation", facts(record(InitialAssessment, 2, recommendation="refer")))
fails("no_protection_concern", "F04 disagrees", facts(FIRST, record(ComprehensiveAssessment, 1, protection_concern="yes")))
fails("no_protection_concern", "nothing filed", facts())
fails("no_protection_concern", "only F04", facts(FULL))

for code, make in (("comprehensive_assessment_complete", record), ("comprehensive_assessment_approved", approved)):
    holds(code, "180 days old", facts(make(ComprehensiveAssessment, 180)))
    fails(code, "181 days old", facts(make(ComprehensiveAssessment, 181)))
    fails(code, "of the round before", facts(make(ComprehensiveAssessment, 1), about={"round": 2}))
    fails(code, "nothing filed", facts())
fails("comprehensive_assessment_complete", "by a TKSK", facts(record(ComprehensiveAssessment, 1, header={"author_role": "tksk"})))
fails("comprehensive_assessment_approved", "not countersigned", facts(FULL))
fails(
    "comprehensive_assessment_approved", "by its author", facts(approved(ComprehensiveAssessment, 1, header={"countersigned_by": WORKER}))
)
fails("comprehensive_assessment_approved", "a newer one is not", facts(approved(ComprehensiveAssessment, 5), FULL))

code = "change_of_circumstances_recorded"
FAMILY: dict[str, Any] = {"state": "family_care", "entered_at": ago(20)}
holds(code, "a concern on a visit", facts(record(Monitoring, 3, concern="yes", concern_text="x"), about=FAMILY))
holds(code, "a concern on the first day", facts(record(Monitoring, 20, concern="yes", concern_text="x"), about=FAMILY))
holds(code, "a new initial assessment", facts(record(InitialAssessment, 3), about=FAMILY))
fails(code, "a visit without concern", facts(record(Monitoring, 3), about=FAMILY))
fails(code, "a concern of before", facts(record(Monitoring, 21, concern="yes", concern_text="x"), about=FAMILY))
fails(code, "the assessment of before", facts(record(InitialAssessment, 21), about=FAMILY))

code = "case_conference_held"
holds(code, "after the assessment", facts(record(CaseConference, 60), record(ComprehensiveAssessment, 61)))
holds(code, "at the same moment", facts(record(CaseConference, 5), record(ComprehensiveAssessment, 5)))
fails(code, "61 days old", facts(record(CaseConference, 61), record(ComprehensiveAssessment, 62)))
fails(code, "before the assessment", facts(record(CaseConference, 6), record(ComprehensiveAssessment, 5)))
fails(code, "no assessment", facts(record(CaseConference, 6)))
fails(code, "no conference", facts(record(ComprehensiveAssessment, 5)))
fails(code, "of the round before", facts(record(CaseConference, 5), record(ComprehensiveAssessment, 6), about={"round": 2}))

code = "care_plan_approved"
ADMIT: dict[str, Any] = {"trigger": "admit_to_institution", "subject": to(host=LKSA.id)}
holds(code, "for an institution", facts(approved(CarePlan, 180), **ADMIT))
holds(code, "naming this carer", facts(approved(CarePlan, 1, carer=LKSA.id), **ADMIT))
holds(code, "for a step that proposes no setting", facts(approved(CarePlan, 1), trigger="transfer_out"))
holds(code, "naming a carer, for a step that names none", facts(approved(CarePlan, 1, carer=LKSA.id), trigger="admit_to_institution"))
holds(code, "with a reintegration plan beside it", facts(approved(CarePlan, 2), approved(CarePlan, 1, kind="reintegration"), **ADMIT))
fails(code, "181 days old", facts(approved(CarePlan, 181), **ADMIT))
fails(code, "not approved", facts(record(CarePlan, 1), **ADMIT))
fails(code, "approved by its author", facts(approved(CarePlan, 1, header={"countersigned_by": WORKER}), **ADMIT))
fails(code, "for kinship care", facts(approved(CarePlan, 1, setting="kin"), **ADMIT))
fails(code, "with another carer", facts(approved(CarePlan, 1, carer="host-other"), **ADMIT))
fails(code, "nothing filed", facts(**ADMIT))
fails(code, "of the round before", facts(approved(CarePlan, 1), about={"round": 2}, **ADMIT))
fails(code, "only a reintegration plan", facts(approved(CarePlan, 1, kind="reintegration"), **ADMIT))

code = "nuclear_family_safe"
holds(code, "F04 says safe", facts(record(ComprehensiveAssessment, 180)))
holds(code, "F04 says safe, after an older violent screen", facts(FULL, record(InitialAssessment, 9, safety_screen=VIOLENT)))
holds(code, "F04 at the moment of a violent screen", facts(FULL, record(InitialAssessment, 1, safety_screen=VIOLENT)))
holds(code, "a clear screen 72 hours old", facts(record(InitialAssessment, hours=72)))
holds(code, "an older clear screen beside a safe F04", facts(record(InitialAssessment, 5), record(ComprehensiveAssessment, 9)))
holds(
    code,
    "a fresh screen after an unsafe F04",
    facts(record(InitialAssessment, 1), record(ComprehensiveAssessment, 9, parental_capacity="unsafe")),
)
fails(code, "a clear screen of 73 hours", facts(record(InitialAssessment, hours=73)))
fails(code, "F04 of 181 days", facts(record(ComprehensiveAssessment, 181)))
fails(code, "F04 says unsafe", facts(record(ComprehensiveAssessment, 1, parental_capacity="unsafe")))
fails(
    code,
    "F04 unsafe, older than a stale clear screen",
    facts(record(InitialAssessment, 5), record(ComprehensiveAssessment, 9, parental_capacity="unsafe")),
)
fails(
    code,
    "F04 unsafe, newer than a clear screen",
    facts(record(InitialAssessment, 2), record(ComprehensiveAssessment, 1, parental_capacity="unsafe")),
)
fails(code, "a violent screen after a safe F04", facts(FULL, record(InitialAssessment, hours=3, safety_screen=VIOLENT)))
fails(code, "nothing filed", facts())

code = "support_package_recorded"
GIFT = Service("beasiswa", "Dinas", date(2025, 7, 1), amount=0)
holds(code, "an amount", facts(approved(CarePlan, 1, services=(GIFT,))))
holds(code, "a kind", facts(approved(CarePlan, 1, services=(replace(GIFT, amount=None, kind="beras"),))))
fails(code, "neither amount nor kind", facts(approved(CarePlan, 1, services=(GIFT, replace(GIFT, amount=None, kind=" ")))))
fails(code, "no provider", facts(approved(CarePlan, 1, services=(replace(GIFT, provider=" "),))))
fails(code, "no start", facts(approved(CarePlan, 1, services=(replace(GIFT, start=None),))))
fails(code, "no service", facts(approved(CarePlan, 1, services=())))
fails(code, "not approved", facts(record(CarePlan, 1)))
fails(code, "nothing filed", facts())

code = "family_agreement_signed"
CHILD_PARTY, PARENT = Party("child", "Siti"), Party("parent", "Ani")
UNSIGNED = Party("child", "Siti", signed="no", unsigned_because="belum bisa menulis")
holds(code, "child and parent", facts(record(CareAgreement, 1, kind="family", parties=(CHILD_PARTY, PARENT))))
holds(code, "child and guardian", facts(record(CareAgreement, 1, kind="family", parties=(CHILD_PARTY, Party("guardian", "Umi")))))
holds(code, "a young child as a party", facts(record(CareAgreement, 1, kind="family", parties=(UNSIGNED, PARENT)), child=YOUNG))
fails(code, "a child of ten that did not sign", facts(record(CareAgreement, 1, kind="family", parties=(UNSIGNED, PARENT))))
fails(code, "a young child left out", facts(record(CareAgreement, 1, kind="family", parties=(PARENT,)), child=YOUNG))
fails(code, "without a parent", facts(record(CareAgreement, 1, kind="family", parties=(CHILD_PARTY, Party("dinas", "Dinas")))))
fails(
    code,
    "the parent did not sign",
    facts(record(CareAgreement, 1, kind="family", parties=(CHILD_PARTY, Party("parent", "Ani", signed="no")))),
)
fails(code, "an agreement with a carer", facts(record(CareAgreement, 1, parties=(CHILD_PARTY, PARENT))))
fails(code, "nothing filed", facts())

code = "reason_not_poverty_alone"
holds(code, "neglect", facts(approved(CarePlan, 1)))
holds(code, "neglect and poverty", facts(approved(CarePlan, 1, separation_reason_codes=("economic_hardship", "neglect"))))
fails(code, "poverty and schooling", facts(approved(CarePlan, 1, separation_reason_codes=("economic_hardship", "access_to_schooling"))))
fails(code, "no reason", facts(approved(CarePlan, 1, separation_reason_codes=())))
fails(code, "not approved", facts(record(CarePlan, 1)))

code = "sibling_unity_considered"
FAMILY_DATA = record(PersonalData, 5, siblings=(Sibling("Adi", "rumah nenek"),))
holds(code, "no siblings", facts(record(CarePlan, 180), record(PersonalData, 5)))
holds(code, "no siblings, before F02", facts(record(CarePlan, 1)))
holds(code, "together", facts(record(CarePlan, 1, sibling_decision="together"), FAMILY_DATA))
holds(code, "apart, with a reason", facts(record(CarePlan, 1, sibling_decision="apart", siblings_apart_because="bahaya"), FAMILY_DATA))
holds(code, "an emergency plan decides it", facts(record(CarePlan, 1, kind="emergency", sibling_decision="together"), FAMILY_DATA))
fails(code, "apart without a reason", facts(record(CarePlan, 1, sibling_decision="apart", siblings_apart_because=" ")))
fails(code, "a sibling is forgotten", facts(record(CarePlan, 1), FAMILY_DATA))
fails(code, "181 days old", facts(record(CarePlan, 181)))
fails(code, "only a reintegration plan", facts(record(CarePlan, 1, kind="reintegration", sibling_decision="together")))
fails(code, "no plan", facts(record(PersonalData, 1)))

code = "review_fresh_90_days"
holds(code, "endorsed, 90 days old", facts(approved(ProgressReport, 90)))
fails(code, "91 days old", facts(approved(ProgressReport, 91)))
fails(code, "only submitted", facts(record(ProgressReport, 1)))
fails(code, "endorsed by its author", facts(approved(ProgressReport, 1, header={"countersigned_by": WORKER})))
fails(code, "a newer one waits", facts(approved(ProgressReport, 30), record(ProgressReport, 1)))
fails(code, "nothing filed", facts())

STARTED: dict[str, Any] = {"entered_at": ago(2), "state": "emergency_care"}
for code in ("danger_not_confirmed", "present_place_safe"):
    holds(code, "a clear screen since", facts(record(InitialAssessment, 2), about=STARTED))
    fails(
        code,
        "a violent screen since",
        facts(record(InitialAssessment, 2), record(InitialAssessment, 1, safety_screen=VIOLENT), about=STARTED),
    )
    fails(code, "a screen of before", facts(record(InitialAssessment, 3), about=STARTED))
    fails(code, "nothing filed", facts(about=STARTED))
holds("danger_not_confirmed", "ratification rejected", facts(about={**STARTED, "ratification_rejected": True}))

code = "no_open_safeguarding_incident_against_home"
ABUSE = record(Incident, 3, type="physical", subject_household=HOME)
holds(code, "none", facts())
holds(code, "closed", facts(record(Incident, 3, type="physical", subject_household=HOME, closed="yes")))
holds(code, "against a host", facts(record(Incident, 3, type="physical", subject_household=LKSA.id)))
fails(code, "open", facts(ABUSE))
fails(code, "open since an earlier round", facts(ABUSE, about={"round": 2}))

code = "exit_plan_recorded"
EXIT: dict[str, Any] = {"kind": "emergency", "exit_plan": "ke paman"}
holds(code, "in this emergency", facts(record(CarePlan, 2, **EXIT), about=STARTED))
fails(code, "of before", facts(record(CarePlan, 3, **EXIT), about=STARTED))
fails(code, "a care plan", facts(record(CarePlan, 1, kind="care", exit_plan="ke paman"), about=STARTED))
fails(code, "without an exit", facts(record(CarePlan, 1, kind="emergency", exit_plan=" "), about=STARTED))

code = "child_view_recorded"
KIN: dict[str, Any] = {"trigger": "place_with_kin", "subject": to(relative=UNCLE.id)}
ON_UNCLE = (OptionView("kin", "mau", "yes", UNCLE.id),)
holds(code, "on this uncle, 30 days ago", facts(record(ChildView, 30, options=ON_UNCLE), **KIN))
holds(code, "against this uncle: heard is heard", facts(record(ChildView, 1, options=(OptionView("kin", "takut", "no", UNCLE.id),)), **KIN))
holds(code, "on anything, for a step that proposes nothing", facts(record(ChildView, 1), trigger="begin_planning"))
holds(code, "with a later view on something else", facts(record(ChildView, 3, options=ON_UNCLE), record(ChildView, 1, options=()), **KIN))
fails(code, "31 days ago", facts(record(ChildView, 31, options=ON_UNCLE), **KIN))
fails(code, "on somebody else", facts(record(ChildView, 1, options=(OptionView("kin", "mau", "yes", "kin-aunt"),)), **KIN))
fails(code, "on nobody in particular", facts(record(ChildView, 1), **KIN))
fails(code, "on no option", facts(record(ChildView, 1, options=()), trigger="begin_planning"))
fails(code, "a return interview", facts(record(ChildView, 1, kind="return", options=ON_UNCLE), **KIN))
fails(code, "of the round before", facts(record(ChildView, 1, options=ON_UNCLE), about={"round": 2}, **KIN))
fails(code, "nothing filed", facts(**KIN))
holds(code, "under three", facts(record(ChildView, 1, asked="no", not_asked_because="under_three"), child=TODDLER, **KIN))
holds(
    code,
    "a day before the third birthday",
    facts(record(ChildView, 1, asked="no", not_asked_because="under_three"), child=Child("c", date(2022, 6, 11), "day", "islam"), **KIN),
)
fails(
    code,
    "on the third birthday",
    facts(record(ChildView, 1, asked="no", not_asked_because="under_three"), child=Child("c", date(2022, 6, 10), "day", "islam"), **KIN),
)
fails(
    code,
    "perhaps three already: only the year is known",
    facts(record(ChildView, 1, asked="no", not_asked_because="under_three"), child=Child("c", date(2022, 12, 1), "year", "islam"), **KIN),
)
fails(code, "called under three at ten", facts(record(ChildView, 1, asked="no", not_asked_because="under_three"), **KIN))
fails(
    code,
    "called under three, of unknown age",
    facts(record(ChildView, 1, asked="no", not_asked_because="under_three"), child=Child("c", None, "unknown", "islam"), **KIN),
)
holds(code, "unconscious", facts(record(ChildView, 1, asked="no", not_asked_because="unconscious"), **KIN))
holds(code, "unsafe to ask", facts(record(ChildView, 1, asked="no", not_asked_because="unsafe"), **KIN))
fails(code, "not asked for no reason", facts(record(ChildView, 1, asked="no", not_asked_because=""), **KIN))
for _trigger in sorted(CLOSING):
    fails(code, f"unsafe to ask at {_trigger}", facts(record(ChildView, 1, asked="no", not_asked_because="unsafe"), trigger=_trigger))
for _trigger, _setting in PROPOSED.items():
    holds(code, f"{_trigger}: on {_setting}", facts(record(ChildView, 1, options=(OptionView(_setting, "x", "yes"),)), trigger=_trigger))
    fails(
        code,
        f"{_trigger}: on something else",
        facts(record(ChildView, 1, options=(OptionView("independent", "x", "yes"),)), trigger=_trigger),
    )

code = "child_seen_alone"
for _state in ("emergency_care", "missing"):
    holds(code, f"on a visit in {_state}", facts(record(Monitoring, 2), about={"state": _state, "entered_at": ago(2)}))
    holds(code, f"at the assessment in {_state}", facts(record(InitialAssessment, 2), about={"state": _state, "entered_at": ago(2)}))
    fails(
        code, f"before {_state}", facts(record(Monitoring, 3), record(InitialAssessment, 3), about={"state": _state, "entered_at": ago(2)})
    )
TRIAL: dict[str, Any] = {"state": "trial_home_stay", "entered_at": ago(20)}
holds(code, "during the trial", facts(record(Monitoring, 5), about=TRIAL))
fails(code, "before the trial", facts(record(Monitoring, 21), about=TRIAL))
fails(code, "in a trial, at an assessment", facts(record(InitialAssessment, 5), about=TRIAL))
fails(code, "not alone", facts(record(Monitoring, 5, seen_alone="no"), about=TRIAL))
fails(code, "by a TKSK", facts(record(Monitoring, 5, header={"author_role": "tksk"}), about=TRIAL))
fails(code, "not alone at the assessment", facts(record(InitialAssessment, 5, seen_alone="no")))
holds(code, "in this round", facts(record(InitialAssessment, 39)))
fails(code, "before this round began", facts(record(InitialAssessment, 41)))

BORN_18_TODAY, BORN_18_TOMORROW = date(2007, 6, 10), date(2007, 6, 11)
for _name, _born, _precision, _adult in (
    ("18 today", BORN_18_TODAY, "day", True),
    ("18 tomorrow", BORN_18_TOMORROW, "day", False),
    ("some day this month, 18 years ago", date(2007, 6, 1), "month", False),
    ("some day last month, 18 years ago", date(2007, 5, 31), "month", True),
    ("some day of February, 18 years ago", date(2007, 2, 1), "month", True),
    ("some day of the year 18 years ago", date(2007, 1, 1), "year", False),
    ("some day of the year 19 years ago", date(2006, 12, 31), "year", True),
    ("of unknown birth", None, "unknown", False),
    ("no date, whatever its precision", None, "year", False),
    ("a date that is a guess", date(1990, 1, 1), "unknown", False),
    ("10 years old", CHILD.born, "day", False),
):
    _facts = facts(child=Child("c", _born, _precision, "islam"))  # type: ignore[arg-type]
    (holds if _adult else fails)("age_18_or_over", _name, _facts)
    (fails if _adult else holds)("child_under_18", _name, _facts)

LEAP = Child("c", date(2008, 2, 29), "day", "islam")
fails("age_18_or_over", "born on 29 February, on 28 February", facts(child=LEAP, now=datetime(2026, 2, 28, 4, tzinfo=UTC)))
holds("age_18_or_over", "born on 29 February, on 1 March", facts(child=LEAP, now=datetime(2026, 3, 1, 4, tzinfo=UTC)))
holds("age_18_or_over", "18 in Tenggarong, not yet in London", facts(child=LEAP, now=datetime(2026, 2, 28, 16, tzinfo=UTC)))

code = "child_consent_if_capable"
AGREES = record(ChildView, 30, consents="yes")
holds(code, "agrees", facts(AGREES))
holds(code, "a child of seven", facts(child=YOUNG))
holds(code, "ten tomorrow", facts(child=Child("c", date(2015, 6, 11), "day", "islam")))
fails(code, "ten today, not asked", facts(child=Child("c", date(2015, 6, 10), "day", "islam")))
fails(code, "perhaps ten this month", facts(child=Child("c", date(2015, 6, 25), "month", "islam")))
fails(code, "of unknown age, not asked", facts(child=Child("c", None, "unknown", "islam")))
fails(code, "declines", facts(record(ChildView, 1, consents="no")))
fails(code, "agreed 31 days ago", facts(record(ChildView, 31, consents="yes")))
fails(code, "agreed, then declined", facts(record(ChildView, 5, consents="yes"), record(ChildView, 1, consents="no")))
holds(code, "agreed before a return interview", facts(record(ChildView, 5, consents="yes"), record(ChildView, 1, kind="return")))
