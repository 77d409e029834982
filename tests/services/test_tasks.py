"""Tasks: settled by the form or the step that does them, by hand only where nothing else would, and one open review at a time."""

from collections.abc import Callable
from typing import Any

import pytest

from casework.machines.book import all_machines
from casework.machines.effects import ABOUT, LEFT_BEHIND, Done, Due, Effect, flattened, left_behind
from casework.machines.engine import Machine
from casework.services import caseload, records, views
from casework.services.records import DONE_BY_HAND, FULFILS, CompleteTask
from tests.services.story import Story
from tests.services.ways import ADMISSION, KIN

ALL = (*ADMISSION, "institutional_care", "trial_home_stay", "reintegration")


def waiting(story: Story) -> list[str]:
    """Return the kinds of the open tasks, the one due first on top."""
    return [row["kind"] for row in story.rows("SELECT kind FROM task WHERE settled_at IS NULL ORDER BY due_at, id")]


def tick(story: Story, kind: str, by: str = "sari") -> set[str]:
    ask = CompleteTask(case=story.case, task=story.play.open_task(kind), note="Sudah dikerjakan.")
    return story.refused(records.complete_task, by, ask)


@pytest.fixture
def admitted(admission: Story) -> Story:
    """The child was admitted a minute ago: nothing of what the admission brought is done."""
    request = admission.wish("admit_to_institution", host="harapan")
    admission.decide(request, "bambang")
    admission.decide(request, "yusuf")
    admission.advance("admit_to_institution", host="harapan")
    return admission


def test_every_task_of_every_table_is_settled_by_a_form_by_hand_by_a_process_or_by_the_step_it_asks_for() -> None:
    effects = [*flattened(tuple(each for machine in all_machines() for each in brought_by(machine)))]
    asked = {due.task for effect in effects if isinstance(due := getattr(effect, "due", effect), Due)}
    by_forms = {kind for kinds in FULFILS.values() for kind in kinds} | {"monitoring_visit"}
    by_leaving = {kind for kinds in LEFT_BEHIND.values() for kind in kinds}
    by_processes = {effect.task for effect in effects if isinstance(effect, Done)}
    assert asked <= by_forms | by_leaving | by_processes | DONE_BY_HAND


def brought_by(machine: Machine[Any]) -> tuple[Effect, ...]:
    """Return everything that a machine may bring."""
    return (*machine.definition.opening, *(effect for row in machine.definition.transitions for effect in row.effects))


def test_what_only_a_place_can_settle_ends_with_the_place() -> None:
    for state, kinds in ABOUT.items():
        for kind in kinds:
            gone = left_behind(state, "initial_assessment", "")
            assert kind in gone, (state, kind)
            assert kind not in left_behind(state, "missing", "")
            assert kind not in left_behind("missing", state, state)


def test_an_admission_brings_its_tasks(admitted: Story) -> None:
    now = {"admission_minutes", "contact", "contact_plan", "dinas_report", "first_visit", "identity_documents", "monthly_report", "review"}
    later = {"permanency_decision", "permanency_review_18", "permanency_review_24"}
    grown_up = {"leaving_care_plan", "leaving_care_final", "exit_after_18"}
    assert sorted(waiting(admitted)) == sorted(now | later | grown_up)


@pytest.mark.parametrize("kind", ["admission_minutes", "contact_plan", "first_visit", "identity_documents", "monthly_report", "review"])
def test_a_task_is_ticked_off_by_hand_only_where_no_form_settles_it(admitted: Story, kind: str) -> None:
    assert tick(admitted, kind) == (set() if kind in DONE_BY_HAND else {"settled_by_its_form"})
    assert (kind in waiting(admitted)) == (kind not in DONE_BY_HAND)


@pytest.mark.parametrize(
    ("form", "by", "kind"),
    [("F11", "sari", "admission_minutes"), ("F15", "sari", "first_visit"), ("F08", "sari", "contact_plan")],
)
def test_a_form_settles_the_task_it_does_and_no_other(admitted: Story, form: str, by: str, kind: str) -> None:
    before = waiting(admitted)
    admitted.sign(form, by, **({"host": "harapan"} if form == "F11" else {}))
    assert {*before} - {*waiting(admitted)} == {kind}
    assert admitted.rows("SELECT settled_how FROM task WHERE kind = ? ORDER BY created_at DESC", kind)[0][0] == form


def test_the_minutes_confirm_the_placement(admitted: Story) -> None:
    assert admitted.rows("SELECT status FROM placement")[0][0] == "unconfirmed"
    admitted.sign("F11", "halimah", host="harapan")
    assert admitted.rows("SELECT status FROM placement")[0][0] == "active"


def test_a_task_is_done_once(admitted: Story) -> None:
    task = admitted.play.open_task("identity_documents")
    ask = CompleteTask(case=admitted.case, task=task, note="Ada di berkas.")
    assert admitted.refused(records.complete_task, "sari", ask) == set()
    assert admitted.refused(records.complete_task, "sari", ask) == {"not_found"}
    assert admitted.personal("task", "settled_how", "note", where="id = ?", values=(task,)) == [("said", "Ada di berkas.")]
    assert (admitted.entries()[-1].kind, admitted.entries()[-1].reason_code) == ("task_done", "identity_documents")


def test_a_task_of_another_case_is_not_found(admitted: Story) -> None:
    task = admitted.play.open_task("identity_documents")
    ask = CompleteTask(case=admitted.another_case(), task=task, note="Sudah dikerjakan.")
    assert admitted.refused(records.complete_task, "sari", ask) == {"not_found"}


@pytest.mark.parametrize("note", ["", "ok", "   "])
def test_what_was_done_is_said(admitted: Story, note: str) -> None:
    ask = CompleteTask(case=admitted.case, task=admitted.play.open_task("identity_documents"), note=note)
    assert admitted.refused(records.complete_task, "sari", ask) == {"invalid"}


@pytest.mark.parametrize("by", ["iwan", "nadia", "yusuf", "anton"])
def test_who_neither_works_nor_supervises_the_case_ticks_nothing_off(admitted: Story, by: str) -> None:
    admitted.errand("iwan")
    assert tick(admitted, "identity_documents", by) == {"role_not_allowed"}


def test_leaving_a_state_settles_what_only_that_state_asked_for(tell: Callable[..., Story]) -> None:
    story = tell(*KIN)
    story.sign("F08", setting="kin", carer="bibi")
    assert "plan" not in waiting(story)
    story = tell("comprehensive_assessment")
    assert "comprehensive_assessment" in waiting(story)
    story = tell("care_planning")
    assert "comprehensive_assessment" not in waiting(story)
    assert "plan" in waiting(story)


def test_there_is_never_more_than_one_open_review(tell: Callable[..., Story]) -> None:
    for count in range(len(ADMISSION) + 1, len(ALL) + 1):
        story = tell(*ALL[:count])
        assert waiting(story).count("review") <= 1


def test_a_new_placement_replaces_the_review_that_was_due(tell: Callable[..., Story]) -> None:
    story = tell(*ALL[: len(ADMISSION) + 1])
    before = story.play.open_task("review")
    story.sign("F23", "maya", host="rpsa")
    story.advance("place_in_emergency", "maya", host="rpsa")
    assert waiting(story).count("review") == 1
    assert story.play.open_task("review") != before
    assert story.rows("SELECT settled_how FROM task WHERE id = ?", before)[0][0] == "replaced"


def test_each_visit_settles_the_one_that_is_due_first(tell: Callable[..., Story]) -> None:
    story = tell(*ALL)
    due = [kind for kind in waiting(story) if kind == "monitoring_visit"]
    assert len(due) > 3
    first = story.play.open_task("monitoring_visit")
    story.sign("F15", visit=3)
    assert [kind for kind in waiting(story) if kind == "monitoring_visit"] == due[1:]
    assert story.rows("SELECT settled_how FROM task WHERE id = ?", first)[0][0] == "F15"


def test_a_closed_case_has_nothing_left_to_do(tell: Callable[..., Story]) -> None:
    story = tell("closed_unfounded")
    assert story.state == "closed"
    assert waiting(story) == []
    assert story.rows("SELECT count(*) FROM approval_request WHERE status IN ('submitted', 'in_second_approval', 'approved')")[0][0] == 0


def listed(story: Story, by: str) -> tuple[str, str]:
    """Return what somebody's list says is due in the case, and how urgent."""
    line = next(line for line in caseload.caseload(story.store, story.call(by)) if line.id == story.case)
    return (line.due.en if line.due else "", line.urgency)


def shown(story: Story, by: str) -> set[str]:
    return {task.kind for task in views.show_case(story.store, story.call(by), story.case).tasks if task.settled_at is None}


def test_a_house_hears_of_the_tasks_that_it_can_do_and_of_no_other(admitted: Story) -> None:
    assert shown(admitted, "halimah") == {"admission_minutes", "dinas_report", "identity_documents", "monthly_report", "review"}
    assert shown(admitted, "anton") == {"monthly_report"}
    assert shown(admitted, "sari") == {*waiting(admitted)}


def test_a_house_is_not_told_that_the_police_must_be_informed(admitted: Story) -> None:
    admitted.sign("F17", "anton", type="missing")
    admitted.advance("report_missing", "anton")
    assert "inform_police" in shown(admitted, "sari")
    assert "inform_police" not in shown(admitted, "halimah")
    admitted.later(days=2)
    assert listed(admitted, "sari")[1] == "overdue"
    assert listed(admitted, "anton") == ("", "urgent")
    assert listed(admitted, "halimah") == ("Sign the admission minutes (F11)", "overdue")


def test_a_house_does_not_say_for_the_office_that_the_police_was_informed(admitted: Story) -> None:
    admitted.sign("F17", "anton", type="missing")
    admitted.advance("report_missing", "anton")
    assert tick(admitted, "inform_police", "halimah") == {"not_found"}
    assert tick(admitted, "identity_documents", "halimah") == set()
    assert tick(admitted, "inform_police") == set()
