"""What raw SQL may never do to what is asked in the field, in the grammar of `rules.py`: whoever is asked may see the child."""

from collections.abc import Iterator

from casework.store.walls.delegations import no_moments
from casework.store.walls.rules import FIELD_WORK, Rule, _changed, _frozen, _listed

FIELD_ROLES = ("tksk", "psm")
"""In which roles people work in the field."""
DISTRICT = 8
"""So many characters of an area's code name its district (kecamatan)."""
LONGEST_DAYS = 30
"""Nothing is asked in the field for longer, but for the rest of the day on which it was asked: the case is open that long."""


def _field() -> Iterator[Rule]:
    """Only who works in the field for the office of the case is asked, for good, and what has ended does not begin again."""
    field = f"IN {_listed(FIELD_WORK)}"
    seat = f"""
        SELECT 1 FROM assignment AS a JOIN account AS h ON h.id = a.account_id
        WHERE h.person_id = NEW.worker AND h.active = 1 AND a.office_id = NEW.office_id AND a.role IN {_listed(FIELD_ROLES)}
          AND substr(a.area, 1, {DISTRICT}) = NEW.district
          AND a.valid_from <= NEW.created_at AND (a.valid_until IS NULL OR a.valid_until > NEW.created_at)"""
    words = "task: who works in the field of its office is asked, in their own district"
    yield Rule("task", "insert", f"NEW.kind {field} AND NOT EXISTS ({seat})", words)
    yield Rule("task", "insert", f"NEW.kind NOT {field} AND NEW.district IS NOT NULL", "task: what is asked in the field has a district")
    long = f"{no_moments('created_at', 'due_at')} OR days_between(NEW.created_at, NEW.due_at) > {LONGEST_DAYS + 1}"
    yield Rule("task", "insert", f"NEW.kind {field} AND ({long})", f"task: it is asked in the field for {LONGEST_DAYS} days at most")
    fixed = _changed("worker", "kind", "created_at", "due_at", "district")
    moved = f"{fixed} OR (OLD.settled_at IS NOT NULL AND NEW.settled_at IS NULL)"
    words = "task: what is asked in the field stays with whom it was asked, by its day, and ends once"
    yield Rule("task", "update", f"(OLD.kind {field} OR NEW.kind {field}) AND ({moved})", words)


def _seats() -> Iterator[Rule]:
    """Who works in the field has a district or a village, nobody else has, and a seat elsewhere is another seat."""
    theirs = f"NEW.role IN {_listed(FIELD_ROLES)}"
    named = "(NEW.area LIKE '__.__.__' OR NEW.area LIKE '__.__.__.____')"
    yield Rule("assignment", "insert", f"{theirs} AND (NEW.area IS NULL OR NOT {named})", "assignment: who works in the field has an area")
    yield Rule("assignment", "insert", f"NOT {theirs} AND NEW.area IS NOT NULL", "assignment: nobody else has an area")
    yield _frozen("assignment", "role", "office_id", "area", words="another seat is given, this one ended")


FIELD_RULES = (*_field(), *_seats())
"""Every rule about what is asked in the field, in the order in which the table's own are tried."""
