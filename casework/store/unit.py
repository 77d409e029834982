"""The unit of work: one transaction, one place that commits. Leaving without saying commit changes nothing."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Connection, Executable, Select, Table, bindparam, func, select

from casework.errors import NotFound, Unavailable
from casework.machines.book import by_version
from casework.machines.engine import Machine
from casework.machines.facts import Facts
from casework.store import scope
from casework.store.call import Call
from casework.store.driver import Asked, Driver, Given, driver_of
from casework.store.instants import to_text
from casework.store.keyring import ADD_KEY, KEY_OF_CASE, KEYS, MASTER, Hand
from casework.store.schema import care_case, event, master_key
from casework.store.sealing import about, naming_their_rows, sealed
from casework.store.statements import Change, Query, Values, as_list

if TYPE_CHECKING:
    from casework.store.store import Store


class _Journeys(Mapping[tuple[str, int], Machine[Facts]]):
    """The versions of the journey that the book holds."""

    def __getitem__(self, pinned: tuple[str, int]) -> Machine[Facts]:
        return by_version()[pinned]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return (key for key, machine in by_version().items() if machine.definition.about == "journey")

    def __len__(self) -> int:
        return sum(1 for _ in self)


MACHINES: Mapping[tuple[str, int], Machine[Facts]] = _Journeys()
"""Every definition version that a case may be pinned to. Those of processes beside the journey are the book's (`machines/book.py`)."""

_last = select(func.max(event.c.seq)).where(event.c.case_id == bindparam("case_id")).scalar_subquery()
_STANDS = Query(
    select(care_case.c.state, care_case.c.seq, care_case.c.head, event.c.dest, event.c.seq.label("last"), event.c.hash)
    .join(event, event.c.case_id == care_case.c.id)
    .where(care_case.c.id == bindparam("case_id"), event.c.seq == _last)
)
"""Where a case stands, beside what its last journal entry says."""


def locks_of(values: Values) -> frozenset[str]:
    """Return what nobody else may decide about while somebody who asks with these values does: the case and the host they name."""
    return frozenset(values[name] for name in ("case_id", "host") if values.get(name))


class Unit:
    """One transaction on behalf of one call."""

    def __init__(self, store: Store, connection: Connection, call: Call, driver: Driver | None = None, *, writes: bool = True) -> None:
        self.store = store
        self.call = call
        self.params = store.params
        self.days_off = store.days_off
        self._connection = connection
        self._driver = driver or driver_of(connection)
        self._known: dict[tuple[Any, ...], tuple[list[Any], int]] = {}
        self._shut: set[tuple[Any, ...]] = set()
        self._hand = Hand(store.keyring, self._wrapped_keys)
        self._gathered: Asked | None = None
        self._changes = 0
        self._changed: dict[str, int] = {}
        self._put: list[Given] = []
        self._moved: dict[str, int] = {}
        self._urgent: list[dict[str, Any]] = []
        self._trying: str = ""
        self._writes = writes
        self._whole = False
        self.policy = ""
        """The row of the policy that let this work pass, as the journal names it; "" where nobody was asked: the clock, the door."""
        self.action = self.capacity = ""
        """What the policy was asked last, and the capacity in which it let that pass."""
        self.wrote = False
        """Whether anything reached the database."""

    def enter(self, reach: scope.Scope) -> None:
        """See this far from now on, where the engine can limit it."""
        scope.enter(self._driver, reach)

    def take_time(self) -> None:
        """Let this unit ask as long as it takes: for what reads the whole record, which no time-out of a page fits."""
        self._driver.set_local({"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"})

    def ask(self, query: Query, **values: Any) -> list[Any]:
        """Return the rows of a query. Asked twice, it is answered from memory until this unit changes something."""
        key = query.key(self._driver.engine, values)
        if not self._knows(query, key):
            (rows,) = self._give(Asked((query,), values))
            self._remember(query, key, rows)
        if key in self._shut:
            self._shut.discard(key)
            rows, after = self._known[key]
            self._known[key] = self._hand.open(rows, query.sealed, query.row._make), after
        return self._known[key][0]

    def ask_one(self, query: Query, what: str, **values: Any) -> Any:
        """Return the first row of a query. Raises NotFound when there is none."""
        found = self.ask(query, **values)
        if not found:
            raise NotFound(what)
        return found[0]

    def _remember(self, query: Query, key: tuple[Any, ...], rows: list[Any]) -> None:
        """Know the answer to a question; personal values in it are opened when somebody asks for it."""
        self._known[key] = rows, self._changes
        if query.sealed and rows:
            self._shut.add(key)
        elif query is KEY_OF_CASE:
            self._hand.take(rows)

    def _wrapped_keys(self, holders: set[str]) -> list[Any]:
        (rows,) = self._give(Asked((KEYS,), {"holders": as_list(holders)}))
        return rows

    def seal(self, table: Table, holder: str, row: Values, **of: str) -> dict[str, Any]:
        """Return (new values of) a row with personal values encrypted under the key of a holder.

        What the row's own key is made of is in it, or named as `of` where it stays as it is.
        """
        return {name: cell for name, cell in sealed(self._hand.of(holder), table, {**of, **row}).items() if name in row}

    def open_file(self, column: Column[Any], holder: str, row: Values, cell: bytes) -> bytes:
        """Return the file that a cell of this column and row holds, under the key of a holder."""
        return self._hand.of(holder).unseal_file(about(column, row), cell)

    def digest(self, holder: str, content: bytes) -> str:
        """Return a keyed fingerprint of something that is encrypted under the key of a holder."""
        return self._hand.of(holder).digest(content)

    def new_key(self, holder: str) -> None:
        """Make the key of a new holder (a child, a complaint) under the master key in force; nobody exchanges that before the unit ends."""
        self._driver.share(MASTER)
        in_force = self.need(select(master_key.c.fingerprint), "master_key").fingerprint
        self.put(
            ADD_KEY,
            {"holder": holder, "wrapped": self._hand.make(holder, in_force), "made_at": to_text(self.call.at), "destroyed_at": None},
        )

    def _knows(self, query: Query, key: tuple[Any, ...]) -> bool:
        known = self._known.get(key)
        return known is not None and (known[1] == self._changes or all(self._changed.get(table, 0) <= known[1] for table in query.tables))

    def look_ahead(self, *queries: Query, **values: Any) -> None:
        """Gather what a decision about these things will want to know: nobody else decides about them meanwhile."""
        self.lock(*locks_of(values))
        self.gather(*queries, **values)

    def gather(self, *queries: Query, **values: Any) -> None:
        """Ask many queries with one statement, so that each is known when it is asked; what is known already is not asked again."""
        if (known := self._gathered) is not None and set(queries).issubset(known.queries) and values.items() <= known.values.items():
            return
        engine = self._driver.engine
        unknown = tuple(query for query in queries if not self._knows(query, query.key(engine, values))) if self._known else queries
        asked = Asked(unknown, values)
        if asked.queries:
            self.foretell(asked, self._give(asked))

    def foretell(self, asked: Asked, found: list[list[Any]]) -> None:
        """Take the answer to what will be asked, fetched together with those of others."""
        for query, rows in zip(asked.queries, found, strict=True):
            self._remember(query, query.key(self._driver.engine, asked.values), rows)
        self._gathered = asked

    def lock(self, *names: str) -> None:
        """Let nobody else decide about these things before this unit ends: a case, a host, an actor's stream.

        On SQLite there is one writer anyway; a unit that only reads locks nothing.
        """
        if self._writes and names:
            self._driver.lock(names)

    @contextmanager
    def over_everything(self) -> Iterator[None]:
        """Read past the scope of the actor, for what is judged over the whole record: facts, beds, an office's trail. It may be nested."""
        widens = not self._writes and not self._whole
        if widens:
            self._whole = True
            self.enter(scope.WHOLE)
        try:
            yield
        finally:
            if widens:
                self._whole = False
                self.enter(scope.of(self.call))

    def put(self, change: Change, *values: Values) -> None:
        """Carry out a change with the others: before the next question that is not known, or before the commit."""
        self._changes += 1
        self._changed |= dict.fromkeys(change.tables, self._changes)
        self._gathered = None
        self._put.append(Given(change, values))

    def rows(self, statement: Executable, values: Any = None) -> list[Any]:
        """Return all rows of a query, personal values as they were written."""
        self._flush()
        named, places = naming_their_rows(statement) if isinstance(statement, Select) else (statement, ())
        found = list(self._connection.execute(named, values).fetchall())
        if not places or not found:
            return found
        line: Any = namedtuple("Row", found[0]._fields)  # type: ignore[misc] # noqa: PYI024 - the columns are its fields
        return self._hand.open(found, places, line._make)

    def row(self, statement: Executable) -> Any | None:
        """Return the first row of a query, or None."""
        return next(iter(self.rows(statement)), None)

    def stream(self, statement: Executable) -> Iterator[Any]:
        """Yield the rows of a query as they are fetched. Personal values stay shut."""
        self._flush()
        yield from self._connection.execution_options(yield_per=1000).execute(statement)

    def need(self, statement: Executable, what: str) -> Any:
        """Return the first row. Raises NotFound when there is none."""
        found = self.row(statement)
        if found is None:
            raise NotFound(what)
        return found

    def run(self, statement: Executable, values: Any = None) -> int:
        """Execute a change at once and return how many rows it touched."""
        self._flush()
        self._mark()
        self._forget()
        self.wrote = True
        return int(self._connection.execute(statement, values).rowcount)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._driver.engine

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what happens inside when it raises; the unit itself stays usable. What was only put needs no savepoint to be undone."""
        self._flush()
        before, self._trying = dict(self._moved), "trying"
        try:
            yield
        except BaseException:
            self._put.clear()
            self._urgent.clear()
            self._forget()
            self._moved = before
            if self._trying == "marked":
                self._driver.say("ROLLBACK TO attempt", "RELEASE attempt")
            raise
        else:
            if self._trying == "marked":
                self._driver.say("RELEASE attempt")
        finally:
            self._trying = ""

    def _forget(self) -> None:
        self._known.clear()
        self._shut.clear()
        self._gathered = None

    def _mark(self) -> None:
        """Set the savepoint of an attempt before its first change reaches the database."""
        if self._trying == "trying":
            self._driver.say("SAVEPOINT attempt")
            self._trying = "marked"

    def _flush(self) -> None:
        if self._put or self._driver.waits:
            self._give(None)

    def _give(self, then: Asked | None) -> list[list[Any]]:
        return self._driver.give(self._taken(), then)

    def _taken(self) -> list[Given]:
        """Take what was put, to send it."""
        if self._put:
            self._mark()
            self.wrote = True
        put, self._put = self._put, []
        return put

    @property
    def touched(self) -> frozenset[str]:
        """The ids of the cases that this unit has written about."""
        return frozenset(self._moved)

    def note_move(self, case_id: str, seq: int) -> None:
        """Remember that this unit advanced a case to `seq`: `settle` checks that the journal says so too."""
        self._moved[case_id] = seq

    def note_urgent(self, matter: dict[str, Any]) -> None:
        """Remember what people must be told of: the entry that is written next takes it along (store/outbox.py)."""
        self._urgent.append(matter)

    def take_urgent(self) -> list[dict[str, Any]]:
        """Return what people must be told of with the entry that is being written, once."""
        urgent, self._urgent = self._urgent, []
        return urgent

    def take(self) -> tuple[list[Given], dict[str, int]]:
        """Return what was put, and where each case that moved must stand by then, for whoever writes for many units at once."""
        put, self._put = self._put, []
        moved, self._moved = self._moved, {}
        return put, moved

    def settle(self) -> None:
        """Carry out what was put, all but the commit."""
        self._stand()
        self._flush()

    def _stand(self) -> None:
        """Second net under the database's walls: every case that moved must stand at its last journal entry."""
        moved, self._moved = self._moved, {}
        for case_id, seq in moved.items():
            (stands,) = self._give(Asked((_STANDS,), {"case_id": case_id}))
            if not stands or stands[0][:3] != stands[0][3:] or stands[0].seq != seq:
                msg = f"case {case_id} does not stand at its last journal entry; nothing was changed"
                raise Unavailable(msg)

    def commit(self) -> None:
        """Carry out what was put, and commit: together, where nothing stands between them."""
        self._stand()
        if self._put or self._driver.waits:
            self._driver.finish(self._taken())
        self._connection.commit()
