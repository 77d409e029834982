"""What raw SQL may never do to delegations, in the grammar of `rules.py`."""

from collections.abc import Iterator

from casework.store.walls.rules import Rule, _frozen, _listed, _never, _no_replace

DELEGATE_ROLES = ("supervisor", "dinas_head", "social_worker")
"""Roles of an office in which somebody may stand in for another; of a house or a receiving body, and in the field, nobody does."""
LONGEST_DAYS = 30
"""No delegation lasts longer (TRUST 3), whatever `delegation_days` says."""


def no_moments(*columns: str) -> str:
    """Columns of which one is no instant as this program writes it: text sorts, whatever it says."""
    return "(" + " OR ".join(f"NEW.{column} NOT LIKE '____-__-__T__:__:__.______Z'" for column in columns) + ")"


def _delegations() -> Iterator[Rule]:
    """Nobody hands on what is not theirs, to themselves or to a stranger to the office, nor for longer than a month; what ended is over."""
    yield _no_replace("delegation", "id")
    seat = """
        SELECT 1 FROM assignment AS a JOIN account AS h ON h.id = a.account_id
        WHERE a.account_id = NEW.{} AND h.active = 1 AND h.service = 0 AND a.office_id = NEW.office_id AND a.host_id IS NULL
          AND a.body_id IS NULL AND a.valid_from <= NEW.made_at AND (a.valid_until IS NULL OR a.valid_until > NEW.made_at)"""

    def refuse(when: str, words: str) -> Rule:
        return Rule("delegation", "insert", when, f"delegation: {words}")

    own, office = f"{seat.format('giver')} AND a.role = NEW.role", f"{seat.format('taker')} AND a.role IN {_listed(DELEGATE_ROLES)}"
    covers = f"{seat.format('taker')} AND a.role = NEW.role"
    yield refuse(f"NOT EXISTS ({own})", "nobody gives on what is not their own")
    yield refuse(f"NOT EXISTS ({office})", "it goes to somebody of the office")
    yield refuse(f"NEW.role = 'social_worker' AND NOT EXISTS ({covers})", "a social worker covers for a social worker")
    same = "SELECT 1 FROM account AS g JOIN account AS t ON t.person_id = g.person_id WHERE g.id = NEW.giver AND t.id = NEW.taker"
    yield refuse(f"EXISTS ({same})", "it goes to another natural person")
    yield refuse(
        f"NEW.starts_at < NEW.made_at OR NEW.ends_at <= NEW.starts_at OR {no_moments('made_at', 'starts_at', 'ends_at')}"
        f" OR days_between(NEW.starts_at, NEW.ends_at) > {LONGEST_DAYS}",
        "it lasts a month at most",
    )
    yield refuse("NEW.ended_at IS NOT NULL OR NEW.ended_by IS NOT NULL", "it begins open")
    yield _frozen("delegation", "id", "giver", "taker", "role", "office_id", "actions", "made_by", "made_at", "starts_at", "ends_at")
    yield _frozen("delegation", "ended_at", "ended_by", when="OLD.ended_at IS NOT NULL", words="what has ended is over")
    yield Rule("delegation", "update", "(NEW.ended_at IS NULL) <> (NEW.ended_by IS NULL)", "delegation: somebody ends it")
    yield from _never("delegation", "delete")


DELEGATION_RULES = tuple(_delegations())
"""Every rule about delegations, in the order in which the table's own are tried."""
