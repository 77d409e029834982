"""A request about a child's data through the pages, in both languages and without JavaScript: taken in, decided by another, handed over."""

import pytest

from tests.pages.conftest import Office, Reception


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
    assert mate.open(copy).status_code == 404
