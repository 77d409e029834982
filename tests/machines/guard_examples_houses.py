"""Examples of the guards in guards/licensing.py and guards/clearances.py."""

from typing import Any

from msgspec.structs import replace

from casework.machines.engine import Ask
from casework.machines.facts import Host, Process
from casework.machines.houses import HouseFacts, Member
from casework.machines.versions import MIGRATE
from tests.machines.builders import HEAD, LKSA, LKSA_HEAD, PARAMS, SUPERVISOR, ago, on
from tests.machines.guard_book import Book
from tests.machines.guard_examples_hosts import BROKEN, SOUND
from tests.machines.samples import NOW

BOOK = Book()
holds, fails = BOOK.holds, BOOK.fails
RINA = Member("staff-1", LKSA.id, "caregiver", "pending", "p-rina", police_record_on=on(100), code_signed_on=on(90))
HOME = Host(id="host-kin", name="Keluarga Ahmad", kind="kin_household", status="registered", digest="d", known_to_rt=True)
UPTD = replace(LKSA, kind="uptd", licence_until=None, accredited_until=None)
SHELTER = Host(id="host-rpsa", name="RPSA", kind="rpsa", status="registered", digest="d")


def house(host: Host = LKSA, **changes: Any) -> HouseFacts:
    """A house whose staff is Rina, looked at by the supervisor."""
    standard: dict[str, Any] = {
        "now": NOW,
        "params": PARAMS,
        "ask": Ask(SUPERVISOR, frozenset({"supervisor"})),
        "host": host,
        "process": Process(host.id, "host", 1, host.status, ago(100), ago(50), host_id=host.id),
        "staff": (RINA,),
        "persons_of_host": frozenset({LKSA_HEAD}),
    }
    return HouseFacts(**{**standard, **changes})


def member(**changes: Any) -> HouseFacts:
    return house(member=replace(RINA, **changes))


ASKED = {
    "licensed_or_known": {"no licence", "a licence until yesterday"},
    "policy_in_force": {"no policy", "a policy of 367 days ago", "a policy nobody knows"},
    "team_cleared": {"staff without clearance", "no staff at all"},
    "complaint_channel_open": {"no complaint channel"},
    "accredited_or_waived": {
        "accredited until yesterday", "not accredited", "a waiver until yesterday", "a waiver for longer than a year",
    },
}  # fmt: skip
"""Which of the faults that keep an institution from taking a child each guard of its standing finds: the same rules, asked elsewhere."""
for code, faults in ASKED.items():
    for _name, _host in SOUND.items():
        holds(code, _name, house(_host))
    for _name, _host in BROKEN.items():
        (fails if _name in faults else holds)(code, _name, house(_host))
    holds(code, "a household known to the RT", house(HOME))
    holds(code, "a shelter", house(SHELTER))

_LKS = replace(LKSA, kind="lks")
for code in ("licensed_or_known", "accredited_or_waived", "policy_in_force", "team_cleared", "complaint_channel_open"):
    holds(code, "an LKS for other people in order", house(_LKS))
_BARE = replace(_LKS, licence_until=None, accredited_until=None, policy_dated=None, staff=0, complaint_channel=False)
for code in ("licensed_or_known", "accredited_or_waived"):
    fails(code, "an LKS for other people without papers", house(_BARE))
for code in ("policy_in_force", "team_cleared", "complaint_channel_open"):
    holds(code, "an LKS for other people is not asked", house(_BARE))

code = "licensed_or_known"
fails(code, "a household nobody knows", house(replace(HOME, known_to_rt=False)))
fails(code, "a foster permit until yesterday", house(replace(HOME, kind="foster_family", licence_until=on(1))))
holds(code, "a foster permit until today", house(replace(HOME, kind="foster_family", licence_until=on(0))))
for code in ("policy_in_force", "team_cleared", "complaint_channel_open"):
    fails(code, "a home of the regency", house(replace(UPTD, policy_dated=None, uncleared_staff=1, complaint_channel=False)))

code = "no_open_incident"
holds(code, "none", house())
fails(code, "one", house(open_incidents=1))
fails(code, "somebody there is under investigation", house(replace(LKSA, implicated_persons=1)))

code = "decided_outside_the_house"
holds(code, "by the office", house())
fails(code, "by somebody with a seat there", house(ask=Ask(LKSA_HEAD, frozenset({"supervisor"}))))
fails(code, "by one of the staff", house(ask=Ask("p-rina", frozenset({"supervisor"}))))
holds(code, "a house of nobody", house(staff=(), persons_of_host=frozenset(), ask=Ask(HEAD, frozenset({"dinas_head"}))))

code = "licence_lapsed"
holds(code, "until yesterday", house(replace(LKSA, licence_until=on(1))))
fails(code, "until today", house(replace(LKSA, licence_until=on(0))))
fails(code, "none", house(HOME))

code = "police_record_current"
holds(code, "of 100 days ago", member())
holds(code, "of today", member(police_record_on=on(0)))
holds(code, "of 366 days ago", member(police_record_on=on(366)))
fails(code, "of 367 days ago", member(police_record_on=on(367)))
fails(code, "of tomorrow", member(police_record_on=on(-1)))
fails(code, "none", member(police_record_on=None))
fails(code, "of nobody", house())

code = "code_signed"
holds(code, "long ago", member())
holds(code, "today", member(code_signed_on=on(0)))
fails(code, "tomorrow", member(code_signed_on=on(-1)))
fails(code, "never", member(code_signed_on=None))
fails(code, "by nobody", house())

OFF = replace(PARAMS, critical_review_restricts=False)
code = "no_review_critical"
holds(code, "none", house())
holds(code, "at a shelter", house(SHELTER, critical_reviews=1))
holds(code, "switched off", house(critical_reviews=1, params=OFF))
fails(code, "one", house(critical_reviews=1))

code = "review_critical"
holds(code, "one", house(critical_reviews=1))
fails(code, "none", house())
fails(code, "at a shelter", house(SHELTER, critical_reviews=1))
fails(code, "switched off", house(critical_reviews=1, params=OFF))


def restricted_by(*triggers: str) -> HouseFacts:
    seen = house()
    return replace(seen, process=replace(seen.process, made=tuple((trigger, ago(1)) for trigger in triggers)))


code = "held_back_for_reviews"
holds(code, "by the clock", restricted_by("open", "activate", "hold_back"))
holds(code, "by the clock, after an incident that is over", restricted_by("restrict", "lift", "hold_back"))
holds(code, "by the clock, then carried into a newer version", restricted_by("hold_back", MIGRATE))
fails(code, "by an incident", restricted_by("open", "restrict"))
fails(code, "by an incident since", restricted_by("hold_back", "restrict"))
fails(code, "by an incident, then carried into a newer version", restricted_by("restrict", MIGRATE))
fails(code, "by nothing", restricted_by("open"))
fails(code, "no step yet", restricted_by())

code = "nothing_accuses"
holds(code, "no incident", house(member=RINA))
holds(code, "an incident that accuses others", house(member=RINA, open_incidents=1))
fails(code, "one", house(member=RINA, accusing=1))

code = "barred_nowhere"
holds(code, "nowhere", house(member=RINA))
fails(code, "elsewhere", house(member=RINA, barred_elsewhere=True))

code = "clearance_runs_out"
holds(code, "in 29 days", member(police_record_on=on(337)))
fails(code, "in 30 days", member(police_record_on=on(336)))
fails(code, "without a record", member(police_record_on=None))

code = "clearance_lapsed"
holds(code, "since yesterday", member(police_record_on=on(367)))
holds(code, "its record is gone", member(police_record_on=None))
fails(code, "today is its last day", member(police_record_on=on(366)))
