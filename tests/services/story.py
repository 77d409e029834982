"""A story on a database of its own: one case, its people, and a clock that every deed moves on by a minute.

Beginnings are played once per session and engine from the rehearsals' stages, through the services; every test gets a copy.
"""

from collections.abc import Callable
from copy import copy
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import msgspec

from casework.errors import CaseworkError
from casework.ledger.event import Event, Through, decode_event
from casework.machines.facts import WITA, Subject
from casework.machines.forms import Intake, decode
from casework.machines.parameters import Parameters
from casework.rehearsal import cast
from casework.rehearsal.bodies import complete, fill, make_real
from casework.rehearsal.deeds import DEEDS
from casework.rehearsal.moments import moment
from casework.rehearsal.play import Play, codes_of
from casework.rehearsal.run import BEFORE
from casework.rehearsal.script import Script, script_of
from casework.services import approvals, cases, decisions, field, people, records, sessions
from casework.services.approvals import DecideApproval, Decision, RequestApproval, WithdrawApproval
from casework.services.cases import AdvanceCase, Advanced, NewChild, RegisterCase
from casework.services.field import AskField, Errand
from casework.services.people import NewAccount
from casework.services.records import SignRecord
from casework.store.call import ASKED_ROLES, Call, Seat, Who
from casework.store.people import who_is
from casework.store.store import Store
from tests.cells import MASTER, personal
from tests.databases import Database, Databases, Row, hurried, wreck

A = TypeVar("A", bound=msgspec.Struct)
R = TypeVar("R")

PARAMS = Parameters()
SEARCH_KEY = bytes(range(32))
PASSWORD = "kata-sandi-uji-coba"  # noqa: S105 - the password of people who do not exist
TENGGARONG = "64.02.06"
"""Where people of the cast work in the field."""
OPERATOR = Who(person="operator", account="operator", name="operator", seats=(Seat("admin", "terminal"),))


class Beginning(msgspec.Struct, frozen=True):
    """Where stories begin: a database that nobody has open, and what the play that made it remembers."""

    database: Database
    play: Play


def open_store(target: str, params: Parameters = PARAMS) -> Store:
    """Return a store that does not wait for the disk: these tests are not about power cuts."""
    store = Store(target, params, case_prefix="UJI", go_live=date(2026, 1, 5), search_key=lambda: SEARCH_KEY, master_key=MASTER)
    hurried(store._engine)
    return store


@cache
def beginnings_on(databases: Databases) -> "Beginnings":
    """Return what was played so far on these databases: the same for every file that asks."""
    return Beginnings(databases)


class Beginnings:
    """Prepares each beginning once: the town, then the stages asked for, each played on a copy of what stands before it."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._known: dict[tuple[str, ...], Beginning] = {}
        self._asked: dict[tuple[tuple[str, ...], str], Beginning] = {}

    def story(self, *stages: str, **world: Any) -> "Story":
        """Return a story that has come through these stages and those they build on; `world` changes who it is about and when."""
        asked = (stages, repr(sorted(world.items())))
        if asked not in self._asked:
            self._asked[asked] = self._after(_script(stages, world).stages, world)
        found = self._asked[asked]
        return Story(found.database.copy(), found.play)

    def _after(self, stages: tuple[str, ...], world: dict[str, Any]) -> Beginning:
        key = (*stages, repr(sorted(world.items())))
        if key not in self._known:
            self._known[key] = self._play(self._after(stages[:-1], world), stages, world) if stages else self._town(world)
        return self._known[key]

    def _town(self, world: dict[str, Any]) -> Beginning:
        story = _script((), world).story.world
        database = self._databases.new()
        owner = open_store(database.owner)
        began = Play(owner, cast.Cast({}, {}, {}, {}, {}), story).now - BEFORE
        owner.upgrade(began)
        owner.close()
        store = open_store(database.target)
        made = cast.build(store, began, PASSWORD)
        store.close()
        return Beginning(database, Play(store, made, story))

    def _play(self, before: Beginning, stages: tuple[str, ...], world: dict[str, Any]) -> Beginning:
        """Play the last of the stages on a copy of what the ones before it brought."""
        database = before.database.copy()
        store = open_store(database.target)
        play = _resumed(before.play, store)
        for scene in (scene for scene in _script(stages, world).scenes if scene.stage == stages[-1]):
            play.now = moment(scene.step.at, play.now)
            DEEDS[type(scene.step)](play, play.doer(scene.step), scene.step)
        store.close()
        return Beginning(database, play)


def _script(stages: tuple[str, ...], world: dict[str, Any]) -> Script:
    return script_of({"title": "uji", "world": world, "after": [*stages], "step": [{"do": "look", "expect": {}}]})


def _resumed(play: Play, store: Store) -> Play:
    again = copy(play)
    again.store = store
    again.records, again.relatives, again.bodies = {**play.records}, {**play.relatives}, {**play.bodies}
    again.filed, again.papers, again.lines = [*play.filed], [*play.papers], [*play.lines]
    return again


class Story:
    """One case on one database. Every deed is a service's; `rows` looks into the database, `wreck` changes it past the program."""

    def __init__(self, database: Database, play: Play) -> None:
        self.database = database
        self.store = open_store(database.target)
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
        with self.store.read(Call(who=sessions.NOBODY, at=self.now)) as unit:
            found = who_is(unit, account, self.now)
        if found is None:
            raise LookupError(key)
        return found

    def enrol(
        self,
        username: str,
        role: str,
        office: str = "dinas",
        *,
        same_as: str = "",
        certificate: str | None = "2030-01-01",
        body: str | None = None,
        area: str = TENGGARONG,
    ) -> Who:
        """Give somebody new, or the person behind a key, an account; in the field, one of an area."""
        seats = (Seat(role, self.play.cast.offices.get(office, office), body=body, area=area if role in ASKED_ROLES else None),)
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

    def report(self, by: str = "sari", name: str = "Anak Lain", **child: str) -> RegisterCase:
        """Return the ask to register a case for another child."""
        intake = decode("F01", self.body("F01", by))
        if not isinstance(intake, Intake):
            raise TypeError(intake)
        return RegisterCase(intake=intake, child=NewChild(name=name, **child))

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

    def errand(
        self, to: str, kind: Errand = "field_visit", by: str = "bambang", days: int = 7, case: str = "", district: str = TENGGARONG
    ) -> str:
        """Ask a TKSK or PSM into the field and return the task's id."""
        until = (self.now.astimezone(WITA) + timedelta(days=days)).date().isoformat()
        said = {"person": self.who(to).person, "district": district, "by": until, "note": "Temui keluarganya."}
        ask = AskField(case=case or self.case, kind=kind, **said)
        return self.do(field.ask_field, by, ask).id

    def waiting(self, kind: str, trigger: str = "") -> str:
        """Return the id of the open request of a kind."""
        return self.play.open_request(kind, trigger).id

    def line(self, request: str, by: str) -> decisions.Waiting:
        """Return the line of a request among those that wait for somebody."""
        return next(line for line in decisions.waiting_decisions(self.store, self.call(by)) if line.request.id == request)

    def decide(self, request: str, by: str, decision: str = "approve", *, reason: str = "", read: bool = True) -> Decision:
        """Decide as somebody who opened everything first (`read`)."""
        return self.do(approvals.decide_approval, by, self.decision(request, by, decision, reason=reason, read=read))

    def against(self, request: str, by: str, decision: str = "approve", *, reason: str = "", read: bool = True) -> set[str]:
        """Return the codes with which somebody's decision is refused."""
        return self.refused(approvals.decide_approval, by, self.decision(request, by, decision, reason=reason, read=read))

    def decision(self, request: str, by: str, decision: str, *, reason: str, read: bool) -> DecideApproval:
        """Return the ask to decide, with the digest of what the page shows now; opens the evidence (`read`)."""
        seen = decisions.show_decision(self.store, self.call(by), request)
        items = (*(record.id for record in seen.evidence), *(paper.id for paper in seen.papers), *(one.id for one in seen.attachments))
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
    def row(self) -> Row:
        """The case's row."""
        return self.rows("SELECT * FROM care_case WHERE id = ?", self.case)[0]

    def rows(self, query: str, *values: Any) -> list[Row]:
        """Look into the database."""
        return self.database.rows(query, *values)

    def personal(self, table: str, *columns: str, where: str = "1 = 1", values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Look into the database as who has the keys (`tests/cells.py`)."""
        return personal(self.rows, table, *columns, where=where, values=values)

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return everything the database holds, by table: to say that nothing, or only this, has changed."""
        return self.database.dump()

    def wreck(self, *statements: str) -> None:
        """Change the database past the program, as whoever owns it can: every wall taken down first."""
        wreck(self.database, *statements)

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
        """Give the database back."""
        self.store.close()
        self.database.drop()
