"""What must be true after every step of anybody, whoever else acts and however time passes (DOMAIN 7.1.4): one function a law.

A law yields what breaks it. Time alone breaks none: what time alone makes true is an alarm (`alarms.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from casework.machines.book import all_machines, newest_machines
from casework.machines.effects import ABOUT, LEFT_BEHIND, Done, flattened
from casework.services.records import DONE_BY_HAND, FULFILS
from tests.journeys.walk.look import DONE, Look, Row

OUT_OF_HOME = {
    "emergency_care": "emergency",
    "kinship_care": "kin",
    "foster_care": "foster",
    "guardianship": "guardian",
    "pre_adoption_care": "pre_adoption",
    "institutional_care": "institution",
    "institution_unverified": "institution",
}
HELD_OPEN = ("trial_home_stay", "missing")
ENDED = ("closed", "voided", "aftercare")
LIVING_THERE = ("active", "unconfirmed", "on_leave")
OVER_CAPACITY = ("emergency_care", "institution_unverified")
TAKEN_ON = ("accepted", "in_service", "completed")
"""A referral that the receiver took on goes on beside a case that has ended."""
REVIEW = "periodic_review"


def one_open_case_a_child(look: Look) -> Iterator[str]:
    """I1."""
    for child, count in Counter(row["child_id"] for row in look.cases if row["state"] not in DONE).items():
        if count > 1:
            yield f"{child} has {count} open cases"


def one_place_a_child(look: Look) -> Iterator[str]:
    """I2: active, unconfirmed, on leave or kept: one placement at most."""
    for child, count in Counter(row["child_id"] for row in look.placements).items():
        if count > 1:
            yield f"{child} has {count} placements"


def the_child_lives_where_the_case_says(look: Look) -> Iterator[str]:
    """I3: out of home exactly one placement, of the kind of that state; on trial or missing at most one that is kept; else none."""
    placed = {row["case_id"]: row for row in look.placements}
    for case in look.cases:
        state, row = case["state"], placed.get(case["id"])
        told = (row["kind"], row["state"], row["status"]) if row is not None else None
        if state in OUT_OF_HOME:
            if told is None or told[:2] != (OUT_OF_HOME[state], state) or told[2] not in LIVING_THERE:
                yield f"{case['number']} in {state}: {told}"
        elif told is not None and (state not in HELD_OPEN or told[2] != "reserved"):
            yield f"{case['number']} in {state}: {told}"


def nothing_waits_beside_an_end(look: Look) -> Iterator[str]:
    """I6: no request waits, but a ratification that outlives the child, and a report after care; no task is left, but of what goes on."""
    for case in look.cases:
        if case["state"] not in ENDED:
            continue
        ended_by = look.last_moves[case["id"]]["trigger"]
        waiting = {row["kind"] for row in look.requests if row["case_id"] == case["id"] and not _after_care(look, case, row)}
        if waiting - ({"ratification"} if ended_by == "record_death" else set()):
            yield f"{case['number']} {ended_by}: requests {sorted(waiting)}"
        ended = look.last_moves[case["id"]]["seq"]
        going = {row["id"] for row in look.live.get(case["id"], ())}
        tasks = (row for row in look.open_tasks.get(case["id"], ()) if row["process_id"] not in going)
        left = [row["kind"] for row in tasks if row["created_seq"] < ended]
        if left:
            yield f"{case['number']} {ended_by}: tasks {left}"


def _after_care(look: Look, case: Row, request: Row) -> bool:
    """A report of after-care waits to be endorsed: it was written since care ended."""
    since = request["requested_at"] >= look.last_moves[case["id"]]["occurred_at"]
    return bool(case["state"] == "aftercare" and request["kind"] == "record" and since)


def nothing_goes_on_beside_an_end(look: Look) -> Iterator[str]:
    """I6: no process; but accepted referrals, incidents in the hands of others, monitoring after care with its last review."""
    for case in look.cases:
        if case["state"] not in ENDED:
            continue
        ended_by = look.last_moves[case["id"]]["trigger"]
        for row in look.live.get(case["id"], ()):
            if not _may_go_on(look, case, ended_by, row):
                yield f"{case['number']} {ended_by}: {row['machine']} {row['state']}"


def _may_go_on(look: Look, case: Row, ended_by: str, row: Row) -> bool:
    match row["machine"]:
        case "incident":
            return _left_to_others(look, ended_by, row)
        case "referral":
            return row["state"] in TAKEN_ON
        case "reintegration":
            return bool(case["state"] == "aftercare")
        case "periodic_review":
            return bool(case["state"] == "aftercare" and row["opened_at"] >= look.last_moves[case["id"]]["occurred_at"])
    return False


def _left_to_others(look: Look, ended_by: str, row: Row) -> bool:
    """The receiver takes over everything; the police have what they have of a child who died or stays lost."""
    if ended_by == "transfer_out":
        return True
    incident = look.newest_body(row["record_id"])
    if ended_by == "record_death" and incident["type"] == "death":
        return True
    return ended_by in {"record_death", "close_long_missing"} and bool(incident.get("police_reference"))


def no_house_is_overfull(look: Look) -> Iterator[str]:
    """I8: no more children than beds, but in an emergency, or before anybody decided. Households too."""
    beds = {row["id"]: row["capacity"] for row in look.houses if row["kind"] in {"lksa", "uptd"}}
    there = Counter(row["host_id"] for row in look.placements if row["state"] not in OVER_CAPACITY)
    for host, children in there.items():
        if host in beds and children > beds[host]:
            yield f"{host}: {children} children, {beds[host]} beds"


def no_child_lives_under_another_religion(look: Look) -> Iterator[str]:
    """I9: but in an emergency, or before anybody decided."""
    faith = {row["id"]: row["religion"] for row in look.houses}
    for row in look.placements:
        host = row["host_id"]
        if host and row["state"] not in OVER_CAPACITY and faith[host] not in {None, look.religions[row["child_id"]]}:
            yield f"{row['case_id']}: {look.religions[row['child_id']]} at {faith[host]}"


def out_of_home_one_review_goes_on(look: Look) -> Iterator[str]:
    """I10: out of home, and while a family is supported, exactly one; elsewhere at most one; after an end none; and its task beside it."""
    for case in look.cases:
        state = case["state"]
        reviews = look.of_machine(case["id"], REVIEW)
        asked = [row for row in look.open_tasks.get(case["id"], ()) if row["kind"] == "review"]
        least, most = (1, 1) if state in {*OUT_OF_HOME, "family_care"} else (0, int(state not in DONE))
        if not least <= len(reviews) <= most:
            yield f"{case['number']} in {state}: reviews {[row['state'] for row in reviews]}"
        if {row["due_at"] for row in reviews} != {row["due_at"] for row in asked} or len(reviews) != len(asked):
            yield f"{case['number']} in {state}: reviews {[row['due_at'] for row in reviews]}, tasks {[row['due_at'] for row in asked]}"


def one_process_of_its_kind(look: Look) -> Iterator[str]:
    """Beside a case there is one review, one way home, one set of papers, one monitoring at a time."""
    for case, rows in look.live.items():
        counted = Counter(row["machine"] for row in rows)
        for machine in (REVIEW, "reunification", "reintegration", "identity_document"):
            if counted[machine] > 1:
                yield f"{case}: {counted[machine]} of {machine}"


def registers_say_what_their_processes_say(look: Look) -> Iterator[str]:
    """The status of a placement, a house and a member of staff is the state of its process."""
    for row in (*look.placements, *look.houses, *look.staff):
        if row["status"] != row["process_state"]:
            yield f"{row['id']}: {row['status']} in the register, {row['process_state']} by its process"


def an_offer_and_its_placement_agree(look: Look) -> Iterator[str]:
    """What the head of the house answered is what became of the placement: accepted, declined, or not answered."""
    for offer in look.offers:
        if (offer["accepts"], offer["declines"]) != {None: (0, 0), 1: (1, 0), 0: (0, 1)}[offer["accepted"]]:
            yield f"{offer['id']}: answered {offer['accepted']}, accepted {offer['accepts']} times, declined {offer['declines']} times"


def tasks_belong_to_somebody(look: Look) -> Iterator[str]:
    """Every open task stands in the office of its case and with its worker, and an entry of that case brought it."""
    cases = {row["id"]: row for row in look.cases}
    for task in look.tasks:
        case = cases[task["case_id"]]
        if (task["office_id"], task["worker"]) != (case["office_id"], case["assigned_to"]):
            yield f"{case['number']} {task['kind']}: with {task['office_id']}, {task['worker']}"
        if not 1 <= task["created_seq"] <= case["seq"]:
            yield f"{case['number']} {task['kind']}: brought by entry {task['created_seq']} of {case['seq']}"


BY_FORM = frozenset(kind for kinds in FULFILS.values() for kind in kinds) | {"monitoring_visit", "review"}


def done_by() -> dict[str, frozenset[str]]:
    """Return, for each kind of task, the machines of which a step settles it."""
    found: dict[str, set[str]] = {}
    for name, machine in newest_machines().items():
        for row in machine.definition.transitions:
            for effect in flattened(row.effects):
                if isinstance(effect, Done):
                    found.setdefault(effect.task, set()).add(name)
    return {task: frozenset(machines) for task, machines in found.items()}


DONE_BY = done_by()


def tasks_end_with_their_process(look: Look) -> Iterator[str]:
    """A task that a process asked for is not left when that has ended; and while an incident waits for a step, somebody is asked for it.

    An incident that outlived an end of its case is in the hands of others, also when the case was opened again.
    """
    going = {row["id"]: row for rows in look.live.values() for row in rows}
    asked = {(task["process_id"], task["kind"]) for task in look.tasks if task["process_id"]}
    for process, kind in asked:
        if process not in going:
            yield f"{kind} of {process}, which has ended"
    for process, row in going.items():
        handed_over = row["opened_at"] <= look.last_ends.get(row["case_id"], "")
        kind = None if handed_over else WAITS_FOR.get((row["machine"], row["state"]))
        if kind and (process, kind) not in asked:
            yield f"{row['machine']} {process} is {row['state']}, and nobody is asked for its {kind}"


WAITS_FOR = {("incident", "reported"): "triage", ("incident", "investigating"): "finding"}
"""What must be asked while a process stands in a state."""
ASKS_FOR_ANOTHER = frozenset({"new_referral_target"})
"""Tasks that ask for a process to be begun, so none of its kind need go on."""


def tasks_can_be_settled(look: Look) -> Iterator[str]:
    """No open task asks for what nobody can do: a form, a report, leaving the state, or a step of a process that goes on settles it."""
    states = {row["id"]: row["state"] for row in look.cases}
    came_from = {case: move["source"] for case, move in look.last_moves.items()}
    for task in look.tasks:
        kind, case = task["kind"], task["case_id"]
        here = (came_from.get(case, ""), states[case]) if states[case] == "missing" else (states[case],)
        leaving = any(kind in (*LEFT_BEHIND.get(state, ()), *ABOUT.get(state, ())) for state in here)
        going = {row["machine"] for row in look.live.get(case, ())} | {"care_journey"}
        if not (kind in BY_FORM | DONE_BY_HAND | ASKS_FOR_ANOTHER or leaving or DONE_BY.get(kind, frozenset()) & going):
            yield f"{case} in {states[case]}: {kind}, beside {sorted(going)}"


KNOWN = {(machine.definition.name, machine.definition.version) for machine in all_machines()}


def versions_are_known(look: Look) -> Iterator[str]:
    """Every case and process is pinned to a version of its rules that this program knows."""
    for row in (*look.cases, *look.processes):
        if (row["machine"], row["version"]) not in KNOWN:
            yield f"{row['id']}: {row['machine']} {row['version']}"


def numbers_kept_are_the_numbers_there_are(look: Look) -> Iterator[str]:
    """How many cases stand where is what the database counts as it moves them."""
    kept = {(row[0], row[1]): row[2] for row in look.rows("SELECT office_id, state, SUM(n) FROM case_count GROUP BY office_id, state")}
    there = Counter((row["office_id"], row["state"]) for row in look.cases)
    if {key: number for key, number in kept.items() if number} != dict(there):
        yield f"kept {kept}, there are {dict(there)}"


Law = Callable[[Look], Iterator[str]]
LAWS: tuple[Law, ...] = (
    one_open_case_a_child,
    one_place_a_child,
    the_child_lives_where_the_case_says,
    nothing_waits_beside_an_end,
    nothing_goes_on_beside_an_end,
    no_house_is_overfull,
    no_child_lives_under_another_religion,
    out_of_home_one_review_goes_on,
    one_process_of_its_kind,
    registers_say_what_their_processes_say,
    an_offer_and_its_placement_agree,
    tasks_belong_to_somebody,
    tasks_end_with_their_process,
    tasks_can_be_settled,
    versions_are_known,
    numbers_kept_are_the_numbers_there_are,
)


def broken(look: Look) -> list[str]:
    """Return every law that is broken, with how."""
    return [f"{law.__name__}: {told}" for law in LAWS for told in law(look)]
