"""What must be true after every step of a walk, read from the file itself (DOMAIN 7.1.4), and replayed from the journal."""

import hashlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from casework.ledger.event import NO_HASH, Event, decode_event
from casework.machines.book import newest_machines
from casework.machines.care import CARE
from casework.machines.effects import Due, Settle
from casework.machines.engine import HELD, SAME
from casework.store import cases, placements
from casework.store.call import Call
from casework.store.facts import emergency_days
from tests.journeys.walk.town import PARAMS, Journey

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
DOORS = ("admit_to_institution", "change_institution", "relocate_from_lost_host")
RESIDENT = ("register_existing_resident", "relocate_from_lost_host")
MACHINES = newest_machines()
ACCEPTED = ("accepted", "in_service", "completed")
"""A referral that the receiver took on goes on beside a case that has ended."""
ENDED = ("closed", "voided", "aftercare")
OVER_CAPACITY = ("emergency_care", "institution_unverified")


class Sight(msgspec.Struct, frozen=True):
    """How the case stood at one moment."""

    state: str
    seq: int
    round: int
    placement: dict[str, str | int | None] | None
    emergency_days: int
    tasks: frozenset[str]


def sight(walk: Journey) -> Sight:
    """Look at the case as it stands now."""
    row, live = walk.row, walk.placement
    with walk.store.read(Call(who=walk.town.who["sari"], at=walk.at)) as unit:
        episodes = placements.placements_of(unit, cases.get_case(unit, walk.case))
    days = emergency_days(episodes, walk.at, PARAMS.emergency_reset_days)
    open_tasks = walk.rows("SELECT id FROM task WHERE case_id = ? AND settled_at IS NULL", walk.case)
    return Sight(row["state"], row["seq"], row["round"], dict(live) if live else None, days, frozenset(task["id"] for task in open_tasks))


class Replay:
    """The case as its journal tells it, entry by entry, by a reading of the table of its own."""

    def __init__(self, state: str = CARE.definition.initial, seq: int = 0, round_: int = 1, head: str = NO_HASH) -> None:
        self.state = state
        self.seq = seq
        self.round = round_
        self.head = head

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Where the replay stands: what to begin from another time."""
        return (self.state, self.seq, self.round, self.head)

    def follow(self, walk: Journey) -> list[Event]:
        """Read what is new in the journal, and compare where it leads with the case's row. Returns the new entries."""
        stored = walk.rows("SELECT seq, prev, hash, body FROM event WHERE case_id = ? AND seq > ? ORDER BY seq", walk.case, self.seq)
        entries = [self._read(walk, row) for row in stored]
        row = walk.row
        assert (row["state"], row["seq"], row["round"], row["head"]) == (self.state, self.seq, self.round, self.head)
        return entries

    def _read(self, walk: Journey, row: sqlite3.Row) -> Event:
        entry = decode_event(row["body"])
        assert row["hash"] == hashlib.sha256(b"\x00" + row["body"]).hexdigest()
        assert (row["seq"], row["prev"], entry.source) == (self.seq + 1, self.head, self.state)
        assert (entry.seq, entry.prev) == (row["seq"], row["prev"])
        if entry.kind == "moved":
            arc = CARE.transition(entry.source, entry.trigger)
            assert arc is not None
            assert all(held for _, held in entry.guards)
            assert tuple(code for code, _ in entry.guards) == tuple(guard.code for guard in arc.guards)
            self.round += arc.new_round
        else:
            assert entry.dest == entry.source
        assert entry.round == self.round
        self.state, self.seq, self.head = entry.dest, row["seq"], row["hash"]
        self._check_steps(walk, entry)
        return entry

    def _check_steps(self, walk: Journey, entry: Event) -> None:
        """Every step that an entry tells of is a row, and every row of this entry is told of."""
        stream = f"case:{walk.case}"
        stored = walk.rows("SELECT * FROM process_step WHERE stream = ? AND seq = ?", stream, entry.seq)
        told = {(step.process, step.n, step.machine, step.trigger, step.source, step.dest) for step in entry.steps}
        names = ("process_id", "n", "machine", "trigger", "source", "dest")
        assert told == {tuple(row[name] for name in names) for row in stored}
        assert all(held for step in entry.steps for _, held in step.guards)


def check_case(walk: Journey) -> None:
    """What holds whatever was done last: I1, I2, I3, I6, I8, I9 and I10."""
    child = walk.row["child_id"]
    assert walk.rows("SELECT COUNT(*) FROM care_case WHERE child_id = ? AND state NOT IN ('closed', 'voided')", child)[0][0] <= 1, "I1"
    live = walk.rows("SELECT * FROM placement WHERE child_id = ? AND status NOT IN ('ended', 'disrupted')", child)
    assert len(live) <= 1, "I2"
    _check_setting(walk, live)
    if walk.row["state"] in ENDED:
        _check_end(walk)
    _check_reviews(walk)
    _check_processes(walk)
    for host in walk.rows("SELECT * FROM host WHERE kind IN ('lksa', 'uptd')"):
        _check_house(walk, host)


def _check_setting(walk: Journey, live: list[sqlite3.Row]) -> None:
    """I3: where the child lives is where its one placement stands."""
    state = walk.row["state"]
    if state in OUT_OF_HOME:
        assert len(live) == 1, "I3"
        assert (live[0]["kind"], live[0]["state"]) == (OUT_OF_HOME[state], state), "I3"
        assert live[0]["status"] in ("active", "unconfirmed", "on_leave"), "I3"
    elif state in HELD_OPEN:
        assert all(row["status"] == "reserved" for row in live), "I3"
    else:
        assert not live, "I3"


def _check_end(walk: Journey) -> None:
    """I6: nothing waits, nothing is due, no incident is open; but what the end itself leaves to others."""
    trigger = walk.rows("SELECT trigger FROM event WHERE case_id = ? AND kind = 'moved' ORDER BY seq DESC LIMIT 1", walk.case)[0]["trigger"]
    waiting = walk.rows(
        "SELECT kind FROM approval_request WHERE case_id = ? AND status IN ('submitted', 'in_second_approval', 'approved')", walk.case
    )
    kinds = {row["kind"] for row in waiting}
    assert kinds <= ({"ratification"} if trigger == "record_death" else set()), f"I6: {kinds}"
    tasks = walk.rows("SELECT kind, due_at FROM task WHERE case_id = ? AND settled_at IS NULL", walk.case)
    due = [task["kind"] for task in tasks if datetime.fromisoformat(task["due_at"]) <= walk.at]
    assert not due, f"I6: {due}"
    live = live_processes(walk)
    incidents = [_newest_body(walk, process["record_id"]) for process in live if process["machine"] == "incident"]
    unexamined = [body["type"] for body in incidents if not _left_to_others(trigger, body)]
    assert not unexamined, f"I6: {unexamined}"
    beside = {(process["machine"], process["state"]) for process in live if process["machine"] != "incident"}
    beside -= {("reintegration", state) for _, state in beside if walk.row["state"] == "aftercare"}
    assert {machine for machine, _ in beside} <= {"referral"}, f"I6: {beside}"
    assert all(state in ACCEPTED for _, state in beside), f"I6: {beside}"


def live_processes(walk: Journey) -> list[sqlite3.Row]:
    """Return the processes beside the case that have not ended."""
    found = walk.rows("SELECT * FROM process WHERE case_id = ? ORDER BY opened_at, id", walk.case)
    return [row for row in found if MACHINES[row["machine"]].states[row["state"]].kind != "final"]


def _newest_body(walk: Journey, record: str) -> dict[str, str]:
    """Return the newest version of the form that opened a process."""
    while after := walk.rows("SELECT id FROM record WHERE supersedes = ?", record):
        record = after[0]["id"]
    body = walk.rows("SELECT CAST(body AS TEXT) AS body FROM record WHERE id = ?", record)[0]["body"]
    return dict(msgspec.json.decode(body))


def _check_processes(walk: Journey) -> None:
    """Every process stands where its steps lead, by its own table; the register says the same; out of home one review goes on (I10)."""
    steps: dict[str, list[sqlite3.Row]] = {}
    made = "SELECT s.* FROM process_step s JOIN process p ON p.id = s.process_id WHERE p.case_id = ? ORDER BY s.process_id, s.n"
    for step in walk.rows(made, walk.case):
        steps.setdefault(step["process_id"], []).append(step)
    found = walk.rows("SELECT * FROM process WHERE case_id = ?", walk.case)
    for row in found:
        _check_steps(row, steps[row["id"]])
    kept = walk.rows("SELECT l.status, p.state FROM placement l LEFT JOIN process p ON p.id = l.id WHERE l.case_id = ?", walk.case)
    assert all(row["status"] == row["state"] for row in kept), [tuple(row) for row in kept]
    reviews = [row["state"] for row in live_processes(walk) if row["machine"] == "periodic_review"]
    state = walk.row["state"]
    asked = walk.rows("SELECT due_at FROM task WHERE case_id = ? AND kind = 'review' AND settled_at IS NULL", walk.case)
    assert len(reviews) == len(asked), f"I10: {reviews} in {state}, {len(asked)} asked"
    assert len(reviews) == 1 if state in OUT_OF_HOME else len(reviews) <= (state not in ENDED), f"I10: {reviews} in {state}"
    due = {row["due_at"] for row in live_processes(walk) if row["machine"] == "periodic_review"}
    assert due == {row["due_at"] for row in asked}, "I10: the review and its task fall due on different days"


def _check_steps(row: sqlite3.Row, steps: list[sqlite3.Row]) -> None:
    machine = MACHINES[row["machine"]]
    where = ""
    for number, step in enumerate(steps, start=1):
        assert (step["n"], step["source"]) == (number, where), f"{row['machine']}: {tuple(step)}"
        arc = machine.transition(where, step["trigger"]) if where else None
        expected = machine.definition.initial if arc is None else where if arc.dest == SAME else arc.dest
        assert step["dest"] == expected, f"{row['machine']}: {tuple(step)}"
        where = step["dest"]
    assert (row["state"], row["steps"]) == (where, len(steps)), f"{row['machine']}: {tuple(row)}"


def _left_to_others(trigger: str, incident: dict[str, str]) -> bool:
    """The receiver takes over everything; the police have what they have of a child who died or stays lost."""
    with_police = bool(incident.get("police_reference"))
    match trigger:
        case "transfer_out":
            return True
        case "record_death":
            return incident["type"] == "death" or with_police
        case "close_long_missing":
            return with_police
    return False


def _check_reviews(walk: Journey) -> None:
    """I10: out of home one review is open, overdue or not; at home at most the one after a disappearance; after an end none."""
    count = walk.rows("SELECT COUNT(*) FROM task WHERE case_id = ? AND kind = 'review' AND settled_at IS NULL", walk.case)[0][0]
    state = walk.row["state"]
    if state in OUT_OF_HOME:
        assert count == 1, f"I10: {count} in {state}"
    else:
        assert count <= (state not in ENDED), f"I10: {count} in {state}"


def _check_house(walk: Journey, host: sqlite3.Row) -> None:
    """I8 and I9: no more children than beds, and none of another religion, but in an emergency or before anybody decided."""
    living = "SELECT p.state, c.religion FROM placement p JOIN child c ON c.id = p.child_id WHERE p.host_id = ?"
    here = walk.rows(f"{living} AND p.status NOT IN ('ended', 'disrupted')", host["id"])
    decided = [row for row in here if row["state"] not in OVER_CAPACITY]
    assert len(decided) <= host["capacity"], "I8"
    assert all(host["religion"] in (None, row["religion"]) for row in decided), "I9"


def check_move(walk: Journey, before: Sight, after: Sight, entry: Event) -> None:
    """What holds between before and after a move: I4, I5, I13, I14, and that every effect of the row was carried out."""
    row = CARE.transition(entry.source, entry.trigger)
    assert row is not None
    assert (entry.source, entry.dest) == (before.state, after.state)
    assert after.emergency_days >= before.emergency_days, "I14"
    signers = [signature.person for signature in entry.approvals]
    assert tuple(signature.role for signature in entry.approvals) == row.before
    assert len({*signers, entry.requester or entry.actor.person}) == len(signers) + 1, "four eyes"
    assert all(signature.digest == entry.evidence_digest for signature in entry.approvals)
    if row.dest == HELD:
        _check_return(walk, before, after, entry)
    elif after.state == "institutional_care":
        assert entry.trigger in DOORS, "I5"
        assert len(signers) == 2, "I4"
        assert _id(after) != _id(before), "I4"
    elif after.state == "institution_unverified":
        assert entry.trigger in RESIDENT, "I13"
    if before.state == "institution_unverified" and after.state == "institutional_care":
        assert entry.trigger == "admit_to_institution", "I13"
    _check_tasks(walk, before, entry)


def _id(seen: Sight) -> str:
    return str(seen.placement["id"]) if seen.placement else ""


def _check_return(walk: Journey, before: Sight, after: Sight, entry: Event) -> None:
    """I4 and I5: back to the same episode, within its days, under 18, with a second signature that follows."""
    at = datetime.fromisoformat(entry.occurred_at)
    assert at < walk.birthday, "I5"
    assert _id(after) == _id(before), "I5"
    if before.placement is not None:
        reserved = datetime.fromisoformat(str(before.placement["reserved_at"]))
        limit = PARAMS.reserved_bed_days if before.state == "trial_home_stay" else PARAMS.missing_hold_days + 1
        assert at - reserved <= timedelta(days=limit), "I5"
        assert after.state == before.placement["state"], "I5"
    waiting = walk.rows(
        "SELECT needs FROM approval_request WHERE case_id = ? AND kind = 'ratification' AND trigger = ? ORDER BY id DESC",
        walk.case,
        entry.trigger,
    )
    assert waiting[0]["needs"] == "dinas_head", "I4"


def _check_tasks(walk: Journey, before: Sight, entry: Event) -> None:
    """Every task of the row is there, due when it should be; where the row settles, nothing of before is left open."""
    row = CARE.transition(entry.source, entry.trigger)
    assert row is not None
    at = datetime.fromisoformat(entry.occurred_at)
    for due in (effect for effect in row.effects if isinstance(effect, Due)):
        if f"kept: {due.task}" in entry.effects:
            continue
        found = walk.rows("SELECT due_at FROM task WHERE case_id = ? AND kind = ? AND created_seq = ?", walk.case, due.task, entry.seq)
        said = f"due: {due.task} ("
        keys = {word.removeprefix(said).removesuffix(")") for word in entry.effects if word.startswith(said)}
        assert {datetime.fromisoformat(task["due_at"]) for task in found} == {at + span for key in keys for span in _spans(key)}, due
        assert due.within in keys or min(at + span for key in keys for span in _spans(key)) <= min(at + span for span in _spans(due.within))
    for settle in (effect for effect in row.effects if isinstance(effect, Settle)):
        left = walk.rows(
            "SELECT id FROM task WHERE case_id = ? AND settled_at IS NULL AND created_seq < ?"
            " AND NOT EXISTS (SELECT 1 FROM process WHERE process.id = task.process_id AND process.machine = ?)",
            *(walk.case, entry.seq, settle.but),
        )
        assert not left, f"{entry.trigger} left {len(left)} of {len(before.tasks)} tasks open"


def _spans(key: str) -> Iterator[timedelta]:
    value = getattr(PARAMS, key)
    for span in value if isinstance(value, tuple) else (value,):
        yield timedelta(hours=span) if key.endswith("_hours") else timedelta(days=span)
