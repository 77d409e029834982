"""Who looks after accounts and offices."""

from __future__ import annotations

from casework.errors import Fault, Invalid, Refusal
from casework.machines import policy
from casework.machines.refusals import role_not_allowed
from casework.store.call import Call
from casework.words import Words


def check_admin(call: Call) -> None:
    """Accounts and offices are an administrator's, and change when it is written down, not before. Raises Refusal or Invalid."""
    if not any(policy.role_may(seat.role, "manage_accounts") for seat in call.who.seats):
        raise Refusal((role_not_allowed(policy.holders("manage_accounts")),))
    if call.occurred_at is not None:
        words = Words("Akun berubah saat dicatat, tidak sebelumnya.", "An account changes when it is written down, not before.")
        raise Invalid(Fault("$.occurred_at", words))
