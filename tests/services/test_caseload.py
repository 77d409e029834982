"""A caseload is read page by page: every case once, in order, whatever comes in between, and nobody else's."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from casework.errors import Invalid, NotFound
from casework.services import caseload, cases, counts, decisions, journals
from casework.services.cases import AssignCase
from casework.services.counts import OfficeCounts
from casework.services.keyset import PAGE, cursor
from tests.databases import wreck
from tests.services.story import Story
from tests.services.ways import ADMISSION

OTHERS = 2 * PAGE + 5
NEVER = "a cursor of nothing"
VISITS = """
    INSERT INTO task (id, case_id, kind, due_at, created_at, created_seq, office_id, worker)
    SELECT 'visit' || id, id, 'monitoring_visit', '2026-04-01' || substr(opened_at, 11), opened_at, 1, office_id, assigned_to
    FROM care_case"""
CALLS = VISITS.replace("'visit'", "'call'").replace("2026-04-", "2026-05-")
"""Two things to do in every case."""
COUNTERSIGN = """
    INSERT INTO approval_request (id, case_id, kind, "trigger", subject, needs, digest, requester, requested_at, due_at, status, office_id,
      next_role)
    SELECT 'request' || id, id, 'record', 'countersign:F02', '{}', 'supervisor', 'd',
      (SELECT person_id FROM account WHERE username = 'sari'), opened_at, opened_at, 'submitted', office_id, 'supervisor' FROM care_case"""


@pytest.fixture(scope="module")
def busy(beginnings: Any) -> Iterator[Story]:
    """An office with more cases than two pages hold."""
    story: Story = beginnings.story("reported")
    for _ in range(OTHERS):
        story.another_case()
    wreck(story.database, VISITS, CALLS, mended=True)
    yield story
    story.close()


def pages(story: Story, ask: Callable[..., Any], by: str, **said: Any) -> list[list[str]]:
    """Return the ids on every page of a list."""
    found, after = [], ""
    while True:
        page = ask(story.store, story.call(by), after=after, **said)
        found.append([line.id for line in page.lines])
        if not page.after:
            return found
        after = page.after


def every_case(story: Story) -> list[str]:
    return [row["id"] for row in story.rows("SELECT id FROM care_case ORDER BY id DESC")]


def test_every_case_of_an_office_stands_on_one_page_newest_first(busy: Story) -> None:
    found = pages(busy, caseload.caseload, "bambang")
    assert [len(page) for page in found] == [PAGE, PAGE, OTHERS + 1 - 2 * PAGE]
    assert [case for page in found for case in page] == every_case(busy)
    assert pages(busy, caseload.caseload, "nadia") == found


def test_what_comes_in_between_moves_nothing(busy: Story) -> None:
    before = pages(busy, caseload.caseload, "bambang")
    first = caseload.caseload(busy.store, busy.call("bambang"))
    fresh = busy.another_case()
    second = caseload.caseload(busy.store, busy.call("bambang"), after=first.after)
    assert [line.id for line in second] == before[1]
    assert caseload.caseload(busy.store, busy.call("bambang")).lines[0].id == fresh


def test_a_worker_finds_their_own_cases_and_a_state_its_own(busy: Story) -> None:
    taken = every_case(busy)[3]
    busy.do(cases.assign_case, "bambang", AssignCase(case=taken, person=busy.person("maya")))
    assert pages(busy, caseload.caseload, "maya", mine=True) == [[taken]]
    assert taken not in pages(busy, caseload.caseload, "sari", mine=True)[0]
    assert pages(busy, caseload.caseload, "maya", mine=True, state="closed") == [[]]
    in_state = [row["id"] for row in busy.rows("SELECT id FROM care_case WHERE state = ? ORDER BY id DESC", busy.state)]
    assert [case for page in pages(busy, caseload.caseload, "bambang", state=busy.state) for case in page] == in_state


def test_a_worker_who_takes_a_case_over_has_its_open_tasks_too(busy: Story) -> None:
    taken = every_case(busy)[7]
    busy.do(cases.assign_case, "bambang", AssignCase(case=taken, person=busy.person("maya")))
    held = {row["worker"] for row in busy.rows("SELECT worker FROM task WHERE case_id = ? AND settled_at IS NULL", taken)}
    assert held == {busy.person("maya")}
    assert taken in pages(busy, caseload.caseload, "maya", mine=True, order="due")[0]


def test_what_is_due_first_comes_first_and_every_case_once(busy: Story) -> None:
    first = "SELECT case_id, min(due_at) AS due FROM task WHERE settled_at IS NULL GROUP BY case_id ORDER BY due, min(id)"
    expected = [row["case_id"] for row in busy.rows(first)]
    assert len(expected) > 2 * PAGE
    found = pages(busy, caseload.caseload, "bambang", order="due")
    assert [case for page in found for case in page] == expected


def test_nothing_is_overdue_until_it_is_and_then_all_of_it_page_by_page(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    for _ in range(PAGE + 2):
        story.another_case()
    wreck(story.database, VISITS, CALLS, mended=True)
    late = "SELECT id FROM task WHERE settled_at IS NULL ORDER BY due_at, id"
    assert pages(story, caseload.overdue_tasks, "bambang") == [[]]
    story.later(days=90)
    found = pages(story, caseload.overdue_tasks, "bambang")
    assert [task for page in found for task in page] == [row["id"] for row in story.rows(late)]
    assert len(found) > 1
    line = caseload.overdue_tasks(story.store, story.call("bambang")).lines[0]
    assert line.days_late > 30
    assert pages(story, caseload.overdue_tasks, "halimah") == [[]]
    initials = {line.child for line in caseload.overdue_tasks(story.store, story.call("nadia"))}
    assert all("." in name for name in initials)


def test_what_is_critically_overdue_comes_before_what_is_only_overdue(tell: Callable[..., Story]) -> None:
    resident = tell(*ADMISSION, "institutional_care")
    due = datetime.fromisoformat(resident.rows("SELECT due_at FROM task WHERE kind = 'review' AND settled_at IS NULL")[0]["due_at"])
    for late, said in ((timedelta(days=29, hours=23), "overdue"), (timedelta(days=30, minutes=1), "critical")):
        resident.later(seconds=(due + late - resident.now).total_seconds())
        lines = caseload.overdue_tasks(resident.store, resident.call("bambang")).lines
        assert next(line.lateness for line in lines if line.due_at == due) == said
        assert [line.lateness for line in lines] == sorted(line.lateness for line in lines)


@pytest.mark.parametrize(
    "after", [NEVER, "e30", "!!!", cursor("due", "", ""), cursor("newest", "a", "b"), cursor("newest", "\x00"), "x" * 999]
)
def test_a_cursor_that_this_list_did_not_give_is_refused(busy: Story, after: str) -> None:
    with pytest.raises(Invalid):
        caseload.caseload(busy.store, busy.call("bambang"), after=after)
    with pytest.raises(Invalid):
        decisions.waiting_decisions(busy.store, busy.call("bambang"), after)
    with pytest.raises(Invalid):
        journals.journal_of(busy.store, busy.call("bambang"), busy.case, after)


def test_a_cursor_opens_nothing_to_somebody_else(busy: Story) -> None:
    office = busy.other_office()
    busy.enrol("jauh", "supervisor", office)
    after = caseload.caseload(busy.store, busy.call("bambang")).after
    assert caseload.caseload(busy.store, busy.call("jauh"), after=after).lines == ()
    assert counts.counts(busy.store, busy.call("jauh")) == (OfficeCounts(office, "Dinas Sosial kabupaten lain", 0, ()),)


def test_decisions_wait_page_by_page_for_those_whose_turn_it_is(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    for _ in range(PAGE + 1):
        story.another_case()
    wreck(story.database, COUNTERSIGN, mended=True)
    waiting = [row["id"] for row in story.rows("SELECT id FROM approval_request WHERE next_role = 'supervisor' ORDER BY due_at, id")]

    def asked(by: str) -> list[str]:
        found, after = [], ""
        while True:
            page = decisions.waiting_decisions(story.store, story.call(by), after)
            found += [one.request.id for one in page]
            if not page.after:
                return found
            after = page.after

    assert asked("bambang") == waiting
    assert len(waiting) > PAGE
    assert asked("sari") == []


def test_a_journal_is_read_from_its_newest_entry_back_to_its_first(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    for _ in range(PAGE + 20):
        story.refused(cases.advance_case, "sari", story.step("leave_care"))
    found, after = [], ""
    while True:
        page = journals.journal_of(story.store, story.call("sari"), story.case, after)
        assert len(page.entries) <= PAGE
        assert (page.chain is None) == bool(after)
        found += [entry.hash for entry in page.entries]
        after = page.after
        if not after:
            break
    every_entry = "SELECT hash, recorded_at FROM {} WHERE case_id = ? AND kind <> 'opened'"
    stored = [row for table in ("event", "actor_event") for row in story.rows(every_entry.format(table), story.case)]
    assert len(stored) > PAGE
    assert sorted(found) == sorted(row["hash"] for row in stored)
    moments = {row["hash"]: row["recorded_at"] for row in stored}
    assert [moments[one] for one in found] == sorted(moments.values(), reverse=True)


def test_the_numbers_are_those_of_the_cases(busy: Story) -> None:
    busy.advance("start_assessment")
    real = {row["state"]: row["n"] for row in busy.rows("SELECT state, count(*) AS n FROM care_case GROUP BY state")}
    assert len(real) > 1
    for by in ("bambang", "yusuf", "nadia"):
        told = next(office for office in counts.counts(busy.store, busy.call(by)) if office.cases)
        assert ({one.state: one.cases for one in told.states}, told.cases) == (real, sum(real.values()))


@pytest.mark.parametrize("by", ["sari", "halimah", "wahyu"])
def test_who_leads_no_office_is_told_no_numbers(busy: Story, by: str) -> None:
    with pytest.raises(NotFound):
        counts.counts(busy.store, busy.call(by))
