"""A list of existing residents is brought in: whole children or none, each once, never as admissions; what people must do remains."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from casework.census.bringing import Brought, Prepared, bring, importer, prepare
from casework.census.workbook import read_workbook
from casework.cli import main
from casework.errors import Refusal
from casework.ledger.event import decode_event
from casework.machines.forms import Intake
from casework.services import cases, proposals, registers
from casework.services.audit import verify_trail
from casework.services.counts import counts
from casework.store.call import Call
from casework.store.records import records_of
from tests.census.faults import HELD, spoilt
from tests.census.workbooks import HOUSES, Book
from tests.services.story import PASSWORD, SEARCH_KEY, Story

Tell = Callable[..., Story]
ROOT = Path(__file__).parents[2]
KILLED_AFTER = 12


def silent(_done: int, _of: int) -> None:
    """Tell nobody how far it is."""


def caller(story: Story, by: str = "bambang") -> Call:
    call = story.call(by)
    return msgspec.structs.replace(call, who=importer(call.who, story.play.cast.offices["dinas"]))


def dry_run(story: Story, path: Path, by: str = "bambang") -> Prepared:
    return prepare(story.store, caller(story, by), read_workbook(path), silent)


def apply(story: Story, path: Path, by: str = "bambang") -> Brought:
    call = caller(story, by)
    return bring(story.store, call, prepare(story.store, call, read_workbook(path), silent), lambda: story.call(by).at, silent)


def states(story: Story) -> dict[str, int]:
    return {state.state: state.cases for office in counts(story.store, story.call("yusuf")) for state in office.states}


def whole(story: Story) -> bool:
    return not verify_trail(story.store, story.call("nadia")).faults


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Path]:
    return lambda book: book.save(tmp_path / "daftar.xlsx")


def test_sixty_children_come_in_as_reports_with_their_families_and_none_counts_as_admitted(tell: Tell, sheet: Callable[..., Path]) -> None:
    story, book = tell(), Book(60)
    before = states(story)
    brought = apply(story, sheet(book))
    assert (len(brought.cases), brought.houses, brought.skipped) == (60, 3, 0)
    assert states(story) == before | {"reported": before.get("reported", 0) + 60}
    assert story.rows("SELECT count(*) FROM placement")[0][0] == 0
    assert story.rows("SELECT count(*) FROM event WHERE kind = 'moved'")[0][0] == 0
    parents = sum(bool(child["Nama Ayah"]) + bool(child["Nama Ibu"]) for child in book.children)
    assert story.rows("SELECT count(*) FROM relative")[0][0] == parents + len(book.families)
    entered = [row for row in registers.list_hosts(story.store, caller(story)) if row.name in HOUSES]
    assert [row.status for row in entered] == ["registered"] * 3
    assert whole(story)


def test_a_second_run_brings_nothing_and_neither_does_a_colleagues(tell: Tell, sheet: Callable[..., Path]) -> None:
    story, path = tell(), sheet(Book(6))
    apply(story, path)
    for by in ("bambang", "lina"):
        again = apply(story, path, by)
        assert (again.cases, again.houses, again.skipped) == ({}, 0, 6)
    assert story.rows("SELECT count(*) FROM child")[0][0] == 6


def test_a_corrected_list_brings_only_what_was_missing(tell: Tell, sheet: Callable[..., Path]) -> None:
    story, book = tell(), Book(10)
    right = book.children[4]["L/P"]
    book.children[4]["L/P"] = "?"
    assert len(apply(story, sheet(book)).cases) == 9
    book.children[4]["L/P"] = right
    book.children.insert(0, book.children.pop())
    assert [*apply(story, sheet(book)).cases] == ["A-0004"]


def test_two_people_at_once_bring_each_child_in_once(tell: Tell, sheet: Callable[..., Path]) -> None:
    story, path = tell(), sheet(Book(4))
    calls = {by: caller(story, by) for by in ("bambang", "lina")}
    ready = {by: prepare(story.store, call, read_workbook(path), silent) for by, call in calls.items()}
    brought = [bring(story.store, call, ready[by], lambda: story.call("bambang").at, silent) for by, call in calls.items()]
    assert [(len(one.cases), one.skipped, one.failed) for one in brought] == [(4, 0, {}), (0, 4, {})]
    assert story.rows("SELECT count(*) FROM child")[0][0] == 4


def test_the_report_says_what_the_list_says_and_the_journal_who_ran_it_through_what(tell: Tell, sheet: Callable[..., Path]) -> None:
    story, book = tell(), Book(1)
    book.children[0] |= {"NIK": "6402011203140001", "Kesehatan": "asma"}
    (case,) = apply(story, sheet(book)).cases.values()
    with story.store.read(caller(story)) as unit:
        (filed,) = records_of(unit, case)
    assert isinstance(filed.body, Intake)
    assert filed.body.duplicate_search is None
    assert filed.body.listed is not None
    assert filed.body.listed.health_disability == "asma"
    entries = [decode_event(bytes(row[0])) for row in story.rows("SELECT body FROM event WHERE case_id = ? ORDER BY seq", case)]
    assert {entry.kind for entry in entries} == {"case_registered", "relative_added"}
    assert {(entry.actor.person, entry.actor.role) for entry in entries} == {(story.person("bambang"), "supervisor")}
    assert all(entry.through.key.startswith("import:") for entry in entries)
    assert b"6402011203140001" not in b"".join(bytes(row[0]) for row in story.rows("SELECT body FROM event"))


@pytest.mark.parametrize(
    ("changed", "days"),
    [
        ({"Kesehatan": "tuna rungu"}, 30),
        ({"Tgl. Lahir": None}, 30),
        ({"Tgl. Lahir": "01-01-2012", "Keadaan ayah": "alm"}, 90),
        ({"Tgl. Lahir": "01-01-2012", "Status anak": "yatim piatu"}, 180),
    ],
)
def test_each_child_is_to_be_seen_by_the_clocks_of_existing_residents(
    tell: Tell, sheet: Callable[..., Path], changed: dict[str, str], days: int
) -> None:
    story, book = tell(), Book(1)
    book.children[0] |= {"Keadaan ayah": None, "Keadaan ibu": None} | changed
    apply(story, sheet(book))
    (task,) = story.rows("SELECT kind, created_at, due_at FROM task")
    assert task["kind"] == "initial_assessment"
    assert datetime.fromisoformat(task["due_at"]) - datetime.fromisoformat(task["created_at"]) == timedelta(days=days)


def test_what_people_must_do_still_bars_the_registration_of_a_resident(tell: Tell, sheet: Callable[..., Path]) -> None:
    story = tell()
    (story.case,) = apply(story, sheet(Book(1))).cases.values()
    host = story.rows("SELECT id FROM host WHERE name IN (?, ?, ?)", *HOUSES)[0]["id"]
    missing = {"existing_residence_proven", "child_seen_alone", "duplicate_check_done", "personal_data_recorded", "safety_screen_done"}
    assert missing <= story.refused(cases.advance_case, "sari", story.step("register_existing_resident", host=host))


def test_the_forms_that_a_worker_must_sign_begin_with_what_the_list_told_and_nobody_signed_them(
    tell: Tell, sheet: Callable[..., Path]
) -> None:
    story, book = tell(), Book(1)
    book.children[0] |= {"Status anak": "Yatim", "Keadaan ayah": None, "Keadaan ibu": "Hidup", "No KK": "6402011200000001"}
    (case,) = apply(story, sheet(book)).cases.values()
    (residence, own), (person, _) = (proposals.begun_form(story.store, story.call("sari"), case, form) for form in ("F25", "F02"))
    assert not own
    assert (residence["brought_by"], [proof["attachment"] for proof in residence["proofs"]]) == ("bibi anak", [""])
    assert (person["family_card"]["number"], person["orphan_status"]) == ("6402011200000001", "father_dead")
    assert proposals.begun_form(story.store, story.call("nadia"), case, "F02") == ({}, False)
    assert [row["form"] for row in story.rows("SELECT form FROM record WHERE case_id = ?", case)] == ["F01"]


def test_a_child_of_the_register_is_not_entered_twice_whatever_the_list_calls_it(tell: Tell, sheet: Callable[..., Path]) -> None:
    story, book = tell(), Book(3)
    apply(story, sheet(book))
    book.children[0] |= {"Nama lengkap": f"{book.children[0]['Nama lengkap'].strip()}h"}
    book.children[1] |= {"NIK": "6402011203149999"}
    found = dry_run(story, sheet(book))
    assert {(one.row, one.code) for one in found.gathered.errors} >= {(book.row_of(book.children, 0), "registered_birth")} or found.there
    assert len(apply(story, sheet(book)).cases) == 0


def test_only_who_keeps_the_register_of_this_office_brings_lists_in(tell: Tell) -> None:
    story = tell()
    for by in ("yusuf", "nadia", "halimah", "iwan"):
        with pytest.raises(Refusal):
            caller(story, by)


def test_a_social_worker_brings_children_in_and_leaves_new_institutions_to_a_supervisor(tell: Tell, sheet: Callable[..., Path]) -> None:
    story, book = tell(), Book(4)
    assert {one.code for one in dry_run(story, sheet(book), "sari").gathered.errors} == {"house_needs_supervisor"}
    book.houses = []
    for stay in book.stays:
        stay["Nama Panti"] = "lksa harapan  MAHAKAM"
    assert len(apply(story, sheet(book), "sari").cases) == 4


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_six_hundred_children_with_forty_faulty_rows(tell: Tell, sheet: Callable[..., Path]) -> None:
    story, book = tell(), Book(600)
    expected = spoilt(book)
    path = sheet(book)
    found = dry_run(story, path)
    assert {(one.sheet, one.row, one.code) for one in found.gathered.errors} == expected
    began = time.process_time()
    brought = bring(story.store, caller(story), found, lambda: story.call("bambang").at, silent)
    assert time.process_time() - began < 30
    assert len(brought.cases) == 600 - HELD
    assert states(story) == {"reported": 600 - HELD}
    assert dry_run(story, path).fresh == ()
    assert whole(story)


KILLED = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
import msgspec
from casework.census.bringing import bring, prepare
from casework.census.workbook import read_workbook
from casework.store.call import Call
from tests.services.story import open_store
store, call = open_store(sys.argv[1]), msgspec.json.decode(sys.argv[3], type=Call)
moments = iter(call.at + timedelta(seconds=second) for second in range(10_000))
prepared = prepare(store, call, read_workbook(Path(sys.argv[2])), lambda *_: None)
bring(store, call, prepared, lambda: next(moments), lambda done, of: print(done, flush=True))
"""


def test_killed_in_the_middle_it_loses_nothing_doubles_nothing_and_goes_on(tell: Tell, sheet: Callable[..., Path]) -> None:
    story, path = tell(), sheet(Book(60))
    command = [sys.executable, "-c", KILLED, story.database.target, str(path), msgspec.json.encode(caller(story)).decode()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as program:
        assert program.stdout is not None
        acknowledged = [program.stdout.readline() for _ in range(KILLED_AFTER)]
        os.kill(program.pid, signal.SIGKILL)
        acknowledged += [*program.stdout]
    kept = story.rows("SELECT count(*) FROM child")[0][0]
    assert len(acknowledged) <= kept < 60
    story.later(hours=1)
    brought = apply(story, path)
    assert len(brought.cases) == 60 - kept
    assert story.rows("SELECT count(*) FROM care_case")[0][0] == 60
    named = Counter(child for child, relation in story.personal("relative", "child_id", "relation") if relation == "mother")
    assert set(named.values()) == {1}
    assert whole(story)


def run(story: Story, folder: Path, *arguments: str) -> Result:
    key = folder / "key"
    key.write_text(SEARCH_KEY.hex(), encoding="ascii")
    config = folder / "config"
    config.mkdir(exist_ok=True)
    (config / "casework.toml").write_text(f'search_key = "{key}"\ngo_live = 2026-01-05\n', encoding="utf-8")
    where = {"CASEWORK_DATABASE": story.database.target, "CASEWORK_LANGUAGE": "en", "CASEWORK_CONFIG": str(config)}
    return CliRunner().invoke(main, ["import", *arguments], env=where, input=f"{PASSWORD}\n")


def test_the_command_checks_first_refuses_while_rows_are_faulty_and_brings_in_the_good_ones_when_asked(
    tell: Tell, sheet: Callable[..., Path], tmp_path: Path
) -> None:
    story, book = tell(), Book(8)
    book.children[2]["L/P"] = "?"
    said = (str(sheet(book)), "--office", story.play.cast.offices["dinas"], "--as", "bambang")
    checked = run(story, tmp_path, *said)
    assert checked.exit_code == 1, checked.output
    assert "Data Anak, row 6  Jenis kelamin: “?” is not understood. One of: L, P. [sex_unknown]" in checked.output
    assert "Ready to come in: 7 children" in checked.output
    assert (tmp_path / "daftar.laporan.xlsx").exists()
    assert run(story, tmp_path, *said, "--apply").exit_code == 1
    assert story.rows("SELECT count(*) FROM child")[0][0] == 0
    brought = run(story, tmp_path, *said, "--apply", "--only-good")
    assert brought.exit_code == 0, brought.output
    assert "Brought in: 7 children and " in brought.output
    assert story.rows("SELECT count(*) FROM child")[0][0] == 7
    assert story.rows("SELECT count(*) FROM session WHERE ended_at IS NULL")[0][0] == 0


def test_nobody_imports_under_anothers_name_or_for_another_office(tell: Tell, sheet: Callable[..., Path], tmp_path: Path) -> None:
    story = tell()
    path, office = str(sheet(Book(2))), story.play.cast.offices["dinas"]
    for username, at in (("nobody", office), ("yusuf", office), ("bambang", story.play.cast.offices["provinsi"])):
        answer = run(story, tmp_path, path, "--office", at, "--as", username, "--apply")
        assert answer.exit_code == 2, answer.output
    assert story.rows("SELECT count(*) FROM child")[0][0] == 0


def test_the_template_is_written_without_a_database(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["import", "--template", str(tmp_path / "templat.xlsx")], catch_exceptions=False)
    assert answer.exit_code == 0
    assert (tmp_path / "templat.xlsx").exists()
