"""A review of the trail: saved by one, signed off by another natural person, then fixed; it says whether what it covered is whole."""

from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from casework.errors import NotFound
from casework.services import audit, reviews
from casework.services.reviews import NoteReview, SaveReview, SignReview
from casework.services.trails import Sought
from tests.services.story import Story

NOTED = "Kepala kantor menyetujui tanpa membaca"


def saved(story: Story, by: str = "nadia", **asked: Any) -> str:
    return story.do(reviews.save_review, by, SaveReview(sought=Sought(**asked), notes=NOTED)).id


def digest(story: Story, review: str, by: str = "nadia") -> str:
    return reviews.show_review(story.store, story.call(by), review).digest


def signed(story: Story) -> str:
    review = saved(story, case=story.row["number"], kind="case_assigned")
    story.enrol("putri", "auditor")
    story.do(reviews.sign_review, "putri", SignReview(review=review, digest=digest(story, review)))
    return review


def test_a_review_keeps_what_was_asked_and_the_journal_keeps_no_word_of_the_notes(reported: Story) -> None:
    review = saved(reported, kind="case_assigned")
    shown = reviews.show_review(reported.store, reported.call("nadia"), review)
    assert (shown.sought.kind, shown.entries, shown.notes, shown.broken, shown.own) == ("case_assigned", 1, NOTED, (), True)
    assert NOTED.encode() not in reported.bodies()
    assert NOTED not in str(reported.dump()), "the notes are a cell"
    entry = next(entry for entry in reported.attempts("nadia") if entry.kind == "review_saved")
    assert (entry.items, [one.commitment for one in entry.evidence]) == ((review,), [shown.digest])
    assert audit.verify_trail(reported.store, reported.call("nadia")).whole


def test_another_person_signs_it_off_as_it_was_read_and_never_its_author(reported: Story) -> None:
    review = saved(reported)
    reported.enrol("putri", "auditor")
    before = digest(reported, review)
    assert reported.refused(reviews.sign_review, "nadia", SignReview(review=review, digest=before)) == {"four_eyes"}
    reported.do(reviews.note_review, "nadia", NoteReview(review=review, notes="Ditulis ulang"))
    assert reported.refused(reviews.sign_review, "putri", SignReview(review=review, digest=before)) == {"invalid"}
    assert reported.refused(reviews.note_review, "putri", NoteReview(review=review, notes="Milik orang lain")) == {"not_found"}
    reported.do(reviews.sign_review, "putri", SignReview(review=review, digest=digest(reported, review)))
    again = digest(reported, review)
    assert reported.refused(reviews.note_review, "nadia", NoteReview(review=review, notes="Terlambat")) == {"already_done"}
    assert reported.refused(reviews.sign_review, "putri", SignReview(review=review, digest=again)) == {"already_done"}
    (line,) = reviews.list_reviews(reported.store, reported.call("nadia"))
    assert (line.notes, line.signer != "", line.signed_at is not None) == ("Ditulis ulang", True, True)


def test_a_signed_review_says_when_the_trail_it_covered_is_no_longer_whole(reported: Story) -> None:
    review = signed(reported)
    assert reviews.show_review(reported.store, reported.call("nadia"), review).broken == ()
    reported.wreck(f"UPDATE event SET hash = 'forged' WHERE case_id = '{reported.case}' AND seq = 1")  # noqa: S608 - our own
    broken = reviews.show_review(reported.store, reported.call("nadia"), review).broken
    assert broken == ((f"case:{reported.case}", 1),)


def test_a_trail_that_was_cut_off_is_no_longer_whole(reported: Story) -> None:
    review = signed(reported)
    reported.wreck(f"DELETE FROM event WHERE case_id = '{reported.case}' AND seq = 2")  # noqa: S608 - our own
    assert reviews.show_review(reported.store, reported.call("nadia"), review).broken == ((f"case:{reported.case}", 1),)


ATTACKS = (
    "UPDATE trail_review SET notes = 'lain'",
    "UPDATE trail_review SET signer = NULL, signed_at = NULL",
    "UPDATE trail_review SET signed_at = '2020-01-01'",
    "UPDATE trail_review SET author = signer",
    "UPDATE trail_review SET sought = '{}'",
    "DELETE FROM trail_review",
    "DELETE FROM trail_review_end",
    "UPDATE trail_review_end SET hash = 'forged'",
    "INSERT INTO trail_review_end SELECT review_id, 'case:other', 1, 'h' FROM trail_review_end",
    "INSERT INTO trail_review SELECT * FROM trail_review",
)


def assert_refused(story: Story, sql: str) -> None:
    """Let the application's own connection try it: a wall refuses, or on PostgreSQL the rights of its role."""
    with story.store._engine.connect() as connection, pytest.raises(DBAPIError, match=r"wall: |permission denied"):
        connection.exec_driver_sql(sql)


def test_what_is_signed_off_is_fixed_for_raw_sql_too(reported: Story) -> None:
    signed(reported)
    before = reported.dump()
    for attack in ATTACKS:
        assert_refused(reported, attack)
    assert reported.dump() == before


def test_a_review_begins_unsigned_and_is_never_signed_by_its_author_in_raw_sql(reported: Story) -> None:
    saved(reported)
    for attack in (
        "UPDATE trail_review SET signer = author, signed_at = made_at",
        "INSERT INTO trail_review SELECT 'x', office_id, sought, entries, notes, salt, author, made_at, 'p', made_at FROM trail_review",
    ):
        assert_refused(reported, attack)


def test_a_head_reviews_the_own_office_and_who_reads_no_trail_finds_no_review(reported: Story) -> None:
    review = saved(reported, "yusuf")
    reported.enrol("lain_kepala", "dinas_head", reported.other_office())
    for by in ("lain_kepala", "sari"):
        with pytest.raises(NotFound):
            reviews.show_review(reported.store, reported.call(by), review)
    assert reviews.list_reviews(reported.store, reported.call("lain_kepala")) == ()
    assert reported.refused(reviews.save_review, "sari", SaveReview(sought=Sought(), notes=NOTED)) == {"role_not_allowed"}
    assert reported.refused(reviews.save_review, "nadia", SaveReview(sought=Sought(case="KKR-1"), notes=NOTED)) == {"invalid"}
