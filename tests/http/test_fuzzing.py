"""A slice of what `make soak` does for long: requests made from the interface's own description are answered as it says."""

import ast
from pathlib import Path
from typing import Any

import pytest

from tests.http.conftest import Somebody
from tests.http.fuzzing import Fuzzing
from tests.http.policy_world import (
    PEOPLE,
    World,
    world,  # noqa: F401 - a fixture
)

ROOT = Path(__file__).parents[2]
SHOWN_BY: dict[str, tuple[str, ...]] = {
    "test_errands.py::test_somebody_is_asked_into_the_field_and_it_is_taken_back": (
        "POST /api/cases/{case_id}/field-requests",
        "POST /api/cases/{case_id}/field-requests/{task_id}/end",
    ),
    "test_registers.py::test_a_task_that_no_form_settles_is_reported_as_done_over_http": (
        "POST /api/cases/{case_id}/transitions",
        "POST /api/cases/{case_id}/tasks/{task_id}/completion",
    ),
    "test_registers.py::test_an_account_seated_at_an_institution_works_there_and_nowhere_else": (
        "POST /api/cases/{case_id}/offers",
        "POST /api/cases/{case_id}/assignment",
    ),
    "test_registers.py::test_a_name_changes_only_once_another_person_approved_it_on_a_compared_paper": (
        "POST /api/cases/{case_id}/identity-changes",
        "POST /api/cases/{case_id}/identity-changes/{change_id}/approval",
    ),
    "test_registers.py::test_staff_are_entered_and_cleared_and_each_time_the_host_has_a_new_version": (
        "PATCH /api/hosts/{host_id}/staff/{staff_id}",
    ),
    "test_processes.py::test_a_process_is_listed_with_its_steps_and_makes_them": (
        "POST /api/cases/{case_id}/processes/{process_id}/transitions",
    ),
    "test_processes.py::test_a_house_makes_no_step_of_the_office_about_itself_or_its_staff": (
        "POST /api/hosts/{host_id}/staff/{staff_id}/transitions",
    ),
    "test_processes.py::test_a_breach_of_data_is_reported_listed_and_handled": ("POST /api/breaches/{breach_id}/transitions",),
    "test_story.py::planned": (
        "POST /api/cases/{case_id}/approvals",
        "POST /api/cases/{case_id}/approvals/{request_id}/decisions",
    ),
    "test_story.py::test_an_institution_sees_a_child_only_once_it_was_asked": ("POST /api/cases/{case_id}/offers/{host_id}/answer",),
    "test_migrations.py::test_it_is_asked_for_by_one_and_approved_by_a_head": (
        "POST /api/machines/{machine}/versions/{number}/migrations",
        "POST /api/migrations/{migration_id}/approval",
    ),
    "test_desk.py::test_the_interface_shows_the_desk_and_takes_the_answer_of_its_own_body_only": (
        "GET /api/referrals/{referral_id}",
        "POST /api/referrals/{referral_id}/transitions",
    ),
    "test_residents.py::test_a_list_of_residents_is_asked_for_decided_by_two_and_registered": (
        "POST /api/hosts/{host_id}/residents",
        "POST /api/hosts/{host_id}/residents/decisions",
        "POST /api/hosts/{host_id}/residents/registration",
        "POST /api/cases/{case_id}/approvals/{request_id}/withdrawal",
    ),
    "test_proof.py::test_a_decision_needs_a_proof_of_the_last_quarter_of_an_hour": ("POST /api/sessions/current/proof",),
    "test_standing_in.py::test_what_is_lent_is_listed_and_ends_when_it_is_taken_back": (
        "POST /api/covers",
        "POST /api/delegations",
        "POST /api/delegations/{delegation_id}/end",
    ),
    "test_standing_in.py::test_a_glass_is_broken_by_one_and_looked_into_by_another": ("POST /api/cases/{case_id}/glass/{glass_id}/review",),
    "test_standing_in.py::test_a_request_about_data_is_taken_in_decided_and_answered_with_a_copy": (
        "POST /api/data-requests",
        "POST /api/data-requests/{data_request_id}/decision",
        "GET /api/data-requests/{data_request_id}/copy",
    ),
    "test_attachments.py::test_a_picture_is_added_shown_and_withdrawn": (
        "POST /api/cases/{case_id}/attachments",
        "GET /api/cases/{case_id}/attachments/{attachment_id}",
        "POST /api/cases/{case_id}/attachments/{attachment_id}/withdrawal",
    ),
    "test_official_papers.py::test_a_record_is_printed_as_an_official_paper": ("GET /api/cases/{case_id}/records/{record_id}/paper",),
    "test_lists.py::test_the_numbers_are_for_who_leads_an_office_on_pages_in_files_and_over_the_interface": ("GET /api/numbers/{report}",),
    "test_traps.py::test_signing_in_again_ends_the_session_that_came_along": ("POST /api/sessions",),
}
"""Which test shows an operation doing what it is for, where that needs more than one of everything."""
ELSEWHERE = {label: test for test, labels in SHOWN_BY.items() for label in labels}


def described(world: World) -> dict[str, Any]:  # noqa: F811
    """Return the description that the application gives of its interface."""
    description: dict[str, Any] = Somebody(world.client).get("/api/openapi.json").json()
    return description


def test_whatever_is_sent_is_answered_as_the_description_says(world: World) -> None:  # noqa: F811
    fuzzing = Fuzzing(world, described(world))
    fuzzing.send_examples(("sari", "maya", "bambang", "halimah", "dian"))
    fuzzing.send_strange(1)
    assert fuzzing.faults == {}
    assert fuzzing.requests > 7 * len(fuzzing.operations)
    assert fuzzing.people_who_succeeded() == {*PEOPLE}
    done = fuzzing.succeeded()
    assert (done | ELSEWHERE.keys()) == {operation.label for operation in fuzzing.operations}


@pytest.mark.parametrize("label", ELSEWHERE)
def test_what_is_shown_elsewhere_is_shown_there(label: str) -> None:
    module, _, name = ELSEWHERE[label].partition("::")
    source = (ROOT / "tests" / "http" / module).read_text(encoding="utf-8")
    assert name in {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    assert label.rpartition("}")[2].rpartition("/")[2] in source


def test_an_answer_that_the_description_does_not_know_is_found(world: World) -> None:  # noqa: F811
    description = described(world)
    answers = description["paths"]["/api/me"]["get"]["responses"]
    description["paths"] = {"/api/me": {"get": {"responses": {"400": answers["400"]}}}}
    fuzzing = Fuzzing(world, description)
    fuzzing.send_examples(("sari",))
    assert [fault[:40] for fault in fuzzing.faults] == ["GET /api/me: Undocumented status code\n\nR"]
