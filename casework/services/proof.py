"""Proof that it is still the same person: what decides about children is done by somebody who showed lately that they are who they are.

Signing in is a proof; it is worth `proof_minutes`. After that the password or a code is asked for again, and what was being done goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from casework.errors import ProofNeeded
from casework.machines import policy
from casework.machines.policy import Action
from casework.store.call import Call

DECIDING: Mapping[str, Action] = {
    "decide_approval": "decide",
    "decide_residents": "decide",
    "approve_identity_change": "approve_correction",
    "approve_migration": "approve_migration",
    "export_trail": "export_trail",
    "delegate": "delegate",
    "manage_accounts": "manage_accounts",
    "break_glass": "break_glass",
    "decide_request": "decide_data_request",
    "take_copy": "decide_data_request",
    "review_glass": "review_glass",
    "sign_review": "sign_review",
}
"""Verbs that decide, sign off or take data out, and the action of the policy that each is: its verdict `step_up` asks for a fresh proof."""
PROVED = frozenset({"change_second_factor", *(verb for verb, action in DECIDING.items() if policy.asks_for_proof(action))})
"""Verbs that ask for a fresh proof: decisions, ratifications among them, what changes how somebody comes in, and what takes data out."""


def check_proof(call: Call, verb: str, minutes: int) -> None:
    """Raise ProofNeeded for a verb that asks for a proof, when the one that came with the session is too old.

    A call that came through no session (a terminal, a rehearsal) was made by whoever sits at the machine itself.
    """
    if verb in PROVED and call.proved_at is not None and call.at - call.proved_at > timedelta(minutes=minutes):
        raise ProofNeeded
