"""What is offered can be done: no link leads nowhere, no button is for somebody else, no address is a dead end."""

import re

import pytest

from casework.http.pages import HANDLERS
from tests.pages.conftest import Office, Reception, Visitor

EVERYBODY = ("sari", "iwan", "bambang", "yusuf", "halimah", "anton", "wahyu", "dian", "nadia")
ONLY_FORMS = sorted(
    {path for each in HANDLERS for path in each.paths} - {path for each in HANDLERS if "GET" in each.http_methods for path in each.paths}
)
REGISTER = "/cases/new"


def test_an_address_that_only_takes_forms_leads_to_the_page_above_it(stranger: Visitor) -> None:
    for path in ONLY_FORMS:
        asked = re.sub(r"\{[^}]*\}", "0" * 26, path)
        answer = stranger.open(asked)
        assert answer.status_code == 303, path
        assert asked.startswith(answer.headers["location"])
        assert stranger.open(answer.headers["location"]).status_code in {200, 303}


def test_the_address_of_the_sign_in_form_leads_to_the_form_whoever_asks(stranger: Visitor) -> None:
    assert "/sign-in" in ONLY_FORMS
    assert stranger.open("/sign-in").headers["location"] == "/"
    assert [action for action, _ in stranger.see("/").forms] == ["/sign-in", "/sign-in/passkey"]


def test_nobody_is_shown_a_link_that_is_not_there_for_them(enter: Reception, office: Office) -> None:
    worker = enter("sari")
    paper = {"kind": "birth_certificate", "number": "6402-LT-1", "issuer": "Disdukcapil", "issued_on": "2020-03-01"}
    assert worker.send(worker.see(f"/cases/{office.asked}").form("/papers"), **paper).status_code == 303
    for name in EVERYBODY:
        visitor = enter(name)
        begun = [visitor.open("/").headers["location"], "/trail" if name in {"yusuf", "dian", "nadia"} else "/cases"]
        begun += [f"/cases/{office.asked}"] if name not in {"wahyu", "dian", "anton", "halimah", "iwan"} else []
        begun += [f"/cases/{office.blocked}", "/work", "/reports"] if name == "iwan" else []
        links = {link.split("#")[0] for page in begun for link in visitor.see(page).links}
        for link in sorted(link for link in links if link.startswith("/") and "/file/" not in link):
            assert visitor.open(link).status_code in {200, 303}, (name, link)


def test_only_who_takes_reports_is_offered_to_register_one(enter: Reception) -> None:
    for name in EVERYBODY:
        visitor, there = enter(name), name in {"sari", "iwan", "bambang"}
        assert (REGISTER in visitor.see("/cases").links) == there
        answer = visitor.open(REGISTER)
        assert answer.status_code == (200 if there else 409), name
        assert there or "role_not_allowed" in answer.text


@pytest.mark.parametrize(
    ("name", "language", "heading", "mine"),
    [
        ("sari", "id", "Kasus", True),
        ("bambang", "id", "Kasus", False),
        ("halimah", "id", "Kasus yang menyangkut lembaga kami", False),
        ("halimah", "en", "Cases that concern our institution", False),
        ("nadia", "id", "Kasus di semua kantor", False),
        ("nadia", "en", "Cases of every office", False),
    ],
)
def test_the_list_of_cases_speaks_to_who_looks_at_it(enter: Reception, name: str, language: str, heading: str, *, mine: bool) -> None:
    page = enter(name).see(f"/cases?lang={language}")
    assert f"<h1>{heading}</h1>" in page.source
    assert ("/cases?show=mine" in page.links) == mine


def test_a_step_that_nothing_can_be_done_about_shows_no_empty_form(enter: Reception, office: Office) -> None:
    for name in ("sari", "bambang"):
        source = enter(name).see(f"/cases/{office.asked}").source
        for form in re.findall(r'<form method="post".*?</form>', source, flags=re.DOTALL):
            assert "<button" in form


def test_who_only_protects_data_begins_with_the_breaches(enter: Reception) -> None:
    dian = enter("dian")
    assert dian.open("/").headers["location"] == "/breaches"
    assert "/cases" not in dian.see("/breaches").links


def test_a_house_is_shown_its_own_steps_and_of_the_others_only_who_makes_them(enter: Reception, office: Office) -> None:
    page = enter("halimah").see(f"/cases/{office.blocked}")
    steps = page.source.partition('id="steps"')[2].partition("</section>")[0]
    own, _, others = steps.partition("Yang dilakukan orang lain")
    assert re.findall(r'id="step-(\w+)"', steps) == ["report_missing"]
    assert "Lapor anak hilang/kabur" in own
    assert "Terima di LKSA" in others
    assert "pekerja sosial" in others
    assert not re.findall(r"<a |<form|kurang", others)
    for link in {link.split("#")[0] for link in page.links if link.startswith("/") and "/file/" not in link}:
        assert enter("halimah").open(link).status_code in {200, 303}, link


def test_who_only_reads_a_case_is_asked_to_choose_nothing(enter: Reception, office: Office) -> None:
    page = enter("nadia").see(f"/cases/{office.blocked}")
    assert "Anda hanya membaca" in page.text
    assert "Pilih dahulu" not in page.text
    assert [action for action, _ in page.forms if action.startswith("/cases/")] == []


def test_a_restricted_house_is_not_restricted_again_unless_reviews_hold_it_back(enter: Reception, office: Office) -> None:
    supervisor = enter("bambang")
    address = f"/hosts/{office.lksa}"
    (restrict,) = (form for form in supervisor.see(address).forms if ("trigger", "restrict") in form[1])
    assert supervisor.send(restrict).status_code == 303
    after = [dict(fields).get("trigger") for _, fields in supervisor.see(address).forms]
    assert "lift" in after
    assert "restrict" not in after


def test_emergency_access_in_the_field_is_told_as_what_it_is(enter: Reception, office: Office) -> None:
    page = enter("iwan").see(f"/cases/{office.blocked}")
    before, _, after = page.source.partition("Anak dalam bahaya, dan pekerja sosialnya tidak terjangkau?")
    assert "/glass" not in before
    assert "/glass?case=" in after
    assert "Kepala Dinas diberi tahu seketika" in after


@pytest.mark.parametrize(("language", "said", "other"), [("id", "ketentuan aplikasi", "product rule"), ("en", "product rule", "ketentuan")])
def test_what_is_no_proper_name_in_a_law_is_told_in_one_language(
    enter: Reception, office: Office, language: str, said: str, other: str
) -> None:
    for address in (f"/cases/{office.blocked}", "/help/rules/all_family_options_ruled_out", "/map?state=care_planning"):
        text = enter("sari").see(f"{address}{'&' if '?' in address else '?'}lang={language}").source
        assert said in text, address
        assert other not in text, address
