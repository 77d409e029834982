"""A story while it is played: who is who, what time it is, and what happened so far. Every deed goes through a service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from casework.errors import CaseworkError, Conflict, Fault, Invalid, NotFound, Reason, Refusal, StaleVersion
from casework.machines.care import CARE
from casework.machines.effects import Later
from casework.machines.facts import WITA, Subject
from casework.rehearsal.cast import Cast, sheet
from casework.rehearsal.format import Step, Wish, World
from casework.rehearsal.moments import age_in_years
from casework.rehearsal.sense import STARTS
from casework.services.cases import Advanced
from casework.store import approvals, cases, people
from casework.store.call import Call, Who
from casework.store.cases import CaseRow
from casework.store.store import Store
from casework.words import Words

A = TypeVar("A", bound=msgspec.Struct)
R = TypeVar("R")
_MINUTE = timedelta(minutes=1)
OBSERVER = "bambang"
"""Whose eyes the runner looks through to compare: a supervisor sees every case of the office."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One deed in the account: who did what when, and how it was answered."""

    at: datetime
    who: str
    role: str
    did: Words
    codes: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    faults: tuple[Fault, ...] = ()
    state: str = ""
    effects: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()


class Play:
    """One story on one database. `case`, `records` and `relatives` fill up as it goes."""

    def __init__(self, store: Store, cast: Cast, world: World) -> None:
        self.store = store
        self.cast = cast
        self.world = world
        self.now = datetime.strptime(world.start, STARTS).replace(tzinfo=WITA)
        self.case = ""
        self.child = ""
        self.records: dict[str, str] = {}
        self.filed: list[tuple[str, str]] = []
        self.papers: list[tuple[str, str]] = []
        self.relatives: dict[str, str] = {}
        self.lines: list[Line] = []

    def words(self, by: str) -> dict[str, Any]:
        """Return what stands for the words in braces, for a deed of this person."""
        child = self.world.child
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
        self.lines.append(_moved(line, answer) if isinstance(answer, Advanced) else line)
        return answer

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
        """Return the id behind a key in a body: sense.py has made sure that there is one."""
        return {**self.cast.bodies, **self.cast.hosts, **self.relatives, "case": self.case}[key]

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


def _moved(line: Line, moved: Advanced) -> Line:
    """Tell apart what was carried out and what is only called for: a process that a later machine brings."""
    row = CARE.transition(moved.source, moved.trigger)
    later = {effect.process for effect in row.effects if isinstance(effect, Later)} if row else set()
    done = tuple(effect for effect in moved.effects if effect not in later)
    return msgspec.structs.replace(line, state=moved.state, effects=done, pending=tuple(e for e in moved.effects if e in later))
