"""A TKSK or PSM sees a child while something asked of them is open, writes what they tried and saw, and weighs nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from casework.errors import Invalid, NotFound, Reason, Refusal
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
    people,
    records,
    registers,
    reports,
    views,
    work,
)
from casework.services.areas import area_name
from casework.services.attachments import AddAttachment, drawn
from casework.services.cases import AssignCase
from casework.services.field import AskField, EndField
from casework.services.glass import BreakGlass
from casework.services.records import AttachDocument, SignRecord, VerifyRecord
from casework.services.registers import ChangeHost
from casework.store.call import Call, Seat
from casework.store.instants import from_text, to_text
from casework.store.walls import field as walls
from casework.store.walls import rules
from tests.pictures import photo
from tests.services.story import OPERATOR, TENGGARONG, Story
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


SAMBOJA, TABANG, AT_HOME = "64.02.13", "64.02.12", {"district_code": TENGGARONG, "village_code": "64.02.06.1005"}


def no(story: Story, to: str, kind: field.Errand, district: str = "") -> tuple[Reason, ...]:
    """Ask into a district, and return every reason against it."""
    by, person = story.now.date().isoformat(), story.who(to).person
    ask = AskField(case=story.case, person=person, kind=kind, district=district, by=by, note="Temui neneknya.")
    try:
        story.do(field.ask_field, "bambang", ask)
    except Refusal as refusal:
        return refusal.reasons
    return ()


def test_who_works_in_the_field_is_asked_in_their_own_district(tell: Callable[..., Story]) -> None:
    """Kin who live elsewhere are traced by who works there; a home is visited where the child lives (DOMAIN 4)."""
    story = tell("reported", child=AT_HOME)
    story.enrol("putu", "psm", area="64.02.13.1007")
    assert {one.code for one in no(story, "putu", "field_visit")} == {"other_district"}
    assert {one.code for one in no(story, "putu", "field_visit", SAMBOJA)} == {"visit_elsewhere"}
    assert {one.code for one in no(story, "iwan", "field_tracing", SAMBOJA)} == {"other_district"}
    assert no(story, "iwan", "field_visit") == no(story, "putu", "field_tracing", SAMBOJA) == ()
    assert sees(story)
    assert sees(story, "putu")
    assert {one.code for one in no(story, "iwan", "field_visit", TABANG)} == {"other_district", "visit_elsewhere", "already_done"}
    assert [entry.errand.district for entry in story.entries() if entry.errand] == [TENGGARONG, SAMBOJA]
    assert faults(story) == set()


def test_a_no_to_another_district_says_who_works_where_and_whom_to_ask(tell: Callable[..., Story]) -> None:
    story = tell("reported", child=AT_HOME)
    story.enrol("putu", "psm", area="64.02.13.1007")
    (reason,) = no(story, "putu", "field_check")
    village = area_name("64.02.13.1007")
    assert village.endswith(", Samboja")
    assert (reason.words.id, reason.fix.id) == (f"Putu bertugas di {village}; ini ke Tenggarong.", "Minta Iwan Setiadi.")
    assert (reason.words.en, reason.fix.en) == (f"Putu works in {village}; this leads to Tenggarong.", "Ask Iwan Setiadi.")
    (nobody,) = no(story, "iwan", "field_check", TABANG)
    assert "Tabang" in nobody.fix.id
    assert "Tabang" in nobody.fix.en


def test_a_child_is_visited_in_the_house_where_it_lives_too(tell: Callable[..., Story]) -> None:
    story = tell(*IN_CARE, child=AT_HOME)
    story.enrol("putu", "psm", area=SAMBOJA)
    assert {one.code for one in no(story, "putu", "field_visit", SAMBOJA)} == {"visit_elsewhere"}
    story.do(registers.change_host, "bambang", ChangeHost(host=story.play.cast.hosts["harapan"], district_code=SAMBOJA))
    assert no(story, "putu", "field_visit", SAMBOJA) == ()


def test_where_the_childs_district_is_not_entered_it_is_said_where_it_leads(assessing: Story) -> None:
    by = assessing.now.date().isoformat()
    ask = AskField(case=assessing.case, person=assessing.person("iwan"), kind="field_visit", by=by, note="Temui neneknya.")
    assert assessing.refused(field.ask_field, "bambang", ask) == {"invalid"}
    assert no(assessing, "iwan", "field_visit", TENGGARONG) == ()


def test_who_is_given_another_district_has_nothing_to_do_in_the_old_one(assessing: Story) -> None:
    assessing.errand("iwan")
    admin = Call(who=OPERATOR, at=assessing.now)
    (seat,) = assessing.rows("SELECT a.id FROM assignment AS a JOIN account AS h ON h.id = a.account_id WHERE h.username = 'iwan'")
    people.give_seat(assessing.store, admin, "iwan", Seat("tksk", assessing.row["office_id"], area=SAMBOJA))
    assert sees(assessing)
    people.end_seat(assessing.store, admin, "iwan", seat["id"])
    assessing.later(minutes=1)
    assert not sees(assessing)
    assert "field_visit" in {row["kind"] for row in assessing.rows("SELECT kind FROM task WHERE settled_at IS NULL")}


def test_those_of_the_childs_own_village_and_district_are_named_first(tell: Callable[..., Story]) -> None:
    story = tell("reported", child=AT_HOME)
    for name, area in (("wayan", SAMBOJA), ("made", AT_HOME["village_code"]), ("ketut", TENGGARONG)):
        story.enrol(name, "psm", area=area)
    found = views.show_case(story.store, story.call("bambang"), story.case).officers
    assert [(one.name, one.near) for one in found] == [("Made", True), ("Iwan Setiadi", True), ("Ketut", True), ("Wayan", False)]
    assert found[-1].note.en.endswith(", Samboja")
    assert views.show_case(story.store, story.call("nadia"), story.case).officers == ()


@pytest.mark.parametrize(
    ("role", "area"),
    [("tksk", None), ("tksk", "64.02.13.1007"), ("tksk", "64.02.99"), ("psm", None), ("psm", "99.99"), ("supervisor", SAMBOJA)],
    ids=str,
)
def test_a_seat_in_the_field_names_a_known_area_and_no_other_seat_one(assessing: Story, role: str, area: str | None) -> None:
    with pytest.raises(Invalid) as wrong:
        people.give_seat(assessing.store, Call(who=OPERATOR, at=assessing.now), "maya", Seat(role, assessing.row["office_id"], area=area))
    assert [fault.path for fault in wrong.value.faults] == ["$.seats[0].area"]


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


def test_reports_and_what_is_asked_are_listed_by_district(tell: Callable[..., Story]) -> None:
    """Where a report's child is at home, and where an errand leads: not always the same."""
    story = tell("reported", child=AT_HOME)
    story.case = story.do(cases.register_case, "iwan", story.report(**AT_HOME)).id
    story.do(cases.assign_case, "bambang", AssignCase(case=story.case, person=story.person("sari")))
    story.enrol("putu", "psm", area=SAMBOJA)
    assert no(story, "putu", "field_tracing", SAMBOJA) == ()

    def told(by: str, district: str) -> set[str]:
        return {line.id for line in caseload.caseload(story.store, story.call(by), district=district).lines}

    assert (told("putu", SAMBOJA), told("putu", TENGGARONG), told("iwan", TENGGARONG)) == ({story.case}, set(), set())
    (line,) = work.my_work(story.store, story.call("putu")).lines
    assert line.where == "Samboja"
    (report,) = reports.my_reports(story.store, story.call("iwan"), district=TENGGARONG)
    assert report.district == "Tenggarong"
    assert not reports.my_reports(story.store, story.call("iwan"), district=SAMBOJA).lines


def test_a_closed_case_asks_nobody_into_the_field(tell: Callable[..., Story]) -> None:
    story = tell("closed_unfounded")
    ask = AskField(case=story.case, person=story.person("iwan"), kind="field_visit", by=story.now.date().isoformat(), note="Siapa?")
    assert story.refused(field.ask_field, "bambang", ask) == {"already_done"}


def faults(story: Story) -> set[str]:
    return {fault.code for fault in audit.verify_trail(story.store, story.call("nadia")).faults}


def test_each_way_in_which_what_was_asked_ends_is_told_by_the_entry_that_ended_it(assessing: Story) -> None:
    story = assessing
    signed = story.errand("iwan")
    story.sign("F15", "iwan")
    assert story.entries()[-1].ended == (signed,)
    taken_back = story.errand("iwan")
    story.do(field.end_field, "bambang", EndField(case=story.case, task=taken_back))
    assert story.entries()[-1].ended == (taken_back,)
    sheet = story.sign("F05", rung="nuclear")
    checked = story.errand("iwan", "field_check")
    story.do(records.verify_record, "iwan", VerifyRecord(case=story.case, record=sheet))
    assert story.entries()[-1].ended == (checked,)
    assert faults(story) == set()


def test_a_case_that_ends_names_what_was_asked_and_is_over_with_it(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    asked = story.errand("iwan")
    story.sign("F01", void_reason="entered_in_error")
    story.decide(story.wish("void_registration", reason="entered_in_error"), "bambang")
    story.advance("void_registration", reason="entered_in_error")
    assert story.entries()[-1].ended == (asked,)
    assert faults(story) == set()


def test_a_task_in_the_field_that_differs_from_the_journal_is_found(assessing: Story) -> None:
    other = assessing.another_case()
    task = assessing.errand("iwan")
    ended = assessing.errand("iwan", "field_tracing")
    assessing.do(field.end_field, "bambang", EndField(case=assessing.case, task=ended))
    assert faults(assessing) == set()
    row = assessing.rows("SELECT * FROM task WHERE id = ?", task)[0]
    over = assessing.rows("SELECT settled_at FROM task WHERE id = ?", ended)[0]["settled_at"]
    moment = to_text(assessing.now + timedelta(days=20))

    def told(which: str, column: str, wrong: str, right: str) -> set[str]:
        assessing.wreck(f"UPDATE task SET {column} = {wrong} WHERE id = '{which}'")  # noqa: S608 - our own
        found = faults(assessing)
        assessing.wreck(f"UPDATE task SET {column} = {right} WHERE id = '{which}'")  # noqa: S608 - our own
        return found

    for which, column, wrong, right in (
        (task, "worker", f"'{assessing.person('maya')}'", f"'{row['worker']}'"),
        (task, "due_at", f"'{moment}'", f"'{row['due_at']}'"),
        (task, "kind", "'field_tracing'", "'field_visit'"),
        (task, "district", "'64.02.01'", f"'{TENGGARONG}'"),
        (task, "case_id", f"'{other}'", f"'{assessing.case}'"),
        (task, "settled_at", f"'{moment}'", "NULL"),
        (ended, "settled_at", "NULL", f"'{over}'"),
    ):
        assert told(which, column, wrong, right) == {"errand_differs"}, column
    assert told(task, "kind", "'contact'", "'field_visit'") == {"errand_differs"}, "one that is hidden as another kind of task"
    visit = assessing.rows("SELECT id, kind FROM task WHERE kind NOT LIKE 'field%' LIMIT 1")[0]
    assert told(visit["id"], "kind", "'field_visit'", f"'{visit['kind']}'") == {"errand_without_entry"}
    assert faults(assessing) == set()
