"""Processes through the store: begun and moved by what the journal says, read as guards see them, and found out when edited past it."""
# ruff: noqa: S608 - what somebody does past the walls is raw SQL

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from casework.errors import Conflict, DefinitionError, NotFound, StoreMismatch, Unavailable
from casework.ledger.event import Step, Through, decode_event
from casework.machines.book import newest_machines
from casework.machines.care import CARE
from casework.machines.engine import Approval, compile_machine
from casework.machines.forms import decode
from casework.machines.parameters import Parameters
from casework.services.audit import verify_trail
from casework.store import cases, database, facts, journal, people, processes, records, registers
from casework.store.call import Call, Seat, Who
from casework.store.cases import CaseRow
from casework.store.processes import ProcessRow
from casework.store.publish import publish
from casework.store.store import Store
from casework.store.unit import Unit
from tests.databases import Database, Databases, dropped, hurried, wreck
from tests.store.beside import GRIEVANCE
from tests.store.world import AT

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
INCIDENT, HOST, STAFF = (newest_machines()[name] for name in ("incident", "host", "staff"))


class Place(msgspec.Struct, frozen=True):
    """A store with one case, its worker, a house with one member of staff."""

    store: Store
    worker: Who
    case: str
    host: str
    member: str

    def call(self, at: datetime = NOW) -> Call:
        return Call(who=self.worker, at=at, through=Through(worker="test"))

    def do(self, work: Any, at: datetime = NOW) -> Any:
        return self.store.carry_out(self.call(at), work)

    def see(self, look: Any) -> Any:
        with self.store.read(self.call()) as unit, unit.over_everything():
            return look(unit)

    def faults(self) -> set[tuple[str, int, str]]:
        auditor = Who(person="n", account="n", name="n", seats=(Seat("auditor", "inspectorate"),))
        return {(f.stream, f.seq, f.code) for f in verify_trail(self.store, Call(who=auditor, at=NOW)).faults}


def _begin(unit: Unit) -> tuple[str, str, str, str, str]:
    office = people.add_office(unit, "Dinas (contoh)", "dinas")
    person = people.add_person(unit, "Sari (contoh)")
    account = people.add_account(unit, person, "sari", "!", "2030-01-01")
    child = registers.add_child(
        unit, name="Anak (contoh)", alias=None, sex="female", born=None, born_precision="unknown", born_place=None, religion="islam",
        nik=None, kk=None, mother_name=None, father_name=None, district_code=None, village_code=None,
    )  # fmt: skip
    case = cases.add_case(unit, child, office, CARE.definition.name, CARE.definition.version, CARE.definition.initial, None)
    journal.append(unit, case, "case_registered", "social_worker")
    host = registers.add_host(unit, kind="lksa", name="LKSA (contoh)", status=HOST.definition.initial)
    row, opened = processes.open_process(unit, HOST, process_id=host, host_id=host)
    _, activated = processes.step(unit, row, HOST, "activate", "active")
    journal.append_for_actor(unit, "host_changed", items=(host,), steps=(opened, activated))
    member = registers.add_staff(unit, host, name="Ibu (contoh)", duty="pengasuh", status=STAFF.definition.initial)
    _, begun = processes.open_process(unit, STAFF, process_id=member, host_id=host)
    journal.append_for_actor(unit, "host_changed", items=(member,), steps=(begun,))
    return office, person, account, case.id, host + " " + member


@pytest.fixture(scope="module")
def prepared(databases: Databases) -> Database:
    """The schema of this program, its definitions published, and one small town."""
    made = databases.new()
    owner = Store(made.owner, Parameters())
    owner.upgrade(NOW - timedelta(days=9))
    owner.close()
    engine = database.open_engine(made.owner)
    with engine.connect() as connection:
        database.begin_write(connection)
        publish(connection, GRIEVANCE, AT)
        connection.commit()
    engine.dispose()
    return made


@pytest.fixture
def kept(prepared: Database) -> Iterator[Database]:
    with dropped(prepared.copy()) as copy:
        yield copy


@pytest.fixture
def place(kept: Database) -> Iterator[Place]:
    store = Store(kept.target, Parameters())
    hurried(store._engine)
    nobody = Who(person="p", account="a", name="n", seats=())
    office, person, account, case, houses = store.carry_out(Call(who=nobody, at=NOW), _begin)
    host, member = houses.split()
    seats = (Seat("social_worker", office),)
    yield Place(store, Who(person=person, account=account, name="Sari", seats=seats), case, host, member)
    store.close()


def locked(unit: Unit, place: Place) -> CaseRow:
    return cases.locked(unit, place.case)


def report(unit: Unit, place: Place, accused: tuple[str, ...] = (), supersedes: str | None = None) -> Any:
    """Sign an incident report about the house, accusing some of its staff."""
    body = decode(
        "F17",
        {
            "type": "physical",
            "happened_at": "2026-11-22T08:00:00+08:00",
            "place": "asrama",
            "what_happened": "Rekaan.",
            "immediate_action": "Rekaan.",
            "subject_household": place.host,
            "accused_staff": [*accused],
        },
    )
    return records.add_record(unit, locked(unit, place), "F17", body, role="social_worker", supersedes=supersedes)


def open_incident(place: Place, accused: tuple[str, ...] = (), at: datetime = NOW) -> ProcessRow:
    def work(unit: Unit) -> ProcessRow:
        filed = report(unit, place, accused)
        case = locked(unit, place)
        row, opened = processes.open_process(
            unit, INCIDENT, process_id=f"incident-{at:%H%M%S}", case=case, host_id=place.host, record_id=filed.id
        )
        journal.append(unit, case, "record_signed", "social_worker", items=(filed.id,), steps=(opened,))
        return row

    return place.do(work, at)  # type: ignore[no-any-return]


def advance(place: Place, process: str, *steps: tuple[str, str], at: datetime = NOW) -> ProcessRow:
    """Make steps (trigger, dest) of a case's process in one entry."""

    def work(unit: Unit) -> ProcessRow:
        row, made = processes.get(unit, process), list[Step]()
        for trigger, dest in steps:
            row, step = processes.step(unit, row, processes.machine_of(row), trigger, dest)
            made.append(step)
        journal.append(unit, locked(unit, place), "process_moved", "supervisor", steps=tuple(made))
        return row

    return place.do(work, at)  # type: ignore[no-any-return]


def test_a_process_begins_with_the_entry_that_names_it(place: Place) -> None:
    row = open_incident(place)
    assert (row.state, row.steps, row.case_id, row.host_id) == ("reported", 1, place.case, place.host)
    assert place.see(lambda unit: processes.get(unit, row.id)) == row
    (step,) = place.see(lambda unit: processes.steps_of(unit, row.id))
    assert (step.trigger, step.source, step.dest, step.by, step.at) == ("open", "", "reported", place.worker.person, NOW)
    assert step.entry.startswith(f"case:{place.case}#")
    assert place.faults() == set()


def test_several_steps_of_one_process_are_one_entry(place: Place) -> None:
    row = open_incident(place)
    later = NOW + timedelta(hours=3)
    moved = advance(place, row.id, ("triage", "triaged"), ("protect", "protective_action"), at=later)
    assert (moved.state, moved.steps, moved.opened_at, moved.entered_at) == ("protective_action", 3, NOW, later)
    assert place.see(lambda unit: processes.get(unit, row.id)) == moved
    made = place.see(lambda unit: processes.steps_of(unit, row.id))
    assert [step.n for step in made] == [1, 2, 3]
    assert made[1].entry == made[2].entry
    assert place.faults() == set()


def test_what_an_entry_says_of_a_step_is_all_that_the_step_says(place: Place, kept: Database) -> None:
    row = open_incident(place)
    advance(place, row.id, ("triage", "triaged"))
    body = kept.rows("SELECT body FROM event WHERE case_id = ? ORDER BY seq DESC LIMIT 1", place.case)[0][0]
    (said,) = decode_event(bytes(body)).steps
    assert (said.process, said.n, said.machine, said.version, said.definition) == (row.id, 2, "incident", 1, INCIDENT.digest)
    assert said.guards == tuple((guard.code, True) for guard in INCIDENT.transition("reported", "triage").guards)  # type: ignore[union-attr]


def test_a_step_whose_entry_is_never_written_moves_nothing(place: Place) -> None:
    row = open_incident(place)
    place.do(lambda unit: processes.step(unit, processes.get(unit, row.id), INCIDENT, "triage", "triaged"))
    assert place.see(lambda unit: processes.get(unit, row.id)) == row


def test_a_lawless_step_is_refused_by_the_database_and_nothing_is_written(place: Place, kept: Database) -> None:
    row = open_incident(place)
    before = kept.dump()
    with pytest.raises((Conflict, Unavailable)):
        advance(place, row.id, ("close", "closed"))
    with pytest.raises((Conflict, Unavailable)):
        advance(place, row.id, ("triage", "triaged"), ("triage", "triaged"))
    assert kept.dump() == before


def test_a_process_makes_no_step_of_another_definition(place: Place) -> None:
    row = open_incident(place)
    with pytest.raises(StoreMismatch):
        place.do(lambda unit: processes.step(unit, row, HOST, "suspend", "suspended"))


def test_guards_see_the_newest_version_of_the_form_and_who_made_the_steps(place: Place) -> None:
    row = open_incident(place, (place.member,))

    def correct(unit: Unit) -> Any:
        first = processes.get(unit, row.id).record_id
        records.set_void(unit, str(first))
        second = report(unit, place, supersedes=first)
        records.set_void(unit, second.id)
        third = report(unit, place, (place.member,), supersedes=second.id)
        journal.append(unit, locked(unit, place), "record_signed", "social_worker", items=(third.id,))
        return third

    newest = place.do(correct)
    advance(place, row.id, ("triage", "triaged"))
    (seen,) = place.see(lambda unit: processes.facts_of_case(unit, place.case))
    assert (seen.id, seen.machine, seen.state, seen.case_id, seen.host_id) == (row.id, "incident", "triaged", place.case, place.host)
    assert seen.record is not None
    assert seen.record.id == newest.id
    assert seen.by == (place.worker.person,)
    assert place.see(lambda unit: processes.seen(unit, processes.get(unit, row.id))) == seen
    assert place.see(lambda unit: facts.read_snapshot(unit, locked(unit, place))).facts.processes == (seen,)


def test_a_begun_process_is_seen_before_its_first_step_is_written(place: Place) -> None:
    def work(unit: Unit) -> None:
        case = locked(unit, place)
        row, opened = processes.open_process(unit, GRIEVANCE, process_id="new", case=case)
        (found,) = processes.of_case(unit, case.id)
        assert (found.steps, row.steps) == (0, 1)
        journal.append(unit, case, "process_moved", "social_worker", steps=(opened,))
        assert processes.of_case(unit, case.id) == (row,)

    place.do(work)


def test_what_concerns_a_host_is_found_there(place: Place) -> None:
    first, second = open_incident(place, (place.member,)), open_incident(place, at=NOW + timedelta(hours=1))
    found = place.see(lambda unit: processes.of_host(unit, place.host))
    assert {row.id for row in found} == {place.host, place.member, first.id, second.id}
    assert place.see(lambda unit: processes.of_host(unit, place.host, "incident")) == (first, second)
    assert place.see(lambda unit: processes.open_incidents_at(unit, place.host)) == (frozenset({place.member}), frozenset())
    (host,) = place.see(lambda unit: processes.of_host(unit, place.host, "host"))
    assert (host.state, host.steps, host.case_id) == ("active", 2, None)
    with pytest.raises(NotFound):
        place.see(lambda unit: processes.get(unit, "nobody's"))


def test_a_cases_entry_may_carry_the_step_of_a_member_of_staff(place: Place) -> None:
    def work(unit: Unit) -> None:
        row = processes.get(unit, place.member)
        _, suspended = processes.step(unit, row, STAFF, "suspend", "suspended")
        journal.append(unit, locked(unit, place), "record_signed", "social_worker", steps=(suspended,))

    place.do(work)
    assert place.see(lambda unit: processes.steps_of(unit, place.member))[-1].entry.startswith("case:")
    assert place.faults() == set()


def test_an_entry_elsewhere_names_its_cause(place: Place, kept: Database) -> None:
    cause = place.do(lambda unit: journal.append_for_actor(unit, "process_moved", items=(place.host,)))
    assert cause == f"actor:{place.worker.account}#1"
    place.do(lambda unit: journal.append(unit, locked(unit, place), "task_due", "system", cause=cause))
    body = kept.rows("SELECT body FROM event WHERE case_id = ? AND kind = 'task_due'", place.case)[0][0]
    assert decode_event(bytes(body)).cause == cause
    assert place.faults() == set()


def test_the_clock_finds_what_waits_longest_and_no_more_than_it_asked_for(place: Place) -> None:
    rows = [open_incident(place, at=NOW + timedelta(minutes=minute)) for minute in range(3)]
    for days, row in zip((3, 1, 2), rows, strict=True):
        moment = NOW + timedelta(days=days)
        place.do(lambda unit, row=row, moment=moment: processes.schedule(unit, row.id, due_at=moment, wakes_at=moment))
    at = NOW + timedelta(days=2)
    assert [row.id for row in place.see(lambda unit: processes.waking(unit, at, 9))] == [rows[1].id, rows[2].id]
    (first,) = place.see(lambda unit: processes.waking(unit, at, 1))
    assert (first.id, first.wakes_at, first.due_at) == (rows[1].id, NOW + timedelta(days=1), NOW + timedelta(days=1))
    place.do(lambda unit: processes.schedule(unit, first.id, due_at=None, wakes_at=None))
    assert [row.id for row in place.see(lambda unit: processes.waking(unit, at, 9))] == [rows[2].id]


def test_a_lost_race_for_one_process_is_a_conflict(place: Place) -> None:
    row = open_incident(place)
    advance(place, row.id, ("triage", "triaged"))

    def with_an_old_row(unit: Unit) -> None:
        _, stale = processes.step(unit, row, INCIDENT, "triage", "triaged")
        journal.append(unit, locked(unit, place), "process_moved", "supervisor", steps=(stale,))

    with pytest.raises((Conflict, Unavailable)):
        place.do(with_an_old_row)


TAMPERED = {
    "UPDATE process SET state = 'closed' WHERE id = '{incident}'": "process_differs",
    "UPDATE process SET steps = 7 WHERE id = '{incident}'": "process_differs",
    "UPDATE process SET entered_at = opened_at WHERE id = '{incident}'": "process_differs",
    "UPDATE process SET version = 2 WHERE id = '{incident}'": "process_differs",
    "UPDATE process SET case_id = NULL, state = 'closed' WHERE id = '{incident}'": "process_differs",
    "UPDATE process_step SET dest = 'closed' WHERE process_id = '{incident}' AND n = 2": "step_differs",
    "UPDATE process_step SET seq = 1 WHERE process_id = '{incident}' AND n = 2": "step_differs",
    "UPDATE process_step SET n = 9 WHERE process_id = '{incident}' AND n = 2": "step_without_entry",
    "DELETE FROM process_step WHERE process_id = '{incident}' AND n = 2": "step_row_missing",
    "DELETE FROM process_step WHERE process_id = '{incident}'": "step_row_missing",
    "INSERT INTO process_step SELECT '{incident}', 3, stream, seq, machine, version, 'protect', 'triaged', 'protective_action', occurred_at"
    " FROM process_step WHERE process_id = '{incident}' AND n = 2": "step_without_entry",
    "UPDATE host SET status = 'revoked'": "status_differs",
    "UPDATE staff SET status = 'cleared'": "status_differs",
    "DELETE FROM staff": "status_differs",
    "INSERT INTO process (id, machine, version, state, steps, case_id, host_id, record_id, office_id, opened_at, entered_at)"
    " SELECT 'planted', machine, version, state, steps, case_id, host_id, record_id, office_id, opened_at, entered_at"
    " FROM process WHERE id = '{incident}'": "process_without_beginning",
}


@pytest.mark.parametrize("sql", TAMPERED)
def test_what_somebody_changes_past_the_walls_is_named(place: Place, kept: Database, sql: str) -> None:
    row = open_incident(place)
    advance(place, row.id, ("triage", "triaged"), at=NOW + timedelta(hours=1))
    assert place.faults() == set()
    wreck(kept, sql.format(incident=row.id), mended=True)
    assert TAMPERED[sql] in {code for _, _, code in place.faults()}


def test_a_house_that_nobody_entered_is_named(place: Place) -> None:
    house = place.do(lambda unit: registers.add_host(unit, kind="lksa", name="LKSA (contoh)", status="registered"))
    assert place.faults() == {(f"host:{house}", 0, "register_without_process")}


def test_a_process_that_is_gone_is_named(place: Place, kept: Database) -> None:
    row = open_incident(place)
    wreck(kept, f"DELETE FROM process_step WHERE process_id = '{row.id}'", f"DELETE FROM process WHERE id = '{row.id}'", mended=True)
    assert {code for _, _, code in place.faults()} == {"process_missing", "step_row_missing"}


def test_a_process_of_a_definition_that_is_not_this_programs_is_named(place: Place) -> None:
    def work(unit: Unit) -> None:
        case = locked(unit, place)
        _, opened = processes.open_process(unit, GRIEVANCE, process_id="new", case=case)
        journal.append(unit, case, "process_moved", "social_worker", steps=(opened,))

    place.do(work)
    assert {code for _, _, code in place.faults()} == {"step_unknown_definition"}


def test_a_process_waits_for_no_signature(kept: Database) -> None:
    definition = GRIEVANCE.definition
    signed = msgspec.structs.replace(definition.transitions[0], approvals=(Approval("supervisor"),))
    machine = compile_machine(msgspec.structs.replace(definition, version=2, transitions=(signed, *definition.transitions[1:])))
    engine = database.open_engine(kept.owner)
    with engine.connect() as connection, pytest.raises(DefinitionError, match=r"grievance\.look"):
        publish(connection, machine, AT)
    engine.dispose()


def test_every_definition_of_this_program_is_published(kept: Database) -> None:
    found = {(row[0], row[1]) for row in kept.rows("SELECT machine, about FROM machine_version WHERE sealed = 1")}
    assert found == {(name, machine.definition.about) for name, machine in newest_machines().items()} | {("grievance", "case")}
