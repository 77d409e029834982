"""Papers count after a second person compared them; identity changes only on a paper, by two people, and keeps the old value."""

from typing import Any

import pytest

from casework.services import cases, corrections, records
from casework.services.corrections import ApproveIdentityChange, RequestIdentityChange
from casework.services.records import AttachDocument, CompareDocument
from casework.store.instants import to_text
from casework.store.schema import metadata
from tests.cells import personal, unsealed
from tests.services.story import Story


def attach(story: Story, by: str = "sari", kind: str = "birth_certificate") -> str:
    ask = AttachDocument(case=story.case, kind=kind, number="AKTA/9", issuer="Disdukcapil", issued_on="2026-03-01")
    return story.do(records.attach_document, by, ask).id


def compare(story: Story, paper: str, by: str) -> set[str]:
    return story.refused(records.compare_document, by, CompareDocument(case=story.case, document=paper))


def compared(story: Story) -> str:
    """Return a paper that two people have seen."""
    paper = attach(story)
    assert compare(story, paper, "maya") == set()
    return paper


def correct(story: Story, field: str, value: str | None, paper: str, by: str = "sari") -> str:
    ask: Any = RequestIdentityChange(case=story.case, field=field, new_value=value, document=paper)  # type: ignore[arg-type]
    return story.do(corrections.request_identity_change, by, ask).id


def approve(story: Story, change: str, by: str = "bambang") -> set[str]:
    return story.refused(corrections.approve_identity_change, by, ApproveIdentityChange(case=story.case, change=change))


def child(story: Story) -> dict[str, Any]:
    columns = [column.name for column in metadata.tables["child"].columns]
    (values,) = personal(story.rows, "child", *columns, where="id = ?", values=(story.row["child_id"],))
    return dict(zip(columns, values, strict=True))


def test_a_paper_is_compared_by_a_second_person_whichever_account_the_first_uses(assessing: Story) -> None:
    assessing.enrol("sari_kedua", "social_worker", same_as="sari")
    paper = attach(assessing)
    assert compare(assessing, paper, "sari") == {"four_eyes"}
    assert compare(assessing, paper, "sari_kedua") == {"four_eyes"}
    assert compare(assessing, paper, "maya") == set()
    row = assessing.rows("SELECT * FROM document WHERE id = ?", paper)[0]
    assert (row["compared_by"], row["compared_role"]) == (assessing.person("maya"), "social_worker")
    assert row["compared_at"] == to_text(assessing.now)


def test_a_paper_is_compared_once(assessing: Story) -> None:
    assert compare(assessing, compared(assessing), "rina") == {"already_done"}


@pytest.mark.parametrize("by", ["iwan", "bambang", "yusuf", "nadia"])
def test_only_social_workers_compare_papers(assessing: Story, by: str) -> None:
    assessing.errand("iwan")
    assert compare(assessing, attach(assessing), by) == {"role_not_allowed"}


def test_a_paper_of_another_case_is_not_found(assessing: Story) -> None:
    foreign = attach(assessing)
    assessing.case = assessing.another_case()
    assert compare(assessing, foreign, "maya") == {"not_found"}
    ask = RequestIdentityChange(case=assessing.case, field="name", new_value="Lain", document=foreign)
    assert assessing.refused(corrections.request_identity_change, "sari", ask) == {"not_found"}


def test_a_paper_of_an_unknown_kind_is_refused_with_the_kinds_there_are(assessing: Story) -> None:
    ask = AttachDocument(case=assessing.case, kind="rumour", number="1", issuer="x", issued_on="2026-03-01")
    assert assessing.refused(records.attach_document, "sari", ask) == {"invalid"}


def test_a_paper_that_nobody_compared_satisfies_nothing(kin: Story) -> None:
    step = kin.step("start_pre_adoption_care", host="cota")
    paper = attach(kin, kind="temporary_care_permit")
    assert "temporary_care_permit_attached" in kin.refused(cases.advance_case, "sari", step)
    assert compare(kin, paper, "maya") == set()
    assert "temporary_care_permit_attached" not in kin.refused(cases.advance_case, "sari", step)


def test_identity_changes_only_on_a_paper_that_is_there(assessing: Story) -> None:
    ask = RequestIdentityChange(case=assessing.case, field="name", new_value="Nama Baru", document="")
    assert assessing.refused(corrections.request_identity_change, "sari", ask) == {"not_found"}


def test_asking_for_a_correction_changes_nothing_until_another_person_approves_it(assessing: Story) -> None:
    before = child(assessing)
    change = correct(assessing, "name", "Nama Menurut Akta", compared(assessing))
    assert child(assessing) == before
    assert approve(assessing, change) == set()
    assert child(assessing) == before | {"name": "Nama Menurut Akta"}


def test_the_old_value_the_paper_and_both_people_stay_on_record(assessing: Story) -> None:
    before, paper = child(assessing)["name"], compared(assessing)
    change = correct(assessing, "name", "Nama Menurut Akta", paper)
    approve(assessing, change)
    row = assessing.rows("SELECT * FROM identity_change WHERE id = ?", change)[0]
    old, new = (unsealed(assessing.rows, f"child.name:{row['child_id']}", row[name]) for name in ("old_value", "new_value"))
    assert (old, new, row["document_id"]) == (before, "Nama Menurut Akta", paper)
    assert (row["asked_by"], row["approved_by"], row["applied"]) == (assessing.person("sari"), assessing.person("bambang"), 1)
    entry = assessing.entries()[-1]
    assert (entry.kind, entry.reason_code, entry.requester) == ("identity_changed", "name", assessing.person("sari"))


def test_who_asked_does_not_approve_whichever_account_they_use(tell: Any) -> None:
    story = tell("reported", "initial_assessment", worker="rina")
    ask = RequestIdentityChange(case=story.case, field="name", new_value="Baru", document=attach(story, "rina"))
    compare(story, ask.document, "maya")
    change = story.do(corrections.request_identity_change, "rina", ask).id
    assert approve(story, change, "rina_supervisor") == {"four_eyes"}
    assert approve(story, change, "bambang") == set()


@pytest.mark.parametrize("by", ["sari", "maya", "iwan", "nadia"])
def test_only_a_supervisor_or_the_head_approves_a_correction(assessing: Story, by: str) -> None:
    assessing.errand("iwan")
    change = correct(assessing, "name", "Baru", compared(assessing))
    assert approve(assessing, change, by) == {"role_not_allowed"}


def test_a_correction_is_made_once(assessing: Story) -> None:
    change = correct(assessing, "name", "Baru", compared(assessing))
    approve(assessing, change)
    assert approve(assessing, change) == {"already_done"}


def test_a_correction_asked_for_another_child_is_not_found(assessing: Story) -> None:
    change = correct(assessing, "name", "Baru", compared(assessing))
    assessing.case = assessing.another_case()
    assert approve(assessing, change) == {"not_found"}


def test_an_identity_changes_on_no_paper_that_nobody_compared_with_its_original(assessing: Story) -> None:
    paper = attach(assessing)
    change = correct(assessing, "name", "Nama Baru", paper)
    before = child(assessing)
    assert approve(assessing, change) == {"document_not_compared"}
    assert compare(assessing, paper, "sari") == {"four_eyes"}
    assert approve(assessing, change) == {"document_not_compared"}
    assert child(assessing) == before
    assert compare(assessing, paper, "maya") == set()
    assert approve(assessing, change) == set()
    assert child(assessing)["name"] == "Nama Baru"


def test_whoever_compared_the_paper_may_approve_for_comparing_is_no_authorship(assessing: Story) -> None:
    assessing.enrol("maya_supervisor", "supervisor", same_as="maya")
    assert approve(assessing, correct(assessing, "name", "Nama Baru", compared(assessing)), "maya_supervisor") == set()


def test_everything_that_stands_against_a_correction_is_told_at_once(assessing: Story) -> None:
    assessing.enrol("sari_supervisor", "supervisor", same_as="sari")
    change = correct(assessing, "name", "Nama Baru", attach(assessing))
    assert approve(assessing, change, "sari_supervisor") == {"four_eyes", "document_not_compared"}


def test_a_known_value_can_be_taken_back_to_unknown(assessing: Story) -> None:
    approve(assessing, correct(assessing, "nik", "6402010101160001", compared(assessing)))
    assert child(assessing)["nik"] == "6402010101160001"
    approve(assessing, correct(assessing, "nik", None, compared(assessing)))
    assert child(assessing)["nik"] is None


@pytest.mark.parametrize(("field", "value"), [("religion", "protestant"), ("born", "2012-01-01")])
def test_a_correction_supersedes_the_approvals_that_rested_on_the_old_value(admission: Story, field: str, value: str) -> None:
    paper = compared(admission)
    request = admission.wish("admit_to_institution", host="harapan")
    admission.decide(request, "bambang")
    change = correct(admission, field, value, paper)
    assert admission.status(request) == "in_second_approval"
    assert approve(admission, change) == set()
    assert admission.status(request) == "superseded"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("born", "besok"),
        ("born", "2026-02-30"),
        ("born", "2030-01-01"),
        ("born_precision", "roughly"),
        ("religion", "other thing"),
        ("sex", "boy"),
        ("name", None),
        ("name", "  "),
        ("sex", None),
    ],
)
def test_a_value_that_the_field_cannot_hold_is_refused_when_it_is_asked_for(assessing: Story, field: str, value: str | None) -> None:
    paper = attach(assessing)
    ask: Any = RequestIdentityChange(case=assessing.case, field=field, new_value=value, document=paper)  # type: ignore[arg-type]
    assert assessing.refused(corrections.request_identity_change, "sari", ask) == {"invalid"}
