"""What was asked in the field, in the journal: every end is told by its entry, and a task that says otherwise is found."""

from collections.abc import Callable
from datetime import timedelta

from casework.services import (
    audit,
    field,
    records,
)
from casework.services.field import EndField
from casework.services.records import VerifyRecord
from casework.store.instants import to_text
from tests.services.story import TENGGARONG, Story


def faults(story: Story) -> set[str]:
    return {fault.code for fault in audit.verify_trail(story.store, story.call("nadia")).faults}


def test_each_way_in_which_what_was_asked_ends_is_told_by_the_entry_that_ended_it(assessing: Story) -> None:
    story = assessing
    signed = story.errand("iwan")
    story.sign("F15", "iwan")
    assert story.entries()[-1].ended == (signed,)
    taken_back = story.errand("iwan")
    story.do(field.end_field, "bambang", EndField(case=story.case, task=taken_back))
    assert story.entries()[-1].ended == (taken_back,)
    sheet = story.sign("F05", rung="nuclear")
    checked = story.errand("iwan", "field_check")
    story.do(records.verify_record, "iwan", VerifyRecord(case=story.case, record=sheet))
    assert story.entries()[-1].ended == (checked,)
    assert faults(story) == set()


def test_a_case_that_ends_names_what_was_asked_and_is_over_with_it(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    asked = story.errand("iwan")
    story.sign("F01", void_reason="entered_in_error")
    story.decide(story.wish("void_registration", reason="entered_in_error"), "bambang")
    story.advance("void_registration", reason="entered_in_error")
    assert story.entries()[-1].ended == (asked,)
    assert faults(story) == set()


def test_a_task_in_the_field_that_differs_from_the_journal_is_found(assessing: Story) -> None:
    other = assessing.another_case()
    task = assessing.errand("iwan")
    ended = assessing.errand("iwan", "field_tracing")
    assessing.do(field.end_field, "bambang", EndField(case=assessing.case, task=ended))
    assert faults(assessing) == set()
    row = assessing.rows("SELECT * FROM task WHERE id = ?", task)[0]
    over = assessing.rows("SELECT settled_at FROM task WHERE id = ?", ended)[0]["settled_at"]
    moment = to_text(assessing.now + timedelta(days=20))

    def told(which: str, column: str, wrong: str, right: str) -> set[str]:
        assessing.wreck(f"UPDATE task SET {column} = {wrong} WHERE id = '{which}'")  # noqa: S608 - our own
        found = faults(assessing)
        assessing.wreck(f"UPDATE task SET {column} = {right} WHERE id = '{which}'")  # noqa: S608 - our own
        return found

    for which, column, wrong, right in (
        (task, "worker", f"'{assessing.person('maya')}'", f"'{row['worker']}'"),
        (task, "due_at", f"'{moment}'", f"'{row['due_at']}'"),
        (task, "kind", "'field_tracing'", "'field_visit'"),
        (task, "district", "'64.02.01'", f"'{TENGGARONG}'"),
        (task, "case_id", f"'{other}'", f"'{assessing.case}'"),
        (task, "settled_at", f"'{moment}'", "NULL"),
        (ended, "settled_at", "NULL", f"'{over}'"),
    ):
        assert told(which, column, wrong, right) == {"errand_differs"}, column
    assert told(task, "kind", "'contact'", "'field_visit'") == {"errand_differs"}, "one that is hidden as another kind of task"
    visit = assessing.rows("SELECT id, kind FROM task WHERE kind NOT LIKE 'field%' LIMIT 1")[0]
    assert told(visit["id"], "kind", "'field_visit'", f"'{visit['kind']}'") == {"errand_without_entry"}
    assert faults(assessing) == set()
