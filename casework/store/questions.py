"""The answers to open questions: rows that are only ever added."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select

from casework.ledger.event import Evidence, commitment
from casework.store.ids import new_id, new_salt
from casework.store.instants import from_text, to_text
from casework.store.keyring import REGISTER
from casework.store.schema import person, question_answer
from casework.store.unit import Unit


class AnswerRow(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: what was said, by which official, in which letter of which day, and who entered it."""

    id: str
    question: str
    answer: str
    answered_by: str
    answered_on: str
    reference: str
    entered_by: str
    entered_at: datetime


def add(unit: Unit, **said: str) -> Evidence:
    """Insert an answer (`question`, `answer`, `answered_by`, `answered_on`, `reference`); return what the journal says of it."""
    answer, salt = new_id(unit.call.at), new_salt()
    made = {"id": answer, "salt": salt, "author": unit.call.who.person, "made_at": to_text(unit.call.at)}
    unit.run(question_answer.insert().values(unit.seal(question_answer, REGISTER, said | made)))
    told = msgspec.json.encode(said, order="sorted")
    return Evidence(answer, commitment(salt, unit.digest(REGISTER, told).encode()))


def all_answers(unit: Unit) -> tuple[AnswerRow, ...]:
    """Return every answer, the newest first."""
    told = select(question_answer, person.c.name.label("entered_by")).join(person, person.c.id == question_answer.c.author)
    return tuple(
        AnswerRow(
            id=row.id,
            question=row.question,
            answer=row.answer,
            answered_by=row.answered_by,
            answered_on=row.answered_on,
            reference=row.reference,
            entered_by=row.entered_by,
            entered_at=from_text(row.made_at),
        )
        for row in unit.rows(told.order_by(question_answer.c.id.desc()))
    )


def answered(unit: Unit) -> frozenset[str]:
    """Return the codes of the questions that have an answer."""
    return frozenset(row.question for row in unit.rows(select(question_answer.c.question).distinct()))
