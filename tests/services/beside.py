"""What the tests of processes ask of a story again and again: an incident reported, a step asked for, what stands where."""

from datetime import timedelta
from typing import Any

from casework.ledger.event import Event
from casework.services import audit
from casework.services.processes import AdvanceProcess, Stepped, advance_process
from casework.store.call import Call
from tests.services.story import OPERATOR, Story

DEWI = ("harapan", "Dewi Kartika")


def report(story: Story, by: str = "sari", **said: Any) -> str:
    said = {"type": "physical", "subject_household": "harapan", "accused_staff": [story.play.cast.staff[DEWI]], **said}
    return story.sign("F17", by, **said)


def beside(story: Story, machine: str) -> str:
    """Return the newest process of a machine beside the story's case."""
    found = story.rows("SELECT id FROM process WHERE case_id = ? AND machine = ? ORDER BY opened_at DESC, id DESC", story.case, machine)
    return str(found[0]["id"])


def state(story: Story, process: str) -> str:
    return str(story.rows("SELECT state FROM process WHERE id = ?", process)[0]["state"])


def step(story: Story, machine: str, trigger: str) -> AdvanceProcess:
    """Return the ask for a step of the newest process of a machine."""
    return AdvanceProcess(case=story.case, process=beside(story, machine), trigger=trigger)


def make(story: Story, machine: str, *steps: tuple[str, str]) -> Stepped:
    """Let people make steps of the newest process of a machine, and return the last answer."""
    return [story.do(advance_process, by, step(story, machine, trigger)) for trigger, by in steps][-1]


def asked(story: Story, machine: str, trigger: str, by: str, **rest: Any) -> set[str]:
    """Return the codes with which a step is refused; none when it was made."""
    return story.refused(advance_process, by, step(story, machine, trigger), **rest)


def go_missing(story: Story) -> None:
    story.sign("F17", type="missing")
    story.advance("report_missing")


def found_and_sent_home(story: Story) -> None:
    """Let the child be found the next day, and decided and begin a trial at home."""
    story.later(days=1)
    found_at = (story.now - timedelta(hours=1)).isoformat()
    story.sign("F17", type="missing", found_at=found_at, found_by="polisi", setting_safe="yes")
    story.sign("F06", kind="return")
    story.sign("F06", options=[{"option": "trial_home", "view": "Mau pulang.", "agrees": "yes"}])
    story.sign("F15", seen_alone="yes")
    story.sign("F03", seen_alone="yes", risk_level="low", can_stay_home="yes")
    story.sign("F04", parental_capacity="safe", protection_concern="no")
    story.decide(story.wish("trial_after_missing"), "bambang")
    story.advance("trial_after_missing")


def open_tasks(story: Story) -> set[str]:
    return {row["kind"] for row in story.rows("SELECT kind FROM task WHERE case_id = ? AND settled_at IS NULL", story.case)}


def house(story: Story, key: str = "harapan") -> str:
    return story.play.cast.hosts[key]


def standing(story: Story, table: str, entry: str) -> str:
    """Return what a register says, which is what its process says."""
    found = story.rows(f"SELECT r.status, p.state FROM {table} r JOIN process p ON p.id = r.id WHERE r.id = ?", entry)[0]  # noqa: S608 - our own tables' names
    assert found["status"] == found["state"]
    return str(found["status"])


def another_resident(story: Story) -> str:
    """Bring another child to `harapan` in an emergency, and return its case: the story goes on with its own."""
    mine, story.case = story.case, story.another_case()
    story.sign("F23", "maya", host="harapan", lksa_because="tidak ada tempat lain")
    story.advance("place_in_emergency", "maya", host="harapan")
    other, story.case = story.case, mine
    return other


def entries_of(story: Story, case: str) -> list[Event]:
    mine, story.case = story.case, case
    found = story.entries()
    story.case = mine
    return found


def whole(story: Story) -> bool:
    found = audit.verify_trail(story.store, Call(who=OPERATOR, at=story.now))
    assert found.whole, found.faults
    return found.whole
