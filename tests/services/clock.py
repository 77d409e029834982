"""What tests of the clock share: where processes stand, and letting time pass."""

from datetime import date, datetime, time, timedelta

from casework.machines.facts import WITA
from casework.services.tick import tick
from tests.services.story import Story
from tests.services.ways import ADMISSION

IN_CARE = (*ADMISSION, "institutional_care")
MOMENT = timedelta(seconds=1)


def state(story: Story, machine: str) -> str:
    """Return where the newest process of a machine beside the case stands."""
    return str(process(story, machine)["state"])


def process(story: Story, machine: str) -> dict[str, str]:
    found = story.rows("SELECT * FROM process WHERE case_id = ? AND machine = ? ORDER BY opened_at DESC, id DESC", story.case, machine)
    return {name: found[0][name] for name in ("id", "state", "due_at", "wakes_at", "entered_at")}


def moment(stored: str) -> datetime:
    return datetime.fromisoformat(stored)


def run(story: Story, at: datetime, machine: str) -> list[str]:
    """Let the clock run, and return the steps it made of one machine. The story goes on from then."""
    done = tick(story.store, at)
    assert done.failed == ()
    story.play.now = max(story.now, at)
    return [trigger for name, trigger in done.made if name == machine]


def comes_at(story: Story, at: datetime, machine: str, trigger: str) -> None:
    """A step is not made a second before its moment, is made at it, and is not made again."""
    assert run(story, at - MOMENT, machine) == []
    assert run(story, at, machine) == [trigger]
    before = story.dump()
    assert run(story, at, machine) == []
    assert story.dump() == before


def morning_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), WITA)


def today(story: Story) -> date:
    return story.now.astimezone(WITA).date()


def open_tasks(story: Story) -> set[str]:
    return {row["kind"] for row in story.rows("SELECT kind FROM task WHERE case_id = ? AND settled_at IS NULL", story.case)}


def standing(story: Story, table: str, entry: str) -> str:
    """Return what a register says, which is what its process says."""
    found = story.rows(f"SELECT r.status, p.state FROM {table} r JOIN process p ON p.id = r.id WHERE r.id = ?", entry)[0]  # noqa: S608 - our own tables' names
    assert found["status"] == found["state"]
    return str(found["status"])


def member_of(story: Story) -> tuple[str, str]:
    return story.play.cast.hosts["harapan"], story.play.cast.staff["harapan", "Dewi Kartika"]
