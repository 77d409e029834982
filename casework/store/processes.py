"""The processes beside the journey: where each stands, and the steps that brought it there.

A step is part of what an entry of the journal says. `open_process` and `step` return it; whoever writes the entry gives it all of its steps
(`journal.append(..., steps=...)`), and only then does the process move: the walls know no other way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Text, bindparam, func, select, text

from casework.errors import NotFound, StoreMismatch
from casework.ledger.event import Step
from casework.machines.book import OPEN, by_version
from casework.machines.engine import Machine
from casework.machines.facts import Filed, Process, Receiver
from casework.machines.forms import Form, Incident
from casework.machines.versions import MIGRATE
from casework.store import records
from casework.store.cases import CaseRow
from casework.store.instants import from_text, to_text
from casework.store.schema import LIVE_PLACEMENT, account, event, placement, process, process_step
from casework.store.statements import Change, Query, as_list, listed
from casework.store.unit import Unit


class ProcessRow(msgspec.Struct, frozen=True, kw_only=True):
    """A process as its row stands. `steps` is how many it has made, its beginning among them. None: of no case, of no host, of no form."""

    id: str
    machine: str
    version: int
    state: str
    steps: int
    opened_at: datetime
    entered_at: datetime
    case_id: str | None = None
    host_id: str | None = None
    record_id: str | None = None
    office_id: str | None = None
    due_at: datetime | None = None
    wakes_at: datetime | None = None
    body_id: str | None = None


class StepRow(msgspec.Struct, frozen=True):
    """One step as it was made. `by` is the natural person who acted in its entry, "" for nobody's; `entry` names that as `stream#seq`."""

    n: int
    trigger: str
    source: str
    dest: str
    at: datetime
    by: str
    entry: str


_NEW = Change(
    process.insert().values(
        {name: bindparam(name) for name in process.columns.keys() if name != "wakes_at"}  # noqa: SIM118 - a column collection is not a mapping
    )
)


def open_process(
    unit: Unit,
    machine: Machine[Any],
    *,
    process_id: str,
    case: CaseRow | None = None,
    host_id: str = "",
    record_id: str = "",
    due_at: datetime | None = None,
    office_id: str | None = None,
) -> tuple[ProcessRow, Step]:
    """Begin a process and return it as its first step leaves it. That step belongs into the entry that is written next.

    `office_id` is whose it is where neither a case nor a house is concerned. `process_id` is the id of its register row where there is one
    (placement, host, staff), else a new one.
    """
    definition, at = machine.definition, unit.call.happened_at
    row = ProcessRow(
        id=process_id,
        machine=definition.name,
        version=definition.version,
        state=definition.initial,
        steps=0,
        opened_at=at,
        entered_at=at,
        case_id=case.id if case else None,
        host_id=host_id or None,
        record_id=record_id or None,
        office_id=case.office_id if case else office_id,
        due_at=due_at,
    )
    stored = {name: to_text(value) if isinstance(value, datetime) else value for name, value in msgspec.structs.asdict(row).items()}
    stored.pop("wakes_at")
    unit.put(_NEW, stored)
    return _stepped(row, machine, OPEN, "", definition.initial, at)


def step(unit: Unit, row: ProcessRow, machine: Machine[Any], trigger: str, dest: str) -> tuple[ProcessRow, Step]:
    """Return a process as a step leaves it, and the step. Several may follow each other in one entry. Nothing is written here."""
    return _stepped(row, machine, trigger, row.state, dest, unit.call.happened_at)


def pass_over(row: ProcessRow, machine: Machine[Any], dest: str) -> tuple[ProcessRow, Step]:
    """Return a process as it runs by a newer version of its machine, and the step that brings it there. It restarts no clock."""
    version = machine.definition.version
    made = Step(
        process=row.id,
        n=row.steps + 1,
        machine=row.machine,
        version=version,
        definition=machine.digest,
        trigger=MIGRATE,
        source=row.state,
        dest=dest,
    )
    return msgspec.structs.replace(row, version=version, state=dest, steps=made.n), made


def _stepped(row: ProcessRow, machine: Machine[Any], trigger: str, source: str, dest: str, at: datetime) -> tuple[ProcessRow, Step]:
    definition = machine.definition
    if (row.machine, row.version) != (definition.name, definition.version):
        raise StoreMismatch(f"a process of {row.machine} version {row.version} makes no step of {definition.name} {definition.version}")
    found = machine.transition(source, trigger)
    made = Step(
        process=row.id,
        n=row.steps + 1,
        machine=row.machine,
        version=row.version,
        definition=machine.digest,
        trigger=trigger,
        source=source,
        dest=dest,
        guards=tuple((guard.code, True) for guard in found.guards) if found else (),
    )
    return msgspec.structs.replace(row, state=dest, steps=made.n, entered_at=at if source != dest else row.entered_at), made


_SCHEDULE = Change(
    process.update().where(process.c.id == bindparam("process")).values(due_at=bindparam("due"), wakes_at=bindparam("wakes"))
)


def schedule(unit: Unit, process_id: str, *, due_at: datetime | None, wakes_at: datetime | None) -> None:
    """Say by when somebody must act on a process, and when the clock looks at it again; None: never."""
    due, wakes = (to_text(moment) if moment else None for moment in (due_at, wakes_at))
    unit.put(_SCHEDULE, {"process": process_id, "due": due, "wakes": wakes})


ASKS_A_BODY = frozenset({"send", "give_information"})
"""Steps of a referral with which it goes to the receiver that its form names."""
_ASK = Change(process.update().where(process.c.id == bindparam("process")).values(body_id=bindparam("body")))


def ask_body(unit: Unit, process_id: str, receiver: Receiver | None) -> None:
    """Lay a referral on the desk of the body that it is sent to, or on none."""
    unit.put(_ASK, {"process": process_id, "body": receiver.id if receiver is not None else None})


_of_entry = (
    select(event.c.actor)
    .where(event.c.case_id == func.substr(process_step.c.stream, 6), event.c.seq == process_step.c.seq)
    .correlate(process_step)
    .scalar_subquery()
)
"""Not a join: row-level security lets no condition with a function of another table's column choose the index of `event`."""
_of_account = select(account.c.person_id).where(account.c.id == func.substr(process_step.c.stream, 7)).correlate(process_step)
_person = func.coalesce(_of_entry, _of_account.scalar_subquery(), "").label("by")
_columns = [process.c[name] for name in ProcessRow.__struct_fields__]
_made = [process_step.c[name] for name in ("n", "stream", "seq", "trigger", "source", "dest", "occurred_at")]
_with_steps = (
    select(*_columns, *(column.label(f"step_{column.name}") for column in _made), _person)
    .select_from(process)
    .outerjoin(process_step, process_step.c.process_id == process.c.id)
    .order_by(process.c.opened_at, process.c.id, process_step.c.n)
)
PROCESSES_OF_CASE = Query(_with_steps.where(process.c.case_id == bindparam("case_id")))
"""The processes of a case with every step they made: one row a step, oldest first (value `case_id`)."""
OF_HOST = Query(select(*_columns).where(process.c.host_id == bindparam("host_id")).order_by(process.c.opened_at, process.c.id))
OF_HOST_AND_MACHINE = Query(
    select(*_columns)
    .where(process.c.host_id == bindparam("host_id"), process.c.machine == bindparam("machine"))
    .order_by(process.c.opened_at, process.c.id)
)
CRITICAL_REVIEWS = Query(
    select(process.c.id)
    .join(placement, placement.c.case_id == process.c.case_id)
    .where(placement.c.host_id == bindparam("host_id"), text(f"placement.{LIVE_PLACEMENT}"))
    .where(process.c.machine == "periodic_review", process.c.state == "critical")
)
OF_OFFICE = Query(
    select(*_columns)
    .where(process.c.machine == bindparam("machine"), process.c.office_id == bindparam("office"))
    .order_by(process.c.opened_at, process.c.id)
)
ONE = Query(select(*_columns).where(process.c.id == bindparam("process")))
STEPS = Query(_with_steps.where(process.c.id == bindparam("process")))
MANY = Query(_with_steps.where(listed(process.c.id, "processes")))
"""Some processes with every step they made: one row a step."""
WAKING = Query(
    select(*_columns)
    .where(process.c.wakes_at <= bindparam("at", type_=Text))
    .order_by(process.c.wakes_at, process.c.id)
    .limit(bindparam("most"))
)


def get(unit: Unit, process_id: str) -> ProcessRow:
    """Return a process, whoever may see it. Raises NotFound."""
    found = unit.ask(ONE, process=process_id)
    if not found:
        raise NotFound("process")
    return row_of(found[0])


def of_case(unit: Unit, case_id: str) -> tuple[ProcessRow, ...]:
    """Return the processes of a case, oldest first."""
    first = {found.id: found for found in reversed(unit.ask(PROCESSES_OF_CASE, case_id=case_id))}
    return tuple(row_of(found) for found in reversed(first.values()))


def of_host(unit: Unit, host_id: str, machine: str = "") -> tuple[ProcessRow, ...]:
    """Return the processes that concern a host, oldest first: its own, its staff's, its children's. With `machine`, only those of it."""
    if machine:
        return tuple(row_of(found) for found in unit.ask(OF_HOST_AND_MACHINE, host_id=host_id, machine=machine))
    return tuple(row_of(found) for found in unit.ask(OF_HOST, host_id=host_id))


def of_office(unit: Unit, office_id: str, machine: str) -> tuple[ProcessRow, ...]:
    """Return the processes of a machine that belong to an office itself, oldest first."""
    return tuple(row_of(found) for found in unit.ask(OF_OFFICE, office=office_id, machine=machine))


def waking(unit: Unit, at: datetime, limit: int) -> tuple[ProcessRow, ...]:
    """Return the processes that the clock has to look at by `at`, the longest waiting first, at most `limit`."""
    return tuple(row_of(found) for found in unit.ask(WAKING, at=to_text(at), most=limit))


def steps_of(unit: Unit, process_id: str) -> tuple[StepRow, ...]:
    """Return the steps of a process, oldest first."""
    return tuple(step for found in unit.ask(STEPS, process=process_id) for step in _step(found))


def steps_of_case(unit: Unit, case_id: str) -> Mapping[str, tuple[StepRow, ...]]:
    """Return the steps of every process of a case, oldest first, by the process."""
    made: dict[str, list[StepRow]] = {}
    for found in unit.ask(PROCESSES_OF_CASE, case_id=case_id):
        made.setdefault(found.id, []).extend(_step(found))
    return {process_id: tuple(steps) for process_id, steps in made.items()}


def _step(found: Any) -> Iterator[StepRow]:
    """Yield the step that a row of the query holds: none for a process whose beginning is not written yet."""
    if found.step_n:
        entry = f"{found.step_stream}#{found.step_seq}"
        yield StepRow(
            found.step_n, found.step_trigger, found.step_source, found.step_dest, from_text(found.step_occurred_at), found.by, entry
        )


def facts_of_case(unit: Unit, case_id: str) -> tuple[Process, ...]:
    """Return what guards may see of the processes of a case, oldest first."""
    made = steps_of_case(unit, case_id)
    return tuple(_process(unit, row, made[row.id]) for row in of_case(unit, case_id))


def some(unit: Unit, process_ids: Iterable[str]) -> dict[ProcessRow, tuple[StepRow, ...]]:
    """Return some processes, the oldest first, each with its steps, oldest first."""
    rows: dict[str, ProcessRow] = {}
    made: dict[str, list[StepRow]] = {}
    for found in unit.ask(MANY, processes=as_list(process_ids)):
        rows[found.id] = rows.get(found.id) or row_of(found)
        made.setdefault(found.id, []).extend(_step(found))
    return {row: tuple(made[row.id]) for row in rows.values()}


def seen(unit: Unit, row: ProcessRow, made: Iterable[StepRow] | None = None) -> Process:
    """Return what guards may see of a process: as `row` says that it stands, which may be ahead of the database by unwritten steps.

    `made` are its steps, where they were read already.
    """
    return _process(unit, row, steps_of(unit, row.id) if made is None else made)


def begun(row: ProcessRow) -> Process:
    """Return what guards may see of a process that begins with the entry that is being made, by no form."""
    return Process(row.id, row.machine, row.version, row.state, row.opened_at, row.entered_at, row.case_id or "", row.host_id or "")


def open_incidents_at(unit: Unit, host_id: str) -> tuple[frozenset[str], ...]:
    """Return, for each incident against a host that has not ended, the members of staff that it accuses."""
    going = (row for row in of_host(unit, host_id, "incident") if machine_of(row).states[row.state].kind != "final")
    return tuple(_accused(_newest(unit, row)) for row in going)


def critical_reviews_at(unit: Unit, host_id: str) -> int:
    """Return how many reviews of children who live with a host, or have a place kept there, are critically overdue."""
    return len(unit.ask(CRITICAL_REVIEWS, host_id=host_id))


def _accused(record: Filed[Form] | None) -> frozenset[str]:
    return frozenset(record.body.accused_staff) if record is not None and isinstance(record.body, Incident) else frozenset()


def machine_of(row: ProcessRow) -> Machine[Any]:
    """Return the machine that a process is pinned to."""
    return by_version()[row.machine, row.version]


def row_of(found: Any) -> ProcessRow:
    """Return a process from its row."""
    values = {name: getattr(found, name) for name in ProcessRow.__struct_fields__}
    moments = {name: from_text(values[name]) if values[name] else None for name in ("opened_at", "entered_at", "due_at", "wakes_at")}
    return ProcessRow(**values | moments)


def _process(unit: Unit, row: ProcessRow, made: Iterable[StepRow]) -> Process:
    steps = tuple(made)
    return Process(
        id=row.id,
        machine=row.machine,
        version=row.version,
        state=row.state,
        opened_at=row.opened_at,
        entered_at=row.entered_at,
        case_id=row.case_id or "",
        host_id=row.host_id or "",
        record=_newest(unit, row),
        by=tuple(dict.fromkeys(step.by for step in steps if step.by)),
        made=tuple((step.trigger, step.at) for step in steps),
        due_at=row.due_at,
    )


def _newest(unit: Unit, row: ProcessRow) -> Filed[Form] | None:
    """Return the form that opened a process, as it stands now."""
    return records.newest_version(unit, row.case_id, row.record_id) if row.case_id and row.record_id else None
