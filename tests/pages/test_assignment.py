"""A worker with a full caseload gets one case more with its reason only; what was typed is kept, and the reason is for those who assign."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from casework.http.app import create
from casework.machines.parameters import Parameters
from casework.settings import Settings
from tests.pages.conftest import NOW, SITE, Office, Reception, Visitor
from tests.pages.forms import Page

LIMIT = 1
WHY = "Maya mengenal keluarga ini sejak lama."


@pytest.fixture
def client(office: Office) -> Iterator[TestClient[Litestar]]:
    settings = Settings(database=str(office.file), parameters=Parameters(caseload_limit=LIMIT))
    with TestClient(create(settings, clock=lambda: NOW), base_url=SITE, raise_server_exceptions=True) as client:
        yield client


@pytest.fixture
def busy(enter: Reception, office: Office) -> Visitor:
    """A supervisor who has given Maya as many cases as a worker should have."""
    supervisor = enter("bambang")
    given = supervisor.send(assigning(supervisor, office.asked), person=maya(supervisor, office))
    assert given.headers["location"] == f"/cases/{office.asked}?done=assigned"
    return supervisor


def assigning(who: Visitor, case: str, language: str = "id") -> tuple[str, list[tuple[str, str]]]:
    return who.see(f"/cases/{case}?lang={language}").form("/assign")


def maya(who: Visitor, office: Office) -> str:
    """Return the id under which the page offers her."""
    return str(next(one["id"] for one in who.open(f"/api/cases/{office.blocked}").json()["workers"] if one["name"] == "Maya Anggraini"))


@pytest.mark.parametrize(
    ("language", "counted", "remedy"),
    [
        ("id", "Maya Anggraini sudah memegang 1 kasus terbuka; batasnya 1.", "tuliskan alasan penugasan ini"),
        ("en", "Maya Anggraini already has 1 open cases; the limit is 1.", "write the reason for this assignment"),
    ],
)
def test_a_refusal_names_the_count_and_keeps_what_was_typed_and_with_a_reason_it_passes(
    busy: Visitor, office: Office, language: str, counted: str, remedy: str
) -> None:
    chosen = maya(busy, office)
    answer = busy.send(assigning(busy, office.blocked, language), person=chosen, reason="ya")
    assert answer.status_code == 409
    refused = Page(answer.text)
    assert counted in refused.text
    assert remedy in refused.text
    again = refused.form("/assign")
    assert {"person": chosen, "reason": "ya"}.items() <= dict(again[1]).items()
    passed = busy.send(again, reason=WHY)
    assert passed.headers["location"] == f"/cases/{office.blocked}?done=assigned"
    assert busy.open(f"/api/cases/{office.blocked}").json()["worker"] == "Maya Anggraini"


def test_the_reason_stands_before_those_who_assign_and_nobody_else(busy: Visitor, enter: Reception, office: Office) -> None:
    busy.send(assigning(busy, office.blocked), person=maya(busy, office), reason=WHY)
    for name, told in (("bambang", True), ("yusuf", True), ("maya", False), ("sari", False), ("nadia", False)):
        who = enter(name)
        read = (f"/cases/{office.blocked}", f"/cases/{office.blocked}/trail", f"/api/cases/{office.blocked}")
        assert any(WHY in who.open(address).text for address in read) == told, name


def test_a_refusal_that_no_word_in_the_form_would_answer_offers_no_second_try(busy: Visitor, enter: Reception, office: Office) -> None:
    sari = enter("sari")
    own = dict(sari.see(f"/cases/{office.blocked}").form("/relatives")[1])["csrf"]
    answer = sari.send(assigning(busy, office.blocked), person=maya(busy, office), reason=WHY, csrf=own)
    assert answer.status_code == 409
    refused = Page(answer.text)
    assert [form for form in refused.forms if form[0].endswith("/assign")] == []
    assert WHY in refused.text, "what was typed can be read, and taken to where it belongs"
