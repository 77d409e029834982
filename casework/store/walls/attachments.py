"""What raw SQL may never do to a photograph, in the grammar of `rules.py`: none without its entry, none changed, none taken away unsaid."""

from collections.abc import Iterator

from casework.store.walls.rules import Rule, _changed, _frozen, _never, _no_replace, _set_once

_ENTERED = """
    SELECT 1 FROM event AS e WHERE e.case_id = NEW.case_id AND e.kind = '{kind}' AND e.actor = NEW.{by} AND e.recorded_at = NEW.{at}
      AND names_item(e.body)"""
_ELSEWHERE = "NEW.{0}_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {0} AS a WHERE a.id = NEW.{0}_id AND a.case_id = NEW.case_id)"
_FORGOTTEN = """
    SELECT 1 FROM care_case AS c JOIN data_key AS k ON k.holder = c.child_id WHERE c.id = OLD.case_id AND k.wrapped IS NULL"""


def _attachments() -> Iterator[Rule]:
    def refuse(when: str, words: str) -> Rule:
        return Rule("attachment", "insert", when, f"attachment: {words}")

    yield _no_replace("attachment", "id")
    entered = _ENTERED.format(kind="attachment_added", by="added_by", at="added_at")
    yield refuse(f"NOT EXISTS ({entered})", "an entry of its case says that it was added")
    yield refuse("NEW.withdrawn_by IS NOT NULL OR NEW.withdrawn_at IS NOT NULL OR NEW.withdrawn_why IS NOT NULL", "it is not withdrawn yet")
    yield refuse("NEW.record_id IS NOT NULL AND NEW.document_id IS NOT NULL", "it belongs to one thing")
    for about in ("record", "document"):
        yield refuse(_ELSEWHERE.format(about), "what it belongs to is of its case")
    yield refuse("length(NEW.content) = 0", "there is something in it")
    yield _frozen(
        "attachment", "id", "case_id", "kind", "record_id", "document_id", "digest", "sealed_digest", "salt", "added_by", "added_at"
    )
    emptied = f"{_changed('content')} AND NOT (length(NEW.content) = 0 AND EXISTS ({_FORGOTTEN}))"
    yield Rule("attachment", "update", emptied, "attachment: it is emptied only when the key of the child was destroyed")
    yield _set_once("attachment", "withdrawn_by", "withdrawn_at", "withdrawn_why")
    entered = _ENTERED.format(kind="attachment_withdrawn", by="withdrawn_by", at="withdrawn_at")
    said = f"{entered} AND reason_code(e.body) = NEW.withdrawn_why"
    withdrawn = f"{_changed('withdrawn_by', 'withdrawn_at', 'withdrawn_why')} AND NOT EXISTS ({said})"
    yield Rule("attachment", "update", withdrawn, "attachment: an entry of its case says that it was withdrawn, and why")
    yield from _never("attachment", "delete")


ATTACHMENT_RULES = tuple(_attachments())
"""Every rule about photographs, in the order in which a table's own are tried."""
