"""The care journey itself, as the database holds it."""

from sqlalchemy import select

from casework.machines.care import CARE
from casework.store.database import begin_write, open_engine
from casework.store.publish import edges, publish
from casework.store.schema import edge, machine_version
from tests.databases import Database
from tests.store.world import AT


def test_the_care_journey_is_published_and_sealed(database: Database) -> None:
    engine = open_engine(database.owner)
    with engine.connect() as connection:
        begin_write(connection)
        publish(connection, CARE, AT)
        publish(connection, CARE, AT)
        row = connection.execute(select(machine_version).where(machine_version.c.machine == CARE.definition.name)).one()
        stored = connection.execute(select(edge).where(edge.c.machine == CARE.definition.name)).all()
        connection.commit()
    engine.dispose()
    assert (row.digest, row.initial, row.sealed) == (CARE.digest, CARE.definition.initial, 1)
    assert {(found.source, found.trigger, found.dest, found.approvals_before, found.new_round) for found in stored} == {*edges(CARE)}
    assert {(arc.source, arc.trigger) for arc in CARE.arcs} == {(found.source, found.trigger) for found in stored}
    assert {found.dest for found in stored} <= CARE.states.keys()
