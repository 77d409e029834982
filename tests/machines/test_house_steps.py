"""What incident, host, staff and placement answer on real facts, and that the clock wakes a process when its guard first holds."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from casework.errors import Refusal
from casework.machines.engine import Ask, Machine, Move
from casework.machines.facts import WITA, Facts, Filed, Process
from casework.machines.forms import Incident, Monitoring
from casework.machines.guards.evidence import open_incident_against
from casework.machines.host import HOST
from casework.machines.houses import HouseFacts
from casework.machines.incident import INCIDENT
from casework.machines.staff import STAFF
from tests.machines.builders import COLLEAGUE, HEAD, LKSA, LKSA_HEAD, SUPERVISOR, WORKER, ago, facts, form, record
from tests.machines.guard_examples_houses import HOME, RINA, house
from tests.machines.samples import NOW

CLOCK = Ask("", frozenset({"clock"}))
BOSS = Ask(HEAD, frozenset({"dinas_head"}))
DONE: dict[str, Any] = {
    "type": "physical",
    "subject_household": LKSA.id,
    "crime": "yes",
    "accused_staff": (RINA.id,),
    "reported_to_dinas_at": ago(4),
    "dinas_reference": "D-1",
    "police_reported_at": ago(4),
    "police_reference": "LP-1",
    "ministry_reported_at": ago(4),
    "ministry_reference": "K-1",
    "investigation": "tiga saksi",
    "finding": "substantiated",
    "sanction": "diberhentikan",
    "closed": "yes",
}


def incident(state: str, who: str = SUPERVISOR, **changes: Any) -> Facts:
    """A beating in an institution that a colleague reported five days ago, with its form as changed."""
    of: Filed[Any] = record(Incident, 2, **{**DONE, **changes})
    process = Process("p-1", "incident", 1, state, ago(5), ago(1), "case-1", LKSA.id, of, by=(COLLEAGUE,))
    ask = Ask(who, frozenset({"supervisor", "dinas_head", "social_worker", "social_worker_on_duty"}))
    return facts(of, record(Monitoring, 4), process=process, processes=(process,), ask=ask, persons_of_host=frozenset({LKSA_HEAD}))


def codes(outcome: object) -> set[str]:
    assert isinstance(outcome, Refusal)
    return {*outcome.codes}


def test_an_incident_goes_from_its_report_to_its_closing() -> None:
    state = INCIDENT.definition.initial
    for trigger in ("triage", "protect", "notify", "investigate", "substantiate", "sanction", "close"):
        outcome = INCIDENT.decide(state, trigger, incident(state))
        assert isinstance(outcome, Move), outcome
        state = outcome.dest
    assert state == "closed"


def test_a_crime_is_not_closed_before_police_and_ministry_know() -> None:
    silent = incident("sanctioned", police_reference="", ministry_reported_at=None)
    assert codes(INCIDENT.decide("sanctioned", "close", silent)) == {"crime_reported"}


def test_an_incident_that_dinas_does_not_know_of_is_neither_notified_nor_closed() -> None:
    for state, trigger in (("protective_action", "notify"), ("sanctioned", "close")):
        assert codes(INCIDENT.decide(state, trigger, incident(state, dinas_reference=""))) == {"dinas_reported"}


def test_who_reported_it_and_who_belongs_to_the_house_do_not_investigate() -> None:
    for person in (COLLEAGUE, LKSA_HEAD):
        assert codes(INCIDENT.decide("notified", "investigate", incident("notified", person))) == {"investigator_independent"}
        found = INCIDENT.decide("investigating", "substantiate", incident("investigating", person))
        assert codes(found) == {"investigator_independent"}


def test_what_accuses_staff_is_not_closed_without_a_sanction() -> None:
    assert codes(INCIDENT.decide("substantiated", "close", incident("substantiated"))) == {"nobody_to_sanction"}
    assert isinstance(INCIDENT.decide("substantiated", "close", incident("substantiated", accused_staff=())), Move)


def test_an_incident_is_open_until_its_process_is_closed_whatever_the_form_says() -> None:
    assert open_incident_against(incident("sanctioned"), LKSA.id)
    assert not open_incident_against(incident("closed", closed="no"), LKSA.id)
    assert not open_incident_against(replace(incident("sanctioned"), processes=()), LKSA.id)


def test_a_form_from_before_the_new_fields_is_still_a_form() -> None:
    old = form(Incident)
    assert (old.crime, old.child_in_danger, old.accused_staff, old.ministry_reference) == ("no", "no", (), "")


def test_a_house_is_active_again_only_when_the_incident_is_closed() -> None:
    restricted = house(replace(LKSA, status="restricted"))
    assert isinstance(HOST.decide("restricted", "lift", restricted), Move)
    assert codes(HOST.decide("restricted", "lift", replace(restricted, open_incidents=1))) == {"no_open_incident"}
    assert codes(HOST.decide("suspended", "reinstate", replace(restricted, open_incidents=1, ask=BOSS))) == {"no_open_incident"}


def test_a_restriction_and_a_suspension_are_never_refused_for_want_of_evidence() -> None:
    accused = house(replace(LKSA, policy_dated=None), open_incidents=3, accusing=1, member=RINA)
    system = replace(accused, ask=Ask("", frozenset({"system"})))
    assert isinstance(HOST.decide("active", "restrict", system), Move)
    assert all(isinstance(STAFF.decide(state, "suspend", system), Move) for state in ("pending", "cleared", "expiring", "expired"))


def test_a_household_needs_no_policy_but_a_neighbourhood_that_knows_it() -> None:
    assert isinstance(HOST.decide("registered", "activate", house(HOME, staff=())), Move)
    unknown = house(replace(HOME, known_to_rt=False), staff=())
    assert codes(HOST.decide("registered", "activate", unknown)) == {"licensed_or_known"}


def test_nobody_clears_themselves_nor_a_colleague_of_their_house() -> None:
    for person in (RINA.person, LKSA_HEAD):
        own = house(member=RINA, ask=Ask(person or "", frozenset({"supervisor"})))
        assert codes(STAFF.decide("pending", "clear", own)) == {"decided_outside_the_house"}
    assert isinstance(STAFF.decide("pending", "clear", house(member=RINA)), Move)


def test_who_is_accused_is_neither_reinstated_nor_recorded_as_gone() -> None:
    accused = house(member=RINA, accusing=1, ask=BOSS)
    assert codes(STAFF.decide("suspended", "reinstate", accused)) == {"nothing_accuses"}
    assert codes(STAFF.decide("suspended", "leave", accused)) == {"nothing_accuses"}


LICENSED = replace(LKSA, licence_until=date(2025, 6, 20))
CHECKED = replace(RINA, police_record_on=date(2024, 7, 1))
WAKING = [
    pytest.param(HOST, "active", "expire", house(LICENSED), datetime(2025, 6, 21, tzinfo=WITA), id="licence"),
    pytest.param(STAFF, "cleared", "run_out", house(member=CHECKED), datetime(2025, 6, 3, tzinfo=WITA), id="warning"),
    pytest.param(STAFF, "expiring", "expire", house(member=CHECKED), datetime(2025, 7, 3, tzinfo=WITA), id="clearance"),
]


@pytest.mark.parametrize(("machine", "state", "trigger", "about", "moment"), WAKING)
def test_the_clock_wakes_a_process_at_the_moment_its_guard_first_holds(
    machine: Machine[HouseFacts], state: str, trigger: str, about: HouseFacts, moment: datetime
) -> None:
    row = machine.transition(state, trigger)
    assert row is not None
    assert row.wakes is not None
    assert row.wakes(about) == moment
    at = replace(about, ask=CLOCK, now=moment)
    assert isinstance(machine.decide(state, trigger, at), Move)
    assert isinstance(machine.decide(state, trigger, replace(at, now=moment - timedelta(seconds=1))), Refusal)


@pytest.mark.parametrize(
    ("machine", "state", "trigger", "about"),
    [
        pytest.param(HOST, "active", "expire", house(HOME), id="a household without a permit"),
        pytest.param(STAFF, "cleared", "run_out", house(member=replace(RINA, police_record_on=None)), id="no police record"),
    ],
)
def test_what_names_no_day_is_never_woken(machine: Machine[HouseFacts], state: str, trigger: str, about: HouseFacts) -> None:
    row = machine.transition(state, trigger)
    assert row is not None
    assert row.wakes is not None
    assert row.wakes(about) is None


def test_a_licence_renewed_in_time_does_not_run_out() -> None:
    renewed = house(replace(LKSA, licence_until=NOW.date() + timedelta(days=365)), ask=CLOCK)
    assert codes(HOST.decide("active", "expire", renewed)) == {"licence_lapsed"}


def test_the_worker_who_only_handles_the_case_does_not_decide_what_was_found() -> None:
    worker = replace(incident("investigating", WORKER), ask=Ask(WORKER, frozenset({"social_worker"})))
    assert codes(INCIDENT.decide("investigating", "substantiate", worker)) == {"role_not_allowed"}
