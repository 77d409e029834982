"""The residents of one institution on one page: each by name, what was not opened yet, and one decision for all of them."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import text

from casework.machines.facts import WITA
from casework.machines.forms import Intake, Listed, decode
from casework.machines.parameters import Parameters
from casework.rehearsal import cast as people_of
from casework.rehearsal.bodies import complete
from casework.rehearsal.deeds import DEEDS
from casework.rehearsal.moments import moment
from casework.rehearsal.play import Play
from casework.rehearsal.script import script_of
from casework.rehearsal.sense import STARTS
from casework.services.cases import NewChild
from casework.services.census import RegisterListed, register_listed
from casework.services.sessions import NOBODY
from casework.settings import Settings
from casework.store.call import Call
from casework.store.people import who_is
from casework.store.store import Store
from tests.application import lent
from tests.pages.conftest import BEGAN, NOW, SITE, Reception, Visitor
from tests.pages.days import PASSWORD
from tests.pages.forms import Page

NAMES = ("Rara Anggraini", "Seno Wibowo")
STEPS = [
    {"do": "file", "form": "F25", "with": {"host": "nur"}},
    {"do": "request", "trigger": "register_existing_resident", "host": "nur"},
]


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[tuple[TestClient[Litestar], str]]:
    """An office where two residents of one institution wait for the supervisor, and the institution's id."""
    file, go_live = tmp_path / "casework.sqlite3", (NOW - BEGAN * 2).date()
    store = Store(str(file), Parameters(), go_live=go_live)
    before = NOW - BEGAN * 2
    store.upgrade(before)
    cast = people_of.build(store, before, PASSWORD)
    for name in NAMES:
        started = (NOW - BEGAN).astimezone(WITA).replace(hour=9, minute=0)
        world = {"start": started.strftime(STARTS), "child": {"name": name}}
        script = script_of({"title": name, "world": world, "after": ["initial_assessment"], "step": [*STEPS, {"do": "look", "expect": {}}]})
        play = Play(store, cast, script.story.world)
        for scene in script.scenes:
            play.now = moment(scene.step.at, play.now)
            DEEDS[type(scene.step)](play, play.doer(scene.step), scene.step)
    store.close()
    with lent(Settings(database=str(file), go_live=go_live), lambda: NOW) as app, TestClient(app, base_url=SITE) as client:
        yield client, cast.hosts["nur"]


def opened(visitor: Visitor, address: str) -> None:
    """Open every piece of evidence of every child on the list."""
    for request in visitor.see(address).links:
        if re.fullmatch(r"/decisions/[0-9a-z]{26}", request):
            for record in visitor.see(request).links:
                if re.fullmatch(r"/cases/[0-9a-z]{26}/records/[0-9a-z]{26}", record):
                    visitor.see(record)


def test_a_list_is_read_child_by_child_and_decided_at_once(listed: tuple[TestClient[Litestar], str]) -> None:
    client, host = listed
    supervisor, address = Reception(client)("bambang"), f"/hosts/{host}/residents"
    assert address in supervisor.see(f"/hosts/{host}").links
    page = supervisor.see(address)
    assert all(name in page.text for name in NAMES)
    assert page.text.count("belum dapat disetujui") == 2
    too_early = supervisor.send(page.form(address), decision="approve")
    assert too_early.status_code == 409
    assert all(name in Page(too_early.text).text for name in NAMES)
    opened(supervisor, address)
    ready = supervisor.see(address)
    assert "belum dapat disetujui" not in ready.text
    unexplained = supervisor.send(ready.form(address), decision="return")
    assert (unexplained.status_code, "Tulis alasannya." in Page(unexplained.text).text) == (422, True)
    assert supervisor.send(ready.form(address), decision="approve").headers["location"] == "/decisions?done=decided"
    assert "Tidak ada penghuni yang menunggu" in supervisor.see(address).text
    assert all(name in Reception(client)("yusuf").see(address).text for name in NAMES)


def test_a_list_is_nobody_elses_to_see(listed: tuple[TestClient[Litestar], str]) -> None:
    client, host = listed
    for username in ("sari", "nadia", "fauzan"):
        assert Reception(client)(username).open(f"/hosts/{host}/residents").status_code == 404


def test_the_page_of_a_list_says_what_each_child_lacks_and_registers_nobody_who_lacks_anything(
    listed: tuple[TestClient[Litestar], str],
) -> None:
    client, host = listed
    store = client.app.state.store
    with store.read(Call(who=NOBODY, at=NOW)) as unit, unit.over_everything():
        account = unit.need(text("SELECT id FROM account WHERE username = 'sari'"), "account")[0]
        sari = who_is(unit, account, NOW)
    assert sari is not None
    told = Listed(host=host, since=date(2020, 5, 1), brought_by="Bibi", brought_by_relation="bibi", lksa_list="uji")
    intake = decode("F01", complete("F01", {"listed": msgspec.to_builtins(told)}))
    assert isinstance(intake, Intake)
    case = register_listed(store, Call(who=sari, at=NOW), RegisterListed(intake=intake, child=NewChild(name="Tiara Kusuma"))).id
    worker, address = Reception(client)("sari"), f"/hosts/{host}/listed"
    assert address in worker.see(f"/hosts/{host}").links
    for language, lacks in (("id", "belum lengkap"), ("en", "not complete")):
        page = worker.see(f"{address}?lang={language}")
        assert lacks in page.text
        assert "Tiara Kusuma" in page.text
        assert page.unlabelled == page.inline == []
    assert f"/cases/{case}/file/F25" in page.links
    assert not any(action.endswith("/listed") for action, _ in page.forms)
    carried = next(form for form in worker.see(f"/hosts/{host}").forms if ("version" in dict(form[1])))
    refused = worker.send((address, carried[1]), cases=case, do="approved")
    assert (refused.status_code, "Tiara Kusuma" in refused.text) == (409, True)
    assert Reception(client)("halimah").open(address).status_code == 404
