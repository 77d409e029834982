"""Adding any single bad edge to the care journey, or taking one condition out of it, makes a check fail.

Three nets: the table's own consistency when it is compiled, the promises proved on every path, and the domain's list of arcs. Whatever
leads into care outside the family, home again, or to an end is caught by the proof alone, with the path.
"""

from functools import cache

import msgspec
import pytest

from casework.errors import DefinitionError
from casework.machines import law
from casework.machines.care import CARE
from casework.machines.dossier import CARE_DOSSIER
from casework.machines.engine import HELD, SAME, Machine, Transition, compile_machine
from casework.machines.facts import Facts
from casework.machines.paths import SIGNATURES, Truths
from casework.machines.proofs import counterexample
from casework.words import Words
from tests.machines.oracle import differences

ROWS = CARE.definition.transitions
SOURCES: dict[str, frozenset[str]] = {row.trigger: frozenset(arc.source for arc in CARE.arcs if arc.trigger == row.trigger) for row in ROWS}
FINAL = frozenset(state.name for state in CARE.definition.states if state.kind == "final")
OUT_OF_HOME = (
    "emergency_care",
    "kinship_care",
    "foster_care",
    "guardianship",
    "pre_adoption_care",
    "institutional_care",
    "institution_unverified",
)
BEFORE_PLANNING = frozenset({"reported", "initial_assessment", "comprehensive_assessment"})
WORDS = Words("jalan pintas", "shortcut")


@cache
def truths() -> Truths:
    """Evidence enough to tell a bad edge: what each promise looks at first. All other evidence counts as current."""
    return Truths(CARE_DOSSIER, (SIGNATURES, "F04", "F06", "F07", "F08", "F05 nuclear", "F05 kin", "F23"))


def mutant(*rows: Transition[Facts]) -> Machine[Facts]:
    return compile_machine(msgspec.structs.replace(CARE.definition, transitions=rows))


def with_edge(row: Transition[Facts]) -> str:
    """Return which check catches the table with one more row: `compile`, the name of the promise it breaks, or `oracle`."""
    try:
        machine = mutant(*ROWS, row)
    except DefinitionError:
        return "compile"
    return caught(machine)


def caught(machine: Machine[Facts]) -> str:
    proof = counterexample(machine, truths())
    if proof is not None:
        assert proof.counterexample
        return proof.name
    assert differences(machine), "no check notices this"
    return "oracle"


def test_the_unchanged_table_is_caught_by_nothing() -> None:
    assert counterexample(mutant(*ROWS), truths()) is None
    assert differences(mutant(*ROWS)) == ()


@pytest.mark.parametrize("dest", CARE.states)
def test_a_new_step_without_conditions_is_caught_wherever_it_starts(dest: str) -> None:
    """Into the states before planning, and into missing, some shortcuts harm no child: there the domain's list speaks."""
    nets = {
        source: with_edge(Transition("shortcut", WORDS, (source,), dest, by=tuple(CARE_ROLES), law=(law.DESIGN,))) for source in CARE.states
    }
    assert {source for source, net in nets.items() if net == "compile"} == FINAL
    if dest not in BEFORE_PLANNING | {"missing"}:
        assert "oracle" not in nets.values(), nets


CARE_ROLES = ("social_worker", "social_worker_on_duty", "supervisor", "dinas_head", "lksa_head", "lksa_staff")


@pytest.mark.parametrize("dest", [HELD, SAME])
def test_a_new_step_back_or_nowhere_is_caught_wherever_it_starts(dest: str) -> None:
    for source in CARE.states:
        assert with_edge(Transition("shortcut", WORDS, (source,), dest, law=(law.DESIGN,)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.trigger)
def test_a_step_used_from_where_it_may_not_be_used_is_caught(row: Transition[Facts]) -> None:
    """With all its conditions: into care outside the family the proof alone knows the doors."""
    nets = {
        source: with_edge(msgspec.structs.replace(row, sources=(source,))) for source in CARE.states if source not in SOURCES[row.trigger]
    }
    assert {source for source, net in nets.items() if net == "compile"} == FINAL - SOURCES[row.trigger]
    if row.dest in OUT_OF_HOME:
        assert "oracle" not in nets.values(), nets


def without(row: Transition[Facts], condition: object) -> Machine[Facts]:
    less = msgspec.structs.replace(
        row,
        guards=tuple(guard for guard in row.guards if guard is not condition),
        approvals=tuple(approval for approval in row.approvals if approval is not condition),
    )
    return mutant(*(less if other is row else other for other in ROWS))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.trigger)
def test_a_condition_taken_out_of_a_row_is_caught(row: Transition[Facts]) -> None:
    for condition in (*row.guards, *row.approvals):
        assert differences(without(row, condition)), condition


PROVED = {
    "admit_to_institution": {
        "all_family_options_ruled_out",
        "comprehensive_assessment_approved",
        "child_view_recorded",
        "case_conference_held",
    },
    "change_institution": {
        "all_family_options_ruled_out",
        "comprehensive_assessment_approved",
        "child_view_recorded",
        "case_conference_held",
    },
    "place_with_kin": {"nuclear_ruled_out", "comprehensive_assessment_approved", "child_view_recorded", "case_conference_held"},
    "place_with_foster_family": {"nuclear_ruled_out", "kin_ruled_out", "child_view_recorded", "case_conference_held"},
    "record_guardianship": {"parents_absent_or_unable", "child_view_recorded", "case_conference_held", "care_plan_approved"},
    "start_pre_adoption_care": {"nuclear_ruled_out", "kin_ruled_out", "case_conference_held", "care_plan_approved"},
    "support_family": {"child_not_returning_from_placement", "care_plan_approved", "child_view_recorded", "case_conference_held"},
    "relocate_from_lost_host": {"child_view_recorded"},
    "begin_trial_home_stay": {"child_view_recorded"},
    "resume_after_missing": {"missing_within_30_days"},
    "end_emergency": {"entered_from_home"},
    "assess_after_missing": {"placement_ended"},
    "close_unfounded": {"child_not_returning_from_placement"},
    "close_no_further_need": {"child_not_returning_from_placement"},
    "close_family_untraceable": {"child_not_returning_from_placement"},
}


@pytest.mark.parametrize("trigger", PROVED)
def test_the_proof_alone_misses_the_conditions_a_child_depends_on(trigger: str) -> None:
    row = next(row for row in ROWS if row.trigger == trigger)
    missed = {guard.code for guard in row.guards if counterexample(without(row, guard), truths())}
    assert missed >= PROVED[trigger]
    for approval in row.approvals:
        if approval.after is None:
            assert counterexample(without(row, approval), truths()), approval
