"""Passing into a newer version of the rules, from the pages: looked at, asked for by one, approved by another, and by nobody else."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from casework.http.app import create, open_store
from casework.settings import Settings
from tests.pages.conftest import NOW, SITE, Office, Reception
from tests.pages.forms import Page
from tests.versions.newer import newer_program


@pytest.fixture
def newer(office: Office) -> Iterator[TestClient[Litestar]]:
    """The office with the program a release later: both children's cases go on by the older version."""
    settings = Settings(database=str(office.file))
    with newer_program():
        store = open_store(settings)
        store.upgrade(NOW)
        store.close()
        with TestClient(create(settings, clock=lambda: NOW), base_url=SITE, raise_server_exceptions=True) as client:
            yield client


def test_it_is_looked_at_asked_for_and_approved_by_two_people(newer: TestClient[Litestar]) -> None:
    enter = Reception(newer)
    supervisor, head = enter("bambang"), enter("yusuf")
    assert "/migrations" in supervisor.see("/decisions").links
    look = next(link for link in supervisor.see("/migrations").links if "machine=care_journey" in link)
    for language, asked in (("id", "Minta perpindahan (2)"), ("en", "Ask for the migration (2)")):
        page = supervisor.see(f"{look}&lang={language}")
        assert asked in page.text
        assert page.unlabelled == page.inline == []
        assert "care_planning" not in page.text
    answer = supervisor.send(supervisor.see(look).form("/migrations"))
    assert answer.headers["location"] == "/migrations?done=migration_asked"
    mine, theirs = supervisor.see("/migrations"), head.see("/migrations?lang=id")
    assert not any(action.endswith("/approval") for action, _ in mine.forms)
    assert "menunggu Kepala Dinas" in theirs.text
    assert head.send(theirs.form("/approval")).headers["location"] == "/migrations?done=migration_approved"
    assert "casework migrate-cases care_journey --to 2 --carry-out" in Page(head.open("/migrations").text).text


@pytest.mark.parametrize("name", ["sari", "halimah", "nadia", "wahyu", "dian"])
def test_nobody_else_sees_or_asks(newer: TestClient[Litestar], office: Office, name: str) -> None:
    visitor = Reception(newer)(name)
    assert not any("machine=" in link for link in visitor.see("/migrations").links)
    where = Reception(newer)("bambang").see("/migrations").links
    look = next(link for link in where if "machine=care_journey" in link)
    assert visitor.open(look).status_code in {404, 409}
    assert office.file.exists()


def test_without_a_newer_version_there_is_nothing_to_pass_into(enter: Reception) -> None:
    page = enter("bambang").see("/migrations")
    assert "Semua yang terbuka sudah berjalan menurut versi terbaru." in page.text
    assert enter("bambang").open("/migrations/look?machine=care_journey&version=9&office=x").status_code in {404, 422}
