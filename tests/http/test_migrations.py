"""Passing into a newer version over HTTP: asked for by the supervisor, approved by the head, refused to everybody else."""

from litestar.testing import TestClient

from casework.http.app import create, open_store
from casework.settings import Settings
from tests.databases import Database
from tests.http.conftest import HOME, Clock, Doorway, Somebody, registered
from tests.versions.newer import newer_program

ASK = "/api/machines/care_journey/versions/2/migrations"


def codes(who: Somebody, path: str, body: dict[str, str]) -> set[str]:
    answer = who.post(path, body)
    assert answer.status_code == 409, answer.text
    return {reason["code"] for reason in answer.json()["reasons"]}


def test_it_is_asked_for_by_one_and_approved_by_a_head(settings: Settings, database: Database, clock: Clock) -> None:
    app = create(settings, clock=clock)
    with TestClient(app, base_url=HOME) as client:
        case, _ = registered(Doorway(client)("rina"))
    app.state.store.close()
    with newer_program():
        owner = open_store(Settings(database=database.owner, search_key=settings.search_key))
        owner.upgrade(clock.at)
        owner.close()
        app = create(settings, clock=clock)
        with TestClient(app, base_url=HOME) as client:
            enter = Doorway(client)
            surya, hadi, rina = enter("surya"), enter("hadi"), enter("rina")
            assert rina.get(f"/api/cases/{case}").json()["rules"] == 1
            office = {"office": database.rows("SELECT office_id FROM care_case")[0]["office_id"]}
            assert codes(rina, ASK, office) == {"role_not_allowed"}
            clock.forward(minutes=1)
            asked = surya.post(ASK, office)
            assert (asked.status_code, asked.json()["subjects"]) == (201, 1), asked.text
            (seen,) = hadi.get("/api/migrations").json()
            assert (seen["id"], seen["digest"], seen["approved_at"]) == (asked.json()["id"], asked.json()["digest"], None)
            assert rina.get("/api/migrations").json() == []
            path = f"/api/migrations/{seen['id']}/approval"
            assert codes(surya, path, {"digest": seen["digest"]}) == {"role_not_allowed"}
            assert codes(hadi, path, {"digest": "0" * 64}) == {"approval_superseded"}
            assert hadi.post(path, {"digest": seen["digest"]}).status_code == 200
            assert codes(hadi, path, {"digest": seen["digest"]}) == {"request_settled"}
        app.state.store.close()
