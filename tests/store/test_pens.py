"""PostgreSQL's pens: works that foresee what they ask share a transaction; what is out of the ordinary is done alone, harming nobody."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest

from casework.errors import Refusal, StaleVersion, Unavailable
from casework.machines.facts import Subject
from casework.services import cases
from casework.services.audit import verify_trail
from casework.services.cases import AdvanceCase, Advanced
from casework.store import pens as pens_of
from casework.store.driver import Asked
from casework.store.pen import Job
from casework.store.pens import Pens
from casework.store.sharing import Foreseen
from casework.store.store import Store
from tests.cells import MASTER
from tests.databases import Cluster, Served, dropped
from tests.journeys.walk import remedies
from tests.journeys.walk.town import GO_LIVE, PARAMS, Journey, settle
from tests.postgresql import APPLICATION, OWNER, Server

CASES = 10
BORN = date(2016, 5, 10)
MOVED = "SELECT case_id, xmin::text AS batch FROM event WHERE kind = 'moved'"


class Office:
    """Cases that wait for their first step, on a database of its own."""

    def __init__(self, database: Served, journey: Journey, ready: list[tuple[str, int]]) -> None:
        self.database, self.journey, self.ready = database, journey, ready
        self.store = journey.store
        pens = self.store._pens
        assert pens is not None
        self.pens: Pens = pens

    def ask(self, place: int, trigger: str = "start_assessment", *, key: str = "", seen: int | None = None) -> Callable[[], Any]:
        case, version = self.ready[place]
        call = self.journey.call("sari", key=key or f"k{place}", seen=version if seen is None else seen)
        return lambda: cases.advance_case(self.store, call, AdvanceCase(case=case, trigger=trigger))

    def at_once(self, *asks: Callable[[], Any], between: Callable[[], None] = lambda: None) -> list[Any]:
        """Hold every pen until all wait, then let go. Return what each was answered, or met."""

        def run(ask: Callable[[], Any]) -> Any:
            try:
                return ask()
            except Exception as error:  # noqa: BLE001 - the test looks at it
                return error

        with ThreadPoolExecutor(len(asks)) as pool:
            with self.pens._lock:
                free, self.pens._free = self.pens._free, []
            asked = [pool.submit(run, ask) for ask in asks]
            while len(self.pens._waiting) < len(asks):
                threading.Event().wait(0)
            between()
            with self.pens._lock:
                self.pens._free = free
                batch = self.pens._take()
            assert batch is not None
            self.pens._hand_over(batch)
            return [each.result(30) for each in asked]

    def batches(self) -> dict[str, str]:
        """Return the transaction in which each case was moved."""
        return {row["case_id"]: row["batch"] for row in self.database.rows(MOVED)}


@pytest.fixture(scope="module")
def prepared(server: Server) -> Iterator[tuple[Served, Any, list[tuple[str, int]]]]:
    database = Cluster(server).new()
    town = settle(Path(), database.owner, database.target)
    store = Store(database.target, PARAMS, go_live=GO_LIVE, master_key=MASTER)
    journey = Journey(town, store, database.rows, born=BORN)
    ready = []
    for _ in range(CASES):
        journey.register()
        remedies.assign(journey, "", Subject())
        remedies.search_for_duplicates(journey, "", Subject())
        ready.append((journey.case, journey.row["seq"]))
    journey.close()
    with dropped(database):
        yield database, (town, journey.at), ready


@pytest.fixture
def office(prepared: tuple[Served, Any, list[tuple[str, int]]]) -> Iterator[Office]:
    database, (town, now), ready = prepared
    with dropped(database.copy()) as copy:
        assert isinstance(copy, Served)
        store = Store(copy.target, PARAMS, go_live=GO_LIVE, master_key=MASTER)
        journey = Journey(town, store, copy.rows, born=BORN)
        journey.clock.at = now
        yield Office(copy, journey, ready)
        report = verify_trail(store, journey.call("nadia"))
        journey.close()
        assert report.whole, report.faults


def test_works_that_wait_share_one_transaction(office: Office) -> None:
    answers = office.at_once(*(office.ask(place) for place in range(CASES)))
    assert all(isinstance(answer, Advanced) for answer in answers)
    assert [answer.id for answer in answers] == [case for case, _ in office.ready]
    assert len({*office.batches().values()}) == 1


def test_who_is_refused_takes_nobody_along_and_is_journalled(office: Office) -> None:
    asks = [office.ask(0), office.ask(1, "begin_planning"), office.ask(2), office.ask(3, seen=1)]
    answers = office.at_once(*asks)
    assert [type(answer) for answer in answers] == [Advanced, Refusal, Advanced, StaleVersion]
    assert {*office.batches()} == {office.ready[0][0], office.ready[2][0]}
    refused = office.database.rows("SELECT case_id FROM actor_event WHERE kind = 'refused'")
    assert {row["case_id"] for row in refused} == {office.ready[1][0], office.ready[3][0]}


def test_a_case_that_somebody_else_holds_keeps_nobody_else_waiting(office: Office) -> None:
    """Another process has locked one case: the others are moved while it still does."""
    held = office.ready[0][0]
    done = threading.Semaphore(0)

    def noted(ask: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            answer = ask()
            done.release()
            return answer

        return run

    with closing(office.database.server.connect(office.database.name, APPLICATION)) as raw:
        raw.execute("BEGIN")
        raw.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (held,))
        asks = [noted(office.ask(place)) for place in range(CASES)]

        def let_go() -> None:
            for _ in range(CASES - 1):
                done.acquire()
            assert held not in office.batches()
            raw.execute("COMMIT")

        waiting = threading.Thread(target=let_go)
        answers = office.at_once(*asks, between=waiting.start)
        waiting.join()
    assert all(isinstance(answer, Advanced) for answer in answers)
    assert len({*office.batches().values()}) == 2


def test_one_row_that_the_database_refuses_is_refused_alone(office: Office) -> None:
    """The owner closed one case's journal behind the program's back: a wall meets it in the middle of a batch."""
    shut, _ = office.ready[4]
    with closing(office.database.server.connect(office.database.name, OWNER)) as raw:
        raw.execute(
            "CREATE FUNCTION shut() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'shut' USING ERRCODE = '23000'; END$$"
        )
        raw.execute(f"CREATE TRIGGER shut BEFORE INSERT ON event FOR EACH ROW WHEN (NEW.case_id = '{shut}') EXECUTE FUNCTION shut()")
        answers = office.at_once(*(office.ask(place) for place in range(CASES)))
        raw.execute("DROP TRIGGER shut ON event")
    assert [isinstance(answer, Advanced) for answer in answers] == [place != 4 for place in range(CASES)]
    assert {*office.batches()} == {case for case, _ in office.ready} - {shut}
    assert isinstance(office.ask(4)(), Advanced)


def test_the_same_case_is_never_twice_in_a_batch_and_moves_once(office: Office) -> None:
    answers = office.at_once(*(office.ask(0, key=f"again{number}") for number in range(6)), office.ask(1))
    assert sorted(type(answer).__name__ for answer in answers) == ["Advanced"] * 2 + ["StaleVersion"] * 5


def test_one_key_sent_often_has_one_answer(office: Office) -> None:
    answers = office.at_once(*(office.ask(0, key="the same") for _ in range(6)))
    assert answers == [answers[0]] * 6
    assert isinstance(answers[0], Advanced)


def test_a_connection_that_was_lost_before_anything_was_asked_costs_nobody_an_answer(office: Office) -> None:
    """Whoever comes after the server was restarted finds it working."""
    assert isinstance(office.ask(0)(), Advanced)
    office.database.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()")
    with office.database.server.connect() as raw:
        raw.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (APPLICATION,))
    assert isinstance(office.ask(1)(), Advanced)


def test_nobody_is_told_of_a_batch_of_which_the_end_is_unknown(office: Office) -> None:
    """The connection breaks while a batch is written: everybody is told, nothing is tried again unasked, and asking again finds out."""
    with closing(office.database.server.connect(office.database.name, OWNER)) as raw:
        raw.execute(
            "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
            " $$BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END$$"
        )
        raw.execute("CREATE TRIGGER cut BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION cut()")
        with office.database.server.connect() as admin:
            admin.execute(f"GRANT pg_signal_backend TO {OWNER}")
            admin.execute(f"GRANT {APPLICATION} TO {OWNER}")
        answers = office.at_once(*(office.ask(place) for place in range(3)))
        raw.execute("DROP TRIGGER cut ON event")
        with office.database.server.connect() as admin:
            admin.execute(f"REVOKE {APPLICATION} FROM {OWNER}")
    assert [type(answer) for answer in answers] == [Unavailable] * 3
    assert office.batches() == {}
    assert all(isinstance(office.ask(place)(), Advanced) for place in range(3))


def test_who_waits_too_long_is_told_so_and_changes_nothing(office: Office) -> None:
    office.pens._wait_seconds = 0.05
    with office.pens._lock:
        free, office.pens._free = office.pens._free, []
    with pytest.raises(Unavailable):
        office.ask(0)()
    with office.pens._lock:
        office.pens._free = free
    assert not office.pens._waiting
    assert office.batches() == {}


def test_what_a_desk_submits_is_done_in_its_own_thread_and_told(office: Office) -> None:
    told = threading.Semaphore(0)
    threads: list[int] = []

    class Desk:
        def __init__(self) -> None:
            self.loop = ThreadPoolExecutor(1)

        def soon(self, deed: Callable[[], None]) -> None:
            self.loop.submit(self._run, deed)

        def _run(self, deed: Callable[[], None]) -> None:
            threads.append(threading.get_ident())
            deed()

        def tell(self, jobs: list[Job]) -> None:
            for _ in jobs:
                told.release()

    desk = Desk()
    jobs = []
    for place, trigger in enumerate(("start_assessment", "begin_planning", "start_assessment")):
        case, version = office.ready[place]
        begun = cases.advance_case.begin(office.journey.call("sari", seen=version), AdvanceCase(case=case, trigger=trigger))
        assert isinstance(begun[1], Foreseen)
        jobs.append(Job(begun, desk))
        office.store.submit(jobs[-1])
    for _ in jobs:
        assert told.acquire(timeout=30)
    assert [type(job.result) for job in jobs] == [Advanced, Refusal, Advanced]
    assert {*threads} == {desk.loop.submit(threading.get_ident).result()}
    assert not office.store.withdraw(jobs[0])


def test_a_second_batch_begins_while_one_is_written_only_when_enough_wait() -> None:
    """Small batches cost more than they save."""
    pens = Pens([object(), object()], ThreadPoolExecutor(1), lambda _job: None, 1)  # type: ignore[list-item]

    names = map(str, count())

    def wait(many: int) -> None:
        for name in islice(names, many):
            pens._waiting.append(Job((None, Foreseen(lambda _unit: None, Asked((), {}), frozenset({name})))))

    wait(1)
    first = pens._take()
    assert first is not None
    wait(pens_of.LEAST - 1)
    assert pens._take() is None
    wait(1)
    second = pens._take()
    assert second is not None
    assert len(second.jobs) == pens_of.LEAST
