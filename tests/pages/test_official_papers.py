"""Official papers from the page of a record, in the reader's language, and the page on which whoever holds one has it checked."""

import sqlite3
from contextlib import closing

import pytest

from casework.http.headers import SANDBOX
from tests.pages.conftest import Office, Reception


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_record_is_printed_from_its_page_and_its_code_is_known(enter: Reception, office: Office, language: str) -> None:
    sari, nadia = enter("sari"), enter("nadia")
    case = f"/cases/{office.asked}"
    link = next(one for one in sari.see(f"{case}?lang={language}").links if one.endswith("/paper"))
    record = sari.see(link.removesuffix("/paper"))
    assert link in record.links
    assert ("surat resmi" if language == "id" else "official paper") in record.text
    shown = sari.open(link)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "application/pdf")
    assert shown.headers["content-security-policy"] == SANDBOX
    assert shown.content != sari.open(f"{link}?lang={'en' if language == 'id' else 'id'}").content
    number, _, seq = shown.headers["content-disposition"].partition('"')[2].removesuffix('.pdf"').rsplit("-", 2)
    with closing(sqlite3.connect(office.file)) as database:
        ((code,),) = database.execute("SELECT hash FROM event WHERE case_id = ? AND seq = ?", (office.asked, seq))
    known = nadia.see(f"/papers/check?lang={language}&code={number}/{seq}/{code[:8].upper()}")
    assert ("Surat ini tercatat dan berlaku." if language == "id" else "This paper is recorded and stands.") in known.text
    assert code in known.text
    assert known.unlabelled == []
    asked = nadia.see(f"/papers/check?lang={language}&code={number}/{seq}/ZZZZ-0000")
    assert ("Tidak dikenal" if language == "id" else "Not known") in asked.text


def test_who_may_not_know_the_child_is_offered_no_paper(enter: Reception, office: Office) -> None:
    case = f"/cases/{office.asked}"
    link = next(one for one in enter("sari").see(case).links if one.endswith("/paper"))
    assert not [one for one in enter("nadia").see(case).links if one.endswith("/paper")]
    assert enter("nadia").open(link).status_code == 404
    assert enter("maya").open(link).status_code == 404
