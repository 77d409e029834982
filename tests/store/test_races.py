"""Many people at once: one wins, the others are told, and the journal holds exactly what was done. Through the services, on a real file."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from casework.errors import CaseworkError, Conflict, KeyReused, Refusal, StaleVersion
from casework.machines.facts import Subject
from casework.machines.forms import Intake, decode
from casework.services import cases, records, registers
from casework.services.audit import verify_trail
from casework.services.cases import Advanced
from casework.store.call import Call
from casework.store.store import Store
from tests.cells import MASTER
from tests.databases import Database, Databases, dropped, hurried
from tests.journeys.walk import finishing, remedies
from tests.journeys.walk.town import GO_LIVE, PARAMS, Journey, Town, settle
from tests.journeys.walk.walker import Tally, Walker

ROUNDS = 20
"""`make soak` runs 200 on each engine (tests/soak/test_races.py)."""
THREADS = 50
BLIND = 10
"""One in so many asks without saying which version of the case it has seen."""
EIGHT = 8
BEDS = 3
TO_PLANNING = ("start_assessment", "begin_comprehensive_assessment", "begin_planning")


@pytest.fixture(scope="module")
def town(databases: Databases) -> tuple[Database, Town]:
    database = databases.new()
    return database, settle(Path(), database.owner, database.target)


@pytest.fixture
def journeys(town: tuple[Database, Town]) -> Iterator[Callable[[], Journey]]:
    """Return a maker of journeys in one and the same database, on each engine; at the end its trail must be whole."""
    with dropped(town[0].copy()) as database:
        store = Store(database.target, PARAMS, go_live=GO_LIVE, master_key=MASTER)
        hurried(store._engine)
        made: list[Journey] = []

        def begin() -> Journey:
            made.append(Journey(town[1], store, database.rows, born=date(2016, 5, 10)))
            return made[-1]

        yield begin
        report = verify_trail(store, made[0].call("nadia"))
        for journey in made:
            journey.close()
        assert report.whole, report.faults


def at_once(pool: ThreadPoolExecutor, asks: list[Callable[[], Any]]) -> list[Any]:
    """Let every ask start at the same moment, each in its own thread, and return what each was answered."""
    start = threading.Barrier(len(asks))

    def run(ask: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return ask()
        except CaseworkError as no:
            return no

    return [future.result() for future in [pool.submit(run, ask) for ask in asks]]


def moves_of(journey: Journey) -> int:
    return int(journey.rows("SELECT COUNT(*) FROM event WHERE case_id = ? AND kind = 'moved'", journey.case)[0][0])


def test_of_fifty_who_move_one_case_at_once_exactly_one_does(journeys: Callable[[], Journey]) -> None:
    fifty_at_once(journeys(), ROUNDS)


def fifty_at_once(journey: Journey, rounds: int) -> None:
    """Let fifty people move one new case at the same moment, round after round."""
    answered: Counter[str] = Counter()
    refusals = "SELECT COUNT(*) FROM actor_event WHERE kind = 'refused'"
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in range(rounds):
            journey.register()
            remedies.assign(journey, "", Subject())
            remedies.search_for_duplicates(journey, "", Subject())
            version, before = journey.row["seq"], journey.rows(refusals)[0][0]
            ask = cases.AdvanceCase(case=journey.case, trigger="start_assessment")
            calls = [journey.call("sari", seen=version if number % BLIND else None) for number in range(THREADS)]
            answers = at_once(pool, [partial(cases.advance_case, journey.store, call, ask) for call in calls])
            assert sum(isinstance(answer, Advanced) for answer in answers) == 1
            late = [answer for answer in answers if not isinstance(answer, Advanced)]
            assert all(isinstance(answer, StaleVersion | Conflict | Refusal) for answer in late), Counter(map(type, late))
            assert all(answer.codes == {"no_such_transition"} for answer in late if isinstance(answer, Refusal))
            assert (moves_of(journey), journey.row["state"], journey.row["seq"]) == (1, "initial_assessment", version + 1)
            assert journey.rows(refusals)[0][0] - before == THREADS - 1
            answered.update(type(answer).__name__ for answer in answers)
    assert answered["Advanced"] == rounds
    assert answered["StaleVersion"] >= rounds * (THREADS - THREADS // BLIND - 1)


def ready_for(journey: Journey, trigger: str, subject: Subject, *, on_the_way: tuple[str, ...] = TO_PLANNING) -> None:
    """Bring a new case to where only asking is left to do."""
    Walker(journey, bytes(200), Tally(), turning=False).make(*on_the_way)
    for _ in range(4):
        refusal = journey.advance(trigger, subject)
        assert isinstance(refusal, Refusal), refusal
        if refusal.codes == {"approval_missing"}:
            break
        remedies.remedy(journey, refusal, trigger, subject)
    request = journey.request(trigger, subject)
    while role := finishing.turn_of(journey, request):
        finishing.decide_as(journey, request, role)


def test_the_last_bed_goes_to_one_child(journeys: Callable[[], Journey]) -> None:
    trigger = "admit_to_institution"
    with ThreadPoolExecutor(EIGHT) as pool:
        for beds in range(1, BEDS + 1):
            pair = [journeys(), journeys()]
            subject = Subject(host=pair[0].town.hosts["harapan"])
            change = registers.ChangeHost(host=subject.host, capacity=beds)
            registers.change_host(pair[0].store, pair[0].call("bambang"), change)
            for journey in pair:
                ready_for(journey, trigger, subject)
            wishes = [cases.AdvanceCase(case=journey.case, trigger=trigger, subject=subject) for journey in pair] * (EIGHT // 2)
            answers = at_once(pool, [partial(cases.advance_case, pair[0].store, pair[1].call("sari"), ask) for ask in wishes])
            assert sum(isinstance(answer, Advanced) for answer in answers) == 1
            told = [answer.codes for answer in answers if isinstance(answer, Refusal)]
            assert {frozenset({"capacity_available"}), frozenset({"no_such_transition"})} == {*told}
            here = "SELECT COUNT(*) FROM placement WHERE host_id = ? AND status NOT IN ('disrupted', 'ended')"
            living = pair[0].rows(here, subject.host)[0][0]
            assert living == beds
            assert sorted(journey.row["state"] for journey in pair) == ["care_planning", "institutional_care"]


def test_a_child_is_never_in_two_places(journeys: Callable[[], Journey]) -> None:
    with ThreadPoolExecutor(EIGHT) as pool:
        for _ in range(BEDS):
            journey = journeys()
            Walker(journey, bytes(200), Tally(), turning=False).make(*TO_PLANNING)
            kin = Subject(relative=journey.add_relative())
            ready_for(journey, "place_with_kin", kin, on_the_way=())
            tonight = Subject(host=journey.town.hosts["rpsa"])
            remedies.write_the_emergency_sheet(journey, "place_in_emergency", tonight)
            wishes = [
                ("sari", cases.AdvanceCase(case=journey.case, trigger="place_with_kin", subject=kin)),
                ("maya", cases.AdvanceCase(case=journey.case, trigger="place_in_emergency", subject=tonight)),
            ] * (EIGHT // 2)
            before, now = moves_of(journey), journey.call("sari").at
            calls = [(Call(who=journey.town.who[by], at=now), ask) for by, ask in wishes]
            answers = at_once(pool, [partial(cases.advance_case, journey.store, call, ask) for call, ask in calls])
            made = [answer for answer in answers if isinstance(answer, Advanced)]
            assert 1 <= len(made) == moves_of(journey) - before
            assert all(isinstance(answer, Advanced | Refusal) for answer in answers)
            live = journey.rows("SELECT state FROM placement WHERE case_id = ? AND status NOT IN ('disrupted', 'ended')", journey.case)
            assert [row["state"] for row in live] == [journey.row["state"]]


def test_one_key_sent_eight_times_at_once_has_one_effect_and_one_answer(journeys: Callable[[], Journey]) -> None:
    journey = journeys()
    intake = decode("F01", journey.body("F01", {}, "sari"))
    assert isinstance(intake, Intake)
    ask = cases.RegisterCase(intake=intake, child=cases.NewChild(name="Raka Pratama"))
    with ThreadPoolExecutor(EIGHT) as pool:
        registered = at_once(pool, [partial(cases.register_case, journey.store, journey.call("sari", key="a"), ask) for _ in range(EIGHT)])
        assert len({answer.id for answer in registered}) == 1
        assert journey.rows("SELECT COUNT(*) FROM care_case")[0][0] == 1
        journey.case = registered[0].id
        remedies.assign(journey, "", Subject())
        early = cases.AdvanceCase(case=journey.case, trigger="begin_planning")
        refused = at_once(pool, [partial(cases.advance_case, journey.store, journey.call("sari", key="b"), early) for _ in range(EIGHT)])
        assert all(isinstance(answer, Refusal) and answer.codes == {"no_such_transition"} for answer in refused)
        assert journey.rows("SELECT COUNT(*) FROM actor_event WHERE kind = 'refused'")[0][0] == 1
        step = cases.AdvanceCase(case=journey.case, trigger="start_assessment")
        moved = at_once(pool, [partial(cases.advance_case, journey.store, journey.call("sari", key="c"), step) for _ in range(EIGHT)])
        assert moved == [moved[0]] * EIGHT
        assert (type(moved[0]), moves_of(journey)) == (Advanced, 1)


def test_a_key_that_comes_back_with_another_body_is_refused_and_changes_nothing(journeys: Callable[[], Journey]) -> None:
    journey = journeys()
    journey.register()
    sheets = [records.SignRecord(case=journey.case, form="F22", body=journey.body("F22", {"reason": word}, "sari")) for word in ("a", "b")]
    kept = records.sign_record(journey.store, journey.call("sari", key="k"), sheets[0])
    before = dict(journey.row)
    with pytest.raises(KeyReused):
        records.sign_record(journey.store, journey.call("sari", key="k"), sheets[1])
    assert records.sign_record(journey.store, journey.call("sari", key="k"), sheets[0]) == kept
    assert dict(journey.row) == before
    assert records.sign_record(journey.store, journey.call("maya", key="k"), sheets[1]) != kept
