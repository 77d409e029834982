"""Family support, from plan to result: several packages of one case, what is due, and that nothing is left open over an ended case."""

from collections.abc import Callable
from typing import Any

import pytest

from casework.services import records
from casework.services.processes import list_processes
from tests.services.beside import open_tasks, state, whole
from tests.services.story import Story

SIGNED: dict[str, Any] = {"agreed_on": "today", "signatures": [{"role": "parent", "name": "Ibu"}]}
DELIVERY = {"on": "today", "what": "uang tunai", "delivered_by": "Sari", "proof": "kuitansi 1", "amount": 600_000}
ARRIVED: dict[str, Any] = {**SIGNED, "deliveries": [DELIVERY]}
RESULT: dict[str, Any] = {"delivery_complete": "yes", "evaluated_on": "today", "result": "helped", "result_because": "Ibu bekerja lagi."}
ASKED_FOR = {"separation": "requested"}


@pytest.fixture
def planning(tell: Callable[..., Story]) -> Story:
    """A case in planning: the child lives with its mother."""
    return tell("care_planning")


def packages(story: Story) -> list[str]:
    """Return the ids of the processes of family support, oldest first."""
    found = story.rows("SELECT id FROM process WHERE case_id = ? AND machine = 'family_support' ORDER BY opened_at, id", story.case)
    return [str(row["id"]) for row in found]


def triggers(story: Story, process: str) -> list[str]:
    found = story.rows('SELECT "trigger" AS made FROM process_step WHERE process_id = ? ORDER BY n', process)
    return [str(row["made"]) for row in found]


def test_a_package_goes_from_plan_to_result_by_the_versions_of_its_form(planning: Story) -> None:
    first = planning.sign("F26", **ASKED_FOR)
    process = packages(planning)[0]
    assert state(planning, process) == "planned"
    assert "support_delivery" in open_tasks(planning)
    second = planning.sign("F26", supersedes=first, **ASKED_FOR, **SIGNED)
    assert state(planning, process) == "agreed"
    third = planning.sign("F26", supersedes=second, **ASKED_FOR, **ARRIVED)
    assert state(planning, process) == "being_delivered"
    assert {"support_delivery", "support_evaluation"} & open_tasks(planning) == {"support_evaluation"}
    fourth = planning.sign("F26", supersedes=third, **ASKED_FOR, **ARRIVED, delivery_complete="yes")
    assert state(planning, process) == "delivered"
    planning.sign("F26", supersedes=fourth, **ASKED_FOR, **ARRIVED, **RESULT)
    assert state(planning, process) == "evaluated"
    assert triggers(planning, process) == ["open", "agree", "begin_preventive_delivery", "complete_delivery", "evaluate"]
    assert not {"support_delivery", "support_evaluation"} & open_tasks(planning)
    assert packages(planning) == [process], "a newer version plans nothing anew"
    assert whole(planning)


def test_help_where_no_separation_was_at_stake_is_not_called_preventive(planning: Story) -> None:
    planning.sign("F26", **ARRIVED)
    assert triggers(planning, packages(planning)[0]) == ["open", "begin_delivery"]


def test_each_package_has_its_own_deadlines(planning: Story) -> None:
    money = planning.sign("F26")
    care = planning.sign("F26", kind="psychosocial")
    planning.sign("F26", supersedes=money, **ARRIVED)
    assert {"support_delivery", "support_evaluation"} <= open_tasks(planning), "of the other package, and of this one"
    care = planning.sign("F26", supersedes=care, kind="psychosocial", **ARRIVED)
    assert "support_delivery" not in open_tasks(planning)
    planning.sign("F26", supersedes=care, kind="psychosocial", **ARRIVED, **RESULT)
    assert "support_evaluation" in open_tasks(planning)
    assert [state(planning, process) for process in packages(planning)] == ["being_delivered", "evaluated"]
    assert whole(planning)


def test_support_that_is_stopped_for_a_reason_asks_for_nothing_more(planning: Story) -> None:
    first = planning.sign("F26")
    planning.sign("F26", supersedes=first, stopped_because="family_declined", stopped_note="Ibu memilih bantuan lain.")
    assert state(planning, packages(planning)[0]) == "stopped"
    assert "support_delivery" not in open_tasks(planning)


def test_a_delivery_without_the_familys_agreement_is_not_signed(planning: Story) -> None:
    assert planning.refused(records.sign_record, "sari", planning.form("F26", deliveries=[DELIVERY])) == {"invalid"}


def test_no_support_is_left_open_over_a_case_that_ended(assessing: Story) -> None:
    assessing.sign("F26", **ASKED_FOR, **ARRIVED)
    assessing.sign("F26", kind="psychosocial")
    assessing.sign("F03", safety_screen=dict.fromkeys(("violence", "neglect", "exploitation"), "no"), recommendation="no_action")
    assessing.decide(assessing.wish("close_unfounded"), "bambang")
    assessing.advance("close_unfounded")
    assert assessing.state == "closed"
    assert {state(assessing, process) for process in packages(assessing)} == {"ended"}
    assert whole(assessing)


def test_a_package_is_shown_by_what_it_gives(planning: Story) -> None:
    planning.sign("F26", help="school_fee")
    shown = list_processes(planning.store, planning.call("sari"), planning.case)
    label = next(view.label for view in shown if view.machine == "family_support")
    assert (label.id, label.en) == ("Dukungan keluarga: biaya sekolah", "Family support: school fees")
