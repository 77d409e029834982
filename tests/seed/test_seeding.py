"""`casework seed` on both engines: what it writes is true, opens, and does not depend on how often it was interrupted."""

import signal
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy.schema import CreateTable

from casework.cli import main
from casework.errors import DefinitionError, StoreMismatch
from casework.ledger.event import commitment, decode_event
from casework.machines.forms import Form
from casework.machines.parameters import Parameters
from casework.seed.run import Watch, seed
from casework.services import audit, caseload, sessions
from casework.services.sessions import SignIn
from casework.store import approvals, cases
from casework.store.blind import Findable, rows_for
from casework.store.call import Call, Seat, Who
from casework.store.facts import evidence_digest, facts_for, read_snapshot
from casework.store.schema import metadata
from casework.store.store import Store
from casework.store.unit import MACHINES
from tests.cells import MASTER, personal
from tests.databases import Database, as_bytes, wreck
from tests.seed.conftest import Town
from tests.seed.planning import CASES, DAY, KEY, content, killed_after_the_first_batch, plan, store_of

AUDITOR = Call(who=Who(person="auditor", account="auditor", name="auditor", seats=(Seat("auditor", "anywhere"),)), at=DAY)


def test_what_was_written_verifies_with_the_rules_replayed(town: Town) -> None:
    with store_of(town.database) as store:
        report = audit.verify_trail(store, AUDITOR)
    assert (report.whole, report.cases) == (True, CASES)
    assert town.seeded.entries == report.entries > 5 * CASES


def test_a_seeded_worker_signs_in_and_sees_a_caseload(town: Town) -> None:
    with store_of(town.database) as store:
        said = SignIn(username="pekerja-001-01", password=town.seeded.passphrase)
        worker = sessions.sign_in(store, DAY, said).who
        lines = caseload.caseload(store, Call(who=worker, at=DAY)).lines
        mine = town.database.rows("SELECT count(*) FROM care_case WHERE assigned_to = ?", worker.person)[0][0]
    assert mine >= 1
    assert len(lines) >= mine


def test_a_case_stands_where_its_entries_brought_it(town: Town) -> None:
    query = """SELECT c.state, c.seq, c.head, e.dest, e.seq, e.hash FROM care_case c JOIN event e ON e.case_id = c.id
        WHERE e.seq = (SELECT max(seq) FROM event WHERE case_id = c.id)"""
    stands = [tuple(row) for row in town.database.rows(query)]
    assert len(stands) == CASES
    assert [row[:3] for row in stands] == [row[3:] for row in stands]
    assert len({row[0] for row in stands}) >= 6


def test_every_record_is_a_form_that_could_be_signed_and_every_commitment_holds(town: Town) -> None:
    forms: msgspec.json.Decoder[Form] = msgspec.json.Decoder(Form)
    sealed = {}
    for id_, body, digest, salt in personal(town.database.rows, "record", "id", "body", "digest", "salt"):
        assert tuple(forms.decode(body).faults()) == ()
        sealed[id_] = commitment(salt, digest.encode())
    entries = [decode_event(row["body"]) for row in town.database.rows("SELECT body FROM event")]
    relied_on = [item for entry in entries for item in entry.evidence]
    assert len(relied_on) > CASES
    assert {sealed[item.id] for item in relied_on} == {item.commitment for item in relied_on}


def test_what_waits_for_a_decision_is_bound_to_the_evidence_as_it_stands(empty: Database) -> None:
    seed(plan(empty.owner, cases=400, batch=200), Watch())
    bound = 0
    with store_of(empty) as store:
        for row in empty.rows("SELECT case_id, id, digest FROM approval_request WHERE kind = 'decision' AND status = 'submitted'"):
            with store.read(AUDITOR) as unit:
                request = approvals.get_request(unit, row["id"])
                case = cases.get_case(unit, row["case_id"])
                step = MACHINES[case.machine, case.version].transition(case.state, request.trigger)
                assert step is not None
                facts = facts_for(read_snapshot(unit, case), request.trigger, request.subject)
                assert evidence_digest(facts, step) == row["digest"]
                bound += 1
    assert bound >= 1


def test_killed_in_the_middle_it_is_not_served_and_goes_on_to_the_same_rows(town: Town, empty: Database) -> None:
    assert killed_after_the_first_batch(empty.owner) == -signal.SIGKILL
    assert empty.rows("SELECT count(*) FROM care_case")[0][0] == 20
    with pytest.raises(StoreMismatch, match="seeding of this database is not finished"), store_of(empty):
        pass
    seed(plan(empty.owner, workers=2), Watch())
    assert content(empty) == town.held


def test_a_finished_seeding_grows_into_the_same_rows(town: Town, empty: Database) -> None:
    seed(plan(empty.owner, cases=33), Watch())
    with store_of(empty):
        pass
    assert seed(plan(empty.owner), Watch()).added == CASES - 33
    assert content(empty) == town.held


def test_without_walls_come_the_same_rows_and_the_walls_stand_again(town: Town, empty: Database) -> None:
    defined = [str(CreateTable(table)) for table in metadata.sorted_tables]
    seed(plan(empty.owner, bare=True, verify=True), Watch())
    assert content(empty) == town.held
    assert [str(CreateTable(table)) for table in metadata.sorted_tables] == defined
    with store_of(empty) as store:
        assert audit.verify_trail(store, AUDITOR).whole


def test_killed_without_walls_it_is_not_served_and_only_goes_on_without(town: Town, empty: Database) -> None:
    assert killed_after_the_first_batch(empty.owner, bare=True) == -signal.SIGKILL
    with pytest.raises(StoreMismatch), store_of(empty):
        pass
    with pytest.raises(StoreMismatch, match="go on with --bare"):
        seed(plan(empty.owner), Watch())
    seed(plan(empty.owner, bare=True, verify=True), Watch())
    assert content(empty) == town.held


def test_another_seed_gives_other_children(town: Town, empty: Database) -> None:
    seed(plan(empty.owner, seed=8, cases=20), Watch())
    names, others = ({*personal(one.rows, "child", "name")} for one in (town.database, empty))
    assert len(names & others) < 5


def test_no_number_is_used_twice(town: Town) -> None:
    for column, table in (("nik", "child"), ("number", "care_case"), ("username", "account"), ("salt", "record"), ("salt", "child")):
        found = [row[0] for row in personal(town.database.rows, table, column, where=f"{column} IS NOT NULL")]
        assert len(found) == len(set(found)) > 0
    tables = ("child", "care_case", "record", "task", "placement", "approval_request", "relative", "person", "account", "host")
    ids = [row[0] for table in tables for row in town.database.rows(f"SELECT id FROM {table}")]  # noqa: S608 - ours
    assert len(ids) == len(set(ids))


def test_whatever_has_a_status_stands_where_its_process_does(town: Town) -> None:
    for table in ("host", "staff", "placement"):
        query = f"SELECT r.status, p.state FROM {table} r LEFT JOIN process p ON p.id = r.id AND p.machine = '{table}'"  # noqa: S608 - ours
        stands = [tuple(row) for row in town.database.rows(query)]
        assert stands
        assert [row[0] for row in stands] == [row[1] for row in stands]


def test_the_processes_of_a_copy_are_its_own(town: Town) -> None:
    query = "SELECT p.case_id, s.stream, p.id, s.n FROM process_step s JOIN process p ON p.id = s.process_id WHERE p.case_id IS NOT NULL"
    steps = [tuple(row) for row in town.database.rows(query)]
    assert {stream for _, stream, _, _ in steps} == {f"case:{case_id}" for case_id, _, _, _ in steps}
    assert len({process for _, _, process, _ in steps}) > CASES / 2
    assert len({(process, n) for _, _, process, n in steps}) == len(steps)


def test_every_child_can_be_found(town: Town) -> None:
    children = [Findable(*row) for row in personal(town.database.rows, "child", "id", "name", "alias", "nik", "kk")]
    grams = {(row["gram"], row["child_id"]) for row in rows_for(KEY, children).grams}
    assert {tuple(row) for row in town.database.rows("SELECT gram, child_id FROM child_gram")} == grams


def test_the_cases_are_counted_by_office_and_state(town: Town) -> None:
    counted = town.database.rows("SELECT office_id, state, sum(n) FROM case_count GROUP BY office_id, state HAVING sum(n) <> 0")
    there = town.database.rows("SELECT office_id, state, count(*) FROM care_case GROUP BY office_id, state")
    assert {tuple(row) for row in counted} == {tuple(row) for row in there}
    assert sum(row[2] for row in counted) == CASES


def test_what_waits_stands_before_the_office_the_worker_and_the_role_of_its_case(town: Town) -> None:
    query = "SELECT t.office_id, t.worker, c.office_id, c.assigned_to FROM {} t JOIN care_case c ON c.id = t.case_id"
    tasks = [tuple(row) for row in town.database.rows(query.format("task"))]
    assert [row[:2] for row in tasks] == [row[2:] for row in tasks]
    assert len(tasks) > CASES


def test_the_next_real_case_gets_a_number_that_is_free(town: Town) -> None:
    last = max(row[0] for row in town.database.rows("SELECT number FROM care_case WHERE number LIKE 'KKR-2026-%'"))
    ((value,),) = town.database.rows("SELECT value FROM counter WHERE name = 'KKR-2026'")
    assert f"KKR-2026-{value + 1:07d}" > last


def test_a_database_with_anything_else_in_it_is_left_alone(town: Town, empty: Database) -> None:
    store = Store(empty.owner, Parameters(), master_key=MASTER)
    store.upgrade(DAY)
    store.close()
    wreck(empty, "INSERT INTO office (id, name, kind) VALUES ('o', 'Dinas Sosial', 'dinas')", mended=True)
    with pytest.raises(StoreMismatch, match="office \\+1"):
        seed(plan(empty.owner), Watch())
    assert empty.rows("SELECT count(*) FROM care_case")[0][0] == 0
    with pytest.raises(StoreMismatch, match="--seed 7"):
        seed(plan(town.database.owner, seed=8), Watch())
    with pytest.raises(StoreMismatch, match="60 seeded cases already"):
        seed(plan(town.database.owner, cases=10), Watch())


def test_what_does_not_verify_stays_closed(empty: Database) -> None:
    seed(plan(empty.owner, cases=20), Watch())
    body = empty.rows("SELECT body FROM event ORDER BY case_id, seq")[0][0]
    changed = as_bytes(empty, body + b" ")
    wreck(empty, f"UPDATE event SET body = {changed} WHERE body = {as_bytes(empty, body)}", mended=True)  # noqa: S608 - ours
    with pytest.raises(DefinitionError, match="stays closed"):
        seed(plan(empty.owner, cases=40, verify=True), Watch())
    with pytest.raises(StoreMismatch, match="not finished"), store_of(empty):
        pass


def test_the_command_seeds_verifies_and_says_whom_to_sign_in_as(tmp_path: Path) -> None:
    environment = {"CASEWORK_DATABASE": str(tmp_path / "casework.sqlite3"), "CASEWORK_LANGUAGE": "en"}
    answer = CliRunner().invoke(main, ["seed", "--cases", "20"], env=environment)
    assert answer.exit_code == 0, answer.output
    assert "20 invented cases" in answer.output
    assert "The trail is whole" in answer.output
    assert "pekerja-001-01" in answer.output
    assert "20 cases checked" in CliRunner().invoke(main, ["audit", "verify"], env=environment).output
