"""`python -m tests.bench.pages SEEDED`: how long the server takes for each kind of page, and what it weighs, held against the budgets.

SEEDED is an SQLite file of `casework seed`; a copy of it is opened. People of every role follow the links of their pages. Of each kind of
page some are opened once, and those that took longest are asked for again and again: the slowest of all is what counts.
"""

import argparse
import asyncio
import gzip
import html
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from litestar import Litestar
from sqlalchemy import func, select

from casework import logs
from casework.commands.opening import operator_call
from casework.http.app import create, now, spare_the_collector
from casework.http.session import COOKIE
from casework.machines.book import journey, states_of
from casework.services import people, sessions
from casework.services.people import NewAccount
from casework.settings import Settings
from casework.store.call import Call, Seat
from casework.store.people import account_named, who_is
from casework.store.schema import care_case
from casework.store.store import Store
from tests.bench.pages_report import Timed, page_of

PEOPLE = ("pekerja-001-01", "supervisor-001-01", "kepala-001-01", "tksk-001-01", "auditor-001-01", "lksa-001-01", "pengasuh-001-01")
"""Who is in every seeded database, one of each role."""
MORE = ("admin", "data_protection_officer", "psm")
"""Roles that nobody has there: the copy gets somebody of each."""
STARTS = (
    "/work",
    "/cases",
    "/trail",
    "/account",
    "/account/second-factor",
    "/numbers",
    "/overdue",
    "/prevention",
    "/letters",
    "/migrations",
)
OUTSIDE = ("/", "/help", "/map", "/papers/check", "/pengaduan", "/pengaduan/jawaban")
SOME = 8
"""Pages of one kind that one person opens."""
EACH_STATE = 3
"""Children of one state whose pages are opened, of one's own and of all."""
WORST = 2
"""Of those, how many are asked for again."""
TIMES = 7
CHILD = re.compile(r'<a href="(/cases/[0-9a-z]{26})"')
LINK = re.compile(r'<a[^>]* href="(/[^"#]*)')
BESIDE = re.compile(r'(?:href|src)="(/static/[^"]+)"')
ELSEWHERE = re.compile(r'(?:src|srcset|action|poster)="(?:https?:)?//|<link[^>]* href="(?:https?:)?//|url\((?:https?:)?//|@import')
NOT_OPENED = re.compile(r"/static/|/api/|/sign-out|.*[?&]lang=")


class Served(msgspec.Struct, frozen=True):
    """One answer: milliseconds by the clock and of the processor, its bytes over the wire, and what it says."""

    status: int
    wall: float
    cpu: float
    weight: int
    text: str


class Browser(msgspec.Struct, frozen=True):
    """Somebody who asks the application within this process; nobody signed in without a token."""

    app: Litestar
    name: str
    token: str

    async def ask(self, address: str) -> Served:
        """Open a page as one of our own pages leads to it."""
        path, _, query = address.partition("?")
        headers = {"host": "casework.local", "accept": "text/html", "accept-encoding": "gzip", "sec-fetch-site": "same-origin"}
        headers |= {"cookie": f"{COOKIE}={self.token}"} if self.token else {}
        scope: Any = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "https", "path": path}
        scope |= {"raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "client": ("127.0.0.1", 1), "state": {}}
        scope |= {"server": ("casework.local", 443), "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        began, worked = time.perf_counter(), time.process_time()
        await self.app(scope, receive, send)
        wall, cpu = time.perf_counter() - began, time.process_time() - worked
        body, told = b"".join(message.get("body", b"") for message in sent[1:]), dict(sent[0]["headers"])
        whole = gzip.decompress(body) if told.get(b"content-encoding") == b"gzip" else body
        text = whole.decode() if told.get(b"content-type", b"").startswith((b"text/html", b"text/css", b"text/javascript")) else ""
        return Served(sent[0]["status"], wall * 1_000, cpu * 1_000, len(body), text)


def kind_of(address: str) -> str:
    """Return the kind of page that an address shows: ids, codes and names are `*`, and what is asked for is left out."""
    path = re.sub(r"/[0-9a-z]{26}(?=/|$)", "/*", urlsplit(address).path)
    return re.sub(r"^(/map|/numbers|/help/forms|/help/rules|/cases/\*/file)/[^/]+", r"\1/*", path)


def shape_of(address: str) -> tuple[str, ...]:
    """Return what else sets a page apart from others of its kind: what is asked for, by its names."""
    return kind_of(address), *sorted({name for name, _ in parse_qsl(urlsplit(address).query)})


def links_of(text: str) -> Iterator[str]:
    """Yield where a page leads within this site, and what somebody would type into the search of its cases: a misspelt name, a number."""
    yield from (link for link in map(html.unescape, LINK.findall(text)) if not NOT_OPENED.match(link))
    names = re.findall(r'<a href="/cases/[0-9a-z]{26}">([^<]{4,})</a>', text)[:2]
    for typed in (*(html.unescape(name).replace("a", "aa", 1) for name in names), *re.findall(r"[A-Z]{3}-\d{4}-\d{4,}", text)[:1]):
        yield f"/cases?{urlencode({'name': typed})}"


async def walked(browser: Browser) -> dict[str, dict[str, Served]]:
    """Follow the links of somebody's pages, some of each shape, and return what there was, by kind and address."""
    shapes: dict[tuple[str, ...], int] = {}
    found: dict[str, dict[str, Served]] = {}
    waiting = [*(STARTS if browser.name else OUTSIDE)]
    known = set(waiting)
    while waiting:
        address = waiting.pop(0)
        shape = shape_of(address)
        shapes[shape] = shapes.get(shape, 0) + 1
        if shapes[shape] > SOME:
            continue
        served = await browser.ask(address)
        if served.status == 200:
            found.setdefault(kind_of(address), {})[address] = served
        fresh = [link for link in dict.fromkeys(links_of(served.text)) if link not in known]
        known.update(fresh)
        waiting += fresh
    return found


async def of_every_state(browser: Browser) -> dict[str, Served]:
    """Open pages of children in every state of the journey, and return them by address: the heaviest of all is among them.

    What a page offers follows from where the child is, and most from whose case it is: of each state some of one's own, and some of any.
    """
    found = dict[str, Served]()
    for state in states_of(journey().definition.name):
        for whose in ("&show=mine", ""):
            listed = await browser.ask(f"/cases?state={state}{whose}")
            for address in dict.fromkeys(CHILD.findall(listed.text)[:EACH_STATE]):
                served = await browser.ask(address)
                found |= {address: served} if served.status == 200 else {}
    return found


async def timed(browser: Browser, times: int) -> list[Timed]:
    """Return the slowest pages of each kind that somebody opens, and the heaviest: found by opening some once, then asked for again."""
    found, beside = [], dict[str, int]()
    opened = await walked(browser)
    if children := (await of_every_state(browser)) if browser.name else {}:
        opened.setdefault(kind_of(next(iter(children))), {}).update(children)
    for kind, pages in opened.items():
        heaviest = max(pages, key=lambda one: pages[one].weight)
        slowest = sorted(pages, key=lambda one: pages[one].wall, reverse=True)[:WORST]
        for address in dict.fromkeys((*slowest, heaviest)):
            again = [await browser.ask(address) for _ in range(1 if pages[address].wall > 1_000 else times)]
            text = again[-1].text
            for file in BESIDE.findall(text):
                beside[file] = beside.get(file) or (await browser.ask(file)).weight
            found.append(
                Timed(
                    kind=kind,
                    who=browser.name,
                    address=address,
                    best=min(one.wall for one in again),
                    median=statistics.median(one.wall for one in again),
                    cpu=statistics.median(one.cpu for one in again),
                    weight=again[-1].weight,
                    fresh=again[-1].weight + sum(beside[file] for file in {*BESIDE.findall(text)}),
                    page=bool(text),
                    elsewhere=len(ELSEWHERE.findall(text)),
                )
            )
    return found


def browsers(app: Litestar, store: Store, at: datetime) -> Iterator[Browser]:
    """Yield a stranger, then somebody of each role, signed in. Raises SystemExit for a database that was not seeded."""
    yield Browser(app, "", "")
    call = msgspec.structs.replace(operator_call(), at=at)
    office = _office_of(store, call, PEOPLE[0])
    for role in MORE:
        people.create_account(
            store, call, NewAccount(username=role, name=role, seats=(Seat(role, office, area="64.02.06" if role == "psm" else None),))
        )
    for name in (*PEOPLE, *MORE):
        with store.write(call) as unit:
            account = account_named(unit, name)
            token = sessions.open_session(unit, account.id, "").token if account else ""
            unit.commit()
        yield Browser(app, name, token)


def _office_of(store: Store, call: Call, username: str) -> str:
    with store.read(call) as unit:
        account = account_named(unit, username)
        who = who_is(unit, account.id, call.at) if account else None
    if who is None:
        msg = f"{username}: not a database that was seeded"
        raise SystemExit(msg)
    return who.seats[0].office


def _cases_in(store: Store) -> int:
    with store.read(operator_call()) as unit, unit.over_everything():
        return int(unit.need(select(func.count().label("many")).select_from(care_case), "cases").many)


def measured(seeded: Path, times: int) -> tuple[list[Timed], int]:
    """Return the slowest pages of each kind for each role, over a copy of a seeded database, and how many cases it holds."""
    logs.configure(StringIO())
    with tempfile.TemporaryDirectory(dir=seeded.parent) as folder:
        for file in seeded.parent.glob(f"{seeded.name}*"):
            shutil.copy(file, folder)
        app = create(Settings(database=str(Path(folder) / seeded.name)))
        spare_the_collector()
        with closing(app.state.store) as store:
            found = [one for browser in browsers(app, store, now()) for one in asyncio.run(timed(browser, times))]
            return found, _cases_in(store)


def main(arguments: Iterable[str] | None = None) -> None:
    """Measure, print a page, and write it where it is asked for."""
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("seeded", type=Path, help="an SQLite file; its keys lie beside it")
    told.add_argument("--times", type=int, default=TIMES)
    told.add_argument("--report", type=Path, metavar="FILE")
    asked = told.parse_args(None if arguments is None else [*arguments])
    page = page_of(*measured(asked.seeded, asked.times), asked.times)
    sys.stdout.write(page)
    if asked.report:
        asked.report.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
