"""What was typed when a session ended: sealed into the page, and shown again only to the account that the form was made for.

Nothing is kept on the server. Whoever signs in as somebody else holds bytes that open nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib
from datetime import datetime, timedelta

import msgspec

from casework.services.sealed import seal, unseal_bytes
from casework.services.sessions import NOBODY
from casework.store import sessions as kept
from casework.store.call import Call
from casework.store.store import Store

LIVES = timedelta(hours=12)
"""As long as a session at most: a working day."""
LONGEST = 200_000
"""Letters of what is sealed: a form that carries it must still come in at the door (256 KiB)."""


class Held(msgspec.Struct, frozen=True):
    """A form as it was sent: where to, and its fields in their order."""

    address: str
    fields: tuple[tuple[str, str], ...]
    until: float


def hold(store: Store, at: datetime, csrf: str, address: str, fields: tuple[tuple[str, str], ...]) -> str:
    """Return a form sealed for whom it was made, known by the token it carries; "" where no session of ours made it, or it is too long."""
    account = maker_of(store, at, csrf)
    if not account:
        return ""
    told = msgspec.json.encode(Held(address, fields, (at + LIVES).timestamp()))
    sealed = base64.urlsafe_b64encode(seal(store.account_key(), zlib.compress(told), _about(account))).decode()
    return sealed if len(sealed) <= LONGEST else ""


def opened(store: Store, at: datetime, account: str, sealed: str) -> Held | None:
    """Return a form that was sealed for this account, or None: it is somebody else's, too old, or nothing of ours."""
    try:
        told = unseal_bytes(store.account_key(), base64.urlsafe_b64decode(sealed), _about(account))
    except ValueError:
        return None
    held = msgspec.json.decode(zlib.decompress(told), type=Held) if told else None
    return held if held is not None and at.timestamp() <= held.until else None


def maker_of(store: Store, at: datetime, csrf: str) -> str:
    """Return the account in whose session a form was made, now or once, or ""."""
    if not csrf:
        return ""
    with store.read(Call(who=NOBODY, at=at)) as unit:
        return kept.account_of_form(unit, csrf)


def key_for_browser(store: Store, account: str) -> str:
    """Return the key under which a browser keeps what this account types while there is no signal.

    A browser never stores it: it comes with a page of somebody signed in, so nobody else reads what is left on a shared telephone.
    """
    return base64.b64encode(hmac.digest(store.account_key(), f"browser:{account}".encode(), "sha256")).decode()


def name_for_browser(account: str) -> str:
    """Return by what a browser tells apart whose it is that it keeps."""
    return hashlib.sha256(f"browser:{account}".encode()).hexdigest()[:12]


def _about(account: str) -> str:
    return f"held:{account}"
