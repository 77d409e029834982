"""The policy: who may do what with what, in one table. Pure; asked by the store, the services and whatever shows anything."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType

import msgspec

from casework.machines.policy.rows import ROWS
from casework.machines.policy.terms import ACTIONS, CAPACITIES, RELATIONS, VERDICTS, Action, Relation, Rule, Ruling, Verdict

__all__ = (
    "ACTIONS",
    "CAPACITIES",
    "DIGEST",
    "RELATIONS",
    "ROWS",
    "VERDICTS",
    "Action",
    "Relation",
    "Rule",
    "Ruling",
    "Verdict",
    "as_json",
    "asks_for_proof",
    "capacities_in",
    "digest_of",
    "holders",
    "may",
    "named",
    "named_in",
    "role_may",
    "roles_in",
    "rule",
    "ruled",
    "verdict",
)

ANY = "*"
_BEST: Mapping[Verdict, int] = MappingProxyType({"allow": 0, "step_up": 1, "mask": 2, "deny": 3})
_NOBODY = Ruling("deny", "", "")


def as_json(rows: tuple[Rule, ...]) -> str:
    """Return what a table allows, without its words: what is hashed, and what a database keeps of each version that was in force."""
    told = tuple((row.code, row.who, row.may, row.of, row.states, row.verdict) for row in rows)
    return msgspec.json.encode((CAPACITIES, told), order="deterministic").decode()


def digest_of(rows: tuple[Rule, ...]) -> str:
    """SHA-256 (hex) over what a table allows, not over its words."""
    return hashlib.sha256(as_json(rows).encode()).hexdigest()


DIGEST = digest_of(ROWS)
"""The digest of the table in force: it stands in every entry of the journal."""


def named(code: str) -> str:
    """Return a row as the journal names it: `row@digest of the table`."""
    return f"{code}@{DIGEST}" if code else ""


def verdict(role: str, action: Action, machine: str = ANY, state: str = ANY, relation: Relation = "none") -> Verdict:
    """Return what the table says of a role in a relation. `machine` is also a form, or a kind of task, host or entry."""
    capacity = next((name for name, known in CAPACITIES.items() if (known.role, known.relation) == (role, relation)), "")
    return rule(capacity, action, machine, state).verdict


@cache
def rule(capacity: str, action: Action, of: str = ANY, state: str = ANY) -> Ruling:
    """Return what the first row that fits says to a capacity; nobody without one may do anything."""
    for row in ROWS:
        if action in row.may and capacity in row.who and _fits(row.of, of) and _fits(row.states, state):
            return Ruling(row.verdict, row.code, capacity)
    return _NOBODY


def _fits(named_in_row: tuple[str, ...], asked: str) -> bool:
    return ANY in named_in_row or asked in named_in_row


def ruled(held: Iterable[str], action: Action, of: str = ANY, state: str = ANY) -> Ruling:
    """Return the best that the table says to somebody with these capacities; of equals, what it says to the one it names first."""
    return _ruled(frozenset(held), action, of, state)


@cache
def _ruled(held: frozenset[str], action: Action, of: str, state: str) -> Ruling:
    rulings = (rule(capacity, action, of, state) for capacity in holders(action, of, state) if capacity in held)
    return min(rulings, key=lambda one: _BEST[one.verdict], default=_NOBODY)


def may(held: Iterable[str], action: Action, of: str = ANY, state: str = ANY) -> bool:
    """Whether somebody with these capacities may do it, in whole or in part."""
    return ruled(held, action, of, state).passes


@cache
def holders(action: Action, of: str = ANY, state: str = ANY) -> tuple[str, ...]:
    """Return the capacities that may do it, in the order of the rows: who is told that they can."""
    rows = (row for row in ROWS if action in row.may and row.verdict != "deny" and _fits(row.of, of) and _fits(row.states, state))
    named_there = dict.fromkeys(one for row in rows for one in row.who)
    return tuple(one for one in named_there if rule(one, action, of, state).passes)


def named_in(held: Iterable[str], action: Action) -> frozenset[str] | None:
    """Return of what somebody may do it, where the table names it one by one; None where it is anything."""
    known = frozenset(held)
    if may(known, action):
        return None
    listed = {one for row in ROWS if action in row.may for one in row.of}
    return frozenset(one for one in listed if may(known, action, one))


@cache
def asks_for_proof(action: Action) -> bool:
    """Whether the table lets somebody do it only with a fresh proof of who they are."""
    return any(row.verdict == "step_up" for row in ROWS if action in row.may)


@cache
def role_may(role: str, action: Action, of: str = ANY) -> bool:
    """Whether a role has this right in any relation: which seat, and which page of the menu, can lead to it."""
    return any(known.role == role and may((name,), action, of) for name, known in CAPACITIES.items())


@cache
def roles_in(*relations: Relation) -> frozenset[str]:
    """Return the roles that are held in one of these relations."""
    return frozenset(known.role for known in CAPACITIES.values() if known.relation in relations)


@cache
def capacities_in(roles: frozenset[str], *relations: Relation) -> frozenset[str]:
    """Return the capacities that roles give in these relations."""
    return frozenset(name for name, known in CAPACITIES.items() if known.role in roles and known.relation in relations)
