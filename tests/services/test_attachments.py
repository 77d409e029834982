"""Pictures in a case: who may add, open and withdraw them; what is decided on them; that nobody reads them past the program."""

from collections.abc import Callable

import pytest

from casework.errors import Erased, Invalid, NotFound, StaleVersion, Unavailable
from casework.services import attachments, audit, records, views
from casework.services.attachments import AddAttachment, AttachmentView, WithdrawAttachment, drawn
from casework.services.records import AttachDocument
from casework.store.instants import to_text
from tests.pictures import NO_PICTURES, photo, telling
from tests.services.story import Story

CARD = drawn("family_card", photo())


def add(story: Story, by: str = "sari", *, shade: int = 90, kind: str = "family_card", **about: str) -> str:
    ask = AddAttachment(case=story.case, kind=kind, picture=drawn(kind, photo(shade)), **about)
    return story.do(attachments.add_attachment, by, ask).id


def shown(story: Story, by: str, picture: str) -> bytes:
    return attachments.show_attachment(story.store, story.call(by), story.case, picture).content


def may_open(story: Story, by: str, picture: str) -> bool:
    try:
        return bool(shown(story, by, picture))
    except NotFound:
        return False


def line(story: Story, by: str, picture: str) -> AttachmentView | None:
    view = views.show_case(story.store, story.call(by), story.case)
    return next((one for one in view.attachments if one.id == picture), None)


def record(story: Story, form: str) -> str:
    return str(story.rows("SELECT id FROM record WHERE form = ? AND case_id = ? AND status <> 'void'", form, story.case)[0][0])


def withdrawn(story: Story, by: str, picture: str) -> set[str]:
    return story.refused(attachments.withdraw_attachment, by, WithdrawAttachment(case=story.case, attachment=picture, why="unreadable"))


def test_a_picture_is_added_opened_and_read_by_nobody_who_has_the_database(kin: Story) -> None:
    version = kin.row["seq"]
    picture = add(kin)
    entry = kin.entries()[-1]
    assert (entry.kind, entry.items, entry.seq) == ("attachment_added", (picture,), version + 1)
    assert [one.id for one in entry.evidence] == [picture]
    assert entry.rules.policy.startswith("picture.add@")
    assert shown(kin, "sari", picture) == CARD
    (row,) = kin.rows("SELECT * FROM attachment")
    kept = bytes(row["content"])
    assert kept.startswith(b"s1.")
    assert CARD[-200:-100] not in kept
    assert row["digest"] not in kin.bodies().decode()
    found = line(kin, "bambang", picture)
    assert found is not None
    assert (found.title.id, found.added_by, found.may_open, found.opened) == ("foto kartu keluarga", "Sari Wulandari", True, False)
    assert audit.verify_trail(kin.store, kin.call("nadia")).faults == ()


def test_looking_leaves_an_entry_and_its_receipt(kin: Story) -> None:
    picture = add(kin)
    shown(kin, "bambang", picture)
    entry = kin.attempts("bambang")[-1]
    assert (entry.kind, entry.reason_code, entry.case, entry.items) == ("opened", "attachment", kin.case, (picture,))
    kin.do(records.open_evidence, "bambang", records.OpenEvidence(case=kin.case, items=(picture,)))
    found = line(kin, "bambang", picture)
    assert found is not None
    assert found.opened


def test_only_who_works_with_the_child_adds_and_only_who_may_opens(kin: Story) -> None:
    card, order = add(kin), add(kin, shade=91, kind="police_statement")
    story_of = add(kin, shade=92, kind="visit", record=record(kin, "F04"))
    visit = add(kin, shade=93, kind="visit", record=record(kin, "F03"))
    ask = AddAttachment(case=kin.case, kind="other", picture=CARD)
    assert kin.refused(attachments.add_attachment, "nadia", ask) == {"role_not_allowed"}
    assert kin.refused(attachments.add_attachment, "yusuf", ask) == {"role_not_allowed"}
    opened = {
        by: [may_open(kin, by, one) for one in (card, order, story_of, visit)] for by in ("sari", "bambang", "yusuf", "maya", "nadia")
    }
    everything, nothing = [True] * 4, [False] * 4
    assert opened == {"sari": everything, "bambang": everything, "yusuf": everything, "maya": [True, True, False, True], "nadia": nothing}
    other = kin.other_office()
    kin.enrol("lain", "supervisor", other)
    assert not may_open(kin, "lain", card)
    assert kin.refused(attachments.add_attachment, "lain", ask) == {"not_found"}
    assert kin.refused(attachments.withdraw_attachment, "lain", WithdrawAttachment(case=kin.case, attachment=card, why="twice")) == {
        "not_found"
    }
    masked = line(kin, "nadia", card)
    assert masked is not None
    assert not masked.may_open


def test_a_house_sees_the_papers_it_needs_and_what_it_added_itself(resident: Story) -> None:
    card, order = add(resident), add(resident, shade=91, kind="police_statement")
    own = add(resident, "halimah", shade=92, kind="visit")
    assert [may_open(resident, "halimah", one) for one in (card, order, own)] == [True, False, True]
    assert line(resident, "halimah", order) is None
    hidden = AddAttachment(case=resident.case, kind="visit", picture=CARD, record=record(resident, "F04"))
    assert resident.refused(attachments.add_attachment, "halimah", hidden) == {"not_found"}
    assert withdrawn(resident, "halimah", card) == {"role_not_allowed"}
    assert withdrawn(resident, "halimah", own) == set()


def test_what_is_sent_is_checked_whole_and_what_was_not_drawn_here_is_refused(kin: Story) -> None:
    with pytest.raises(Invalid) as no:
        drawn("diary", NO_PICTURES["PDF"])
    assert {fault.path for fault in no.value.faults} == {"$.kind", "$.picture"}
    paper = kin.do(
        records.attach_document, "sari", AttachDocument(case=kin.case, kind="other", number="1", issuer="RT", issued_on="2026-01-02")
    )
    both = AddAttachment(case=kin.case, kind="diary", picture=telling(), record=record(kin, "F04"), document=paper.id)
    with pytest.raises(Invalid) as no:
        kin.do(attachments.add_attachment, "sari", both)
    assert {fault.path for fault in no.value.faults} == {"$.kind", "$.picture", "$.document"}
    assert kin.rows("SELECT * FROM attachment") == []
    for about in ({"record": "nothing"}, {"document": "nothing"}):
        assert kin.refused(attachments.add_attachment, "sari", AddAttachment(case=kin.case, kind="other", picture=CARD, **about)) == {
            "not_found"
        }


def test_the_same_key_adds_once_and_the_same_picture_is_there_once(kin: Story) -> None:
    ask = AddAttachment(case=kin.case, kind="family_card", picture=CARD)
    saved = kin.do(attachments.add_attachment, "sari", ask, key="kunci-foto-1")
    assert kin.do(attachments.add_attachment, "sari", ask, key="kunci-foto-1") == saved
    assert kin.refused(attachments.add_attachment, "sari", ask) == {"already_done"}
    with pytest.raises(StaleVersion):
        kin.do(attachments.add_attachment, "sari", AddAttachment(case=kin.case, kind="other", picture=CARD), seen=saved.version - 1)
    assert len(kin.rows("SELECT * FROM attachment")) == 1


def test_an_approval_is_bound_to_the_pictures_of_its_evidence_and_each_must_be_opened(kin: Story) -> None:
    bound = record(kin, "F05")
    picture = add(kin, record=bound, kind="statement_letter")
    request = kin.wish("place_with_kin", relative="bibi")
    assert picture in {one.id for one in kin.entries()[-1].evidence}
    kin.do(records.open_evidence, "bambang", records.OpenEvidence(case=kin.case, items=(bound,)))
    assert kin.against(request, "bambang", read=False) == {"evidence_not_opened"}
    another = add(kin, shade=91, record=bound, kind="statement_letter")
    assert kin.status(request) == "superseded"
    request = kin.wish("place_with_kin", relative="bibi")
    kin.decide(request, "bambang")
    assert withdrawn(kin, "sari", another) == set()
    assert kin.status(request) == "superseded"


def test_a_picture_of_a_record_that_is_corrected_goes_along_to_the_newer_one(kin: Story) -> None:
    bound = record(kin, "F03")
    picture = add(kin, record=bound)
    newer = kin.sign("F03", supersedes=bound)
    found = line(kin, "sari", picture)
    assert found is not None
    assert found.record == newer
    assert kin.refused(attachments.add_attachment, "sari", AddAttachment(case=kin.case, kind="other", picture=CARD, record=bound)) == {
        "already_done"
    }


def test_a_picture_is_withdrawn_once_with_a_reason_by_its_own_hand_or_who_leads(kin: Story) -> None:
    first, second = add(kin), add(kin, "maya", shade=91)
    assert withdrawn(kin, "maya", first) == {"role_not_allowed"}
    assert withdrawn(kin, "maya", second) == set()
    assert withdrawn(kin, "bambang", second) == {"already_done"}
    entry = next(one for one in reversed(kin.entries()) if one.kind == "attachment_withdrawn")
    assert (entry.reason_code, entry.items) == ("unreadable", (second,))
    assert not may_open(kin, "maya", second)
    assert may_open(kin, "bambang", second)
    found = line(kin, "maya", second)
    assert found is not None
    assert found.withdrawn is not None
    assert audit.verify_trail(kin.store, kin.call("nadia")).faults == ()


FORGED: dict[str, tuple[str, str]] = {
    "its content": (
        "UPDATE attachment SET content = (SELECT content FROM attachment WHERE id <> '{0}') WHERE id = '{0}'",
        "attachment_content_differs",
    ),
    "its cell's digest": ("UPDATE attachment SET sealed_digest = 'x' WHERE id = '{0}'", "attachment_differs"),
    "all it shows": ("UPDATE attachment SET content = substr(content, 1, 0) WHERE id = '{0}'", "attachment_content_differs"),
    "its digest": ("UPDATE attachment SET digest = 'x' WHERE id = '{0}'", "attachment_differs"),
    "its case's entry": ("DELETE FROM attachment WHERE id = '{0}'", "attachment_gone"),
    "that it counts": (
        "UPDATE attachment SET withdrawn_by = added_by, withdrawn_at = added_at, withdrawn_why = 'twice' WHERE id = '{0}'",
        "attachment_withdrawal_differs",
    ),
    "whose it is": ("UPDATE attachment SET id = 'another' WHERE id = '{0}'", "attachment_without_entry"),
}


@pytest.fixture
def pictured(tell: Callable[..., Story]) -> tuple[Story, str]:
    story = tell("reported")
    add(story, shade=77)
    return story, add(story)


@pytest.mark.parametrize("what", FORGED)
def test_verification_names_a_picture_that_was_changed_past_the_program(pictured: tuple[Story, str], what: str) -> None:
    story, picture = pictured
    statement, code = FORGED[what]
    story.wreck(statement.format(picture))
    assert code in {fault.code for fault in audit.verify_trail(story.store, story.call("nadia")).faults}
    if what == "its content":
        with pytest.raises(Unavailable):
            shown(story, "sari", picture)


def test_once_the_childs_key_is_destroyed_nobody_opens_it_and_its_entry_still_vouches(pictured: tuple[Story, str]) -> None:
    story, picture = pictured
    (child,) = story.rows("SELECT child_id FROM care_case WHERE id = ?", story.case)
    with story.store.write(story.call("sari")) as unit:
        unit.store.keyring.forget(child["child_id"])
    destroyed = f"wrapped = NULL, destroyed_at = '{to_text(story.now)}' WHERE holder = '{child['child_id']}'"
    story.wreck(f"UPDATE data_key SET {destroyed}")  # noqa: S608 - our own ids
    with pytest.raises(Erased):
        shown(story, "sari", picture)
    assert not {fault.code for fault in audit.verify_trail(story.store, story.call("nadia")).faults if fault.code.startswith("attachment")}
