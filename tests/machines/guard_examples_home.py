"""Examples of the guards in guards/homecoming.py and guards/missing.py."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from casework.machines.facts import Child, Facts
from casework.machines.forms import (
    HOME,
    CarePlan,
    CaseConference,
    ChildView,
    ContactVisit,
    Incident,
    InitialAssessment,
    Monitoring,
    Reunification,
    SafetyScreen,
)
from tests.machines.builders import LKSA, ago, facts, placement, record
from tests.machines.guard_book import Book
from tests.machines.samples import NOW, sign

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails

YOUNG = Child("c", date(2018, 1, 1), "day", "islam")
TRIAL: dict[str, Any] = {"state": "trial_home_stay", "entered_at": ago(14)}


def ready(**changes: Any) -> Facts:
    return facts(record(Reunification, 2, **changes))


code = "reunification_ready"
VISIT = ContactVisit(date(2025, 5, 1), "visit", "hangat")
holds(code, "everything is positive", ready())
holds(code, "in trial", facts(record(Reunification, 2, decision="trial"), about=TRIAL))
holds(code, "violence, with a safety plan", ready(violence_in_family="yes", safety_plan="paman mengawasi"))
holds(code, "the child objects and a conference was held", facts(record(Reunification, 2, child_agrees="no"), record(CaseConference, 40)))
fails(code, "in trial, but not yet", ready(decision="trial"))
fails(code, "preparing, during a trial", facts(record(Reunification, 2, decision="preparing"), about=TRIAL))
holds(code, "no violence was screened", facts(record(Reunification, 2), record(InitialAssessment, 90)))
fails(code, "stopped since", facts(record(Reunification, 5), record(Reunification, 1, decision="stopped")))
for _part in ("family_readiness", "child_readiness", "community_readiness"):
    fails(code, f"{_part} is not assessed", ready(**{_part: "not_assessed"}))
fails(code, "no funds", ready(support_funded="no"))
fails(code, "one contact visit", ready(contact_visits=(VISIT,)))
fails(code, "two contact visits on one day", ready(contact_visits=(VISIT, replace(VISIT, how="call"))))
fails(code, "the child was not heard", ready(child_view=" "))
fails(code, "violence without a safety plan", ready(violence_in_family="yes"))
fails(
    code,
    "violence was screened in an earlier round",
    facts(record(Reunification, 2), record(InitialAssessment, 90, safety_screen=SafetyScreen("yes", "no", "no"), header={"round": 0})),
)
fails(code, "the child objects", ready(child_agrees="no"))
fails(
    code,
    "the child objects and the conference was of before",
    facts(record(Reunification, 2, child_agrees="no"), record(CaseConference, 41)),
)
fails(code, "nothing filed", facts())

code = "reunification_plan_signed"
holds(code, "by all", ready())
holds(code, "by a guardian", ready(signatures=sign("child", "guardian", "social_worker")))
holds(code, "a child of seven need not", facts(record(Reunification, 2, signatures=sign("parent", "social_worker")), child=YOUNG))
fails(code, "without the child", ready(signatures=sign("parent", "social_worker")))
fails(code, "without a parent", ready(signatures=sign("child", "social_worker")))
fails(code, "without the worker", ready(signatures=sign("child", "parent")))
fails(code, "without a plan", ready(trial_plan=" "))
fails(code, "nothing filed", facts())

code = "reintegration_plan_signed"
ALL = sign("child", "parent", "social_worker")
holds(code, "180 days old", facts(record(CarePlan, 180, kind="reintegration", signatures=ALL)))
fails(code, "181 days old", facts(record(CarePlan, 181, kind="reintegration", signatures=ALL)))
fails(code, "a care plan", facts(record(CarePlan, 1, signatures=ALL)))
fails(code, "not signed by a parent", facts(record(CarePlan, 1, kind="reintegration", signatures=sign("child", "social_worker"))))
fails(code, "nothing filed", facts())

holds("trial_min_days", "14 days", facts(about=TRIAL))
fails("trial_min_days", "13 days", facts(about={**TRIAL, "entered_at": ago(13)}))

code = "trial_visits_done"
holds(code, "two", facts(record(Monitoring, 14), record(Monitoring, 2), about=TRIAL))
fails(code, "one", facts(record(Monitoring, 2), about=TRIAL))
fails(code, "two on one day", facts(record(Monitoring, 2), record(Monitoring, 2), about=TRIAL))
fails(code, "one of before", facts(record(Monitoring, 15), record(Monitoring, 2), about=TRIAL))

code = "trial_failure_recorded"
FAILED: dict[str, Any] = {"trial_result": "failed", "trial_failed_because": "ayah tiri kambuh", "decision": "trial"}
holds(code, "failed, and why", facts(record(Reunification, 14, **FAILED), about=TRIAL))
fails(code, "without a reason", facts(record(Reunification, 1, **{**FAILED, "trial_failed_because": " "}), about=TRIAL))
fails(code, "it succeeded", facts(record(Reunification, 1, **{**FAILED, "trial_result": "succeeded"}), about=TRIAL))
fails(code, "an earlier trial failed", facts(record(Reunification, 15, **FAILED), about=TRIAL))

code = "monitoring_min_days"
VIOLENT = record(InitialAssessment, 400, safety_screen=SafetyScreen("yes", "no", "no"), header={"round": 0})
for _state, _days in (("family_care", 90), ("kinship_care", 180), ("guardianship", 180), ("reintegration", 180)):
    holds(code, f"{_state} for {_days} days", facts(about={"state": _state, "entered_at": ago(_days)}))
    fails(code, f"{_state} for {_days - 1} days", facts(about={"state": _state, "entered_at": ago(_days - 1)}))
RETURNED: dict[str, Any] = {"state": "reintegration", "entered_at": ago(365)}
HALF: dict[str, Any] = {"state": "reintegration", "entered_at": ago(364)}
LONG = placement(status="ended", started_at=ago(365 + 731), ended_at=ago(365))
holds(code, "365 days after violence", facts(VIOLENT, about=RETURNED))
fails(code, "364 days after violence", facts(VIOLENT, about=HALF))
for _type in ("physical", "sexual", "psychological"):
    fails(code, f"364 days after a {_type} incident", facts(record(Incident, 400, type=_type, header={"round": 0}), about=HALF))
holds(code, "180 days after another incident", facts(record(Incident, 400, type="missing"), about={**HALF, "entered_at": ago(180)}))
holds(code, "365 days after 731 days in care", facts(about=RETURNED, placements=(LONG,)))
fails(code, "364 days after 731 days in care", facts(about=HALF, placements=(LONG,)))
holds(
    code,
    "180 days after 730 days in care",
    facts(about={**HALF, "entered_at": ago(180)}, placements=(replace(LONG, started_at=ago(365 + 730)),)),
)
fails(
    code,
    "180 days, more than two years in two placements",
    facts(
        about={**HALF, "entered_at": ago(180)},
        placements=(replace(LONG, started_at=ago(365 + 400)), placement(status="ended", started_at=ago(1200), ended_at=ago(800))),
    ),
)
fails(
    code,
    "a placement that still runs counts until now",
    facts(about={**HALF, "entered_at": ago(200)}, placements=(placement(started_at=ago(731)),)),
)
holds(code, "kin: violence does not lengthen it", facts(VIOLENT, about={"state": "kinship_care", "entered_at": ago(180)}))


def visited(*days: float, entered: float = 100, state: str = "family_care", unsafe: tuple[float, ...] = (), now: Any = NOW) -> Facts:
    """Return facts with visits these many days after the state began."""
    visits = [record(Monitoring, entered - day, safety="unclear" if day in unsafe else "safe") for day in days]
    return facts(*visits, about={"state": state, "entered_at": ago(entered)}, now=now)


code = "monitoring_visits_done"
holds(code, "as scheduled", visited(3, 14, 30, 60, 90))
holds(code, "the first at once, the others a day late", visited(0, 15, 31, 61, 91))
holds(code, "more than scheduled", visited(3, 5, 14, 20, 30, 60, 90))
holds(code, "one more after the last", visited(3, 14, 30, 60, 90, 95))
holds(code, "unsafe long ago", visited(3, 14, 30, 60, 90, unsafe=(3, 14, 30)))
fails(code, "one left out", visited(3, 14, 30, 60))
fails(code, "bunched ahead", visited(1, 2, 3, 4, 5, 6, 7))
fails(code, "the second on the day of the first", visited(3, 3, 30, 60, 90))
fails(code, "the last unsafe", visited(3, 14, 30, 60, 90, unsafe=(90,)))
fails(code, "the last but one unsafe", visited(3, 14, 30, 60, 90, unsafe=(60,)))
fails(code, "none", visited())
fails(code, "visits of before", visited(-9, -5, -3, -2, -1, 95))
holds(code, "180 days in reintegration", visited(3, 14, 30, 60, 90, 180, entered=190, state="reintegration"))
fails(code, "only 90 days in reintegration", visited(3, 14, 30, 60, 90, entered=190, state="reintegration"))
SHORT = replace(visited(3, 3.1, entered=10), params=replace(facts().params, monitoring_visit_days=(3,)))
holds(code, "two safe visits where one is scheduled", SHORT)
fails(code, "one safe visit where one is scheduled", replace(visited(3, entered=10), params=SHORT.params))

MISSING: dict[str, Any] = {"state": "missing", "entered_at": ago(5), "missing_since": ago(5)}
code = "last_seen_recorded"
holds(code, "at the market", facts(record(Incident, 1)))
holds(code, "seen this very moment", facts(record(Incident, 0, happened_at=NOW)))
fails(code, "nowhere", facts(record(Incident, 1, place=" ")))
fails(code, "in the future", facts(record(Incident, 1, happened_at=ago(-1))))
fails(code, "found already", facts(record(Incident, 1, found_at=ago(0), found_by="RT")))
fails(code, "another incident", facts(record(Incident, 1, type="neglect")))
fails(code, "nothing filed", facts())

code = "child_found"
FOUND: dict[str, Any] = {"found_at": ago(1), "found_by": "polisi"}
holds(code, "by the police", facts(record(Incident, 1, **FOUND), about=MISSING))
holds(code, "at the moment of the report", facts(record(Incident, 1, **{**FOUND, "found_at": ago(5)}), about=MISSING))
holds(code, "this very moment", facts(record(Incident, 0, **{**FOUND, "found_at": NOW}), about=MISSING))
fails(code, "by nobody", facts(record(Incident, 1, **{**FOUND, "found_by": " "}), about=MISSING))
fails(code, "before it went missing", facts(record(Incident, 1, **{**FOUND, "found_at": ago(6)}), about=MISSING))
fails(code, "in the future", facts(record(Incident, 1, **{**FOUND, "found_at": ago(-1)}), about=MISSING))
fails(code, "not yet", facts(record(Incident, 1), about=MISSING))
fails(code, "by somebody, nobody knows when", facts(record(Incident, 1, found_by="RT"), about=MISSING))
fails(code, "not missing", facts(record(Incident, 1, **FOUND)))
fails(code, "nothing filed", facts(about=MISSING))

code = "return_interview_done"
INTERVIEW: dict[str, Any] = {"kind": "return", "options": ()}
holds(code, "by the worker", facts(record(ChildView, 5, **INTERVIEW), about=MISSING))
for _role in ("lksa_head", "lksa_staff"):
    fails(code, f"by {_role}", facts(record(ChildView, 1, header={"author_role": _role}, **INTERVIEW), about=MISSING))
fails(code, "of an earlier disappearance", facts(record(ChildView, 6, **INTERVIEW), about=MISSING))
fails(code, "not asked", facts(record(ChildView, 1, asked="no", **INTERVIEW), about=MISSING))
fails(code, "a view on something else", facts(record(ChildView, 1), about=MISSING))

code = "return_interview_outstanding"
holds(code, "nobody asked", facts(about=MISSING))
holds(code, "the house asked", facts(record(ChildView, 1, header={"author_role": "lksa_head"}, **INTERVIEW), about=MISSING))
fails(code, "held by the worker", facts(record(ChildView, 5, **INTERVIEW), about=MISSING))

code = "previous_setting_safe"
SAFE = record(Incident, 1, setting_safe="yes")
HELD = (placement(status="reserved"),)
holds(code, "by the report", facts(SAFE, about=MISSING, placements=HELD))
holds(code, "by a visit", facts(record(Monitoring, 5), about=MISSING, placements=HELD))
fails(code, "not examined", facts(record(Incident, 1), about=MISSING, placements=HELD))
fails(
    code, "a visit found it unclear", facts(record(Monitoring, 3), record(Monitoring, 1, safety="unclear"), about=MISSING, placements=HELD)
)
fails(code, "a visit of before", facts(record(Monitoring, 6), about=MISSING, placements=HELD))
fails(
    code,
    "an open incident against it",
    facts(SAFE, record(Incident, 2, type="physical", subject_household=LKSA.id), about=MISSING, placements=HELD),
)
fails(code, "an open incident against home", facts(SAFE, record(Incident, 2, type="physical", subject_household=HOME), about=MISSING))
holds(
    code,
    "a closed incident",
    facts(SAFE, record(Incident, 2, type="physical", subject_household=LKSA.id, closed="yes"), about=MISSING, placements=HELD),
)
holds(
    code,
    "an incident somewhere else",
    facts(SAFE, record(Incident, 2, type="physical", subject_household="host-x"), about=MISSING, placements=HELD),
)

holds("missing_365_days", "365", facts(about={"missing_since": ago(365)}))
fails("missing_365_days", "364", facts(about={"missing_since": ago(364)}))
fails("missing_365_days", "not missing", facts())
holds("missing_within_30_days", "30", facts(about={"missing_since": ago(30)}))
fails("missing_within_30_days", "31", facts(about={"missing_since": ago(31)}))
fails("missing_within_30_days", "not missing", facts())

code = "police_report_attached"
REPORTED: dict[str, Any] = {"police_reported_at": ago(4), "police_reference": "LP/12/2025"}
holds(code, "with its number", facts(record(Incident, 1, **REPORTED)))
fails(code, "without its number", facts(record(Incident, 1, **{**REPORTED, "police_reference": " "})))
fails(code, "without its time", facts(record(Incident, 1, **{**REPORTED, "police_reported_at": None})))
fails(code, "of another incident", facts(record(Incident, 1, type="physical", **REPORTED)))
fails(code, "nothing filed", facts())

holds("incident_opened", "of death", facts(record(Incident, 1, type="death")))
fails("incident_opened", "another", facts(record(Incident, 1)))
fails("incident_opened", "of the round before", facts(record(Incident, 1, type="death"), about={"round": 2}))
