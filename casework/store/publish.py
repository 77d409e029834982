"""Publishing the rules: a definition's edges go into the database once and are sealed, so that the walls know the law too.

What is put in force, definition or parameters, is an entry of the journal in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, select

from casework.errors import DefinitionError, StoreMismatch
from casework.ledger.event import Rules
from casework.ledger.fault import Rulebook
from casework.machines import policy
from casework.machines.engine import HELD, Machine
from casework.machines.parameters import Parameters
from casework.machines.versions import crossings
from casework.store.schema import crossing, edge, machine_version, parameter_set, policy_version
from casework.store.streams import announce, last_announced

Edge = tuple[str, str, str, int, int]
"""(source, trigger, dest, approvals before the move, rounds it adds)."""
Standing = tuple[tuple[Any, ...], set[tuple[Any, ...]], set[tuple[Any, ...]]]
"""Digest, initial state and whether it is sealed; the edges; the crossings."""


def publish_all(connection: Connection, machines: Collection[Machine[Any]], at: str) -> None:
    """Publish every definition (`publish`). Those that stand already, nearly always all, are told by three questions for all of them."""
    found = _standing(connection)
    for machine in machines:
        _require_signed_by_nobody(machine)
        if found.get((machine.definition.name, machine.definition.version)) != _stands(machine):
            publish(connection, machine, at)


def publish(connection: Connection, machine: Machine[Any], at: str) -> None:
    """Insert and seal one definition version; do nothing if it stands already. `at` is UTC text. The caller commits.

    Raises DefinitionError for a process that would wait for signatures, StoreMismatch when the version before is not there, or when the
    stored version has another digest or other edges: a definition was swapped under running cases.
    """
    definition = machine.definition
    _require_signed_by_nobody(machine)
    key = {"machine": definition.name, "version": definition.version}
    if _stored(connection, key) is None:
        if definition.version > 1 and _stored(connection, key | {"version": definition.version - 1}) is None:
            raise StoreMismatch(f"{definition.name} version {definition.version} is not published before version {definition.version - 1}")
        values = {"digest": machine.digest, "initial": definition.initial, "published_at": at, "sealed": 0, "about": definition.about}
        connection.execute(machine_version.insert().values(**key, **values))
        connection.execute(edge.insert(), [_row(key, arc) for arc in edges(machine)])
        if taken := _crossings(machine):
            connection.execute(crossing.insert(), [dict(zip(_CROSSING, (*key.values(), *way), strict=True)) for way in sorted(taken)])
        connection.execute(machine_version.update().where(*_same(machine_version, key)).values(sealed=1))
        announce(connection, "definition_published", at, _rules(machine))
    if _standing(connection).get((definition.name, definition.version)) != _stands(machine):
        raise StoreMismatch(
            f"definition swapped: {definition.name} version {definition.version} in the database is not the one in this program; "
            "install the program that published it, or give the changed definition a new version"
        )


_CROSSING = ("machine", "version", "from_version", "source", "dest")


def _crossings(machine: Machine[Any]) -> set[tuple[int, str, str]]:
    """Return (older version, state there, state here) of everything that may pass into this version."""
    found = ((migrates.version, way) for migrates in machine.definition.migrates for way in crossings(machine, migrates.version).values())
    return {(version, way.source, way.dest) for version, way in found}


def refuse_unknown(connection: Connection, machines: Collection[Machine[Any]]) -> None:
    """Refuse a database that holds a version of a machine that this program does not know. Raises StoreMismatch."""
    columns, known = machine_version.c, {(machine.definition.name, machine.definition.version) for machine in machines}
    ours = {name for name, _ in known}
    for name, version in connection.execute(select(columns.machine, columns.version)):
        if name in ours and (name, version) not in known:
            raise StoreMismatch(f"the database holds {name} version {version}, which this program does not know: install the newer program")


def _require_signed_by_nobody(machine: Machine[Any]) -> None:
    """Steps beside the journey carry no approval requests, rounds or held places: their four eyes are guards."""
    definition = machine.definition
    if definition.about == "journey":
        return
    for row in definition.transitions:
        if row.approvals or row.new_round or row.dest == HELD:
            msg = f"{definition.name}.{row.trigger}: a step of a process has no approvals, no round and no held place"
            raise DefinitionError(msg)


def _rules(machine: Machine[Any]) -> Rules:
    return Rules(machine=machine.definition.name, version=machine.definition.version, definition=machine.digest)


def put_in_force(connection: Connection, params: Parameters, at: str) -> None:
    """Record the parameters, and journal them whenever they differ from those in force before: going back to old ones is a change too."""
    known = connection.execute(select(parameter_set.c.digest).where(parameter_set.c.digest == params.digest)).first()
    if known is None:
        connection.execute(parameter_set.insert().values(digest=params.digest, body=params.as_json(), first_used_at=at))
    before = last_announced(connection, "parameters_changed")
    if before is None or before.parameters != params.digest:
        announce(connection, "parameters_changed", at, Rules(parameters=params.digest))


def put_policy_in_force(connection: Connection, at: str) -> None:
    """Record and journal the policy of this program whenever it differs from the one in force before, as with parameters."""
    known = connection.execute(select(policy_version.c.digest).where(policy_version.c.digest == policy.DIGEST)).first()
    if known is None:
        connection.execute(policy_version.insert().values(digest=policy.DIGEST, body=policy.as_json(policy.ROWS), first_used_at=at))
    before = last_announced(connection, "policy_changed")
    if before is None or before.policy != f"@{policy.DIGEST}":
        announce(connection, "policy_changed", at, Rules(policy=f"@{policy.DIGEST}"))


def edges(machine: Machine[Any]) -> Iterator[Edge]:
    """Yield every edge a case may move over. `@held` becomes one for each live state: which one is the placement's to say."""
    live = tuple(state.name for state in machine.definition.states if state.kind == "live")
    for arc in machine.arcs:
        row = machine.transition(arc.source, arc.trigger)
        if row is None:
            raise StoreMismatch(f"definition {machine.definition.name} has an arc without a row: {arc.source}, {arc.trigger}")
        for dest in live if arc.dest == HELD else (arc.dest,):
            yield arc.source, arc.trigger, dest, len(row.before), int(row.new_round)


def rulebook(machine: Machine[Any]) -> Rulebook:
    """Return the definition as the verifier replays it: from this program, never from the database it judges."""
    allowed = {(source, trigger, dest): (before, added) for source, trigger, dest, before, added in edges(machine)}
    taken = {(version, source): dest for version, source, dest in _crossings(machine)}
    return Rulebook(machine.digest, machine.definition.initial, allowed, taken)


def _same(table: Any, key: dict[str, Any]) -> list[Any]:
    return [table.c[name] == value for name, value in key.items()]


def _row(key: dict[str, Any], arc: Edge) -> dict[str, Any]:
    source, trigger, dest, approvals_before, new_round = arc
    return {**key, "source": source, "trigger": trigger, "dest": dest, "approvals_before": approvals_before, "new_round": new_round}


def _stored(connection: Connection, key: dict[str, Any]) -> tuple[str, str, int] | None:
    columns = machine_version.c
    query = select(columns.digest, columns.initial, columns.sealed).where(*_same(machine_version, key))
    found = connection.execute(query).first()
    return (found.digest, found.initial, found.sealed) if found else None


def _stands(machine: Machine[Any]) -> Standing:
    return (machine.digest, machine.definition.initial, 1), {*edges(machine)}, _crossings(machine)


def _standing(connection: Connection) -> dict[tuple[str, int], Standing]:
    """Return what is published, by name and version."""
    columns = machine_version.c
    versions = connection.execute(select(columns.machine, columns.version, columns.digest, columns.initial, columns.sealed))
    found: dict[tuple[str, int], Standing] = {(name, version): (tuple(rest), set(), set()) for name, version, *rest in versions}
    columns = edge.c
    moves = select(
        columns.machine, columns.version, columns.source, columns.trigger, columns.dest, columns.approvals_before, columns.new_round
    )
    for name, version, *move in connection.execute(moves):
        found[name, version][1].add(tuple(move))
    columns = crossing.c
    ways = select(columns.machine, columns.version, columns.from_version, columns.source, columns.dest)
    for name, version, *way in connection.execute(ways):
        found[name, version][2].add(tuple(way))
    return found
