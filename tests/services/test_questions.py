"""The open questions of the domain: answered with the letter, kept with their history, and shown until they are."""

import pytest
from sqlalchemy.exc import DBAPIError

from casework.errors import NotFound
from casework.machines.parameters import Parameters
from casework.machines.questions import QUESTIONS
from casework.services import questions
from casework.services.audit import verify_trail
from casework.services.in_force import in_force, meanings, provenance
from casework.services.questions import AnswerQuestion
from tests.services.story import Story


def said(answer: str, question: str = "pksai", on: str = "2026-02-03") -> AnswerQuestion:
    return AnswerQuestion(question=question, answer=answer, answered_by="Kepala Dinas Sosial", answered_on=on, reference="460/12/2026")


def test_every_question_of_the_domain_is_asked_with_the_numbers_that_it_touches() -> None:
    assert len(QUESTIONS) == len({one.code for one in QUESTIONS}) == 9
    assert {name for one in QUESTIONS for name in one.parameters} <= {*Parameters.__struct_fields__}


def test_every_number_in_force_has_its_meaning_and_where_it_comes_from() -> None:
    assert {*Parameters.__struct_fields__} == provenance().keys() == {name for name in meanings() if name in Parameters.__struct_fields__}
    assert provenance()["contact_high_days"] == ("T07, MB", "SEEN")
    assert provenance()["assess_low_days"] == ("T01", "BG-M"), "as the first of its key says"


def test_an_answer_is_kept_with_its_history_and_in_the_journal_without_its_words(reported: Story) -> None:
    assert questions.unanswered(reported.store, reported.call("ratih")) == questions.unanswered(reported.store, reported.call("yusuf")) == 9
    assert questions.unanswered(reported.store, reported.call("sari")) == 0
    reported.do(questions.answer_question, "ratih", said("Belum ada Perbup."))
    reported.do(questions.answer_question, "yusuf", said("Perbup 7 tahun 2026."))
    assert questions.unanswered(reported.store, reported.call("yusuf")) == 8
    told = next(one for one in questions.open_questions(reported.store, reported.call("nadia")) if one.question.code == "pksai")
    assert [(row.answer, row.entered_by) for row in told.answers] == [
        ("Perbup 7 tahun 2026.", "Yusuf Rahmadi"),
        ("Belum ada Perbup.", "Ratih Puspita"),
    ]
    entry = reported.attempts("yusuf")[-1]
    assert (entry.kind, entry.reason_code, entry.items) == ("question_answered", "pksai", (told.answers[0].id,))
    assert b"Perbup" not in reported.bodies()
    assert verify_trail(reported.store, reported.call("nadia")).whole


def test_who_answers_nothing_is_refused_and_a_letter_of_tomorrow_is_none(reported: Story) -> None:
    assert reported.refused(questions.answer_question, "bambang", said("x")) == {"role_not_allowed"}
    for wrong in (said("x", on="2999-01-01"), said("x", on="2026-02-31"), said("x", question="apa saja")):
        assert reported.refused(questions.answer_question, "yusuf", wrong) in ({"invalid"}, {"not_found"})
    with pytest.raises(NotFound):
        questions.open_questions(reported.store, reported.call("sari"))
    with pytest.raises(NotFound):
        in_force(reported.store, reported.call("halimah"))


def test_an_answer_never_changes_in_raw_sql_either(reported: Story) -> None:
    reported.do(questions.answer_question, "yusuf", said("Perbup 7 tahun 2026."))
    before = reported.dump()
    for attack in (
        "UPDATE question_answer SET reference = 'lain'",
        "DELETE FROM question_answer",
        "INSERT INTO question_answer SELECT * FROM question_answer",
    ):
        with reported.store._engine.connect() as connection, pytest.raises(DBAPIError, match=r"wall: |permission denied"):
            connection.exec_driver_sql(attack)
    assert reported.dump() == before
