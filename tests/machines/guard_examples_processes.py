"""Examples of the guards of processes beside the journey: guards/referring.py, reviewing.py, homeward.py, watching.py, papers.py."""

from datetime import date
from typing import Any, cast

import msgspec

from casework.machines.facts import Facts, Filed, Process, Receiver
from casework.machines.forms import (
    Acceptance,
    Attempt,
    ChildView,
    IdentityPaper,
    InitialAssessment,
    Monitoring,
    Parent,
    PersonalData,
    ProgressReport,
    Referral,
    Reunification,
)
from tests.machines.builders import ASK, CHILD, COLLEAGUE, LKSA_HEAD, PROVINCE, TODAY, WORKER, ago, document, facts, on, placement, record
from tests.machines.guard_book import Book

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails


def beside(machine: str, *records: Filed[Any], since: int = 30, **changes: Any) -> Facts:
    """Return facts about a process that began so many days ago and entered its state ten days ago. `process` changes it."""
    of: dict[str, Any] = {"id": "process-1", "machine": machine, "version": 1, "state": "s", "opened_at": ago(since), "entered_at": ago(10)}
    return facts(*records, process=Process(**{**of, "case_id": "case-1", **changes.pop("process", {})}), **changes)


def referred(header: dict[str, Any] | None = None, *records: Filed[Any], receiver: Receiver | None = PROVINCE, **changes: Any) -> Facts:
    """Return facts about a referral to the province, with its F13 as changed; `about` changes the facts around it."""
    around = changes.pop("about", {})
    return beside("referral", *records, process={"record": record(Referral, 2, header=header, **changes)}, receiver=receiver, **around)


NO_RECORD = beside("referral", receiver=PROVINCE)
SCHOOL = Receiver("body-school", "school")
YES = Acceptance("Kepala UPTD", TODAY, "menerima", letter="digest-9")
VERIFIED: dict[str, Any] = {"verified_by": COLLEAGUE}
OFFICER = msgspec.structs.replace(ASK, capacities=frozenset({"province_officer"}))

code = "recipient_registered"
holds(code, "the province", referred())
fails(code, "another body than the one named", referred(receiver=SCHOOL))
fails(code, "a body in no register", referred(receiver=None))
fails(code, "no F13", NO_RECORD)
fails(code, "no process", facts(receiver=PROVINCE))

code = "shared_data_listed"
holds(code, "one kind", referred(shared=("nama dan umur",)))
fails(code, "nothing is listed", referred())
fails(code, "no F13", NO_RECORD)

code = "recommended_to_the_province"
LETTER: dict[str, Any] = {"documents": (document("dinas_head_letter"),)}
holds(code, "to the province, with the letter", referred(about=LETTER))
holds(code, "to a school, without", referred(receiver=SCHOOL))
holds(code, "nobody known is asked", referred(receiver=None))
holds(code, "no F13, and no body", beside("referral"))
fails(code, "to the province, without", referred())
fails(code, "to its unit, without", referred(receiver=Receiver("body-uptd", "uptd")))
fails(code, "into an institution elsewhere, without", referred(receiver=SCHOOL, onward_setting="institution"))
fails(code, "a letter that nobody compared", referred(about={"documents": (document("dinas_head_letter", compared_by=None),)}))

code = "accepted_by_the_receiver"
holds(code, "a letter that a colleague verified", referred(VERIFIED, acceptance=YES))
holds(code, "an F13 that the province wrote", referred({"author_role": "province_officer"}, acceptance=YES))
holds(code, "the province asks with its own account", referred(about={"ask": OFFICER}))
holds(code, "its own account, before the F13 is read", beside("referral", receiver=PROVINCE, ask=OFFICER))
holds(code, "the unit asks with its own account", referred(receiver=Receiver("body-uptd", "uptd"), about={"ask": OFFICER}))
fails(code, "the province's officer for a school", referred(receiver=SCHOOL, about={"ask": OFFICER}))
fails(code, "the province's officer for nobody", referred(receiver=None, about={"ask": OFFICER}))
fails(code, "a letter that nobody verified", referred(acceptance=YES))
fails(code, "a letter verified by its author", referred({"verified_by": WORKER}, acceptance=YES))
fails(code, "verified, but without an answer", referred(VERIFIED))
fails(code, "no F13", NO_RECORD)

code = "refusal_reasoned"
holds(code, "with the reason", referred(refusal_reason="penuh"))
fails(code, "blank", referred(refusal_reason=" "))
fails(code, "no F13", NO_RECORD)

code = "only_notifies"
holds(code, "nobody is asked", beside("referral", process={"record": record(Referral, 1, receiver="")}))
fails(code, "the province is asked", referred())
fails(code, "no F13", NO_RECORD)

code = "feedback_recorded"
holds(code, "recorded", referred(feedback="anak betah"))
fails(code, "blank", referred(feedback=" "))
fails(code, "no F13", NO_RECORD)

code = "referral_is_urgent"
holds(code, "urgent", referred(urgency="urgent"))
fails(code, "normal", referred())
fails(code, "no F13", NO_RECORD)


def reviewed(*records: Filed[Any], **changes: Any) -> Facts:
    """Return facts about a review that was scheduled on 11 May, thirty days ago."""
    return beside("periodic_review", *records, **changes)


code = "report_of_this_review"
holds(code, "of this period", reviewed(record(ProgressReport, 1)))
holds(code, "written and ending on the day it was scheduled", reviewed(record(ProgressReport, 30, period_to=on(30))))
fails(code, "written before", reviewed(record(ProgressReport, 31, period_to=TODAY)))
fails(code, "a correction of the last one", reviewed(record(ProgressReport, 1, period_to=on(31))))
fails(code, "an older one beside it", reviewed(record(ProgressReport, 5), record(ProgressReport, 1, period_to=on(31))))
fails(code, "nothing filed", reviewed())
fails(code, "no process", facts(record(ProgressReport, 1, period_to=TODAY)))

code = "child_seen_since_last_review"
holds(code, "a visit", reviewed(record(Monitoring, 30)))
holds(code, "its view", reviewed(record(ChildView, 3)))
holds(code, "an assessment", reviewed(record(InitialAssessment, 3)))
fails(code, "a visit before", reviewed(record(Monitoring, 31)))
fails(code, "by those who care for it", reviewed(record(Monitoring, 3, header={"author_role": "lksa_head"})))
fails(code, "nothing filed", reviewed())

code = "endorsed_by_another"
holds(code, "by the supervisor", reviewed(record(ProgressReport, 1, header={"countersigned_by": COLLEAGUE})))
fails(code, "by its author", reviewed(record(ProgressReport, 1, header={"countersigned_by": WORKER})))
fails(code, "by nobody", reviewed(record(ProgressReport, 1)))
fails(code, "nothing filed", reviewed())

code = "lives_in_an_institution"
holds(code, "admitted", reviewed(about={"state": "institutional_care"}))
holds(code, "undecided", reviewed(about={"state": "institution_unverified"}))
fails(code, "with kin", reviewed(about={"state": "kinship_care"}))

code = "not_reviewed_of_late"
ENDORSED = {"countersigned_by": COLLEAGUE}
holds(code, "endorsed a month and a day ago", reviewed(record(ProgressReport, 31, header=ENDORSED)))
holds(code, "not endorsed yet", reviewed(record(ProgressReport, 1)))
holds(code, "by its author", reviewed(record(ProgressReport, 1, header={"countersigned_by": WORKER})))
holds(code, "nothing filed", reviewed())
fails(code, "endorsed a month ago", reviewed(record(ProgressReport, 30, header=ENDORSED)))
fails(code, "a newer one waits", reviewed(record(ProgressReport, 9, header=ENDORSED), record(ProgressReport, 1)))

HERE: dict[str, Any] = {"placements": (placement("kin"),)}
code = "placed_and_not_reviewed_of_late"
holds(code, "with kin", reviewed(**HERE))
fails(code, "with kin, and a review was endorsed a month ago", reviewed(record(ProgressReport, 30, header=ENDORSED), **HERE))
fails(code, "home", reviewed())

HOME: dict[str, Any] = {"about": {"state": "family_care"}}
NEW_FAMILY: dict[str, Any] = {"placements": (placement("foster", started_at=ago(10)),)}
LITTLE: dict[str, Any] = {"child": msgspec.structs.replace(CHILD, born=date(2024, 1, 1))}
CHOICES: tuple[tuple[str, dict[str, Any], tuple[dict[str, Any], ...]], ...] = (
    ("next_review_as_usual", HERE, ({**HERE, **LITTLE}, NEW_FAMILY, {})),
    ("next_review_of_a_little_one", {**HERE, **LITTLE}, (HERE, NEW_FAMILY, LITTLE, {**HOME, **LITTLE})),
    ("next_review_of_a_new_foster_family", NEW_FAMILY, (HERE, {**HERE, **LITTLE}, {})),
)
for code, fitting, others in CHOICES:
    holds(code, "its own child", reviewed(**fitting))
    for _number, _other in enumerate(others):
        fails(code, f"another child ({_number})", reviewed(**_other))
holds("next_review_as_usual", "a little one of a family that is supported", reviewed(**HOME, **LITTLE))

code = "next_review_after_a_concern"
REPORTED = record(ProgressReport, 5)
WORRIES: tuple[dict[str, Any], ...] = ({"concern": "yes"}, {"safety": "unsafe"})
for _worry in WORRIES:
    holds(code, f"after the report {_worry}", reviewed(REPORTED, record(Monitoring, 4, **_worry), **HERE))
    fails(code, f"before the report {_worry}", reviewed(REPORTED, record(Monitoring, 6, **_worry), **HERE))
    fails(code, f"and a safe one since {_worry}", reviewed(REPORTED, record(Monitoring, 4, **_worry), record(Monitoring, 2), **HERE))
    fails("next_review_as_usual", f"after the report {_worry}", reviewed(REPORTED, record(Monitoring, 4, **_worry), **HERE))
holds(code, "with the report", reviewed(REPORTED, record(Monitoring, 5, concern="yes"), **HERE))
holds(code, "of a family that is supported", reviewed(REPORTED, record(Monitoring, 4, concern="yes"), **HOME))
fails(code, "of a child that lives nowhere else", reviewed(REPORTED, record(Monitoring, 4, concern="yes")))
fails(code, "no report", reviewed(record(Monitoring, 4, concern="yes"), **HERE))
fails(code, "no visit", reviewed(REPORTED, **HERE))


def homeward(*records: Filed[Any], **changes: Any) -> Facts:
    """Return facts about a reunification that was opened thirty days ago."""
    return beside("reunification", *records, **changes)


def attempts(*days: int, methods: tuple[str, ...] = ("visit", "phone")) -> tuple[Attempt, ...]:
    return tuple(Attempt(on(day), methods[place % len(methods)], "-") for place, day in enumerate(days))  # type: ignore[arg-type]


AT_HOME = Parent("Ibu", "alive", address="Loa Kulu")
AWAY = Parent("Ayah", "migrant_worker", address="Tawau")
ENOUGH = attempts(16, 9, 2)

code = "family_located"
holds(code, "the mother lives somewhere", homeward(record(PersonalData, 40, father=AWAY, mother=AT_HOME)))
holds(code, "the father does", homeward(record(PersonalData, 40, father=AT_HOME, mother=AWAY)))
holds(code, "traced in this attempt", homeward(record(Reunification, 1, tracing=ENOUGH)))
fails(
    code, "a parent alive without an address", homeward(record(PersonalData, 40, father=AWAY, mother=Parent("Ibu", "alive", address=" ")))
)
fails(code, "an address of one who is away", homeward(record(PersonalData, 40, father=AWAY, mother=AWAY)))
fails(code, "traced before", homeward(record(Reunification, 31, tracing=ENOUGH)))
fails(code, "an F14 without tracing", homeward(record(Reunification, 1)))
fails(code, "nothing filed", homeward())

code = "tracing_tried"
holds(code, "three attempts, two ways, fourteen days", homeward(record(Reunification, 1, tracing=ENOUGH)))
holds(code, "over two forms", homeward(record(Reunification, 9, tracing=ENOUGH[:1]), record(Reunification, 1, tracing=ENOUGH[1:])))
fails(code, "two attempts", homeward(record(Reunification, 1, tracing=attempts(16, 2))))
fails(
    code,
    "one attempt logged three times",
    homeward(record(Reunification, 1, tracing=attempts(16, 16, 2, methods=("visit", "visit", "phone")))),
)
fails(code, "one way", homeward(record(Reunification, 1, tracing=attempts(16, 9, 2, methods=("visit",)))))
fails(code, "thirteen days", homeward(record(Reunification, 1, tracing=attempts(15, 9, 2))))
fails(code, "before this attempt", homeward(record(Reunification, 31, tracing=ENOUGH)))
fails(code, "nothing filed", homeward())

code = "return_assessed"
holds(code, "all three", homeward(record(Reunification, 1, child_readiness="negative")))
for _part in ("family_readiness", "child_readiness", "community_readiness"):
    fails(code, f"{_part} is not assessed", homeward(record(Reunification, 1, **cast("dict[str, Any]", {_part: "not_assessed"}))))
fails(code, "before this attempt", homeward(record(Reunification, 31)))

code = "declared_in_this_attempt"
holds(code, "yesterday", homeward(record(Reunification, 1)))
holds(code, "on the day it was opened", homeward(record(Reunification, 30)))
fails(code, "before", homeward(record(Reunification, 31)))
fails(code, "on the form of a failed trial", homeward(record(Reunification, 1, trial_result="failed")))
fails(code, "nothing filed", homeward())

code = "preparation_goes_on"
holds(code, "preparing", homeward(record(Reunification, 1, decision="preparing")))
fails(code, "ready", homeward(record(Reunification, 1)))
fails(code, "nothing filed", homeward())

code = "stop_reasoned"
STOPPED: dict[str, Any] = {"decision": "stopped", "stopped_because": "unsafe"}
BY_ANOTHER = {"author": COLLEAGUE}
holds(code, "written by a colleague", homeward(record(Reunification, 1, header=BY_ANOTHER, **STOPPED)))
holds(code, "on the day it was opened", homeward(record(Reunification, 30, header=BY_ANOTHER, **STOPPED)))
fails(code, "written by who stops it", homeward(record(Reunification, 1, **STOPPED)))
fails(code, "before this attempt", homeward(record(Reunification, 31, header=BY_ANOTHER, **STOPPED)))
fails(code, "without a reason", homeward(record(Reunification, 1, header=BY_ANOTHER, decision="stopped")))
fails(
    code, "a reason, but preparing", homeward(record(Reunification, 1, header=BY_ANOTHER, decision="preparing", stopped_because="unsafe"))
)
fails(code, "nothing filed", homeward())


def watched(*records: Filed[Any], **changes: Any) -> Facts:
    """Return facts about monitoring that was scheduled thirty days ago; its state was entered ten days ago."""
    return beside("reintegration", *records, **changes)


WORRY: dict[str, Any] = {"concern": "yes", "concern_text": "-"}
code = "visit_without_concern"
holds(code, "safe", watched(record(Monitoring, 1)))
holds(code, "safe again", watched(record(Monitoring, 5, **WORRY), record(Monitoring, 1)))
fails(code, "a concern", watched(record(Monitoring, 1, **WORRY)))
fails(code, "unclear", watched(record(Monitoring, 1, safety="unclear")))
fails(code, "before the return", watched(record(Monitoring, 31)))

code = "visit_raises_concern"
holds(code, "a concern", watched(record(Monitoring, 1, **WORRY)))
holds(code, "unclear", watched(record(Monitoring, 1, safety="unclear")))
fails(code, "safe", watched(record(Monitoring, 1)))
fails(code, "safe again", watched(record(Monitoring, 5, **WORRY), record(Monitoring, 1)))
fails(code, "before the return", watched(record(Monitoring, 31, **WORRY)))

code = "concern_resolved"
holds(code, "a later safe visit", watched(record(Monitoring, 9)))
fails(code, "the very visit of the concern", watched(record(Monitoring, 10)))
fails(code, "a visit before", watched(record(Monitoring, 11)))
fails(code, "still a concern", watched(record(Monitoring, 9, **WORRY)))
fails(code, "unclear", watched(record(Monitoring, 9, safety="unclear")))
fails(code, "by the institution", watched(record(Monitoring, 9, header={"author_role": "psm"})))
fails(code, "nothing filed", watched())
fails(code, "no process", facts(record(Monitoring, 9)))

code = "school_and_health_settled"
SETTLED: dict[str, Any] = {"school_settled": "yes", "health_settled": "service"}
holds(code, "school well, health with a service", watched(record(Monitoring, 1, **SETTLED)))
holds(code, "the other way round", watched(record(Monitoring, 1, school_settled="service", health_settled="yes")))
fails(code, "school is not", watched(record(Monitoring, 1, **{**SETTLED, "school_settled": "no"})))
fails(code, "health is not answered", watched(record(Monitoring, 1, school_settled="yes")))
fails(code, "before the return", watched(record(Monitoring, 31, **SETTLED)))

code = "seen_alone_since_return"
holds(code, "alone", watched(record(Monitoring, 30)))
fails(code, "before the return", watched(record(Monitoring, 31)))
fails(code, "never alone", watched(record(Monitoring, 1, seen_alone="no")))
fails(code, "by a volunteer", watched(record(Monitoring, 1, header={"author_role": "psm"})))

HELD = IdentityPaper("held", number="640")
UNHELD = IdentityPaper("missing")


def papers(certificate: IdentityPaper, card: IdentityPaper) -> Filed[PersonalData]:
    return record(PersonalData, 3, birth_certificate=certificate, family_card=card)


code = "papers_issued"
BOTH = (document("birth_certificate", compared_by=None), document("family_card", compared_by=None))
holds(code, "both attached", beside("identity_document", documents=BOTH))
holds(code, "both held", beside("identity_document", papers(HELD, HELD)))
holds(code, "one attached, one held", beside("identity_document", papers(HELD, UNHELD), documents=BOTH[1:]))
holds(code, "the other way round", beside("identity_document", papers(UNHELD, HELD), documents=BOTH[:1]))
fails(code, "no certificate", beside("identity_document", papers(UNHELD, HELD)), "birth certificate")
fails(code, "no card", beside("identity_document", papers(HELD, UNHELD)), "family card")
fails(code, "held without a number", beside("identity_document", papers(IdentityPaper("held"), HELD)), "birth certificate")
fails(
    code,
    "a number of one applied for",
    beside("identity_document", papers(IdentityPaper("applied", number="1"), HELD)),
    "birth certificate",
)
fails(code, "nothing filed", beside("identity_document"))

code = "papers_compared"
holds(code, "both", beside("identity_document", documents=(document("birth_certificate"), document("family_card"))))
fails(code, "only the card", beside("identity_document", documents=(document("family_card"),)), "birth certificate")
fails(code, "only the certificate", beside("identity_document", documents=(document("birth_certificate"),)), "family card")
fails(code, "attached, not compared", beside("identity_document", documents=BOTH))

code = "settled_by_another"
holds(code, "who made no step of it", beside("identity_document", process={"by": (LKSA_HEAD, COLLEAGUE)}))
fails(code, "who disputed it", beside("identity_document", process={"by": (COLLEAGUE, WORKER)}))
fails(code, "no process", facts())
