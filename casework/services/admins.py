"""Who looks after accounts and offices: an administrator, who has shown lately that it is them, and whose refused attempts are kept."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from casework.errors import Fault, Invalid, Refusal
from casework.machines import policy
from casework.machines.policy import CAPACITIES
from casework.machines.refusals import role_not_allowed
from casework.services.proof import check_proof
from casework.store import journal
from casework.store.call import Call
from casework.store.store import Store
from casework.store.unit import Unit
from casework.words import Words

R = TypeVar("R")
P = ParamSpec("P")

ADMINS = frozenset(CAPACITIES[one].role for one in policy.holders("manage_accounts"))
"""Roles that look after accounts."""


def administers(call: Call) -> bool:
    """Whether accounts and offices are the caller's business."""
    return any(seat.role in ADMINS for seat in call.who.seats)


def check_admin(call: Call) -> None:
    """Accounts and offices are an administrator's, and change when it is written down, not before. Raises Refusal or Invalid."""
    if not administers(call):
        raise Refusal((role_not_allowed(policy.holders("manage_accounts")),))
    if call.occurred_at is not None:
        words = Words("Akun berubah saat dicatat, tidak sebelumnya.", "An account changes when it is written down, not before.")
        raise Invalid(Fault("$.occurred_at", words))


def administered(deed: Callable[Concatenate[Store, Call, P], R]) -> Callable[Concatenate[Store, Call, P], R]:
    """Make a service of what only an administrator does, with a fresh proof of who they are; that it was refused is journalled.

    It is no command: what it answers (the link of an invitation, a token) is kept nowhere, so it is not repeated for the same key.
    """

    @functools.wraps(deed)
    def service(store: Store, call: Call, /, *rest: P.args, **named: P.kwargs) -> R:
        check_proof(call, "manage_accounts", store.params.proof_minutes)
        try:
            check_admin(call)
            return deed(store, call, *rest, **named)
        except Refusal as no:
            store.carry_out(call, functools.partial(_note_refusal, deed.__name__, no))
            raise

    return service


def _note_refusal(verb: str, no: Refusal, unit: Unit) -> None:
    journal.append_for_actor(unit, "refused", refused=True, reason_code=verb, codes=tuple(sorted(no.codes)))
