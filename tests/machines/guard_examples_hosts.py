"""Examples of the guards in guards/hosts.py and guards/moves.py."""

from typing import Any

from msgspec.structs import replace

from casework.machines.facts import Child, Facts, Filed, Host, Process
from casework.machines.forms import EmergencySheet, HandoverMinutes, IdentityPaper, Incident, PersonalData
from casework.machines.guards.standing import NOT_FOR_CHILDREN
from tests.machines.builders import LKSA, PROVINCE, SHELTER, ago, document, facts, on, placement, record, to
from tests.machines.guard_book import Book
from tests.machines.samples import sign

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails

code = "host_eligible"
ADMIT: dict[str, Any] = {"trigger": "admit_to_institution", "subject": to(host=LKSA.id)}
UPTD = replace(LKSA, kind="uptd", licence_until=None, accredited_until=None)
BROKEN: dict[str, Host] = {
    "a restricted LKSA": replace(LKSA, status="restricted"),
    "an LKSA not yet active": replace(LKSA, status="registered"),
    "somebody there is under investigation": replace(LKSA, implicated_persons=1),
    "no policy": replace(LKSA, policy_dated=None),
    "a policy of 367 days ago": replace(LKSA, policy_dated=on(367)),
    "a policy nobody knows": replace(LKSA, policy_disseminated=False),
    "staff without clearance": replace(LKSA, uncleared_staff=1),
    "no staff at all": replace(LKSA, staff=0),
    "no complaint channel": replace(LKSA, complaint_channel=False),
    "too few caregivers now": replace(LKSA, caregivers=1),
    "too few caregivers for the little ones": replace(LKSA, occupied=9, occupied_under_three=9, caregivers=2),
    "no licence": replace(LKSA, licence_until=None),
    "a licence until yesterday": replace(LKSA, licence_until=on(1)),
    "accredited until yesterday": replace(LKSA, accredited_until=on(1)),
    "not accredited": replace(LKSA, accredited_until=None),
    "a waiver until yesterday": replace(LKSA, accredited_until=None, accreditation_waiver_until=on(1)),
    "a waiver for longer than a year": replace(LKSA, accredited_until=None, accreditation_waiver_until=on(-367)),
}
SOUND: dict[str, Host] = {
    "an LKSA": LKSA,
    "a policy of 366 days ago": replace(LKSA, policy_dated=on(366)),
    "a licence until today": replace(LKSA, licence_until=on(0)),
    "accredited until today": replace(LKSA, accredited_until=on(0)),
    "a waiver until today": replace(LKSA, accredited_until=None, accreditation_waiver_until=on(0)),
    "a waiver for a year": replace(LKSA, accredited_until=None, accreditation_waiver_until=on(-366)),
    "an LKSA that is full": replace(LKSA, occupied=20),
    "ten children and two caregivers": replace(LKSA, caregivers=2),
    "six little ones and two caregivers": replace(LKSA, occupied=6, occupied_under_three=6, caregivers=2),
    "a regency's own home": UPTD,
}
for _name, _host in SOUND.items():
    holds(code, _name, facts(host=_host, **ADMIT))
for _name, _host in BROKEN.items():
    fails(code, _name, facts(host=_host, **ADMIT))
fails(code, "a home of the regency without a policy", facts(host=replace(UPTD, policy_dated=None), **ADMIT))
_other = replace(LKSA, kind="lks")
fails(code, "an LKS for other people", facts(host=_other, **ADMIT), "This LKS does not serve children; only an LKSA may take a child.")
fails(code, "none named", facts(**ADMIT))
fails(code, "another than the one named", facts(host=replace(LKSA, id="host-other"), **ADMIT))
ALLEGED = record(Incident, 3, type="physical", subject_household=LKSA.id)
fails(code, "an open incident", facts(ALLEGED, host=LKSA, **ADMIT), "An incident against this setting is open.")
CLOSED = record(Incident, 3, type="physical", subject_household=LKSA.id, closed="yes")
holds(code, "a closed incident", facts(CLOSED, host=LKSA, **ADMIT))


def goes_on(of: Filed[Any] | None, state: str, machine: str = "incident") -> dict[str, Any]:
    return {"host": LKSA, "processes": (Process("p-1", machine, 1, state, ago(3), ago(1), record=of),), **ADMIT}


fails(code, "closed on paper, while its process goes on", facts(CLOSED, **goes_on(CLOSED, "investigating")))
holds(code, "open on paper, while its process is closed", facts(ALLEGED, **goes_on(ALLEGED, "closed")))
fails(code, "the process of another incident is closed", facts(ALLEGED, **goes_on(CLOSED, "closed")))
fails(code, "another machine's process with that form is closed", facts(ALLEGED, **goes_on(ALLEGED, "closed", "referral")))
fails(code, "a process that no form began", facts(ALLEGED, **goes_on(None, "closed")))
holds(code, "an open incident elsewhere", facts(record(Incident, 3, type="physical", subject_household="home"), host=LKSA, **ADMIT))
for _kind in ("rpsa", "hospital", "police_unit", "foster_family"):
    fails(code, f"admission to a {_kind}", facts(host=replace(UPTD, kind=_kind), **ADMIT))


def tonight(host: Host, /, **changes: Any) -> Facts:
    """Return facts for an emergency move to a host that today's sheet names."""
    sheet = record(EmergencySheet, host=host.id, lksa_because="semua yang lain penuh")
    return replace(facts(sheet, host=host, trigger="place_in_emergency", subject=to(host=host.id)), **changes)


NEIGHBOUR = Host("host-n", "Keluarga Umar", "neighbour_household", "registered", "d", known_to_rt=True)
for _trigger in ("place_in_emergency", "emergency_after_missing", "change_emergency_host", "reopen_in_emergency"):
    holds(code, f"a shelter, {_trigger}", tonight(SHELTER, trigger=_trigger))
holds(code, "a shelter, without a word about an LKSA", tonight(SHELTER, records=(record(EmergencySheet),)))
holds(code, "a neighbour known to the RT", tonight(NEIGHBOUR))
holds(code, "kin known to the RT", tonight(replace(NEIGHBOUR, kind="kin_household")))
holds(code, "an LKSA without papers, tonight", tonight(replace(LKSA, licence_until=None, status="expired", capacity=0)))
for _kind in ("uptd", "hospital", "police_unit"):
    holds(code, f"a {_kind} tonight", tonight(replace(SHELTER, kind=_kind)))
fails(code, "a neighbour unknown to the RT", tonight(replace(NEIGHBOUR, known_to_rt=False)))
fails(code, "kin unknown to the RT", tonight(replace(NEIGHBOUR, kind="kin_household", known_to_rt=False)))
fails(code, "a suspended shelter", tonight(replace(SHELTER, status="suspended")))
fails(code, "a revoked shelter", tonight(replace(SHELTER, status="revoked")))
fails(code, "a shelter with somebody under investigation", tonight(replace(SHELTER, implicated_persons=1)))
for _type in ("physical", "neglect", "host_lost", "other"):
    _open = record(Incident, 3, type=_type, subject_household=SHELTER.id)
    fails(code, f"a shelter about which an incident ({_type}) is open", tonight(SHELTER, records=(record(EmergencySheet), _open)))
for _about, _told in {
    "closed": record(Incident, 3, type="physical", subject_household=SHELTER.id, closed="yes"),
    "elsewhere": record(Incident, 3, type="physical", subject_household="home"),
    "of running away": record(Incident, 3, type="missing", subject_household=SHELTER.id),
}.items():
    holds(code, f"a shelter, an incident {_about}", tonight(SHELTER, records=(record(EmergencySheet), _told)))
fails(code, "an LKS for other people, tonight", tonight(replace(LKSA, kind="lks")), NOT_FOR_CHILDREN.en)
fails(code, "an LKSA without the reason", tonight(LKSA, records=(record(EmergencySheet, host=LKSA.id, lksa_because=" "),)))
fails(code, "today's sheet names another", tonight(SHELTER, records=(record(EmergencySheet, host="host-other"),)))
fails(code, "yesterday's sheet", tonight(SHELTER, records=(record(EmergencySheet, 1),)))
fails(code, "no sheet", tonight(SHELTER, records=()))
fails(code, "no host found", tonight(SHELTER, host=None))
fails(code, "the request names another", tonight(SHELTER, subject=to(host="host-other")))


def back(host: Host | None, trigger: str = "resume_previous_placement", /, **changes: Any) -> Facts:
    """Return facts for a return to a placement with this host, held for 20 days."""
    held = placement(host=LKSA.id, status="reserved", **changes)
    return facts(host=host, trigger=trigger, placements=(held,), about={"state": "trial_home_stay"})


FOSTER = Host("host-lksa", "Keluarga Rahman", "foster_family", "active", "d", known_to_rt=True)
holds(code, "back after a trial", back(LKSA))
holds(code, "back after missing", back(LKSA, "resume_after_missing"))
holds(code, "back to foster parents", back(FOSTER))
holds(code, "back to a shelter", back(replace(SHELTER, id=LKSA.id)))
holds(code, "back to an uncle", facts(trigger="resume_after_missing", placements=(placement("kin", None, relative="kin-uncle"),)))
holds(code, "back home: nothing is held", facts(trigger="resume_after_missing"))
fails(code, "back to a restricted LKSA", back(replace(LKSA, status="restricted")))
fails(code, "back to an LKSA without a policy", back(replace(LKSA, policy_dated=None)))
fails(code, "back to a home of the regency without a policy", back(replace(UPTD, policy_dated=None)))
fails(code, "back to nowhere", back(None))
fails(code, "back to another than the one held", back(replace(LKSA, id="host-other")))
for _kind in ("foster_family", "guardian_household", "adoptive_family", "kin_household", "neighbour_household"):
    holds(code, f"back to a {_kind}", back(replace(FOSTER, kind=_kind)))
    fails(code, f"back to a {_kind} unknown to the RT", back(replace(FOSTER, kind=_kind, known_to_rt=False)))
fails(
    code,
    "back to an uncle with an open incident",
    facts(
        record(Incident, 3, type="physical", subject_household="kin-uncle"),
        trigger="resume_after_missing",
        placements=(placement("kin", None, relative="kin-uncle"),),
    ),
)

holds("host_accepts", "by its head", facts(host_accepted_by="p-lksa-head"))
fails("host_accepts", "by nobody", facts())

code = "capacity_available"
TODDLER = Child("c", on(400), "day", "islam")
holds(code, "one bed left", facts(host=replace(LKSA, occupied=19)))
holds(code, "its caregivers just suffice", facts(host=replace(LKSA, occupied=9, caregivers=2)))
holds(code, "a toddler as the third", facts(host=replace(LKSA, occupied=2, occupied_under_three=2, caregivers=1), child=TODDLER))
fails(code, "no bed left", facts(host=replace(LKSA, occupied=20, caregivers=9)))
fails(code, "an eleventh child for two caregivers", facts(host=replace(LKSA, caregivers=2)))
fails(code, "a toddler as the fourth", facts(host=replace(LKSA, occupied=3, occupied_under_three=3, caregivers=1), child=TODDLER))
fails(code, "a toddler among four bigger ones", facts(host=replace(LKSA, occupied=4, caregivers=1), child=TODDLER))
fails(code, "none named", facts())

code = "host_lost"
for _status in ("suspended", "revoked", "expired"):
    holds(code, _status, facts(held_host=replace(LKSA, status=_status)))
FIRE: dict[str, Any] = {"type": "host_lost", "subject_household": LKSA.id}
holds(code, "burnt down", facts(record(Incident, 1, **FIRE), held_host=LKSA))
fails(code, "active", facts(held_host=LKSA))
fails(code, "another incident", facts(record(Incident, 1, type="neglect", subject_household=LKSA.id), held_host=LKSA))
fails(code, "another host burnt down", facts(record(Incident, 1, **{**FIRE, "subject_household": "host-other"}), held_host=LKSA))
fails(code, "rebuilt since", facts(record(Incident, 1, **FIRE, closed="yes"), held_host=LKSA))
fails(code, "no host", facts(record(Incident, 1, **FIRE)))

code = "no_active_placement_overlap"
HELD = placement()
ENDED = placement("kin", None, relative="kin-x", status="ended", ended_at=ago(200))
holds(code, "none", facts())
holds(code, "the one that ends", facts(placements=(HELD, ENDED), subject=to(host="host-new"), trigger="change_institution"))
holds(code, "of a store that names no case", facts(placements=(placement(case_id=""),)))
holds(code, "a decision about the present carer", facts(placements=(HELD,), subject=to(host=LKSA.id), trigger="place_with_foster_family"))
fails(code, "two at once", facts(placements=(HELD, placement("kin", None, relative="kin-x"))))
fails(code, "in another case", facts(placements=(placement(case_id="case-2"),)))
for _trigger in ("change_institution", "change_foster_family", "change_kin_family", "relocate_from_lost_host"):
    fails(code, f"{_trigger} to the same carer", facts(placements=(HELD,), subject=to(host=LKSA.id), trigger=_trigger))

code = "handover_minutes_signed"
OLD = placement(host="host-old")
CHANGE: dict[str, Any] = {"placements": (OLD,), "subject": to(host=LKSA.id), "trigger": "change_institution"}
FOR_GIVER: dict[str, Any] = {"giver_unable_because": "refuses", "signatures": sign("dinas", "witness", "receiver")}
holds(code, "from old to new", facts(record(HandoverMinutes, 1), **CHANGE))
holds(code, "from old to home", facts(record(HandoverMinutes, 1, receiver="home"), placements=(OLD,), trigger="confirm_return_home"))
holds(
    code,
    "from home to the province",
    facts(record(HandoverMinutes, 1, giver="home", receiver=PROVINCE.id), subject=to(receiver=PROVINCE.id)),
)
holds(code, "for a giver who refuses", facts(record(HandoverMinutes, 1, **FOR_GIVER), **CHANGE))
fails(code, "from somewhere else", facts(record(HandoverMinutes, 1, giver="host-x"), **CHANGE))
fails(code, "to somewhere else", facts(record(HandoverMinutes, 1, receiver="host-x"), **CHANGE))
fails(code, "the receiver did not sign", facts(record(HandoverMinutes, 1, signatures=sign("giver")), **CHANGE))
fails(code, "the giver did not sign", facts(record(HandoverMinutes, 1, signatures=sign("dinas", "witness", "receiver")), **CHANGE))
fails(
    code,
    "for a giver, without Dinas",
    facts(record(HandoverMinutes, 1, **{**FOR_GIVER, "signatures": sign("witness", "receiver")}), **CHANGE),
)
fails(
    code,
    "for a giver, without a witness",
    facts(record(HandoverMinutes, 1, **{**FOR_GIVER, "signatures": sign("dinas", "receiver")}), **CHANGE),
)
fails(code, "nothing filed", facts(**CHANGE))
fails(code, "of the round before", facts(record(HandoverMinutes, 1), about={"round": 2}, **CHANGE))

code = "identity_documents_known_or_applied"
HAS, APPLIED, MISSING = IdentityPaper("held", number="1"), IdentityPaper("applied", receipt="2"), IdentityPaper("missing")
holds(code, "both held", facts(record(PersonalData, birth_certificate=HAS, family_card=HAS)))
holds(code, "both applied for", facts(record(PersonalData, birth_certificate=APPLIED, family_card=APPLIED)))
holds(code, "both in the document register", facts(documents=(document("birth_certificate"), document("family_card"))))
holds(
    code,
    "both receipts in the document register",
    facts(documents=(document("birth_certificate_application"), document("family_card_application"))),
)
fails(code, "no certificate", facts(record(PersonalData, birth_certificate=MISSING, family_card=HAS)))
fails(code, "no family card", facts(record(PersonalData, birth_certificate=HAS, family_card=MISSING)))
fails(code, "nothing filed", facts())

code = "child_not_returning_from_placement"
CAME_HOME = placement(status="ended", ended_at=ago(20), ended_by="confirm_return_home")
holds(code, "never placed", facts())
holds(code, "came home", facts(placements=(CAME_HOME,)))
holds(code, "14 emergency days", facts(placements=(placement("emergency", "host-rpsa"),), about={"emergency_days": 14}))
holds(
    code,
    "came home after an earlier kin placement",
    facts(placements=(CAME_HOME, replace(ENDED, started_at=ago(300), ended_by="admit_to_institution"))),
)
fails(code, "15 emergency days", facts(about={"emergency_days": 15}))
fails(code, "placed now", facts(placements=(HELD,)))
fails(code, "came home, but a placement runs under that name", facts(placements=(replace(CAME_HOME, status="active"),)))
fails(code, "ended otherwise", facts(placements=(placement(status="ended", ended_at=ago(9), ended_by="leave_care"),)))
fails(
    code,
    "came home, placed again since",
    facts(placements=(CAME_HOME, replace(HELD, started_at=ago(10), status="ended", ended_by="transfer_out"))),
)

_code = "emergency_before"
SHELTERED = placement("emergency", id="s", status="ended", started_at=ago(89))
holds(_code, "89 days ago", facts(placements=(SHELTERED,)))
holds(_code, "missing from a family since", facts(placements=(SHELTERED,), about={"state": "missing", "missing_from": "kinship_care"}))
holds(_code, "missing from it, and at home since", facts(placements=(SHELTERED,), about={"missing_from": "emergency_care"}))
fails(_code, "90 days ago", facts(placements=(replace(SHELTERED, started_at=ago(90)),)))
fails(_code, "back into the same one", facts(placements=(SHELTERED,), about={"state": "missing", "missing_from": "emergency_care"}))
fails(_code, "placed otherwise", facts(placements=(placement("kin", status="ended", started_at=ago(9)),)))
fails(_code, "never placed", facts())

_twice = (placement(id="a", status="ended", started_at=ago(364)), placement(id="b", started_at=ago(9)))
holds("moved_often", "the third within twelve months", facts(placements=_twice))
fails("moved_often", "the first of them a year ago", facts(placements=(replace(_twice[0], started_at=ago(365)), _twice[1])))
fails("moved_often", "the second", facts(placements=_twice[1:]))
fails("moved_often", "never placed", facts())

holds("placement_reserved", "reserved", facts(placements=(placement(status="reserved"),)))
fails("placement_reserved", "active", facts(placements=(HELD,)))
fails("placement_reserved", "none", facts())
holds("placement_ended", "ended", facts(placements=(ENDED,)))
fails("placement_ended", "active", facts(placements=(HELD,)))
fails("placement_ended", "reserved", facts(placements=(placement(status="reserved"),)))
