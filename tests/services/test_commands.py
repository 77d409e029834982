"""What every command shares: one entry per attempt, one answer per key, and nothing else of an attempt that failed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from casework.errors import KeyReused, Refusal, StaleVersion
from casework.services import approvals, cases, field, records, registers
from casework.services.approvals import RequestApproval
from casework.services.cases import AssignCase
from casework.services.field import EndField
from casework.services.records import AttachDocument, SaveDraft, VerifyRecord
from casework.services.registers import AddRelative, OfferChild
from tests.services.story import Story

BESIDE_THE_CASE = ("actor_event", "answer")


def changed(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    """Return the tables that differ."""
    return {name for name in before if before[name] != after[name]}


def paper(story: Story) -> AttachDocument:
    return AttachDocument(case=story.case, kind="placement_order", number="12/P/2026", issuer="Pengadilan", issued_on="2026-03-01")


def test_every_done_command_writes_exactly_one_entry_and_moves_the_version_by_one(assessing: Story) -> None:
    story = assessing
    done: dict[str, Callable[[], object]] = {
        "record_signed": lambda: story.sign("F05", rung="nuclear"),
        "record_verified": lambda: story.do(records.verify_record, "maya", VerifyRecord(case=story.case, record=story.play.filed[-1][1])),
        "document_attached": lambda: story.do(records.attach_document, "sari", paper(story)),
        "relative_added": lambda: story.do(
            registers.add_relative, "sari", AddRelative(case=story.case, name="Bibi", relation="bibi", degree=3)
        ),
        "host_offered": lambda: story.do(registers.offer_child, "sari", OfferChild(case=story.case, host=story.play.cast.hosts["harapan"])),
        "approval_requested": lambda: story.wish("close_unfounded"),
        "field_asked": lambda: story.errand("iwan"),
        "field_ended": lambda: story.do(field.end_field, "sari", EndField(case=story.case, task=story.play.open_task("field_visit"))),
        "case_assigned": lambda: story.do(cases.assign_case, "bambang", AssignCase(case=story.case, person=story.person("maya"))),
    }
    for kind, deed in done.items():
        (own, others), version = story.count(), story.row["seq"]
        deed()
        assert story.count() == (own + 1, others), kind
        assert story.entries()[-1].kind == kind
        assert story.row["seq"] == version + 1


def test_a_refused_attempt_is_one_entry_of_the_actor_that_names_case_verb_codes_and_nothing_more(reported: Story) -> None:
    own, others = reported.count()
    codes = reported.refused(cases.advance_case, "sari", reported.step("admit_to_institution", host="harapan"))
    assert codes == {"no_such_transition"}
    assert reported.count() == (own, others + 1)
    entry = reported.attempts("sari")[-1]
    assert (entry.kind, entry.outcome, entry.case, entry.codes) == ("refused", "refused", reported.case, ("no_such_transition",))
    assert (entry.trigger, entry.source, entry.reason_code) == ("admit_to_institution", "reported", "advance_case")
    assert entry.actor.person == reported.person("sari")
    assert [*entry.evidence, *entry.items, *entry.approvals] == []
    row = reported.rows("SELECT case_id, outcome FROM actor_event ORDER BY recorded_at DESC LIMIT 1")[0]
    assert tuple(row) == (reported.case, "refused")


def test_a_refusal_with_many_reasons_is_one_entry_with_every_code_sorted(admission: Story) -> None:
    admission.later(days=31)
    codes = admission.refused(cases.advance_case, "sari", admission.step("admit_to_institution", host="harapan"))
    assert {"approval_missing", "child_view_recorded", "all_family_options_ruled_out"} <= codes
    assert admission.attempts("sari")[-1].codes == tuple(sorted(codes))


@pytest.mark.parametrize(("seen", "body", "code"), [(1, None, "stale_version"), (None, {}, "invalid"), (None, None, "role_not_allowed")])
def test_whatever_the_no_is_the_attempt_stays_in_the_journal_by_its_code(
    reported: Story, seen: int | None, body: dict[str, Any] | None, code: str
) -> None:
    by = "halimah" if code == "role_not_allowed" else "sari"
    if by == "halimah":
        reported.do(registers.offer_child, "sari", OfferChild(case=reported.case, host=reported.play.cast.hosts["harapan"]))
    ask = reported.form("F03") if body is None else msgspec.structs.replace(reported.form("F03"), body=body)
    assert reported.refused(records.sign_record, by, ask, seen=seen) == {code}
    entry = reported.attempts(by)[-1]
    assert (entry.kind, entry.codes, entry.reason_code, entry.case) == ("refused", (code,), "sign_record", reported.case)


def test_a_page_that_is_out_of_date_is_told_the_version_now(reported: Story) -> None:
    with pytest.raises(StaleVersion) as caught:
        reported.do(records.sign_record, "sari", reported.form("F03"), seen=1)
    assert caught.value.current == reported.row["seq"] == 2
    assert reported.do(records.sign_record, "sari", reported.form("F03"), seen=2).version == 3


def test_a_command_that_fails_half_way_leaves_nothing_but_its_refusal(tell: Any) -> None:
    """The step settles the tasks of the state it leaves before it finds that two carers are named."""
    story = tell("care_planning")
    aunt = story.do(registers.add_relative, "sari", AddRelative(case=story.case, name="Bibi", relation="bibi", degree=3)).id
    story.sign("F23", host="rpsa")
    before = story.dump()
    assert story.refused(cases.advance_case, "sari", story.step("place_in_emergency", host="rpsa", relative=aunt)) == {"invalid"}
    assert changed(before, story.dump()) == {"actor_event"}
    assert story.refused(cases.advance_case, "sari", story.step("place_in_emergency", host="rpsa")) == set()
    assert {"task", "placement", "event"} <= changed(before, story.dump())


def test_the_same_key_and_body_give_the_same_answer_once_and_for_all(reported: Story) -> None:
    ask = reported.form("F03")
    first = reported.do(records.sign_record, "sari", ask, key="k1")
    before = reported.dump()
    assert reported.do(records.sign_record, "sari", ask, key="k1") == first
    assert changed(before, reported.dump()) == set()


def test_the_answer_is_kept_even_when_the_case_has_gone_on_and_the_version_named_is_old(reported: Story) -> None:
    ask = reported.form("F03")
    first = reported.do(records.sign_record, "sari", ask, key="k1", seen=2)
    reported.sign("F06")
    assert reported.do(records.sign_record, "sari", ask, key="k1", seen=2) == first


def test_the_same_key_with_another_body_or_another_verb_is_refused_and_changes_nothing(reported: Story) -> None:
    reported.do(records.sign_record, "sari", reported.form("F03"), key="k1")
    before = reported.dump()
    with pytest.raises(KeyReused):
        reported.do(records.sign_record, "sari", reported.form("F03", needs="lain"), key="k1")
    with pytest.raises(KeyReused):
        reported.do(cases.advance_case, "sari", reported.step("start_assessment"), key="k1")
    assert changed(before, reported.dump()) == set()


def test_a_key_belongs_to_its_account(assessing: Story) -> None:
    first = assessing.do(records.sign_record, "sari", assessing.form("F06"), key="k1")
    second = assessing.do(records.sign_record, "maya", assessing.form("F06", by="maya"), key="k1")
    assert first.id != second.id


def test_a_repeated_refusal_is_the_same_refusal_and_is_not_tried_again(reported: Story) -> None:
    ask = reported.step("begin_planning")
    with pytest.raises(Refusal) as first:
        reported.do(cases.advance_case, "sari", ask, key="k1")
    before = reported.dump()
    with pytest.raises(Refusal) as again:
        reported.do(cases.advance_case, "sari", ask, key="k1")
    assert changed(before, reported.dump()) == set()
    for told in ("reasons", "trigger", "state", "possible"):
        assert getattr(again.value, told) == getattr(first.value, told)


def test_a_refusal_stays_what_it_was_for_its_key_when_the_reason_is_cured(tell: Any) -> None:
    story = tell("reported")
    story.do(cases.assign_case, "bambang", AssignCase(case=story.case, person=story.person("maya")))
    ask = story.step("start_assessment")
    assert story.refused(cases.advance_case, "sari", ask, key="k1") == {"role_not_allowed"}
    story.do(cases.assign_case, "bambang", AssignCase(case=story.case, person=story.person("sari")))
    assert story.refused(cases.advance_case, "sari", ask, key="k1") == {"role_not_allowed"}
    assert story.refused(cases.advance_case, "sari", ask, key="k2") == set()


def test_wrong_input_is_not_kept_for_its_key_so_it_can_be_corrected_and_sent_again(reported: Story) -> None:
    wrong = msgspec.structs.replace(reported.form("F03"), body={})
    assert reported.refused(records.sign_record, "sari", wrong, key="k1") == {"invalid"}
    assert reported.refused(records.sign_record, "sari", reported.form("F03"), key="k1") == set()


def test_without_a_key_every_call_is_a_new_one(reported: Story) -> None:
    ask = reported.form("F03")
    assert reported.do(records.sign_record, "sari", ask).id != reported.do(records.sign_record, "sari", ask).id


def test_of_two_who_saw_the_same_version_one_wins(assessing: Story) -> None:
    seen = assessing.row["seq"]
    assert assessing.refused(records.sign_record, "sari", assessing.form("F06"), seen=seen) == set()
    assert assessing.refused(records.sign_record, "maya", assessing.form("F06", by="maya"), seen=seen) == {"stale_version"}


def test_a_draft_is_no_entry_of_the_journal(reported: Story) -> None:
    before = reported.count()
    reported.do(records.save_draft, "sari", SaveDraft(case=reported.case, form="F03", body={"reason": "belum selesai"}))
    assert reported.count() == before


def test_asking_for_a_step_and_for_its_approval_name_the_same_way_out(reported: Story) -> None:
    with pytest.raises(Refusal) as step:
        reported.do(cases.advance_case, "sari", reported.step("support_family"))
    with pytest.raises(Refusal) as approval:
        reported.do(approvals.request_approval, "sari", RequestApproval(case=reported.case, trigger="support_family"))
    assert (step.value.reasons, step.value.possible) == (approval.value.reasons, approval.value.possible)


def test_nothing_happens_in_the_future_whatever_the_command(reported: Story) -> None:
    for service, ask in ((records.sign_record, reported.form("F03")), (records.attach_document, paper(reported))):
        tomorrow = reported.now + timedelta(days=1)
        before = reported.dump()
        assert reported.refused(service, "sari", ask, occurred_at=tomorrow) == {"invalid"}  # type: ignore[arg-type]
        assert changed(before, reported.dump()) == {"actor_event"}
