"""How often a move talks to its database: counted, not timed. Sign-in check, policy, idempotency, facts, journal and answer are all in."""

import ctypes
import secrets
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as hooks

from casework.errors import NotSignedIn, Refusal
from casework.ledger.event import Through
from casework.machines.facts import Subject
from casework.services import cases, sessions
from casework.services.cases import AdvanceCase
from casework.services.sessions import SignIn, hash_token
from casework.store.call import Knock
from tests.services.story import PASSWORD, Story

STATEMENTS = 8
"""On SQLite, BEGIN and COMMIT among them: what SPEED allows."""
ROUND_TRIPS = 3
"""To PostgreSQL."""


@contextmanager
def counted(story: Story) -> Iterator[Callable[[], list[str]]]:
    """Tell what went to the database: statements on SQLite, round trips to PostgreSQL: where the client waits for
    what it asked to be flushed, or for a simple query.

    SQLite tells a statement once more for every trigger that it fires: those are the database's own.
    """
    if story.store._pen is not None:
        story.store._pen._writer.abandon()
    story.store._engine.dispose()
    with tempfile.NamedTemporaryFile() as log, Path(log.name).open() as trace:
        said: list[str] = []

        def watch(raw: Any, _record: object) -> None:
            if isinstance(raw, sqlite3.Connection):
                raw.set_trace_callback(lambda sql: None if said[-1:] == [sql] else said.append(sql))
            else:
                raw.pgconn.trace(log.fileno())

        def told() -> list[str]:
            ctypes.CDLL(None).fflush(None)  # libpq writes its trace through a buffer of the C library
            sent = (line.strip().split("\t") for line in trace)
            said.extend(part[3] for part in sent if part[1:2] == ["F"] and part[3] in {"Flush", "Query"})
            return said

        hooks.listen(story.store._engine, "connect", watch)
        try:
            yield told
        finally:
            hooks.remove(story.store._engine, "connect", watch)


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


def budget(story: Story) -> int:
    """Return what a move may cost on this engine."""
    return STATEMENTS if story.store._engine.dialect.name == "sqlite" else ROUND_TRIPS


def test_an_ordinary_move_stays_within_its_budget(reported: Story) -> None:
    spent = cost(reported, "start_assessment")
    print(f"start_assessment: {len(spent)} of {budget(reported)} on {reported.store._engine.dialect.name}")  # noqa: T201 - shown with -s
    assert 0 < len(spent) <= budget(reported), "\n".join(spent)


def test_nobody_moves_a_case_with_a_session_that_is_not_there(reported: Story) -> None:
    before = reported.dump()
    with pytest.raises(NotSignedIn):
        cases.advance_case(reported.store, knock(reported, "no such token", 1), AdvanceCase(case=reported.case, trigger="start_assessment"))
    assert reported.dump() == before
