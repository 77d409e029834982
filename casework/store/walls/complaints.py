"""What raw SQL may never do to complaints, in the grammar of `rules.py`: they are kept as they came in, and where they came from."""

from collections.abc import Iterator

from casework.store.walls.rules import Change, Rule, _frozen, _frozen_until_erased, _never, _no_replace, _set_once

_KEPT = ("id", "office_id", "channel", "danger", "received_at", "code_hash", "filed_by", "host_id")


def _complaints() -> Iterator[Rule]:
    yield _no_replace("complaint", "id")
    yield _no_replace("complaint", "code_hash")
    begun = "SELECT 1 FROM process AS p WHERE p.id = NEW.id AND p.machine = 'complaint' AND p.office_id = NEW.office_id"
    yield Rule("complaint", "insert", f"NOT EXISTS ({begun})", "complaint: it has a process of its office")
    yield Rule("complaint", "insert", "NEW.incident_id IS NOT NULL", "complaint: it begins without an incident")
    yield _frozen("complaint", *_KEPT)
    yield _frozen_until_erased("complaint", "OLD.id", "digest", of_bytes=("body", "reporter", "salt"))
    yield _set_once("complaint", "case_id", "incident_id")
    here = "SELECT 1 FROM care_case AS c WHERE c.id = NEW.case_id AND c.office_id = NEW.office_id"
    filed = "SELECT 1 FROM record AS r WHERE r.id = NEW.incident_id AND r.case_id = NEW.case_id AND r.form = 'F17'"
    changes: tuple[Change, ...] = ("insert", "update")
    for change in changes:
        yield Rule("complaint", change, f"NEW.case_id IS NOT NULL AND NOT EXISTS ({here})", "complaint: its case is its office's")
    yield Rule("complaint", "update", f"NEW.incident_id IS NOT NULL AND NOT EXISTS ({filed})", "complaint: its incident is its case's")
    yield from _never("complaint", "delete")
    yield _no_replace("complaint_answer", "complaint_id", "n")
    yield _frozen("complaint_answer", "complaint_id", "n", "author", "at")
    yield _frozen_until_erased("complaint_answer", "OLD.complaint_id", "digest", of_bytes=("body", "salt"))
    yield from _never("complaint_answer", "delete")


COMPLAINT_RULES = tuple(_complaints())
"""Every rule about complaints, in the order in which a table's own are tried."""
