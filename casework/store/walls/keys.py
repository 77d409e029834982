"""What raw SQL may never do to the keys of personal values, in the grammar of `rules.py`."""

from collections.abc import Iterator

from casework.store.walls.rules import Rule, _frozen, _never, _no_replace


def _keys() -> Iterator[Rule]:
    """What was destroyed stays destroyed: no key comes back, and none goes without being told."""
    yield _no_replace("data_key", "holder")
    yield Rule("data_key", "insert", "NEW.wrapped IS NULL", "data_key: a new key is there")
    yield _frozen("data_key", "holder", "made_at")
    yield _frozen("data_key", "wrapped", "destroyed_at", when="OLD.wrapped IS NULL", words="what was destroyed stays destroyed")
    yield Rule("data_key", "update", "NEW.wrapped IS NULL AND NEW.holder = 'register'", "data_key: the register's key is not destroyed")
    yield from _never("data_key", "delete")
    yield _no_replace("master_key", "id")
    yield from _never("master_key", "delete")


KEY_RULES = tuple(_keys())
"""Every rule about keys, in the order in which a table's own are tried."""
