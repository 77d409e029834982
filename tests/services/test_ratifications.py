"""Ratifications: who decides afterwards about an emergency move, and what a rejection leads to."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from casework.services import decisions
from casework.store.instants import from_text
from tests.services.story import PARAMS, Story


@pytest.fixture
def danger(tell: Callable[..., Story]) -> Story:
    """Danger at night: Maya, on duty, signs the emergency sheet."""
    return tell("reported")


def place(story: Story, host: str, **said: str) -> str:
    """Place the child and return the ratification that the move opened."""
    story.sign("F23", "maya", host=host, **said)
    story.advance("place_in_emergency", "maya", host=host)
    return story.waiting("ratification")


@pytest.mark.parametrize(("host", "role"), [("rpsa", "supervisor"), ("tetangga", "supervisor"), ("harapan", "dinas_head")])
def test_who_ratifies_an_emergency_follows_from_where_the_child_went(danger: Story, host: str, role: str) -> None:
    request = place(danger, host, lksa_because="Tidak ada tempat lain malam ini.")
    row = danger.rows("SELECT needs, requester FROM approval_request WHERE id = ?", request)[0]
    assert tuple(row) == (role, danger.person("maya"))
    assert danger.against(request, "bambang") == (set() if role == "supervisor" else {"role_not_allowed"})


def test_the_head_may_ratify_what_waits_for_a_supervisor(danger: Story) -> None:
    assert danger.decide(place(danger, "rpsa"), "yusuf").status == "consumed"


def test_who_placed_the_child_does_not_ratify_it(danger: Story) -> None:
    danger.sign("F23", "bambang", host="rpsa")
    danger.advance("place_in_emergency", "bambang", host="rpsa")
    request = danger.waiting("ratification")
    assert danger.against(request, "bambang") == {"four_eyes"}
    assert danger.against(request, "lina") == set()


def test_a_rejected_ratification_goes_to_the_head_and_from_there_nowhere(danger: Story) -> None:
    first = place(danger, "rpsa")
    danger.decide(first, "bambang", "reject", reason="Ada nenek yang siap.")
    assert danger.status(first) == "rejected"
    second = danger.waiting("ratification")
    row = danger.rows("SELECT needs, due_at, requested_at FROM approval_request WHERE id = ?", second)[0]
    assert row["needs"] == "dinas_head"
    assert from_text(row["due_at"]) - from_text(row["requested_at"]) == timedelta(hours=PARAMS.emergency_ratify_hours)
    assert danger.against(second, "lina") == {"role_not_allowed"}
    assert danger.decide(second, "yusuf", "reject", reason="Setuju dengan supervisor.").status == "rejected"
    assert danger.rows("SELECT count(*) FROM approval_request WHERE kind = 'ratification' AND status = 'submitted'")[0][0] == 0
    assert danger.state == "emergency_care"


def test_who_rejected_the_ratification_does_not_decide_it_again_as_the_head(danger: Story) -> None:
    danger.enrol("bambang_kepala", "dinas_head", same_as="bambang")
    danger.decide(place(danger, "rpsa"), "bambang", "reject", reason="Ada nenek yang siap.")
    assert danger.against(danger.waiting("ratification"), "bambang_kepala") == {"four_eyes"}


def test_a_ratification_cannot_be_taken_back(danger: Story) -> None:
    assert danger.withdraw(place(danger, "rpsa"), "maya") == {"role_not_allowed"}


def test_a_ratification_that_waits_counts_the_evidence_of_the_move_that_was_made(danger: Story) -> None:
    request = place(danger, "rpsa")
    bound = decisions.show_decision(danger.store, danger.call("bambang"), request).evidence
    line = danger.line(request, "bambang")
    assert (line.evidence, line.signatures, line.lacking) == (len(bound), 1, None)
    assert line.evidence
    danger.decide(request, "bambang", "reject", reason="alasan contoh")
    again = danger.waiting("ratification")
    assert (danger.line(again, "yusuf").evidence, danger.line(again, "yusuf").signed) == (line.evidence, 0)
