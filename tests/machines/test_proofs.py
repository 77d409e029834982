"""What is proved of the care journey."""

import pytest

from casework.machines.care import CARE
from casework.machines.dossier import CARE_DOSSIER
from casework.machines.invariants import Ends
from casework.machines.proofs import prove
from casework.machines.walks import Proof
from tests.machines.loosened import guards_of


@pytest.fixture(scope="module")
def proofs() -> tuple[Proof, ...]:
    return prove(CARE)


def test_every_promise_of_the_care_journey_holds_on_every_path(proofs: tuple[Proof, ...]) -> None:
    assert {proof.name: proof.counterexample for proof in proofs if proof.counterexample} == {}


def test_every_promise_is_answered_once_and_was_put_to_the_test(proofs: tuple[Proof, ...]) -> None:
    named = [promise.name for promise in CARE.definition.requires if not isinstance(promise, Ends)]
    assert [proof.name for proof in proofs] == ["every_state_reachable", "no_dead_end", *named]
    assert all(proof.configurations for proof in proofs)


def test_the_last_resort_is_searched_over_all_its_evidence_together(proofs: tuple[Proof, ...]) -> None:
    """Nine kinds of evidence at four levels and eight kinds of signatures, from every situation that reaches an admission."""
    last_resort = next(proof for proof in proofs if proof.name == "institution_is_the_last_resort")
    assert last_resort.configurations > 4**9 * 8


def test_every_guard_that_the_last_resort_rests_on_is_really_run() -> None:
    """Were one of them granted instead, the proof would be about nothing."""
    run = {guard.code for guard in guards_of("admit_to_institution") if CARE_DOSSIER.axes_read(guard, "admit_to_institution")}
    assert run >= {
        "comprehensive_assessment_approved",
        "child_view_recorded",
        "case_conference_held",
        "care_plan_approved",
        "all_family_options_ruled_out",
    }
