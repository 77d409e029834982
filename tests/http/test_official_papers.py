"""An official paper over HTTP: the same bytes each time, shown in a sandbox under a name that names nobody, and to nobody else."""

import pytest

from casework.http.headers import SANDBOX
from casework.machines.forms import KINDS
from tests.http.conftest import Doorway, Place, body_of, registered


@pytest.fixture
def record(enter: Doorway, place: Place) -> str:
    """The address of a record that Rina signed in her case."""
    made, version = registered(enter("rina"))
    assigned = enter("surya").post(f"/api/cases/{made}/assignment", {"person": place.persons["rina"]}, version=version)
    body = {"form": "F14", "body": body_of(KINDS["F14"].form)}
    signed = enter("rina").post(f"/api/cases/{made}/records", body, version=assigned.json()["version"])
    assert signed.status_code == 201, signed.text
    return signed.headers["location"]


def test_a_record_is_printed_as_an_official_paper(enter: Doorway, record: str) -> None:
    rina = enter("rina")
    assert rina.get(record).json()["may_print"] is True
    shown = rina.get(f"{record}/paper")
    assert shown.status_code == 200, shown.text
    assert shown.content.startswith(b"%PDF-")
    assert shown.headers["content-type"] == "application/pdf"
    assert shown.headers["content-security-policy"] == SANDBOX
    assert shown.headers["cache-control"] == "no-store"
    number = rina.get(record).json()["number"]
    assert shown.headers["content-disposition"] == f'inline; filename="{number}-RU-3.pdf"'
    assert rina.get(f"{record}/paper").content == shown.content
    english = rina.get(f"{record}/paper?language=en").content
    assert english.startswith(b"%PDF-")
    assert english != shown.content
    assert rina.get(f"{record}/paper?language=jv").status_code == 400


def test_nobody_else_gets_it_and_a_form_that_is_no_paper_gives_none(enter: Doorway, record: str) -> None:
    for name in ("lain", "hana", "agung"):
        assert enter(name).get(f"{record}/paper").status_code == 404, name
    case = record.partition("/records/")[0]
    intake = next(one["id"] for one in enter("rina").get(f"{case}/records").json() if one["form"] == "F01")
    assert enter("rina").get(f"{case}/records/{intake}").json()["may_print"] is False
    assert enter("rina").get(f"{case}/records/{intake}/paper").status_code == 404
