"""Prepares cases for the two moves that are measured, through the services alone; kept as a template for some days and copied per round.

An ordinary move is `start_assessment` on a case that was reported and assigned. An admission is `admit_to_institution` with the whole of
its evidence and two approvals, given and not yet used. 32 social workers share the cases, each with an institution of 40 places.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from casework import store as cellar
from casework.machines.care import CARE
from casework.machines.facts import WITA
from casework.machines.parameters import Parameters
from casework.rehearsal import cast as people_of
from casework.rehearsal.cast import Cast, Member
from casework.rehearsal.deeds import DEEDS
from casework.rehearsal.moments import moment
from casework.rehearsal.play import Play
from casework.rehearsal.script import Script, script_of
from casework.rehearsal.sense import STARTS
from casework.services import people, processes, registers, sessions
from casework.services.people import NewAccount
from casework.services.sessions import SignIn
from casework.settings import SETTINGS_FILE
from casework.store import keys
from casework.store.call import Call, Seat, Who
from casework.store.store import Store
from tests.bench.databases import Database

WORKERS = 32
PLACES = 40
PASSWORD = "kata-sandi-pengukuran"  # noqa: S105 - the password of people who do not exist
FRESH = timedelta(days=3)
"""How long a template stays good: approvals and evidence grow old."""
BEFORE = timedelta(days=60)
ROOMY = Parameters(caseload_limit=1_000_000, supervision_limit=2 * WORKERS)
"""The rules with which cases are prepared: so few workers for so many cases is nothing that an office may do without saying why."""
_A_DEED = timedelta(minutes=5)
_OPERATOR = Who(person="operator", account="operator", name="operator", seats=(Seat("admin", "terminal"),))
_HOST = "harapan"


KEY_FILE = "search.key"


def settings_folder(folder: Path) -> Path:
    """Return a folder of settings with which copies of a template are served: the defaults, and the key that the template was made with."""
    settings = folder / "config"
    settings.mkdir(exist_ok=True)
    (settings / SETTINGS_FILE).write_text(f'search_key = "{(folder / KEY_FILE).as_posix()}"\n', encoding="utf-8")
    return settings


class Wanted(msgspec.Struct, frozen=True):
    """A move as it is measured: its trigger, where it leads, and the story that leads up to it."""

    trigger: str
    dest: str
    after: tuple[str, ...]
    step: tuple[dict[str, Any], ...] = ()


MOVES = {
    "ordinary": Wanted("start_assessment", "initial_assessment", ("reported",)),
    "admission": Wanted(
        "admit_to_institution",
        "institutional_care",
        ("care_planning", "family_options_ruled_out", "ready_for_admission"),
        (
            {"do": "request", "trigger": "admit_to_institution", "host": _HOST},
            {"do": "approve", "by": "bambang"},
            {"do": "approve", "by": "yusuf"},
        ),
    ),
}
"""The named moves. With `ordinary`, little is read and nothing was approved; with `admission`, everything is."""


class Ready(msgspec.Struct, frozen=True):
    """A case that waits for its move: the version that its worker saw, which worker it is, and the host named, if any."""

    case: str
    version: int
    worker: int
    host: str = ""


class Plan(msgspec.Struct, frozen=True):
    """What a template holds."""

    made_at: datetime
    usernames: tuple[str, ...]
    ready: dict[str, tuple[Ready, ...]]


class Armed(msgspec.Struct, frozen=True):
    """A plan with a session for each worker, for as long as sessions last."""

    plan: Plan
    tokens: tuple[str, ...]


def template(database: Database, folder: Path, counts: dict[str, int]) -> str:
    """Return the name of a fresh template with this many cases for each move, and make it unless there is one."""
    name = f"casework_bench_{_digest(counts)}"
    known = _plan_file(folder, database, name)
    if known.exists() and database.has(name) and datetime.now(UTC) - load_plan(folder, database, name).made_at < FRESH:
        return name
    known.unlink(missing_ok=True)
    now = datetime.now(UTC)
    owner = Store(database.blank(name), Parameters())
    owner.upgrade(now - BEFORE)
    owner.close()
    key = keys.kept(database.target(name), str(folder / KEY_FILE))
    store = Store(database.target(name), ROOMY, case_prefix="UKR", go_live=(now - BEFORE).date(), search_key=key)
    plan = _fill(store, counts, now)
    store.close()
    known.write_bytes(msgspec.json.encode(plan))
    return name


def load_plan(folder: Path, database: Database, name: str) -> Plan:
    """Return what a template holds."""
    return msgspec.json.decode(_plan_file(folder, database, name).read_bytes(), type=Plan)


def arm(target: str, plan: Plan) -> Armed:
    """Sign every worker in, on a copy that is not measured itself but copied again."""
    store = Store(target, Parameters(), case_prefix="UKR")
    now = datetime.now(UTC)
    tokens = tuple(sessions.sign_in(store, now, SignIn(username=name, password=PASSWORD)).token for name in plan.usernames)
    store.close()
    return Armed(plan, tokens)


def _plan_file(folder: Path, database: Database, name: str) -> Path:
    return folder / f"{name}.{database.name.lower()}.json"


def _digest(counts: dict[str, int]) -> str:
    """Name a template after what its cases rest on: the schema with its walls, the definition, the parameters and the numbers."""
    drawn = hashlib.sha256()
    root = Path(next(iter(cellar.__path__)))
    for part in sorted(path for drawer in ("schema", "walls", "migrations") for path in (root / drawer).rglob("*.py")):
        drawn.update(part.read_bytes())
    drawn.update(msgspec.json.encode((CARE.digest, Parameters().digest, sorted(counts.items()), WORKERS)))
    return drawn.hexdigest()[:12]


def _fill(store: Store, counts: dict[str, int], now: datetime) -> Plan:
    cast = people_of.build(store, now - BEFORE, PASSWORD)
    casts = tuple(_enrol(store, cast, now - BEFORE, number) for number in range(WORKERS))
    ready = {move: tuple(_play(store, casts, MOVES[move], count, now)) for move, count in counts.items()}
    return Plan(now, tuple(own.people["sari"].username for own in casts), ready)


def _enrol(store: Store, cast: Cast, at: datetime, number: int) -> Cast:
    """Return the cast as one worker meets it: themselves in the place of Sari, and an institution of their own with its head."""
    operator = Call(who=_OPERATOR, at=at)
    until = (at + timedelta(days=1500)).date().isoformat()
    worker = _account(store, operator, f"peksos{number}", Seat("social_worker", cast.offices["dinas"]), until)
    supervisor = cast.people["bambang"]
    seat = Seat("supervisor", cast.offices["dinas"])
    by = Call(who=Who(person=supervisor.person, account=supervisor.account, name=supervisor.name, seats=(seat,)), at=at)
    host = registers.add_host(store, by, _house(number, at)).id
    before = (at - timedelta(days=60)).date().isoformat()
    staff = registers.AddStaff(host=host, name=f"Pengasuh {number}", duty="pengasuh", police_record_on=before, code_signed_on=before)
    registers.add_staff(store, by, staff)
    processes.advance_host(store, by, processes.AdvanceHost(host=host, trigger="activate"))
    head = _account(store, operator, f"kepala{number}", Seat("lksa_head", cast.offices["mitra"], host), None)
    return msgspec.structs.replace(cast, people={**cast.people, "sari": worker, "halimah": head}, hosts={**cast.hosts, _HOST: host})


def _account(store: Store, call: Call, username: str, seat: Seat, until: str | None) -> Member:
    ask = NewAccount(username=username, password=PASSWORD, seats=(seat,), name=username.title(), certificate_until=until)
    made = people.create_account(store, call, ask)
    return Member(username, username.title(), made.account, made.person)


def _house(number: int, at: datetime) -> registers.AddHost:
    later, before = (at + timedelta(days=900)).date().isoformat(), (at - timedelta(days=60)).date().isoformat()
    return registers.AddHost(
        name=f"LKSA Ukur {number}",
        kind="lksa",
        licence_number="TD/UKUR",
        licence_until=later,
        accredited_until=later,
        policy_dated=before,
        policy_disseminated=True,
        complaint_channel=True,
        capacity=PLACES,
        caregivers=PLACES // 4,
    )


def _play(store: Store, casts: tuple[Cast, ...], wanted: Wanted, count: int, now: datetime) -> Iterator[Ready]:
    """Play the same story for one child after the other, so that each ends shortly before now."""
    script = _script(wanted, _latest_start(wanted, now))
    for number in range(count):
        worker = number % WORKERS
        child = msgspec.structs.replace(script.story.world.child, name=f"Anak Ukur {number}")
        play = Play(store, casts[worker], msgspec.structs.replace(script.story.world, child=child))
        for scene in script.scenes:
            play.now = moment(scene.step.at, play.now)
            DEEDS[type(scene.step)](play, play.doer(scene.step), scene.step)
        yield Ready(play.case, play.look().seq, worker, play.cast.hosts[_HOST] if wanted.step else "")


def _script(wanted: Wanted, began: datetime) -> Script:
    return script_of(
        {
            "title": wanted.trigger,
            "world": {"start": began.strftime(STARTS)},
            "after": list(wanted.after),
            "step": [*wanted.step, {"do": "look", "expect": {}}],
        }
    )


def _latest_start(wanted: Wanted, now: datetime) -> datetime:
    """Return the latest nine o'clock (WITA) from which the story still ends before now."""
    morning = now.astimezone(WITA).replace(hour=9, minute=0, second=0, microsecond=0)
    scenes = _script(wanted, morning).scenes
    for days in range(BEFORE.days):
        end = morning - timedelta(days=days)
        for scene in scenes:
            end = moment(scene.step.at, end + _A_DEED)
        if end + _A_DEED < now:
            return morning - timedelta(days=days)
    msg = f"the story of {wanted.trigger} takes more than {BEFORE.days} days"
    raise SystemExit(msg)
