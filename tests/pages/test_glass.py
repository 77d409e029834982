"""Breaking the glass and looking into it through the pages, in both languages and without JavaScript."""

import pytest

from tests.pages.conftest import Office, Reception

WHY = "Polisi menelepon malam ini tentang anak ini."


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_colleague_breaks_it_reads_and_the_head_looks_into_it(enter: Reception, office: Office, language: str) -> None:
    mate, head = enter("iwan"), enter("yusuf")
    shown = mate.see(f"/cases/{office.blocked}?lang={language}")
    (way,) = (link for link in shown.links if link.startswith("/glass?case="))
    page = mate.see(way)
    assert page.unlabelled == []
    assert mate.send(page.form("/glass"), code="child_in_danger", reason="darurat").status_code == 422
    done = mate.send(page.form("/glass"), code="child_in_danger", reason=WHY)
    assert done.headers["location"] == f"/cases/{office.blocked}?done=glass_broken"
    opened = mate.see(f"/cases/{office.blocked}?done=glass_broken")
    assert ("Akses darurat terbuka" if language == "id" else "The glass is broken") in opened.text
    assert not [form for form in opened.forms if "/transitions" in form[0] or "/steps" in form[0]]
    assert ("akses darurat" if language == "id" else "broke the glass") in head.see(f"/work?lang={language}").text
    review = head.see(f"/cases/{office.blocked}/glass")
    assert WHY in review.text
    assert review.unlabelled == []
    kept = head.send(review.form("/review"), finding="justified", note="Polisi menegaskannya.")
    assert kept.headers["location"] == f"/cases/{office.blocked}/glass?done=glass_reviewed"
    assert mate.open(f"/cases/{office.blocked}/glass").status_code == 404
