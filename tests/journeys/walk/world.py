"""A world to walk in: two social offices with their people, houses, and several children whose cases go on together, in one database.

Every child is seen from an office and by a worker of its own: a story that says `sari` means the worker of that child.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from casework.errors import CaseworkError
from casework.rehearsal.cast import Member
from casework.services import people
from casework.services.people import NewAccount
from casework.services.tick import Ticked, tick
from casework.store import people as accounts
from casework.store.call import Call, Seat, Who
from casework.store.people import who_is
from casework.store.schema import account
from casework.store.store import Store
from tests.cells import MASTER
from tests.databases import Database, File, hurried
from tests.journeys.walk import history, laws
from tests.journeys.walk.look import Look, moment
from tests.journeys.walk.town import ADULT, GO_LIVE, PARAMS, START, Clock, Journey, Town, reader, settle
from tests.journeys.walk.walker import Stuck, Tally, Walker

OPERATOR = Who(person="operator", account="operator", name="operator", seats=(Seat("admin", "terminal"),))
NEIGHBOURS = {
    "ratna": ("Ratna Dewi", "social_worker"),
    "joko": ("Joko Susilo", "social_worker"),
    "endah": ("Endah Lestari", "supervisor"),
    "gunawan": ("Gunawan Halim", "supervisor"),
    "siska": ("Siska Amelia", "dinas_head"),
}
"""The second office."""
ROLES = ("sari", "maya", "bambang", "lina", "yusuf")
VIEWS: tuple[dict[str, str], ...] = (
    {},
    {"sari": "maya", "maya": "sari", "bambang": "lina", "lina": "bambang"},
    dict(zip(ROLES, NEIGHBOURS, strict=True)),
)
"""Who plays whom for a child: the first office, the same with other workers, the second office."""
DEPUTY = "wati"
"""Stands in for the supervisor until the deputy's seat has run out."""
DEPUTED = timedelta(days=40)
NEVER = "2999-12-31"
"""No certificate of this cast runs out: a world grows older than a certificate."""


class Ground(msgspec.Struct, frozen=True):
    """A prepared database that worlds are copied from, and the town as each child's office sees it."""

    database: Database
    views: tuple[Town, ...]
    deputy: str


def prepare(database: Database) -> Ground:
    """Settle the town in an empty database, with a second office, and a deputy whose seat will end."""
    town = settle(Path(), database.owner, database.target)
    store = Store(database.target, PARAMS, go_live=GO_LIVE, master_key=MASTER)
    call = Call(who=OPERATOR, at=START - timedelta(days=29))
    office = people.create_office(store, call, "Dinas Sosial Kabupaten Kutai Barat (contoh)", "dinas")
    made = {key: _employ(store, call, key, name, role, office) for key, (name, role) in NEIGHBOURS.items()}
    deputy = _employ(store, call, DEPUTY, "Wati Rahayu", "social_worker", town.cast.offices["dinas"])
    with store.write(call) as unit:
        unit.run(account.update().values(certificate_until=NEVER).where(account.c.certificate_until.is_not(None)))
        accounts.add_seat(unit, deputy.account, Seat("supervisor", town.cast.offices["dinas"]), START + DEPUTED)
        unit.commit()
    with store.read(call) as unit:
        members = town.cast.people | made
        who = {key: found for key, member in members.items() if (found := who_is(unit, member.account, START)) is not None}
    store.close()
    views = tuple(_seen(town, members, who, office if "ratna" in cast.values() else "", cast) for cast in VIEWS)
    return Ground(database, views, deputy.account)


def _employ(store: Store, call: Call, key: str, name: str, role: str, office: str) -> Member:
    until = NEVER if role == "social_worker" else None
    ask = NewAccount(username=key, password="kata-sandi-latihan", seats=(Seat(role, office),), name=name, certificate_until=until)  # noqa: S106 - of nobody
    made = people.create_account(store, call, ask)
    return Member(key, name, made.account, made.person)


def _seen(town: Town, members: dict[str, Member], who: dict[str, Who], office: str, cast: dict[str, str]) -> Town:
    offices = {**town.cast.offices, "dinas": office} if office else town.cast.offices
    played = {**members, **{role: members[player] for role, player in cast.items()}}
    known = {**who, **{role: who[player] for role, player in cast.items()}}
    return msgspec.structs.replace(town, who=known, cast=msgspec.structs.replace(town.cast, people=played, offices=offices))


class Child(Journey):
    """A child of a world, and whoever takes its case along."""

    def __init__(self, world: World, number: int, *, years: float) -> None:
        days = timedelta(days=round(years * 365.25))
        view = world.ground.views[number % len(VIEWS)]
        born: date = (world.clock.at - days).date()
        born = born.replace(day=min(born.day, 28))
        super().__init__(view, world.store, world.rows, born=born, name=f"Raka Pratama {number}", clock=world.clock)
        self.number = number
        self.walker = Walker(self, b"", world.tally, turning=False)

    @property
    def over(self) -> bool:
        """Whether nothing leads on from here: voided, died or adopted."""
        here = self.walker.here
        return here.state == "voided" or here.sealed

    @property
    def minor(self) -> bool:
        """Whether the child is not of age: most of the journey is for children."""
        return self.at < self.birthday

    def know(self) -> None:
        """Bring what is known of the case to how it stands now: time passed, and others acted, since it was looked at last."""
        here, live = self.walker.here, self.placement
        kept = live is not None and live["status"] == "reserved" and moment(live["reserved_until"]) >= self.at
        gone = live is not None and live["status"] == "reserved" and not kept
        entered = moment(self.row["entered_at"])
        self.walker.here = msgspec.structs.replace(
            here,
            kind="" if live is None or gone else live["kind"],
            setting="" if live is None or gone else live["state"],
            reserved=kept,
            late=here.state == "missing" and self.at - entered > timedelta(days=PARAMS.missing_hold_days - 1),
            fresh=here.fresh and self.at - entered < timedelta(hours=48),
            spent=self.days_of_emergency > PARAMS.emergency_max_days,
            adult=here.adult or self.at >= self.birthday,
            turning=self.birthday - self.at < timedelta(days=400),
        )

    @property
    def days_of_emergency(self) -> int:
        """How many days in emergency care count."""
        return history.sight(self).emergency_days


class World:
    """One database in which everything happens, with one clock."""

    def __init__(self, ground: Ground, tally: Tally) -> None:
        self.ground = ground
        self.tally = tally
        self.database = ground.database.copy()
        self.store = Store(self.database.target, PARAMS, go_live=GO_LIVE, master_key=MASTER)
        hurried(self.store._engine)
        self._reader = reader(self.database.path) if isinstance(self.database, File) else None
        self.clock = Clock()
        self.children: list[Child] = []
        self.houses: list[str] = []
        self.failed: Counter[tuple[str, str, str]] = Counter()
        self.tried: Counter[str] = Counter()
        self.turned: Counter[str] = Counter()
        self.told: list[str] = []
        self._steps: dict[str, int] = {}
        self._numbers = count(1)

    def close(self) -> None:
        """Throw it away."""
        if self._reader:
            self._reader.close()
        self.store.close()
        self.database.drop()

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Look into the database."""
        return self._reader.execute(query, values).fetchall() if self._reader else self.database.rows(query, *values)

    def tell(self, what: str) -> None:
        """Note what was done: a failing walk prints it."""
        self.told.append(f"{self.clock.at:%Y-%m-%d %H:%M} {what}")

    def look(self) -> Look:
        """Read everything."""
        return Look(self.rows, self.clock.at)

    def call(self, by: str) -> Call:
        """Return the next call of somebody of the first office."""
        self.clock.at += timedelta(minutes=1)
        return Call(who=self.ground.views[0].who[by], at=self.clock.at)

    @property
    def open_children(self) -> list[Child]:
        """The children whose cases can still move."""
        return [child for child in self.children if not child.over]

    def welcome(self, draw: int) -> Child:
        """Register another child: of nine, of two, or nearly grown."""
        number = next(self._numbers)
        child = Child(self, number, years=(9.0, ADULT - 0.9, 2.0, ADULT - 0.5)[draw % 4] if number > 1 else 9.0)
        child.register()
        self.failed.clear()
        self.children.append(child)
        self.tell(f"{child.name} is reported, aged {(self.clock.at.date() - child.born).days // 365}")
        return child

    def forget(self) -> None:
        """Time passed: what was given up may be tried once more."""
        self.failed = Counter({step: times - 1 for step, times in self.failed.items() if times > 1})

    def tick(self, minutes: int = 1) -> Ticked:
        """Let time do what it brings by then."""
        self.clock.at += timedelta(minutes=minutes)
        done = tick(self.store, self.clock.at)
        assert not done.failed, done.failed
        self.tally.done["runs of the clock"] += 1
        self.tally.done["steps of the clock"] += len(done.made)
        return done

    def move(self, child: Child, trigger: str, draws: bytes = b"") -> None:
        """Let a child's case make a move, with everything that it takes."""
        child.next_morning()
        child.know()
        child.walker.turns = iter(draws)
        child.walker.take(trigger)

    def do(self, step: tuple[str, str, str], words: str, doing: Callable[[], Any]) -> None:
        """Do something, and note what came of it. What the program refuses is no fault, and is not tried for ever."""
        self.tell(words)
        self.tried[words] += 1
        try:
            doing()
        except (Stuck, CaseworkError) as no:
            self.failed[step] += 1
            self.tally.done["given up"] += 1
            self.tally.stuck[step] += 1
            self.tell(f"  refused: {no}")

    def check(self) -> None:
        """Replay what is new of every case, count every step that was made, and ask every law."""
        for child in self.children:
            child.walker.follow()
        look = self.look()
        self._count(look)
        faults = laws.broken(look)
        assert not faults, faults

    def _count(self, look: Look) -> None:
        for row in look.processes:
            known = self._steps.get(row["id"], 0)
            if row["steps"] > known:
                made = "SELECT machine, source, trigger FROM process_step WHERE process_id = ? AND n > ?"
                self.tally.taken.update((step[0], step[1], step[2]) for step in self.rows(made, row["id"], known) if step[1])
                self._steps[row["id"]] = row["steps"]
