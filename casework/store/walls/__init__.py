"""Walls: triggers that make the law hold against raw SQL too. `rules.py`, `processes.py` and `outbox.py` say what.

This module raises them, takes them down, checks them.
The file's or the database's owner can always drop a wall: that is what the chain and a checkpoint held outside are for.
"""

from collections.abc import Mapping
from functools import cache
from itertools import groupby

from sqlalchemy import Connection

from casework.store.walls import policies, postgresql, roles, sqlite
from casework.store.walls.attachments import ATTACHMENT_RULES
from casework.store.walls.complaints import COMPLAINT_RULES
from casework.store.walls.data_requests import DATA_REQUEST_RULES
from casework.store.walls.delegations import DELEGATION_RULES
from casework.store.walls.field import FIELD_RULES
from casework.store.walls.glass import GLASS_RULES
from casework.store.walls.houses import HOUSE_RULES
from casework.store.walls.keys import KEY_RULES
from casework.store.walls.outbox import OUTBOX_RULES
from casework.store.walls.processes import PROCESS_RULES
from casework.store.walls.questions import QUESTION_RULES
from casework.store.walls.reviews import REVIEW_RULES
from casework.store.walls.rules import RULES, Change, Rule


def _grouped() -> dict[tuple[str, Change], tuple[Rule, ...]]:
    def place(rule: Rule) -> tuple[str, Change]:
        return rule.table, rule.change

    about_people = (*ATTACHMENT_RULES, *COMPLAINT_RULES, *DATA_REQUEST_RULES, *KEY_RULES)
    written = (*about_people, *OUTBOX_RULES, *REVIEW_RULES, *QUESTION_RULES, *DELEGATION_RULES, *FIELD_RULES, *GLASS_RULES)
    rules = (*RULES, *HOUSE_RULES, *PROCESS_RULES, *written)
    return {key: tuple(found) for key, found in groupby(sorted(rules, key=place), key=place)}


@cache
def _on_sqlite() -> Mapping[str, str]:
    return sqlite.statements(_grouped())


@cache
def _on_postgresql(schema: str) -> Mapping[str, tuple[str, str, str]]:
    return postgresql.statements(_grouped(), schema)


def build(connection: Connection) -> None:
    """Raise every wall, in the caller's transaction."""
    if connection.dialect.name == "sqlite":
        for statement in _on_sqlite().values():
            connection.exec_driver_sql(statement)
        return
    schema = _schema(connection)
    for name, wall in _on_postgresql(schema).items():
        for statement in postgresql.creation(name, wall, schema):
            connection.exec_driver_sql(statement)
    for statement in policies.statements(schema):
        connection.exec_driver_sql(statement)


def take_down(connection: Connection) -> None:
    """Drop every wall that stands, in the caller's transaction: only a migration may, and it builds them again before it commits."""
    for name, table in _standing(connection):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER {name} ON {table}")
            connection.exec_driver_sql(f"DROP FUNCTION {name}()")


def admit(connection: Connection, role: str) -> bool:
    """Give the application's role its rights on PostgreSQL, and no others. False when there is no such role; SQLite knows none."""
    if connection.dialect.name == "sqlite":
        return True
    if connection.exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).first() is None:
        return False
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    for statement in roles.statements(quoted, _schema(connection)):
        connection.exec_driver_sql(statement)
    return True


def breaches(connection: Connection) -> tuple[str, ...]:
    """Name every wall that is missing, altered or switched off, and every trigger that is not ours. Empty when all stand."""
    if connection.dialect.name == "sqlite":
        expected = {**_on_sqlite()}
        found = {str(name): str(sql) for name, sql in connection.exec_driver_sql(_SQLITE_TRIGGERS)}
    else:
        expected = {name: wall[1] for name, wall in _on_postgresql(_schema(connection)).items()}
        found = {str(name): str(body) for name, body in connection.exec_driver_sql(_POSTGRESQL_TRIGGERS)}
        guarded = {str(table) for (table,) in connection.exec_driver_sql(_POSTGRESQL_GUARDED)}
        expected |= {f"row_level_security_{table}": "" for table in policies.tables()}
        found |= {f"row_level_security_{table}": "" for table in guarded}
    return tuple(sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)))


_SQLITE_TRIGGERS = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
_POSTGRESQL_TRIGGERS = """
    SELECT t.tgname, CASE WHEN t.tgenabled = 'A' THEN p.prosrc END
    FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"""
_POSTGRESQL_GUARDED = """
    SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = current_schema()::regnamespace AND c.relrowsecurity
      AND (SELECT array_agg(p.polname::text ORDER BY p.polname) FROM pg_policy AS p WHERE p.polrelid = c.oid) = '{seen,written}'"""


def _schema(connection: Connection) -> str:
    return str(connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one())


def _standing(connection: Connection) -> list[tuple[str, str]]:
    if connection.dialect.name == "sqlite":
        query = "SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger' AND name GLOB 'wall_*'"
    else:
        query = r"""SELECT t.tgname, t.tgrelid::regclass::text FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
            WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace AND starts_with(t.tgname::text, 'wall_')"""
    return [(str(name), str(table)) for name, table in connection.exec_driver_sql(query)]
