"""Statements built once: SQLAlchemy writes the SQL of each dialect, the driver's own connection runs it.

Building and caching a construct anew for every execution costs more than SQLite needs to run it. A `Query` or `Change` is a constant of its
module, compiled at its first use. `together` makes one statement of many queries: what a command needs to know comes in one answer.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from operator import itemgetter
from typing import Any, Literal, TypeAlias

import msgspec
from sqlalchemy import (
    Boolean,
    ClauseElement,
    ColumnElement,
    CompoundSelect,
    Delete,
    Insert,
    Integer,
    Select,
    Table,
    Text,
    Update,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects import registry
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.sql.visitors import iterate

from casework.store.sealing import naming_their_rows

Engine: TypeAlias = Literal["sqlite", "postgresql"]
Values: TypeAlias = Mapping[str, Any]
Asking: TypeAlias = Select[Any] | CompoundSelect[Any]

_rows = msgspec.json.Decoder(list[list[Any]])


class seconds_after(GenericFunction[int]):  # noqa: N801 - it is written as an SQL function
    """How many whole seconds one stored moment lies after another."""

    type = Integer()
    inherit_cache = True


@compiles(seconds_after, "sqlite")
def _seconds_after_sqlite(element: seconds_after, compiler: SQLCompiler, **named: Any) -> str:
    later, earlier = (compiler.process(part, **named) for part in element.clauses)
    return f"(strftime('%s', {later}) - strftime('%s', {earlier}))"


@compiles(seconds_after, "postgresql")
def _seconds_after_postgresql(element: seconds_after, compiler: SQLCompiler, **named: Any) -> str:
    later, earlier = (compiler.process(part, **named) for part in element.clauses)
    seconds = (f"date_trunc('second', CAST({moment} AS timestamptz))" for moment in (later, earlier))
    return f"EXTRACT(EPOCH FROM {' - '.join(seconds)})"


class is_listed(GenericFunction[bool]):  # noqa: N801 - it is written as an SQL function
    """Whether a text is in a list that travels as one value (`as_list`): the statement is the same however long the list is."""

    type = Boolean()
    inherit_cache = True
    _is_implicitly_boolean = True  # a condition already: SQLite's planner uses no index for one that is compared with 1


@compiles(is_listed, "sqlite")
def _is_listed_sqlite(element: is_listed, compiler: SQLCompiler, **named: Any) -> str:
    column, values = (compiler.process(part, **named) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 - SQLAlchemy wrote both


@compiles(is_listed, "postgresql")
def _is_listed_postgresql(element: is_listed, compiler: SQLCompiler, **named: Any) -> str:
    column, values = (compiler.process(part, **named) for part in element.clauses)
    return f"{column} = ANY (ARRAY(SELECT json_array_elements_text(CAST({values} AS json))))"


def listed(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column is one of the values that travel as `name`."""
    return is_listed(column, bindparam(name, type_=Text))


class aside(GenericFunction[str]):  # noqa: N801 - it is written as an SQL function
    """A column that is looked at on the way and never sought by: SQLite, which counts no rows, would take any index for the best."""

    type = Text()
    inherit_cache = True


@compiles(aside, "sqlite")
def _aside_sqlite(element: aside, compiler: SQLCompiler, **named: Any) -> str:
    return f"+{compiler.process(element.clauses, **named)}"


@compiles(aside, "postgresql")
def _aside_postgresql(element: aside, compiler: SQLCompiler, **named: Any) -> str:
    return compiler.process(element.clauses, **named)


class is_among(GenericFunction[bool]):  # noqa: N801 - it is written as an SQL function
    """Whether a column is among the few rows of a subquery: PostgreSQL, which cannot know that they are few, is told to look each up."""

    type = Boolean()
    inherit_cache = True
    _is_implicitly_boolean = True


@compiles(is_among, "sqlite")
def _is_among_sqlite(element: is_among, compiler: SQLCompiler, **named: Any) -> str:
    column, rows = (compiler.process(part, **named) for part in element.clauses)
    return f"{column} IN {rows}"


@compiles(is_among, "postgresql")
def _is_among_postgresql(element: is_among, compiler: SQLCompiler, **named: Any) -> str:
    column, rows = (compiler.process(part, **named) for part in element.clauses)
    return f"{column} = ANY (ARRAY{rows})"


def as_list(values: Iterable[str]) -> str:
    """Return values as `listed` takes them."""
    return msgspec.json.encode(sorted(values)).decode()


class _Compiled:
    """SQL text of one dialect. `names` are what it wants, in the order of its text where values travel by place (SQLite).

    `own` are values that the construct itself brings (`accepted = 1`); `asked` are the names of all others.
    """

    def __init__(self, sql: str, own: dict[str, Any], names: tuple[str, ...], *, by_place: bool) -> None:
        self.sql = sql
        self.own = own
        self.names = names
        self.asked = tuple(dict.fromkeys(name for name in names if name not in own))
        self._in_order = _in_order(names) if by_place else None

    def with_values(self, values: Values) -> Any:
        """Return the values to send, as the driver wants them."""
        given = {**self.own, **values} if self.own else values
        return self._in_order(given) if self._in_order else {name: given[name] for name in self.names}


def _in_order(names: tuple[str, ...]) -> Callable[[Values], tuple[Any, ...]]:
    """Return what picks these values in this order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: tuple(values[name] for name in names)


@cache
def _dialect(engine: Engine) -> Dialect:
    """Return the dialect of an engine, loaded when it is first spoken: the one that is not used costs nothing."""
    made: Dialect = registry.load("sqlite.pysqlite")() if engine == "sqlite" else registry.load("postgresql.psycopg")()
    return made


def _compile(construct: Select[Any] | CompoundSelect[Any] | Insert | Update | Delete, engine: Engine) -> _Compiled:
    built: Any = construct.compile(dialect=_dialect(engine))
    own = {name: value for name, value in built.params.items() if value is not None}
    by_place = engine == "sqlite"
    return _Compiled(str(built), own, tuple(built.positiontup if by_place else built.params), by_place=by_place)


_FOLLOWS = {"event": ("care_case",), "process_step": ("process", "host", "staff", "placement")}
"""What the database changes by itself: a case's row follows its journal, a process and its register follow its steps (walls)."""


def _tables(construct: ClauseElement) -> frozenset[str]:
    return frozenset(part.name for part in iterate(construct) if isinstance(part, Table))


_NAMING = frozenset({"case_id", "child_id", "host_id", "same_nik", "same_kk"})


class Query:
    """A question with named values (`bindparam`): its rows are named tuples. No column of it may hold bytes (`as_text`, `as_hex`).

    Nothing is looked at before it is first asked: starting waits for no question, and one with many columns may be given as what builds it.
    """

    def __init__(self, construct: Asking | Callable[[], Asking]) -> None:
        self._given = construct
        self._compiled: dict[Engine, _Compiled] = {}
        self._asked: Callable[[Values], Any] | None = None
        if isinstance(construct, CompoundSelect):
            naming_their_rows(construct)  # refuses personal values of several tables, before anybody asks

    @cached_property
    def _named(self) -> tuple[Asking, Any]:
        return naming_their_rows(self._given() if callable(self._given) else self._given)

    @cached_property
    def construct(self) -> Asking:
        """The question itself."""
        return self._named[0]

    @cached_property
    def sealed(self) -> Any:
        """The places of personal values in its rows: the unit that asks opens them."""
        return self._named[1]

    @cached_property
    def tables(self) -> frozenset[str]:
        """What it reads."""
        return _tables(self.construct)

    @cached_property
    def row(self) -> Any:
        """Its rows: named tuples of its columns."""
        return namedtuple("Row", self.construct.selected_columns.keys())  # noqa: PYI024 - the columns are its fields

    @cached_property
    def _naming(self) -> Callable[[Any], tuple[Any, ...]] | None:
        naming = [place for place, name in enumerate(self.construct.selected_columns.keys()) if name in _NAMING]
        return itemgetter(*naming, naming[0]) if naming else None

    def on(self, engine: Engine) -> _Compiled:
        """Return the SQL of one dialect."""
        if engine not in self._compiled:
            self._compiled[engine] = _compile(self.construct, engine)
        return self._compiled[engine]

    def add_named(self, rows: Sequence[Any], known: set[str | None]) -> None:
        """Add every case, child and host that these rows name, and the numbers by which children are the same. May add None."""
        if rows and self._naming:
            known.update(*map(self._naming, rows))

    def key(self, engine: Engine, values: Values) -> tuple[Query, Any]:
        """Return what one asking of this query is known by: the query and the values it was given."""
        if self._asked is None:
            names = self.on(engine).asked
            self._asked = itemgetter(*names) if names else lambda _values: None
        return self, self._asked(values)


class Change:
    """An insert, update or delete with named values, to be run with one set of them or with many."""

    def __init__(self, construct: Insert | Update | Delete) -> None:
        self.construct = construct
        self.tables = {table for name in _tables(construct) for table in (name, *_FOLLOWS.get(name, ()))}
        self._compiled: dict[Engine, _Compiled] = {}

    def on(self, engine: Engine) -> _Compiled:
        """Return the SQL of one dialect."""
        if engine not in self._compiled:
            self._compiled[engine] = _compile(self.construct, engine)
        return self._compiled[engine]


@lru_cache(maxsize=256)
def together(queries: tuple[Query, ...], engine: Engine) -> _Compiled:
    """Return one statement that answers all queries: one row, one column a query, each a JSON array of its rows."""
    return _compile(select(*(_as_json(query, engine) for query in queries)), engine)


def answers(queries: Sequence[Query], row: Sequence[str]) -> list[list[Any]]:
    """Return the rows of each query from the one row that answered all."""
    return [[*map(query.row._make, _rows.decode(cell))] if cell != "[]" else [] for query, cell in zip(queries, row, strict=True)]


def _as_json(query: Query, engine: Engine) -> Any:
    inner = query.construct.subquery()
    if engine == "sqlite":
        return select(func.json_group_array(func.json_array(*inner.c))).scalar_subquery()
    gathered = func.coalesce(func.json_agg(func.json_build_array(*inner.c)), literal_column("'[]'::json"))
    return select(gathered.cast(Text)).scalar_subquery()
