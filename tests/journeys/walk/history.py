"""A case as its journal tells it, read by a second reader: entry by entry, and what must hold between before and after a move."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import msgspec

from casework.ledger.event import NO_HASH, Event, decode_event
from casework.machines.care import CARE
from casework.machines.effects import AGAIN, ONCE, Due, Settle
from casework.machines.engine import HELD
from casework.machines.facts import WITA
from casework.store import cases, placements
from casework.store.call import Call
from casework.store.facts import emergency_days
from tests.journeys.walk.town import ADULT, PARAMS, Journey

DOORS = ("admit_to_institution", "change_institution", "relocate_from_lost_host")
RESIDENT = ("register_existing_resident", "relocate_from_lost_host")
COLUMNS = ("kind", "machine", "version", "trigger", "source", "dest", "round", "actor", "requester", "occurred_at", "recorded_at", "prev")
"""What the row of an entry repeats of its body."""
PRIVATE = (b"Siti Aminah", b"Hasan Basri", b"Paman", b"Anak ", b"Saksi", b"Saya ", b"AKTA/", b"/CONTOH", b"ditinggal")
"""Words that people write into forms here: none of them belongs into the journal."""


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

    def __init__(self) -> None:
        self.state = CARE.definition.initial
        self.seq = 0
        self.round = 1
        self.head = NO_HASH

    def follow(self, walk: Journey) -> list[Event]:
        """Read what is new in the journal, and compare where it leads with the case's row. Returns the new entries."""
        stored = walk.rows("SELECT * FROM event WHERE case_id = ? AND seq > ? ORDER BY seq", walk.case, self.seq)
        entries = [self._read(walk, row) for row in stored]
        row = walk.row
        assert (row["state"], row["seq"], row["round"], row["head"]) == (self.state, self.seq, self.round, self.head)
        return entries

    def _read(self, walk: Journey, row: Any) -> Event:
        body = bytes(row["body"])
        entry = decode_event(body)
        assert row["hash"] == hashlib.sha256(b"\x00" + body).hexdigest()
        _check_projection(row, entry)
        told = [word for word in (*PRIVATE, walk.name.encode()) if word in body]
        assert not told, f"personal values in the journal: {told}"
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


def _check_projection(row: Any, entry: Event) -> None:
    """The columns of an entry say what its body says."""
    said = {
        "machine": entry.rules.machine,
        "version": entry.rules.version,
        "actor": entry.actor.person,
        "requester": entry.requester,
        "trigger": entry.trigger if entry.kind == "moved" else "",
    }
    for name in COLUMNS:
        value = said[name] if name in said else getattr(entry, name)
        assert (row[name] or None) == (value or None), f"{name}: {row[name]} in the row, {value} in the body"
    signers = [signature.person for signature in entry.approvals] if entry.kind == "moved" else []
    assert [person for person in (row["approver_1"], row["approver_2"]) if person] == signers


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
        if f"kept: {due.task}" not in entry.effects:
            _check_task(walk, before, entry, due, at)
    for settle in (effect for effect in row.effects if isinstance(effect, Settle)):
        left = walk.rows(
            "SELECT id FROM task WHERE case_id = ? AND settled_at IS NULL AND created_seq < ?"
            " AND NOT EXISTS (SELECT 1 FROM process WHERE process.id = task.process_id AND process.machine = ?)",
            *(walk.case, entry.seq, settle.but),
        )
        assert not left, f"{entry.trigger} left {len(left)} of {len(before.tasks)} tasks open"


def _check_task(walk: Journey, before: Sight, entry: Event, due: Due, at: datetime) -> None:
    found = walk.rows("SELECT due_at FROM task WHERE case_id = ? AND kind = ? AND created_seq = ?", walk.case, due.task, entry.seq)
    due_at = {datetime.fromisoformat(task["due_at"]) for task in found}
    said = f"due: {due.task} ("
    keys = {word.removeprefix(said).removesuffix(")") for word in entry.effects if word.startswith(said)}
    if not keys:
        assert due.since or due.task in AGAIN, f"{entry.trigger} asks for no {due.task}"
        assert _needs_no_other(walk, entry, due), f"{entry.trigger} asks for no {due.task}"
    elif due.since:
        counted = _counted(walk, before, due, at)
        turned = {timedelta(), timedelta(days=1 if due.since == "emergency" else 0)}  # a day may have turned since the look before
        assert len(due_at) == 1, due
        assert due_at <= {max(at, counted - day) for day in turned}, due
    else:
        assert due_at == {at + span for key in keys for span in _spans(key)}, due
        assert due.within in keys or min(at + span for key in keys for span in _spans(key)) <= min(at + span for span in _spans(due.within))


def _needs_no_other(walk: Journey, entry: Event, due: Due) -> bool:
    """Whether a task of this kind stands, or was done and is asked for once."""
    older = "SELECT settled_at FROM task WHERE case_id = ? AND kind = ? AND created_seq < ?"
    return any(task["settled_at"] is None or due.since in ONCE for task in walk.rows(older, walk.case, due.task, entry.seq))


def _counted(walk: Journey, before: Sight, due: Due, at: datetime) -> datetime:
    """Return when something is due that is counted from the child's birth, or with the days that were spent in care before."""
    morning = datetime.combine(walk.born, time(), WITA)
    span = getattr(PARAMS, due.within)
    match due.since:
        case "birth" if due.within.endswith("_months"):
            years, months = divmod(morning.month - 1 + span, 12)
            return morning.replace(year=morning.year + years, month=months + 1)
        case "birth":
            return morning + timedelta(days=span)
        case "adult":
            return morning.replace(year=morning.year + ADULT) + timedelta(days=span)
        case "emergency":
            return at + timedelta(days=span - before.emergency_days)
    asked = "SELECT started_at, ended_at FROM placement WHERE child_id = ? AND state = 'institutional_care'"
    stays = [(datetime.fromisoformat(row[0]), row[1]) for row in walk.rows(asked, walk.row["child_id"])]
    spent = sum(((datetime.fromisoformat(ended) if ended else at) - began for began, ended in stays), timedelta())
    return at + timedelta(days=span) - spent


def _spans(key: str) -> Iterator[timedelta]:
    value = getattr(PARAMS, key)
    for span in value if isinstance(value, tuple) else (value,):
        yield timedelta(hours=span) if key.endswith("_hours") else timedelta(days=span)
