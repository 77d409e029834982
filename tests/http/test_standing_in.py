"""A head delegates, a supervisor arranges cover, and either ends at once; a glass is broken and looked into: over HTTP."""

from tests.databases import Database
from tests.http.conftest import Doorway, Place, registered


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


def test_a_glass_is_broken_by_one_and_looked_into_by_another(enter: Doorway, place: Place) -> None:
    dewi, surya = enter("dewi"), enter("surya")
    case, version = registered(enter("rina"))
    assigned = surya.post(f"/api/cases/{case}/assignment", {"person": place.persons["rina"]}, version=version)
    why = {"code": "child_in_danger", "reason": "Anak menelepon, petugasnya tidak dapat dihubungi."}
    broken = dewi.post(f"/api/cases/{case}/glass", why, version=assigned.json()["version"])
    assert broken.status_code == 201, broken.text
    (seen,) = surya.get(f"/api/cases/{case}/glass").json()["broken"]
    found = {"finding": "justified", "note": "Anak memang dalam bahaya."}
    path, now = f"/api/cases/{case}/glass/{seen['id']}/review", int(surya.get(f"/api/cases/{case}").headers["etag"].strip('"'))
    assert dewi.post(path, found, version=now).status_code in {404, 409}
    assert surya.post(path, found, version=now).status_code == 200
    assert surya.get(f"/api/cases/{case}/glass").json()["broken"][0]["may_review"] is False


def test_a_request_about_data_is_taken_in_decided_and_answered_with_a_copy(enter: Doorway) -> None:
    rina, surya = enter("rina"), enter("surya")
    case, _ = registered(rina)
    asked = {"case": case, "kind": "access", "applicant": "parent", "shown": "identity_card"}
    taken = rina.post("/api/data-requests", asked)
    assert taken.status_code == 201, taken.text
    path = f"/api/data-requests/{taken.json()['id']}"
    assert rina.post(f"{path}/decision", {"outcome": "granted"}, version=1).status_code == 409
    assert surya.get(f"{path}/copy").status_code == 404
    decided = surya.post(f"{path}/decision", {"outcome": "granted"}, version=1)
    assert (decided.status_code, decided.headers["etag"]) == (200, '"2"'), decided.text
    copy = surya.get(f"{path}/copy")
    assert copy.status_code == 200, copy.text
    assert [record["form"] for record in copy.json()["cases"][0]["records"]] == ["F01"]
    assert rina.get(f"{path}/copy").status_code == 404
    (listed,) = rina.get("/api/data-requests").json()["requests"]
    assert (listed["id"], listed["version"], listed["may_decide"]) == (taken.json()["id"], 2, False)
