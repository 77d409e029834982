"""Records: signed once, corrected by another that supersedes, verified by somebody else; drafts belong to their author."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from casework.errors import Invalid, NotFound
from casework.machines.forms import KINDS
from casework.services import approvals, cases, filed, proposals, records, registers
from casework.services.approvals import DecideApproval
from casework.services.cases import AssignCase
from casework.services.records import SaveDraft, SignRecord, VerifyRecord
from casework.services.registers import OfferChild
from tests.services.story import Story

SIGNERS = {
    "sari": {"social_worker", "social_worker_on_duty"},
    "maya": {"social_worker_on_duty"},
    "iwan": {"tksk"},
    "bambang": {"supervisor"},
    "yusuf": {"dinas_head"},
    "halimah": {"lksa_head"},
    "nadia": {"auditor"},
}
"""Who holds what in a case of Sari's that was offered to Halimah's institution."""


def row_of(story: Story, record: str) -> dict[str, Any]:
    return dict(story.rows("SELECT * FROM record WHERE id = ?", record)[0])


def test_a_record_that_is_superseded_keeps_every_word_and_only_its_standing_changes(assessing: Story) -> None:
    former = assessing.sign("F06")
    before = row_of(assessing, former)
    later = assessing.sign("F06", supersedes=former, weight_given="Ditimbang kembali.")
    after = row_of(assessing, former)
    assert {name for name in before if before[name] != after[name]} == {"status", "voided_at"}
    assert after["status"] == "void"
    assert (row_of(assessing, later)["supersedes"], row_of(assessing, later)["status"]) == (former, "signed")
    assert assessing.entries()[-1].items == (later, former)


def test_a_record_is_superseded_once(assessing: Story) -> None:
    former = assessing.sign("F06")
    assessing.sign("F06", supersedes=former)
    assert assessing.refused(records.sign_record, "sari", assessing.form("F06", supersedes=former)) == {"already_done"}


def test_what_supersedes_may_be_superseded_in_its_turn(assessing: Story) -> None:
    first = assessing.sign("F06")
    second = assessing.sign("F06", supersedes=first)
    third = assessing.sign("F06", supersedes=second)
    assert [row_of(assessing, record)["status"] for record in (first, second, third)] == ["void", "void", "signed"]


def test_a_record_supersedes_only_one_of_its_own_form(assessing: Story) -> None:
    screen = assessing.play.records["asesmen awal"]
    assert assessing.refused(records.sign_record, "sari", assessing.form("F06", supersedes=screen)) == {"invalid"}
    assert row_of(assessing, screen)["status"] == "signed"


def test_a_record_of_another_case_is_not_found_whatever_is_asked_of_it(assessing: Story) -> None:
    mine, foreign = assessing.case, assessing.sign("F06")
    assessing.case = assessing.another_case()
    assert assessing.case != mine
    assert assessing.refused(records.sign_record, "sari", assessing.form("F06", supersedes=foreign)) == {"not_found"}
    assert assessing.refused(records.verify_record, "maya", VerifyRecord(case=assessing.case, record=foreign)) == {"not_found"}
    with pytest.raises(NotFound):
        filed.show_record(assessing.store, assessing.call("sari"), assessing.case, foreign)


def test_a_superseded_record_counts_for_nothing(assessing: Story) -> None:
    """The screen that found a danger replaces the one that found none: the case can no longer be closed as unfounded."""
    clear = assessing.sign("F03", recommendation="no_action")
    worse = {"violence": "yes", "neglect": "no", "exploitation": "no"}
    assessing.sign("F03", supersedes=clear, recommendation="comprehensive_assessment", safety_screen=worse)
    assert "no_protection_concern" in assessing.refused(cases.advance_case, "sari", assessing.step("close_unfounded"))


@pytest.fixture(scope="module")
def offered(beginnings: Any) -> Iterator[Story]:
    story = beginnings.story("reported")
    story.do(registers.offer_child, "sari", OfferChild(case=story.case, host=story.play.cast.hosts["harapan"]))
    story.errand("iwan")
    yield story
    story.close()


@pytest.mark.parametrize("by", SIGNERS)
def test_every_form_is_signed_by_its_signers_and_by_nobody_else(offered: Story, by: str) -> None:
    """An empty body tells: whoever may not sign hears that first, whoever may hears what is missing."""
    for code, kind in KINDS.items():
        expected = "invalid" if SIGNERS[by] & {*kind.signers} else "role_not_allowed"
        assert offered.refused(records.sign_record, by, SignRecord(case=offered.case, form=code, body={})) == {expected}, code


def test_every_fault_of_a_form_is_told_at_once_with_its_path(assessing: Story) -> None:
    body = assessing.body("F05", rung="nuclear") | {"rung": "moon", "contacted_on": "kemarin", "willing": "perhaps", "surprise": 1}
    with pytest.raises(Invalid) as caught:
        assessing.do(records.sign_record, "sari", SignRecord(case=assessing.case, form="F05", body=body))
    assert {fault.path for fault in caught.value.faults} >= {"$.rung", "$.contacted_on", "$.willing", "$.surprise"}
    assert all(fault.words.id and fault.words.en for fault in caught.value.faults)


def test_an_unknown_form_is_not_found(assessing: Story) -> None:
    assert assessing.refused(records.sign_record, "sari", SignRecord(case=assessing.case, form="F99", body={})) == {"not_found"}
    assert assessing.refused(records.save_draft, "sari", SaveDraft(case=assessing.case, form="F99", body={"a": 1})) == {"not_found"}


def draft(story: Story, by: str, form: str = "F04", former: str = "") -> dict[str, object]:
    return proposals.begun_form(story.store, story.call(by), story.case, form, former)[0]


def test_a_draft_is_its_authors_alone_and_is_gone_after_signing(assessing: Story) -> None:
    assessing.do(cases.assign_case, "bambang", AssignCase(case=assessing.case, person=assessing.person("maya")))
    assessing.do(cases.assign_case, "bambang", AssignCase(case=assessing.case, person=assessing.person("sari")))
    keep = SaveDraft(case=assessing.case, form="F06", body={"place": "sekolah", "half": ["finished"]})
    assessing.do(records.save_draft, "sari", keep)
    assessing.do(records.save_draft, "maya", msgspec.structs.replace(keep, body={"place": "rumah"}))
    assert draft(assessing, "sari", "F06") == {"place": "sekolah", "half": ["finished"]}
    assert draft(assessing, "maya", "F06") == {"place": "rumah"}
    assert draft(assessing, "bambang", "F06") == {}
    assessing.sign("F06")
    assert draft(assessing, "sari", "F06") == {}
    assert draft(assessing, "maya", "F06") == {"place": "rumah"}


def test_a_draft_is_replaced_by_the_next_and_thrown_away_when_empty(assessing: Story) -> None:
    for body in ({"medical": "a"}, {"medical": "b"}):
        assessing.do(records.save_draft, "sari", SaveDraft(case=assessing.case, form="F04", body=body))
    assert draft(assessing, "sari") == {"medical": "b"}
    assessing.do(records.save_draft, "sari", SaveDraft(case=assessing.case, form="F04", body={}))
    assert draft(assessing, "sari") == {}


def test_the_draft_of_a_correction_corrects_that_record_and_no_other(assessing: Story) -> None:
    first, second = assessing.sign("F06"), assessing.sign("F06")
    for former, place in (("", "baru"), (first, "yang pertama"), (second, "yang kedua")):
        assessing.do(records.save_draft, "sari", SaveDraft(case=assessing.case, form="F06", body={"place": place}, supersedes=former))
    assert [draft(assessing, "sari", "F06", former)["place"] for former in ("", first, second)] == ["baru", "yang pertama", "yang kedua"]
    assessing.do(records.sign_record, "sari", SignRecord(case=assessing.case, form="F06", body=assessing.body("F06"), supersedes=first))
    assert [draft(assessing, "sari", "F06", former) for former in (first, second, "")] == [{}, {"place": "yang kedua"}, {"place": "baru"}]


def test_a_draft_corrects_a_record_of_its_case_and_form_that_its_author_may_correct(assessing: Story) -> None:
    view, report = assessing.sign("F06"), assessing.sign("F17")
    for by, form, former, told in (
        ("sari", "F06", "0" * 26, "not_found"),
        ("sari", "F03", view, "invalid"),
        ("halimah", "F17", report, "not_found"),
    ):
        ask = SaveDraft(case=assessing.case, form=form, body={"place": "x"}, supersedes=former)
        assert assessing.refused(records.save_draft, by, ask) == {told}, (by, form)


def test_a_refused_signature_keeps_the_draft(assessing: Story) -> None:
    assessing.do(records.save_draft, "sari", SaveDraft(case=assessing.case, form="F04", body={"medical": "a"}))
    assert assessing.refused(records.sign_record, "sari", SignRecord(case=assessing.case, form="F04", body={})) == {"invalid"}
    assert draft(assessing, "sari") == {"medical": "a"}


def test_a_draft_counts_for_nothing(assessing: Story) -> None:
    before = assessing.refused(cases.advance_case, "sari", assessing.step("begin_comprehensive_assessment"))
    assert before == {"consent_or_legal_basis"}
    assessing.do(records.save_draft, "sari", SaveDraft(case=assessing.case, form="F22", body=assessing.body("F22")))
    assert assessing.refused(cases.advance_case, "sari", assessing.step("begin_comprehensive_assessment")) == before
    assert "F22" not in {row["form"] for row in assessing.rows("SELECT form FROM record")}


@pytest.mark.parametrize("by", ["nadia", "yusuf", "iwan"])
def test_only_somebody_who_may_sign_a_form_keeps_a_draft_of_it(assessing: Story, by: str) -> None:
    assessing.errand("iwan")
    ask = SaveDraft(case=assessing.case, form="F04", body={"medical": "a"})
    assert assessing.refused(records.save_draft, by, ask) == {"role_not_allowed"}


def test_a_record_is_verified_by_another_person_and_never_by_its_author(assessing: Story) -> None:
    sheet = assessing.sign("F05", rung="nuclear")
    ask = VerifyRecord(case=assessing.case, record=sheet)
    assert assessing.refused(records.verify_record, "sari", ask) == {"four_eyes"}
    assert assessing.refused(records.verify_record, "maya", ask) == set()
    row = row_of(assessing, sheet)
    assert (row["verified_by"], row["verifier_role"]) == (assessing.person("maya"), "social_worker")


def test_a_second_account_of_the_author_is_the_author(assessing: Story) -> None:
    assessing.enrol("sari_kedua", "social_worker", same_as="sari")
    sheet = assessing.sign("F05", rung="nuclear")
    assert assessing.refused(records.verify_record, "sari_kedua", VerifyRecord(case=assessing.case, record=sheet)) == {"four_eyes"}


@pytest.mark.parametrize("by", ["bambang", "yusuf", "nadia"])
def test_who_decides_or_audits_does_not_verify(assessing: Story, by: str) -> None:
    sheet = assessing.sign("F05", rung="nuclear")
    assert assessing.refused(records.verify_record, by, VerifyRecord(case=assessing.case, record=sheet)) == {"role_not_allowed"}


def test_a_record_is_verified_once_and_not_after_it_was_superseded(assessing: Story) -> None:
    first, second = assessing.sign("F05", rung="nuclear"), assessing.sign("F05", rung="foster")
    ask = VerifyRecord(case=assessing.case, record=first)
    assessing.do(records.verify_record, "maya", ask)
    assessing.errand("iwan")
    assert assessing.refused(records.verify_record, "iwan", ask) == {"already_done"}
    assessing.sign("F05", rung="foster", supersedes=second)
    assert assessing.refused(records.verify_record, "maya", VerifyRecord(case=assessing.case, record=second)) == {"already_done"}


def test_a_countersigned_form_opens_its_request_and_counts_only_after_it(kin: Story) -> None:
    plan = kin.sign("F08", setting="family")
    request = kin.waiting("record", "countersign:F08")
    support = kin.step("support_family")
    assert "care_plan_approved" in kin.refused(cases.advance_case, "sari", support)
    assert kin.decide(request, "bambang").status == "consumed"
    row = row_of(kin, plan)
    assert (row["status"], row["countersigned_by"]) == ("countersigned", kin.person("bambang"))
    assert "care_plan_approved" not in kin.refused(cases.advance_case, "sari", support)


def test_a_form_that_was_superseded_needs_no_countersignature_any_more(tell: Callable[..., Story]) -> None:
    story = tell("comprehensive_assessment")
    first = story.sign("F04")
    request = story.waiting("record", "countersign:F04")
    second = story.sign("F04", supersedes=first)
    assert story.status(request) == "superseded"
    digest = row_of(story, first)["digest"]
    ask = DecideApproval(case=story.case, request=request, decision="approve", digest=digest)
    assert story.refused(approvals.decide_approval, "bambang", ask) == {"request_settled"}
    story.decide(story.waiting("record", "countersign:F04"), "bambang")
    assert row_of(story, second)["status"] == "countersigned"


def test_the_author_does_not_countersign_whichever_account_they_use(tell: Callable[..., Story]) -> None:
    story = tell("comprehensive_assessment")
    story.do(cases.assign_case, "bambang", AssignCase(case=story.case, person=story.person("rina")))
    story.sign("F04", "rina")
    assert story.against(story.waiting("record", "countersign:F04"), "rina_supervisor") == {"four_eyes"}


def test_a_rejected_form_stays_uncountersigned_and_its_author_writes_another(kin: Story) -> None:
    plan = kin.sign("F08", setting="family")
    request = kin.waiting("record", "countersign:F08")
    assert kin.decide(request, "bambang", "reject", reason="Belum lengkap.").status == "rejected"
    assert row_of(kin, plan)["status"] == "signed"
    assert "care_plan_approved" in kin.refused(cases.advance_case, "sari", kin.step("support_family"))
    kin.sign("F08", setting="family", supersedes=plan)
    assert kin.decide(kin.waiting("record", "countersign:F08"), "bambang").status == "consumed"
