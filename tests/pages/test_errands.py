"""What is asked in the field stands apart on a child's page, and is told as whose it is where it is late; its day over, it is gone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from casework.settings import Settings
from tests.application import lent
from tests.pages.conftest import NOW, SITE, Office, Reception

VISIT, NOTE, WHO = "Kunjungi rumah, tulis catatannya (F15)", "Temui neneknya di rumah.", "Iwan Setiadi"


@pytest.fixture
def later(office: Office) -> Iterator[Reception]:
    """Nine days on: what Iwan was asked is over."""
    with lent(Settings(database=str(office.file)), lambda: NOW + timedelta(days=9)) as app, TestClient(app, base_url=SITE) as client:
        yield Reception(client)


def part(text: str, name: str) -> str:
    """Return what a page shows under a heading, or in a section, of this name."""
    return text.partition(f'id="{name}"')[2].partition("</section>")[0]


@pytest.mark.parametrize(("by", "leads"), [("sari", True), ("bambang", True), ("rina", False)])
def test_what_somebody_else_was_asked_is_not_among_what_is_due(enter: Reception, office: Office, by: str, *, leads: bool) -> None:
    text = enter(by).open(f"/cases/{office.blocked}").text
    assert VISIT not in part(text, "h-due")
    asked = part(text, "field")
    assert VISIT in asked
    assert WHO in asked
    assert (NOTE in asked, "/end" in asked) == (leads, leads)


def test_what_is_late_in_the_field_is_not_told_as_the_workers_failing(later: Reception, office: Office) -> None:
    supervisor = later("bambang")
    for address in ("/work", "/overdue"):
        (line,) = (one for one in supervisor.open(address).text.split("<li") if VISIT in one)
        assert f"diminta dari {WHO}" in line
        assert "belum dikerjakan pekerja sosial" not in line
    officer = later("iwan")
    assert VISIT not in officer.open("/work").text
    assert officer.open(f"/cases/{office.blocked}").status_code == 404
