"""What is proved of the care journey, and that the proof would notice."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from zlib import crc32

import msgspec
import pytest

from casework.errors import DefinitionError, Law
from casework.machines.care import CARE
from casework.machines.dossier import ATOMS, CARE_DOSSIER, WORTH
from casework.machines.effects import Start
from casework.machines.engine import HELD, Approval, Ask, Definition, Guard, Machine, State, Transition, compile_machine, unmet_approvals
from casework.machines.facts import Facts
from casework.machines.invariants import Ends, Goal, Invariant, Requires
from casework.machines.paths import SIGNATURES, Reach, Situation, Step, Truths, after, lapsed
from casework.machines.proofs import Proof, check, counterexample, prove
from casework.machines.vectors import Axis, Vectors
from casework.words import Words

LAW = (Law("UUPA 14", "SEEN"),)
WORD = Words("kata", "word")
EVIDENCE = tuple(axis.name for axis in CARE_DOSSIER.axes)


def guard_of(code: str) -> Guard[Facts]:
    return next(guard for row in CARE.definition.transitions for guard in row.guards if guard.code == code)


def with_rows(change: Callable[[Transition[Facts]], Transition[Facts]]) -> Machine[Facts]:
    """The care journey with each row changed."""
    return compile_machine(msgspec.structs.replace(CARE.definition, transitions=tuple(map(change, CARE.definition.transitions))))


def swapping(swap: dict[Guard[Facts], Guard[Facts]]) -> Machine[Facts]:
    """The care journey with some guards in the place of others, wherever they stand."""
    return with_rows(lambda row: msgspec.structs.replace(row, guards=tuple(swap.get(guard, guard) for guard in row.guards)))


def changing(trigger: str, **change: Any) -> Machine[Facts]:
    """The care journey with one row changed."""
    return with_rows(lambda row: msgspec.structs.replace(row, **change) if row.trigger == trigger else row)


def broken(machine: Machine[Facts], *axes: str) -> Proof:
    """Return the first promise a machine breaks, searching these axes of evidence."""
    proof = counterexample(machine, Truths(CARE_DOSSIER, axes or EVIDENCE))
    assert proof is not None
    assert proof.counterexample
    return proof


# The care journey


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


def guards_of(trigger: str) -> tuple[Guard[Facts], ...]:
    return next(row.guards for row in CARE.definition.transitions if row.trigger == trigger)


# A guard that is loosened is noticed


def ageless(facts: Facts) -> Facts:
    return msgspec.structs.replace(facts, records=tuple(msgspec.structs.replace(record, dated=facts.now) for record in facts.records))


def roundless(facts: Facts) -> Facts:
    records = tuple(msgspec.structs.replace(record, round=facts.case.round) for record in facts.records)
    return msgspec.structs.replace(facts, records=records)


WATCHED = {
    "comprehensive_assessment_approved": ("F04",),
    "child_view_recorded": ("F06",),
    "case_conference_held": ("F04", "F07"),
    "care_plan_approved": ("F08",),
    "nuclear_ruled_out": ("F05 nuclear",),
    "kin_ruled_out": ("F05 kin",),
    "parents_absent_or_unable": ("F05 nuclear",),
    "all_family_options_ruled_out": tuple(name for name in EVIDENCE if name.startswith("F05")),
    "kin_contact_attempted": ("F23",),
}


def forgetting(forget: Callable[[Facts], Facts], whole: Guard[Facts]) -> Guard[Facts]:
    return msgspec.structs.replace(whole, check=lambda facts: whole.check(forget(facts)))


FORGOTTEN = [(code, forget) for code in WATCHED for forget in (ageless, roundless)]
FORGOTTEN.remove(("comprehensive_assessment_approved", roundless))  # the conference weighs only an assessment of this round: see below


@pytest.mark.parametrize(("code", "forget"), FORGOTTEN)
def test_a_guard_that_forgets_the_age_or_the_round_of_its_evidence_breaks_a_promise(code: str, forget: Callable[[Facts], Facts]) -> None:
    whole = guard_of(code)
    proof = broken(swapping({whole: forgetting(forget, whole)}), *WATCHED[code])
    level = WORTH[2] if forget is ageless else WORTH[1]
    assert level in (proof.counterexample or ("",))[-1]


def test_an_assessment_of_an_earlier_round_is_kept_out_twice() -> None:
    approved, weighed = guard_of("comprehensive_assessment_approved"), guard_of("case_conference_held")
    one, other = forgetting(roundless, approved), forgetting(roundless, weighed)
    assert counterexample(swapping({approved: one}), Truths(CARE_DOSSIER, ("F04",))) is None
    assert "F04 is of an earlier round" in (broken(swapping({approved: one, weighed: other}), "F04").counterexample or ("",))[-1]


@pytest.mark.parametrize("rung", ["nuclear", "kin", "foster", "guardianship", "adoption"])
def test_forgetting_one_rung_of_the_ladder_breaks_the_last_resort(rung: str) -> None:
    whole = guard_of("all_family_options_ruled_out")

    def four_rungs(facts: Facts) -> bool:
        given = {record.id for record in facts.records}
        ideal = CARE_DOSSIER.facts(facts.trigger, {})
        missing = tuple(record for record in ideal.records if record.id == f"F05 {rung}" and record.id not in given)
        return not whole.check(msgspec.structs.replace(facts, records=(*facts.records, *missing)))

    proof = broken(swapping({whole: msgspec.structs.replace(whole, check=four_rungs)}), *WATCHED[whole.code])
    assert proof.name == "institution_is_the_last_resort"
    assert (proof.counterexample or ("",))[-1] == f"admit_to_institution -> institutional_care: F05 {rung} is absent"


# A row that is loosened is noticed


@pytest.mark.parametrize(
    ("trigger", "approvals", "wrong"),
    [
        ("admit_to_institution", (Approval("supervisor"),), "approvals: only the supervisor signed"),
        ("admit_to_institution", (Approval("dinas_head"), Approval("supervisor")), "approvals: the head signed before the supervisor"),
        ("change_institution", (Approval("supervisor"), Approval("dinas_head", after="emergency_ratify_hours")), "approvals: only"),
        ("confirm_return_home", (Approval("supervisor"),), "approvals: only the supervisor signed"),
        ("close_unfounded", (), "approvals: the head signed before the supervisor"),
    ],
)
def test_an_approval_taken_away_or_moved_is_noticed(trigger: str, approvals: tuple[Approval, ...], wrong: str) -> None:
    proof = broken(changing(trigger, approvals=approvals), SIGNATURES)
    assert wrong in (proof.counterexample or ("",))[-1]


@pytest.mark.parametrize(
    ("trigger", "code", "promise"),
    [
        ("resume_after_missing", "missing_within_30_days", "doors_of_institutional_care"),
        ("close_unfounded", "child_not_returning_from_placement", "home_through_trial_and_reintegration"),
        ("support_family", "child_not_returning_from_placement", "home_through_trial_and_reintegration"),
        ("end_emergency", "entered_from_home", "emergency_ends_only_to_where_it_began"),
        ("assess_after_missing", "placement_ended", "one_placement_that_fits"),
        ("emergency_after_missing", "kin_contact_attempted", "kin_called_before_emergency"),
        ("begin_trial_home_stay", "child_view_recorded", "child_heard_before_placement"),
    ],
)
def test_a_guard_about_the_way_a_case_came_is_missed_when_it_is_taken_out(trigger: str, code: str, promise: str) -> None:
    kept = tuple(guard for guard in guards_of(trigger) if guard.code != code)
    found = {
        proof.name for proof in prove(changing(trigger, guards=kept), None, Truths(CARE_DOSSIER, ("F06", "F23"))) if proof.counterexample
    }
    assert promise in found


def test_emergency_is_no_ground_for_an_institution() -> None:
    """An admission from emergency care under emergency evidence alone: the shortest way in is shown."""
    row = Transition[Facts](
        "stay_on",
        WORD,
        ("emergency_care",),
        "institutional_care",
        by=("social_worker_on_duty",),
        guards=guards_of("place_in_emergency"),
        effects=(Start("institution"),),
        law=LAW,
    )
    machine = compile_machine(msgspec.structs.replace(CARE.definition, transitions=(*CARE.definition.transitions, row)))
    proof = broken(machine)
    assert proof.name == "institution_is_the_last_resort"
    path = proof.counterexample or ()
    assert path[:2] == ("reported", "place_in_emergency -> emergency_care")
    assert len(path) == 3


def test_an_undecided_resident_does_not_become_a_decided_one_by_relocation() -> None:
    proof = broken(changing("relocate_from_lost_host", dest="institutional_care"), SIGNATURES)
    assert proof.name == "doors_of_institutional_care"
    assert (proof.counterexample or ())[1:] == (
        "register_existing_resident -> institution_unverified",
        "relocate_from_lost_host -> institutional_care: relocate_from_lost_host from institution_unverified is not a way in",
    )


def test_a_placement_begun_without_everything_is_remembered_wherever_it_is_resumed() -> None:
    machine = changing("admit_to_institution", approvals=())
    found = {proof.name for proof in prove(machine, None, Truths(CARE_DOSSIER, (SIGNATURES,))) if proof.counterexample}
    assert {"institution_is_the_last_resort", "one_placement_that_fits"} <= found


def test_check_refuses_with_the_shortest_counterexample() -> None:
    with pytest.raises(
        DefinitionError, match=r"last_resort.*reported; place_in_emergency -> emergency_care; admit_to_institution"
    ) as refused:
        check(changing("admit_to_institution", guards=()))
    assert all(isinstance(proof, Proof) for proof in refused.value.where["proofs"])


def test_check_answers_with_its_proofs_when_all_hold() -> None:
    assert check(TOY_MACHINE, TOY_DOSSIER) == prove(TOY_MACHINE, TOY_DOSSIER)


# The search itself, on machines small enough to search by hand

LEVELS = ("absent", "old", "aged", "current")
TOY_AXES = tuple(Axis(name, LEVELS, ((0, 2, 3), (1, 2, 3), (2, 3), (2, 3)), (0, 1, 1, 1)) for name in ("plan", "view"))


class ToyFacts(msgspec.Struct, frozen=True):
    """What toy guards see: the levels themselves."""

    ask: Ask
    levels: dict[str, str]


class ToyDossier:
    """Toy evidence: each guard reads the axis that bears its name."""

    axes = TOY_AXES
    situational: frozenset[str] = frozenset()

    def axes_read(self, guard: Guard[Any], _trigger: str, /) -> tuple[str, ...]:
        return tuple(axis.name for axis in TOY_AXES if axis.name == guard.code)

    def holds(self, guard: Guard[Any], _trigger: str, levels: Any, /) -> bool:
        return guard.unmet(ToyFacts(Ask("", frozenset()), {**dict.fromkeys(("plan", "view"), "current"), **levels})) is None

    def holds_in(self, _guard: Guard[Any], _situation: Situation, /) -> bool:
        return True

    def signed(self, _row: Transition[Any], _level: str, /) -> bool:
        return True

    def enough(self, _roles: tuple[str, ...], /) -> tuple[str, ...]:
        return ()


TOY_DOSSIER = ToyDossier()


def toy_guard(name: str, *levels: str) -> Guard[ToyFacts]:
    return Guard(name, lambda facts: facts.levels[name] in levels, WORD, LAW, WORD, ())


def toy(*rows: Transition[ToyFacts], requires: tuple[Invariant, ...] = (), states: str = "abz") -> Machine[ToyFacts]:
    kinds = tuple(State(name, WORD, kind="final" if name == "z" else "live") for name in states)
    return compile_machine(Definition("toy", 1, "a", kinds, rows, requires))


def row(trigger: str, source: str, dest: str, *guards: Guard[ToyFacts], new_round: bool = False) -> Transition[ToyFacts]:
    return Transition(trigger, WORD, (source,), dest, guards=guards, new_round=new_round, law=LAW)


PLANNED = Requires("planned", WORD, LAW, Goal(enters=("z",)), all_of=("plan",))
TOY_MACHINE = toy(
    row("on", "a", "b"), row("back", "b", "a", new_round=True), row("end", "b", "z", toy_guard("plan", "current")), requires=(PLANNED,)
)


def found(machine: Machine[ToyFacts]) -> dict[str, tuple[str, ...] | None]:
    return {proof.name: proof.counterexample for proof in prove(machine, TOY_DOSSIER)}


def test_evidence_of_an_earlier_round_needs_a_way_through_a_new_round() -> None:
    old = toy_guard("plan", "old", "current")
    machine = toy(row("on", "a", "b"), row("back", "b", "a", new_round=True), row("end", "b", "z", old), requires=(PLANNED,))
    assert found(machine)["planned"] == ("a", "on -> b", "back -> a", "on -> b", "end -> z: plan is old")
    without = toy(row("on", "a", "b"), row("back", "b", "a"), row("end", "b", "z", old), requires=(PLANNED,))
    assert found(without)["planned"] is None


def test_evidence_that_must_only_exist_may_be_old() -> None:
    ever = msgspec.structs.replace(PLANNED, since="ever")
    aged = toy_guard("plan", "aged", "old", "current")
    assert found(toy(row("on", "a", "b"), row("end", "b", "z", aged), requires=(ever,)))["planned"] is None
    assert found(toy(row("on", "a", "b"), row("end", "b", "z"), requires=(ever,)))["planned"] == (
        "a",
        "on -> b",
        "end -> z: plan is absent",
    )


def test_a_state_that_no_way_leads_to_and_one_that_no_way_leaves_are_named() -> None:
    assert found(toy(row("end", "a", "z")))["every_state_reachable"] == ("b is never reached",)
    machine = toy(row("end", "a", "z"), row("fall", "a", "b"))
    assert found(machine)["no_dead_end"] == ("a", "fall -> b", "from here there is no way to an end")


def test_a_guard_that_can_never_hold_makes_its_state_unreachable() -> None:
    assert found(toy(row("on", "a", "b", toy_guard("plan")), row("end", "a", "z"), row("out", "b", "z"), requires=(PLANNED,)))[
        "every_state_reachable"
    ] == ("b is never reached",)


def test_a_promise_about_evidence_that_nobody_knows_is_refused() -> None:
    promise = Requires("dreamt", WORD, LAW, Goal(enters=("z",)), all_of=("horoscope",))
    with pytest.raises(DefinitionError, match="horoscope"):
        prove(toy(row("on", "a", "b"), row("end", "b", "z"), requires=(promise,)), TOY_DOSSIER)


def test_a_machine_that_promises_nothing_needs_no_dossier() -> None:
    assert [proof.counterexample for proof in prove(toy(row("on", "a", "b"), row("end", "b", "z")))] == [None, None]


# The sets against plain enumeration


def plain(vectors: Vectors, one: int) -> set[int]:
    return {vector for vector in range(4 ** len(vectors.axes)) if vectors.holds(one, vector)}


def one_step(vector: int, change: Callable[[Axis, int], tuple[int, ...]]) -> Iterator[int]:
    levels = [vector & 3, vector >> 2 & 3]
    for plan, view in itertools.product(change(TOY_AXES[0], levels[0]), change(TOY_AXES[1], levels[1])):
        yield plan | view << 2


def _sampled(seed: int, levels: dict[str, str]) -> bool:
    return crc32(f"{seed} {levels}".encode()) % 3 == 0


def test_sets_of_vectors_agree_with_plain_enumeration() -> None:
    vectors = Vectors(TOY_AXES)
    samples = [vectors.satisfying(("plan", "view"), partial(_sampled, seed)) for seed in range(20)]
    assert len({*samples}) > 15
    for one, other in itertools.pairwise(samples):
        mine, theirs = plain(vectors, one), plain(vectors, other)
        assert plain(vectors, vectors.both(one, other)) == mine & theirs
        assert plain(vectors, vectors.either(one, other)) == mine | theirs
        assert plain(vectors, vectors.without(one, other)) == mine - theirs
        assert vectors.count(one) == len(mine)
        assert plain(vectors, vectors.drifted(one)) == {
            end for vector in mine for end in one_step(vector, lambda axis, level: axis.drift[level])
        }
        assert plain(vectors, vectors.renewed(one)) == {
            end for vector in mine for end in one_step(vector, lambda axis, level: (axis.renewed[level],))
        }


@pytest.mark.parametrize("new_round", [False, True])
def test_where_a_vector_came_from_is_where_it_would_go_to(new_round: bool) -> None:  # noqa: FBT001
    vectors = Vectors(TOY_AXES)
    for start in range(16):
        reached = {start} if not new_round else {*one_step(start, lambda axis, level: (axis.renewed[level],))}
        reached = {end for vector in reached for end in one_step(vector, lambda axis, level: axis.drift[level])}
        for end in range(16):
            assert vectors.holds(vectors.sources(end, new_round=new_round), start) == (end in reached)


def test_the_search_reaches_exactly_what_a_search_one_by_one_reaches() -> None:
    """Over two kinds of evidence of the care journey, one vector at a time, with the guards run anew at every step."""
    axes = ("F06", "F08")
    truths = Truths(CARE_DOSSIER, axes)
    reach = _searched(truths)
    together = {
        (situation, tuple(truths.vectors.level(vector, axis) for axis in axes))
        for situation, held in reach.items()
        for vector in plain(truths.vectors, held)
    }
    assert together == _one_by_one(axes)


def _searched(truths: Truths) -> dict[Situation, int]:
    """The search as proofs.py runs it, without any promise but the way home, so that nothing is told apart by being lawful."""
    reach = Reach(CARE, truths)
    start = Situation("reported")
    frontier = {
        start: reach.arrive(start, Step(None, "", truths.vectors.nothing_filed, new_round=False, arrived=truths.vectors.nothing_filed))
    }
    while frontier:
        (situation, new), *rest = frontier.items()
        frontier = dict(rest)
        steps = [
            (firing.after, Step(situation, "", firing.vectors, new_round=False, arrived=_turned(truths, firing)))
            for firing in reach.firings(situation, new)
            if firing.vectors
        ]
        later = lapsed(situation)
        for then, step in [*steps, *([(later, Step(situation, "", new, new_round=False, arrived=new))] if later else [])]:
            fresh = reach.arrive(then, step)
            if fresh:
                frontier[then] = truths.vectors.either(frontier.get(then, 0), fresh)
    return reach.held


def _turned(truths: Truths, firing: Any) -> int:
    return truths.vectors.renewed(firing.vectors) if firing.row.new_round else firing.vectors


def _one_by_one(axes: tuple[str, ...]) -> set[tuple[Situation, tuple[str, ...]]]:
    seen: set[tuple[Situation, tuple[str, ...]]] = set()
    frontier = [(Situation("reported"), (WORTH[0],) * len(axes))]
    while frontier:
        here = frontier.pop()
        if here in seen:
            continue
        seen.add(here)
        frontier += [(here[0], levels) for levels in _drifts(here[1])]
        frontier += [(then, levels) for then, levels in _moves(axes, *here)]
    return seen


def _drifts(levels: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for place, level in enumerate(levels):
        for other in (WORTH[3], *([WORTH[2]] if level == WORTH[3] else [])):
            yield (*levels[:place], other, *levels[place + 1 :])


def _moves(axes: tuple[str, ...], situation: Situation, levels: tuple[str, ...]) -> Iterator[tuple[Situation, tuple[str, ...]]]:
    later = lapsed(situation)
    if later:
        yield later, levels
    for trigger in CARE.triggers_from(situation.state):
        taken = CARE.transition(situation.state, trigger)
        assert taken is not None
        if all(_lets(guard, trigger, axes, situation, levels) for guard in taken.guards):
            dest = situation.held if taken.dest == HELD else situation.state if taken.dest == "@same" else taken.dest
            if dest is not None:
                turned = tuple(WORTH[1] if taken.new_round and level != WORTH[0] else level for level in levels)
                yield after(situation, taken, dest, frozenset({"confirm_return_home"})), turned


def _lets(guard: Guard[Facts], trigger: str, axes: tuple[str, ...], situation: Situation, levels: tuple[str, ...]) -> bool:
    if guard.code in CARE_DOSSIER.situational:
        return CARE_DOSSIER.holds_in(guard, situation)
    reads = CARE_DOSSIER.axes_read(guard, trigger)
    return not reads or CARE_DOSSIER.holds(guard, trigger, dict(zip(axes, levels, strict=True)))


# The dossier


@pytest.mark.parametrize("atom", ATOMS, ids=lambda atom: atom.name)
def test_every_record_of_the_dossier_could_be_signed(atom: Any) -> None:
    assert list(atom.body.faults()) == []


@pytest.mark.parametrize("roles", [("supervisor",), ("dinas_head",), ("supervisor", "dinas_head")])
def test_the_engine_accepts_exactly_the_signatures_that_are_enough(roles: tuple[str, ...]) -> None:
    asking = Transition[Facts]("ask", WORD, ("a",), "b", approvals=tuple(map(Approval, roles)), law=LAW)
    levels = next(axis.levels for axis in CARE_DOSSIER.axes if axis.name == SIGNATURES)
    assert {level for level in levels if CARE_DOSSIER.signed(asking, level)} == {*CARE_DOSSIER.enough(roles)}
    assert list(unmet_approvals(asking, Ask("", frozenset())))
