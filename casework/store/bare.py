"""Writing a seeding without walls: taken down before, built again and checked before anybody is served.

Triggers, foreign keys and the indexes that carry no rule are what makes writing slow. They go in one transaction and come back in one:
a database is either whole or marked as bare, and a bare one is not served. What the walls would have counted is counted at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, ForeignKeyConstraint, Index, inspect
from sqlalchemy.schema import AddConstraint, CreateIndex, DropConstraint, DropIndex

from casework.errors import StoreMismatch
from casework.store import database, walls
from casework.store.failures import named_failures
from casework.store.limits import Limits
from casework.store.schema import case_count, counter, metadata
from casework.store.walls.rules import SLOTS

BARE = "seeding/bare"
"""1 while the walls are down."""


def is_bare(target: str, limits: Limits | None = None) -> bool:
    """Say whether a seeding has taken the walls down and not built them again. A database without tables is not bare."""
    with _connected(target, limits) as connection:
        return _marked(connection)


def take_down(target: str, limits: Limits | None = None) -> None:
    """Take the walls down for a seeding, foreign keys and indexes with them. On a database that is bare already this changes nothing."""
    with _connected(target, limits) as connection:
        if _marked(connection):
            return
        walls.take_down(connection)
        for index in _indexes():
            connection.execute(DropIndex(index))
        for constraint in _foreign_keys(connection):
            connection.execute(DropConstraint(constraint))
        connection.execute(counter.insert().values(name=BARE, value=1))


def build_again(target: str, limits: Limits | None = None) -> None:
    """Count what the walls would have counted, and build everything again: the engine looks at every row. Raises StoreMismatch.

    On a database that is not bare this changes nothing.
    """
    with _connected(target, limits) as connection:
        if not _marked(connection):
            return
        slot = _SLOTS[connection.dialect.name].format(slots=SLOTS)
        connection.execute(case_count.delete())
        connection.exec_driver_sql(_COUNT_CASES.format(slot=slot))
        connection.exec_driver_sql(_FOLLOW_STEPS)
        for register in ("host", "staff"):
            connection.exec_driver_sql(_FOLLOW_PROCESS.format(register=register))
        for constraint in _foreign_keys(connection):
            connection.execute(AddConstraint(constraint, isolate_from_table=False))
        for index in _indexes():
            connection.execute(CreateIndex(index))
        walls.build(connection)
        connection.execute(counter.delete().where(counter.c.name == BARE))
        _require_whole(connection)


@contextmanager
def _connected(target: str, limits: Limits | None) -> Iterator[Connection]:
    """Yield a connection whose one transaction is kept when nothing fails. It waits as long as it takes."""
    engine = database.open_engine(target, limits)
    try:
        with named_failures(), engine.connect() as connection:
            database.begin_write(connection)
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
            yield connection
            connection.commit()
    finally:
        engine.dispose()


def _marked(connection: Connection) -> bool:
    return (
        inspect(connection).has_table(counter.name)
        and connection.execute(counter.select().where(counter.c.name == BARE, counter.c.value == 1)).first() is not None
    )


def _indexes() -> Iterator[Index]:
    """Yield the indexes that only make reading quick. A unique one is a rule, and stays."""
    for table in metadata.sorted_tables:
        yield from sorted((index for index in table.indexes if not index.unique), key=lambda index: str(index.name))


def _foreign_keys(connection: Connection) -> Iterator[ForeignKeyConstraint]:
    """Yield the foreign keys. SQLite's are part of their table: there they are left in place, and looked at again at the end."""
    if connection.dialect.name == "postgresql":
        for table in metadata.sorted_tables:
            yield from sorted(table.foreign_key_constraints, key=lambda one: str(one.name))


def _require_whole(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (stray := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
        msg = f"a row of {stray[0]} refers to nothing: seed an empty database"
        raise StoreMismatch(msg)


_SLOTS: Mapping[str, str] = {"sqlite": "unicode(substr(c.id, -1)) % {slots}", "postgresql": "mod(ascii(right(c.id, 1)), {slots})"}
_COUNT_CASES = """
    INSERT INTO case_count (office_id, state, slot, n, case_id)
      SELECT c.office_id, counted.state, {slot}, sum(counted.step), max(c.id)
      FROM (SELECT case_id, source AS state, -1 AS step FROM event WHERE seq > 1 AND source <> dest
            UNION ALL SELECT case_id, dest, 1 FROM event WHERE seq = 1 OR source <> dest) AS counted
        JOIN care_case AS c ON c.id = counted.case_id
      GROUP BY c.office_id, counted.state, {slot}"""
"""Every state that a case came through has its row, as the walls would have left it."""
_FOLLOW_STEPS = """
    UPDATE process SET
      steps = (SELECT max(s.n) FROM process_step AS s WHERE s.process_id = process.id),
      state = (SELECT s.dest FROM process_step AS s WHERE s.process_id = process.id ORDER BY s.n DESC LIMIT 1),
      entered_at = (SELECT max(s.occurred_at) FROM process_step AS s WHERE s.process_id = process.id AND s.source <> s.dest)
    WHERE steps = 0"""
"""The processes of houses and their staff are written as they began, and so are their registers."""
_FOLLOW_PROCESS = """
    UPDATE {register} SET status = p.state FROM process AS p
    WHERE p.id = {register}.id AND p.machine = '{register}' AND {register}.status <> p.state"""
