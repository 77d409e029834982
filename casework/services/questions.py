"""The open questions of the domain, and what the office answered: kept with its letter and its history. An answer changes no number."""

from __future__ import annotations

from typing import Annotated

import msgspec

from casework.errors import Fault, Invalid, NotFound
from casework.machines import policy
from casework.machines.facts import WITA
from casework.machines.questions import QUESTIONS, Question
from casework.services.access import seated, seats
from casework.services.calendar import check_days
from casework.services.command import command, question
from casework.store import journal, questions
from casework.store.questions import AnswerRow
from casework.store.unit import Unit
from casework.words import Words

Told = Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
CODES = frozenset(one.code for one in QUESTIONS)


class AnswerQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the office answers, by whom (an official), in which letter, and of which day (ISO)."""

    question: Short
    answer: Told
    answered_by: Short
    answered_on: Annotated[str, msgspec.Meta(min_length=10, max_length=10)]
    reference: Short


class Answered(msgspec.Struct, frozen=True):
    """The answer that was kept."""

    id: str
    version: int = 1


class OpenQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """A question with its answers, the newest first: none is open still."""

    question: Question
    answers: tuple[AnswerRow, ...]


@command(Answered)
def answer_question(unit: Unit, ask: AnswerQuestion) -> Answered:
    """Enter what the office answered. Raises Refusal, Invalid, NotFound for a question that nobody asks."""
    role = seated(unit, "answer_question")
    if ask.question not in CODES:
        raise NotFound("question")
    check_days(answered_on=ask.answered_on)
    if ask.answered_on > unit.call.at.astimezone(WITA).date().isoformat():
        raise Invalid(Fault("$.answered_on", Words("Tanggal surat tidak boleh di masa depan.", "The letter cannot be of a day to come.")))
    said = {name: getattr(ask, name).strip() for name in ask.__struct_fields__}
    evidence = questions.add(unit, **said)
    journal.append_for_actor(unit, "question_answered", role=role, items=(evidence.id,), evidence=(evidence,), reason_code=ask.question)
    return Answered(evidence.id)


@question
def open_questions(unit: Unit) -> tuple[OpenQuestion, ...]:
    """Return every question with its answers. Raises NotFound for who does not see the settings."""
    if not policy.may(seats(unit), "see_settings"):
        raise NotFound("settings")
    told = questions.all_answers(unit)
    return tuple(OpenQuestion(question=one, answers=tuple(row for row in told if row.question == one.code)) for one in QUESTIONS)


@question
def unanswered(unit: Unit) -> int:
    """Return how many questions wait for an answer of the caller's, 0 for who answers none."""
    if not policy.may(seats(unit), "answer_question"):
        return 0
    return len(CODES - questions.answered(unit))
