"""Processes beside the toy journey: four small definitions, published in the town, and one process of each on its way."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from casework.ledger.event import NO_HASH, Actor, Event, Step, Through, decode_event
from casework.machines.engine import Ask, Definition, Machine, State, Transition, compile_machine
from casework.store import database
from casework.store.database import open_engine
from casework.store.publish import publish
from casework.store.streams import actor_row
from tests.databases import Database, dropped
from tests.store.world import AT, CASE, LATER, LAW, MODES, WORD, Raw, furnished, on_probation, project, raw_on

ACCOUNT = "account-worker"


class Seen(msgspec.Struct, frozen=True):
    """What toy guards may see: who asks."""

    ask: Ask


def _machine(name: str, about: Any, initial: str, *rows: tuple[str, str, str], final: tuple[str, ...] = ()) -> Machine[Seen]:
    names = dict.fromkeys(state for _, source, dest in rows for state in (source, dest))
    states = tuple(State(state, WORD, kind="final" if state in final else "live") for state in names)
    table = tuple(Transition[Seen](trigger, WORD, (source,), dest, law=LAW) for trigger, source, dest in rows)
    return compile_machine(Definition(name=name, version=1, initial=initial, states=states, transitions=table, about=about))


GRIEVANCE = _machine(
    "grievance", "case", "open", ("look", "open", "looked"), ("extend", "looked", "looked"), ("settle", "looked", "settled"),
    final=("settled",),
)  # fmt: skip
HOST = _machine(
    "host", "host", "registered", ("activate", "registered", "active"), ("suspend", "active", "suspended"),
    ("lift", "suspended", "active"), ("revoke", "suspended", "revoked"), final=("revoked",),
)  # fmt: skip
STAFF = _machine(
    "staff", "staff", "pending", ("clear", "pending", "cleared"), ("suspend", "cleared", "suspended"), ("leave", "suspended", "left"),
    final=("left",),
)  # fmt: skip
PLACEMENT = _machine(
    "placement", "case", "proposed", ("accept", "proposed", "host_accepted"), ("decline", "proposed", "declined"),
    ("approve", "host_accepted", "approved"), ("start", "approved", "active"), ("reserve", "active", "reserved"),
    ("resume", "reserved", "active"), ("end", "active", "ended"), ("end", "reserved", "ended"), final=("declined", "ended"),
)  # fmt: skip
COMPLAINT = _machine(
    "complaint", "office", "received", ("look", "received", "under_review"), ("close", "under_review", "closed"), final=("closed",)
)
LEAK = _machine("leak", "office", "found", ("tell", "found", "told"), final=("told",))
BESIDE = {machine.definition.name: machine for machine in (GRIEVANCE, HOST, STAFF, PLACEMENT, COMPLAINT, LEAK)}
TOLD = {
    "id": "told", "office_id": "office", "channel": "public", "danger": 1, "received_at": LATER, "code_hash": "h", "body": b"{}",
    "digest": "d", "salt": b"s", "reporter": b"{}", "host_id": "host",
}  # fmt: skip
STAY = {
    "id": "stay", "case_id": CASE, "child_id": "child", "kind": "institution", "state": "institution", "status": "active",
    "host_id": "host", "started_at": LATER, "started_seq": 3,
}  # fmt: skip

INSPECTED = {
    "id": "inspected", "host_id": "host", "kind": "inspection", "body": b"{}", "digest": "d", "salt": b"s", "author": "worker",
    "author_role": "supervisor", "entered_at": AT,
}  # fmt: skip


def new_process(process: str, machine: str = "grievance", **changed: Any) -> dict[str, Any]:
    """Return the row of a process at its beginning: of the town's case, or of its host."""
    definition = BESIDE[machine].definition
    of_case, of_office = definition.about == "case", definition.about == "office"
    return {
        "id": process, "machine": machine, "version": 1, "state": definition.initial, "steps": 0, "case_id": CASE if of_case else None,
        "host_id": None if of_case or of_office else "host", "office_id": "office" if of_case or of_office else None,
        "opened_at": LATER, "entered_at": LATER,
    } | changed  # fmt: skip


def a_step(process: str, n: int, trigger: str, source: str, dest: str, machine: str = "grievance", **changed: Any) -> Step:
    """Return a step as an entry names it."""
    made = Step(
        process=process, n=n, machine=machine, version=1, definition=BESIDE[machine].digest, trigger=trigger, source=source, dest=dest
    )
    return msgspec.structs.replace(made, **changed)


def told_by_case(raw: Raw, *steps: Step, case_id: str = CASE, **says: Any) -> dict[str, Any]:
    """Return the row of the next entry of a case, which names these steps."""
    entry = decode_event(raw.event(case_id, kind="process_moved")["body"])
    return project(msgspec.structs.replace(entry, steps=steps, **says))


def told_by_actor(raw: Raw, *steps: Step, **says: Any) -> dict[str, Any]:
    """Return the row of the next entry of the worker's own stream, which names these steps."""
    last = raw.every("SELECT seq, hash FROM actor_event WHERE account_id = ? ORDER BY seq DESC LIMIT 1", ACCOUNT)
    entry = Event(
        stream=f"actor:{ACCOUNT}", seq=last[0]["seq"] + 1 if last else 1, prev=last[0]["hash"] if last else NO_HASH, kind="process_moved",
        occurred_at=LATER, recorded_at=LATER, actor=Actor(person="worker", account=ACCOUNT, role="supervisor", office="office"),
        through=Through(), steps=steps,
    )  # fmt: skip
    return actor_row(ACCOUNT, msgspec.structs.replace(entry, **says))


def row_of(step: Step, entry: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """Return the row of a step that an entry names."""
    stream = f"actor:{entry['account_id']}" if "account_id" in entry else f"case:{entry['case_id']}"
    row = {
        "process_id": step.process, "n": step.n, "stream": stream, "seq": entry["seq"], "machine": step.machine, "version": step.version,
        "trigger": step.trigger, "source": step.source, "dest": step.dest, "occurred_at": LATER,
    }  # fmt: skip
    return row | changed


def make(raw: Raw, *steps: Step, of_case: bool = True) -> None:
    """Write an entry that names these steps, and make them: as the program does it."""
    entry = told_by_case(raw, *steps) if of_case else told_by_actor(raw, *steps)
    raw.insert("event" if of_case else "actor_event", entry)
    for step in steps:
        raw.insert("process_step", row_of(step, entry))


PLACED = (
    ("open", "", "proposed"), ("accept", "proposed", "host_accepted"), ("approve", "host_accepted", "approved"),
    ("start", "approved", "active"),
)  # fmt: skip


def place(raw: Raw, steps: tuple[tuple[str, str, str], ...] = PLACED) -> None:
    """Let the child of the town's case live with its host."""
    raw.insert("process", new_process("stay", "placement", host_id="host"))
    make(raw, *(a_step("stay", n, *step, "placement") for n, step in enumerate(steps, start=1)))
    raw.insert("placement", STAY)


def found(town: Database) -> None:
    """Publish the definitions, and bring a process of each on its way."""
    engine = open_engine(town.owner)
    with engine.connect() as connection:
        database.begin_write(connection)
        for machine in BESIDE.values():
            publish(connection, machine, AT)
        connection.commit()
    engine.dispose()
    raw = raw_on(town, "as the program" if town.engine == "sqlite" else "postgresql, as the owner")
    raw.insert("account", {"id": ACCOUNT, "person_id": "worker", "username": "worker", "password_hash": "!", "created_at": AT})
    raw.insert("process", new_process("grievance"))
    make(raw, a_step("grievance", 1, "open", "", "open"))
    make(raw, a_step("grievance", 2, "look", "open", "looked"))
    raw.insert("process", new_process("host", "host"))
    make(
        raw,
        a_step("host", 1, "open", "", "registered", "host"),
        a_step("host", 2, "activate", "registered", "active", "host"),
        of_case=False,
    )
    raw.insert("staff", {"id": "member", "host_id": "host", "name": "Ibu", "duty": "pengasuh", "status": "pending"})
    raw.insert("host", {"id": "elderly", "kind": "lks", "services": "elderly", "name": "-", "status": "registered", "created_at": AT})
    raw.insert("host_entry", INSPECTED)
    raw.insert("process", new_process("member", "staff"))
    make(raw, a_step("member", 1, "open", "", "pending", "staff"), of_case=False)
    place(raw)
    raw.insert("process", new_process("told", "complaint"))
    make(raw, a_step("told", 1, "open", "", "received", "complaint"), of_case=False)
    raw.insert("complaint", TOLD)
    raw.insert(
        "complaint_answer", {"complaint_id": "told", "n": 1, "body": b"-", "digest": "d", "salt": b"s", "author": "worker", "at": LATER}
    )
    raw.close()


@pytest.fixture(scope="session")
def busy_towns(towns: Callable[[str], Database]) -> Callable[[str], Database]:
    """Return the town on an engine with processes beside its case: made once, to be copied."""
    return furnished(towns, found)


@pytest.fixture
def prowler(busy_towns: Callable[[str], Database], mode: str) -> Iterator[Raw]:
    """Somebody past the program, on the busy town itself: whatever they do is rolled back."""
    with on_probation(busy_towns(MODES[mode][0]), mode) as raw:
        yield raw


@pytest.fixture
def busy(busy_towns: Callable[[str], Database], request: pytest.FixtureRequest) -> Iterator[Database]:
    """A copy of the busy town, on the engine that the test is parametrised with."""
    with dropped(busy_towns(request.param).copy()) as copy:
        yield copy
