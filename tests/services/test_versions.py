"""A newer version of a machine beside an older one: what is open stays pinned, and passes over only as two people decided."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from casework.cli import main
from casework.errors import Invalid, Refusal, StoreMismatch
from casework.services import audit, cases, journals, migrations, views
from casework.services.migrations import ApproveMigration, Passed, Requested, RequestMigration
from casework.services.passings import Passing
from casework.store.call import Call
from tests.databases import Row
from tests.services.story import OPERATOR, PASSWORD, Story, open_store
from tests.versions.newer import newer_program

CARE, PAPERS = "care_journey", "identity_document"
IN_CARE = ("care_planning", "family_options_ruled_out", "ready_for_admission", "institutional_care")
BEGIN = "begin_comprehensive_assessment"


def reopened(story: Story) -> None:
    """Open the story's database with the program that runs now, upgraded by its owner."""
    story.store.close()
    owner = open_store(story.database.owner)
    owner.upgrade(story.now)
    owner.close()
    story.store = story.play.store = open_store(story.database.target)


@pytest.fixture
def upgraded(tell: Callable[..., Story]) -> Iterator[Callable[..., Story]]:
    """Return stories that began by the older program, and go on by the newer one."""
    with ExitStack() as stack:

        def begin(*stages: str) -> Story:
            story = tell(*stages)
            stack.enter_context(newer_program())
            reopened(story)
            return story

        yield begin


@pytest.fixture
def assessed(upgraded: Callable[..., Story]) -> Story:
    """A case in its first assessment, begun by version 1."""
    return upgraded("reported", "initial_assessment")


def operator(story: Story) -> Call:
    return Call(who=OPERATOR, at=story.now)


def looked_at(story: Story, machine: str = CARE, office: str = "") -> list[Passing]:
    return [found for found in migrations.dry_run(story.store, operator(story), machine, 2, office) if found is not None]


def wish(story: Story, machine: str = CARE) -> RequestMigration:
    return RequestMigration(machine=machine, version=2, office=story.play.cast.offices["dinas"])


def approved(story: Story, machine: str = CARE) -> Requested:
    """Have a migration requested by the supervisor and approved by the head."""
    asked = story.do(migrations.request_migration, "bambang", wish(story, machine))
    return story.do(migrations.approve_migration, "yusuf", ApproveMigration(migration=asked.id, digest=asked.digest))


def carried_out(story: Story, asked: Requested) -> list[Passed]:
    story.later(minutes=1)
    return [*migrations.migrate(story.store, operator(story), asked.id)]


def faults(story: Story) -> set[str]:
    return {fault.code for fault in audit.verify_trail(story.store, operator(story)).faults}


def papers_of(story: Story) -> Row:
    return story.rows("SELECT * FROM process WHERE machine = ?", PAPERS)[0]


def published(story: Story) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in story.rows("SELECT * FROM machine_version WHERE version = 1 ORDER BY machine")]


def test_a_second_version_stands_beside_the_first_which_stays_as_it_was(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    before, edges = published(story), story.rows("SELECT count(*) FROM edge WHERE version = 1")[0][0]
    with newer_program():
        reopened(story)
        reopened(story)
        assert (published(story), story.rows("SELECT count(*) FROM edge WHERE version = 1")[0][0]) == (before, edges)
        later = [entry.rules for entry in story.attempts_of("system") if entry.rules.version == 2]
        assert [rules.machine for rules in later] == [CARE, PAPERS], "said once"
        ways = {(row["source"], row["dest"]) for row in story.rows("SELECT * FROM crossing WHERE machine = ?", CARE)}
        assert ways >= {("initial_assessment", "first_assessment"), ("care_planning", "care_planning")}
        assert "institution_unverified" not in {source for source, _ in ways}
        assert not faults(story)


def test_the_older_program_refuses_a_database_that_holds_a_later_version(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    with newer_program():
        reopened(story)
    older = open_store(story.database.target)
    with pytest.raises(StoreMismatch, match="does not know"):
        older.prepare(story.now)
    older.close()


def test_what_was_begun_stays_with_its_version_and_what_begins_opens_in_the_newest(assessed: Story) -> None:
    other = assessed.another_case()
    versions = {row["id"]: row["version"] for row in assessed.rows("SELECT id, version FROM care_case")}
    assert versions == {assessed.case: 1, other: 2}
    shown = views.show_case(assessed.store, assessed.call("sari"), assessed.case)
    assert (shown.state, shown.rules) == ("initial_assessment", 1)
    assert views.show_case(assessed.store, assessed.call("sari"), other).rules == 2
    step = next(step for step in shown.steps if step.trigger == BEGIN)
    assert "child_view_recorded" not in {reason.code for reason in step.missing}
    assert "close_unfounded" in {step.trigger for step in shown.steps}
    assert assessed.refused(cases.advance_case, "sari", assessed.step("close_as_unfounded")) == {"no_such_transition"}


def test_the_dry_run_says_for_a_case_what_would_change_and_changes_nothing(assessed: Story) -> None:
    request = assessed.wish("close_unfounded")
    before = assessed.dump()
    (found,) = looked_at(assessed)
    assert (found.from_version, found.version, found.state, found.dest, found.blocked) == (
        1,
        2,
        "initial_assessment",
        "first_assessment",
        (),
    )
    assert (found.difference.appear, found.difference.disappear) == ((), ("close_turned_18",))
    (change,) = found.difference.changed
    assert (change.trigger, change.asked, change.dropped) == (BEGIN, ("child_view_recorded",), ())
    assert (change.approved_by, change.approved_by_now) == ((), ("supervisor",))
    assert found.superseded == ("close_unfounded",)
    assert assessed.dump() == before
    assert assessed.status(request) == "submitted"
    assert looked_at(assessed, office="elsewhere") == []


def test_an_approved_migration_brings_a_case_into_the_newer_version_and_the_trail_is_whole(assessed: Story) -> None:
    request = assessed.wish("close_unfounded")
    entered = assessed.row["entered_at"]
    asked = approved(assessed)
    (passed,) = carried_out(assessed, asked)
    assert (passed.outcome, passed.state, passed.dest) == ("passed", "initial_assessment", "first_assessment")
    row, entry = assessed.row, assessed.entries()[-1]
    assert (row["version"], row["state"], row["entered_at"]) == (2, "first_assessment", entered)
    assert (entry.kind, entry.source, entry.dest) == ("migrated", "initial_assessment", "first_assessment")
    assert entry.before is not None
    assert (entry.before.version, entry.rules.version, entry.before.definition != entry.rules.definition) == (1, 2, True)
    assert (entry.requester, [sign.person for sign in entry.approvals]) == (assessed.person("bambang"), [assessed.person("yusuf")])
    assert {entry.evidence_digest} == {sign.digest for sign in entry.approvals} == {asked.digest}
    assert assessed.status(request) == "superseded"
    assert not faults(assessed)
    assert assessed.refused(cases.advance_case, "sari", assessed.step(BEGIN)) == {
        "approval_missing",
        "child_view_recorded",
        "consent_or_legal_basis",
    }
    told = journals.journal_of(assessed.store, assessed.call("sari"), assessed.case)
    assert "Case passed into a newer version of the rules: care_journey 2" in {line.what.en for line in told.entries}


def test_the_move_is_made_once_and_goes_on_where_it_stopped(assessed: Story) -> None:
    asked = approved(assessed)
    begun = migrations.migrate(assessed.store, operator(assessed), asked.id)
    assessed.later(minutes=1)
    assert [each.outcome for each in carried_out(assessed, asked)] == ["passed"]
    assert [each.outcome for each in begun] == ["already"], "two who carry it out at once do it once"
    assert [each.outcome for each in carried_out(assessed, asked)] == ["already"]
    assert [entry.kind for entry in assessed.entries()].count("migrated") == 1


def test_a_case_that_moved_meanwhile_is_looked_at_anew(assessed: Story) -> None:
    asked = approved(assessed)
    assessed.sign("F22")
    assessed.advance(BEGIN)
    (passed,) = carried_out(assessed, asked)
    assert (passed.outcome, passed.state, passed.dest) == ("passed", "comprehensive_assessment", "comprehensive_assessment")
    assert not faults(assessed)


def test_a_case_that_has_ended_meanwhile_stays_as_it_is(assessed: Story) -> None:
    asked = approved(assessed)
    assessed.sign("F03", supersedes=assessed.rows("SELECT id FROM record WHERE form = 'F03'")[0]["id"], recommendation="no_action")
    assessed.decide(assessed.wish("close_unfounded"), "bambang")
    assessed.advance("close_unfounded")
    assert [each.outcome for each in carried_out(assessed, asked)] == ["ended"]


def test_nobody_moves_a_case_alone(assessed: Story) -> None:
    asked = assessed.do(migrations.request_migration, "yusuf", wish(assessed))
    agree = ApproveMigration(migration=asked.id, digest=asked.digest)
    assert assessed.refused(migrations.approve_migration, "yusuf", agree) == {"four_eyes"}
    assert assessed.refused(migrations.approve_migration, "bambang", agree) == {"role_not_allowed"}
    assessed.enrol("yusuf_kedua", "dinas_head", same_as="yusuf")
    assert assessed.refused(migrations.approve_migration, "yusuf_kedua", agree) == {"four_eyes"}
    assert assessed.refused(migrations.request_migration, "sari", wish(assessed)) == {"role_not_allowed"}
    assert assessed.refused(migrations.approve_migration, "wahyu", agree) == {"not_found"}
    assessed.enrol("kepala_lain", "dinas_head")
    stale = msgspec.structs.replace(agree, digest="0" * 64)
    assert assessed.refused(migrations.approve_migration, "kepala_lain", stale) == {"approval_superseded"}
    with pytest.raises(Refusal, match="approval_missing"):
        carried_out(assessed, asked)
    assert assessed.do(migrations.approve_migration, "kepala_lain", agree).subjects == 1
    assert assessed.refused(migrations.approve_migration, "kepala_lain", agree) == {"request_settled"}
    assert [each.outcome for each in carried_out(assessed, asked)] == ["passed"]


def test_only_into_a_version_that_takes_something_over(assessed: Story) -> None:
    for ask in (
        RequestMigration(machine=CARE, version=1, office=wish(assessed).office),
        RequestMigration(machine="dreams", version=2, office=wish(assessed).office),
    ):
        with pytest.raises(Invalid):
            assessed.do(migrations.request_migration, "bambang", ask)
    carried_out(assessed, approved(assessed))
    assert assessed.refused(migrations.request_migration, "bambang", wish(assessed)) == {"nothing_passes_over"}


def test_a_state_that_nothing_passes_out_of_blocks_its_cases(upgraded: Callable[..., Story]) -> None:
    story = upgraded("reported", "initial_assessment", "institution_unverified")
    (found,) = looked_at(story)
    assert (found.dest, {reason.code for reason in found.blocked}) == ("", {"state_stays"})
    (passed,) = carried_out(story, approved(story))
    assert (passed.outcome, story.row["version"]) == ("blocked", 1)
    assert not faults(story)


def test_a_process_passes_over_with_what_it_has_to_keep(upgraded: Callable[..., Story]) -> None:
    story = upgraded(*IN_CARE)
    papers = papers_of(story)
    (found,) = looked_at(story, PAPERS)
    assert (found.id, found.state, found.dest, found.blocked) == (papers["id"], papers["state"], papers["state"], ())
    (passed,) = carried_out(story, approved(story, PAPERS))
    assert passed.outcome == "passed"
    after = papers_of(story)
    assert (after["version"], after["state"], after["steps"], after["wakes_at"]) == (
        2,
        papers["state"],
        papers["steps"] + 1,
        papers["wakes_at"],
    )
    assert not faults(story)
    step = story.entries()[-1].steps[0]
    assert (step.trigger, step.version) == ("migrate", 2)
    assert views.show_case(story.store, story.call("sari"), story.case).processes


def test_a_definition_swapped_under_a_case_is_found(assessed: Story) -> None:
    carried_out(assessed, approved(assessed))
    assessed.wreck("UPDATE care_case SET version = 1")
    assert "definition_differs" in faults(assessed)


def run(story: Story, *arguments: str, typed: str = "") -> Result:
    env = {"CASEWORK_DATABASE": story.database.target, "CASEWORK_LANGUAGE": "en"}
    return CliRunner().invoke(main, ["migrate-cases", CARE, "--to", "2", *arguments], env=env, input=typed)


def test_the_command_shows_asks_approves_and_carries_out(assessed: Story) -> None:
    office = wish(assessed).office
    seen = run(assessed, "--dry-run")
    assert (seen.exit_code, "initial_assessment → first_assessment" in seen.stdout) == (0, True), seen.output
    for told in ("disappear: close_turned_18", "newly asked: child_view_recorded; approved by: nobody → supervisor", "1 could pass"):
        assert told in seen.stdout
    (line,) = run(assessed, "--dry-run", "--json", "--office", office).stdout.splitlines()
    assert msgspec.json.decode(line, type=Passing).dest == "first_assessment"
    assert run(assessed, "--dry-run", "--request").exit_code == 2
    asked = run(assessed, "--request", "--office", office, "--as", "bambang", typed=f"{PASSWORD}\n")
    assert asked.exit_code == 0, asked.output
    (migration,) = (row["id"] for row in assessed.rows("SELECT id FROM migration"))
    assert migration in asked.output
    early = run(assessed, "--carry-out", migration)
    assert (early.exit_code, "approval_missing" in early.stderr) == (2, True)
    alone = run(assessed, "--approve", migration, "--as", "bambang", typed=f"{PASSWORD}\ny\n")
    assert (alone.exit_code, "role_not_allowed" in alone.stderr) == (2, True)
    agreed = run(assessed, "--approve", migration, "--as", "yusuf", typed=f"{PASSWORD}\ny\n")
    assert agreed.exit_code == 0, agreed.output
    done = run(assessed, "--carry-out", migration)
    assert (done.exit_code, "1 passed" in done.stdout, assessed.row["version"]) == (0, True, 2), done.output
    assert "1 had passed already" in run(assessed, "--carry-out", migration).stdout


def test_the_command_says_what_stays_and_why_with_exit_code_1(upgraded: Callable[..., Story]) -> None:
    story = upgraded("reported", "initial_assessment", "institution_unverified")
    seen = run(story, "--dry-run")
    assert (seen.exit_code, "STAYS: The newer version takes nothing over from" in seen.stdout, "1 would stay" in seen.stdout) == (
        1,
        True,
        True,
    )
    done = run(story, "--carry-out", approved(story).id)
    assert (done.exit_code, "1 stay" in done.stdout) == (1, True), done.output
