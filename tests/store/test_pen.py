"""One pen for SQLite: who finds it free writes for all who wait, nobody spoils it for the others, nobody waits for ever."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy import event as hooks

from casework.errors import NotFound, Unavailable
from casework.machines.parameters import Parameters
from casework.store import people
from casework.store.call import Call, Who
from casework.store.driver import Asked
from casework.store.limits import Limits
from casework.store.pen import Job
from casework.store.schema import child, child_key
from casework.store.sharing import Foreseen
from casework.store.statements import Change, Query
from casework.store.store import Store
from casework.store.unit import Unit

CALL = Call(who=Who(person="", account="nobody", name="", seats=()), at=datetime(2026, 11, 22, tzinfo=UTC))
CROWD = 20


class Office:
    """A store that counts its commits, and a crowd that writes to it."""

    def __init__(self, path: Path, limits: Limits | None = None) -> None:
        self.store = Store(str(path), Parameters(), limits=limits)
        self.commits: list[int] = []
        self.path = path
        hooks.listen(self.store._engine, "connect", self._watch)

    def _watch(self, connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(lambda sql: self.commits.append(threading.get_ident()) if sql == "COMMIT" else None)

    def names(self) -> set[str]:
        with sqlite3.connect(self.path) as raw:
            return {name for (name,) in raw.execute("SELECT name FROM office WHERE name LIKE 'meja %'")}

    @contextmanager
    def crowd(self, *works: Callable[[Unit], object]) -> Iterator[list[object]]:
        """Hold the pen until every work waits for it; on leaving, let go and wait for all of them. Yields what each met, in its place."""
        met: list[object] = [None] * len(works)
        threads = [threading.Thread(target=self._carry, args=(place, work, met)) for place, work in enumerate(works)]
        pen = self.store._pen
        assert pen is not None
        with ExitStack() as turn:
            turn.enter_context(pen.held())
            for thread in threads:
                thread.start()
            while len(pen._waiting) < len(works):
                threading.Event().wait(0)
            self.commits.clear()
            yield met
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()

    def _carry(self, place: int, work: Callable[[Unit], object], met: list[object]) -> None:
        try:
            met[place] = self.store.carry_out(CALL, work)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            met[place] = error


def enter(name: str) -> Callable[[Unit], str]:
    """Enter an office."""
    return lambda unit: people.add_office(unit, name, "other")


@pytest.fixture
def office(path: Path) -> Iterator[Office]:
    office = Office(path)
    yield office
    office.store.close()


def test_a_lone_work_is_done_at_once_by_its_own_thread(office: Office) -> None:
    office.store.carry_out(CALL, enter("meja 1"))
    assert office.commits == [threading.get_ident()]
    assert office.names() == {"meja 1"}


def test_works_that_wait_share_one_commit(office: Office) -> None:
    with office.crowd(*(enter(f"meja {number}") for number in range(CROWD))) as met:
        pass
    assert len(office.commits) == 1
    assert office.names() == {f"meja {number}" for number in range(CROWD)}
    assert len({*map(str, met)}) == CROWD


def test_a_work_that_fails_takes_nobody_with_it_and_leaves_nothing(office: Office) -> None:
    def fails(unit: Unit) -> None:
        people.add_office(unit, "meja buruk", "other")
        raise NotFound("desk")

    def breaks_a_wall(unit: Unit) -> None:
        people.add_office(unit, "meja buruk", "no such kind")

    with office.crowd(enter("meja 1"), fails, enter("meja 2"), breaks_a_wall, enter("meja 3")) as met:
        pass
    assert office.names() == {"meja 1", "meja 2", "meja 3"}
    assert isinstance(met[1], NotFound)
    assert isinstance(met[3], Exception)
    assert len(office.commits) == 1


_HERE = Query(
    select(child.c.id, child_key.c.nik.label("same_nik"), child.c.district_code)
    .join(child_key, child_key.c.child_id == child.c.id)
    .where(child.c.id == bindparam("case_id"))
)
_OF_NUMBER = select(child_key.c.child_id).where(child_key.c.nik == bindparam("number"))
_MOVE = Change(child.update().where(child.c.id.in_(_OF_NUMBER)).values(district_code=bindparam("there")))


def moves(unit: Unit) -> None:
    """Let whoever has a number live in another district."""
    unit.look_ahead(_HERE, case_id="twin 1")
    unit.put(_MOVE, {"number": 7, "there": "64.02.02"})


def looks(unit: Unit) -> str:
    """Return in which district a child lives."""
    unit.look_ahead(_HERE, case_id="twin 2")
    return str(unit.ask(_HERE, case_id="twin 2")[0].district_code)


def foreseen(work: Callable[[Unit], object], case: str) -> Foreseen[object]:
    """Say beforehand what a work asks."""
    return Foreseen(work, Asked((_HERE,), {"case_id": case}), frozenset({case}))


def test_a_work_about_a_child_that_an_earlier_one_was_about_is_decided_on_what_that_one_changed(office: Office) -> None:
    """Two entries of one person, which only their number shows: neither names the other's."""

    said = {"name": "", "district_code": "64.02.01", "sex": "male", "born_precision": "unknown", "religion": ""}

    def enters(unit: Unit) -> None:
        unit.run(child.insert(), [{"id": f"twin {number}", "salt": b"x" * 16, "created_at": "2026", **said} for number in (1, 2)])
        unit.run(child_key.insert(), [{"child_id": f"twin {number}", "nik": 7, "made_with": "x"} for number in (1, 2)])

    office.store.carry_out(CALL, enters)
    with office.crowd(foreseen(moves, "twin 1"), foreseen(looks, "twin 2")) as met:
        pass
    assert met == [None, "64.02.02"]
    assert len(office.commits) == 1


def test_nobody_is_told_anything_when_the_commit_fails(office: Office) -> None:
    """A work that leaves the transaction unable to commit: a foreign key that is checked at the end."""

    def cannot_commit(unit: Unit) -> str:
        unit._connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        unit._connection.exec_driver_sql(
            "INSERT INTO account (id, person_id, username, password_hash, created_at) VALUES ('x', 'nobody', 'x', 'x', 'x')"
        )
        return "done"

    with office.crowd(enter("meja 1"), cannot_commit, enter("meja 2")) as met:
        pass
    assert office.names() == set()
    assert all(isinstance(each, Exception) for each in met)
    assert office.store.carry_out(CALL, enter("meja 3"))
    assert office.names() == {"meja 3"}


def test_whoever_wants_the_pen_alone_gets_it_between_others(office: Office) -> None:
    order: list[str] = []

    def note(name: str) -> Callable[[Unit], None]:
        return lambda _unit: order.append(name)

    def alone() -> None:
        with office.store.write(CALL) as unit:
            order.append("alone")
            enter("meja 1")(unit)
            unit.commit()

    thread = threading.Thread(target=alone)
    pen = office.store._pen
    assert pen is not None
    with office.crowd(note("before")):
        thread.start()
        while len(pen._waiting) < 2:
            threading.Event().wait(0)
    thread.join(30)
    assert order == ["before", "alone"]
    assert office.names() == {"meja 1"}


def test_who_waits_too_long_is_told_so_and_changes_nothing(path: Path) -> None:
    office = Office(path, Limits(pool_seconds=0.05))
    pen = office.store._pen
    assert pen is not None
    met: list[object] = [None]
    with pen.held():
        thread = threading.Thread(target=office._carry, args=(0, enter("meja 1"), met))
        thread.start()
        thread.join(30)
    assert isinstance(met[0], Unavailable)
    assert office.names() == set()
    office.store.carry_out(CALL, enter("meja 2"))
    assert office.names() == {"meja 2"}
    office.store.close()


class Desk:
    """Somebody with a thread of their own, in which works are done, who hears what is done; `all_told` is set after `expected` jobs."""

    def __init__(self, expected: int) -> None:
        self.told: list[list[Job]] = []
        self.all_told = threading.Event()
        self._expected = expected
        self._loop = ThreadPoolExecutor(1)

    def soon(self, deed: Callable[[], None]) -> None:
        self._loop.submit(deed)

    def tell(self, jobs: list[Job]) -> None:
        self.told.append(jobs)
        if sum(map(len, self.told)) == self._expected:
            self.all_told.set()


def submitted(office: Office, *works: Callable[[Unit], object]) -> tuple[list[Job], list[list[Job]], threading.Event]:
    """Submit works, and return their jobs, what is told about them, and what is set when all were told."""
    desk = Desk(len(works))
    jobs = [Job((CALL, work), desk, number) for number, work in enumerate(works)]
    for job in jobs:
        office.store.submit(job)
    return jobs, desk.told, desk.all_told


def test_what_was_submitted_while_the_pen_was_held_shares_one_commit_and_is_told_at_once(office: Office) -> None:
    pen = office.store._pen
    assert pen is not None
    with pen.held():
        jobs, told, all_told = submitted(office, *(enter(f"meja {number}") for number in range(CROWD)))
        office.commits.clear()
    assert all_told.wait(30)
    assert told == [jobs]
    assert len(office.commits) == 1
    assert office.names() == {f"meja {number}" for number in range(CROWD)}


def test_what_was_submitted_fails_for_itself_and_is_told_so(office: Office) -> None:
    def fails(_unit: Unit) -> None:
        raise NotFound("desk")

    jobs, _, all_told = submitted(office, enter("meja 1"), fails, enter("meja 2"))
    assert all_told.wait(30)
    assert [type(job.error) for job in jobs] == [type(None), NotFound, type(None)]
    assert office.names() == {"meja 1", "meja 2"}


def test_what_nobody_began_can_be_taken_back_and_what_was_begun_cannot(office: Office) -> None:
    pen = office.store._pen
    assert pen is not None
    with pen.held():
        (job,), told, _ = submitted(office, enter("meja 1"))
        assert office.store.withdraw(job)
        assert not office.store.withdraw(job)
    (done,), _, all_told = submitted(office, enter("meja 2"))
    assert all_told.wait(30)
    assert not office.store.withdraw(done)
    assert told == []
    assert office.names() == {"meja 2"}


def test_a_desk_that_has_gone_does_not_keep_the_pen(office: Office) -> None:
    class Gone(Desk):
        def soon(self, deed: Callable[[], None]) -> None:
            raise RuntimeError(deed)

    job = Job((CALL, enter("meja 1")), Gone(1))
    office.store.submit(job)
    office.store.carry_out(CALL, enter("meja 2"))
    assert isinstance(job.error, RuntimeError)
    assert office.names() == {"meja 2"}
