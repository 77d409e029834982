"""What raw SQL may never do to requests about a child's data, in the grammar of `rules.py`: none undone, none decided by who took it in."""

from collections.abc import Iterator

from casework.machines.data_rights import AGAINST
from casework.store.walls.rules import Rule, _frozen, _listed, _never, _no_replace, _set_once

_DECIDED = ("outcome", "reason_code", "answer_id", "decided_by", "decided_at")
_CORRECTED = """
    SELECT 1 FROM identity_change AS i JOIN care_case AS c ON c.id = NEW.case_id AND c.child_id = i.child_id
    WHERE i.id = NEW.answer_id AND i.applied = 1
    UNION ALL
    SELECT 1 FROM record AS r JOIN care_case AS o ON o.id = r.case_id JOIN care_case AS c ON c.id = NEW.case_id AND c.child_id = o.child_id
    WHERE r.id = NEW.answer_id AND r.supersedes IS NOT NULL AND r.signed_at >= NEW.received_at"""
"""A correction of the identity that was carried out, or a signed record that stands for another since it was asked for."""


def _requests() -> Iterator[Rule]:
    yield _no_replace("data_request", "id")
    undecided = " OR ".join(f"NEW.{column} IS NOT NULL" for column in _DECIDED)
    yield Rule("data_request", "insert", undecided, "data_request: it begins undecided")
    due = (
        "SELECT 1 FROM task AS t WHERE t.id = NEW.task_id AND t.case_id = NEW.case_id AND t.kind = 'data_request' AND t.due_at = NEW.due_at"
    )
    yield Rule("data_request", "insert", f"NOT EXISTS ({due})", "data_request: its answer is asked for")
    yield _frozen("data_request", "id", "case_id", "kind", "applicant", "shown", "asked_by", "received_at", "due_at", "task_id")
    yield _frozen("data_request", "name", when="NEW.name IS NOT NULL")
    yield _set_once("data_request", *_DECIDED)

    def refuse(when: str, words: str) -> Rule:
        return Rule("data_request", "update", when, f"data_request: {words}")

    yield refuse("NEW.decided_by = OLD.asked_by", "four eyes")
    whole = "NEW.outcome IS NOT NULL AND (NEW.decided_by IS NULL OR NEW.decided_at IS NULL)"
    yield refuse(f"{whole} OR (NEW.outcome IS NULL AND ({undecided}))", "it is decided by somebody")
    reasons = _listed(AGAINST)
    yield refuse(f"NEW.outcome = 'refused' AND COALESCE(NEW.reason_code, '') NOT IN {reasons}", "it is refused for a reason")
    corrected = f"NEW.outcome = 'granted' AND NEW.kind = 'correction' AND NOT EXISTS ({_CORRECTED})"
    yield refuse(f"OLD.outcome IS NULL AND {corrected}", "a correction that was granted was made")
    yield from _never("data_request", "delete")


DATA_REQUEST_RULES = tuple(_requests())
"""Every rule about requests, in the order in which the table's own are tried."""
