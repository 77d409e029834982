"""Several users at once, and users who may not: whatever they try, one of them wins and the others are told by name, or nothing changes."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec

from casework.errors import CaseworkError, Conflict, KeyReused, NotFound, NotSignedIn, Refusal, StaleVersion
from casework.ledger.event import Through
from casework.machines.facts import Subject
from casework.services import cases, people, records
from casework.services.cases import AdvanceCase
from casework.services.records import SignRecord
from casework.services.sessions import NOBODY
from casework.store import sessions as session_store
from casework.store.call import Call, Knock
from casework.store.people import who_is
from tests.journeys.walk.town import START
from tests.journeys.walk.world import DEPUTED, DEPUTY, OPERATOR, Child, World

TOLD = (StaleVersion, Conflict, Refusal)
"""How whoever comes too late is told."""
IN_THE_JOURNAL = "SELECT (SELECT COUNT(*) FROM event) AS done, (SELECT COUNT(*) FROM actor_event WHERE kind = 'refused') AS refused"


def counted(world: World) -> tuple[int, int]:
    """Return how many entries all cases have, and how many attempts were refused."""
    row = world.rows(IN_THE_JOURNAL)[0]
    return row["done"], row["refused"]


def at_once(asks: list[Callable[[], Any]]) -> list[Any]:
    """Let every ask start at the same moment, each in its own thread, and return what each was answered."""
    start = threading.Barrier(len(asks))

    def run(ask: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return ask()
        except CaseworkError as no:
            return no

    with ThreadPoolExecutor(len(asks)) as pool:
        return [future.result() for future in [pool.submit(run, ask) for ask in asks]]


def visited(child: Child, by: str, *, seen: int | None, key: str = "") -> Callable[[], Any]:
    """Return signing a visit, as somebody who saw this version of the case."""
    body = child.body("F15", {"place": "rumah keluarga"}, by)
    return partial(records.sign_record, child.store, child.call(by, seen=seen, key=key), SignRecord(case=child.case, form="F15", body=body))


def race(world: World, child: Child, draw: int) -> None:
    """Two or three who saw the same version act at the same moment: exactly one does, and each of the others is told why not."""
    seen, (done, refused) = child.row["seq"], counted(world)
    people_there = ("sari", "sari", "bambang")[: 2 + draw % 2]
    answers = at_once([visited(child, by, seen=seen) for by in people_there])
    late = [answer for answer in answers if isinstance(answer, CaseworkError)]
    assert len(late) == len(answers) - 1, answers
    assert all(isinstance(answer, TOLD) for answer in late), answers
    assert counted(world) == (done + 1, refused + len(late))
    world.tally.done["races"] += 1
    world.tally.done["told in a race"] += len(late)


def repeat(world: World, child: Child, draw: int) -> None:
    """The same key gives the same answer and does nothing twice; with anything else said it is refused by name."""
    key = f"walk-{len(world.told)}"
    body = child.body("F15", {"place": "rumah keluarga"}, "sari")
    call, ask = child.call("sari", key=key), SignRecord(case=child.case, form="F15", body=body)
    first = records.sign_record(child.store, call, ask)
    before = counted(world)
    assert records.sign_record(child.store, call, ask) == first
    other = msgspec.structs.replace(ask, body={**body, "place": f"sekolah {draw}"})
    try:
        records.sign_record(child.store, call, other)
    except KeyReused:
        pass
    else:
        raise AssertionError("another body under the same key was accepted")
    assert counted(world) == before
    world.tally.done["repeated keys"] += 1


def refused(world: World, ask: Callable[[], Any], *reasons: type[CaseworkError]) -> None:
    """Ask, be refused for one of these reasons, and find nothing done, and one more attempt in the journal (I12)."""
    done, attempts = counted(world)
    try:
        answer = ask()
    except reasons:
        pass
    else:
        raise AssertionError(f"not refused: {answer}")
    assert counted(world) == (done, attempts + 1)
    world.tally.done["turned away"] += 1


def stale(world: World, child: Child, _draw: int) -> None:
    """Who saw an older version is told so."""
    refused(world, visited(child, "sari", seen=child.row["seq"] - 1), StaleVersion)


STRANGERS = ("nadia", "wahyu", "markus")
"""An auditor, the province, the head of a house that has nothing to do with any child here."""


def strange(world: World, child: Child, draw: int) -> None:
    """Somebody of another office, another house, or who only reads, moves no case: most do not learn that it exists."""
    views = world.ground.views
    other = (views[2] if child.town is not views[2] else views[0]).who["sari"]
    who = other if draw % 2 else child.town.who[STRANGERS[draw % len(STRANGERS)]]
    world.clock.at += timedelta(minutes=1)
    call, ask = Call(who=who, at=world.clock.at), AdvanceCase(case=child.case, trigger="report_missing", subject=Subject())
    refused(world, lambda: cases.advance_case(child.store, call, ask), NotFound, Refusal)


def outlast(world: World, child: Child, _draw: int) -> None:
    """A deputy decides as a supervisor until that seat has run out, and not a minute longer."""
    world.clock.at += timedelta(minutes=1)
    with world.store.read(Call(who=OPERATOR, at=world.clock.at)) as unit:
        who = who_is(unit, world.ground.deputy, world.clock.at)
    assert who is not None, DEPUTY
    assert who.holds("supervisor") == (world.clock.at < START + DEPUTED)
    if who.holds("supervisor") or child.town is world.ground.views[2]:
        return
    ask = cases.AssignCase(case=child.case, person=child.town.who["sari"].person)
    refused(world, lambda: cases.assign_case(child.store, Call(who=who, at=world.clock.at), ask), Refusal)


def suspend(world: World, child: Child, _draw: int) -> None:
    """Whoever was suspended is out at once, with the session they came with, also after they are restored."""
    who = child.town.who["lina"]
    name = world.rows("SELECT username FROM account WHERE id = ?", who.account)[0]["username"]
    digest = hashlib.sha256(secrets.token_bytes(8)).hexdigest()
    world.clock.at += timedelta(minutes=1)
    with world.store.write(Call(who=NOBODY, at=world.clock.at)) as unit:
        session_store.add_session(unit, who.account, digest, "csrf", "walk", "")
        unit.commit()
    operator = Call(who=OPERATOR, at=world.clock.at)
    people.suspend_account(world.store, operator, name)
    people.suspend_account(world.store, operator, name, active=True)
    before, ask = counted(world), cases.AssignCase(case=child.case, person=child.town.who["sari"].person)
    try:
        cases.assign_case(world.store, Knock(at=world.clock.at, through=Through(session=digest)), ask)
    except NotSignedIn:
        world.tally.done["turned away"] += 1
    else:
        raise AssertionError("a session outlived the suspension of its account")
    assert counted(world) == before


TURNS: tuple[Callable[[World, Child, int], None], ...] = (race, repeat, stale, strange, outlast, suspend)
"""What somebody in the crowd does with a child's case."""


def tell(done: Counter[str]) -> str:
    """Say how often each of it was done."""
    return ", ".join(f"{number} {what}" for what, number in sorted(done.items()))
