"""The receiver's account over HTTP: its desk as pages and as the interface; through every other route it learns nothing of the child."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient

from casework.settings import Settings
from tests.application import lent
from tests.http.conftest import HOME, Doorway
from tests.pages.conftest import Visitor
from tests.pages.forms import Page
from tests.services.beside import beside, state
from tests.services.conftest import beginnings, tell  # noqa: F401 - fixtures
from tests.services.story import PASSWORD, SEARCH_KEY, Story
from tests.services.test_desk import NEED, YES, sent  # noqa: F401 - a fixture


@pytest.fixture
def desk(sent: Story, tmp_path: Path) -> Iterator[TestClient[Litestar]]:  # noqa: F811
    key = tmp_path / "search.key"
    key.touch(mode=0o600)
    key.write_text(SEARCH_KEY.hex() + "\n")
    sent.later(minutes=30)
    settings = Settings(database=sent.database.target, search_key=str(key))
    with lent(settings, lambda: sent.now) as app, TestClient(app, base_url=HOME, raise_server_exceptions=False) as client:
        yield client


def addresses(app: Litestar, story: Story) -> Iterator[str]:
    """Yield every address that can be asked, with the ids of this story in it."""
    record = story.rows("SELECT id FROM record WHERE case_id = ? ORDER BY id", story.case)[0]["id"]
    known = {
        "case_id": story.case,
        "host_id": story.play.cast.hosts["harapan"],
        "process_id": beside(story, "referral"),
        "record_id": record,
    }
    for route in app.routes:
        if (
            isinstance(route, HTTPRoute)
            and "GET" in route.methods
            and not {"docs", "openapi"} & {*route.path_format.replace(".", "/").split("/")}
        ):
            path = route.path_format
            for name in route.path_parameters:
                path = path.replace(f"{{{name}}}", known.get(name, record))
            yield path


def test_through_every_other_route_a_receiver_learns_nothing(desk: TestClient[Litestar], sent: Story) -> None:  # noqa: F811
    wahyu, app = Doorway(desk)("wahyu"), desk.app
    child = sent.rows("SELECT * FROM child WHERE id = ?", sent.row["child_id"])[0]
    asked = [path for path in addresses(app, sent) if path != "/api"]
    answers = {path: wahyu.get(path, headers={"accept": "text/html" if "/api/" not in path else "application/json"}) for path in asked}
    kept = (child["name"], child["mother_name"], sent.row["number"], sent.row["child_id"], "Umur anak Raka")
    assert [(path, secret) for path, answer in answers.items() for secret in kept if secret in answer.text] == []
    about_a_case = {path: answer.status_code for path, answer in answers.items() if sent.case in path}
    assert len(about_a_case) > 10
    assert set(about_a_case.values()) == {404}, about_a_case
    assert [path for path, answer in answers.items() if answer.status_code >= 500] == []


def test_the_interface_shows_the_desk_and_takes_the_answer_of_its_own_body_only(desk: TestClient[Litestar], sent: Story) -> None:  # noqa: F811
    wahyu, ratna, sari = (Doorway(desk)(name) for name in ("wahyu", "ratna", "sari"))
    (line,) = wahyu.get("/api/referrals").json()
    path = f"/api/referrals/{line['id']}"
    shown = wahyu.get(path)
    assert (shown.json()["need"], shown.headers["etag"]) == (NEED, f'"{shown.json()["version"]}"')
    version = shown.json()["version"]
    for other in (ratna, sari):
        assert (
            other.get(path).status_code,
            other.post(f"{path}/transitions", {"trigger": "accept", **YES}, version=version).status_code,
        ) == (404, 404)
    assert (ratna.get("/api/referrals").json(), sari.get("/api/referrals").status_code) == ([], 404)
    assert wahyu.post(f"{path}/transitions", {"trigger": "accept", **YES}).status_code == 428
    assert wahyu.post(f"{path}/transitions", {"trigger": "accept"}, version=version).status_code == 422
    made = wahyu.post(f"{path}/transitions", {"trigger": "accept", **YES}, version=version, key="jawaban-pertama")
    assert (made.status_code, made.json()["state"]) == (200, "accepted")
    again = wahyu.post(f"{path}/transitions", {"trigger": "accept", **YES}, version=version, key="jawaban-pertama")
    assert again.json() == made.json()
    past = next(one for one in sari.get(f"/api/cases/{sent.case}/processes").json() if one["machine"] == "referral")["past"]
    assert (past[-1]["by"], past[-1]["state"]["en"]) == ("Wahyu Prasetyo", "accepted")


def test_the_pages_of_the_desk_say_what_lacks_and_take_the_answer(desk: TestClient[Litestar], sent: Story) -> None:  # noqa: F811
    visitor = Visitor(desk)
    visitor.open("/sign-in", method="POST", data={"username": "wahyu", "password": PASSWORD, "back": ""})
    assert visitor.open("/").headers["location"] == "/referrals"
    page = visitor.see("/referrals")
    assert NEED in page.text
    assert "Kasus" not in page.text.split("<main")[0]
    address = f"/referrals/{beside(sent, 'referral')}"
    form = next(each for each in visitor.see(address).forms if ("trigger", "accept") in each[1])
    wrong = visitor.send(form, name="Wahyu")
    assert (wrong.status_code, "Wajib diisi." in wrong.text, 'value="Wahyu"' in wrong.text) == (422, True, True)
    form = next(each for each in Page(wrong.text).forms if ("trigger", "accept") in each[1])
    assert visitor.send(form, **YES).headers["location"] == f"{address}?done=replied"
    assert state(sent, beside(sent, "referral")) == "accepted"
    assert "received" in visitor.see("/referrals?lang=en").text
