"""The raw-SQL attacks on versions: nothing passes into another one but over a crossing, by a migration that two people decided."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from casework.ledger.event import NO_HASH, Actor, Event, Through
from casework.machines.definitions import Migrates
from casework.machines.engine import compile_machine
from casework.store import database
from casework.store.database import open_engine
from casework.store.publish import publish
from casework.store.streams import actor_row
from tests.databases import Database, dropped
from tests.store.world import AT, CASE, FRESH, LATER, MODES, TOY, TOY_2, Raw, furnished, on_probation, raw_on

Attack = Callable[[Raw], object]
_states = tuple(msgspec.structs.replace(state, name="scheduled") if state.name == "planned" else state for state in TOY.definition.states)
_rows = tuple(
    msgspec.structs.replace(
        row,
        sources=tuple("scheduled" if source == "planned" else source for source in row.sources)
        if isinstance(row.sources, tuple)
        else row.sources,
        dest="scheduled" if row.dest == "planned" else row.dest,
    )
    for row in TOY.definition.transitions
)
TOY_3 = compile_machine(
    msgspec.structs.replace(
        TOY.definition, version=3, states=_states, transitions=_rows, follows=TOY_2.digest,
        migrates=(Migrates(version=1, states={"planned": "scheduled"}, stays=("institution",)), Migrates(version=2)),
    )
)  # fmt: skip
DECIDED = "2026-11-22T12:00:00.000000Z"
MIGRATION = {"machine": "toy", "version": 3, "office_id": "office", "digest": "digest", "requester": "supervisor", "requested_at": AT}


def says(person: str, *items: str, kind: Any = "migration_approved", seq: int = 1, prev: str = NO_HASH) -> dict[str, Any]:
    """Return an entry of somebody's own stream."""
    entry = Event(
        stream=f"actor:account-{person}", seq=seq, prev=prev, kind=kind, occurred_at=DECIDED, recorded_at=DECIDED,
        actor=Actor(person=person, account=f"account-{person}", role="dinas_head", office="office"), through=Through(), items=items,
    )  # fmt: skip
    return actor_row(f"account-{person}", entry)


def migrated(raw: Raw, case_id: str = CASE, **changed: Any) -> dict[str, Any]:
    """Return the entry by which a case passes into version 3, as the program would write it."""
    row = raw.event(case_id, kind="migrated", approvers=("head",))
    return row | {"version": 3, "trigger": "", "dest": "scheduled", "requester": "supervisor", "approver_2": None} | changed


def approve(raw: Raw, migration: str, approver: str = "head", at: str = DECIDED) -> int:
    return raw.run("UPDATE migration SET approver = ?, approved_at = ? WHERE id = ?", approver, at, migration)


def found(place: Database) -> None:
    """Publish the third version; `agreed` is approved about the planned case, `asked` waits."""
    engine = open_engine(place.owner)
    with engine.connect() as connection:
        database.begin_write(connection)
        publish(connection, TOY_3, AT)
        connection.commit()
    engine.dispose()
    raw = raw_on(place, "as the program" if place.engine == "sqlite" else "postgresql, as the owner")
    for person, role in (("worker", "social_worker"), ("supervisor", "supervisor"), ("head", "dinas_head"), ("other", "dinas_head")):
        account = f"account-{person}"
        raw.insert("account", {"id": account, "person_id": person, "username": person, "password_hash": "!", "created_at": AT})
        seat = {"id": f"seat-{person}", "account_id": account, "role": role, "office_id": "office", "valid_from": AT}
        raw.insert("assignment", seat)
    for name in ("agreed", "asked"):
        raw.insert("migration", MIGRATION | {"id": name})
        raw.insert("migration_item", {"migration_id": name, "subject": CASE, "from_version": 1})
    raw.insert("migration_item", {"migration_id": "asked", "subject": FRESH, "from_version": 1})
    raw.insert("actor_event", says("head", "agreed"))
    approve(raw, "agreed")
    raw.close()


@pytest.fixture(scope="session")
def agreed_towns(towns: Callable[[str], Database]) -> Callable[[str], Database]:
    """Return the town on an engine with a migration that was approved: made once."""
    return furnished(towns, found)


@pytest.fixture
def prowler(agreed_towns: Callable[[str], Database], mode: str) -> Iterator[Raw]:
    """Somebody past the program; whatever they do is rolled back."""
    with on_probation(agreed_towns(MODES[mode][0]), mode) as raw:
        yield raw


@pytest.fixture
def lawful(agreed_towns: Callable[[str], Database], mode: str) -> Iterator[Raw]:
    """The program, on a copy."""
    with dropped(agreed_towns(MODES[mode][0]).copy()) as copy:
        raw = raw_on(copy, mode)
        yield raw
        raw.close()


def _then_back(raw: Raw) -> None:
    raw.insert("event", migrated(raw))
    back = raw.event(CASE, kind="migrated", approvers=("head",))
    raw.insert("event", back | {"version": 1, "trigger": "", "dest": "planned", "requester": "supervisor", "approver_2": None})


ATTACKS: dict[str, Attack] = {
    "switch a case to another version": lambda raw: raw.run("UPDATE care_case SET version = 3 WHERE id = ?", CASE),
    "switch it with its state": lambda raw: raw.run("UPDATE care_case SET version = 3, state = 'scheduled' WHERE id = ?", CASE),
    "pass over by a migration that nobody approved": lambda raw: raw.insert("event", migrated(raw, FRESH, dest="reported")),
    "pass over in another approver's name": lambda raw: raw.insert("event", migrated(raw, approver_1="other")),
    "pass over in another requester's name": lambda raw: raw.insert("event", migrated(raw, requester="worker")),
    "pass over without a signature": lambda raw: raw.insert("event", migrated(raw, approvals_before=0, approver_1=None)),
    "pass over into a state that no crossing leads to": lambda raw: raw.insert("event", migrated(raw, dest="family")),
    "pass over and stay": lambda raw: raw.insert("event", migrated(raw, dest="planned")),
    "pass over into the version between": lambda raw: raw.insert("event", migrated(raw, version=2, dest="planned")),
    "pass over before it was approved": lambda raw: raw.insert("event", migrated(raw, occurred_at=AT)),
    "pass over into a new round": lambda raw: raw.insert("event", migrated(raw, round=2)),
    "pass over by a step": lambda raw: raw.insert("event", migrated(raw, trigger="support")),
    "pass over by another kind of entry": lambda raw: raw.insert("event", migrated(raw, kind="moved", trigger="support")),
    "go back to the older version": _then_back,
    "a migration that begins approved": lambda raw: raw.insert(
        "migration", MIGRATION | {"id": "mine", "approver": "head", "approved_at": AT}
    ),
    "a migration into a version that nobody sealed": lambda raw: raw.insert("migration", MIGRATION | {"id": "mine", "version": 4}),
    "approved by its own requester": lambda raw: (
        raw.insert("actor_event", says("supervisor", "asked")),
        approve(raw, "asked", "supervisor"),
    ),
    "approved by somebody who leads no office": lambda raw: (
        raw.insert("actor_event", says("worker", "asked")),
        approve(raw, "asked", "worker"),
    ),
    "approved in the name of a head who said nothing": lambda raw: approve(raw, "asked", "other"),
    "approved in the name of a head who spoke of another": lambda raw: approve(raw, "asked", "head"),
    "approved by a head who was not appointed yet": lambda raw: (
        raw.insert("actor_event", says("other", "asked")),
        approve(raw, "asked", "other", "2026-11-01T00:00:00.000000Z"),
    ),
    "another approver afterwards": lambda raw: (raw.insert("actor_event", says("other", "agreed")), approve(raw, "agreed", "other")),
    "another list afterwards": lambda raw: raw.insert("migration_item", {"migration_id": "agreed", "subject": FRESH, "from_version": 1}),
    "a list in the name of another version": lambda raw: raw.insert(
        "migration_item", {"migration_id": "asked", "subject": CASE, "from_version": 2}
    ),
    "change a list": lambda raw: raw.run("UPDATE migration_item SET subject = ? WHERE migration_id = 'agreed'", FRESH),
    "shorten a list": lambda raw: raw.run("DELETE FROM migration_item WHERE migration_id = 'agreed'"),
    "another version afterwards": lambda raw: raw.run("UPDATE migration SET version = 2 WHERE id = 'agreed'"),
    "another digest": lambda raw: raw.run("UPDATE migration SET digest = 'mine' WHERE id = 'asked'"),
    "delete a migration": lambda raw: raw.run("DELETE FROM migration WHERE id = 'agreed'"),
    "replace a migration": lambda raw: raw.insert("migration", MIGRATION | {"id": "agreed"}, "INSERT OR REPLACE"),
    "a crossing in a sealed version": lambda raw: raw.insert(
        "crossing", {"machine": "toy", "version": 3, "from_version": 1, "source": "institution", "dest": "family"}
    ),
    "turn a crossing": lambda raw: raw.run("UPDATE crossing SET dest = 'institution' WHERE source = 'planned'"),
    "delete a crossing": lambda raw: raw.run("DELETE FROM crossing"),
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_is_refused_and_changes_nothing(prowler: Raw, name: str) -> None:
    prowler.run("SAVEPOINT before_it")
    before = prowler.everything()
    with pytest.raises(prowler.no, match=prowler.words):
        ATTACKS[name](prowler)
    prowler.run("ROLLBACK TO before_it")
    assert prowler.everything() == before


@pytest.mark.parametrize("mode", MODES)
def test_the_lawful_way_stays_open(lawful: Raw) -> None:
    before = lawful.case()
    lawful.insert("event", migrated(lawful))
    case = lawful.case()
    assert (case["version"], case["state"], case["seq"]) == (3, "scheduled", before["seq"] + 1)
    assert (case["entered_at"], case["round"]) == (before["entered_at"], before["round"]), "it restarts no clock"
    counted = lawful.every("SELECT state, sum(n) AS n FROM case_count WHERE office_id = 'office' GROUP BY state ORDER BY state")
    assert [(row["state"], row["n"]) for row in counted if row["n"]] == [("scheduled", 1)]
    lawful.insert("actor_event", says("other", "asked"))
    approve(lawful, "asked", "other")
    lawful.insert("event", migrated(lawful, FRESH, dest="reported", approver_1="other", occurred_at=LATER))
    assert lawful.case(FRESH)["version"] == 3
