"""Sending what is urgent: to whom it concerns now, once, by whichever carrier the installation has (mail is the first).

Run as often, and by as many at once, as one likes. The carrier is never waited for inside a transaction, and nothing is lost when it is
down: what was not carried is a row that the next run finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Literal, Protocol, TypeAlias

import msgspec

from casework.machines.book import by_version
from casework.machines.facts import WITA
from casework.machines.urgent import DECIDER, WORKER, tells
from casework.services.letters import Envelope, write
from casework.services.tick import CLOCK
from casework.store import outbox
from casework.store.call import Call
from casework.store.outbox import Letter, Matter, Reader
from casework.store.store import Store
from casework.store.unit import Unit
from casework.words import Language

LEASE = timedelta(minutes=10)
"""How long a letter is one sender's: longer than a mail server is ever waited for."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
"""Before a letter is tried again: three times as long each time. It is tried until it is sent, refused for good, or needed no more."""
PAGE = 200
WORKERS = frozenset({WORKER, "social_worker_on_duty"})

Outcome: TypeAlias = Literal["sent", "refused", "later", "down"]


class Answer(msgspec.Struct, frozen=True):
    """What a carrier says of a letter: `refused` for good, `later` perhaps, `down`: it carries nothing now. `why` is a short code."""

    outcome: Outcome
    reply: int | None = None
    why: str = ""


class Carrier(Protocol):
    """What takes letters out of the house."""

    def carry(self, envelope: Envelope) -> Answer:
        """Carry one letter. Never raises for what happens on the way."""


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """What one run did. `refused` names accounts with the reply; `down` says why nothing more could be carried ("" when all was)."""

    sent: int = 0
    later: int = 0
    moot: int = 0
    refused: tuple[tuple[str, int | None], ...] = ()
    unreachable: int = 0
    waiting: int = 0
    down: str = ""


Clock: TypeAlias = Callable[[], datetime]


def deliver(store: Store, carrier: Carrier | None, clock: Clock, *, links: str = "", language: Language = "id") -> Delivered:
    """Address what is urgent to whom it concerns now, then send every letter that is due. Without a carrier all of it is kept."""
    kept = _address(store, clock, letters=carrier is not None)
    if carrier is None:
        return Delivered(waiting=kept)
    seen: dict[Outcome | Literal["moot"], int] = {}
    refused: list[tuple[str, int | None]] = []
    answer = Answer("sent")
    while answer.outcome != "down":
        until = clock() + LEASE
        claimed = store.carry_out(Call(who=CLOCK, at=clock()), lambda unit, until=until: _claim(unit, until, links, language))  # type: ignore[misc]
        if claimed is None:
            break
        letter, envelope = claimed
        if envelope is None:
            seen["moot"] = seen.get("moot", 0) + 1
            continue
        answer = carrier.carry(envelope)
        store.carry_out(Call(who=CLOCK, at=clock()), lambda unit, came=(letter, until, answer): _mark(unit, *came))  # type: ignore[misc]
        seen[answer.outcome] = seen.get(answer.outcome, 0) + 1
        refused += [(letter.account, answer.reply)] if answer.outcome == "refused" else []
    return Delivered(
        sent=seen.get("sent", 0),
        later=seen.get("later", 0),
        moot=seen.get("moot", 0),
        refused=tuple(refused),
        unreachable=kept,
        waiting=_counted(store, clock()) - kept,
        down=answer.why if answer.outcome == "down" else "",
    )


def _counted(store: Store, at: datetime) -> int:
    """Return how much waits to leave."""
    with store.read(Call(who=CLOCK, at=at)) as unit, unit.over_everything():
        return outbox.waiting(unit)


def _address(store: Store, clock: Clock, *, letters: bool) -> int:
    """Write the letters about everything that is not addressed yet, and return how many matters are kept: they reach nobody.

    Without `letters` all that still waits is kept; what nobody needs any more is put away either way.
    """
    kept, after = 0, ("", "")
    done: set[tuple[str, int]] = set()
    while found := _unaddressed(store, clock(), after):
        after = (found[-1][2], found[-1][3])
        for stream, seq in dict.fromkeys((row[0], row[1]) for row in found):
            if (stream, seq) not in done:
                done.add((stream, seq))
                call = Call(who=CLOCK, at=clock())
                kept += store.carry_out(call, lambda unit, cause=(stream, seq): _address_one(unit, *cause, letters=letters))  # type: ignore[misc]
    return kept


def _unaddressed(store: Store, at: datetime, after: tuple[str, str]) -> list[tuple[str, int, str, str]]:
    with store.read(Call(who=CLOCK, at=at)) as unit, unit.over_everything():
        return outbox.unaddressed(unit, after, PAGE)


def _address_one(unit: Unit, stream: str, seq: int, *, letters: bool) -> int:
    """Address what one entry brought about. Returns how many matters of it are kept."""
    unit.lock(f"outbox:{stream}#{seq}")
    waiting = tuple(matter for matter in outbox.matters_of(unit, stream, seq) if still_waits(matter))
    accounts = frozenset(account for matter in waiting for account in concerned(matter, _readers(unit, matter), unit.call.at))
    if waiting and not (letters and accounts):
        return len(waiting)
    outbox.address(unit, stream, seq, accounts)
    return 0


def _readers(unit: Unit, matter: Matter) -> tuple[Reader, ...]:
    return outbox.readers(unit, matter.office_id)


def still_waits(matter: Matter) -> bool:
    """Whether somebody must still act. A step of a process is news as long as the process stands where the step led."""
    if not matter.waits or matter.machine is None or matter.version is None:
        return matter.waits
    machine = by_version()[matter.machine, matter.version]
    _, _, trigger = matter.urgent.partition(".")
    led_to = {row.dest for row in machine.definition.transitions if row.trigger == trigger}
    return machine.states[str(matter.state)].kind == "live" and (not trigger or matter.state in led_to)


def concerned(matter: Matter, readers: Iterable[Reader], at: datetime) -> frozenset[str]:
    """Return the accounts that a matter concerns now: those of the roles that its row names."""
    wanted = tells(matter.urgent)
    return frozenset(reader.account for reader in readers if any(_is_meant(role, reader, matter, at) for role in wanted))


def _is_meant(role: str, reader: Reader, matter: Matter, at: datetime) -> bool:
    if role == DECIDER:
        return reader.role == matter.turn and reader.person != matter.asker
    if role not in WORKERS:
        return reader.role == role
    theirs = role != WORKER or matter.worker in {None, reader.person}
    return reader.role == "social_worker" and theirs and _certified(reader, at)


def _certified(reader: Reader, at: datetime) -> bool:
    until = reader.certificate_until
    return until is not None and date.fromisoformat(until) >= at.astimezone(WITA).date()


def _claim(unit: Unit, until: datetime, links: str, language: Language) -> tuple[Letter, Envelope | None] | None:
    """Claim the letter that is due first and write it. One that nobody needs any more is put away: then there is no envelope."""
    letter = outbox.claim(unit, until)
    if letter is None:
        return None
    at = unit.call.at
    matters = []
    reader = None
    for matter in outbox.matters_of(unit, letter.stream, letter.seq):
        mine = tuple(each for each in _readers(unit, matter) if each.account == letter.account)
        if still_waits(matter) and concerned(matter, mine, at):
            matters.append(matter)
            reader = mine[0]
    if reader is None:
        outbox.settle(unit, letter, "moot", tried=False)
        return letter, None
    chosen: Language = "en" if reader.language == "en" else "id" if reader.language == "id" else language
    return letter, write(letter, reader.mail, chosen, matters, at, links=links)


def _mark(unit: Unit, letter: Letter, claimed_until: datetime, answer: Answer) -> None:
    """Note what became of a letter, unless somebody else did meanwhile."""
    match answer.outcome:
        case "sent":
            outbox.settle(unit, letter, "sent", reply=answer.reply)
        case "refused":
            outbox.settle(unit, letter, "failed", reply=answer.reply)
        case _:
            tried = answer.outcome == "later"
            pause = min(FIRST_PAUSE * 3 ** min(letter.tries, 5), LONGEST_PAUSE) if tried else FIRST_PAUSE
            outbox.put_off(unit, letter, claimed_until, unit.call.at + pause, answer.reply, tried=tried)
