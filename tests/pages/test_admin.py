"""The administrator's pages, in both languages and without JavaScript: who may come in, as what, and what is done about it."""

import re

import pytest

from tests.pages.conftest import Reception, Visitor
from tests.pages.forms import Page

NEW = "sungai-pasang-empat-perahu"


def account_of(admin: Visitor, name: str, language: str = "id") -> str:
    """Return the address of an account's page, found by searching for its name."""
    (found,) = (link for link in admin.see(f"/admin/people?q={name}&lang={language}").links if re.fullmatch(r"/admin/people/\w{26}", link))
    return found


def dinas_on(page: Page) -> str:
    """Return the id of the social office as a page's choice names it."""
    return str(re.findall(r'<option value="(\w{26})">Dinas Sosial Kabupaten', page.source)[0])


@pytest.mark.parametrize("language", ["id", "en"])
def test_somebody_is_invited_sets_a_password_and_works_until_the_seat_is_ended(enter: Reception, stranger: Visitor, language: str) -> None:
    admin = enter("ratih")
    assert admin.open("/").headers["location"] == "/admin"
    for address in ("/admin", "/admin/people", "/admin/offices", "/admin/people/new"):
        page = admin.see(f"{address}?lang={language}")
        assert page.unlabelled == [], address
    form = admin.see("/admin/people/new").form("/admin/people")
    office = dinas_on(admin.see("/admin/people/new"))
    said = {"name": "Tuti Alawiyah", "username": "tuti", "role": "psm", "office": office, "area": "64.02.06.1005"}
    wrong = admin.send(form, **said | {"role": ""})
    assert wrong.status_code == 422
    shown = Page(admin.send(form, **said).text)
    (link,) = re.findall(r"https?://\S+(/invitation/\S+)", shown.text)
    assert stranger.send(stranger.see(link).form(link), new=NEW, again=NEW).status_code == 303
    person = account_of(admin, "Tuti", language)
    account = admin.see(person)
    assert account.unlabelled == []
    (seat,) = (form for form in account.forms if form[0].endswith("/end") and "/seats/" in form[0])
    assert admin.send(seat).headers["location"] == f"{person}?done=seat_ended"
    suspended = admin.send(admin.see(person).form(f"{person}/suspension"))
    assert suspended.headers["location"] == f"{person}?done=account_suspended"
    assert ("dibekukan" if language == "id" else "suspended") in admin.see(person).text


def test_an_account_is_given_a_seat_a_certificate_and_a_mail_address(enter: Reception) -> None:
    admin = enter("ratih")
    person = account_of(admin, "Iwan")
    page = admin.see(person)
    office = dinas_on(page)
    assert admin.send(page.form(f"{person}/seats"), role="supervisor", office="tidak ada").status_code == 422
    assert admin.send(page.form(f"{person}/seats"), role="psm", office=office).status_code == 422, "nowhere"
    given = admin.send(page.form(f"{person}/seats"), role="psm", office=office, area="64.02.13.1007")
    assert given.headers["location"] == f"{person}?done=seat_given"
    assert admin.send(page.form(f"{person}/certificate"), certificate_until="2031-01-02").status_code == 303
    assert admin.send(page.form(f"{person}/mail"), mail="iwan@dinsos.example", language="en").status_code == 303
    text = admin.see(person).text
    assert "2 Jan 2031" in text
    assert "iwan@dinsos.example" in text
    assert "Sungai Seluang, Samboja" in text
    ended = admin.send(admin.see(person).form(f"{person}/invitation"))
    assert "/invitation/" in ended.text
    seen = enter("yusuf").see("/trail/exceptions?kind=seated")
    assert "Iwan Setiadi" in seen.text


def test_an_administrator_changes_nothing_of_their_own_rights_and_sees_no_case(enter: Reception) -> None:
    admin = enter("ratih")
    own = admin.see(account_of(admin, "Ratih"))
    assert not [form for form in own.forms if form[0].endswith(("/seats", "/invitation", "/certificate"))]
    refused = admin.send(own.form(f"{account_of(admin, 'Ratih')}/suspension"))
    assert refused.status_code == 409
    assert "admin terakhir" in refused.text
    assert "/cases" not in own.links


def test_an_office_is_entered_and_renamed(enter: Reception) -> None:
    admin = enter("ratih")
    form = admin.see("/admin/offices").form("/admin/offices")
    assert admin.send(form, name=" ", kind="dinas").status_code == 422
    assert admin.send(form, name="UPTD Sebulu", kind="dinas", district_code="64.02.07").status_code == 303
    renaming = next(form for form in admin.see("/admin/offices").forms if form[0].endswith("/name") and ("name", "UPTD Sebulu") in form[1])
    assert admin.send(renaming, name="UPTD Sebulu Ulu").status_code == 303
    assert "UPTD Sebulu Ulu" in admin.see("/admin/offices?done=office_renamed").text


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_open_question_is_on_the_first_page_until_the_office_has_answered_it(enter: Reception, language: str) -> None:
    head = enter("yusuf")
    assert "/admin/settings#questions" in head.see("/work").links
    page = head.see(f"/admin/settings?lang={language}")
    assert page.unlabelled == []
    assert page.text.count("belum dijawab" if language == "id" else "not answered yet") == 9
    form = next(form for form in page.forms if ("question", "accreditation") in form[1])
    said = {"answer": "Cukup diperingatkan.", "answered_by": "Kepala Dinas", "answered_on": "2026-01-15", "reference": "460/3/2026"}
    wrong = head.send(form, **said | {"answered_on": ""})
    assert wrong.status_code == 422
    assert "Cukup diperingatkan." in wrong.text
    assert head.send(form, **said).headers["location"] == "/admin/settings?done=question_answered"
    shown = head.see("/admin/settings?done=question_answered")
    assert "Cukup diperingatkan." in shown.text
    admin = enter("ratih")
    assert "8" in admin.see("/admin").text
    assert "Cukup diperingatkan." in admin.see("/admin/settings").text
