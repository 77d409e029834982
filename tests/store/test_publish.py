"""A definition is published once, edge by edge, and sealed; another one under the same name and version is refused."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, Engine, select

from casework.errors import StoreMismatch
from casework.machines.engine import Approval, Machine, compile_machine
from casework.store.database import begin_write, open_engine
from casework.store.publish import edges, publish
from casework.store.schema import edge, machine_version
from tests.databases import Database
from tests.store.world import AT, LATER, TOY


@pytest.fixture
def engine(database: Database) -> Any:
    engine = open_engine(database.owner)
    yield engine
    engine.dispose()


def _write(engine: Engine) -> Connection:
    connection = engine.connect()
    begin_write(connection)
    return connection


def test_every_edge_of_the_table_is_there_and_no_other() -> None:
    assert {(source, trigger) for source, trigger, *_ in edges(TOY)} == {(arc.source, arc.trigger) for arc in TOY.arcs}
    assert [found for found in edges(TOY) if found[1] == "admit"] == [("planned", "admit", "institution", 2, 0)]
    assert {found[2] for found in edges(TOY) if found[1] == "find"} == {"reported", "planned", "family", "institution"}


def test_publishing_twice_changes_nothing(engine: Engine) -> None:
    with _write(engine) as connection:
        before = connection.execute(select(machine_version)).all()
        publish(connection, TOY, LATER)
        assert connection.execute(select(machine_version)).all() == before


def _fewer_signatures(machine: Machine[Any]) -> Machine[Any]:
    rows = tuple(
        msgspec.structs.replace(row, approvals=(Approval("supervisor"),)) if row.trigger == "admit" else row
        for row in machine.definition.transitions
    )
    return compile_machine(msgspec.structs.replace(machine.definition, transitions=rows))


def test_a_definition_swapped_under_running_cases_is_refused(engine: Engine) -> None:
    with _write(engine) as connection, pytest.raises(StoreMismatch, match="definition swapped"):
        publish(connection, _fewer_signatures(TOY), LATER)


def test_an_edge_planted_before_its_version_was_published_is_found(engine: Engine) -> None:
    third = compile_machine(msgspec.structs.replace(TOY.definition, version=3))
    planted = {"machine": "toy", "version": 3, "source": "reported", "trigger": "skip", "dest": "institution", "approvals_before": 0}
    with _write(engine) as connection:
        version = {"machine": "toy", "version": 3, "digest": third.digest, "initial": "reported", "published_at": AT, "sealed": 0}
        connection.execute(machine_version.insert().values(version))
        connection.execute(edge.insert().values(planted))
        with pytest.raises(StoreMismatch, match="definition swapped"):
            publish(connection, third, LATER)
