"""The walls in PostgreSQL's words: one function and one trigger for each table and change, and one against TRUNCATE.

The functions pin their search path, or a temporary table named like ours would be asked instead. The triggers fire ALWAYS, so
`session_replication_role` does not pass them; only the owner can take them down.
"""

import re
from collections.abc import Mapping

from casework.store.walls.processes import REGISTERS, STEP_FOLLOW
from casework.store.walls.rules import FOLLOW, MARK, SLOTS, Change, Rule

WITH_OWNERS_RIGHTS = frozenset(
    {"wall_event_follow", "wall_process_step_follow", *(f"wall_{table}_{change}" for table in REGISTERS for change in ("insert", "update"))}
)
"""Functions that do more than refuse, which no other role may: they move a case and count it, or move a process. And those that judge a
register by its process, whether or not whoever changes it can see that."""

_SAID = "'process', NEW.process_id, 'trigger', NEW.\"trigger\", " + ", ".join(
    f"'{name}', NEW.{name}" for name in ("n", "machine", "version", "source", "dest")
)


def _spoken(condition: str) -> str:
    condition = re.sub(r"slot_of\((\w+\.case_id)\)", rf"mod(ascii(right(\1, 1)), {SLOTS})", condition)
    names_step = rf"(convert_from(\1, 'UTF8')::jsonb -> 'steps') @> jsonb_build_array(jsonb_build_object({_SAID}))"
    condition = re.sub(r"names_step\((\w+\.body)\)", names_step, condition)
    condition = re.sub(r"occurred_in\((\w+\.body)\)", r"(convert_from(\1, 'UTF8')::jsonb ->> 'occurred_at')", condition)
    spent = r"extract(epoch FROM \2::timestamptz - \1::timestamptz) / 86400"
    condition = re.sub(r"days_between\((\S+), (\S+)\)", f"({spent})", condition)
    condition = re.sub(
        r"names_item\((\w+\.body)\)", r"(convert_from(\1, 'UTF8')::jsonb -> 'items') @> jsonb_build_array(NEW.id)", condition
    )
    return re.sub(r"reason_code\((\w+\.body)\)", r"NULLIF(convert_from(\1, 'UTF8')::jsonb ->> 'reason_code', '')", condition)


def statements(walls: Mapping[tuple[str, Change], tuple[Rule, ...]], schema: str) -> dict[str, tuple[str, str, str]]:
    """Return, by the trigger's name, the table, the function's body and the rest of the trigger's CREATE."""
    texts = {
        f"wall_{table}_{change}": (table, _refusals(change, rules), f"BEFORE {change.upper()} ON {schema}.{table} FOR EACH ROW")
        for (table, change), rules in walls.items()
    }
    for table, follow in (("event", FOLLOW), ("process_step", STEP_FOLLOW)):
        body = f"BEGIN{_spoken(follow)}\n  RETURN NULL;\nEND"
        texts[f"wall_{table}_follow"] = (table, body, f"AFTER INSERT ON {schema}.{table} FOR EACH ROW")
    for table in dict.fromkeys(table for table, _ in walls):
        emptied = f"BEGIN\n  {_raise(f'{table}: truncate is refused')}\nEND"
        texts[f"wall_{table}_truncate"] = (table, emptied, f"BEFORE TRUNCATE ON {schema}.{table} FOR EACH STATEMENT")
    return texts


def creation(name: str, text: tuple[str, str, str], schema: str) -> tuple[str, str, str]:
    """Return the three statements that raise one wall."""
    table, body, rest = text
    rights = " SECURITY DEFINER" if name in WITH_OWNERS_RIGHTS else ""
    function = f"CREATE FUNCTION {schema}.{name}() RETURNS trigger LANGUAGE plpgsql{rights} SET search_path = {schema}, pg_temp"
    return (
        f"{function} AS $wall${body}$wall$",
        f"CREATE TRIGGER {name} {rest} EXECUTE FUNCTION {schema}.{name}()",
        f"ALTER TABLE {schema}.{table} ENABLE ALWAYS TRIGGER {name}",
    )


def _raise(words: str) -> str:
    said = (MARK + words).replace("'", "''").replace("%", "%%")
    return f"RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation';"


def _refusals(change: Change, rules: tuple[Rule, ...]) -> str:
    """Return the body that tries every rule of a table in one question, and only when one of them refuses asks which, in their order.

    A question by itself costs more than what it looks up: asked together, a move's walls cost a third.
    """
    lines = "\n".join(f"    IF {_spoken(rule.when)} THEN {_raise(rule.words)} END IF;" for rule in rules)
    any_of_them = "\n    OR ".join(f"({_spoken(rule.when)})" for rule in rules)
    return f"BEGIN\n  IF {any_of_them} THEN\n{lines}\n  END IF;\n  RETURN {'OLD' if change == 'delete' else 'NEW'};\nEND"
