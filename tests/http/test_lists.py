"""Lists over HTTP: page by page, the next one named in `Link`, in the interface and on the pages without a script."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from casework.services.keyset import PAGE
from casework.services.numbers.catalogue import REPORTS
from tests.http.conftest import Doorway, Somebody, new_case


@pytest.fixture
def busy(rina: Somebody) -> Somebody:
    for _ in range(PAGE + 3):
        assert rina.post("/api/cases", new_case()).status_code == 201
    return rina


def next_of(link: str) -> str:
    found = re.fullmatch(r'<(.+)>; rel="next"', link)
    assert found
    return found[1]


def test_a_caseload_is_read_by_following_its_links(busy: Somebody) -> None:
    first = busy.get("/api/cases", params={"in_state": "reported"})
    assert len(first.json()) == PAGE
    address = next_of(first.headers["link"])
    assert parse_qs(urlsplit(address).query)["in_state"] == ["reported"]
    second = busy.get(address)
    assert (len(second.json()), "link" in second.headers) == (3, False)
    assert len({line["id"] for line in (*first.json(), *second.json())}) == PAGE + 3


def test_a_work_list_is_read_by_following_its_links_and_shows_only_headings_that_have_lines(busy: Somebody, enter: Doorway) -> None:
    surya = enter("surya")
    first = surya.get("/api/work")
    everything = [*first.json(), *surya.get(next_of(first.headers["link"])).json()]
    lines = [line for line in everything if line["case"]]
    assert {line["part"] for line in everything} == {"unassigned", "house"}
    assert (len(first.json()), len({line["id"] for line in lines})) == (PAGE, PAGE + 3)
    assert {(line["part"], line["group"], line["worker"]) for line in lines} == {("unassigned", "soon", "")}
    assert {line["id"] for line in busy.get("/api/work").json()}.isdisjoint({line["id"] for line in lines})
    page = surya.get("/work").text
    assert page.count("<h2") == 1
    assert "Segera jatuh tempo" in page
    (older,) = re.findall(r'href="(/work\?[^"]*after=[^"]+)"', page)
    assert "Pekerjaan berikutnya" not in surya.get(html.unescape(older)).text


def test_a_list_has_no_link_where_it_ends(rina: Somebody) -> None:
    for path in (
        "/api/cases",
        "/api/cases?mine=true",
        "/api/cases?order=due",
        "/api/overdue",
        "/api/overdue?mine=true",
        "/api/approvals",
        "/api/work",
    ):
        answer = rina.get(path)
        assert (answer.status_code, "link" in answer.headers) == (200, False), path


@pytest.mark.parametrize("path", ["/api/cases", "/api/overdue", "/api/approvals", "/api/work"])
@pytest.mark.parametrize("after", ["abc", "e30", "%00", "x" * 301])
def test_a_strange_cursor_is_the_callers_mistake(enter: Doorway, path: str, after: str) -> None:
    answer = enter("surya").get(f"{path}?after={after}")
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_numbers_are_for_who_leads_an_office(busy: Somebody, enter: Doorway) -> None:
    assert busy.get("/api/counts").status_code == 404
    (office,) = enter("surya").get("/api/counts").json()
    assert (office["cases"], [(one["state"], one["cases"]) for one in office["states"]]) == (PAGE + 3, [("reported", PAGE + 3)])


def test_prevented_separations_are_for_who_leads_an_office(busy: Somebody, enter: Doorway) -> None:
    assert busy.get("/api/prevention").status_code == busy.get("/prevention").status_code == 404
    surya = enter("surya")
    (office,) = surya.get("/api/prevention").json()
    assert (office["supported"], office["together"], office["asked"], office["kept_out_percent"]) == (0, 0, 0, None)
    assert "Anak yang tetap bersama keluarganya" in surya.get("/prevention").text
    assert f"/prevention?year={office['year'] - 1}" in surya.get("/prevention").text
    assert surya.get("/api/prevention?year=1999").status_code == 422


def test_the_numbers_are_for_who_leads_an_office_on_pages_in_files_and_over_the_interface(busy: Somebody, enter: Doorway) -> None:
    for address in ("/api/numbers", "/api/numbers/R14", "/numbers", "/numbers/R1", "/numbers/R1/file"):
        assert busy.get(address).status_code == 404
    assert "/numbers" not in busy.get("/cases").text
    surya = enter("surya")
    assert [one["code"] for one in surya.get("/api/numbers").json()["first"]["figures"]][:2] == ["gatekeeping", "stay"]
    told = surya.get("/api/numbers/R14?public=true").json()
    assert told["public"] is True
    assert {line["cells"][0] for line in told["lines"]} == {"hidden"}
    assert surya.get("/api/numbers/R6?since=2026-13").status_code == 422
    assert surya.get("/api/numbers/R99").status_code == 404
    for code in (report.code for report in REPORTS):
        page = surya.get(f"/numbers/{code}")
        assert page.status_code == 200, code
        assert f"/numbers/{code}/file?as=xlsx" in page.text
    assert 'role="img"' in surya.get("/numbers/R15").text
    file = surya.get("/numbers/R15/file?as=csv")
    assert file.headers["content-disposition"].startswith('attachment; filename="casework-R15-')
    assert "Surya" in file.content.decode("utf-8-sig") or "Jumlah" in file.content.decode("utf-8-sig")
    assert surya.get("/numbers/R14/file?as=xlsx&public=1").content[:2] == b"PK"
    assert surya.get("/numbers/R15/file?public=1").status_code == surya.get("/numbers/R14/file?as=pdf").status_code == 404
    assert 'href="/numbers"' in surya.get("/cases").text


@pytest.mark.usefixtures("busy")
def test_the_pages_lead_to_older_cases_without_a_script(enter: Doorway) -> None:
    surya = enter("surya")
    first = surya.get("/cases").text
    assert "53" in first
    (older,) = re.findall(r'href="(/cases\?[^"]*after=[^"]+)"', first)
    second = surya.get(html.unescape(older)).text
    assert (first.count("<li"), second.count("<li")) == (first.count("<li"), first.count("<li") - PAGE + 3)
    assert "Kasus sebelumnya" not in second
    for path in ("/cases?show=mine", "/cases?show=due", "/overdue", "/cases?state=reported"):
        assert surya.get(path).status_code == 200


def test_a_strange_cursor_on_a_page_is_a_page(enter: Doorway) -> None:
    answer = enter("surya").get("/cases?after=abc")
    assert (answer.status_code, "text/html" in answer.headers["content-type"]) == (422, True)
