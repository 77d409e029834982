"""The walls in SQLite's words: one trigger for each table and change."""

import re
from collections.abc import Iterator, Mapping

from casework.store.walls.processes import STEP_FOLLOW
from casework.store.walls.rules import FOLLOW, MARK, SLOTS, Change, Rule

_SAID = {"process": "NEW.process_id", "trigger": 'NEW."trigger"'} | {
    name: f"NEW.{name}" for name in ("n", "machine", "version", "source", "dest")
}
_NAMES_STEP = (
    r"EXISTS (SELECT 1 FROM json_each(CAST(\1 AS TEXT), '$.steps') AS told WHERE "
    + " AND ".join(f"json_extract(told.value, '$.{name}') = {value}" for name, value in _SAID.items())
    + ")"
)
_NAMES_ITEM = r"EXISTS (SELECT 1 FROM json_each(CAST(\1 AS TEXT), '$.items') AS told WHERE told.value = NEW.id)"


def _spoken(condition: str) -> str:
    """Translate: SQLite before 3.39 knows `IS` only, and reads JSON with a function."""
    plain = condition.replace("IS NOT DISTINCT FROM", "IS").replace("IS DISTINCT FROM", "IS NOT")
    plain = re.sub(r"slot_of\((\w+\.case_id)\)", rf"(unicode(substr(\1, -1)) % {SLOTS})", plain)
    plain = re.sub(r"names_step\((\w+\.body)\)", _NAMES_STEP, plain)
    plain = re.sub(r"occurred_in\((\w+\.body)\)", r"json_extract(CAST(\1 AS TEXT), '$.occurred_at')", plain)
    plain = re.sub(r"days_between\((\S+), (\S+)\)", r"round(strftime('%J', \2) - strftime('%J', \1), 6)", plain)
    plain = re.sub(r"names_item\((\w+\.body)\)", _NAMES_ITEM, plain)
    return re.sub(r"reason_code\((\w+\.body)\)", r"NULLIF(json_extract(CAST(\1 AS TEXT), '$.reason_code'), '')", plain)


def _row_number(table: str, change: Change) -> Iterator[str]:
    """A hidden row number is a second key: naming another row's number in a REPLACE would delete that row."""
    if change == "insert":
        yield f"EXISTS (SELECT 1 FROM {table} WHERE rowid = NEW.rowid)"
    if change == "update":
        yield "NEW.rowid <> OLD.rowid"


def statements(walls: Mapping[tuple[str, Change], tuple[Rule, ...]]) -> dict[str, str]:
    """Return the CREATE statement of every trigger, by name."""
    texts = {f"wall_{table}_{change}": _trigger(table, change, rules) for (table, change), rules in walls.items()}
    for table, follow in (("event", FOLLOW), ("process_step", STEP_FOLLOW)):
        texts[f"wall_{table}_follow"] = f"CREATE TRIGGER wall_{table}_follow AFTER INSERT ON {table} BEGIN{_spoken(follow)}\nEND"
    return texts


def _trigger(table: str, change: Change, rules: tuple[Rule, ...]) -> str:
    refusals = [(rule.words, _spoken(rule.when)) for rule in rules]
    refusals += [(f"{table}: it exists already", condition) for condition in _row_number(table, change)]
    lines = "\n".join(f"  SELECT RAISE(ABORT, {_quoted(MARK + words)}) WHERE {condition};" for words, condition in refusals)
    return f"CREATE TRIGGER wall_{table}_{change} BEFORE {change.upper()} ON {table} BEGIN\n{lines}\nEND"


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
