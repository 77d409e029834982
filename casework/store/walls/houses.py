"""What raw SQL may never do to houses and what is entered about them, in the grammar of `rules.py`."""

from collections.abc import Iterator

from casework.store.walls.rules import _WRITTEN, Change, Rule, _frozen, _never, _no_replace


def _houses() -> Iterator[Rule]:
    """Only an LKSA is a house for children: no other LKS ever has one, and no kind of house becomes another (S10)."""
    other = "EXISTS (SELECT 1 FROM host AS h WHERE h.id = NEW.host_id AND h.kind = 'lks')"
    writing: tuple[tuple[str, Change], ...] = (("placement", "insert"), ("host_offer", "insert"), ("host_offer", "update"))
    for table, change in writing:
        yield Rule(table, change, other, f"{table}: an LKS without service to children takes no child")
    yield _frozen("host", "kind")
    serves = "NEW.kind <> 'lksa' AND NEW.services <> replace(NEW.services, 'children', '')"
    for change in _WRITTEN:
        yield Rule("host", change, serves, "host: only an LKSA serves children")
    yield _no_replace("host_entry", "id")
    yield _no_replace("host_entry", "supersedes")
    for column in ("supersedes", "settles"):
        there = f"SELECT 1 FROM host_entry AS e WHERE e.id = NEW.{column} AND e.host_id = NEW.host_id"
        yield Rule("host_entry", "insert", f"NEW.{column} IS NOT NULL AND NOT EXISTS ({there})", "host_entry: it is about the same house")
    yield from _never("host_entry", "update", "delete")


HOUSE_RULES = tuple(_houses())
"""Every rule about houses, in the order in which a table's own are tried."""
