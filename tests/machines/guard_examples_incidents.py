"""Examples of the guards in guards/incidents.py and guards/episodes.py."""

from typing import Any

from msgspec.structs import replace

from casework.machines.facts import Facts, Filed, Process
from casework.machines.forms import AdmissionMinutes, ChildView, Incident, InitialAssessment, Monitoring, Referral
from tests.machines.builders import COLLEAGUE, LKSA, LKSA_HEAD, WORKER, ago, facts, placement, record
from tests.machines.guard_book import Book
from tests.machines.samples import NOW

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails


def about(of: Filed[Any] | None, *records: Filed[Any], state: str = "investigating", host: str = LKSA.id, **changes: Any) -> Facts:
    """An incident that a colleague reported five days ago, about a house."""
    process = Process("p-1", "incident", 1, state, ago(5), ago(1), case_id="case-1", host_id=host, record=of, by=(COLLEAGUE, WORKER))
    return facts(*records, **{"process": process, **changes})


def incident(**changes: Any) -> Filed[Incident]:
    return record(Incident, 2, **{"type": "physical", "subject_household": LKSA.id, **changes})


NOT_AN_INCIDENT = record(Monitoring)
NOTHING = about(None)
ELSEWHERE = about(NOT_AN_INCIDENT)
NO_PROCESS = facts(incident())


def needs_an_incident(code: str) -> None:
    for name, without in {"no form": NOTHING, "another form": ELSEWHERE, "no process": NO_PROCESS}.items():
        fails(code, name, without)


code = "child_in_danger"
needs_an_incident(code)
holds(code, "said so", about(incident(child_in_danger="yes")))
holds(code, "missing", about(incident(type="missing")))
fails(code, "not said", about(incident()))

code = "police_must_know"
needs_an_incident(code)
holds(code, "said so", about(incident(crime="yes")))
for _type in ("sexual", "exploitation"):
    holds(code, f"{_type}, whatever is said", about(incident(type=_type, crime="no")))
holds(code, "a child is missing", about(incident(type="missing")))
fails(code, "the child was found", about(incident(type="missing", found_at=ago(1), found_by="Maya")))
fails(code, "not said", about(incident()))

code = "death"
needs_an_incident(code)
holds(code, "a death", about(incident(type="death")))
fails(code, "a blow", about(incident()))

code = "child_lives"
needs_an_incident(code)
holds(code, "a blow", about(incident()))
fails(code, "a death", about(incident(type="death")))

code = "harm_in_a_house"
needs_an_incident(code)
for _type in ("physical", "sexual", "psychological", "neglect", "exploitation", "recruitment", "unlicensed_care", "death"):
    holds(code, _type, about(incident(type=_type)))
for _type in ("missing", "host_lost", "other"):
    fails(code, _type, about(incident(type=_type)))
holds(code, "another crime", about(incident(type="other", crime="yes")))
fails(code, "at home", about(incident(), host=""))

code = "not_of_the_house"
holds(code, "from the office", about(incident(), persons_of_host=frozenset({LKSA_HEAD})))
fails(code, "of the house", about(incident(), persons_of_host=frozenset({LKSA_HEAD, WORKER})))

code = "investigator_independent"
holds(code, "from the office, reported by a colleague", about(incident(), persons_of_host=frozenset({LKSA_HEAD})))
fails(code, "of the house", about(incident(), persons_of_host=frozenset({WORKER})), "You belong to the house concerned.")
_own = about(incident())
assert _own.process is not None
fails(code, "who reported it", replace(_own, process=replace(_own.process, by=(WORKER, COLLEAGUE))), "You reported this incident.")
fails(code, "no process", NO_PROCESS, "You reported this incident.")

code = "dinas_reported"
DINAS: dict[str, Any] = {"reported_to_dinas_at": ago(1), "dinas_reference": "D-1"}
needs_an_incident(code)
holds(code, "with its number", about(incident(**DINAS)))
holds(code, "this very moment", about(incident(**{**DINAS, "reported_to_dinas_at": NOW})))
fails(code, "tomorrow", about(incident(**{**DINAS, "reported_to_dinas_at": ago(-1)})))
fails(code, "without its time", about(incident(dinas_reference="D-1")))
fails(code, "without its number", about(incident(**{**DINAS, "dinas_reference": " "})))

code = "crime_reported"
POLICE: dict[str, Any] = {"police_reported_at": ago(1), "police_reference": "LP-1"}
MINISTRY: dict[str, Any] = {"ministry_reported_at": ago(1), "ministry_reference": "K-1"}
needs_an_incident(code)
holds(code, "no crime", about(incident()))
holds(code, "the police search", about(incident(type="missing", **POLICE)))
holds(code, "found before the police was told", about(incident(type="missing", found_at=ago(1), found_by="Maya")))
fails(code, "nobody searches", about(incident(type="missing")), "The report to the police is not complete.")
holds(code, "both were told", about(incident(crime="yes", **POLICE, **MINISTRY)))
fails(code, "the police were not", about(incident(crime="yes", **MINISTRY)), "The report to the police is not complete.")
fails(code, "the ministry was not", about(incident(crime="yes", **POLICE)), "The report to the ministry is not complete.")
fails(code, "the ministry's number is missing", about(incident(crime="yes", **POLICE, ministry_reported_at=ago(1))))
fails(code, "a crime by its type", about(incident(type="sexual")), "The report to the police is not complete.")

code = "child_seen_since_report"
needs_an_incident(code)
fails(code, "a form, but no process", facts(incident(), record(Monitoring, 1)))
fails(code, "by nobody", about(incident()))
holds(code, "on a visit", about(incident(), record(Monitoring, 1)))
holds(code, "on the day it was reported", about(incident(), record(Monitoring, 5)))
holds(code, "this very moment", about(incident(), record(Monitoring)))
holds(code, "in an assessment", about(incident(), record(InitialAssessment, 1)))
holds(code, "in a talk", about(incident(), record(ChildView, 1)))
holds(code, "in the round before", about(incident(), record(Monitoring, 1, header={"round": 0})))
fails(code, "before the report", about(incident(), record(Monitoring, 5.01)))
fails(code, "tomorrow", about(incident(), record(Monitoring, -1)))
fails(code, "by the house", about(incident(), record(Monitoring, 1, header={"author_role": "lksa_head"})))
fails(code, "with others there", about(incident(), record(Monitoring, 1, seen_alone="no"), record(InitialAssessment, 1, seen_alone="no")))
fails(code, "talked to with others there", about(incident(), record(ChildView, 1, alone="no")))
fails(code, "not asked", about(incident(), record(ChildView, 1, asked="no", not_asked_because="unsafe")))
fails(code, "another form", about(incident(), record(Referral, 1)))
holds(code, "a child who died", about(incident(type="death")))
holds(code, "a child who is missing", about(incident(type="missing")))
fails(code, "a child who was found", about(incident(type="missing", found_at=ago(1), found_by="RT")))
fails(code, "another child who was not found", about(incident(found_at=None)))

for _state in ("substantiated", "unsubstantiated", "inconclusive"):
    code = f"found_{_state}"
    needs_an_incident(code)
    holds(code, "with what it rests on", about(incident(finding=_state, investigation="tiga saksi")))
    fails(code, "with nothing to rest on", about(incident(finding=_state, investigation=" ")))
    fails(code, "nothing found", about(incident(investigation="tiga saksi")))
    for _other in sorted({"substantiated", "unsubstantiated", "inconclusive"} - {_state}):
        fails(code, f"but {_other}", about(incident(finding=_other, investigation="tiga saksi")))

code = "sanction_recorded"
needs_an_incident(code)
holds(code, "a warning", about(incident(sanction="peringatan tertulis")))
fails(code, "none", about(incident(sanction=" ")))

code = "nobody_to_sanction"
needs_an_incident(code)
holds(code, "no staff accused", about(incident()))
fails(code, "one of the staff", about(incident(accused_staff=("staff-1",))))

code = "closing_recorded"
needs_an_incident(code)
SHUT: dict[str, Any] = {"closed": "yes", **DINAS}
for _state, _finding in {
    "substantiated": "substantiated",
    "sanctioned": "substantiated",
    "unsubstantiated": "unsubstantiated",
    "inconclusive": "inconclusive",
}.items():
    holds(code, _state, about(incident(finding=_finding, **SHUT), state=_state))
    fails(code, f"{_state}, not closed", about(incident(finding=_finding), state=_state))
fails(code, "another finding than the process stands at", about(incident(finding="unsubstantiated", **SHUT), state="substantiated"))
fails(code, "still under investigation", about(incident(finding="", **SHUT), state="investigating"))

code = "minutes_name_this_host"
PLACED = placement(status="unconfirmed", started_at=ago(1))
WAITING = Process(PLACED.id, "placement", 1, "unconfirmed", ago(2), ago(1), case_id="case-1", host_id=LKSA.id)
HERE: dict[str, Any] = {"placements": (placement("kin", None, relative="kin-x", status="ended"), PLACED), "process": WAITING}
holds(code, "signed today", facts(record(AdmissionMinutes), **HERE))
holds(code, "signed as it began", facts(record(AdmissionMinutes, 1), **HERE))
fails(code, "not signed", facts(**HERE))
fails(code, "of an earlier stay", facts(record(AdmissionMinutes, 2), **HERE))
fails(code, "of another house", facts(record(AdmissionMinutes, host="host-other"), **HERE))
fails(code, "replaced by another house's", facts(record(AdmissionMinutes, 0.5), record(AdmissionMinutes, host="host-other"), **HERE))
fails(code, "no such placement", facts(record(AdmissionMinutes), process=replace(WAITING, id="other"), placements=(PLACED,)))
fails(code, "no process", facts(record(AdmissionMinutes), placements=(PLACED,)))
