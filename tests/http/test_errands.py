"""A TKSK is asked into the field, sees the child until it is done, and is told how far their own report is: over HTTP."""

from casework.machines.facts import WITA
from tests.http.conftest import START, Doorway, Place, registered


def test_somebody_is_asked_into_the_field_and_it_is_taken_back(enter: Doorway, place: Place) -> None:
    surya, joko = enter("surya"), enter("joko")
    case, version = registered(enter("rina"))
    ask = {
        "person": place.persons["joko"],
        "kind": "field_visit",
        "district": "64.02.06",
        "by": START.astimezone(WITA).date().isoformat(),
        "note": "Temui neneknya.",
    }
    assert joko.get(f"/api/cases/{case}").status_code == 404
    made = surya.post(f"/api/cases/{case}/field-requests", ask, version=version)
    assert made.status_code == 201, made.text
    shown = joko.get(f"/api/cases/{case}").json()
    assert [task["note"] for task in shown["tasks"]] == ["Temui neneknya."]
    assert [line["case"] for line in joko.get("/api/work").json()] == [case]
    ended = surya.post(f"/api/cases/{case}/field-requests/{shown['tasks'][0]['id']}/end", version=made.json()["version"])
    assert ended.status_code == 200, ended.text
    assert joko.get(f"/api/cases/{case}").status_code == 404
    assert joko.get("/api/work").json() == []


def test_who_reports_and_sees_no_case_is_told_how_far_the_report_is(enter: Doorway) -> None:
    joko = enter("joko")
    case, _ = registered(joko)
    assert joko.get(f"/api/cases/{case}").status_code == 404
    (told,) = joko.get("/api/reports").json()
    assert (told["status"]["en"], told["open"]) == ("received, waiting for a social worker", True)
    assert enter("rina").get("/api/reports").status_code == 404
