"""The second net, under the walls: a unit that touched a case without its entry cannot commit, and what is not committed is not there."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from casework.errors import Conflict, Refusal, Unavailable
from casework.machines.care import CARE
from casework.store import cases, journal
from casework.store.schema import care_case, event, record
from casework.store.unit import Unit
from tests.services.story import Story

Deed = Callable[[Unit], object]


def commit(story: Story, *deeds: Deed) -> None:
    """Do these deeds in one unit and commit it."""
    with story.store.write(story.call("bambang")) as unit:
        for deed in deeds:
            deed(unit)
        unit.commit()


def entry(story: Story) -> Deed:
    """Append an entry to the case."""
    return lambda unit: journal.append(unit, cases.get_case(unit, story.case), "case_assigned", "supervisor")


def shift(story: Story) -> Deed:
    """Put the case's row somewhere else."""
    return lambda unit: unit.run(care_case.update().where(care_case.c.id == story.case).values(state="institutional_care"))


def erase_last(story: Story) -> Deed:
    """Delete the entry that was just appended."""
    last = story.row["seq"] + 1
    return lambda unit: unit.run(event.delete().where(event.c.case_id == story.case, event.c.seq == last))


@pytest.mark.parametrize("deeds", [(entry, shift), (entry,), (entry, erase_last)], ids=["row elsewhere", "row left behind", "no entry"])
def test_with_the_walls_down_a_case_that_does_not_stand_at_its_last_entry_still_cannot_be_committed(
    reported: Story, deeds: tuple[Callable[[Story], Deed], ...]
) -> None:
    """Without walls nothing moves the row after its entry, and nothing stops who moves it alone: the unit notices both."""
    reported.wreck()
    before = reported.dump()
    made = [deed(reported) for deed in deeds]
    with pytest.raises(Unavailable):
        commit(reported, *made)
    assert reported.dump() == before


def test_a_unit_that_says_it_moved_a_case_that_is_not_there_cannot_commit(reported: Story) -> None:
    with pytest.raises(Unavailable):
        commit(reported, lambda unit: unit.note_move("nowhere", 1))


def test_the_walls_stand_before_the_net(reported: Story) -> None:
    before = reported.dump()
    with pytest.raises((Conflict, Unavailable)):  # a wall; on PostgreSQL the rights of the role stand even before it
        commit(reported, shift(reported))
    assert reported.dump() == before


def test_with_the_walls_up_the_same_entry_commits_and_moves_the_version(reported: Story) -> None:
    version = reported.row["seq"]
    commit(reported, entry(reported))
    assert reported.row["seq"] == version + 1


def test_a_unit_that_does_not_say_commit_changes_nothing(reported: Story) -> None:
    before = reported.dump()
    with reported.store.write(reported.call("bambang")) as unit:
        entry(reported)(unit)
    assert reported.dump() == before


def test_a_savepoint_that_failed_takes_only_itself_along(reported: Story) -> None:
    def void_everything_and_fail(unit: Unit) -> None:
        with unit.savepoint():
            unit.run(record.update().where(record.c.case_id == reported.case).values(status="void", voided_at="x"))
            raise LookupError

    def try_that(unit: Unit) -> None:
        with pytest.raises(LookupError):
            void_everything_and_fail(unit)

    version = reported.row["seq"]
    commit(reported, entry(reported), try_that)
    assert reported.row["seq"] == version + 1
    assert {row["status"] for row in reported.rows("SELECT status FROM record")} == {"signed"}


def test_a_case_begins_only_at_the_beginning(reported: Story) -> None:
    office, child = reported.row["office_id"], reported.row["child_id"]
    name, version = CARE.definition.name, CARE.definition.version
    with pytest.raises(Conflict):
        commit(reported, lambda unit: cases.add_case(unit, child, office, name, version, "institutional_care", None))
    assert reported.rows("SELECT count(*) FROM care_case")[0][0] == 1


def test_a_savepoint_that_is_undone_leaves_no_case_to_check(reported: Story) -> None:
    """Otherwise a refusal after an entry was written could never be journalled: the commit would look for the entry."""
    with reported.store.write(reported.call("sari")) as unit:
        case = cases.get_case(unit, reported.case)
        with suppress(Refusal), unit.savepoint():
            journal.append(unit, case, "task_done", "social_worker")
            assert unit.touched == {case.id}
            raise Refusal(())
        assert unit.touched == frozenset()
        unit.commit()
    assert reported.entries()[-1].kind != "task_done"
