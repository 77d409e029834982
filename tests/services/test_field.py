"""A TKSK or PSM sees a child while something asked of them is open, writes what they tried and saw, and weighs nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from casework.errors import NotFound
from casework.ledger import errands
from casework.machines import policy
from casework.machines.settling import FIELD_WORK
from casework.services import (
    attachments,
    audit,
    caseload,
    cases,
    delegations,
    field,
    filed,
    glass,
    journals,
    journey_map,
    lists,
    records,
    reports,
    views,
    work,
)
from casework.services.attachments import AddAttachment, drawn
from casework.services.cases import AssignCase
from casework.services.field import AskField, EndField
from casework.services.glass import BreakGlass
from casework.services.records import AttachDocument, SignRecord, VerifyRecord
from casework.store.instants import from_text
from casework.store.walls import field as walls
from casework.store.walls import rules
from tests.pictures import photo
from tests.services.story import TENGGARONG, Story
from tests.services.ways import IN_CARE

ATTEMPT = {"on": "2026-03-02", "method": "visit", "result": "Rumah kosong; tetangga tidak tahu."}


def sees(story: Story, by: str = "iwan") -> bool:
    """Whether somebody finds the case, by every way there is."""
    call, case = story.call(by), story.case
    listed = {line.id for line in caseload.caseload(story.store, call)} | {one.case for one in work.my_work(story.store, call)}
    found = {line.id for line in lists.list_cases(story.store, call, named=story.row["number"])}
    try:
        shown = views.show_case(story.store, call, case).id == case
    except NotFound:
        shown = False
    assert (case in listed) == (case in found) == shown
    return shown


def log(story: Story, **changed: Any) -> SignRecord:
    body = {"rung": "nuclear", "attempts": [ATTEMPT], "status": "open", "assessor": "Iwan Setiadi"} | changed
    return SignRecord(case=story.case, form="F05", body=body)


def test_the_walls_and_the_tables_name_the_same_errands_and_roles() -> None:
    assert (*FIELD_WORK,) == rules.FIELD_WORK
    assert policy.roles_in("asked") == {*walls.FIELD_ROLES}
    assert walls.LONGEST_DAYS == field.FARTHEST_DAYS == errands.LONGEST.days - 1


def test_a_case_is_open_while_what_was_asked_is_and_to_nobody_else_in_the_field(assessing: Story) -> None:
    assessing.enrol("putu", "psm")
    assert not sees(assessing)
    assessing.errand("iwan")
    assert sees(assessing)
    assert not sees(assessing, "putu")
    assessing.do(records.sign_record, "iwan", SignRecord(case=assessing.case, form="F15", body=assessing.body("F15")))
    assert not sees(assessing)
    assert audit.verify_trail(assessing.store, assessing.call("nadia")).whole


def test_what_was_asked_ends_by_itself_with_its_day_and_can_be_asked_anew(assessing: Story) -> None:
    assessing.errand("iwan", days=2)
    assessing.later(days=2)
    assert sees(assessing), "the day itself counts"
    assessing.later(days=1)
    assert not sees(assessing)
    assert not caseload.caseload(assessing.store, assessing.call("iwan"), order="due").lines
    assert not caseload.overdue_tasks(assessing.store, assessing.call("iwan")).lines
    assert assessing.refused(records.sign_record, "iwan", assessing.form("F15")) == {"not_found"}
    assert "field_visit" in {row["kind"] for row in assessing.rows("SELECT kind FROM task WHERE settled_at IS NULL")}
    assessing.errand("iwan")
    assert sees(assessing)
    assessing.sign("F15", "iwan")
    assert not assessing.rows("SELECT id FROM task WHERE kind = 'field_visit' AND settled_at IS NULL")


def test_who_may_ask_takes_it_back_and_the_case_is_gone(assessing: Story) -> None:
    task = assessing.errand("iwan", by="sari")
    assessing.do(field.end_field, "bambang", EndField(case=assessing.case, task=task))
    assert not sees(assessing)
    assert assessing.refused(field.end_field, "bambang", EndField(case=assessing.case, task=task)) == {"not_found"}
    entry = assessing.entries()[-1]
    assert (entry.kind, entry.items, entry.reason_code) == ("field_ended", (assessing.person("iwan"), task), "field_visit")


@pytest.mark.parametrize("by", ["maya", "iwan", "nadia"])
def test_only_the_childs_worker_and_who_leads_ask(assessing: Story, by: str) -> None:
    assessing.errand("iwan", "field_tracing")
    ask = AskField(
        case=assessing.case,
        person=assessing.person("iwan"),
        kind="field_visit",
        district=TENGGARONG,
        by=assessing.now.date().isoformat(),
        note="Siapa?",
    )
    assert assessing.refused(field.ask_field, by, ask) == {"role_not_allowed"}


def test_who_is_asked_works_in_the_field_of_the_office_by_a_day_that_is_near(assessing: Story) -> None:
    stranger = assessing.enrol("jauh", "tksk", assessing.other_office())
    today = assessing.now.date()

    def refused(person: str, days: int = 3) -> set[str]:
        by = (today + timedelta(days=days)).isoformat()
        ask = AskField(case=assessing.case, person=person, kind="field_visit", district=TENGGARONG, by=by, note="Temui neneknya.")
        return assessing.refused(field.ask_field, "bambang", ask)

    for person in (stranger.person, assessing.person("maya"), assessing.person("halimah"), "nobody", ""):
        assert refused(person) == {"invalid"}
    assert refused(assessing.person("iwan"), -2) == refused(assessing.person("iwan"), field.FARTHEST_DAYS + 2) == {"invalid"}
    assert refused(assessing.person("iwan"), field.FARTHEST_DAYS) == set()
    assert refused(assessing.person("iwan")) == {"already_done"}


def test_what_was_tried_counts_for_the_tracing_and_closes_only_what_was_asked(assessing: Story) -> None:
    weighed = assessing.sign("F05", rung="nuclear")
    before = str(views.show_case(assessing.store, assessing.call("sari"), assessing.case).ladder)
    assessing.errand("iwan", "field_tracing")
    assessing.errand("iwan", "field_check")
    assessing.do(records.sign_record, "iwan", log(assessing))
    assert sees(assessing), "the check is open still"
    assert str(views.show_case(assessing.store, assessing.call("sari"), assessing.case).ladder) == before, "a log unmakes no result"
    assessing.do(records.verify_record, "iwan", VerifyRecord(case=assessing.case, record=weighed))
    assert not sees(assessing)


def test_only_a_sheet_that_was_verified_is_the_check_that_was_asked(assessing: Story) -> None:
    visit = assessing.sign("F15")
    assessing.errand("iwan", "field_check")
    assessing.do(records.verify_record, "iwan", VerifyRecord(case=assessing.case, record=visit))
    assert sees(assessing)


def test_a_correction_is_not_what_was_asked_after_it(assessing: Story) -> None:
    assessing.errand("iwan")
    visit = assessing.sign("F15", "iwan")
    assessing.errand("iwan")
    again = assessing.sign("F15", "iwan", supersedes=visit)
    assert sees(assessing)
    assert again != visit


def test_what_was_asked_of_somebody_is_done_in_whichever_role_they_do_it(assessing: Story) -> None:
    """Maya is a social worker of the office with one seat, and a PSM with another."""
    assessing.enrol("maya_psm", "psm", same_as="maya")
    assessing.errand("maya")
    assessing.sign("F15", "maya")
    assert not assessing.rows("SELECT id FROM task WHERE kind = 'field_visit' AND settled_at IS NULL")


@pytest.mark.parametrize(
    "more",
    [
        {"status": "ruled_out", "code": "deceased", "reason": "Sudah lama."},
        {"assessed_suitable": "yes"},
        {"child_view": "Ia mau."},
        {"attempts": []},
    ],
    ids=lambda more: next(iter(more)),
)
def test_who_traces_weighs_nothing_and_tells_what_was_tried(assessing: Story, more: dict[str, Any]) -> None:
    """The child's worker signs the very same sheet."""
    assessing.errand("iwan", "field_tracing")
    assert assessing.refused(records.sign_record, "iwan", log(assessing, **more)) == {"invalid"}
    assert assessing.refused(records.sign_record, "sari", log(assessing, **more)) == set()


def test_a_sheet_of_the_worker_is_not_replaced_from_the_field(assessing: Story) -> None:
    sheet = assessing.sign("F05", rung="nuclear")
    assessing.errand("iwan", "field_tracing")
    ask = log(assessing)
    assert assessing.refused(records.sign_record, "iwan", SignRecord(case=ask.case, form="F05", body=ask.body, supersedes=sheet)) == {
        "role_not_allowed"
    }


def test_of_the_case_only_what_was_asked_and_what_they_did_is_shown(tell: Callable[..., Story]) -> None:
    admitted = tell(*IN_CARE)
    admitted.enrol("putu", "psm")
    admitted.errand("putu", "field_tracing")
    admitted.errand("iwan")
    view = views.show_case(admitted.store, admitted.call("iwan"), admitted.case)
    assert (view.steps, view.ladder, view.papers, view.processes, view.requests, view.bodies, view.hosts, view.officers) == ((),) * 8
    assert {record.form for record in view.records} <= {"F01", "F02", "F05", "F15"}
    assert [(task.kind, task.note) for task in view.tasks] == [("field_visit", "Temui keluarganya.")]
    assert view.timeline == ()
    assert [one.actor for one in journals.journal_of(admitted.store, admitted.call("iwan"), admitted.case).entries] == []
    with pytest.raises(NotFound):
        journey_map.map_of_case(admitted.store, admitted.call("iwan"), admitted.case)


def test_of_incidents_they_read_only_what_they_reported(assessing: Story) -> None:
    theirs = assessing.sign("F17", "maya")
    assessing.errand("iwan")
    own = assessing.sign("F17", "iwan")
    with pytest.raises(NotFound):
        filed.show_record(assessing.store, assessing.call("iwan"), assessing.case, theirs)
    assert assessing.refused(records.verify_record, "iwan", VerifyRecord(case=assessing.case, record=theirs)) == {"not_found"}
    assert filed.show_record(assessing.store, assessing.call("iwan"), assessing.case, own).record.form == "F17"
    view = views.show_case(assessing.store, assessing.call("iwan"), assessing.case)
    assert [record.id for record in view.records if record.form == "F17"] == [own]


def test_of_pictures_they_open_those_of_a_record_they_may_read_and_their_own(assessing: Story) -> None:
    def add(by: str, shade: int, **about: str) -> str:
        ask = AddAttachment(case=assessing.case, kind="visit", picture=drawn("visit", photo(shade)), **about)
        return assessing.do(attachments.add_attachment, by, ask).id

    visit, screen = assessing.sign("F15"), assessing.rows("SELECT id FROM record WHERE form = 'F03'")[0][0]
    paper = AttachDocument(case=assessing.case, kind="other", number="1", issuer="RT", issued_on="2026-01-02")
    letter = assessing.do(records.attach_document, "sari", paper).id
    of_visit, of_screen = add("sari", 90, record=visit), add("sari", 91, record=screen)
    of_letter, of_nothing = add("sari", 92, document=letter), add("sari", 93)
    assessing.errand("iwan")
    own = add("iwan", 94)
    view = views.show_case(assessing.store, assessing.call("iwan"), assessing.case)
    assert {one.id for one in view.attachments if one.may_open} == {one.id for one in view.attachments} == {of_visit, own}
    for picture in (of_screen, of_letter, of_nothing):
        with pytest.raises(NotFound):
            attachments.show_attachment(assessing.store, assessing.call("iwan"), assessing.case, picture)
    assert attachments.show_attachment(assessing.store, assessing.call("iwan"), assessing.case, own).content


def test_who_was_not_asked_breaks_no_glass(assessing: Story) -> None:
    ask = BreakGlass(case=assessing.row["number"], code="child_in_danger", reason="Tetangga menelepon malam ini.")
    assert assessing.refused(glass.break_glass, "iwan", ask) == {"not_found"}
    assessing.errand("iwan", days=2)
    assessing.later(days=3)
    assert assessing.refused(glass.break_glass, "iwan", ask) == {"not_found"}
    assessing.errand("iwan")
    assert assessing.refused(glass.break_glass, "iwan", ask) == set()


@pytest.mark.parametrize("over", ["taken back", "done", "past its day"])
def test_a_glass_that_was_broken_in_the_field_ends_with_what_was_asked(assessing: Story, over: str) -> None:
    """Not with its hour: nothing else was given to them (DOMAIN 4)."""
    task = assessing.errand("iwan", days=0)
    assessing.later(hours=23 - assessing.now.hour, minutes=30 - assessing.now.minute)
    screen = assessing.rows("SELECT id FROM record WHERE form = 'F03'")[0][0]
    ask = BreakGlass(case=assessing.row["number"], code="child_in_danger", reason="Tetangga menelepon malam ini.")
    until = assessing.do(glass.break_glass, "iwan", ask).until
    assert filed.show_record(assessing.store, assessing.call("iwan"), assessing.case, screen).record.form == "F03"
    if over == "taken back":
        assessing.do(field.end_field, "bambang", EndField(case=assessing.case, task=task))
    elif over == "done":
        assessing.sign("F15", "iwan")
    else:
        assessing.later(minutes=35)
    assert assessing.now < until
    with pytest.raises(NotFound):
        filed.show_record(assessing.store, assessing.call("iwan"), assessing.case, screen)
    assert not sees(assessing)


@pytest.mark.parametrize("errand_first", [True, False])
def test_what_is_due_first_to_somebody_else_hides_no_case(tell: Callable[..., Story], *, errand_first: bool) -> None:
    """The worker's and the officer's lists are each by their own tasks."""
    assessing = tell("comprehensive_assessment")
    (sooner,) = assessing.rows("SELECT min(due_at) AS due FROM task WHERE settled_at IS NULL")
    days = (from_text(sooner["due"]) - assessing.now).days
    assessing.errand("iwan", days=0 if errand_first else days + 2)
    (row,) = assessing.rows("SELECT kind FROM task WHERE settled_at IS NULL ORDER BY due_at LIMIT 1")
    assert (row["kind"] == "field_visit") == errand_first
    for by, mine in (("sari", True), ("iwan", False)):
        lines = caseload.caseload(assessing.store, assessing.call(by), mine=mine, order="due").lines
        assert [line.id for line in lines if line.id == assessing.case] == [assessing.case], by


def test_what_is_late_in_the_field_is_told_of_whom_it_was_asked(assessing: Story) -> None:
    task = assessing.errand("iwan", days=2)
    assessing.later(days=3)
    (line,) = (one for one in work.my_work(assessing.store, assessing.call("bambang")) if one.id == task)
    assert (line.part, line.asked_of) == ("escalated", "Iwan Setiadi")
    (late,) = (one for one in caseload.overdue_tasks(assessing.store, assessing.call("bambang")) if one.id == task)
    assert late.asked_of == "Iwan Setiadi"


def test_what_they_need_to_know_is_read_by_them_and_by_who_asks(assessing: Story) -> None:
    assessing.errand("iwan")
    read = {
        by: [task.note for task in views.show_case(assessing.store, assessing.call(by), assessing.case).tasks if task.asked_of]
        for by in ("sari", "bambang", "yusuf", "iwan", "maya", "nadia")
    }
    told, untold = ["Temui keluarganya."], [""]
    assert read == {"sari": told, "bambang": told, "yusuf": told, "iwan": told, "maya": untold, "nadia": untold}


def test_a_new_worker_takes_over_the_tasks_of_the_case_and_not_what_the_field_was_asked(assessing: Story) -> None:
    assessing.errand("iwan")
    assessing.do(cases.assign_case, "bambang", AssignCase(case=assessing.case, person=assessing.person("maya")))
    assert sees(assessing)
    workers = {row["kind"]: row["worker"] for row in assessing.rows("SELECT kind, worker FROM task WHERE settled_at IS NULL")}
    assert workers.pop("field_visit") == assessing.person("iwan")
    assert {*workers.values()} <= {assessing.person("maya")}


def test_nobody_in_the_field_stands_in_for_who_decides(assessing: Story) -> None:
    ask = delegations.Delegate(taker="iwan", role="supervisor", office=assessing.row["office_id"], days=3)
    assert assessing.refused(delegations.delegate, "bambang", ask) == {"invalid"}


def test_who_reports_from_the_field_sees_how_far_it_is_and_not_the_case(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    made = story.do(cases.register_case, "iwan", story.report())
    story.case = made.id
    assert not sees(story)

    def told() -> list[tuple[str, str, bool]]:
        return [(one.child, one.status.en, one.open) for one in reports.my_reports(story.store, story.call("iwan"))]

    assert [status for _, status, _ in told()] == ["received, waiting for a social worker"]
    assert story.row["number"] in str(reports.my_reports(story.store, story.call("iwan")))
    story.do(cases.assign_case, "bambang", AssignCase(case=made.id, person=story.person("sari")))
    assert [status for _, status, _ in told()] == ["a social worker is on it"]
    for by in ("sari", "nadia", "halimah"):
        with pytest.raises(NotFound):
            reports.my_reports(story.store, story.call(by))


def test_a_closed_case_asks_nobody_into_the_field(tell: Callable[..., Story]) -> None:
    story = tell("closed_unfounded")
    ask = AskField(case=story.case, person=story.person("iwan"), kind="field_visit", by=story.now.date().isoformat(), note="Siapa?")
    assert story.refused(field.ask_field, "bambang", ask) == {"already_done"}
