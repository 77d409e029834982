"""Erasing a child: two persons, a legal basis, nothing open, the years over; then nothing is left anywhere but a trail that is whole."""

import io
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from casework.errors import Erased, NotFound
from casework.http.problems import tell
from casework.services import audit, caseload, cases, copies, data_requests, exports, journals, lists, readers, reports, trails, views, work
from casework.services.cases import AssignCase, RegisterCase
from casework.services.data_requests import DecideRequest, TakeRequest
from casework.services.exports import Export
from casework.services.tick import tick
from casework.services.trails import Sought
from casework.store import erasing
from casework.store.schema import metadata
from casework.store.sealing import ERASED_TEXT, is_sealed
from tests.services.canaries import bytes_of
from tests.services.story import Story
from tests.services.test_attachments import add

CANARY = "Kenariwati"
CHILD = {"name": f"{CANARY} Anggrek", "mother_name": f"{CANARY} Mawar"}


@pytest.fixture
def told(tell: Callable[..., Story]) -> Story:
    """A case of a child with a name that nobody else has, voided: nothing needs what it holds."""
    story = tell("reported", child=CHILD)
    story.sign("F02")
    add(story)
    story.sign("F01", void_reason="entered_in_error", chronology=f"{CANARY} di rumah nenek.")
    story.decide(story.wish("void_registration", reason="entered_in_error"), "bambang")
    story.advance("void_registration", reason="entered_in_error")
    return story


def ask(story: Story, by: str = "maya", **said: str) -> str:
    asked = {"case": story.case, "kind": "erasure", "applicant": "child", "shown": "identity_card", "name": CANARY} | said
    return story.do(data_requests.take_request, by, msgspec.convert(asked, TakeRequest)).id


def grant(request: str, reason: str = "processed_unlawfully") -> DecideRequest:
    return DecideRequest(request=request, outcome="granted", reason=reason)


def erased(story: Story) -> str:
    request = ask(story)
    story.do(data_requests.decide_request, "yusuf", grant(request))
    return request


def test_every_table_with_a_cell_is_erased_or_named_as_about_no_child() -> None:
    sealed = {table.name for table in metadata.sorted_tables if any(is_sealed(column) for column in table.c)}
    covered = {table.name for table in erasing._about("x")} | {"draft"}
    assert sealed == covered | erasing.ELSEWHERE


def test_nothing_is_left_of_the_child_and_the_trail_is_whole(told: Story) -> None:
    holder = told.row["child_id"]
    sealed_before = told.rows("SELECT body FROM record WHERE case_id = ?", told.case)
    wrapped = told.rows("SELECT wrapped FROM data_key WHERE holder = ?", holder)[0][0]
    grams = told.rows("SELECT gram FROM child_gram WHERE child_id = ?", holder)
    assert sealed_before
    assert grams
    erased(told)
    report = audit.verify_trail(told.store, told.call("nadia"))
    assert report.faults == ()
    assert [bytes(row["content"]) for row in told.rows("SELECT content FROM attachment")] == [b""]
    entry = told.entries()[-1]
    assert (entry.kind, entry.reason_code) == ("redacted", "processed_unlawfully")
    assert (entry.requester, entry.actor.person) == (told.person("maya"), told.person("yusuf"))
    assert told.rows("SELECT wrapped FROM data_key WHERE holder = ?", holder)[0][0] is None
    for table in ("child_gram", "child_key"):
        assert not told.rows(f"SELECT * FROM {table} WHERE child_id = ?", holder)  # noqa: S608 - our own names
    dump = str(told.dump())
    assert f"s1.{holder}." not in dump
    assert CANARY not in dump
    (row,) = told.rows("SELECT * FROM child WHERE id = ?", holder)
    assert (row["name"], row["sex"], row["born"], bytes(row["salt"])) == ("erased", "unknown", None, b"")
    told.store.sweep()
    for content in bytes_of(told) if told.store._pen else ():
        assert wrapped.encode() not in content
        assert all(bytes(one["body"]) not in content for one in sealed_before)


def test_whoever_might_have_seen_it_reads_that_it_was_erased_and_nothing_breaks(told: Story) -> None:
    number = told.row["number"]
    erased(told)
    for by in ("sari", "bambang", "yusuf", "nadia"):
        with pytest.raises(Erased):
            views.show_case(told.store, told.call(by), told.case)
        with pytest.raises(Erased):
            journals.journal_of(told.store, told.call(by), told.case)
    with pytest.raises(NotFound):
        views.show_case(told.store, told.call("wahyu"), told.case)
    shown = [line for line in lists.list_cases(told.store, told.call("bambang"), number) if line.id == told.case]
    assert [line.name for line in shown] == [ERASED_TEXT]
    assert not lists.list_cases(told.store, told.call("sari"), CANARY)
    for by in ("sari", "bambang", "yusuf"):
        work.my_work(told.store, told.call(by))
    assert ERASED_TEXT in {line.name for line in caseload.caseload(told.store, told.call("yusuf"))}
    trails.office_trail(told.store, told.call("nadia"), Sought(case=number), "")
    assert readers.who_saw(told.store, told.call("nadia"), told.case).looks
    for chosen in ("jsonl", "csv", "xes"):
        since, until = told.now - timedelta(days=900), told.now + timedelta(days=1)
        exports.export_trail(told.store, told.call("nadia"), Export(format=chosen, since=since, until=until), io.BytesIO())
    (line,) = data_requests.list_requests(told.store, told.call("yusuf")).requests
    assert (line.name, line.reason and line.reason.en[:9]) == (ERASED_TEXT, "processed")
    tick(told.store, told.now)


def test_who_reported_from_the_field_reads_that_it_was_erased(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    story.case = story.do(cases.register_case, "iwan", story.report(name=f"{CANARY} Anggrek")).id
    story.do(cases.assign_case, "bambang", AssignCase(case=story.case, person=story.person("sari")))
    story.sign("F01", void_reason="entered_in_error")
    story.decide(story.wish("void_registration", reason="entered_in_error"), "bambang")
    story.advance("void_registration", reason="entered_in_error")
    assert [one.child for one in reports.my_reports(story.store, story.call("iwan")).lines] == ["K. A."]
    erased(story)
    (line,) = reports.my_reports(story.store, story.call("iwan")).lines
    assert (line.number, line.child, line.open) == (story.row["number"], ERASED_TEXT, False)


def test_nothing_more_is_written_about_it(told: Story) -> None:
    access = ask(told, kind="access")
    told.do(data_requests.decide_request, "yusuf", DecideRequest(request=access, outcome="granted"))
    erased(told)
    again = TakeRequest(case=told.case, kind="access", applicant="child", shown="identity_card")
    assert told.refused(data_requests.take_request, "maya", again) == {"not_found"}
    with pytest.raises(NotFound):
        copies.take_copy(told.store, told.call("yusuf"), access)
    report = told.report()
    known = RegisterCase(intake=report.intake, child_id=told.row["child_id"])
    assert told.refused(cases.register_case, "sari", known) != set()
    assert audit.verify_trail(told.store, told.call("nadia")).faults == ()


def test_only_the_head_erases_on_a_basis_and_never_who_took_it_in(told: Story) -> None:
    told.enrol("maya_head", "dinas_head", same_as="maya")
    request = ask(told)
    assert told.refused(data_requests.decide_request, "maya_head", grant(request)) == {"four_eyes"}
    for by in ("bambang", "dian"):
        assert told.refused(data_requests.decide_request, by, grant(request)) == {"role_not_allowed"}
    assert told.refused(data_requests.decide_request, "yusuf", grant(request, "")) == {"invalid"}
    assert told.refused(data_requests.decide_request, "yusuf", grant(request, "not_entitled")) == {"invalid"}
    assert told.rows("SELECT wrapped FROM data_key WHERE holder = ?", told.row["child_id"])[0][0]
    assert told.refused(data_requests.decide_request, "yusuf", grant(request)) == set()


def test_what_is_needed_is_not_erased(told: Story, tell: Callable[..., Story]) -> None:
    first, second = ask(told), ask(told)
    assert told.refused(data_requests.decide_request, "yusuf", grant(first)) == {"something_open"}
    told.do(data_requests.decide_request, "yusuf", DecideRequest(request=second, outcome="refused", reason="legal_retention"))
    told.do(data_requests.decide_request, "yusuf", grant(first))
    running = tell("reported")
    request = ask(running, shown="nothing")
    against = running.refused(data_requests.decide_request, "yusuf", grant(request))
    assert against >= {"identity_not_shown", "case_not_ended"}


def test_a_closed_case_is_kept_for_its_years(tell: Callable[..., Story]) -> None:
    """What `retention_years` says."""
    story = tell("closed_unfounded")
    request = ask(story)
    assert "retention_not_over" in story.refused(data_requests.decide_request, "yusuf", grant(request, "retention_over"))
    story.later(days=366 * story.store.params.retention_years)
    left = story.refused(data_requests.decide_request, "yusuf", grant(request, "retention_over"))
    assert "retention_not_over" not in left


def test_verification_finds_a_key_that_was_destroyed_untold(told: Story) -> None:
    gone = "wrapped = NULL, destroyed_at = '2026-11-22T02:20:25.000000Z'"
    told.wreck(f"UPDATE data_key SET {gone} WHERE holder = '{told.row['child_id']}'")  # noqa: S608 - our own ids
    assert {fault.code for fault in audit.verify_trail(told.store, told.call("nadia")).faults} == {"destroyed_untold"}


def test_verification_finds_data_that_came_back(told: Story) -> None:
    holder = told.row["child_id"]
    wrapped = told.rows("SELECT wrapped FROM data_key WHERE holder = ?", holder)[0][0]
    erased(told)
    told.wreck(f"UPDATE data_key SET wrapped = '{wrapped}', destroyed_at = NULL WHERE holder = '{holder}'")  # noqa: S608 - our own ids
    found = {fault.code for fault in audit.verify_trail(told.store, told.call("nadia")).faults}
    assert found == {"erasure_undone", "attachment_content_differs"}


def test_who_was_erased_is_listed_for_the_day_on_which_a_backup_comes_back(told: Story) -> None:
    number = told.row["number"]
    erased(told)
    (gone,) = audit.erased(told.store, told.call("nadia"))
    assert (gone.number, gone.basis) == (number, "processed_unlawfully")
    assert (gone.taken_in_by, gone.approved_by) == (told.person("maya"), told.person("yusuf"))


def test_it_is_told_as_gone_where_it_might_have_been_seen() -> None:
    told = tell(Erased("case"), "en", "request")
    assert (told.problem.status, told.problem.code) == (410, "erased")
