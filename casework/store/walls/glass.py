"""What raw SQL may never do to a broken glass, in the grammar of `rules.py`: no longer, no wider, not unsaid, not reviewed by oneself."""

from collections.abc import Iterator

from casework.store.walls.delegations import no_moments
from casework.store.walls.rules import CHILD_OF_CASE, Rule, _frozen, _frozen_until_erased, _never, _no_replace, _set_once

_HOUR = "0.0417"
"""An hour in days, and the fraction of a second that a moment's text is rounded to."""


def _glass() -> Iterator[Rule]:
    yield _no_replace("glass", "id")

    def refuse(when: str, words: str) -> Rule:
        return Rule("glass", "insert", when, f"glass: {words}")

    yield refuse(
        f"NEW.ends_at <= NEW.opened_at OR {no_moments('opened_at', 'ends_at')} OR days_between(NEW.opened_at, NEW.ends_at) > {_HOUR}",
        "it is broken for an hour at most",
    )
    yield refuse("length(NEW.reason) < 10 OR NEW.reason_code = ''", "it is broken for a reason")
    here = """
        SELECT 1 FROM account AS h JOIN assignment AS a ON a.account_id = h.id JOIN care_case AS c ON c.office_id = a.office_id
        WHERE h.id = NEW.account_id AND h.person_id = NEW.person AND h.active = 1 AND h.service = 0 AND c.id = NEW.case_id
          AND a.host_id IS NULL AND a.body_id IS NULL AND a.valid_from <= NEW.opened_at
          AND (a.valid_until IS NULL OR a.valid_until > NEW.opened_at)"""
    yield refuse(f"NOT EXISTS ({here})", "it is broken by who works in the office of the case")
    other = "SELECT 1 FROM glass AS g WHERE g.account_id = NEW.account_id AND g.case_id = NEW.case_id AND g.ends_at > NEW.opened_at"
    yield refuse(f"EXISTS ({other})", "it is broken already")
    asked = "SELECT 1 FROM task AS t WHERE t.id = NEW.task_id AND t.case_id = NEW.case_id AND t.kind = 'glass_review'"
    yield refuse(f"NOT EXISTS ({asked})", "its review is asked for")
    yield refuse(
        "NEW.reviewed_by IS NOT NULL OR NEW.reviewed_at IS NOT NULL OR NEW.finding IS NOT NULL OR NEW.review IS NOT NULL",
        "nobody has reviewed it yet",
    )
    yield _frozen("glass", "id", "case_id", "account_id", "person", "reason_code", "opened_at", "ends_at", "task_id")
    yield _frozen_until_erased("glass", CHILD_OF_CASE, "reason")
    yield _set_once("glass", "reviewed_by", "reviewed_at", "finding")
    yield _frozen_until_erased("glass", CHILD_OF_CASE, "review", when="OLD.review IS NOT NULL")
    yield Rule("glass", "update", "NEW.reviewed_by = NEW.person", "glass: four eyes")
    yield from _never("glass", "delete")


GLASS_RULES = tuple(_glass())
"""Every rule about a broken glass, in the order in which the table's own are tried."""
