"""How often a move talks to its database: counted, not timed. Sign-in check, policy, idempotency, facts, journal and answer are all in."""

import ctypes
import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import event as hooks

from casework.errors import NotFound, NotSignedIn, Refusal
from casework.ledger.event import Through
from casework.machines.facts import Subject
from casework.services import caseload, cases, counts, decisions, journals, lists, processes, sessions, trails, views, work
from casework.services.cases import AdvanceCase
from casework.services.sessions import SignIn, hash_token
from casework.services.trails import Sought
from casework.store.call import Call, Knock
from tests.services.beside import report, step
from tests.services.story import PASSWORD, Beginnings, Story
from tests.services.ways import IN_CARE

STATEMENTS = 8
"""On SQLite, BEGIN and COMMIT among them: what SPEED allows."""
ROUND_TRIPS = 3
"""To PostgreSQL: what SPEED allows."""
ADMISSION, PROCESS_STEP, WAITING = (32, 2), (11, 6), (11, 10)
"""What a move costs that places a child, a step beside the journey, and a list of what waits: on SQLite, on PostgreSQL."""


@contextmanager
def counted(story: Story) -> Iterator[Callable[[], list[str]]]:
    """Tell what went to the database: statements on SQLite, round trips to PostgreSQL: where the client waits for the end
    of what it sent together, or for a simple query. (What it asks to be flushed it asks only when the answer is not yet there.)

    SQLite tells a statement once more for every trigger that it fires: those are the database's own.
    """
    if story.store._pen is not None:
        story.store._pen._writer.abandon()
    story.store._engine.dispose()
    with tempfile.NamedTemporaryFile() as log, Path(log.name).open() as trace:
        said: list[str] = []
        traced: list[Any] = []

        def watch(raw: Any, _record: object) -> None:
            if isinstance(raw, sqlite3.Connection):
                raw.set_trace_callback(lambda sql: None if said[-1:] == [sql] else said.append(sql))
            else:
                raw.pgconn.trace(log.fileno())
                traced.append(raw.pgconn)

        def told() -> list[str]:
            ctypes.CDLL(None).fflush(None)  # libpq writes its trace through a buffer of the C library
            sent = (line.strip().split("\t") for line in trace)
            said.extend(part[3] for part in sent if part[1:2] == ["F"] and part[3] in {"Sync", "Query"})
            return said

        hooks.listen(story.store._engine, "connect", watch)
        try:
            yield told
        finally:
            hooks.remove(story.store._engine, "connect", watch)
            for wire in traced:
                wire.untrace()


def knock(story: Story, token: str, seen: int | None) -> Knock:
    """Return a call of whoever holds this token."""
    return Knock(at=story.now, through=Through(session=hash_token(token), key=secrets.token_hex(8)), seen=seen)


def signed_in(story: Story, username: str) -> str:
    """Sign somebody of the cast in."""
    return sessions.sign_in(story.store, story.now, SignIn(username=username, password=PASSWORD)).token


def cost(story: Story, trigger: str, **subject: str) -> list[str]:
    """Make a step over a warm connection and return what it said to the database."""
    token = signed_in(story, "sari")
    with counted(story) as told:
        with pytest.raises(Refusal):
            cases.advance_case(story.store, knock(story, token, story.row["seq"]), AdvanceCase(case=story.case, trigger="leave_care"))
        before = len(told())
        seen = story.row["seq"]
        ask = AdvanceCase(case=story.case, trigger=trigger, subject=Subject(**subject))
        cases.advance_case(story.store, knock(story, token, seen), ask)
        return told()[before:]


def sqlite(story: Story) -> bool:
    """Whether this is the engine whose statements are counted, not its round trips."""
    return bool(story.store._engine.dialect.name == "sqlite")


def budget(story: Story) -> int:
    """Return what a move may cost on this engine."""
    return STATEMENTS if sqlite(story) else ROUND_TRIPS


READS: dict[str, tuple[str, Callable[[Story, Call], object], int, int]] = {
    "a case's page": ("sari", lambda story, call: views.show_case(story.store, call, story.case), 8, 5),
    "a house's page of a case": ("halimah", lambda story, call: views.show_case(story.store, call, story.case), 8, 5),
    "a case's journal": ("sari", lambda story, call: journals.journal_of(story.store, call, story.case), 7, 4),
    "the trail of every office": ("nadia", lambda story, call: trails.office_trail(story.store, call), 12, 9),
    "the trail of an office by person": (
        "yusuf",
        lambda story, call: trails.office_trail(story.store, call, Sought(person=story.person("sari"), outcome="done")),
        13,
        10,
    ),
    "a page of the caseload": ("bambang", lambda story, call: caseload.caseload(story.store, call), 4, 3),
    "the caseload by what is due": ("bambang", lambda story, call: caseload.caseload(story.store, call, order="due"), 4, 3),
    "what is overdue": ("bambang", lambda story, call: caseload.overdue_tasks(story.store, call), 3, 2),
    "a supervisor's work list": ("bambang", lambda story, call: work.my_work(story.store, call), 5, 4),
    "a worker's work list": ("sari", lambda story, call: work.my_work(story.store, call), 3, 2),
    "numbers by state": ("bambang", lambda story, call: counts.counts(story.store, call), 4, 3),
    "a search by name": ("sari", lambda story, call: lists.list_cases(story.store, call, "Raka Pratma"), 11, 8),
    "a search by number": ("sari", lambda story, call: lists.list_cases(story.store, call, story.row["number"]), 9, 6),
}
"""Each read as a whole, by whom, and what it may cost, beginning and end among it: statements on SQLite, round trips to PostgreSQL.

Four and two of them are the entry of the look, where there is one (services/seen.py)."""


@pytest.fixture(scope="module")
def cared(beginnings: Beginnings) -> Iterator[Story]:
    """A child in an institution, whose case everybody reads."""
    story = beginnings.story(*IN_CARE)
    yield story
    story.close()


@pytest.mark.parametrize("read", READS)
def test_a_read_stays_within_its_budget(cared: Story, read: str) -> None:
    by, ask, statements, round_trips = READS[read]
    call = cared.call(by)
    with counted(cared) as told:
        ask(cared, call)
        before = len(told())
        ask(cared, call)
        spent = told()[before:]
    print(f"{read}: {len(spent)}")  # noqa: T201 - shown with -s
    assert 0 < len(spent) <= (statements if sqlite(cared) else round_trips), "\n".join(spent)


def test_a_list_of_what_waits_asks_no_more_for_many_lines_than_for_one(admission: Story) -> None:
    """The three turns of a supervisor, then once each: signatures, captions, people, what they are bound to, what was opened."""
    call = admission.call("bambang")

    def spent() -> int:
        with counted(admission) as told:
            decisions.waiting_decisions(admission.store, call)
            before = len(told())
            lines = decisions.waiting_decisions(admission.store, call).lines
            print(f"{len(lines)} decisions waiting: {len(told()) - before}")  # noqa: T201 - shown with -s
            return len(told()) - before

    admission.wish("admit_to_institution", host="harapan")
    one = spent()
    admission.wish("place_with_kin")
    assert spent() == one <= WAITING[not sqlite(admission)]


def test_an_admission_stays_within_its_budget(admission: Story) -> None:
    request = admission.wish("admit_to_institution", host="harapan")
    for who in ("bambang", "yusuf"):
        admission.decide(request, who)
    spent = cost(admission, "admit_to_institution", host=admission.play.cast.hosts["harapan"])
    print(f"admission: {len(spent)}")  # noqa: T201 - shown with -s
    assert 0 < len(spent) <= ADMISSION[not sqlite(admission)], "\n".join(spent)


def test_a_step_of_a_process_stays_within_its_budget(tell: Callable[..., Story]) -> None:
    story = tell(*IN_CARE)
    report(story)
    asked, token = step(story, "incident", "triage"), signed_in(story, "maya")
    with counted(story) as told:
        with pytest.raises(NotFound):
            processes.advance_process(story.store, knock(story, token, None), msgspec.structs.replace(asked, process="none"))
        before = len(told())
        processes.advance_process(story.store, knock(story, token, None), asked)
        spent = told()[before:]
    print(f"a step of a process: {len(spent)}")  # noqa: T201 - shown with -s
    assert 0 < len(spent) <= PROCESS_STEP[not sqlite(story)], "\n".join(spent)


def test_an_ordinary_move_stays_within_its_budget(reported: Story) -> None:
    spent = cost(reported, "start_assessment")
    print(f"start_assessment: {len(spent)} of {budget(reported)} on {reported.store._engine.dialect.name}")  # noqa: T201 - shown with -s
    assert 0 < len(spent) <= budget(reported), "\n".join(spent)


def test_nobody_moves_a_case_with_a_session_that_is_not_there(reported: Story) -> None:
    before = reported.dump()
    with pytest.raises(NotSignedIn):
        cases.advance_case(reported.store, knock(reported, "no such token", 1), AdvanceCase(case=reported.case, trigger="start_assessment"))
    assert reported.dump() == before
