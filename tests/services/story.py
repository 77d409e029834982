"""A story on a database of its own: one case, its people, and a clock that every deed moves on by a minute.

Beginnings are played once per session from the rehearsals' stages, through the services; every test gets a copy of the file.
"""

import contextlib
import itertools
import shutil
import sqlite3
from collections.abc import Callable
from copy import copy
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from sqlalchemy import event as hooks

from casework.errors import CaseworkError
from casework.ledger.event import Event, Through, decode_event
from casework.machines.facts import Subject
from casework.machines.forms import Intake, decode
from casework.machines.parameters import Parameters
from casework.rehearsal import cast
from casework.rehearsal.bodies import complete, fill, make_real
from casework.rehearsal.deeds import DEEDS
from casework.rehearsal.moments import moment
from casework.rehearsal.play import Play, codes_of
from casework.rehearsal.run import BEFORE
from casework.rehearsal.script import Script, script_of
from casework.services import approvals, cases, decisions, people, records
from casework.services.approvals import DecideApproval, Decision, RequestApproval, WithdrawApproval
from casework.services.cases import AdvanceCase, Advanced, NewChild, RegisterCase
from casework.services.people import NewAccount
from casework.services.records import SignRecord
from casework.store.call import Call, Seat, Who
from casework.store.people import who_is
from casework.store.unit import Store

A = TypeVar("A", bound=msgspec.Struct)
R = TypeVar("R")

PARAMS = Parameters()
PASSWORD = "kata-sandi-uji-coba"  # noqa: S105 - the password of people who do not exist
OPERATOR = Who(person="operator", account="operator", name="operator", seats=(Seat("admin", "terminal"),))


class Beginning(msgspec.Struct, frozen=True):
    """Where stories begin: a closed database file, and what the play that made it remembers."""

    path: Path
    play: Play


def open_store(path: Path) -> Store:
    """Return a store that does not wait for the disk: these tests are not about power cuts."""
    store = Store(str(path), PARAMS, case_prefix="UJI", go_live=date(2026, 1, 5))
    hooks.listen(store._engine, "connect", _hurry)
    return store


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


class Beginnings:
    """Prepares each beginning once: the town, then the stages asked for, each played on a copy of what stands before it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[tuple[str, ...], Beginning] = {}
        self._names = (folder / f"{number}.sqlite3" for number in itertools.count())

    def story(self, *stages: str, **world: Any) -> "Story":
        """Return a story that has come through these stages and those they build on; `world` changes who it is about and when."""
        found = self._after(_script(stages, world).stages, world)
        path = next(self._names)
        shutil.copy(found.path, path)
        return Story(path, found.play)

    def _after(self, stages: tuple[str, ...], world: dict[str, Any]) -> Beginning:
        key = (*stages, repr(sorted(world.items())))
        if key not in self._known:
            self._known[key] = self._play(self._after(stages[:-1], world), stages, world) if stages else self._town(world)
        return self._known[key]

    def _town(self, world: dict[str, Any]) -> Beginning:
        story = _script((), world).story.world
        path = next(self._names)
        store = open_store(path)
        began = Play(store, cast.Cast({}, {}, {}, {}, {}), story).now - BEFORE
        store.upgrade(began)
        made = cast.build(store, began, PASSWORD)
        store.close()
        return Beginning(path, Play(store, made, story))

    def _play(self, before: Beginning, stages: tuple[str, ...], world: dict[str, Any]) -> Beginning:
        """Play the last of the stages on a copy of what the ones before it brought."""
        path = next(self._names)
        shutil.copy(before.path, path)
        store = open_store(path)
        play = _resumed(before.play, store)
        for scene in (scene for scene in _script(stages, world).scenes if scene.stage == stages[-1]):
            play.now = moment(scene.step.at, play.now)
            DEEDS[type(scene.step)](play, play.doer(scene.step), scene.step)
        store.close()
        return Beginning(path, play)


def _script(stages: tuple[str, ...], world: dict[str, Any]) -> Script:
    return script_of({"title": "uji", "world": world, "after": [*stages], "step": [{"do": "look", "expect": {}}]})


def _resumed(play: Play, store: Store) -> Play:
    again = copy(play)
    again.store = store
    again.records, again.relatives = {**play.records}, {**play.relatives}
    again.filed, again.papers, again.lines = [*play.filed], [*play.papers], [*play.lines]
    return again


class Story:
    """One case on one database. Every deed is a service's; `rows` looks into the file, `wreck` changes it past the program."""

    def __init__(self, path: Path, play: Play) -> None:
        self.path = path
        self.store = open_store(path)
        self.play = _resumed(play, self.store)
        self.case = play.case
        self._others: dict[str, str] = {}

    @property
    def now(self) -> datetime:
        """The time of the story."""
        return self.play.now

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.play.now += timedelta(**span)

    def person(self, key: str) -> str:
        """Return the id of a natural person of the cast."""
        return self.play.cast.people[key].person

    def who(self, key: str) -> Who:
        """Return an account as it stands now, with the seats it holds now."""
        account = self._others.get(key) or self.play.cast.people[key].account
        with self.store.read(Call(who=people.NOBODY, at=self.now)) as unit:
            found = who_is(unit, account, self.now)
        if found is None:
            raise LookupError(key)
        return found

    def enrol(self, username: str, role: str, office: str = "dinas", *, same_as: str = "", certificate: str | None = "2030-01-01") -> Who:
        """Give somebody new, or the person behind a key, an account."""
        seats = (Seat(role, self.play.cast.offices.get(office, office)),)
        name = "" if same_as else username.title()
        ask = NewAccount(
            username=username,
            password=PASSWORD,
            seats=seats,
            name=name,
            person=self.person(same_as) if same_as else "",
            certificate_until=certificate if role == "social_worker" else None,
        )
        self._others[username] = people.create_account(self.store, Call(who=OPERATOR, at=self.now), ask).account
        return self.who(username)

    def other_office(self) -> str:
        """Enter one more office of the same kind, and return its id."""
        return people.create_office(self.store, Call(who=OPERATOR, at=self.now), "Dinas Sosial kabupaten lain", "dinas")

    def call(self, by: str, *, key: str = "", seen: int | None = None, occurred_at: datetime | None = None) -> Call:
        """Return somebody's next call, a minute after the one before."""
        self.play.now += timedelta(minutes=1)
        return Call(who=self.who(by), at=self.now, through=Through(key=key), occurred_at=occurred_at, seen=seen)

    def do(self, service: Callable[[Store, Call, A], R], by: str, ask: A, **rest: Any) -> R:
        """Let somebody do one thing; `rest` goes into the call."""
        return service(self.store, self.call(by, **rest), ask)

    def refused(self, service: Callable[[Store, Call, A], R], by: str, ask: A, **rest: Any) -> set[str]:
        """Let somebody try one thing, and return the codes of the no (the reasons' own, `not_found` ...); none when done."""
        try:
            self.do(service, by, ask, **rest)
        except CaseworkError as no:
            return {*codes_of(no)}
        return set()

    def body(self, form: str, by: str = "sari", **said: Any) -> dict[str, Any]:
        """Return a whole body of a form: what is said, over the rehearsals' default."""
        filled = fill(complete(form, said), self.play.words(by))
        known = {**self.play.cast.bodies, **self.play.cast.hosts, **self.play.relatives, "case": self.case}
        return make_real(form, filled, self.now, lambda _path, key: known.get(key, key))

    def form(self, form: str, by: str = "sari", *, supersedes: str = "", **said: Any) -> SignRecord:
        """Return the ask to sign a form."""
        return SignRecord(case=self.case, form=form, body=self.body(form, by, **said), supersedes=supersedes)

    def sign(self, form: str, by: str = "sari", *, supersedes: str = "", **said: Any) -> str:
        """Sign a form and return the record's id."""
        return self.do(records.sign_record, by, self.form(form, by, supersedes=supersedes, **said)).id

    def report(self, by: str = "sari", name: str = "Anak Lain") -> RegisterCase:
        """Return the ask to register a case for another child."""
        intake = decode("F01", self.body("F01", by))
        if not isinstance(intake, Intake):
            raise TypeError(intake)
        return RegisterCase(intake=intake, child=NewChild(name=name))

    def another_case(self) -> str:
        """Register a case for another child, and return its id; the story goes on with its own."""
        return self.do(cases.register_case, "sari", self.report()).id

    def step(self, trigger: str, **subject: str) -> AdvanceCase:
        """Return the ask for a step; hosts, relatives and bodies are named by their keys."""
        return AdvanceCase(case=self.case, trigger=trigger, subject=self.subject(**subject))

    def advance(self, trigger: str, by: str = "sari", **subject: str) -> Advanced:
        """Make a step."""
        return self.do(cases.advance_case, by, self.step(trigger, **subject))

    def subject(self, *, host: str = "", relative: str = "", receiver: str = "", reason: str = "") -> Subject:
        """Return what a step is about, by id."""
        town = self.play.cast
        return Subject(
            host=town.hosts.get(host, host),
            relative=self.play.relatives.get(relative, relative),
            receiver=town.bodies.get(receiver, receiver),
            reason=reason,
        )

    def wish(self, trigger: str, by: str = "sari", **subject: str) -> str:
        """Request the approvals of a step and return the request's id."""
        ask = RequestApproval(case=self.case, trigger=trigger, subject=self.subject(**subject))
        return self.do(approvals.request_approval, by, ask).id

    def waiting(self, kind: str, trigger: str = "") -> str:
        """Return the id of the open request of a kind."""
        return self.play.open_request(kind, trigger).id

    def decide(self, request: str, by: str, decision: str = "approve", *, reason: str = "", read: bool = True) -> Decision:
        """Decide as somebody who opened everything first (`read`)."""
        return self.do(approvals.decide_approval, by, self.decision(request, by, decision, reason=reason, read=read))

    def against(self, request: str, by: str, decision: str = "approve", *, reason: str = "", read: bool = True) -> set[str]:
        """Return the codes with which somebody's decision is refused."""
        return self.refused(approvals.decide_approval, by, self.decision(request, by, decision, reason=reason, read=read))

    def decision(self, request: str, by: str, decision: str, *, reason: str, read: bool) -> DecideApproval:
        """Return the ask to decide, with the digest of what the page shows now; opens the evidence (`read`)."""
        seen = decisions.show_decision(self.store, self.call(by), request)
        items = (*(record.id for record in seen.evidence), *(paper.id for paper in seen.papers))
        if read and items:
            self.do(records.open_evidence, by, records.OpenEvidence(case=self.case, items=items))
        said = {"case": self.case, "request": request, "digest": seen.digest, "decision": decision, "reason": reason}
        return msgspec.convert(said, DecideApproval)

    def withdraw(self, request: str, by: str = "sari") -> set[str]:
        """Take a request back and return the codes of the no, if any."""
        return self.refused(approvals.withdraw_approval, by, WithdrawApproval(case=self.case, request=request))

    def status(self, request: str) -> str:
        """Return where a request stands."""
        return str(self.rows("SELECT status FROM approval_request WHERE id = ?", request)[0]["status"])

    @property
    def state(self) -> str:
        """Where the case stands."""
        return str(self.row["state"])

    @property
    def row(self) -> sqlite3.Row:
        """The case's row."""
        return self.rows("SELECT * FROM care_case WHERE id = ?", self.case)[0]

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """Look into the file."""
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as raw:
            raw.row_factory = sqlite3.Row
            return raw.execute(query, values).fetchall()

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return everything the file holds, by table: to say that nothing, or only this, has changed."""
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as raw:
            names = [row[0] for row in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
            return {name: raw.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}  # noqa: S608 - our own tables' names

    def wreck(self, *statements: str) -> None:
        """Change the file past the program, as whoever owns it can: every wall taken down first."""
        with contextlib.closing(sqlite3.connect(self.path)) as raw:
            for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
                raw.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                raw.execute(statement)
            raw.commit()

    def entries(self) -> list[Event]:
        """Return the case's own entries, oldest first."""
        return [decode_event(row["body"]) for row in self.rows("SELECT body FROM event WHERE case_id = ? ORDER BY seq", self.case)]

    def attempts(self, by: str) -> list[Event]:
        """Return the entries of somebody's own stream, oldest first."""
        return self.attempts_of(self.who(by).account)

    def attempts_of(self, account: str) -> list[Event]:
        """Return the entries of an account's stream, oldest first."""
        return [decode_event(row["body"]) for row in self.rows("SELECT body FROM actor_event WHERE account_id = ? ORDER BY seq", account)]

    def count(self) -> tuple[int, int]:
        """Return how many entries the case's stream and the streams of persons hold."""
        return self.rows("SELECT count(*) FROM event")[0][0], self.rows("SELECT count(*) FROM actor_event")[0][0]

    def bodies(self) -> bytes:
        """Return the bytes of the whole journal, one entry a line."""
        return b"\n".join(row["body"] for row in self.rows("SELECT body FROM event UNION ALL SELECT body FROM actor_event"))

    def close(self) -> None:
        """Give the file back."""
        self.store.close()
