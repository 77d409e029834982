"""The commands at the machine's own terminal: schema, accounts, demo."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.cli import main
from casework.errors import NotSignedIn
from casework.machines.book import all_machines
from casework.services import sessions
from casework.services.sessions import SignIn
from tests.services.story import open_store

SECRET = "kata-sandi-terminal"  # noqa: S105 - nobody's password
NEW = "kata-sandi-pengganti"


def run(database: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, arguments, env={"CASEWORK_DATABASE": str(database), "CASEWORK_LANGUAGE": "en"}, input=typed)


def may_enter(database: Path, username: str, password: str) -> bool:
    store = open_store(str(database))
    try:
        sessions.sign_in(store, datetime.now(UTC), SignIn(username=username, password=password))
    except NotSignedIn:
        return False
    finally:
        store.close()
    return True


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """An empty, upgraded database."""
    file = tmp_path / "casework.sqlite3"
    assert run(file, "db", "upgrade").exit_code == 0
    return file


def added(database: Path, username: str = "sari", *more: str) -> Result:
    office = run(database, "user", "office", "Dinas Sosial").output.strip()
    return run(
        database, "user", "add", username, "--role", "social_worker", "--office", office, "--certificate-until", "2030-01-01", *more,
        typed=f"{SECRET}\n{SECRET}\n",
    )  # fmt: skip


def test_upgrading_makes_the_database_says_so_and_may_be_repeated(tmp_path: Path) -> None:
    file = tmp_path / "new.sqlite3"
    for _ in range(2):
        answer = run(file, "db", "upgrade")
        assert (answer.exit_code, "ready" in answer.output) == (0, True)
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT count(*) FROM machine_version WHERE sealed = 1").fetchone() == (len(all_machines()),)


def test_without_a_schema_every_command_says_what_to_do_with_exit_code_2(tmp_path: Path) -> None:
    missing, foreign = tmp_path / "missing.sqlite3", tmp_path / "foreign.sqlite3"
    foreign.write_text("no database at all, but long enough to have a header that says something else", encoding="utf-8")
    for file, said in ((missing, "casework db upgrade"), (foreign, "restore")):
        answer = run(file, "user", "office", "Dinas Sosial")
        assert answer.exit_code == 2
        assert said in answer.stderr
    assert not missing.exists()


def test_an_account_is_created_with_a_password_that_is_asked_for_and_can_sign_in(database: Path) -> None:
    answer = added(database, "Sari", "--name", "Sari Wulandari")
    assert answer.exit_code == 0, answer.output
    assert SECRET not in answer.output
    assert may_enter(database, "sari", SECRET)


def test_a_second_account_belongs_to_the_same_person(database: Path) -> None:
    person = added(database, "sari", "--name", "Sari Wulandari").output.split()[-1]
    assert added(database, "sari_kedua", "--person", person).output.split()[-1] == person


def test_an_account_is_suspended_restored_and_given_a_new_password_under_the_name_as_it_was_typed(database: Path) -> None:
    added(database, "Sari", "--name", "Sari Wulandari")
    assert run(database, "user", "suspend", "Sari").exit_code == 0
    assert not may_enter(database, "sari", SECRET)
    assert run(database, "user", "restore", "Sari").exit_code == 0
    assert may_enter(database, "sari", SECRET)
    assert run(database, "user", "password", "Sari", typed=f"{NEW}\n{NEW}\n").exit_code == 0
    assert (may_enter(database, "sari", SECRET), may_enter(database, "sari", NEW)) == (False, True)


def test_a_weak_password_a_taken_name_and_an_unknown_account_are_one_line_with_exit_code_2(database: Path) -> None:
    added(database, "sari", "--name", "Sari Wulandari")
    weak = run(database, "user", "password", "sari", typed="pendek\npendek\n")
    unknown = run(database, "user", "suspend", "nobody")
    taken = added(database, "sari", "--name", "Orang Lain")
    for answer in (weak, unknown, taken):
        assert answer.exit_code == 2
        assert "Traceback" not in answer.output
    assert "$.password" in weak.stderr


def test_an_unknown_role_is_refused_with_the_roles_there_are(database: Path) -> None:
    answer = run(database, "user", "add", "sari", "--role", "emperor", "--office", "x", "--name", "X", typed=f"{SECRET}\n{SECRET}\n")
    assert answer.exit_code == 2
    assert "social_worker" in answer.stderr


def test_the_operators_deeds_stand_in_the_journal(database: Path) -> None:
    added(database, "sari", "--name", "Sari Wulandari")
    run(database, "user", "suspend", "sari")
    with closing(sqlite3.connect(database)) as raw:
        bodies = b"".join(row[0] for row in raw.execute("SELECT body FROM actor_event WHERE account_id = 'operator' ORDER BY seq"))
    for verb in (b"create_office", b"create_account", b"suspend_account"):
        assert verb in bodies
    assert b"Sari Wulandari" not in bodies


def test_the_demo_is_built_once_used_again_and_its_accounts_can_sign_in(tmp_path: Path) -> None:
    folder, away = tmp_path / "demo", tmp_path / "elsewhere.sqlite3"
    first = run(away, "demo", "--build-only", "--folder", str(folder))
    assert first.exit_code == 0, first.output
    database, secret = folder / "casework.sqlite3", (folder / "passphrase").read_text(encoding="utf-8").strip()
    stamp = database.stat().st_mtime_ns
    assert not list(folder.glob("unfinished*"))
    again = run(away, "demo", "--build-only", "--folder", str(folder))
    assert (again.exit_code, "there already" in again.output) == (0, True)
    assert database.stat().st_mtime_ns == stamp
    assert secret in first.output
    assert secret in again.output
    assert may_enter(database, "bambang", secret)
    assert not away.exists()
    assert run(database, "audit", "verify").exit_code == 0


def test_who_is_invited_types_nothing_at_the_terminal_and_gets_a_link_that_another_replaces(database: Path) -> None:
    office = run(database, "user", "office", "Dinas Sosial").output.strip()
    made = run(database, "user", "add", "sari", "--role", "supervisor", "--office", office, "--name", "Sari Wulandari", "--invite")
    again = run(database, "user", "invite", "sari")
    links = [line for answer in (made, again) for line in answer.output.splitlines() if "/invitation/" in line]
    assert (made.exit_code, again.exit_code, len(set(links))) == (0, 0, 2)
    assert not may_enter(database, "sari", SECRET)


def test_who_works_in_the_field_gets_a_seat_in_an_area_at_the_terminal(database: Path) -> None:
    office = run(database, "user", "office", "Dinas Sosial").output.strip()
    seat = ("--role", "psm", "--office", office)
    nowhere = run(database, "user", "add", "putu", *seat, "--name", "Putu", "--invite")
    made = run(database, "user", "add", "putu", *seat, "--area", "64.02.13.1007", "--name", "Putu", "--invite")
    moved = run(database, "user", "seat", "putu", "--role", "tksk", "--office", office, "--area", "64.02.13")
    refused = run(database, "user", "seat", "putu", "--role", "tksk", "--office", office, "--area", "64.02.13.1007")
    assert (made.exit_code, moved.exit_code) == (0, 0)
    assert nowhere.exit_code == refused.exit_code != 0
    assert "$.seats[0].area" in nowhere.output
    assert "district in which this TKSK works" in refused.output


def test_a_service_gets_tokens_at_the_terminal_and_a_person_none(database: Path) -> None:
    office = run(database, "user", "office", "Dinas Sosial").output.strip()
    assert added(database, "sari", "--name", "Sari Wulandari").exit_code == 0
    run(database, "user", "add", "sistem", "--role", "supervisor", "--office", office, "--name", "Sistem lain", "--service")
    token = run(database, "user", "token", "sistem", "laporan", "--action", "read")
    assert token.output.startswith("casework_")
    assert run(database, "user", "end-token", "sistem", "laporan").exit_code == 0
    refused = [
        run(database, "user", "token", "sari", "x", "--action", "read"),
        run(database, "user", "end-token", "sistem", "laporan"),
        run(database, "user", "second-factor", "sari"),
        run(database, "user", "link", "sari", "subject"),
        run(database, "user", "unlink", "sari"),
    ]
    assert {answer.exit_code for answer in refused} == {2}


def test_a_role_is_delegated_listed_and_taken_back_at_the_terminal(database: Path) -> None:
    office = run(database, "user", "office", "Dinas Sosial").output.strip()
    for username, role in (("surya", "supervisor"), ("rina", "dinas_head")):
        made = run(database, "user", "add", username, "--name", username, "--role", role, "--office", office, "--invite")
        assert made.exit_code == 0, made.output
    answer = run(
        database, "user", "delegate", "surya", "rina", "--role", "supervisor", "--office", office, "--days", "3", "--action", "decide"
    )
    assert answer.exit_code == 0, answer.output
    known = answer.output.split()[0]
    assert known in run(database, "user", "delegations").output
    assert run(database, "user", "end-delegation", known).exit_code == 0
    assert run(database, "user", "delegations").output == ""
    assert run(database, "audit", "verify").exit_code == 0
