"""A request about a child's data through the pages, in both languages and without JavaScript: taken in, decided by another, handed over."""

import pytest

from tests.pages.conftest import Office, Reception
from tests.pages.test_words import raw


@pytest.mark.parametrize("language", ["id", "en"])
def test_one_takes_it_in_another_decides_and_hands_the_copy_over(enter: Reception, office: Office, language: str) -> None:
    mate, head = enter("sari"), enter("yusuf")
    shown = mate.see(f"/cases/{office.blocked}?lang={language}")
    (way,) = (link for link in shown.links if link.startswith("/data-requests?case="))
    register = mate.see(way)
    assert register.unlabelled == []
    form = register.form("/data-requests")
    said = {"kind": "access", "applicant": "parent", "shown": "family_card", "name": "Ibu Pemohon"}
    assert mate.send(form, **said | {"kind": ""}).status_code == 422
    assert mate.send(form, **said).headers["location"] == "/data-requests?done=data_requested"
    after = mate.see("/data-requests?done=data_requested")
    assert "Ibu Pemohon" in after.text
    assert not [one for one in after.forms if one[0].endswith("/decision")]
    decided = head.see(f"/data-requests?lang={language}")
    assert decided.unlabelled == []
    grant, _ = (one for one in decided.forms if one[0].endswith("/decision"))
    assert head.send(grant).headers["location"] == "/data-requests?done=request_decided"
    (copy,) = (link for link in head.see("/data-requests").links if link.endswith("/copy"))
    printed = head.see(copy)
    assert ("Tidak dimuat, agar" if language == "id" else "Left out, so that") in printed.text
    assert "F01" in printed.text
    assert "lampiran-contoh" in printed.text, "what was written where a paper is named is no id, and is not left out"
    if language == "id":
        assert raw(printed.text) == set()
        assert not {"male", "female", "day", "month"} & {*printed.text.split()}
    assert mate.open(copy).status_code == 404


def test_what_stands_against_an_erasure_is_told_and_it_is_refused_for_a_reason(enter: Reception, office: Office) -> None:
    worker, head = enter("sari"), enter("yusuf")
    form = worker.see(f"/data-requests?case={office.blocked}").form("/data-requests")
    asked = {"number": office.blocked, "kind": "erasure", "applicant": "guardian", "shown": "court_order"}
    assert worker.send(form, **asked).status_code == 303
    shown = head.see("/data-requests?lang=en")
    assert shown.unlabelled == []
    grant, refuse = (one for one in shown.forms if one[0].endswith("/decision"))
    answer = head.send(grant, reason="retention_over")
    assert answer.status_code == 409
    assert "not closed" in answer.text
    assert head.send(refuse, reason="legal_retention").headers["location"] == "/data-requests?done=request_decided"
    assert worker.see(f"/cases/{office.blocked}").text
