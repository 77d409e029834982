"""A story while it is played: who is who, what time it is, and what happened so far. Every deed goes through a service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from casework.errors import CaseworkError, Conflict, Fault, Invalid, NotFound, Reason, Refusal, StaleVersion
from casework.ledger.event import Event, decode_event
from casework.ledger.event import Step as Made
from casework.machines.facts import WITA, Subject
from casework.rehearsal.cast import Cast, sheet
from casework.rehearsal.format import Child, Step, Wish, World
from casework.rehearsal.moments import age_in_years
from casework.rehearsal.sense import STARTS
from casework.services.cases import Advanced
from casework.services.processes import Stepped
from casework.services.tick import Ticked
from casework.store import approvals, cases, people, processes, trail
from casework.store.call import Call, Who
from casework.store.cases import CaseRow
from casework.store.store import Store
from casework.store.unit import Unit
from casework.words import Words

A = TypeVar("A", bound=msgspec.Struct)
R = TypeVar("R")
_MINUTE = timedelta(minutes=1)
_IN_THE_ACTORS_STREAM = frozenset({"host", "staff"})
"""The machines whose steps stand in no case's journal."""
OBSERVER = "bambang"
"""Whose eyes the runner looks through to compare: a supervisor sees every case of the office."""


class Moved(msgspec.Struct, frozen=True):
    """What one process did with a deed: the machine, where it stood ("": it began), and where it stands."""

    machine: str
    source: str
    dest: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One deed in the account: who did what when, and how it was answered.

    `steps` are those that processes made with it; `elsewhere` what it brought in other children's cases, each with the child's name.
    """

    at: datetime
    who: str
    role: str
    did: Words
    codes: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    faults: tuple[Fault, ...] = ()
    state: str = ""
    effects: tuple[str, ...] = ()
    steps: tuple[Moved, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()


class Known(msgspec.Struct):
    """What a story knows of one child: its case and what was filed there, by the names that the file gives."""

    about: Child
    case: str = ""
    child: str = ""
    bodies: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    records: dict[str, str] = msgspec.field(default_factory=dict)
    filed: list[tuple[str, str]] = msgspec.field(default_factory=list)
    papers: list[tuple[str, str]] = msgspec.field(default_factory=list)
    relatives: dict[str, str] = msgspec.field(default_factory=dict)


class Play:
    """One story on one database. `case`, `records` and `relatives` fill up as it goes; they are those of the child it is `about` just now.

    A play that is `listening` reads after each deed what the journal says that it brought: for whoever compares or tells it.
    """

    def __init__(self, store: Store, cast: Cast, world: World, *, listening: bool = False) -> None:
        self.store = store
        self.cast = cast
        self.world = world
        self.now = datetime.strptime(world.start, STARTS).replace(tzinfo=WITA)
        self.about: Child = world.child
        self.case = ""
        self.child = ""
        self.bodies: dict[str, dict[str, Any]] = {}
        self.records: dict[str, str] = {}
        self.filed: list[tuple[str, str]] = []
        self.papers: list[tuple[str, str]] = []
        self.relatives: dict[str, str] = {}
        self.lines: list[Line] = []
        self.complaints: list[str] = []
        self._listening = listening
        self._heard: dict[str, int] = {}
        self._key = ""
        self._known = {"": Known(world.child), **{key: Known(other) for key, other in world.others.items()}}

    def turn_to(self, key: str) -> None:
        """Go on with another child of the story; "" is the world's own."""
        if key == self._key:
            return
        names = Known.__struct_fields__
        self._known[self._key] = Known(**{name: getattr(self, name) for name in names})
        for name in names:
            setattr(self, name, getattr(self._known[key], name))
        self._key = key

    def words(self, by: str) -> dict[str, Any]:
        """Return what stands for the words in braces, for a deed of this person."""
        child = self.about
        return {
            "child": child.name,
            **{name: getattr(child, name) for name in ("sex", "born_place", "born_precision", "religion", "mother_name", "father_name")},
            "born": child.born or None,
            "age": age_in_years(child.born, self.now),
            "author": sheet().name_of(by),
            "worker": self.world.worker,
        }

    def doer(self, step: Step) -> str:
        """Return the key of who does a step: as written, else who usually does such a thing."""
        said = step.by or step.default_by
        if said == "{head}":
            return sheet().head_of(getattr(step, "host", "")) or OBSERVER
        return self.world.worker if said == "{worker}" else said

    def act(self, by: str, did: Words, service: Callable[[Store, Call, A], R], ask: A, *, occurred_at: datetime | None = None) -> R:
        """Let a person do one thing through a service, and write the line of the account. What the service raises is raised again."""
        call = Call(who=self.who(by), at=self.now, occurred_at=occurred_at)
        self.now += _MINUTE
        try:
            answer = service(self.store, call, ask)
        except CaseworkError as no:
            self.lines.append(_refused(self._line(call, by, did), no))
            raise
        line = self._line(call, by, did)
        if isinstance(answer, Advanced):
            line = msgspec.structs.replace(line, state=answer.state)
        if isinstance(answer, Stepped) and answer.machine in _IN_THE_ACTORS_STREAM:
            line = msgspec.structs.replace(line, effects=answer.effects, steps=(Moved(answer.machine, answer.source, answer.state),))
        self.lines.append(self._listened(line) if self._listening else line)
        return answer

    def pass_time(self, tick: Callable[[Store, datetime], Ticked]) -> None:
        """Let the clock run, and write the line of what it made. Raises Invalid for what it could not do."""
        before = self._states()
        done = tick(self.store, self.now)
        if done.failed:
            raise Invalid(*(Fault("$", Words(told, told)) for told in done.failed))
        after = self._states()
        changed = [(key, state) for key, state in after.items() if before.get(key) != state]
        steps = tuple(Moved(machine, before.get((machine, key), ""), state) for (machine, key), state in changed)
        did = Words(f"jam berjalan: {len(done.made)} langkah", f"the clock runs: {len(done.made)} steps")
        line = Line(at=self.now, who="Sistem", role="clock", did=did, steps=steps)
        self.lines.append(msgspec.structs.replace(self._listened(line), steps=steps) if self._listening else line)

    def _states(self) -> dict[tuple[str, str], str]:
        """Return where every process that the story knows of stands, by machine and id."""
        with self.store.read(Call(who=self.who(OBSERVER), at=self.now)) as unit, unit.over_everything():
            cases_told = (self.case, *(known.case for known in self._known.values()))
            rows = [row for case in dict.fromkeys(filter(None, cases_told)) for row in processes.of_case(unit, case)]
            rows += [row for host in self.cast.hosts.values() for row in processes.of_host(unit, host)]
            rows += [processes.get(unit, host) for host in self.cast.hosts.values()]
        return {(row.machine, row.id): row.state for row in rows}

    def _listened(self, line: Line) -> Line:
        """Return a line with what the new entries of the journal say that the deed brought: in this child's case, and in the others'."""
        others = [(known.about.name, known.case) for key, known in self._known.items() if key != self._key]
        with self.store.read(Call(who=self.who(OBSERVER), at=self.now)) as unit:
            here = self._news(unit, self.case)
            elsewhere = tuple((name, effect) for name, case in others for event in self._news(unit, case) for effect in event.effects)
        effects = tuple(effect for event in here for effect in event.effects)
        steps = (*line.steps, *_moved(here))
        return msgspec.structs.replace(line, effects=(*line.effects, *effects), steps=steps, elsewhere=elsewhere)

    def _news(self, unit: Unit, case: str) -> tuple[Event, ...]:
        """Return the entries of a case's journal since it was read last; none for a child without a case yet."""
        if not case:
            return ()
        stored = trail.newer_entries(unit, case, self._heard.get(case, 0))
        self._heard[case] = max((entry.seq for entry in stored), default=self._heard.get(case, 0))
        return tuple(decode_event(entry.body) for entry in stored)

    def _line(self, call: Call, by: str, did: Words) -> Line:
        return Line(at=call.at, who=sheet().name_of(by), role=sheet().person[by].role, did=did)

    def who(self, key: str) -> Who:
        """Return the account of the cast with the seats it holds now. Raises NotFound for one that is suspended."""
        account = self.cast.people[key].account
        nobody = Who(person="", account="", name="", seats=())
        with self.store.read(Call(who=nobody, at=self.now)) as unit:
            found = people.who_is(unit, account, self.now)
        if found is None:
            raise NotFound(key)
        return found

    def identify(self, _path: str, key: str) -> str:
        """Return the id behind a key in a body: sense.py has made sure that there is one. Staff of an institution go by their names."""
        staff = {name: entry for (_, name), entry in self.cast.staff.items()}
        return {**staff, **self.cast.bodies, **self.cast.hosts, **self.relatives, "case": self.case}[key]

    def subject(self, wish: Wish) -> Subject:
        """Return what a wish names, by id."""
        return Subject(
            host=self.cast.hosts.get(wish.host, ""),
            relative=self.relatives.get(wish.relative, ""),
            receiver=self.cast.bodies.get(wish.receiver, ""),
            reason=wish.reason,
        )

    def look(self) -> CaseRow:
        """Return the case as it stands."""
        with self.store.read(Call(who=self.who(OBSERVER), at=self.now)) as unit:
            return cases.get_case(unit, self.case)

    def newest_process(self, machine: str) -> str:
        """Return the process of this machine that began last among those that go on, else among all. Raises NotFound."""
        with self.store.read(Call(who=self.who(OBSERVER), at=self.now)) as unit:
            found = [row for row in processes.of_case(unit, self.case) if row.machine == machine]
        if not found:
            raise NotFound(machine)
        going = [row for row in found if processes.machine_of(row).states[row.state].kind == "live"]
        return (going or found)[-1].id

    def newest_breach(self) -> str:
        """Return the breach of data of the office that was reported last. Raises NotFound."""
        with self.store.read(Call(who=self.who(OBSERVER), at=self.now)) as unit, unit.over_everything():
            found = processes.of_office(unit, self.cast.offices["dinas"], "data_breach")
        if not found:
            raise NotFound("breach")
        return found[-1].id

    def open_request(self, kind: str, trigger: str) -> approvals.RequestRow:
        """Return the newest request of a kind (and trigger) that waits for a decision. Raises NotFound."""
        with self.store.read(Call(who=self.who(OBSERVER), at=self.now)) as unit:
            found = approvals.requests_of(unit, self.case, statuses=approvals.OPEN)
        request = next((row for row in found if row.kind == kind and trigger in ("", row.trigger)), None)
        if request is None:
            raise NotFound(f"{kind} {trigger}")
        return request

    def open_task(self, kind: str) -> str:
        """Return the open task of a kind that is due first. Raises NotFound."""
        with self.store.read(Call(who=self.who(OBSERVER), at=self.now)) as unit:
            found = approvals.tasks_of(unit, self.case)
        task = next((row.id for row in found if row.kind == kind and row.settled_at is None), None)
        if task is None:
            raise NotFound(f"task {kind}")
        return task


def codes_of(no: CaseworkError) -> frozenset[str]:
    """Return the codes of any no: a refusal's own, else the one that stands for its kind."""
    if isinstance(no, Refusal):
        return no.codes
    named = ((NotFound, "not_found"), (Invalid, "invalid"), (StaleVersion, "stale_version"), (Conflict, "conflict"))
    return frozenset({next((code for kind, code in named if isinstance(no, kind)), type(no).__name__.lower())})


def _refused(line: Line, no: CaseworkError) -> Line:
    reasons = no.reasons if isinstance(no, Refusal) else ()
    faults = no.faults if isinstance(no, Invalid) else ()
    return msgspec.structs.replace(line, codes=tuple(sorted(codes_of(no))), reasons=reasons, faults=faults)


def _moved(events: Iterable[Event]) -> Iterator[Moved]:
    """Yield where each process went with these entries: its first source and its last destination."""
    made: dict[str, list[Made]] = {}
    for step in (step for event in events for step in event.steps):
        made.setdefault(step.process, []).append(step)
    for steps in made.values():
        yield Moved(steps[0].machine, steps[0].source, steps[-1].dest)
