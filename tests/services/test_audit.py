"""The trail of a whole story is whole; what is done to it past the program is found, some of it only with a checkpoint held outside."""

# ruff: noqa: S608 - the statements are attacks of our own

import contextlib
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.cli import main
from casework.errors import CaseworkError
from casework.ledger.event import event_hash
from casework.machines.policy import DIGEST, as_json
from casework.services import audit, cases, sessions
from casework.services.audit import Report
from casework.services.sessions import SignIn
from casework.store.call import Call
from tests.databases import as_bytes, wreck
from tests.services.story import OPERATOR, Story
from tests.services.ways import ADMISSION

WHOLE = (*ADMISSION, "institutional_care", "trial_home_stay", "reintegration")


@pytest.fixture
def told(tell: Callable[..., Story]) -> Story:
    """A whole story, with refusals, a sign-in that failed, and a second case."""
    story = tell(*WHOLE)
    assert story.refused(cases.advance_case, "sari", story.step("begin_planning"))
    with contextlib.suppress(CaseworkError):
        sessions.sign_in(story.store, story.now, SignIn(username="sari", password="salah sekali"))  # noqa: S106
    return story


def verify(story: Story, held: bytes | None = None) -> Report:
    return audit.verify_trail(story.store, Call(who=OPERATOR, at=story.now), held)


def checkpoint(story: Story) -> bytes:
    return audit.take_checkpoint(story.store, Call(who=OPERATOR, at=story.now))


def codes(report: Report) -> set[str]:
    return {fault.code for fault in report.faults}


def past_the_program(story: Story, *statements: str) -> None:
    """Change the database as its owner can: walls down, changed, walls up again as if nothing had been."""
    wreck(story.database, *statements, mended=True)


RECOUNT = (
    "DELETE FROM case_count",
    "INSERT INTO case_count SELECT office_id, state, 0, count(*), max(id) FROM care_case WHERE seq > 0 GROUP BY office_id, state",
)
"""What somebody careful does to the numbers after they changed a case."""


STEP_BACK = (
    "DELETE FROM process WHERE id NOT IN (SELECT process_id FROM process_step)",
    "UPDATE process SET steps = (SELECT max(n) FROM process_step AS s WHERE s.process_id = process.id)",
    "UPDATE process SET state = (SELECT dest FROM process_step AS s WHERE s.process_id = process.id AND s.n = process.steps)",
    "UPDATE process SET entered_at = (SELECT max(occurred_at) FROM process_step WHERE process_id = process.id AND source <> dest)",
    "UPDATE placement SET status = p.state, ended_at = NULL FROM process AS p WHERE p.id = placement.id AND p.state <> status",
)
"""What somebody careful does to the processes, and to the placement, after they removed steps."""


def cut_the_tail(story: Story) -> None:
    """Remove the case's last entry and set its row back to the one before, so that everything agrees again."""
    last, before = story.rows("SELECT * FROM event WHERE case_id = ? ORDER BY seq DESC LIMIT 2", story.case)
    past_the_program(
        story,
        f"DELETE FROM event WHERE case_id = '{story.case}' AND seq = {last['seq']}",
        f"UPDATE care_case SET seq = {before['seq']}, head = '{before['hash']}', state = '{before['dest']}', round = {before['round']}"
        f" WHERE id = '{story.case}'",
        f"DELETE FROM process_step WHERE stream = 'case:{story.case}' AND seq = {last['seq']}",
        *STEP_BACK,
        *RECOUNT,
    )


def swap_two(story: Story) -> None:
    """Let two neighbours in the case's stream change places."""
    past_the_program(
        story,
        f"UPDATE event SET seq = 7000 WHERE case_id = '{story.case}' AND seq = 7",
        f"UPDATE event SET seq = 7 WHERE case_id = '{story.case}' AND seq = 8",
        f"UPDATE event SET seq = 8 WHERE case_id = '{story.case}' AND seq = 7000",
    )


def change_one_byte(story: Story) -> None:
    """Let somebody else have done it: one letter of one id."""
    first = story.rows("SELECT seq, body FROM event WHERE case_id = ? AND kind = 'moved' ORDER BY seq", story.case)[0]
    body = as_bytes(story.database, first["body"].replace(b'"kind":"moved"', b'"kind":"mowed"'))
    past_the_program(story, f"UPDATE event SET body = {body} WHERE case_id = '{story.case}' AND seq = {first['seq']}")


def test_the_trail_of_a_whole_story_is_whole(told: Story) -> None:
    report = verify(told, checkpoint(told))
    own, others = told.count()
    assert report.faults == ()
    assert (report.whole, report.entries, report.cases) == (True, own + others, 1)
    assert report.compared == told.rows("SELECT count(DISTINCT account_id) FROM actor_event")[0][0] + 1


def test_a_tail_cut_off_with_care_is_found_by_the_checkpoint_alone(told: Story) -> None:
    held = checkpoint(told)
    cut_the_tail(told)
    assert verify(told).whole
    report = verify(told, held)
    assert codes(report) == {"truncated_since_checkpoint"}
    assert [fault.stream for fault in report.faults] == [f"case:{told.case}"]


def test_a_refusal_that_was_made_to_disappear_is_found_by_the_checkpoint(told: Story) -> None:
    held = checkpoint(told)
    account = told.who("sari").account
    last = told.rows("SELECT max(seq) FROM actor_event WHERE account_id = ?", account)[0][0]
    past_the_program(told, f"DELETE FROM actor_event WHERE account_id = '{account}' AND seq = {last}")
    assert verify(told).whole
    assert codes(verify(told, held)) == {"truncated_since_checkpoint"}


def test_a_whole_case_that_was_made_to_disappear_is_found_by_the_checkpoint(told: Story) -> None:
    held = checkpoint(told)
    past_the_program(told, "DELETE FROM event", "DELETE FROM care_case")
    assert "truncated_since_checkpoint" in codes(verify(told, held))


def test_what_was_added_since_the_checkpoint_is_no_fault(told: Story) -> None:
    held = checkpoint(told)
    told.sign("F15", visit=3)
    assert verify(told, held).whole


def test_a_chain_forged_as_a_whole_is_found_by_the_checkpoint(told: Story) -> None:
    """Rewrite the last entry, hash and head alike: within the database everything agrees."""
    held = checkpoint(told)
    last = told.rows("SELECT * FROM event WHERE case_id = ? ORDER BY seq DESC LIMIT 1", told.case)[0]
    body = re.sub(rb'"device":"[^"]*"', b'"device":"elsewhere"', last["body"])
    assert body != last["body"]
    written = as_bytes(told.database, body)
    past_the_program(
        told,
        f"UPDATE event SET body = {written}, hash = '{event_hash(body)}' WHERE case_id = '{told.case}' AND seq = {last['seq']}",
        f"UPDATE care_case SET head = '{event_hash(body)}' WHERE id = '{told.case}'",
    )
    assert verify(told).whole
    assert codes(verify(told, held)) == {"differs_from_checkpoint"}


def test_a_state_edited_past_the_program_is_found_without_a_checkpoint(told: Story) -> None:
    past_the_program(told, "UPDATE care_case SET state = 'closed'")
    assert codes(verify(told)) == {"state_differs", "count_differs"}


def test_a_number_edited_past_the_program_is_named_with_its_office_and_state(told: Story) -> None:
    past_the_program(told, "UPDATE case_count SET n = n + 3 WHERE n > 0")
    (fault,) = verify(told).faults
    assert (fault.stream, fault.code) == (f"count:{told.row['office_id']}:{told.state}", "count_differs")
    assert fault.words.en == "the number kept is 4, the cases there are 1"


ANOTHER = "0" * 64


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (f"step@{ANOTHER}", "unknown_policy"),
        (f"anybody.anything@{DIGEST}", "no_such_policy_row"),
        (f"denied@{DIGEST}", "no_such_policy_row"),
    ],
)
def test_an_entry_that_names_a_policy_or_a_row_that_never_was_in_force_is_named(told: Story, said: str, found: str) -> None:
    """The last entry is forged with care, hash and head alike: only what it names gives it away."""
    last = told.rows("SELECT * FROM event WHERE case_id = ? ORDER BY seq DESC LIMIT 1", told.case)[0]
    body = re.sub(rb'"policy":"[^"]*"', f'"policy":"{said}"'.encode(), last["body"])
    assert body != last["body"]
    past_the_program(
        told,
        f"UPDATE event SET body = {as_bytes(told.database, body)}, hash = '{event_hash(body)}'"
        f" WHERE case_id = '{told.case}' AND seq = {last['seq']}",
        f"UPDATE care_case SET head = '{event_hash(body)}' WHERE id = '{told.case}'",
    )
    (fault,) = verify(told).faults
    assert (fault.stream, fault.seq, fault.code) == (f"case:{told.case}", last["seq"], found)


def test_a_kept_policy_that_is_not_what_was_in_force_is_named(told: Story) -> None:
    past_the_program(told, "UPDATE policy_version SET body = replace(body, 'auditor', 'auditors')")
    assert codes(verify(told)) >= {"policy_differs", "unknown_policy"}
    past_the_program(told, f"UPDATE policy_version SET digest = '{ANOTHER}'")
    assert codes(verify(told)) >= {"policy_differs", "unknown_policy"}


def test_a_policy_that_somebody_only_added_was_never_in_force(told: Story) -> None:
    body = as_json(())
    digest = hashlib.sha256(body.encode()).hexdigest()
    past_the_program(told, f"INSERT INTO policy_version (digest, body, first_used_at) VALUES ('{digest}', '{body}', '2026-01-01')")
    assert [(fault.stream, fault.code) for fault in verify(told).faults] == [(f"policy:{digest}", "policy_never_in_force")]


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("table", "column", "said"), [("process_step", "n", "'never'"), ("policy_version", "body", "x'00ff'"), ("actor_event", "body", "-1")]
)
def test_what_cannot_even_be_compared_is_a_fault_and_no_other_part_of_the_check_is_left_out(
    told: Story, table: str, column: str, said: str
) -> None:
    one = f"UPDATE {table} SET {column} = {said} WHERE rowid = (SELECT max(rowid) FROM {table})"
    past_the_program(told, one, "UPDATE case_count SET n = n + 1 WHERE rowid = 1")
    assert {"unreadable", "count_differs"} <= codes(verify(told))


def test_a_damaged_checkpoint_is_refused_before_anything_is_compared(told: Story) -> None:
    held = checkpoint(told)
    for damaged in (held[:-10], held.replace(b"casework", b"otherwork", 1), b"", b"\xff\xfe"):
        with pytest.raises(CaseworkError):
            verify(told, damaged)


def command(story: Story, *arguments: str) -> Result:
    environ = {"CASEWORK_DATABASE": story.database.target, "CASEWORK_LANGUAGE": "en"}
    return CliRunner().invoke(main, ["audit", *arguments], env=environ)


def test_the_command_says_whole_with_exit_code_0(told: Story, tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.txt"
    written = command(told, "checkpoint", str(file))
    assert (written.exit_code, file.read_bytes()) == (0, checkpoint(told))
    for arguments in (("verify",), ("verify", "--checkpoint", str(file))):
        answer = command(told, *arguments)
        assert answer.exit_code == 0, answer.output
        assert "The trail is whole" in answer.output


@pytest.mark.parametrize(("attack", "found"), [(swap_two, "misplaced"), (change_one_byte, "changed")], ids=["swapped pair", "changed byte"])
def test_the_command_names_what_was_done_and_exits_with_1(told: Story, attack: Callable[[Story], None], found: str) -> None:
    attack(told)
    answer = command(told, "verify")
    assert answer.exit_code == 1, answer.output
    assert f"case:{told.case} #" in answer.output
    assert f"[{found}]" in answer.output
    assert "The trail is NOT whole" in answer.output


def test_the_command_finds_a_cut_tail_with_a_checkpoint_and_not_without(told: Story, tmp_path: Path) -> None:
    file = tmp_path / "checkpoint.txt"
    file.write_bytes(checkpoint(told))
    cut_the_tail(told)
    assert command(told, "verify").exit_code == 0
    answer = command(told, "verify", "--checkpoint", str(file))
    assert (answer.exit_code, "[truncated_since_checkpoint]" in answer.output) == (1, True)


def test_a_wall_that_is_missing_is_a_fault_even_when_the_trail_is_whole(told: Story) -> None:
    told.wreck()
    answer = command(told, "verify")
    assert answer.exit_code == 1
    assert "The trail is NOT whole" in answer.output
