"""What raw SQL may never do to requests about a child's data, in the grammar of `rules.py`: none undone, none decided by who took it in."""

from collections.abc import Iterator

from casework.machines.data_rights import AGAINST, BASES
from casework.store.walls.rules import CHILD_OF_CASE, Rule, _frozen, _frozen_until_erased, _listed, _never, _no_replace, _set_once, gone

_DECIDED = ("outcome", "reason_code", "answer_id", "decided_by", "decided_at")
_CORRECTED = """
    SELECT 1 FROM identity_change AS i JOIN care_case AS c ON c.id = NEW.case_id AND c.child_id = i.child_id
    WHERE i.id = NEW.answer_id AND i.applied = 1 AND i.approved_at >= NEW.received_at
    UNION ALL
    SELECT 1 FROM record AS r JOIN care_case AS o ON o.id = r.case_id JOIN care_case AS c ON c.id = NEW.case_id AND c.child_id = o.child_id
    WHERE r.id = NEW.answer_id AND r.supersedes IS NOT NULL AND r.signed_at >= NEW.received_at"""
"""Since it was asked for, a correction of the identity was carried out, or a record signed that stands for another."""


def _requests() -> Iterator[Rule]:
    yield _no_replace("data_request", "id")
    undecided = " OR ".join(f"NEW.{column} IS NOT NULL" for column in _DECIDED)
    yield Rule("data_request", "insert", undecided, "data_request: it begins undecided")
    due = (
        "SELECT 1 FROM task AS t WHERE t.id = NEW.task_id AND t.case_id = NEW.case_id AND t.kind = 'data_request' AND t.due_at = NEW.due_at"
    )
    yield Rule("data_request", "insert", f"NOT EXISTS ({due})", "data_request: its answer is asked for")
    yield _frozen("data_request", "id", "case_id", "kind", "applicant", "shown", "asked_by", "received_at", "due_at", "task_id")
    yield _frozen_until_erased("data_request", CHILD_OF_CASE, "name")
    yield _set_once("data_request", *_DECIDED)

    def refuse(when: str, words: str) -> Rule:
        return Rule("data_request", "update", when, f"data_request: {words}")

    yield refuse("NEW.decided_by = OLD.asked_by", "four eyes")
    whole = "NEW.outcome IS NOT NULL AND (NEW.decided_by IS NULL OR NEW.decided_at IS NULL)"
    yield refuse(f"{whole} OR (NEW.outcome IS NULL AND ({undecided}))", "it is decided by somebody")
    reasons = _listed(AGAINST)
    yield refuse(f"NEW.outcome = 'refused' AND COALESCE(NEW.reason_code, '') NOT IN {reasons}", "it is refused for a reason")
    bases = _listed(BASES)
    unfounded = f"NEW.outcome = 'granted' AND NEW.kind = 'erasure' AND COALESCE(NEW.reason_code, '') NOT IN {bases}"
    yield refuse(unfounded, "an erasure has its legal basis")
    corrected = f"NEW.outcome = 'granted' AND NEW.kind = 'correction' AND NOT EXISTS ({_CORRECTED})"
    yield refuse(f"OLD.outcome IS NULL AND {corrected}", "a correction that was granted was made")
    yield from _never("data_request", "delete")


def _erasures() -> Iterator[Rule]:
    """What was written about a child goes once, and nothing is written about it afterwards."""

    def refuse(when: str, words: str) -> Rule:
        return Rule("event", "insert", when, f"event: {words}")

    asked = """
        SELECT 1 FROM data_request AS r JOIN care_case AS a ON a.id = r.case_id JOIN care_case AS b ON b.child_id = a.child_id
        WHERE b.id = NEW.case_id AND r.kind = 'erasure' AND r.outcome = 'granted' AND r.asked_by = NEW.requester
          AND r.decided_by = NEW.actor AND r.asked_by <> r.decided_by"""
    yield refuse(f"NEW.kind = 'redacted' AND NOT EXISTS ({asked})", "two persons and a request stand behind an erasure")
    yield refuse("NEW.kind = 'redacted' AND NEW.source NOT IN ('closed', 'voided')", "a child in care is not erased")
    before = "SELECT 1 FROM event AS e WHERE e.case_id = NEW.case_id AND e.seq = NEW.seq - 1 AND e.kind = 'redacted'"
    yield refuse(f"EXISTS ({before})", "nothing follows an erasure")
    yield Rule("care_case", "insert", gone("NEW.child_id"), "care_case: its child was erased")
    family = ("name", "relation", "religion", "address", "phone")
    yield _frozen("relative", "id", "child_id", "degree", "added_by", "created_at")
    yield _frozen_until_erased("relative", "OLD.child_id", *family)
    yield from _never("relative", "delete")


DATA_REQUEST_RULES = (*_requests(), *_erasures())
"""Every rule about requests and erasures, in the order in which the table's own are tried."""
