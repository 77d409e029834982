"""What raw SQL may never do to the passing of cases and processes into a newer version, in the grammar of `rules.py`.

A migration begins unapproved, about what runs by an older version in its office. Somebody else approves it, a head of that office, who says
so in the journal: `names_item(x.body)` stands for that entry's naming it. From then on nothing is added to it.
"""

from collections.abc import Iterator

from casework.store.walls.rules import Rule, _frozen, _never, _no_replace, _set_once

_HEAD = """
    SELECT 1 FROM assignment AS s JOIN account AS a ON a.id = s.account_id
    WHERE a.person_id = NEW.approver AND s.role = 'dinas_head' AND s.office_id = NEW.office_id
      AND s.valid_from <= NEW.approved_at AND (s.valid_until IS NULL OR s.valid_until > NEW.approved_at)"""
_SAID = """
    SELECT 1 FROM actor_event AS e JOIN account AS a ON a.id = e.account_id
    WHERE a.person_id = NEW.approver AND e.kind = 'migration_approved' AND e.outcome = 'done' AND names_item(e.body)"""
_RUNS = """
    SELECT 1 FROM migration AS m JOIN care_case AS c ON c.machine = m.machine AND c.office_id = m.office_id
    WHERE m.id = NEW.migration_id AND m.approver IS NULL
      AND c.id = NEW.subject AND c.version = NEW.from_version AND c.version < m.version
    UNION ALL
    SELECT 1 FROM migration AS m JOIN process AS p ON p.machine = m.machine AND COALESCE(p.office_id, m.office_id) = m.office_id
    WHERE m.id = NEW.migration_id AND m.approver IS NULL
      AND p.id = NEW.subject AND p.version = NEW.from_version AND p.version < m.version"""


def _crossings() -> Iterator[Rule]:
    open_version = "SELECT 1 FROM machine_version AS m WHERE m.machine = {0}.machine AND m.version = {0}.version AND m.sealed = 0"
    new, old = (f"NOT EXISTS ({open_version.format(row)})" for row in ("NEW", "OLD"))
    yield Rule("crossing", "insert", f"{new} OR NEW.from_version >= NEW.version", "crossing: its version is sealed or missing, or older")
    yield Rule("crossing", "update", f"{new} OR {old} OR NEW.from_version >= NEW.version", "crossing: its version is sealed or missing")
    yield Rule("crossing", "delete", old, "crossing: its version is sealed or missing")


def _migrations() -> Iterator[Rule]:
    yield _no_replace("migration", "id")
    sealed = "SELECT 1 FROM machine_version AS v WHERE v.machine = NEW.machine AND v.version = NEW.version AND v.sealed = 1"
    yield Rule(
        "migration",
        "insert",
        f"NEW.approver IS NOT NULL OR NEW.approved_at IS NOT NULL OR NOT EXISTS ({sealed})",
        "migration: it begins unapproved, into a sealed version",
    )
    yield _frozen("migration", "id", "machine", "version", "office_id", "digest", "requester", "requested_at")
    yield _set_once("migration", "approver", "approved_at")
    yield Rule(
        "migration",
        "update",
        "NEW.approver = NEW.requester OR (NEW.approver IS NULL) <> (NEW.approved_at IS NULL)"
        f" OR (NEW.approver IS NOT NULL AND (NEW.approved_at < NEW.requested_at OR NOT EXISTS ({_HEAD}) OR NOT EXISTS ({_SAID})))",
        "migration: four eyes: another one approves it, a head of its office, and the journal says so",
    )
    yield from _never("migration", "delete")
    yield _no_replace("migration_item", "migration_id", "subject")
    yield Rule(
        "migration_item", "insert", f"NOT EXISTS ({_RUNS})", "migration_item: it runs by that version there, and nobody approved yet"
    )
    yield from _never("migration_item", "update", "delete")


VERSION_RULES = (*_crossings(), *_migrations())
"""Every rule about passing into a newer version, in the order in which a table's own are tried."""
