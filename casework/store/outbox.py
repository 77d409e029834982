"""What leaves this machine: urgent matters, written with the entry that brings them about, and one letter to each account about them.

A letter is claimed by putting its next try off (a lease): the mail server is never talked to inside a transaction, so one that is slow or
down holds nobody up. Whoever dies between sending and marking leaves a letter that is sent once more, under the same Message-ID.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row, and_, case, func, or_, select

from casework.store.ids import new_id
from casework.store.instants import from_text, to_text
from casework.store.schema import account, approval_request, assignment, care_case, letter, outbox, person, process, task
from casework.store.statements import Change
from casework.store.unit import Unit

OPEN_REQUEST = ("submitted", "in_second_approval")
LETTER = ("stream", "seq", "account_id")


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """Something urgent as it stands now. `waits`: nobody has settled it. `turn` is the role that decides next, `worker` whose case it is.

    `asker` is the natural person who asked for the decision, `state` where its process stands.
    """

    id: str
    stream: str
    seq: int
    urgent: str
    about: str
    subject: str
    case_id: str | None
    office_id: str
    due_at: datetime | None
    waits: bool
    turn: str | None = None
    asker: str | None = None
    worker: str | None = None
    machine: str | None = None
    version: int | None = None
    state: str | None = None


class Reader(msgspec.Struct, frozen=True):
    """An account that can be written to, with one role it holds now. `certificate_until` is an ISO date, for social workers."""

    account: str
    person: str
    role: str
    office: str
    mail: str
    language: str | None
    certificate_until: str | None


class Letter(msgspec.Struct, frozen=True):
    """A message to one account about everything that one entry brought about."""

    stream: str
    seq: int
    account: str
    tries: int
    created_at: datetime


class Stuck(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that did not arrive, or not yet: to whom, what the mail server answered, and when it is tried again (None: never)."""

    stream: str
    seq: int
    name: str
    username: str
    reply: int | None
    tries: int
    since: datetime
    next_at: datetime | None


_PUT = Change(outbox.insert())


def put(unit: Unit, stream: str, seq: int) -> None:
    """Write down what is urgent about an entry that is being written, or about one that it was brought about by."""
    now = to_text(unit.call.at)
    rows = [
        {"id": new_id(unit.call.at), "stream": stream, "seq": seq, "created_at": now, "addressed_at": None, **matter}
        for matter in unit.take_urgent()
    ]
    if rows:
        unit.put(_PUT, *rows)


_o, _l = outbox.c, letter.c
_matters = (
    select(
        *(_o[name] for name in ("id", "stream", "seq", "urgent", "about", "subject", "case_id", "office_id", "due_at")),
        case(
            (_o.about == "task", task.c.id.is_not(None) & task.c.settled_at.is_(None)),
            (_o.about == "request", approval_request.c.status.in_(OPEN_REQUEST)),
            else_=process.c.id.is_not(None),
        ).label("waits"),
        approval_request.c.next_role.label("turn"),
        approval_request.c.requester.label("asker"),
        care_case.c.assigned_to.label("worker"),
        *(process.c[name] for name in ("machine", "version", "state")),
    )
    .select_from(outbox)
    .outerjoin(task, and_(_o.about == "task", task.c.id == _o.subject))
    .outerjoin(approval_request, and_(_o.about == "request", approval_request.c.id == _o.subject))
    .outerjoin(process, and_(_o.about == "process", process.c.id == _o.subject))
    .outerjoin(care_case, care_case.c.id == _o.case_id)
    .order_by(_o.created_at, _o.id)
)


def unaddressed(unit: Unit, after: tuple[str, str], most: int) -> list[tuple[str, int, str, str]]:
    """Return what waits to be addressed, the oldest first: stream, number, and where to go on (moment, id)."""
    keys = (outbox.c.created_at, outbox.c.id)
    later = or_(keys[0] > after[0], and_(keys[0] == after[0], keys[1] > after[1]))
    query = select(_o.stream, _o.seq, *keys).where(_o.addressed_at.is_(None), later).order_by(*keys).limit(most)
    return [(row.stream, row.seq, row.created_at, row.id) for row in unit.rows(query)]


def matters_of(unit: Unit, stream: str, seq: int) -> tuple[Matter, ...]:
    """Return everything urgent that an entry brought about, as it stands now."""
    return tuple(_matter(row) for row in unit.rows(_matters.where(_o.stream == stream, _o.seq == seq)))


def _matter(row: Row[Any]) -> Matter:
    values = dict(row._mapping)  # noqa: SLF001 - how a row is read by names
    values |= {"due_at": from_text(row.due_at) if row.due_at else None, "waits": bool(row.waits)}
    return Matter(**values)


def readers(unit: Unit, office_id: str) -> tuple[Reader, ...]:
    """Return who can be written to in an office now: no account that is suspended, none whose seat has ended, nobody of an institution."""
    now = to_text(unit.call.at)
    query = (
        select(
            account.c.id,
            account.c.person_id,
            assignment.c.role,
            assignment.c.office_id,
            account.c.mail,
            account.c.language,
            account.c.certificate_until,
        )
        .join(assignment, assignment.c.account_id == account.c.id)
        .where(
            account.c.active == 1,
            account.c.mail.is_not(None),
            assignment.c.office_id == office_id,
            assignment.c.host_id.is_(None),
            assignment.c.valid_from <= now,
            or_(assignment.c.valid_until.is_(None), assignment.c.valid_until > now),
        )
        .order_by(account.c.id, assignment.c.id)
    )
    return tuple(Reader(*tuple(row)) for row in unit.rows(query))


def address(unit: Unit, stream: str, seq: int, accounts: frozenset[str]) -> int:
    """Write a letter to each account that has none about this entry yet, and note that it is addressed. Return how many were written."""
    known = unit.rows(select(_l.account_id).where(_l.stream == stream, _l.seq == seq))
    new = sorted(accounts - {row.account_id for row in known})
    now = to_text(unit.call.at)
    about = {"stream": stream, "seq": seq, "state": "queued", "tries": 0, "created_at": now, "next_at": now}
    for each in new:
        unit.run(letter.insert().values(account_id=each, **about))
    unit.run(outbox.update().where(_o.stream == stream, _o.seq == seq, _o.addressed_at.is_(None)).values(addressed_at=now))
    return len(new)


def claim(unit: Unit, until: datetime) -> Letter | None:
    """Return the letter that has been due longest, put off `until` then, so that nobody else sends it meanwhile. None: none is due."""
    due = select(letter).where(_l.state == "queued", _l.next_at <= to_text(unit.call.at))
    row = unit.row(due.order_by(_l.next_at, _l.stream, _l.seq, _l.account_id).limit(1).with_for_update(skip_locked=True))
    if row is None:
        return None
    unit.run(letter.update().where(*_same(row)).values(next_at=to_text(until)))
    return Letter(row.stream, row.seq, row.account_id, row.tries, from_text(row.created_at))


def settle(unit: Unit, sent: Letter, state: str, *, reply: int | None = None, tried: bool = True) -> bool:
    """Note what became of a letter: `sent`, `failed` or `moot`. Returns False when somebody else noted that before."""
    values = {"state": state, "reply": reply, "tries": sent.tries + tried, "next_at": None, "settled_at": to_text(unit.call.at)}
    return bool(unit.run(letter.update().where(*_same(sent), _l.state == "queued").values(**values)))


def put_off(unit: Unit, waiting: Letter, claimed_until: datetime, next_at: datetime, reply: int | None, *, tried: bool) -> None:
    """Give a claimed letter back, to be tried again from `next_at` on."""
    values = {"next_at": to_text(next_at), "reply": reply, "tries": waiting.tries + tried}
    mine = (*_same(waiting), _l.state == "queued", _l.next_at == to_text(claimed_until))
    unit.run(letter.update().where(*mine).values(**values))


def _same(one: Any) -> tuple[Any, ...]:
    account_id = one.account if isinstance(one, Letter) else one.account_id
    return (_l.stream == one.stream, _l.seq == one.seq, _l.account_id == account_id)


def stuck(unit: Unit, offices: frozenset[str], most: int) -> tuple[Stuck, ...]:
    """Return the letters about matters of these offices that were refused for good, or tried in vain so far, the newest first."""
    here = select(_o.stream, _o.seq).where(_o.office_id.in_(offices)).distinct().subquery()
    query = (
        select(_l.stream, _l.seq, person.c.name, account.c.username, _l.reply, _l.tries, _l.created_at, _l.next_at)
        .join(here, and_(here.c.stream == _l.stream, here.c.seq == _l.seq))
        .join(account, account.c.id == _l.account_id)
        .join(person, person.c.id == account.c.person_id)
        .where(or_(_l.state == "failed", and_(_l.state == "queued", _l.tries > 0)))
        .order_by(_l.created_at.desc(), _l.stream, _l.seq, account.c.username)
        .limit(most)
    )
    return tuple(
        Stuck(
            stream=row.stream,
            seq=row.seq,
            name=row.name,
            username=row.username,
            reply=row.reply,
            tries=row.tries,
            since=from_text(row.created_at),
            next_at=from_text(row.next_at) if row.next_at else None,
        )
        for row in unit.rows(query)
    )


def kept(unit: Unit, offices: frozenset[str], most: int) -> tuple[Matter, ...]:
    """Return what of these offices is addressed to nobody, the oldest first."""
    return tuple(_matter(row) for row in unit.rows(_matters.where(_o.addressed_at.is_(None), _o.office_id.in_(offices)).limit(most)))


def waiting(unit: Unit) -> int:
    """Count what waits to leave: matters that are not addressed yet, and letters."""
    queries = (select(func.count()).where(_o.addressed_at.is_(None)), select(func.count()).where(_l.state == "queued"))
    return sum(int(unit.need(query, "what waits")[0]) for query in queries)
