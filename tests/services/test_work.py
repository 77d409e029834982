"""The work list: what one person has to do, from every process, in the order in which it is due; and nothing that is not theirs."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from casework.errors import Invalid
from casework.machines.facts import WITA
from casework.machines.register import Accreditation, Licence
from casework.machines.settling import RESERVED
from casework.services import cases, house_entries, registers, views, work
from casework.services.cases import AssignCase
from casework.services.house_entries import AddEntry
from casework.services.keyset import PAGE, Page, cursor
from casework.services.processes import AdvanceHost, advance_host
from casework.services.registers import AddHost, ChangeHost
from casework.services.sight import tasks_told
from casework.services.work import WorkLine
from casework.store.instants import from_text
from tests.databases import wreck
from tests.services.beside import house, make, report
from tests.services.story import PARAMS, Story
from tests.services.test_budget import counted
from tests.services.test_complaints import move, receive
from tests.services.ways import IN_CARE

EVERYBODY = ("sari", "maya", "bambang", "yusuf", "halimah", "anton", "fauzan", "nadia", "iwan", "wahyu")
HORIZON = timedelta(days=PARAMS.work_horizon_days)
VISITS = """
    INSERT INTO task (id, case_id, kind, due_at, created_at, created_seq, office_id, worker)
    SELECT 'visit' || id, id, 'monitoring_visit', '2026-05-01' || substr(opened_at, 11), opened_at, 1, office_id, assigned_to
    FROM care_case"""
"""One more thing to do in every case."""
STATEMENTS = 5
"""What a supervisor's first page costs, its beginning and end among them: one for the office, one for the houses, one for complaints."""


def shown(story: Story, by: str, after: str = "") -> Page[WorkLine]:
    return work.my_work(story.store, story.call(by), after=after)


def kinds(story: Story, by: str) -> dict[str, str]:
    """Return the group of each task of a list, by its kind; of the one due first where there are several."""
    held = {row["id"]: row["kind"] for row in story.rows("SELECT id, kind FROM task")}
    return {held[one.id]: one.group for one in reversed(shown(story, by).lines) if one.id in held}


def enter(story: Story, *entries: Any, host: str = "") -> None:
    for entry in entries:
        story.do(house_entries.add_entry, "bambang", AddEntry(host=host or house(story), entry=entry))


def papers_end(story: Story, *, licence: int, accreditation: int) -> None:
    """Let the papers of `harapan` end in so many days."""
    today = story.now.astimezone(WITA).date()
    licensed, accredited = today + timedelta(days=licence), today + timedelta(days=accreditation)
    enter(story, Licence(valid_until=licensed), Accreditation(valid_until=accredited))


@pytest.fixture(scope="module")
def followed(beginnings: Any) -> Iterator[Story]:
    """A child at home again: visits are due after 3, 14, 30, 60, 90 ... days, and nobody has gone for 55 days."""
    story: Story = beginnings.story(*IN_CARE, "trial_home_stay", "reintegration")
    story.later(days=55)
    papers_end(story, licence=5, accreditation=40)
    yield story
    story.close()


def test_a_worker_finds_every_group_in_the_order_of_what_is_due(followed: Story) -> None:
    lines = shown(followed, "sari").lines
    assert list(dict.fromkeys(one.group for one in lines)) == ["critical", "overdue", "soon", "later"]
    assert [one.due_at for one in lines] == sorted(one.due_at for one in lines)
    theirs = "SELECT id, kind, due_at FROM task WHERE settled_at IS NULL AND worker = ? ORDER BY due_at, id"
    held = followed.rows(theirs, followed.person("sari"))
    foreseen = [row["id"] for row in held if row["kind"] not in RESERVED and from_text(row["due_at"]) <= followed.now + HORIZON]
    assert [one.id for one in lines] == foreseen
    assert len(foreseen) < len(held)
    assert {one.part for one in lines} == {"task"}
    assert {(one.about, one.case, one.number) for one in lines} == {("Raka Pratama", followed.case, followed.row["number"])}
    assert all((one.days_late > 0) == (one.group in {"critical", "overdue"}) for one in lines)
    assert all((one.group == "critical") == (one.days_late >= 30) for one in lines)


def test_what_is_far_ahead_stands_on_the_childs_page_and_on_no_work_list(followed: Story) -> None:
    view = views.show_case(followed.store, followed.call("sari"), followed.case)
    waiting = {one.id: one for one in view.tasks if one.settled_at is None}
    far = {one.id for one in waiting.values() if one.far}
    assert {waiting[one].kind for one in far} >= {"monitoring_visit"}
    assert all((waiting[one].due_at > followed.now + HORIZON) == (one in far) for one in waiting)
    assert far.isdisjoint(one.id for by in EVERYBODY for one in shown(followed, by))


def test_two_tasks_of_one_kind_are_told_apart_by_what_asks_for_them(tell: Callable[..., Story]) -> None:
    story = tell(*IN_CARE)
    story.sign("F22", purposes=["referral"])
    for body in ("yayasan", "dinas_samarinda"):
        story.sign("F13", receiver=body, need="Pendampingan mingguan.", onward_setting="service", shared=["nama"])
        make(story, "referral", ("send", "sari"))
    asked = [one.asked_by.en.split(",")[0] for one in shown(story, "sari") if one.asked_by and "(F13)" in one.words.id]
    assert sorted(asked) == ["Referral to Dinas Sosial Kota Samarinda (contoh)", "Referral to Yayasan Tepian (contoh)"]
    view = views.show_case(story.store, story.call("sari"), story.case)
    beside = {one.asked_by.id for one in view.tasks if one.asked_by and one.kind == "referral_reply"}
    assert len(beside) == 2
    assert all("sejak" in text for text in beside)


def test_a_household_that_a_worker_enters_waits_for_the_supervisor_then_for_the_head(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    entered = story.do(registers.add_host, "sari", AddHost(name="Keluarga Baru (rekaan)", kind="foster_family", capacity=1)).id

    def waits(by: str) -> list[str]:
        return [one.group for one in shown(story, by) if one.host == entered]

    assert [waits(by) for by in EVERYBODY] == [["later"] if by == "bambang" else [] for by in EVERYBODY]
    story.later(days=PARAMS.host_activation_days)
    assert {by for by in EVERYBODY if waits(by) == ["overdue"]} == set()
    story.later(days=1)
    assert {by for by in EVERYBODY if waits(by) == ["overdue"]} == {"bambang", "yusuf"}
    story.do(registers.change_host, "bambang", ChangeHost(host=entered, known_to_rt=True))
    story.do(advance_host, "bambang", AdvanceHost(host=entered, trigger="activate"))
    assert waits("bambang") == []


def test_a_supervisor_hears_of_what_a_worker_let_pass_and_of_the_houses(followed: Story) -> None:
    lines = shown(followed, "bambang").lines
    late = [one.id for one in shown(followed, "sari").lines if one.days_late]
    assert [one.id for one in lines if one.part == "escalated"] == late
    assert len({one.worker for one in lines if one.part == "escalated"} - {""}) == 1
    papers = {one.words.id: one.group for one in lines if one.host == house(followed) and "(" not in one.words.id}
    assert {group for text, group in papers.items() if "Tanda pendaftaran" in text} == {"soon"}
    assert {group for text, group in papers.items() if "Akreditasi" in text} == {"later"}


def test_the_head_of_the_office_hears_of_what_is_late_and_of_no_house_before_its_papers_have_ended(followed: Story) -> None:
    assert {one.part for one in shown(followed, "yusuf").lines if one.group in {"soon", "later"}} <= {"task"}
    assert {one.id for one in shown(followed, "yusuf").lines if one.part == "escalated"}


def test_a_house_finds_what_it_owes_and_nothing_that_it_may_not_know_of(tell: Callable[..., Story]) -> None:
    story = tell(*IN_CARE)
    report(story)
    story.later(days=2)
    told = kinds(story, "sari")
    assert {"triage", "child_seen", "inform_dinas", "contact_plan", "review"} <= told.keys()
    assert {*kinds(story, "halimah")} == {"monthly_report", "review"} <= (tasks_told(frozenset({"lksa_head"})) or set())
    assert {*kinds(story, "anton")} == {"monthly_report"} == (tasks_told(frozenset({"lksa_staff"})) or set())
    assert [one for one in shown(story, "fauzan") if one.case] == []
    papers_end(story, licence=5, accreditation=400)
    assert {one.host for by in ("halimah", "anton") for one in shown(story, by) if one.host} == {house(story)}
    assert house(story) not in {one.host for one in shown(story, "fauzan")}


def test_a_report_to_triage_is_the_supervisors_before_it_is_late_and_leaves_with_its_triage(tell: Callable[..., Story]) -> None:
    story = tell(*IN_CARE)
    report(story)
    assert kinds(story, "bambang")["triage"] == "soon"
    assert "triage" not in kinds(story, "yusuf")
    make(story, "incident", ("triage", "maya"))
    assert not any("triage" in kinds(story, by) for by in ("bambang", "sari"))


def test_a_decision_waits_for_one_role_after_the_other(admission: Story) -> None:
    request = admission.wish("admit_to_institution", host="harapan")

    def waits(by: str) -> list[tuple[str, str, str]]:
        return [(one.request, one.part, one.group) for one in shown(admission, by) if one.request]

    assert [waits(by) for by in EVERYBODY] == [[(request, "decision", "soon")] if by == "bambang" else [] for by in EVERYBODY]
    (line,) = (one for one in shown(admission, "bambang") if one.request)
    assert (line.about, line.case) == ("Raka Pratama", admission.case)
    assert line.words.id.startswith("Putuskan permohonan “")
    admission.decide(request, "bambang")
    assert (waits("bambang"), waits("yusuf")) == ([], [(request, "decision", "soon")])
    admission.decide(request, "yusuf")
    assert waits("yusuf") == []
    again = admission.wish("admit_to_institution", host="harapan")
    admission.later(days=5)
    assert [(waiting, group) for waiting, _, group in waits("bambang")] == [(again, "overdue")]
    admission.later(days=15)
    assert waits("bambang") == []


def test_a_ratification_waits_for_a_supervisor_and_the_head_may_give_it_too(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    story.sign("F23", "maya", host="rpsa")
    story.advance("place_in_emergency", "maya", host="rpsa")
    request = story.waiting("ratification")
    for by in ("bambang", "yusuf"):
        (line,) = (one for one in shown(story, by) if one.request)
        assert (line.request, line.group, line.words.en.split(" “")[0]) == (request, "soon", "Ratify or reject the step")
    story.decide(request, "yusuf")
    assert not any(one.request for by in ("bambang", "yusuf") for one in shown(story, by))


def test_a_complaint_is_the_supervisors_at_once_the_heads_when_it_is_late_and_never_a_houses(reported: Story) -> None:
    complaint = receive(reported)

    def waits(by: str) -> list[str]:
        return [one.words.en for one in shown(reported, by) if one.complaint == complaint]

    assert [waits(by) for by in EVERYBODY] == [["Look into the complaint"] if by == "bambang" else [] for by in EVERYBODY]
    reported.later(days=4)
    assert {by for by in EVERYBODY if waits(by)} == {"bambang", "yusuf"}
    move(reported, complaint, "look")
    assert (waits("bambang"), waits("yusuf")) == (["Answer the complaint"], [])
    move(reported, complaint, "answer", answer="Kami sudah datang.")
    assert waits("bambang") == []


def test_what_nobody_is_assigned_to_is_the_supervisors(reported: Story) -> None:
    case = reported.another_case()
    (line,) = (one for one in shown(reported, "bambang") if one.case == case)
    assert (line.part, line.worker, line.group) == ("unassigned", "", "soon")
    assert not any(one.case == case for by in ("sari", "maya", "yusuf") for one in shown(reported, by))
    reported.do(cases.assign_case, "bambang", AssignCase(case=case, person=reported.person("maya")))
    assert not any(one.case for one in shown(reported, "bambang"))
    assert [one.part for one in shown(reported, "maya")] == ["task"]


def test_another_offices_things_never_appear(followed: Story) -> None:
    office = followed.other_office()
    for username, role in (("jauh", "supervisor"), ("jauh_kepala", "dinas_head"), ("jauh_pekerja", "social_worker")):
        followed.enrol(username, role, office)
        assert not any(one.case for one in shown(followed, username)), username
    ask = AddHost(name="LKSA Jauh (rekaan)", kind="lksa", office_id=office)
    theirs = followed.do(registers.add_host, "jauh", ask).id
    enter(followed, Licence(valid_until=followed.now.astimezone(WITA).date() + timedelta(days=3)), host=theirs)
    assert theirs in {one.host for one in shown(followed, "jauh")}
    assert theirs not in {one.host for one in shown(followed, "bambang")}


@pytest.mark.parametrize("by", ["nadia", "wahyu"])
def test_who_is_asked_for_nothing_by_a_date_has_no_work_list(followed: Story, by: str) -> None:
    assert shown(followed, by).lines == ()
    assert not work.has_work_list(followed.who(by))


def test_every_line_stands_on_one_page_and_a_settled_task_leaves_the_list(tell: Callable[..., Story]) -> None:
    story = tell("reported")
    for _ in range(PAGE + 2):
        story.another_case()
    wreck(story.database, VISITS, mended=True)

    def every(by: str) -> list[list[str]]:
        found, after = [], ""
        while True:
            page = shown(story, by, after)
            found.append([one.id for one in page])
            if not (after := page.after):
                return found

    nobodys = "SELECT id FROM task WHERE settled_at IS NULL AND worker IS NULL ORDER BY due_at, id"
    pages = every("bambang")
    assert [len(page) for page in pages] == [PAGE, PAGE, 4]
    assert [task for page in pages for task in page] == [row["id"] for row in story.rows(nobodys)]
    assert "initial_assessment" in kinds(story, "sari")
    story.advance("start_assessment")
    story.sign("F03")
    assert "initial_assessment" not in kinds(story, "sari")
    with pytest.raises(Invalid):
        shown(story, "sari", cursor("late", "", ""))


def test_the_first_page_asks_little(followed: Story) -> None:
    call = followed.call("bambang")
    with counted(followed) as told:
        work.my_work(followed.store, call)
        before = len(told())
        assert len(work.my_work(followed.store, call)) > 3
        spent = told()[before:]
    assert 0 < len(spent) <= STATEMENTS, "\n".join(spent)
