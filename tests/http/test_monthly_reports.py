"""The monthly report of a house (F27) as its people meet it: on the work list, the child's page and in the interface, in both languages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from casework.http.app import create
from casework.settings import Settings
from tests.http.conftest import HOME, Doorway, Somebody
from tests.pages.forms import Page
from tests.services.conftest import beginnings, tell  # noqa: F401 - fixtures
from tests.services.story import SEARCH_KEY, Story
from tests.services.ways import ADMISSION

ASKED = {
    "id": "Laporkan keadaan anak bulan ini (F27, atau F16)",
    "en": "Report how the child fares this month (F27, or F16)",
}
TITLES = {"id": "Laporan bulanan anak di LKSA", "en": "Monthly report of the house"}
TOLD = {
    "period_from": "2026-04-01",
    "period_to": "2026-04-12",
    "health": "sehat",
    "education": "masuk setiap hari",
    "social_emotional": "tenang",
    "family_contact": "ibu menelepon",
    "child_view": "rindu rumah",
}


@pytest.fixture
def resident(tell: Callable[..., Story]) -> Story:  # noqa: F811
    """A child in an institution, three weeks after the admission."""
    story = tell(*ADMISSION, "institutional_care")
    story.later(days=21)
    return story


@pytest.fixture
def door(resident: Story, tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    key = tmp_path / "search.key"
    key.touch(mode=0o600)
    key.write_text(SEARCH_KEY.hex() + "\n")
    app = create(Settings(database=resident.database.target, search_key=str(key)), clock=lambda: resident.now)
    with TestClient(app, base_url=HOME, raise_server_exceptions=True) as client:
        yield client
    app.state.store.close()


def see(who: Somebody, address: str) -> Page:
    answer = who.get(address, headers={"accept": "text/html"})
    assert answer.status_code == 200, (address, answer.text[:500])
    return Page(answer.text)


def send(who: Somebody, form: tuple[str, list[tuple[str, str]]], **filled: str) -> Any:
    return who.ask("POST", form[0], data={**dict(form[1]), **filled}, headers={"accept": "text/html"}, follow_redirects=False)


def asked(resident: Story) -> list[str]:
    return [row["due_at"] for row in resident.rows("SELECT due_at FROM task WHERE kind = 'monthly_report' AND settled_at IS NULL")]


@pytest.mark.parametrize("name", ["halimah", "anton"])
def test_a_house_finds_the_months_report_on_its_list_and_writes_it_on_the_page(
    door: TestClient[Litestar], resident: Story, name: str
) -> None:
    who, case, before = Doorway(door)(name), f"/cases/{resident.case}", asked(resident)
    for language in ("id", "en"):
        assert ASKED[language] in see(who, f"/work?lang={language}").text
        assert ASKED[language] in see(who, f"{case}?lang={language}").text
        assert TITLES[language] in see(who, f"{case}/file/F27?lang={language}").text
    form = see(who, f"{case}/file/F27?lang=en").form("/file/F27")
    wrong = send(who, form, do="sign", **TOLD, concern="yes", concern_text="")
    assert wrong.status_code == 422
    again = Page(wrong.text)
    assert "Tuliskan kekhawatirannya." in again.text
    assert dict(again.form("/file/F27")[1])["health"].strip() == "sehat"
    assert send(who, again.form("/file/F27"), do="sign", concern_text="Anak menyendiri.").status_code == 303
    assert asked(resident) > before
    shown = see(who, f"{case}?lang=en").text
    assert f"F27 {TITLES['en']} : with a concern" in shown


def test_the_interface_tells_it_and_takes_it(door: TestClient[Litestar], resident: Story) -> None:
    anton, address = Doorway(door)("anton"), f"/api/cases/{resident.case}"
    listed = [line["words"] for line in anton.get("/api/work").json()]
    assert ASKED in listed
    shown = anton.get(address).json()
    assert [task["words"] for task in shown["tasks"] if task["kind"] == "monthly_report"] == [ASKED]
    signed = anton.post(f"{address}/records", {"form": "F27", "body": {**TOLD, "concern": "no"}}, version=shown["version"])
    assert signed.status_code == 201, signed.text
    assert "concern" in anton.get("/api/forms/F27").text
    (filed,) = (record for record in anton.get(address).json()["records"] if record["form"] == "F27")
    assert (filed["id"], filed["title"]) == (signed.json()["id"], TITLES)
