"""Choosing a place among many: a short list on the child's page, all of them on a page of their own, nothing to be typed twice."""

import re
import sqlite3
from contextlib import closing

from casework.http.pages.places import LONG, SHORT
from tests.pages.conftest import Office, Visitor
from tests.pages.forms import Page
from tests.pages.test_reading import ADMIT

MANY = LONG + 20
FAR = f"far{1:023}"


def with_many_houses(office: Office) -> None:
    """Enter many houses into the register, all elsewhere."""
    with closing(sqlite3.connect(office.file)) as database, database:
        rows = [(f"far{number:023}", f"LKSA Jauh {number:03}") for number in range(MANY)]
        database.executemany(
            "INSERT INTO host (id, kind, name, status, created_at) VALUES (?, 'lksa', ?, 'registered', '2020-01-01')", rows
        )


def select_of(source: str, control: str) -> list[str]:
    """Return the ids of the houses that a list of a page offers."""
    (chosen,) = re.findall(rf'<select id="{control}".*?</select>', source, re.DOTALL)
    return re.findall(r'value="(?:host:)?(\w{26})"', chosen)


def sought(worker: Visitor, page: Page, name: str) -> Page:
    """Search by a name, as a form does: it stands in no address and no title."""
    address = worker.send(page.form("/places"), name=name).headers["location"]
    assert name.partition(" ")[0] not in address
    found = worker.see(address)
    assert ("name", name) in found.form("/places")[1]
    return found


def test_a_page_offers_the_nearest_places_only_and_leads_to_all(worker: Visitor, office: Office) -> None:
    address = f"/cases/{office.blocked}"
    before = len(worker.open(address).content)
    with_many_houses(office)
    page = worker.see(address)
    assert len(select_of(page.source, f"with-{ADMIT}")) == len(select_of(page.source, "offer-host")) == SHORT
    assert office.lksa in select_of(page.source, f"with-{ADMIT}")
    assert len(page.source.encode()) < 1.2 * before
    assert {f"{address}/places?step={ADMIT}", f"{address}/places"} <= {*page.links}


def test_a_far_place_is_found_by_its_name_and_stays_chosen(worker: Visitor, office: Office) -> None:
    with_many_houses(office)
    everywhere = worker.see(f"/cases/{office.blocked}/places?step={ADMIT}&all=1")
    assert sum("with=host:" in link for link in everywhere.links) == LONG
    assert "persempit" in everywhere.text
    found = sought(worker, everywhere, "jauh 001")
    (choice,) = (link for link in found.links if "with=host:" in link)
    page = worker.see(choice.partition("#")[0])
    assert f'value="host:{FAR}" selected' in page.source
    action, fields = next(form for form in page.forms if ("trigger", ADMIT) in form[1])
    assert worker.send((action, fields), do="request").headers["location"].startswith(f"/cases/{office.blocked}?done=requested")
    assert f'value="host:{FAR}" selected' in worker.see(f"/cases/{office.blocked}").source


def test_a_far_place_can_be_asked_to_take_the_child(worker: Visitor, office: Office) -> None:
    with_many_houses(office)
    (choice,) = (link for link in sought(worker, worker.see(f"/cases/{office.blocked}/places"), "jauh 001").links if "with=host:" in link)
    page = worker.see(choice.partition("#")[0])
    assert dict(page.form("/offers")[1])["host"] == FAR
    assert worker.send(page.form("/offers")).headers["location"].endswith("?done=offered")


def test_the_nearest_places_are_shown_with_how_many_are_free(worker: Visitor, office: Office) -> None:
    page = worker.see(f"/cases/{office.blocked}/places?step={ADMIT}")
    assert re.search(r"LKSA Harapan Mahakam aktif LKSA .*?\d+ dari \d+ tempat kosong", page.text)
    assert "Sudah berkaitan dengan anak ini" in page.text
