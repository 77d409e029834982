"""Signing in at a terminal: the password, and the code of who has a second factor, are asked for there."""

from datetime import UTC, datetime

import click

from casework.errors import CodeNeeded
from casework.ledger.event import Through
from casework.services import sessions
from casework.services.sessions import SignedIn, SignIn
from casework.store.store import Store


def enter(store: Store, ask: SignIn, device: str) -> SignedIn:
    """Open a session for who sits at this terminal. Raises NotSignedIn, Throttled."""
    try:
        return sessions.sign_in(store, datetime.now(UTC), ask, through=Through(device=device))
    except CodeNeeded:
        ask = SignIn(username=ask.username, password=ask.password, code=click.prompt("Kode / Code"))
        return sessions.sign_in(store, datetime.now(UTC), ask, through=Through(device=device))
