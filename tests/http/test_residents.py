"""The list of an institution's residents over HTTP: asked for, read, decided by two, and registered, each child by its own entry."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from casework.services.cases import AssignCase, assign_case
from casework.settings import Settings
from tests.application import lent
from tests.http.conftest import HOME, Doorway, Somebody
from tests.services.conftest import beginnings, tell  # noqa: F401 - fixtures
from tests.services.story import SEARCH_KEY, Story
from tests.services.test_residents import listed_child, shown


@pytest.fixture
def nur(tell: Callable[..., Story], tmp_path: Path) -> Iterator[tuple[Story, tuple[str, ...], TestClient[Litestar]]]:  # noqa: F811
    story = tell("reported")
    cases = tuple(listed_child(story, place) for place in range(2))
    for case in cases:
        story.case = case
        story.do(assign_case, "bambang", AssignCase(case=case, person=story.person("sari")))
        story.advance("start_assessment")
        for form in ("F02", "F03"):
            story.sign(form)
        story.sign("F25", host="nur")
    key = tmp_path / "search.key"
    key.touch(mode=0o600)
    key.write_text(SEARCH_KEY.hex() + "\n")
    settings = Settings(database=story.database.target, search_key=str(key), go_live=date(2026, 1, 5))
    with lent(settings, lambda: story.now) as app, TestClient(app, base_url=HOME) as client:
        yield story, cases, client


def test_a_list_of_residents_is_asked_for_decided_by_two_and_registered(nur: tuple[Story, tuple[str, ...], TestClient[Litestar]]) -> None:
    story, cases, client = nur
    enter, list_ = Doorway(client), f"/api/hosts/{story.play.cast.hosts['nur']}"

    def send(who: Somebody, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        version = int(who.get(list_).headers["etag"].strip('"'))
        answer = who.post(f"{list_}/residents{path}", body, version=version)
        return answer.status_code, answer.json()

    sari = enter("sari")
    assert send(sari, "", {"cases": [*cases, "0" * 26]})[0] == 404
    assert send(sari, "", {"cases": [*cases]})[0] == 200
    for request, case, seq in story.rows("SELECT r.id, c.id, c.seq FROM approval_request AS r JOIN care_case AS c ON c.id = r.case_id"):
        assert sari.post(f"/api/cases/{case}/approvals/{request}/withdrawal", version=seq).status_code == 200
    assert send(sari, "", {"cases": [*cases]})[0] == 200
    assert send(sari, "/registration", {"cases": [*cases]})[0] == 409
    for by in ("bambang", "yusuf"):
        shown(story, by)
        seen = (who := enter(by)).get(f"{list_}/residents").json()
        body = {"decision": "approve", "digest": seen["digest"], "requests": [child["request"] for child in seen["children"]]}
        assert send(who, "/decisions", body | {"digest": "0" * 64})[0] == 409
        assert send(who, "/decisions", body)[1]["children"] == len(cases)
    done = send(sari, "/registration", {"cases": [*cases]})
    assert (done[0], done[1]["children"]) == (200, len(cases))
    assert {row["state"] for row in story.rows("SELECT id, state FROM care_case") if row["id"] in cases} == {"institution_unverified"}
