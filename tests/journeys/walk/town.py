"""The town that walks happen in: the standing cast in one prepared database, copied for every walk; and one case within it.

`Journey` is a case with its clock. Everything it does goes through the services; it looks into the file only to see what they did.
"""

import shutil
import sqlite3
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from sqlalchemy import event

from casework.errors import CaseworkError
from casework.machines.facts import WITA, Subject
from casework.machines.forms import Intake, decode
from casework.machines.parameters import Parameters
from casework.rehearsal import bodies, cast
from casework.services import approvals, cases, records, registers, sessions
from casework.store.call import Call, Who
from casework.store.people import who_is
from casework.store.store import Store
from tests.cells import MASTER

START = datetime(2026, 3, 2, 9, 0, tzinfo=WITA)
GO_LIVE = date(2026, 1, 5)
PARAMS = Parameters()
ADULT = 18
Looking: TypeAlias = Callable[..., list[Any]]
"""What looks into a database that is no file: a query and its values to rows."""


class Town(msgspec.Struct, frozen=True):
    """A prepared database: its file, the cast's ids, who signs in, and one more host: a guardian's household."""

    path: Path
    cast: cast.Cast
    who: dict[str, Who]
    hosts: dict[str, str]


def found(path: Path) -> Town:
    """Make the town in a new file."""
    return settle(path, str(path), str(path))


def settle(path: Path, owner: str, target: str) -> Town:
    """Make the town in an empty database: upgraded at one address, inhabited at the other (on SQLite they are the same)."""
    settled = START - timedelta(days=30)
    upgraded = Store(owner, PARAMS, go_live=GO_LIVE, master_key=MASTER)
    upgraded.upgrade(settled)
    upgraded.close()
    store = Store(target, PARAMS, go_live=GO_LIVE, master_key=MASTER)
    members = cast.build(store, settled, "kata-sandi-latihan")
    with store.read(Call(who=sessions.NOBODY, at=START)) as unit:
        who = {key: found for key, member in members.people.items() if (found := who_is(unit, member.account, START)) is not None}
    ask = registers.AddHost(name="Keluarga wali", kind="guardian_household", religion="islam", capacity=2, known_to_rt=True)
    guardian = registers.add_host(store, Call(who=who["bambang"], at=settled), ask).id
    store.close()
    return Town(path, members, who, members.hosts | {"wali": guardian})


def open_copy(original: Path, path: Path, *, durable: bool = True) -> Store:
    """Return a store on a copy of a file. `durable=False` does not wait for the disk: a walk is not about power cuts."""
    put(original, path)
    store = Store(str(path), PARAMS, go_live=GO_LIVE, master_key=MASTER)
    if not durable:
        event.listen(store._engine, "connect", _hurry)
    return store


def put(original: Path, path: Path) -> None:
    """Put a copy of a file where nobody has one open; a closed store opens the new one."""
    for leftover in (path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    shutil.copy(original, path)


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


def reader(path: Path) -> sqlite3.Connection:
    """Return what looks into a file, and can change nothing."""
    raw = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    raw.row_factory = sqlite3.Row
    return raw


class Clock:
    """The time of a story. Everybody in it looks at the same one."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at


class Journey:
    """One child's case, the clock of its story, and what was filed for it."""

    def __init__(self, town: Town, store: Store, path: Path | Looking, *, born: date, name: str = "", clock: Clock | None = None) -> None:
        self.town = town
        self.store = store
        self.born = born
        self.name = name or "Raka Pratama"
        self.clock = clock or Clock()
        self.raw: Any = reader(path) if isinstance(path, Path) else None
        self._looking = None if isinstance(path, Path) else path
        self.case = ""
        self.relatives: list[str] = []
        self.incidents: dict[str, dict[str, Any]] = {}
        self.refused = 0

    @property
    def at(self) -> datetime:
        """Now."""
        return self.clock.at

    def close(self) -> None:
        """Give the file back."""
        if self.raw:
            self.raw.close()
        self.store.close()

    def call(self, by: str, *, key: str = "", seen: int | None = None) -> Call:
        """Return the next call of somebody, a minute after the one before."""
        self.clock.at += timedelta(minutes=1)
        call = Call(who=self.town.who[by], at=self.at, seen=seen)
        return msgspec.structs.replace(call, through=msgspec.structs.replace(call.through, key=key)) if key else call

    def until(self, moment: datetime) -> None:
        """Let time pass until a moment, if it is still to come."""
        self.clock.at = max(self.at, moment)

    def next_morning(self) -> None:
        """Let the night pass: nine o'clock in WITA."""
        self.until((self.at.astimezone(WITA) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0))

    @property
    def birthday(self) -> datetime:
        """The morning on which the child turns 18."""
        return datetime(self.born.year + ADULT, self.born.month, self.born.day, 9, tzinfo=WITA)

    def rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        """Look into the database."""
        if self._looking:
            return self._looking(query, *values)
        rows: list[sqlite3.Row] = self.raw.execute(query, values).fetchall()
        return rows

    @property
    def row(self) -> sqlite3.Row:
        """The case as its row stands."""
        return self.rows("SELECT * FROM care_case WHERE id = ?", self.case)[0]

    @property
    def placement(self) -> sqlite3.Row | None:
        """The child's live placement, if any."""
        found = self.rows("SELECT * FROM placement WHERE case_id = ? AND status NOT IN ('ended', 'disrupted')", self.case)
        return found[0] if found else None

    @property
    def carer(self) -> str:
        """The id of whoever cares for the child now, or "home"."""
        live = self.placement
        return (live["host_id"] or live["relative_id"]) if live else "home"

    @property
    def entered_at(self) -> datetime:
        """When the case came into its state from another one."""
        found = self.rows(
            "SELECT occurred_at FROM event WHERE case_id = ? AND kind = 'moved' AND source <> dest ORDER BY seq DESC LIMIT 1", self.case
        )
        return datetime.fromisoformat(found[0][0] if found else self.row["opened_at"])

    def answer(self, asked: Callable[[], Any]) -> Any:
        """Return what a service answers, or the refusal it raised, counted."""
        try:
            return asked()
        except CaseworkError as no:
            self.refused += 1
            return no

    def register(self, by: str = "sari") -> None:
        """Report the child, and give the case to its worker."""
        body = self.body("F01", {"duplicate_search": None}, by)
        intake = decode("F01", body)
        if not isinstance(intake, Intake):
            raise TypeError(body)
        child = cases.NewChild(
            name=self.name, sex="male", born=self.born.isoformat(), born_precision="day", religion="islam", mother_name="Siti Aminah"
        )
        self.case = cases.register_case(self.store, self.call(by), cases.RegisterCase(intake=intake, child=child)).id

    def body(self, form: str, said: dict[str, Any], by: str) -> dict[str, Any]:
        """Return a whole body: what is said, over the default one of the rehearsals."""
        words = {
            "child": self.name, "age": (self.at.date() - self.born).days // 366, "sex": "male", "born": self.born.isoformat(),
            "born_precision": "day", "born_place": "Tenggarong", "religion": "islam", "author": self.town.who[by].name,
            "mother_name": "Siti Aminah", "father_name": "Hasan Basri",
        }  # fmt: skip
        written = bodies.fill(bodies.complete(form, said), words)
        return bodies.make_real(form, written, self.at, lambda _path, key: self.town.hosts.get(key, key))

    def file(self, form: str, by: str = "sari", *, supersedes: str = "", **said: Any) -> str:
        """Sign a form and return its id."""
        call = self.call(by)
        ask = records.SignRecord(case=self.case, form=form, body=self.body(form, said, by), supersedes=supersedes)
        return records.sign_record(self.store, call, ask).id

    def verify(self, record: str) -> None:
        """Let a colleague verify a record."""
        records.verify_record(self.store, self.call("maya"), records.VerifyRecord(case=self.case, record=record))

    def attach(self, kind: str) -> None:
        """Enter a paper and let a colleague compare it with its original."""
        today = self.at.astimezone(WITA).date().isoformat()
        paper = records.AttachDocument(case=self.case, kind=kind, number="001/CONTOH", issuer="penerbit contoh", issued_on=today)
        made = records.attach_document(self.store, self.call("sari"), paper).id
        records.compare_document(self.store, self.call("maya"), records.CompareDocument(case=self.case, document=made))

    def add_relative(self) -> str:
        """Enter one more relative."""
        name = f"Paman {len(self.relatives) + 1}"
        ask = registers.AddRelative(case=self.case, name=name, relation="paman", degree=3, religion="islam")
        self.relatives.append(registers.add_relative(self.store, self.call("sari"), ask).id)
        return self.relatives[-1]

    def countersign(self, record: str) -> None:
        """Let the supervisor approve a record itself."""
        request = self.rows("SELECT id FROM approval_request WHERE record_id = ?", record)[0]["id"]
        self.decide(request, "bambang")

    def decide(self, request: str, by: str, decision: str = "approve") -> approvals.Decision:
        """Open everything there is, then decide."""
        row = self.rows("SELECT digest, record_id FROM approval_request WHERE id = ?", request)[0]
        records.open_evidence(self.store, self.call(by), records.OpenEvidence(case=self.case, items=self.evidence(row["record_id"])))
        said = {"case": self.case, "request": request, "digest": row["digest"], "decision": decision, "reason": "alasan contoh"}
        return approvals.decide_approval(self.store, self.call(by), msgspec.convert(said, approvals.DecideApproval))

    def evidence(self, record: str | None) -> tuple[str, ...]:
        """Return the ids of one record, or of every record and paper of this round and the one before: a move may have begun this one."""
        if record:
            return (record,)
        lately = (self.case, self.row["round"] - 1)
        found = self.rows("SELECT id FROM record WHERE case_id = ? AND round >= ? AND status <> 'draft'", *lately)
        found += self.rows("SELECT id FROM document WHERE case_id = ? AND round >= ?", *lately)
        return tuple(row["id"] for row in found)

    def request(self, trigger: str, subject: Subject) -> str:
        """Request the approvals of a step."""
        ask = approvals.RequestApproval(case=self.case, trigger=trigger, subject=subject)
        return approvals.request_approval(self.store, self.call("sari"), ask).id

    def advance(self, trigger: str, subject: Subject, by: str = "sari", *, key: str = "", seen: int | None = None) -> Any:
        """Ask for a step: what was done, or why not."""
        ask = cases.AdvanceCase(case=self.case, trigger=trigger, subject=subject)
        call = self.call(by, key=key, seen=seen)
        return self.answer(lambda: cases.advance_case(self.store, call, ask))
