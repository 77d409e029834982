"""What an official paper is made of comes from the record and its entry, is shown to nobody who may not read it, and can be checked."""

import pytest

from casework.errors import NotFound
from casework.ledger.event import decode_event
from casework.papers import printed
from casework.papers.numbers import check_code, scanned
from casework.services import audit, records
from casework.services.official import Official, check_official, show_official
from casework.services.records import OpenEvidence
from casework.settings import Papers
from tests.services.story import Story


def record_of(story: Story, form: str) -> str:
    return str(story.rows("SELECT id FROM record WHERE form = ? AND status <> 'void' ORDER BY id DESC", form)[0]["id"])


def shown(story: Story, record: str, by: str = "sari") -> Official:
    return show_official(story.store, story.call(by), story.case, record)


def test_a_paper_names_the_entry_that_signed_it_and_everybody_who_may_read_it_gets_the_same(resident: Story) -> None:
    record = record_of(resident, "F11")
    paper = shown(resident, record)
    row = resident.rows("SELECT hash, body FROM event WHERE case_id = ? AND seq = ?", resident.case, paper.entry.seq)[0]
    entry = decode_event(row["body"])
    assert (entry.kind, entry.items[0]) == ("record_signed", record)
    assert paper.entry.hash == row["hash"]
    assert paper.called == {resident.play.cast.hosts["harapan"]: "LKSA Harapan Mahakam"}
    assert paper.carer == "LKSA Harapan Mahakam"
    assert shown(resident, record_of(resident, "F09")).carer == "", "signed before the admission"
    assert {one.rung for one in paper.tried} == {"nuclear", "kin", "foster", "guardianship", "adoption"}
    printings = {printed(shown(resident, record, by), Papers(), "id") for by in ("sari", "bambang", "yusuf", "halimah")}
    assert len(printings) == 1
    told = resident.attempts("halimah")[-1]
    assert (told.kind, told.reason_code, told.case, told.items) == ("opened", "paper", resident.case, (record,))
    assert audit.verify_trail(resident.store, resident.call("nadia")).whole


def test_who_may_not_read_the_record_or_know_the_child_gets_no_paper(resident: Story) -> None:
    resident.enrol("lain", "social_worker", resident.other_office())
    record = record_of(resident, "F11")
    for by in ("nadia", "lain", "maya", "fauzan", "wahyu"):
        with pytest.raises(NotFound):
            shown(resident, record, by)
    for form, by in (("F05", "sari"), ("F04", "sari"), ("F05", "halimah")):
        with pytest.raises(NotFound):
            shown(resident, record_of(resident, form), by)
    with pytest.raises(NotFound):
        shown(resident, "0" * 26)


def test_a_reprint_after_much_else_has_happened_is_the_same_and_a_correction_says_what_it_replaces(resident: Story) -> None:
    record = record_of(resident, "F11")
    first = printed(shown(resident, record), Papers(), "en")
    resident.later(days=2)
    resident.sign("F15", visit=2)
    resident.sign("F05", rung="foster", code="none_available_after_search", reason="Masih tidak ada.")
    resident.do(records.open_evidence, "bambang", OpenEvidence(case=resident.case, items=(record,)))
    assert printed(shown(resident, record), Papers(), "en") == first
    newer = resident.sign("F11", host="harapan", supersedes=record, belongings="tas dan sepatu")
    old, new = shown(resident, record), shown(resident, newer)
    assert (old.standing, old.replaced_by, old.replaces) == ("superseded", new.entry, None)
    assert (new.standing, new.replaced_by, new.replaces) == ("signed", None, old.entry)
    assert printed(old, Papers(), "en") != first


def test_whoever_holds_a_paper_learns_whether_the_journal_knows_it(resident: Story) -> None:
    record = record_of(resident, "F11")
    paper = shown(resident, record)
    number, entry = paper.number, paper.entry
    code = check_code(number, entry)
    resident.enrol("lain", "social_worker", resident.other_office())
    for by, typed in (("nadia", code), ("lain", f" {code.lower()} "), ("sari", scanned(number, entry)), ("sari", code.replace("/", " "))):
        found = check_official(resident.store, resident.call(by), typed)
        assert found is not None, typed
        assert (found.seq, found.hash, found.form, found.standing) == (entry.seq, entry.hash, "F11", "signed")
    wrong = "1111-1111" if entry.hash.startswith("00000000") else "0000-0000"
    elsewhere = code.replace(f"/{entry.seq}/", f"/{entry.seq + 1}/"), code.replace(number, "KKR-1999-0001")
    for typed in (f"{number}/{entry.seq}/{wrong}", *elsewhere, "?", ""):
        assert check_official(resident.store, resident.call("sari"), typed) is None, typed
    moved = resident.rows("SELECT seq, hash FROM event WHERE case_id = ? AND kind = 'moved'", resident.case)[0]
    assert check_official(resident.store, resident.call("sari"), f"{number}/{moved['seq']}/{moved['hash']}") is None
    resident.sign("F11", host="harapan", supersedes=record)
    again = check_official(resident.store, resident.call("sari"), code)
    assert again is not None
    assert again.standing == "superseded"
