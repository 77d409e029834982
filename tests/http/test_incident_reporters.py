"""Who reported an incident is known to those who triage it and to the reporter, and to nobody else (DOMAIN 7.8)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from casework.settings import Settings
from tests.application import lent
from tests.http.conftest import HOME, Doorway, Somebody
from tests.services.conftest import beginnings, tell  # noqa: F401 - fixtures
from tests.services.story import SEARCH_KEY, Story
from tests.services.ways import ADMISSION

REPORTER = "Anton Wijaya"
KNOW = {"sari", "rina", "bambang", "anton"}
"""Who triages (any social worker on duty, a supervisor), and who reported it."""
DO_NOT = {"yusuf", "iwan", "nadia", "halimah"}
"""The head of the office, the TKSK, the auditor, the head of the house."""


@pytest.fixture
def told(tell: Callable[..., Story]) -> Story:  # noqa: F811
    """A member of a house's staff reports an incident there."""
    story = tell(*ADMISSION, "institutional_care")
    story.sign("F17", "anton", type="physical", subject_household="harapan")
    story.errand("iwan")
    story.later(minutes=30)
    return story


@pytest.fixture
def door(told: Story, tmp_path: Path) -> Iterator[TestClient[Litestar]]:
    key = tmp_path / "search.key"
    key.touch(mode=0o600)
    key.write_text(SEARCH_KEY.hex() + "\n")
    settings = Settings(database=told.database.target, search_key=str(key))
    with lent(settings, lambda: told.now) as app, TestClient(app, base_url=HOME, raise_server_exceptions=False) as client:
        yield client


def naming(who: Somebody, told: Story) -> set[str]:
    """Return the pages and answers about the case on which somebody reads the reporter's name."""
    (report,) = told.rows("SELECT id FROM record WHERE form = 'F17'")
    case, record = told.case, report["id"]
    pages = {f"/cases/{case}", f"/cases/{case}/trail", f"/cases/{case}/records/{record}"}
    answers = {f"/api/cases/{case}", f"/api/cases/{case}/journal", f"/api/cases/{case}/records/{record}"}
    read = {path: who.get(path, headers={"accept": "text/html"}) for path in pages} | {path: who.get(path) for path in answers}
    assert all(answer.status_code in {200, 404} for answer in read.values()), read
    assert read[f"/api/cases/{case}"].status_code == 200
    return {path for path, answer in read.items() if REPORTER in answer.text}


def test_who_reported_an_incident_is_read_by_who_triages_it_and_by_the_reporter_alone(door: TestClient[Litestar], told: Story) -> None:
    (report,) = told.rows("SELECT id FROM record WHERE form = 'F17'")
    assert REPORTER in Doorway(door)("anton").get(f"/api/cases/{told.case}/records/{report['id']}").text
    for name in sorted(DO_NOT):
        assert naming(Doorway(door)(name), told) == set(), name
    yusuf = Doorway(door)("yusuf")
    shown = yusuf.get(f"/api/cases/{told.case}").json()
    (report,) = (record for record in shown["records"] if record["form"] == "F17")
    assert (report["author"], report["author_role"]["en"], report["may_open"]) == ("", "name kept confidential", True)
    assert "name kept confidential" in yusuf.get(f"/cases/{told.case}/trail?lang=en", headers={"accept": "text/html"}).text
    for name in sorted(KNOW):
        found = naming(Doorway(door)(name), told)
        assert {f"/api/cases/{told.case}", f"/cases/{told.case}/trail"} <= found, name


def test_the_trail_of_an_office_names_no_reporter_and_finds_nothing_by_the_name(door: TestClient[Litestar], told: Story) -> None:
    anton = told.play.cast.people["anton"].person
    for name in ("yusuf", "nadia"):
        who = Doorway(door)(name)
        page = who.get("/trail?lang=en", headers={"accept": "text/html"})
        timeline = page.text.partition('<ol class="timeline')[2]  # above it everybody of the office may be chosen
        assert (page.status_code, REPORTER in timeline, "name kept confidential" in timeline) == (200, False, True)
        assert REPORTER not in who.get("/api/trail").text
        theirs = who.get(f"/trail?lang=en&person={anton}", headers={"accept": "text/html"})
        assert (theirs.status_code, "name kept confidential" in theirs.text) == (200, False)
