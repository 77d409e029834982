"""The engine on a toy machine: what it decides, in which order it refuses, and that it keeps nothing."""

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from casework.errors import DefinitionError, Law, Refusal
from casework.machines.effects import Resume
from casework.machines.engine import (
    HELD,
    SAME,
    AnyLive,
    Approval,
    Approved,
    Ask,
    Definition,
    Guard,
    Machine,
    Move,
    State,
    Transition,
    compile_machine,
)
from casework.words import Words

LAW = (Law("UUPA 14", "SEEN"),)
WORKER = frozenset({"social_worker"})
BOTH = (Approval("supervisor"), Approval("dinas_head"))


class Toy(msgspec.Struct, frozen=True):
    """Facts of the toy machine: who asks, and which guards hold."""

    ask: Ask
    true: frozenset[str] = frozenset()


def words(text: str) -> Words:
    return Words(text, text)


def guard(code: str) -> Guard[Toy]:
    return Guard(code, lambda facts: code in facts.true, words(code), LAW, words("fix"), ("social_worker",), reads=("F04", "register:beds"))


HEARD, PLANNED = guard("heard"), guard("planned")
STATES = (
    State("start", words("start")),
    State("home", words("home"), rung=1),
    State("away", words("away"), rung=4),
    State("gone", words("gone"), kind="apart"),
    State("ended", words("ended"), kind="final"),
)
ROWS: tuple[Transition[Toy], ...] = (
    Transition("support", words("support"), ("start",), "home", law=LAW),
    Transition("place", words("place"), ("start", "home"), "away", guards=(HEARD, PLANNED), approvals=BOTH, law=LAW),
    Transition("visit", words("visit"), AnyLive(but=("start",)), SAME, law=LAW),
    Transition("lose", words("lose"), AnyLive(), "gone", by=("social_worker", "lksa_staff"), law=LAW),
    Transition("find", words("find"), ("gone",), HELD, effects=(Resume(),), law=LAW),
    Transition("end", words("end"), AnyLive(also=("gone",)), "ended", law=LAW),
)


def definition(*rows: Transition[Toy]) -> Definition[Toy]:
    return Definition("toy", 1, "start", STATES, rows or ROWS)


TOY: Machine[Toy] = compile_machine(definition())
SUPERVISOR, HEAD = Approved("supervisor", "sari", "d1"), Approved("dinas_head", "hadi", "d1")


def asked(
    *true: str, roles: frozenset[str] = WORKER, approvals: tuple[Approved, ...] = (), requester: str = "rina", held: str | None = None
) -> Toy:
    ask = Ask(person="wati", capacities=roles, requester=requester, approvals=approvals, digest="d1", held=held)
    return Toy(ask, frozenset(true))


def refused(state: str, trigger: str, facts: Toy) -> frozenset[str]:
    outcome = TOY.decide(state, trigger, facts)
    assert isinstance(outcome, Refusal), outcome
    return outcome.codes


def test_a_move_names_its_row_its_ends_and_its_approvals() -> None:
    move = TOY.decide("home", "place", asked("heard", "planned", approvals=(SUPERVISOR, HEAD)))
    assert isinstance(move, Move)
    assert (move.trigger, move.source, move.dest, move.transition, move.approvals) == ("place", "home", "away", ROWS[1], (SUPERVISOR, HEAD))


def test_the_state_refuses_first_and_lists_what_is_possible() -> None:
    outcome = TOY.decide("away", "place", asked(roles=frozenset()))
    assert isinstance(outcome, Refusal)
    assert outcome.codes == {"no_such_transition"}
    assert outcome.possible == ("visit", "lose", "end")
    assert (outcome.trigger, outcome.state) == ("place", "away")


def test_the_role_refuses_second_and_alone() -> None:
    assert refused("start", "place", asked(roles=frozenset({"lksa_head"}))) == {"role_not_allowed"}


def test_guards_and_approvals_refuse_together_with_every_reason_in_order() -> None:
    outcome = TOY.decide("start", "place", asked(approvals=(Approved("supervisor", "wati", "old"),)))
    assert isinstance(outcome, Refusal)
    assert [reason.code for reason in outcome.reasons] == ["heard", "planned", "approval_missing", "four_eyes", "approval_superseded"]


@pytest.mark.parametrize(
    ("approvals", "codes"),
    [
        ((), {"approval_missing"}),
        ((SUPERVISOR,), {"approval_missing"}),
        ((HEAD, SUPERVISOR), {"approval_missing"}),
        ((SUPERVISOR, Approved("dinas_head", "sari", "d1")), {"four_eyes"}),
        ((Approved("supervisor", "rina", "d1"), HEAD), {"four_eyes"}),
        ((SUPERVISOR, Approved("dinas_head", "wati", "d1")), {"four_eyes"}),
        ((SUPERVISOR, Approved("dinas_head", "hadi", "d0")), {"approval_superseded"}),
        ((SUPERVISOR, HEAD), set()),
        ((SUPERVISOR, HEAD, Approved("auditor", "rina", "d0")), set()),
    ],
    ids=["none", "one", "wrong order", "one person twice", "the requester", "who asks", "other evidence", "both", "a third is ignored"],
)
def test_approvals_are_refused_for_what_is_wrong_with_them(approvals: tuple[Approved, ...], codes: set[str]) -> None:
    outcome = TOY.decide("start", "place", asked("heard", "planned", approvals=approvals))
    assert (outcome.codes if isinstance(outcome, Refusal) else set()) == codes


def test_who_asks_may_be_the_requester_but_neither_may_approve() -> None:
    same = asked("heard", "planned", requester="wati", approvals=(SUPERVISOR, HEAD))
    assert isinstance(TOY.decide("start", "place", same), Move)
    assert refused("start", "place", asked("heard", "planned", requester="sari", approvals=(SUPERVISOR, HEAD))) == {"four_eyes"}


def test_a_missing_approval_names_the_roles_still_to_sign_in_order() -> None:
    outcome = TOY.decide("start", "place", asked("heard", "planned"))
    assert isinstance(outcome, Refusal)
    assert outcome.reasons[0].who == ("supervisor", "dinas_head")


def test_a_ratification_is_not_asked_before_the_move() -> None:
    row = Transition[Toy]("rush", words("rush"), ("start",), "home", approvals=(Approval("supervisor", after="ratify_hours"),), law=LAW)
    machine = compile_machine(definition(*ROWS, row))
    assert isinstance(machine.decide("start", "rush", asked()), Move)
    assert row.before == ()
    assert row.ratification == Approval("supervisor", after="ratify_hours")


@pytest.mark.parametrize("held", [state.name for state in STATES if state.kind == "live"])
def test_held_leads_to_the_setting_that_is_held(held: str) -> None:
    move = TOY.decide("gone", "find", asked(held=held))
    assert isinstance(move, Move)
    assert move.dest == held


@pytest.mark.parametrize("held", [None, "gone", "ended", "@held", "nowhere"])
def test_held_leads_nowhere_when_nothing_live_is_held(held: str | None) -> None:
    assert refused("gone", "find", asked(held=held)) == {"no_such_transition"}


def test_same_leads_back_to_where_the_case_is() -> None:
    assert [move.dest for state in ("home", "away") if isinstance(move := TOY.decide(state, "visit", asked()), Move)] == ["home", "away"]


@pytest.mark.parametrize("state", [state.name for state in STATES])
def test_explain_says_what_decide_says_for_each_trigger(state: str) -> None:
    for facts in (asked(), asked("heard"), asked(roles=frozenset()), asked("heard", "planned", approvals=(SUPERVISOR, HEAD), held="home")):
        for outlook in TOY.explain(state, facts):
            outcome = TOY.decide(state, outlook.trigger, facts)
            assert outlook.possible == isinstance(outcome, Move)
            assert outlook.reasons == (outcome.reasons if isinstance(outcome, Refusal) else ())
    assert tuple(outlook.trigger for outlook in TOY.explain(state, asked())) == TOY.triggers_from(state)


def test_decide_answers_the_same_to_the_same_question_and_keeps_nothing() -> None:
    granted = asked("heard", "planned", approvals=(SUPERVISOR, HEAD))
    first = TOY.decide("start", "place", granted)
    assert isinstance(TOY.decide("start", "place", asked()), Refusal)
    assert TOY.decide("start", "place", granted) == first
    assert TOY._shared.models == []


def test_threads_share_one_machine_without_seeing_each_other() -> None:
    questions = [("gone", "find", asked(held=held)) for held in ("home", "away", "start", None)] * 250
    alone = [TOY.decide(*question) for question in questions]
    with ThreadPoolExecutor(max_workers=2) as threads:
        together = list(threads.map(lambda question: TOY.decide(*question), questions))
    assert [answer.dest if isinstance(answer, Move) else answer.codes for answer in together] == [
        answer.dest if isinstance(answer, Move) else answer.codes for answer in alone
    ]


@pytest.mark.parametrize("verdict", [1, 0, "yes", None, ["gap"]])
def test_a_guard_that_answers_neither_yes_nor_gaps_is_a_fault_of_the_definition(verdict: object) -> None:
    loose = Guard[Toy]("loose", lambda _: verdict, words("loose"), LAW, words("fix"), ())  # type: ignore[arg-type,return-value]
    machine = compile_machine(definition(Transition("go", words("go"), ("start",), "home", guards=(loose,), law=LAW)))
    with pytest.raises(DefinitionError, match="guard loose answered"):
        machine.decide("start", "go", asked())


def test_a_guard_may_answer_with_its_gaps() -> None:
    gaps = (words("kin: never contacted"),)
    listed = Guard[Toy]("listed", lambda _: gaps, words("listed"), LAW, words("fix"), ("social_worker",), reads=("F05", "register:beds"))
    machine = compile_machine(definition(Transition("go", words("go"), ("start",), "home", guards=(listed,), law=LAW)))
    outcome = machine.decide("start", "go", asked())
    assert isinstance(outcome, Refusal)
    assert (outcome.reasons[0].details, outcome.reasons[0].where) == (gaps, ("F05",))


def test_no_trigger_leads_to_a_state_by_its_name() -> None:
    assert not [trigger for trigger in TOY._shared.events if trigger.startswith("to_")]
    assert refused("start", "to_away", asked("heard", "planned")) == {"no_such_transition"}


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ((Transition[Toy]("go", words("go"), ("nowhere",), "home", law=LAW),), "unknown source nowhere"),
        ((Transition[Toy]("go", words("go"), ("start",), "nowhere", law=LAW),), "unknown destination nowhere"),
        ((Transition[Toy]("go", words("go"), ("start",), "home"),), "no legal source"),
        ((ROWS[0], ROWS[0]), "two rows leave start"),
        ((Transition[Toy]("go", words("go"), ("start",), "home", guards=(HEARD, guard("heard")), law=LAW),), "means two things"),
    ],
)
def test_a_table_that_contradicts_itself_does_not_compile(rows: tuple[Transition[Toy], ...], fault: str) -> None:
    with pytest.raises(DefinitionError, match=fault):
        compile_machine(definition(*rows))


def changed(**change: object) -> str:
    row = msgspec.structs.replace(ROWS[1], **change)
    return compile_machine(definition(ROWS[0], row, *ROWS[2:])).digest


@pytest.mark.parametrize(
    "change",
    [
        {"trigger": "put"},
        {"sources": ("start",)},
        {"dest": "home"},
        {"guards": (HEARD,)},
        {"guards": (HEARD, msgspec.structs.replace(PLANNED, reads=("F08",)))},
        {"approvals": BOTH[:1]},
        {"approvals": BOTH[::-1]},
        {"approvals": (BOTH[0], Approval("dinas_head", after="ratify_hours"))},
        {"by": ("lksa_head",)},
        {"effects": (Resume(),)},
        {"new_round": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_digest_changes_with_behaviour(change: dict[str, object]) -> None:
    assert changed(**change) != TOY.digest


def test_the_digest_ignores_words_and_laws() -> None:
    assert changed(label=words("other"), law=(Law("UUPA 15", "SEEN"),)) == TOY.digest
    relabelled = tuple(msgspec.structs.replace(state, label=words("other")) for state in STATES)
    assert compile_machine(msgspec.structs.replace(definition(), states=relabelled)).digest == TOY.digest


def test_the_digest_changes_with_a_states_kind() -> None:
    states = (*STATES[:-1], msgspec.structs.replace(STATES[-1], kind="apart"))
    assert compile_machine(msgspec.structs.replace(definition(), states=states)).digest != TOY.digest
