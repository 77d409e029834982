"""Somebody else's case does not exist; a role sees what it needs; who audits changes nothing."""

import inspect
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, get_type_hints

import msgspec
import pytest

from casework.errors import NotFound, Refusal
from casework.machines import policy
from casework.machines.facts import WITA
from casework.services import (
    approvals,
    caseload,
    cases,
    corrections,
    decisions,
    filed,
    journals,
    lists,
    processes,
    proposals,
    records,
    registers,
    views,
)
from casework.services.approvals import DecideApproval, RequestApproval, WithdrawApproval
from casework.services.cases import AdvanceCase, AssignCase, RegisterCase
from casework.services.corrections import ApproveIdentityChange, RequestIdentityChange
from casework.services.keyset import Page
from casework.services.processes import AdvanceHost, AdvanceProcess, AdvanceStaff
from casework.services.records import (
    AttachDocument,
    CompareDocument,
    CompleteTask,
    OpenEvidence,
    SaveDraft,
    SignRecord,
    VerifyRecord,
)
from casework.services.registers import AddBody, AddHost, AddRelative, AddStaff, AnswerOffer, ChangeHost, ChangeStaff, OfferChild
from casework.store import cases as case_rows
from casework.store.instants import to_text
from tests.services.story import PARAMS, Story, open_store
from tests.services.ways import ADMISSION

Service = Callable[..., Any]
NOWHERE = "0" * 26


def asks(story: Story, case: str) -> dict[str, tuple[Service, msgspec.Struct]]:
    """Return one ask for every command about a case, all of it well formed and about things that exist."""
    host, record = story.play.cast.hosts["harapan"], story.play.filed[-1][1]
    paper = story.rows("SELECT id FROM document")[0][0]
    request = story.rows("SELECT id, digest FROM approval_request WHERE kind = 'decision' ORDER BY id DESC")[0]
    change = story.rows("SELECT id FROM identity_change")[0][0]
    task = story.rows("SELECT id FROM task")[0][0]
    offered = story.rows("SELECT id FROM process WHERE machine = 'placement'")[0][0]
    said: list[tuple[Service, msgspec.Struct]] = [
        (cases.assign_case, AssignCase(case=case, person=story.person("maya"))),
        (cases.advance_case, AdvanceCase(case=case, trigger="admit_to_institution", subject=story.subject(host="harapan"))),
        (records.save_draft, SaveDraft(case=case, form="F11", body={"belongings": "tas"})),
        (records.sign_record, SignRecord(case=case, form="F06", body=story.body("F06"))),
        (records.verify_record, VerifyRecord(case=case, record=record)),
        (
            records.attach_document,
            AttachDocument(case=case, kind="birth_certificate", number="1", issuer="x", issued_on="2026-03-01"),
        ),
        (records.compare_document, CompareDocument(case=case, document=paper)),
        (records.complete_task, CompleteTask(case=case, task=task, note="sudah")),
        (records.open_evidence, OpenEvidence(case=case, items=(record, paper))),
        (approvals.request_approval, RequestApproval(case=case, trigger="support_family")),
        (approvals.decide_approval, DecideApproval(case=case, request=request["id"], decision="approve", digest=request["digest"])),
        (approvals.withdraw_approval, WithdrawApproval(case=case, request=request["id"])),
        (registers.add_relative, AddRelative(case=case, name="Bibi", relation="bibi", degree=3)),
        (registers.offer_child, OfferChild(case=case, host=host)),
        (registers.answer_offer, AnswerOffer(case=case, host=host, accepted=True)),
        (corrections.request_identity_change, RequestIdentityChange(case=case, field="name", new_value="Baru", document=paper)),
        (corrections.approve_identity_change, ApproveIdentityChange(case=case, change=change)),
        (processes.advance_process, AdvanceProcess(case=case, process=offered, trigger="cancel")),
    ]
    return {service.__name__: (service, ask) for service, ask in said}


def commands() -> Iterator[tuple[str, type[msgspec.Struct]]]:
    """Yield every command of the services with the Struct it asks for."""
    for module in (cases, records, approvals, registers, corrections, processes):
        for name, service in vars(module).items():
            verb = getattr(service, "__wrapped__", None)
            if verb is not None and verb.__module__ == module.__name__ and "ask" in inspect.signature(verb).parameters:
                yield name, get_type_hints(verb)["ask"]


ABOUT_A_CASE = sorted(name for name, ask in commands() if "case" in ask.__struct_fields__)
ABOUT_NO_CASE = sorted(name for name, ask in commands() if "case" not in ask.__struct_fields__)
OUTSIDERS = ("lain", "lain_supervisor", "lain_kepala", "fauzan", "wahyu", "atun", "putri", "usang")
"""Three of another office, the head of another institution, the province, an admin, a data officer, a worker with a lapsed certificate."""


@pytest.fixture(scope="module")
def peopled(beginnings: Any) -> Iterator[Story]:
    """A case ready for admission, with one of everything, and people to whom it is nothing."""
    story = beginnings.story(*ADMISSION)
    office = story.other_office()
    story.enrol("lain", "social_worker", office)
    story.enrol("lain_supervisor", "supervisor", office)
    story.enrol("lain_kepala", "dinas_head", office)
    story.enrol("atun", "admin")
    story.enrol("putri", "data_protection_officer")
    story.enrol("usang", "social_worker", certificate=(story.now - timedelta(days=1)).date().isoformat())
    paper = AttachDocument(case=story.case, kind="birth_certificate", number="1", issuer="x", issued_on="2026-03-01")
    made = story.do(records.attach_document, "sari", paper).id
    ask = RequestIdentityChange(case=story.case, field="name", new_value="Baru", document=made)
    story.do(corrections.request_identity_change, "sari", ask)
    story.wish("admit_to_institution", host="harapan")
    yield story
    story.close()


def test_every_command_about_a_case_is_tried_here(peopled: Story) -> None:
    assert sorted(asks(peopled, peopled.case)) == ABOUT_A_CASE


@pytest.mark.parametrize("name", ABOUT_A_CASE)
def test_somebody_elses_case_is_not_found_by_any_command_and_nothing_changes(peopled: Story, name: str) -> None:
    service, ask = asks(peopled, peopled.case)[name]
    before = peopled.dump()
    for by in OUTSIDERS:
        theirs = _words(peopled, service, by, ask)
        assert theirs == _words(peopled, service, by, msgspec.structs.replace(ask, case=NOWHERE)), by
    after = peopled.dump()
    assert {table for table in before if before[table] != after[table]} == {"actor_event"}


def _words(story: Story, service: Service, by: str, ask: msgspec.Struct) -> str:
    with pytest.raises(NotFound) as caught:
        story.do(service, by, ask)
    return str(caught.value)


@pytest.mark.parametrize("by", OUTSIDERS)
def test_somebody_elses_case_is_not_found_by_any_question(peopled: Story, by: str) -> None:
    record = peopled.play.filed[-1][1]
    request = peopled.rows("SELECT id FROM approval_request WHERE kind = 'decision'")[0][0]
    questions: tuple[tuple[Any, ...], ...] = (
        (views.show_case, peopled.case),
        (journals.journal_of, peopled.case),
        (filed.show_record, peopled.case, record),
        (proposals.begun_form, peopled.case, "F03"),
        (decisions.show_decision, request),
    )
    for asked, *about in questions:
        with pytest.raises(NotFound):
            asked(peopled.store, peopled.call(by), *about)
    assert lists.list_cases(peopled.store, peopled.call(by), named="Raka") == ()
    assert decisions.waiting_decisions(peopled.store, peopled.call(by)) == Page()
    assert caseload.caseload(peopled.store, peopled.call(by)) == Page()
    assert caseload.caseload(peopled.store, peopled.call(by), order="due") == Page()
    assert caseload.overdue_tasks(peopled.store, peopled.call(by)) == Page()


def test_a_version_that_is_wrong_tells_an_outsider_nothing(peopled: Story) -> None:
    service, ask = asks(peopled, peopled.case)["sign_record"]
    assert peopled.refused(service, "lain", ask, seen=1) == {"not_found"}


@pytest.mark.parametrize("name", ABOUT_A_CASE)
def test_an_auditor_sees_the_case_and_changes_nothing_in_it(peopled: Story, name: str) -> None:
    service, ask = asks(peopled, peopled.case)[name]
    before = peopled.dump()
    codes = peopled.refused(service, "nadia", ask)
    after = peopled.dump()
    assert codes == (set() if name == "open_evidence" else {"role_not_allowed"})
    assert {table for table in before if before[table] != after[table]} <= {"actor_event"}
    assert after["read_receipt"] == before["read_receipt"]


@pytest.mark.parametrize("name", ABOUT_NO_CASE)
def test_an_auditor_changes_no_register(peopled: Story, name: str) -> None:
    host, staff = peopled.play.cast.hosts["harapan"], peopled.play.cast.staff["harapan", "Dewi Kartika"]
    said: dict[str, tuple[Service, msgspec.Struct]] = {
        "register_case": (cases.register_case, peopled.report()),
        "add_host": (registers.add_host, AddHost(name="Rumah", kind="kin_household")),
        "change_host": (registers.change_host, ChangeHost(host=host, capacity=1)),
        "add_staff": (registers.add_staff, AddStaff(host=host, name="x", duty="y")),
        "change_staff": (registers.change_staff, ChangeStaff(staff=staff, code_signed_on=None)),
        "add_body": (registers.add_body, AddBody(name="Badan", kind="ngo")),
        "advance_host": (processes.advance_host, AdvanceHost(host=host, trigger="restrict")),
        "advance_staff": (processes.advance_staff, AdvanceStaff(host=host, staff=staff, trigger="suspend")),
    }
    assert sorted(said) == ABOUT_NO_CASE
    assert peopled.refused(*said[name][:1], "nadia", said[name][1]) == {"role_not_allowed"}
    assert peopled.refused(*said[name][:1], "halimah", said[name][1]) == {"role_not_allowed"}
    assert peopled.refused(*said[name][:1], "atun", said[name][1]) == {"role_not_allowed"}


def test_an_auditor_sees_initials_no_numbers_and_no_record(peopled: Story) -> None:
    shown = views.show_case(peopled.store, peopled.call("nadia"), peopled.case)
    assert (shown.child.masked, shown.child.name, shown.child.nik, shown.child.mother_name) == (True, "R. P.", "", "")
    assert {(paper.number, paper.issuer) for paper in shown.papers} == {("", "")}
    with pytest.raises(NotFound):
        filed.show_record(peopled.store, peopled.call("nadia"), peopled.case, peopled.play.filed[-1][1])


def seen_by(story: Story, by: str) -> bool:
    try:
        views.show_case(story.store, story.call(by), story.case)
    except NotFound:
        return False
    return True


def test_an_institution_sees_a_child_from_the_offer_on_and_no_other(reported: Story) -> None:
    assert not seen_by(reported, "halimah")
    reported.do(registers.offer_child, "sari", OfferChild(case=reported.case, host=reported.play.cast.hosts["harapan"]))
    assert seen_by(reported, "halimah")
    assert seen_by(reported, "anton")
    assert not seen_by(reported, "fauzan")


def test_an_institution_that_declined_sees_the_child_no_more(reported: Story) -> None:
    host = reported.play.cast.hosts["harapan"]
    reported.do(registers.offer_child, "sari", OfferChild(case=reported.case, host=host))
    reported.do(registers.answer_offer, "halimah", AnswerOffer(case=reported.case, host=host, accepted=False, reason="Penuh."))
    assert not seen_by(reported, "halimah")
    assert caseload.caseload(reported.store, reported.call("halimah")) == Page()


def test_an_institution_sees_its_own_child_and_not_after_the_child_has_left(tell: Callable[..., Story]) -> None:
    story = tell(*ADMISSION, "institutional_care")
    assert seen_by(story, "halimah")
    assert [line.id for line in caseload.caseload(story.store, story.call("halimah"))] == [story.case]
    story = tell(*ADMISSION, "institutional_care", "trial_home_stay")
    assert seen_by(story, "halimah"), "the bed is held"
    story = tell(*ADMISSION, "institutional_care", "trial_home_stay", "reintegration")
    assert not seen_by(story, "halimah")
    assert caseload.caseload(story.store, story.call("halimah")) == Page()


def test_an_institution_that_accepted_sees_the_child_until_the_child_is_placed_elsewhere(admission: Story) -> None:
    assert [line.id for line in caseload.caseload(admission.store, admission.call("halimah"))] == [admission.case]
    admission.do(registers.offer_child, "sari", OfferChild(case=admission.case, host=admission.play.cast.hosts["nur"]))
    request = admission.wish("admit_to_institution", host="harapan")
    admission.decide(request, "bambang")
    admission.decide(request, "yusuf")
    admission.advance("admit_to_institution", host="harapan")
    assert seen_by(admission, "halimah")
    assert not seen_by(admission, "fauzan")


def test_an_institution_reads_no_assessment_and_no_option_sheet_of_the_child(tell: Callable[..., Story]) -> None:
    story = tell(*ADMISSION, "institutional_care")
    by_form = {row["form"]: row["id"] for row in story.rows("SELECT form, id FROM record")}
    for form in ("F03", "F04", "F05", "F06", "F07"):
        with pytest.raises(NotFound):
            filed.show_record(story.store, story.call("halimah"), story.case, by_form[form])
    assert filed.show_record(story.store, story.call("halimah"), story.case, by_form["F11"]).record.form == "F11"


def test_what_is_not_for_ones_eyes_gets_no_receipt_and_no_entry(tell: Callable[..., Story]) -> None:
    story = tell(*ADMISSION, "institutional_care")
    by_form = {row["form"]: row["id"] for row in story.rows("SELECT form, id FROM record")}
    before = story.count()
    story.do(records.open_evidence, "halimah", OpenEvidence(case=story.case, items=(by_form["F05"], "nothing")))
    assert story.count() == before
    story.do(records.open_evidence, "halimah", OpenEvidence(case=story.case, items=(by_form["F05"], by_form["F11"])))
    assert story.attempts("halimah")[-1].items == (by_form["F11"],)


def test_only_the_head_of_the_institution_that_was_asked_answers(reported: Story) -> None:
    host, other = reported.play.cast.hosts["harapan"], reported.play.cast.hosts["nur"]
    for each in (host, other):
        reported.do(registers.offer_child, "sari", OfferChild(case=reported.case, host=each))
    yes = AnswerOffer(case=reported.case, host=host, accepted=True)
    assert reported.refused(registers.answer_offer, "fauzan", yes) == {"not_found"}
    assert reported.refused(registers.answer_offer, "anton", yes) == {"role_not_allowed"}
    assert reported.refused(registers.answer_offer, "sari", yes) == {"role_not_allowed"}
    assert reported.refused(registers.answer_offer, "halimah", yes) == set()
    assert reported.refused(registers.answer_offer, "halimah", yes) == {"already_done"}


def test_declining_needs_a_reason(reported: Story) -> None:
    host = reported.play.cast.hosts["harapan"]
    reported.do(registers.offer_child, "sari", OfferChild(case=reported.case, host=host))
    assert reported.refused(registers.answer_offer, "halimah", AnswerOffer(case=reported.case, host=host, accepted=False)) == {"invalid"}


@pytest.mark.parametrize("to", ["iwan", "bambang", "yusuf", "halimah", "nadia"])
def test_a_case_is_given_to_a_social_worker_only(reported: Story, to: str) -> None:
    ask = AssignCase(case=reported.case, person=reported.person(to))
    assert reported.refused(cases.assign_case, "bambang", ask) == {"invalid"}


def test_a_case_is_given_to_nobody_of_another_office_and_to_nobody_unknown(reported: Story) -> None:
    other = reported.enrol("lain", "social_worker", reported.other_office())
    for person in (other.person, "nobody", ""):
        assert reported.refused(cases.assign_case, "bambang", AssignCase(case=reported.case, person=person)) == {"invalid"}


@pytest.mark.parametrize("by", ["sari", "maya", "iwan", "nadia"])
def test_only_supervisors_and_the_head_give_cases_to_workers(reported: Story, by: str) -> None:
    reported.errand("iwan")
    ask = AssignCase(case=reported.case, person=reported.person("maya"))
    assert reported.refused(cases.assign_case, by, ask) == {"role_not_allowed"}


def test_a_second_account_counts_for_the_person_when_a_case_is_given(reported: Story) -> None:
    """Rina is a social worker with one account and a supervisor with another: she can be given a case, by herself as well as by others."""
    ask = AssignCase(case=reported.case, person=reported.person("rina"))
    assert reported.refused(cases.assign_case, "rina_supervisor", ask) == set()
    assert reported.row["assigned_to"] == reported.person("rina")


def test_one_case_more_than_a_worker_should_have_is_assigned_with_its_reason_only(tell: Callable[..., Story]) -> None:
    story, why = tell("reported"), "Sari mengenal adiknya."
    maya = story.person("maya")
    for _ in range(PARAMS.caseload_limit):
        story.do(cases.assign_case, "bambang", AssignCase(case=story.another_case(), person=maya))
    for reason in ("", "  ", "ya"):
        ask = AssignCase(case=story.case, person=maya, reason=reason)
        assert story.refused(cases.assign_case, "bambang", ask) == {"caseload_full"}
    with pytest.raises(Refusal) as no:
        story.do(cases.assign_case, "bambang", AssignCase(case=story.case, person=maya))
    assert f"{PARAMS.caseload_limit} kasus terbuka" in no.value.reasons[0].words.id
    assert "alasan" in no.value.reasons[0].fix.id
    story.do(cases.assign_case, "bambang", AssignCase(case=story.case, person=maya, reason=f" {why} "))
    assert story.rows("SELECT assigned_to FROM care_case WHERE id = ?", story.case)[0][0] == maya

    def told(by: str) -> set[str]:
        return {task.note for task in views.show_case(story.store, story.call(by), story.case).tasks if task.note}

    assert (told("bambang"), told("maya")) == ({why}, set())
    assert all(why.encode() not in bytes(row["body"]) for row in story.rows("SELECT body FROM event"))
    assert story.rows("SELECT count(*) FROM task WHERE kind = 'caseload' AND settled_at IS NULL")[0][0] == 0


def test_one_caseworker_more_than_the_supervisors_should_have_is_assigned_with_its_reason_only(tell: Callable[..., Story]) -> None:
    story, why = tell("reported"), "Dodo baru mulai, Bambang membimbingnya."
    story.store.close()
    story.store = story.play.store = open_store(story.database.target, msgspec.structs.replace(PARAMS, supervision_limit=1))
    dodo = story.enrol("dodo", "social_worker").person
    for known in ("maya", "rina"):
        story.do(cases.assign_case, "bambang", AssignCase(case=story.another_case(), person=story.person(known)))
    ask = AssignCase(case=story.another_case(), person=dodo)
    with pytest.raises(Refusal) as no:
        story.do(cases.assign_case, "bambang", ask)
    (reason,) = no.value.reasons
    assert (reason.code, reason.words.en) == (
        "supervision_full",
        "3 social workers of this office have open cases; the limit is 3, 1 for each supervisor.",
    )
    story.do(cases.assign_case, "bambang", msgspec.structs.replace(ask, reason=why))
    noted = [task for task in views.show_case(story.store, story.call("bambang"), ask.case).tasks if task.note]
    assert [(task.kind, task.note) for task in noted] == [("supervision", why)]
    assert story.refused(cases.assign_case, "bambang", AssignCase(case=story.another_case(), person=dodo)) == set()
    assert story.refused(cases.assign_case, "bambang", AssignCase(case=story.case, person=story.person("maya"))) == set()
    assert {("supervision_full",)} == {event.codes for event in story.attempts("bambang") if event.outcome == "refused"}


def test_the_former_worker_is_on_duty_only_once_the_case_is_anothers(reported: Story) -> None:
    reported.do(cases.assign_case, "bambang", AssignCase(case=reported.case, person=reported.person("maya")))
    assert reported.refused(cases.advance_case, "sari", reported.step("start_assessment")) == {"role_not_allowed"}
    assert reported.refused(cases.advance_case, "maya", reported.step("start_assessment")) == set()


def test_an_expired_certificate_takes_the_capacity_away_at_midnight_in_wita(reported: Story) -> None:
    today = reported.now.astimezone(WITA).date()
    nurul = reported.enrol("nurul", "social_worker", certificate=today.isoformat())
    reported.do(cases.assign_case, "bambang", AssignCase(case=reported.case, person=nurul.person))
    midnight = reported.now.astimezone(WITA).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    reported.play.now = midnight - timedelta(minutes=2)
    assert reported.refused(cases.advance_case, "nurul", reported.step("begin_planning")) == {"no_such_transition"}
    reported.play.now = midnight - timedelta(minutes=1)
    assert reported.refused(cases.advance_case, "nurul", reported.step("begin_planning")) == {"not_found"}
    assert date.fromisoformat(nurul.certificate_until or "") == today


def test_a_seat_that_ended_sees_nothing(reported: Story) -> None:
    assert seen_by(reported, "maya")
    ended = f"UPDATE assignment SET valid_until = '{to_text(reported.now)}' WHERE account_id = '{reported.who('maya').account}'"  # noqa: S608 - our own ids
    reported.wreck(ended)
    assert not seen_by(reported, "maya")


def test_a_duplicate_is_told_to_whoever_registers_the_child_again(reported: Story) -> None:
    ask = RegisterCase(intake=reported.report().intake, child_id=reported.row["child_id"])
    assert reported.refused(cases.register_case, "maya", ask) == {"duplicate_case"}


def test_why_a_request_was_turned_down_is_told_as_the_policy_says(kin: Story) -> None:
    kin.decide(kin.wish("place_with_kin", relative="bibi"), "bambang", "reject", reason="Bibi belum dikunjungi sama sekali")
    kin.errand("iwan")
    for by in ("sari", "maya", "bambang", "yusuf", "iwan", "nadia"):
        with kin.store.read(kin.call(by)) as unit:
            held = case_rows.capacities(unit, case_rows.get_case(unit, kin.case))
        shown = str(views.show_case(kin.store, kin.call(by), kin.case))
        assert ("belum dikunjungi" in shown) == policy.may(held, "read_reasons"), by
    assert "belum dikunjungi" in str(views.show_case(kin.store, kin.call("sari"), kin.case))
