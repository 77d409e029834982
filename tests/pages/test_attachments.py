"""Pictures on the page of a case and of a decision: taken with a telephone, without JavaScript, in both languages."""

import httpx
import pytest

from casework.http.headers import SANDBOX
from casework.services.pictures import is_plain
from tests.pages.conftest import Office, Reception, Visitor
from tests.pages.forms import Page
from tests.pictures import SECRET, photo, telling

UPLOAD = "/attachments"


def upload(page: Page) -> tuple[str, dict[str, str]]:
    """Return the form for a picture: where it goes, and its fields but for the file."""
    action, fields = page.form(UPLOAD)
    return action, {name: value for name, value in fields if name != "picture"}


def send(
    who: Visitor, form: tuple[str, dict[str, str]], content: bytes, *, name: str = "../../../etc/passwd", **said: str
) -> httpx.Response:
    return who.open(form[0], method="POST", data=form[1] | said, files={"picture": (name, content, "text/html")})


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_picture_is_taken_for_a_record_opened_by_who_decides_and_withdrawn(enter: Reception, office: Office, language: str) -> None:
    sari, head = enter("sari"), enter("bambang")
    case = f"/cases/{office.asked}"
    page = sari.see(f"{case}?lang={language}")
    assert page.unlabelled == []
    assert 'capture="environment"' in page.source
    bound = next(one for one in head.see(f"/decisions/{office.request}").links if f"{case}/records/" in one).rpartition("/")[2]
    added = send(sari, upload(page), telling(), kind="statement_letter", about=f"record:{bound}")
    assert added.headers["location"] == f"{case}?done=picture#pictures", added.text
    shown = sari.see(f"{case}?done=picture&lang={language}")
    assert ("Foto surat pernyataan" if language == "id" else "Picture: statement letter") in shown.text
    assert "passwd" not in shown.text
    link = next(one for one in shown.links if "/attachments/" in one)
    assert head.see(link).unlabelled == []
    opened = head.open(f"{link}/picture")
    assert (opened.status_code, opened.headers["content-type"]) == (200, "image/jpeg")
    assert opened.headers["content-security-policy"] == SANDBOX
    assert is_plain(opened.content)
    assert SECRET not in opened.content
    form = next(one for one in shown.forms if one[0].endswith("/withdraw"))
    gone = sari.send(form, why="unreadable")
    assert gone.headers["location"] == f"{case}?done=picture_withdrawn#pictures"
    assert ("tidak terbaca" if language == "id" else "cannot be read") in sari.see(case).text


def test_the_page_of_a_decision_shows_the_pictures_that_must_be_opened(enter: Reception, office: Office) -> None:
    sari, head = enter("sari"), enter("bambang")
    case = f"/cases/{office.asked}"
    bound = next(one for one in head.see(f"/decisions/{office.request}").links if f"{case}/records/" in one).rpartition("/")[2]
    send(sari, upload(sari.see(case)), photo(), kind="visit", about=f"record:{bound}")
    request = sari.see(case)
    assert "/attachments/" in "".join(request.links)
    assert any("/attachments/" in one for one in head.see(f"/decisions/{office.request}").links)


def test_what_is_wrong_is_said_and_nothing_is_kept(enter: Reception, office: Office) -> None:
    sari = enter("sari")
    case = f"/cases/{office.blocked}"
    form = upload(sari.see(case))
    answer = send(sari, form, b"", name="", kind="", about="")
    assert answer.status_code == 422
    assert "Pilih foto dahulu" in answer.text
    assert send(sari, form, b"<svg onload=alert(1)>", kind="visit").status_code == 422
    assert send(sari, (form[0], form[1] | {"csrf": "x" * 43}), photo(), kind="visit").status_code == 403
    assert send(sari, (form[0], form[1] | {"key": ""}), photo(), kind="visit").status_code == 400
    twice = {"picture": ("a.jpg", photo()), "kind": ("b.html", b"visit")}
    assert sari.open(form[0], method="POST", data=form[1], files=twice).status_code == 400
    assert sari.open(form[0], method="POST", data=form[1]).status_code == 415
    assert not [one for one in sari.see(case).links if "/attachments/" in one]
    stranger = enter("nadia")
    assert stranger.open(form[0], method="POST", data=form[1], files={"picture": ("x", photo())}).status_code == 403
