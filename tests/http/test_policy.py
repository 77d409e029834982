"""Every cell of the policy that an address of the interface leads to, asked over HTTP by a person of every role in every relation.

One world, one sign-in each. What is allowed is answered or refused for another reason; what is denied is `role_not_allowed` where the case
is in sight and not found where it is not: byte for byte the answer about a case that does not exist.
"""

# ruff: noqa: F811 - the fixture is used by its name

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from casework.machines import policy
from casework.machines.care import CARE
from casework.machines.forms import KINDS
from casework.machines.policy import ACTIONS, CAPACITIES, Action, Verdict
from casework.services import registers, reviews
from casework.services.registers import OfferChild
from casework.services.reviews import SaveReview
from casework.services.trails import Sought
from tests.http.policy_world import (
    NOWHERE,
    PEOPLE,
    STRANGERS,
    World,
    about_case,
    about_office,
    denied,
    same,
    world,  # noqa: F401 - a fixture
)
from tests.pictures import photo

ROOT = Path(__file__).parents[2]


ELSEWHERE: Mapping[Action, str] = {
    "compare": "test_a_paper_is_compared_as_the_table_says",
    "export_trail": "test_a_page_of_the_trail_and_of_letters_is_answered_as_the_table_says",
    "sign_review": "test_a_page_of_the_trail_and_of_letters_is_answered_as_the_table_says",
    "see_settings": "test_settings_are_seen_and_questions_answered_as_the_table_says",
    "answer_question": "test_settings_are_seen_and_questions_answered_as_the_table_says",
    "manage_accounts": "test_accounts_are_managed_as_the_table_says",
    "see_letters": "test_a_page_of_the_trail_and_of_letters_is_answered_as_the_table_says",
    "find": "test_a_list_shows_the_line_by_name_by_initials_or_not_at_all",
    "read_deliberation": "test_a_house_is_told_its_own_part_only",
    "open_process": "test_a_process_is_heard_of_as_the_table_says",
    "hear_task": "test_a_process_is_heard_of_as_the_table_says",
    "open_record": "test_a_record_is_opened_as_the_table_says",
    "sign": "test_a_form_is_signed_as_the_table_says",
    "advance": "test_a_step_is_asked_for_as_its_own_row_says",
    "list_hosts": "test_the_register_of_hosts_is_whole_or_the_own_house",
    "add_attachment": "test_a_picture_is_added_and_withdrawn_as_the_table_says",
    "withdraw_attachment": "test_a_picture_is_added_and_withdrawn_as_the_table_says",
    "handle_data_request": "test_requests_about_data_are_handled_as_the_table_says",
    "decide_data_request": "test_requests_about_data_are_handled_as_the_table_says",
    "break_glass": "test_the_glass_is_broken_and_reviewed_as_the_table_says",
    "review_glass": "test_the_glass_is_broken_and_reviewed_as_the_table_says",
    "delegate": "test_standing_in_is_arranged_as_the_table_says",
    "arrange_delegation": "test_standing_in_is_arranged_as_the_table_says",
    "arrange_cover": "test_standing_in_is_arranged_as_the_table_says",
}
"""Actions that are asked in a test of their own below."""
BEYOND: Mapping[Action, tuple[str, str, str]] = {
    "supersede": (
        "a record is superseded once",
        "tests/services/test_review_persons.py",
        "test_a_house_cannot_take_away_the_report_of_an_incident_in_it",
    ),
    "complete_task": (
        "it needs a task that no form settles",
        "tests/http/test_registers.py",
        "test_a_task_that_no_form_settles_is_reported_as_done_over_http",
    ),
    "withdraw": ("who asked would do it, nobody else can", "tests/services/test_approvals.py", "test_only_who_asked_withdraws"),
    "ratify": (
        "it needs an emergency",
        "tests/services/test_ratifications.py",
        "test_who_ratifies_an_emergency_follows_from_where_the_child_went",
    ),
    "enter_late": (
        "it would be entered",
        "tests/services/test_late_entry.py",
        "test_a_supervisor_may_enter_an_emergency_of_last_week_or_before",
    ),
    "bring_census": (
        "the command line only",
        "tests/services/test_import.py",
        "test_only_who_keeps_the_register_of_this_office_brings_lists_in",
    ),
    "add_entry": ("each kind has people of its own", "tests/services/test_house_entries.py", "test_nobody_but_the_office_adds_an_entry"),
    "see_to_house": (
        "a list: whoever may see none sees an empty one",
        "tests/services/test_house_entries.py",
        "test_the_house_and_the_supervisor_see_what_is_near_and_the_head_what_is_past",
    ),
    "read_reasons": (
        "it needs a request that was turned down",
        "tests/services/test_access.py",
        "test_why_a_request_was_turned_down_is_told_as_the_policy_says",
    ),
    "has_work": (
        "a list: whoever may have none has an empty one",
        "tests/services/test_work.py",
        "test_who_is_asked_for_nothing_by_a_date_has_no_work_list",
    ),
    "lead": (
        "a list: whoever leads nothing has an empty one",
        "tests/services/test_caseload.py",
        "test_nothing_is_overdue_until_it_is_and_then_all_of_it_page_by_page",
    ),
    "approve_migration": (
        "it needs a request for another version",
        "tests/http/test_migrations.py",
        "test_it_is_asked_for_by_one_and_approved_by_a_head",
    ),
    "erase": (
        "it needs a case that ended years ago",
        "tests/services/test_erasure.py",
        "test_only_the_head_erases_on_a_basis_and_never_who_took_it_in",
    ),
}
"""Actions that this world cannot ask one by one: why, and the test that does."""
ABOUT_CASE: tuple[Action, ...] = (
    *(
        "open_case",
        "read_identity",
        "open_paper",
        "open_decision",
        "assign",
        "ask_field",
        "verify",
        "attach",
        "add_relative",
        "offer_place",
    ),
    *("answer_offer", "ask_correction", "approve_correction", "decide", "open_attachment"),
)
ABOUT_OFFICE: tuple[Action, ...] = (
    *("register", "find_children", "open_host", "add_host", "waive", "change_host", "change_staff", "advance_host", "add_body"),
    *("write_complaint", "know_complaint", "triage_complaint", "handle_breach", "use_desk", "count", "read_trail"),
    *("request_migration", "follow_report"),
)


HELD_BY_NOBODY = frozenset({"glass_reader"})
"""No seat gives it: who broke the glass has it for an hour (tests/services/test_glass.py)."""


def test_every_action_of_the_table_is_tried_somewhere() -> None:
    assert sorted((*ABOUT_CASE, *ABOUT_OFFICE, *ELSEWHERE, *BEYOND)) == sorted(ACTIONS)
    assert {*ELSEWHERE.values()} <= globals().keys()
    for _why, file, test in BEYOND.values():
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), test
    assert frozenset().union(*PEOPLE.values()) == {*CAPACITIES} - HELD_BY_NOBODY


@pytest.mark.parametrize("action", ABOUT_CASE)
def test_an_action_about_a_case_is_answered_as_the_table_says(world: World, action: Action) -> None:
    wrong = []
    for by, held in PEOPLE.items():
        answer = world.ask(by, about_case(world)[action])
        if denied(answer) == policy.may(held, action):
            wrong.append((by, answer.status_code, answer.text[:200]))
        elif denied(answer):
            assert (answer.status_code == 404) == (not policy.may(held, "find") or answer.request.method == "GET"), (by, answer.text)
    assert wrong == []


@pytest.mark.parametrize("action", ABOUT_CASE)
def test_to_a_stranger_the_case_is_exactly_one_that_does_not_exist(world: World, action: Action) -> None:
    method, path, body = about_case(world)[action]
    known = path.split("/")[3]
    for by in (*STRANGERS, "wahyu", "dian", "atun"):
        there = world.ask(by, (method, path, body), version=7)
        nowhere = world.ask(by, (method, path.replace(known, NOWHERE), body), version=7)
        assert there.status_code == nowhere.status_code == 404, (by, there.text)
        assert same(there) == same(nowhere)


@pytest.mark.parametrize("action", ABOUT_OFFICE)
def test_an_action_about_no_case_is_answered_as_the_table_says(world: World, action: Action) -> None:
    wrong = []
    for by, held in PEOPLE.items():
        of = "foster_family" if action == "add_host" else "*"
        answer = world.ask(by, about_office(world)[action], version=999 if action in {"change_host", "advance_host"} else None)
        if denied(answer) == policy.may(held, action, of):
            wrong.append((by, answer.status_code, answer.text[:200]))
    assert wrong == []


def test_a_paper_is_compared_as_the_table_says(world: World) -> None:
    """Nothing is compared here: whoever may is asked about the paper that they attached themselves."""
    for by, held in PEOPLE.items():
        paper = world.own_paper if by == "maya" else world.one("SELECT id FROM document ORDER BY id")
        answer = world.ask(by, ("POST", f"/api/cases/{world.case}/documents/{paper}/comparison", None))
        assert denied(answer) != policy.may(held, "compare"), (by, answer.text)
        assert denied(answer) or "four_eyes" in answer.text, (by, answer.text)


def test_a_page_of_the_trail_and_of_letters_is_answered_as_the_table_says(world: World) -> None:
    """Pages of the same services. What is allowed shows them, or is invalid on purpose; what is denied is not found, or says who may."""
    sought, day = Sought(case=world.story.row["number"]), world.story.now.date().isoformat()
    reviewed = {
        by: world.story.do(reviews.save_review, by, SaveReview(sought=sought, notes="Diperiksa")).id for by in ("yusuf", "nadia", "dian")
    }
    asked: Mapping[Action, tuple[str, str, Mapping[str, str]]] = {
        "see_letters": ("GET", "/letters", {}),
        "export_trail": ("POST", "/trail/export", {"format": "jsonl", "since": day, "until": day}),
        "sign_review": ("POST", "/trail/reviews/{}/signature", {"digest": "x"}),
    }
    for action, (method, path, typed) in asked.items():
        for number, (by, held) in enumerate(PEOPLE.items()):
            who = world.enter(by)
            sent = {"data": {"csrf": who.csrf, "key": f"{action}-{number:016d}", **typed}} if method == "POST" else {}
            answer = who.ask(method, path.format(reviewed.get(by, reviewed["dian"])), headers={"accept": "text/html"}, **sent)
            own = action == "sign_review" and by in reviewed
            assert own or (answer.status_code == 200) == policy.may(held, action), (by, action, answer.status_code)
            assert not own or ("Pemohon dan para penyetuju" in answer.text and policy.may(held, action)), (by, answer.text)


def test_accounts_are_managed_as_the_table_says(world: World) -> None:
    """Every page of them; nothing changes here: what is sent is wrong on purpose."""
    account = world.story.who("sari").account
    for number, (by, held) in enumerate(PEOPLE.items()):
        who, may = world.enter(by), policy.may(held, "manage_accounts")
        for page in ("", "/people", "/people/new", f"/people/{account}", "/offices"):
            assert (who.ask("GET", f"/admin{page}", headers={"accept": "text/html"}).status_code == 200) == may, (by, page)
        for path, status in (("people", 422), ("offices", 422), (f"people/{account}/seats", 422), (f"people/{account}/seats/x/end", 404)):
            sent = {"csrf": who.csrf, "key": f"accounts-{number:04d}-{path[-9:]}"}
            answer = who.ask("POST", f"/admin/{path}", data=sent, headers={"accept": "text/html"})
            assert (answer.status_code == status) == may or not may, (by, path, answer.status_code)
            assert may or answer.status_code in {404, 409}, (by, path, answer.status_code)


def test_settings_are_seen_and_questions_answered_as_the_table_says(world: World) -> None:
    """Nothing is answered here: the day of the letter is none."""
    said = {"question": "pksai", "answer": "Belum ada.", "answered_by": "Kepala Dinas", "answered_on": "2026-02-31", "reference": "1/2026"}
    for number, (by, held) in enumerate(PEOPLE.items()):
        who, accept = world.enter(by), {"accept": "text/html"}
        assert (who.ask("GET", "/admin/settings", headers=accept).status_code == 200) == policy.may(held, "see_settings"), by
        sent = {"csrf": who.csrf, "key": f"answers-{number:012d}", **said}
        answer = who.ask("POST", "/admin/settings/answers", data=sent, headers=accept)
        assert (answer.status_code == 422) == policy.may(held, "answer_question"), (by, answer.status_code)


def test_standing_in_is_arranged_as_the_table_says(world: World) -> None:
    office = world.story.play.cast.offices["dinas"]
    for by, held in PEOPLE.items():
        role = "dinas_head" if by == "yusuf" else "supervisor"
        given = {"taker": "tidak.ada", "role": role, "office": office, "days": 1}
        answer = world.ask(by, ("POST", "/api/delegations", given))
        assert denied(answer) != policy.may(held, "delegate", "decide"), (by, answer.text)
        answer = world.ask(by, ("POST", "/api/delegations", {**given, "giver": "bambang" if by != "bambang" else "yusuf"}))
        assert denied(answer) != policy.may(held, "arrange_delegation"), (by, answer.text)
        answer = world.ask(by, ("POST", "/api/covers", {"absent": "tidak.ada", "taker": "tidak.ada", "office": office, "days": 1}))
        assert denied(answer) != policy.may(held, "arrange_cover"), (by, answer.text)
        assert world.ask(by, ("GET", "/api/delegations", None)).json() == []
        assert world.ask(by, ("POST", f"/api/delegations/{NOWHERE}/end", None)).status_code == 404


def test_the_glass_is_broken_and_reviewed_as_the_table_says(world: World) -> None:
    """Nothing is broken here: the reason is too short. What is broken is tried in tests/services/test_glass.py."""
    case = f"/api/cases/{world.case}/glass"
    why = {"code": "legal_duty", "reason": "x         "}
    for by, held in PEOPLE.items():
        answer = world.ask(by, ("POST", case, why))
        story = policy.may(held, "open_record")
        assert (answer.status_code == 422) == (policy.may(held, "break_glass") and not story), (by, answer.text)
        assert (answer.status_code == 409 and "already_done" in answer.text) == story, (by, answer.text)
        seen = policy.may(held, "review_glass")
        assert (world.ask(by, ("GET", case, None)).status_code == 200) == seen, by
        found = world.ask(by, ("POST", f"{case}/{NOWHERE}/review", {"finding": "justified", "note": "Sudah diperiksa."}))
        assert ("role_not_allowed" in found.text) == (policy.may(held, "find") and not seen), (by, found.text)
    for by in STRANGERS:
        there = world.ask(by, ("POST", case, why))
        nowhere = world.ask(by, ("POST", f"/api/cases/{NOWHERE}/glass", why))
        assert same(there) == same(nowhere), by


def test_requests_about_data_are_handled_as_the_table_says(world: World) -> None:
    asked = {"case": world.case, "kind": "access", "applicant": "parent", "shown": "nothing"}
    refused = {"outcome": "refused", "reason": "not_entitled"}
    for by, held in PEOPLE.items():
        taken = world.ask(by, ("POST", "/api/data-requests", asked))
        handles = policy.may(held, "handle_data_request")
        assert (taken.status_code == 201) == handles, (by, taken.text)
        assert (world.ask(by, ("GET", "/api/data-requests", None)).status_code == 200) == handles, by
        made = world.ask("maya", ("POST", "/api/data-requests", asked)).json()["id"]
        decided = world.ask(by, ("POST", f"/api/data-requests/{made}/decision", refused), version=1)
        assert (decided.status_code == 200) == (policy.may(held, "decide_data_request") and by != "maya"), (by, decided.text)
    for by in STRANGERS:
        there = world.ask(by, ("POST", "/api/data-requests", asked))
        nowhere = world.ask(by, ("POST", "/api/data-requests", asked | {"case": NOWHERE}))
        assert same(there) == same(nowhere), by


def test_a_picture_is_added_and_withdrawn_as_the_table_says(world: World) -> None:
    """Nothing changes here: the picture is there already, and who asks to withdraw it names a version that is past.

    It belongs to a sheet: who may not read that one adds nothing to it.
    """
    case, picture = f"/api/cases/{world.case}/attachments", world.one("SELECT id FROM attachment")
    sheet = world.one("SELECT record_id FROM attachment")
    sent: dict[str, Any] = {"content": photo(), "headers": {"content-type": "image/jpeg"}}
    for by, held in PEOPLE.items():
        answer = world.enter(by).post(f"{case}?kind=police_statement&record={sheet}", version=world.story.row["seq"], **sent)
        adds = policy.may(held, "add_attachment") and policy.may(held, "open_record", "F05")
        assert denied(answer) != adds, (by, answer.text)
        assert "already_done" in answer.text or denied(answer), (by, answer.text)
        gone = world.ask(by, ("POST", f"{case}/{picture}/withdrawal", {"why": "twice"}), version=1)
        assert (gone.status_code == 412) == policy.may(held, "find"), (by, gone.text)
        (line, *_) = world.ask(by, ("GET", f"/api/cases/{world.case}", None)).json().get("attachments") or [{}]
        assert bool(line.get("may_withdraw")) == policy.may(held, "withdraw_attachment"), by
    for by in STRANGERS:
        there = world.enter(by).post(f"{case}?kind=other", version=7, **sent)
        nowhere = world.enter(by).post(f"/api/cases/{NOWHERE}/attachments?kind=other", version=7, **sent)
        assert same(there) == same(nowhere), by


@pytest.mark.parametrize("form", KINDS)
def test_a_form_is_signed_as_the_table_says(world: World, form: str) -> None:
    for by, held in PEOPLE.items():
        answer = world.ask(by, ("POST", f"/api/cases/{world.case}/records", {"form": form, "body": {"nothing": "of this"}}))
        assert denied(answer) != (policy.may(held, "find") and policy.may(held, "sign", form)), (by, answer.text)


def test_a_record_is_opened_as_the_table_says(world: World) -> None:
    rows = world.story.rows("SELECT min(id) AS id, form, author FROM record GROUP BY form, author")
    assert len({row["form"] for row in rows}) > 9
    for row in rows:
        for by, held in PEOPLE.items():
            if row["author"] != world.story.who(by).person:
                answer = world.ask(by, ("GET", f"/api/cases/{world.case}/records/{row['id']}", None))
                assert (answer.status_code == 200) == policy.may(held, "open_record", row["form"]), (by, row["form"], answer.text)


def test_a_step_is_asked_for_as_its_own_row_says(world: World) -> None:
    rows = {arc.trigger: CARE.transition(arc.source, arc.trigger) for arc in CARE.arcs if arc.source == world.story.state}
    assert len(rows) > 5
    for trigger, row in rows.items():
        for by, held in PEOPLE.items():
            answer = world.ask(by, ("POST", f"/api/cases/{world.case}/transitions", {"trigger": trigger}))
            assert denied(answer) == (row is None or held.isdisjoint(row.by)), (by, trigger, answer.text)


def test_a_list_shows_the_line_by_name_by_initials_or_not_at_all(world: World) -> None:
    name = world.story.personal("child", "name", where="id = ?", values=(world.story.row["child_id"],))[0][0]
    number = world.story.row["number"]
    for by, held in [*PEOPLE.items(), *((one, frozenset[str]()) for one in STRANGERS)]:
        lines = world.ask(by, ("GET", f"/api/cases?named={number}", None)).json()
        shown: Verdict = "deny" if not lines else ("allow" if lines[0]["name"] == name else "mask")
        assert shown == policy.ruled(held, "find").verdict, by


def test_a_house_is_told_its_own_part_only(world: World) -> None:
    world.story.do(registers.offer_child, "sari", OfferChild(case=world.case, host=world.story.play.cast.hosts["kasih"]))
    for by, held in PEOPLE.items():
        if policy.may(held, "open_case"):
            view = world.ask(by, ("GET", f"/api/cases/{world.case}", None)).json()
            assert (len(view["offers"]) > 1) == (policy.ruled(held, "read_deliberation").verdict == "allow"), by
            assert view["may"] == [action for action in ACTIONS if policy.may(held, action)]


def test_a_process_is_heard_of_as_the_table_says(world: World) -> None:
    machines = {row["machine"] for row in world.story.rows("SELECT machine FROM process WHERE case_id = ?", world.case)}
    tasks = {row["kind"] for row in world.story.rows("SELECT kind FROM task WHERE case_id = ?", world.case)}
    for by, held in PEOPLE.items():
        if policy.may(held, "open_case"):
            view = world.ask(by, ("GET", f"/api/cases/{world.case}", None)).json()
            assert {one["machine"] for one in view["processes"]} == {one for one in machines if policy.may(held, "open_process", one)}, by
            assert {one["kind"] for one in view["tasks"]} == {one for one in tasks if policy.may(held, "hear_task", one)}, by


def test_the_register_of_hosts_is_whole_or_the_own_house(world: World) -> None:
    every = {row["id"] for row in world.story.rows("SELECT id FROM host")}
    shown_by: dict[Verdict, set[str]] = {"allow": every, "mask": {world.host}, "deny": set()}
    for by, held in PEOPLE.items():
        shown = {host["id"] for host in world.ask(by, ("GET", "/api/hosts", None)).json()}
        assert shown == shown_by[policy.ruled(held, "list_hosts").verdict], by


def test_the_journal_names_the_row_and_the_table_that_let_an_attempt_pass(world: World) -> None:
    passed = {entry.kind: entry.rules.policy for entry in world.story.entries()}
    assert passed["record_signed"].partition("@")[2] == passed["approval_requested"].partition("@")[2] == policy.DIGEST
    assert passed["approval_requested"].startswith("step@")
    world.ask("iwan", ("POST", f"/api/cases/{world.case}/assignment", {"person": "nobody"}))
    assert world.story.attempts("iwan")[-1].rules.policy == f"denied@{policy.DIGEST}"
