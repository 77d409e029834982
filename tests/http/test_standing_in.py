"""A head delegates, a supervisor arranges cover, and either ends at once: over HTTP."""

from tests.databases import Database
from tests.http.conftest import Doorway


def test_what_is_lent_is_listed_and_ends_when_it_is_taken_back(enter: Doorway, database: Database) -> None:
    hadi, surya = enter("hadi"), enter("surya")
    (office,) = database.rows("SELECT office_id FROM assignment JOIN account ON account.id = account_id WHERE username = 'hadi'")[0]
    lent = hadi.post("/api/delegations", {"taker": "surya", "role": "dinas_head", "office": office, "days": 14, "actions": ["decide"]})
    covered = surya.post("/api/covers", {"absent": "rina", "taker": "dewi", "office": office, "days": 7})
    assert (lent.status_code, covered.status_code) == (201, 201)
    assert len(surya.get("/api/delegations").json()) == 2
    assert hadi.post(f"/api/delegations/{lent.json()['id']}/end").status_code == 200
    (left,) = surya.get("/api/delegations").json()
    assert left["id"] == covered.json()["id"]
