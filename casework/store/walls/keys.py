"""What raw SQL may never do to the keys of personal values, in the grammar of `rules.py`."""

from collections.abc import Iterator

from casework.store.walls.rules import Rule, _frozen, _never, _no_replace, gone

_GRANTED = """
    SELECT 1 FROM data_request AS r JOIN care_case AS c ON c.id = r.case_id
    WHERE c.child_id = OLD.holder AND r.kind = 'erasure' AND r.outcome = 'granted' AND r.asked_by <> r.decided_by"""
_UNTOLD = """
    SELECT 1 FROM care_case AS c WHERE c.child_id = OLD.holder
      AND NOT EXISTS (SELECT 1 FROM event AS e WHERE e.case_id = c.id AND e.seq = c.seq AND e.kind = 'redacted')"""
_OF_COMPLAINT = f"SELECT 1 FROM complaint AS q JOIN care_case AS c ON c.id = q.case_id WHERE q.id = OLD.holder AND {gone('c.child_id')}"


def _keys() -> Iterator[Rule]:
    """What was destroyed stays destroyed: no key comes back, and none goes without being told."""
    yield _no_replace("data_key", "holder")
    yield Rule("data_key", "insert", "NEW.wrapped IS NULL", "data_key: a new key is there")
    yield _frozen("data_key", "holder", "made_at")
    yield _frozen("data_key", "wrapped", "destroyed_at", when="OLD.wrapped IS NULL", words="what was destroyed stays destroyed")
    yield Rule("data_key", "update", "NEW.wrapped IS NULL AND NEW.holder = 'register'", "data_key: the register's key is not destroyed")
    lawful = f"(EXISTS ({_GRANTED}) AND NOT EXISTS ({_UNTOLD})) OR EXISTS ({_OF_COMPLAINT})"
    going = "OLD.wrapped IS NOT NULL AND NEW.wrapped IS NULL"
    yield Rule("data_key", "update", f"{going} AND NOT ({lawful})", "data_key: a key goes by an erasure of two persons that is told")
    yield from _never("data_key", "delete")
    yield _no_replace("master_key", "id")
    yield from _never("master_key", "delete")


KEY_RULES = tuple(_keys())
"""Every rule about keys, in the order in which a table's own are tried."""
