"""How processes touch: what one entry of the journal brings beside the journey, as their tables declare it, in the same transaction.

The entry that caused a step carries it. What another child's case is told of gets an entry there, which names its cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from casework.errors import DefinitionError
from casework.ledger.event import Step
from casework.machines.book import newest_machines, opened_by, tasks_of_its_own
from casework.machines.care import CARE
from casework.machines.counting import counted_from
from casework.machines.effects import AGAIN, LEAVING, Done, Due, EachChild, Effect, Fire, Look, Open, Relation, When, flattened
from casework.machines.effects import asked_by as left_by
from casework.machines.engine import SAME, Ask, Guard, Machine, Move, Transition
from casework.machines.facts import Facts, Process
from casework.machines.forms import Incident, Referral
from casework.machines.houses import HouseFacts
from casework.services import due, urgent
from casework.services.due import REPLACED, Agenda
from casework.services.houses import house_facts
from casework.store import cases, delegations, journal, people, placements, processes, registers
from casework.store.cases import CaseRow
from casework.store.facts import Snapshot, counted_as_one, read_snapshot
from casework.store.ids import new_id
from casework.store.processes import ProcessRow
from casework.store.records import RecordRow
from casework.store.unit import Unit


def asked_by(move: Move[Any], held: frozenset[str]) -> str:
    """Return the role in which somebody made a step."""
    return next(role for role in move.transition.by if role in held)


DUE_WITH = {"review": "periodic_review"}
"""The process that falls due with a task."""
CLOCK = frozenset({"clock"})
SYSTEM = frozenset({"system"})
"""In which capacity a process makes a step that something else brought about."""


class Consequences:
    """What happens beside the journey with one entry, of a case's stream or of the actor's own (`case` None): hosts and their staff.

    `steps`, `words` and what `ended` of the tasks in the field belong into the entry; `follow` is called once it is written.
    """

    def __init__(self, unit: Unit, case: CaseRow | None, *, facts: Facts | None = None) -> None:
        """Begin with nothing. What falls due is counted from when the thing happened, unless its row says otherwise.

        `facts` are those that the entry was decided on, if they are at hand: clocks are set by them, without asking anew.
        """
        self.steps: list[Step] = []
        self.words: list[str] = []
        self.ended: list[str] = []
        self.unit = unit
        self._case = case
        self._from = unit.call.happened_at
        self._facts = facts
        self._now: dict[str, ProcessRow] = {}
        self._stored: tuple[ProcessRow, ...] | None = None
        self._tasks: Agenda | None = None
        self._elsewhere: list[tuple[str, Due]] = []
        self.placed: Callable[[], None] | None = None
        """Enters the placement that this entry puts in force."""

    def begin(
        self, machine: Machine[Any], process_id: str, *, host: str = "", record: str = "", due_at: datetime | None = None
    ) -> ProcessRow:
        """Begin a process and what its beginning brings."""
        row, step = processes.open_process(
            self.unit, machine, process_id=process_id, case=self._case, host_id=host, record_id=record, due_at=due_at
        )
        self._note(row, step)
        self.carry_out(machine.definition.opening, row)
        return row

    def begin_by_form(self, record: RecordRow) -> None:
        """Begin what the signing of this form begins. Nobody decides about the house that it names meanwhile."""
        for machine in opened_by(record.form):
            host = self._host_named(record)
            if host:
                self.unit.lock(host)
            self.begin(machine, new_id(self.unit.call.at), host=host, record=record.id)

    def happened(self, what: str) -> None:
        """Let every process of the case make the step that waits for this (`signed:F16`), if its guards hold now."""
        if self._case is None:
            return
        for row in self._of_case():
            machine = processes.machine_of(row)
            for transition in _leaving(row):
                if transition.on == what:
                    outcome = machine.decide(row.state, transition.trigger, self.facts_about(row, SYSTEM))
                    if isinstance(outcome, Move):
                        self.make(row, outcome.trigger)
                        break

    def make(self, row: ProcessRow, trigger: str) -> ProcessRow:
        """Make a step that was decided, or that nothing decides about, with what it brings."""
        machine = processes.machine_of(row)
        transition = machine.transition(row.state, trigger)
        if transition is None:
            return row
        dest = row.state if transition.dest == SAME else transition.dest
        since = transition.since(self.facts_about(row, SYSTEM)) if transition.since else self._from
        moved, step = processes.step(self.unit, row, machine, trigger, dest)
        self._note(moved, step)
        if self._case is not None:
            urgent.note_process(self.unit, f"{row.machine}.{trigger}", moved, self._case.office_id)
        self._note_in_register(moved, trigger)
        usual, self._from = self._from, since
        self.carry_out(transition.effects, moved)
        self._from = usual
        return moved

    def _note_in_register(self, row: ProcessRow, trigger: str) -> None:
        """Write what a step changes beside the status, which follows by itself (walls): a host's revision, seats, why a placement ended."""
        if row.machine == "host":
            registers.change_host(self.unit, row.id)
        elif row.machine == "staff":
            registers.change_staff(self.unit, row.id)
            if row.state in {"suspended", "barred", "left"}:
                registers.end_seats(self.unit, row.id)
        elif row.machine == "referral" and trigger in processes.ASKS_A_BODY:
            processes.ask_body(self.unit, row.id, getattr(self.facts_about(row, SYSTEM), "receiver", None))
        elif row.machine == "placement" and trigger == placements.LAPSE:
            placements.end(self.unit, row.id, placements.HOLD_LAPSED, placements.HOLD_LAPSED)
            self.words.append("placement ended: hold lapsed")

    def hold(self, process_id: str, until: datetime) -> None:
        """Hold the place of a placement: by then the clock looks at it again. One that is held already is held no longer than it was."""
        known = next((row for row in self._of_case() if row.id == process_id), None)
        if known is None:
            return
        if known.state != "reserved":
            self.make(msgspec.structs.replace(known, due_at=until), "reserve")
        elif known.due_at is None or until < known.due_at:
            sooner = msgspec.structs.replace(known, due_at=until)
            self._now[known.id] = sooner
            processes.schedule(self.unit, known.id, due_at=until, wakes_at=self.wakes_at(sooner))

    def make_what_time_brought(self, row: ProcessRow) -> str:
        """Make the step of a process that is the clock's to make now, and return its trigger, "" where there is none."""
        machine = processes.machine_of(row)
        ours = [transition.trigger for transition in _leaving(row) if transition.wakes is not None]
        facts = self.facts_about(row, CLOCK) if ours else None
        trigger = next((each for each in ours if isinstance(machine.decide(row.state, each, facts), Move)), "")
        if trigger:
            self.make(row, trigger)
        return trigger

    def catch_up(self, row: ProcessRow) -> None:
        """Say when the clock has to look at a process after a change of what its time counts from, and make what that time has brought."""
        row = self.schedule(row)
        while row.wakes_at is not None and row.wakes_at <= self.unit.call.at and self.make_what_time_brought(row):
            row = self._now[row.id]

    def make_by_id(self, process_id: str, trigger: str) -> None:
        """Make a step of the process of that id, if there is one ("" is none)."""
        if process_id:
            known = next((row for row in self._of_case() if row.id == process_id), None)
            self.make(known or processes.get(self.unit, process_id), trigger)

    def placement_for(self, host: str) -> str:
        """Return the id of the placement that this house accepted, or of a new one that is proposed now (DOMAIN 7.4)."""
        offered = (row for row in self._of_case() if (row.machine, row.state, row.host_id) == ("placement", "host_accepted", host))
        known = next(offered, None) if host else None
        return known.id if known else self.begin(newest_machines()["placement"], new_id(self.unit.call.at), host=host).id

    def fire(self, machine: str, trigger: str, row: ProcessRow | None, of: Relation) -> None:
        """Have every process in a relation make a step, where it leads on from its state."""
        for target in self._related(machine, row, of):
            self.make(self._now.get(target.id, target), trigger)

    def carry_out(self, effects: tuple[Effect, ...], row: ProcessRow | None) -> None:
        """Do what a row declares, in its order. Effects on the child's own place are the journey's (`services/effects.py`)."""
        for effect in effects:
            match effect:
                case When():
                    if row is not None and self._holds(effect.condition, row):
                        self.carry_out(effect.effects, row)
                case Open():
                    self._open(effect.machine, effect.within)
                case Fire():
                    self.fire(effect.machine, effect.trigger, row, effect.of)
                case Look():
                    for target in self._related(effect.machine, row, effect.of):
                        processes.schedule(self.unit, target.id, due_at=target.due_at, wakes_at=self.unit.call.at)
                case EachChild():
                    self._for_each_child(effect.due, row)
                case Due() if self._case is not None:
                    self.ask(effect, self._owner(effect.task, row))
                case Done() if self._case is not None:
                    self.agenda.settle({effect.task: row.machine if row else "done"}, self._owner(effect.task, row))
                case _:
                    pass

    def facts_about(self, row: ProcessRow, capacities: frozenset[str]) -> Facts | HouseFacts:
        """Return what the guards of a process may see now, with these capacities."""
        ask = Ask(self.unit.call.who.person, capacities)
        if row.case_id and self._case is not None:
            return process_facts(read_snapshot(self.unit, self._case), row, ask)
        return house_facts(self.unit, row, ask)

    def proves(self, process_id: str, guard: Guard[Any]) -> bool:
        """Whether what a process waits for holds now."""
        return guard.unmet(self.facts_about(processes.get(self.unit, process_id), SYSTEM)) is None

    def follow(self, cause: str) -> None:
        """Enter the placement that the entry put in force, and ask for what is due in other children's cases, by entries that name it."""
        if self.placed is not None:
            self.placed()
        for case_id, wanted in self._elsewhere:
            case = cases.locked(self.unit, case_id)
            there = Consequences(self.unit, case)
            there.ask(wanted)
            if there.words:
                journal.append(self.unit, case, "task_due", "system", effects=tuple(there.words), cause=cause)

    def _note(self, row: ProcessRow, step: Step) -> None:
        """Keep a step for the entry, and when the clock has to look at the process again."""
        self.steps.append(step)
        self._now[row.id] = self.schedule(row)

    def schedule(self, row: ProcessRow) -> ProcessRow:
        """Say when the clock has to look at a process again: after its step, and after a change of what its time counts from."""
        wakes_at = self.wakes_at(row)
        if wakes_at != row.wakes_at:
            processes.schedule(self.unit, row.id, due_at=row.due_at, wakes_at=wakes_at)
        return msgspec.structs.replace(row, wakes_at=wakes_at)

    def wakes_at(self, row: ProcessRow) -> datetime | None:
        """Return when the clock may make the next step of a process, or None: never."""
        leaving = [transition.wakes for transition in _leaving(row) if transition.wakes is not None]
        facts = self._timed(row) if leaving else None
        return min((moment for wakes in leaving if (moment := wakes(facts)) is not None), default=None)

    def _timed(self, row: ProcessRow) -> Facts | HouseFacts:
        """Return facts that a clock may be set by."""
        if self._facts is None or row.record_id is not None or not row.case_id:
            return self.facts_about(row, SYSTEM)
        known = next((process for process in self._facts.processes if process.id == row.id), None) or processes.begun(row)
        process = msgspec.structs.replace(known, state=row.state, entered_at=row.entered_at, due_at=row.due_at)
        return msgspec.structs.replace(self._facts, process=process)

    @property
    def agenda(self) -> Agenda:
        """The open tasks of the case, as this entry leaves them."""
        if self._case is None:
            msg = "there is no case whose tasks are meant"
            raise DefinitionError(msg)
        if self._tasks is None:
            self._tasks = Agenda(self.unit, self._case)
        return self._tasks

    def _owner(self, task: str, row: ProcessRow | None) -> str:
        """Return the process that a task belongs to, "" for the case itself."""
        own = row is not None and self._case is not None and row.case_id == self._case.id and task in tasks_of_its_own(row.machine)
        return row.id if row is not None and own else ""

    def settle_all(self, how: str, *, but: str) -> None:
        """Close every open task, but those of processes of the machine `but` that go on."""
        going = (row for row in self._of_case() if row.machine == but and processes.machine_of(row).states[row.state].kind == "live")
        self.ended += self.agenda.settle_all(how, frozenset(row.id for row in going))

    def ask(self, wanted: Due, of: str = "") -> None:
        """Ask for a task of a process ("": of the case itself), and bring forward the process that is due with it."""
        began = counted_from(self._of_now(), wanted.since, self._from) if wanted.since else self._from
        if began is None or not self.agenda.ask(wanted, began, of):
            return
        self.words.append(f"due: {wanted.task} ({wanted.within})")
        self._note_urgent(wanted)
        due_at = self.agenda.due_at(wanted.task)
        if wanted.task not in DUE_WITH or due_at is None:
            return
        for row in self._of_case():
            if row.machine == DUE_WITH[wanted.task] and row.due_at is not None and row.due_at > due_at:
                sooner = msgspec.structs.replace(row, due_at=due_at)
                self._now[row.id] = sooner
                processes.schedule(self.unit, row.id, due_at=due_at, wakes_at=self.wakes_at(sooner))

    def _note_urgent(self, wanted: Due) -> None:
        """The task that was asked for last of its kind is told of, where its deadline is urgent."""
        if self._case is not None:
            task = [task for task in self.agenda.open if task.kind == wanted.task][-1]
            urgent.note(self.unit, wanted.within, "task", task.id, self._case, task.due_at)

    def again(self, kinds: Iterable[str]) -> None:
        """Ask anew for what comes again and again, by what is known of the child now."""
        self._bring(tuple(effect for kind in kinds for effect in AGAIN.get(kind, ())))

    def count_from_birth_anew(self) -> None:
        """Another birth is known now: what is counted from it moves with it, where the child lives in care."""
        counted = {due.task for due in flattened(LEAVING) if isinstance(due, Due)}
        if self._case is not None and counted <= {*left_by(self._case.state, self._of_now().case.missing_from)}:
            self.agenda.settle(dict.fromkeys(counted, REPLACED))
            self._bring(LEAVING)

    def _bring(self, effects: tuple[When | Due, ...]) -> None:
        """Do what the journey's rows declare, outside a step, by what is known of the child now."""
        hidden = {effect.condition for effect in effects if isinstance(effect, When)}
        facts = self._of_now() if hidden else None
        unmet = {guard.code for guard in CARE.definition.conditions if facts is not None and guard.code in hidden and guard.unmet(facts)}
        for effect in effects:
            if isinstance(effect, Due):
                self.ask(effect)
            elif effect.condition not in unmet:
                self.carry_out(effect.effects, None)

    def _of_now(self) -> Facts:
        """Return what may be seen of the case: as the entry was decided on, else as it stands now."""
        return self._facts or read_snapshot(self.unit, self.agenda.case).facts

    def _of_case(self) -> list[ProcessRow]:
        """Return the processes of the case as they stand with the steps of this entry: read once."""
        if self._case is None:
            return []
        if self._stored is None:
            self._stored = processes.of_case(self.unit, self._case.id)
        known = {row.id: row for row in self._stored}
        return list((known | {row.id: row for row in self._now.values() if row.case_id == self._case.id}).values())

    def _holds(self, condition: str, row: ProcessRow) -> bool:
        guards = processes.machine_of(row).definition.conditions
        facts = self.facts_about(row, SYSTEM)
        return all(guard.unmet(facts) is None for guard in guards if guard.code == condition)

    def _open(self, name: str, within: str) -> None:
        machine = newest_machines()[name]
        going = (row for row in self._of_case() if row.machine == name and machine.states[row.state].kind == "live")
        if next(going, None) is None:
            due_at = self._due_with(name, within) if within else None
            self.begin(machine, new_id(self.unit.call.at), due_at=due_at)
            self.words.append(f"opened: {name}")

    def _due_with(self, machine: str, within: str) -> datetime:
        """Return when a process falls due: after its parameter, or with the task of it that is due sooner."""
        with_it = (task.due_at for task in self.agenda.open if DUE_WITH.get(task.kind) == machine)
        return min((*with_it, *due.moments(self.unit, self._from, within)))

    def _related(self, machine: str, row: ProcessRow | None, of: Relation) -> Iterator[ProcessRow]:
        if of == "case":
            yield from (each for each in self._of_case() if each.machine == machine)
        elif of == "residence" and self._case is not None:
            for home in placements.homes_of(self.unit, self._case):
                yield from processes.of_host(self.unit, home, machine)
        elif row is not None and row.host_id:
            wanted = {row.host_id} if of == "host" else self._accused(row) if of == "accused" else None
            for each in processes.of_host(self.unit, row.host_id):
                if each.machine == machine and (wanted is None or each.id in wanted):
                    yield each

    def _accused(self, row: ProcessRow) -> set[str]:
        facts = self.facts_about(row, SYSTEM)
        record = facts.process.record if facts.process is not None else None
        return {*record.body.accused_staff} if record is not None and isinstance(record.body, Incident) else set()

    def _for_each_child(self, wanted: Due, row: ProcessRow | None) -> None:
        if row is None or not row.host_id:
            return
        for case_id in placements.cases_at(self.unit, row.host_id):
            if self._case is not None and case_id == self._case.id:
                self.ask(wanted)
            else:
                self._elsewhere.append((case_id, wanted))

    def _host_named(self, record: RecordRow) -> str:
        household = getattr(record.body, "subject_household", "") or getattr(record.body, "host", "")
        return household if household and registers.is_host(self.unit, household) else ""


def _leaving(row: ProcessRow) -> tuple[Transition[Any], ...]:
    machine = processes.machine_of(row)
    found = (machine.transition(row.state, trigger) for trigger in machine.triggers_from(row.state))
    return tuple(transition for transition in found if transition is not None)


def _stands(known: Process, row: ProcessRow) -> bool:
    """Whether what was read with the case is where the process stands: it may be ahead by the steps of this entry."""
    return (known.state, len(known.made), known.due_at) == (row.state, row.steps, row.due_at)


def process_facts(snapshot: Snapshot, row: ProcessRow, ask: Ask) -> Facts:
    """Return what the guards of a process beside a case may see."""
    unit = snapshot.unit
    persons = people.persons_of_hosts_beside(unit, snapshot.row.id, row.host_id) if row.host_id else frozenset()
    known = next((each for each in snapshot.facts.processes if each.id == row.id), None)
    process = known if known is not None and _stands(known, row) else processes.seen(unit, row)
    form = process.record.body if process.record is not None else None
    receiver = registers.receiver(unit, form.receiver) if isinstance(form, Referral) and form.receiver else snapshot.facts.receiver
    facts = msgspec.structs.replace(snapshot.facts, ask=ask, process=process, persons_of_host=persons, receiver=receiver)
    return counted_as_one(facts, delegations.hands(unit, snapshot.row.id, now=True))
