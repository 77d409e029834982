"""What guards ask again and again: which record is current, which paper counts, how old the child surely is, what a trigger proposes.

"Current" (DOMAIN 7.0.2): signed, not void or superseded, of this round, not dated in the future, within its age on the day of the move.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Literal, TypeVar

from casework.machines.facts import WITA, Child, Facts, Filed, Process, Relative
from casework.machines.forms import HOME, CarePlan, Form, Incident, Referral, Setting
from casework.words import Words

R = TypeVar("R", bound=Form)

THREE = 3
ADULT = 18
OFFICE = frozenset({"social_worker", "social_worker_on_duty", "supervisor"})
"""Who may assess and compare: the office's social workers and their supervisor."""
HOUSE = frozenset({"lksa_head", "lksa_staff"})
PARENTS: dict[str, Words] = {"father": Words("ayah", "father"), "mother": Words("ibu", "mother")}
"""The relations that the family register keeps as codes, and what they are called."""
LAST_DEGREE = 3
PROPOSED: dict[str, Setting] = {
    "support_family": "family",
    "place_with_kin": "kin",
    "change_kin_family": "kin",
    "place_with_foster_family": "foster",
    "change_foster_family": "foster",
    "record_guardianship": "guardianship",
    "start_pre_adoption_care": "adoption",
    "finalise_adoption": "adoption",
    "admit_to_institution": "institution",
    "change_institution": "institution",
    "relocate_from_lost_host": "institution",
    "begin_trial_home_stay": "trial_home",
    "trial_after_missing": "trial_home",
    "extend_emergency": "emergency",
    "end_emergency": "family",
    "complete_reintegration": "closure",
    "close_supported_family": "closure",
    "close_permanent_placement": "closure",
    "close_no_further_need": "closure",
}
"""What each trigger proposes for the child: a view or a plan counts when it is about that."""
CLOSING = frozenset({trigger for trigger, setting in PROPOSED.items() if setting == "closure"} | {"finalise_adoption"})


def known(facts: Facts, form: type[R]) -> tuple[Filed[R], ...]:
    """Return this round's signed records of a form, newest first; one dated in the future proves nothing yet."""
    return facts.known(form)


def anything(_: object) -> bool:
    """Every body fits."""
    return True


def newest(facts: Facts, form: type[R], fits: Callable[[R], bool] = anything) -> Filed[R] | None:
    """Return the newest record whose body fits, or None."""
    for record in facts.known(form):
        if fits(record.body):
            return record
    return None


def current(facts: Facts, form: type[R], days: int, fits: Callable[[R], bool] = anything) -> Filed[R] | None:
    """Return the newest record whose body fits if it is at most `days` old, or None."""
    record = newest(facts, form, fits)
    return record if record is not None and facts.age_days(record) <= days else None


def since(facts: Facts, form: type[R], moment: datetime) -> tuple[Filed[R], ...]:
    """Return the records dated at or after a moment, newest first."""
    return tuple(record for record in known(facts, form) if record.dated >= moment)


def began(facts: Facts) -> datetime:
    """Return when the process that is asked began; without one, now: nothing has been filed since."""
    return facts.process.opened_at if facts.process is not None else facts.now


def countersigned(record: Filed[R]) -> bool:
    """Whether a person other than the author approved the record itself."""
    return record.countersigned_by is not None and record.countersigned_by != record.author


def approved_plan(facts: Facts) -> CarePlan | None:
    """Return the newest care plan if it is current and approved, or None."""
    record = current(facts, CarePlan, facts.params.plan_current_days, lambda plan: plan.kind == "care")
    return record.body if record is not None and countersigned(record) else None


def compared(facts: Facts, *kinds: str) -> bool:
    """Whether a paper of one of these kinds was compared with its original by a second social worker."""
    return any(
        paper.compared_by is not None and paper.compared_by != paper.attached_by and paper.compared_role in OFFICE
        for paper in facts.documents
        if paper.kind in kinds
    )


def day(moment: datetime) -> date:
    """Return the calendar day of a moment, in WITA."""
    return moment.astimezone(WITA).date()


def days_since(facts: Facts, moment: datetime) -> int:
    """Return how many calendar days (WITA) ago a moment was."""
    return (facts.today - day(moment)).days


def surely_at_least(facts: Facts, years: int) -> bool:
    """Whether the child is this old even if born on the last day that the record allows. Unknown birth: no."""
    last = birth(facts.child, "last")
    return last is not None and anniversary(last, years) <= facts.today


def perhaps_at_least(facts: Facts, years: int) -> bool:
    """Whether the child may be this old, if born on the first day that the record allows. Unknown birth: yes."""
    first = birth(facts.child, "first")
    return first is None or anniversary(first, years) <= facts.today


def capable(facts: Facts) -> bool:
    """Whether the child may be old enough to consent and to sign: then it must."""
    return perhaps_at_least(facts, facts.params.consent_capable_years)


def anniversary(born: date, years: int) -> date:
    """Return the birthday `years` later; 29 February counts as 1 March in other years."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def birth(child: Child, end: Literal["first", "last"]) -> date | None:
    """Return the first or last day on which the child can have been born, by the precision of the record, or None."""
    if child.born is None:
        return None
    match (child.born_precision, end):
        case ("day", _):
            return child.born
        case ("month", "first"):
            return child.born.replace(day=1)
        case ("month", _):
            return (child.born.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        case ("year", "first"):
            return child.born.replace(month=1, day=1)
        case ("year", _):
            return child.born.replace(month=12, day=31)
    return None


def kin(facts: Facts) -> tuple[Relative, ...]:
    """Return the listed kin to the third degree: the family register without the parents."""
    return tuple(relative for relative in facts.relatives if relative.relation not in PARENTS and relative.degree <= LAST_DEGREE)


def setting_id(facts: Facts) -> str:
    """Return the id of where the child is: of the carer of the current placement, or the family home."""
    placement = facts.current_placement
    return placement.carer if placement is not None else HOME


INCIDENT = "incident"
"""The machine of what happens to an incident, once it was reported."""
CLOSED = "closed"
REFERRAL = "referral"
UNANSWERED = ("drafted", "sent", "info_requested", "acknowledged", "unanswered")
"""States in which a referral waits for its receiver. The receiver's own account may have answered; the office may have cancelled it."""


def still_open(processes: tuple[Process, ...], report: str, body: Incident) -> bool:
    """Whether the incident that a report (by id) tells of is open: while its process lasts, or, where there is none, as the form says."""
    state = _state_of(processes, INCIDENT, report)
    return body.open if state is None else state != CLOSED


def still_asked(processes: tuple[Process, ...], request: str, body: Referral) -> bool:
    """Whether a receiver still owes an answer to the referral (by the id of its form): the form holds none, and nobody took it back."""
    return body.waiting and _state_of(processes, REFERRAL, request) in {None, *UNANSWERED}


def _state_of(processes: tuple[Process, ...], machine: str, record: str) -> str | None:
    """Return where the process stands that a form is about, or None where there is none."""
    return next((each.state for each in processes if each.machine == machine and each.record and each.record.id == record), None)


def open_incidents(facts: Facts) -> Iterator[Incident]:
    """Return the incidents that are open, in whichever round they were filed."""
    return (record.body for record in facts.shelves.incidents if still_open(facts.processes, record.id, record.body))


def open_incident_against(facts: Facts, household: str) -> bool:
    """Whether an incident about this household is open."""
    return any(incident.subject_household == household for incident in open_incidents(facts))


def open_placements(facts: Facts) -> int:
    """Return how many placements have not ended."""
    return sum(placement.status != "ended" for placement in facts.placements)


def never_placed_or_came_home(facts: Facts) -> bool:
    """Whether the last placement other than emergency in this chain of cases ended by confirm_return_home, or there was none."""
    decided = [placement for placement in facts.placements if placement.kind != "emergency"]
    last = max(decided, key=lambda placement: placement.started_at, default=None)
    return last is None or (last.status == "ended" and last.ended_by == "confirm_return_home")
