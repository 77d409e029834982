"""What somebody searches for, sealed for their own addresses: a child's name or NIK stands in no browser's history, in no proxy's log."""

from __future__ import annotations

import base64

import msgspec

from casework.services.sealed import seal, unseal_bytes
from casework.store.store import Store


def sealed_search(store: Store, account: str, **said: str) -> str:
    """Return what was typed as a part of an address, "" where nothing was: back, reload and the other language find it again."""
    typed = {name: text for name, text in said.items() if text}
    sealed = seal(store.account_key(), msgspec.json.encode(typed), _about(account)) if typed else b""
    return base64.urlsafe_b64encode(sealed).decode()


def search_said(store: Store, account: str, sealed: str) -> dict[str, str]:
    """Return what this account typed, nothing for what is another's, or nothing of ours."""
    try:
        told = unseal_bytes(store.account_key(), base64.urlsafe_b64decode(sealed), _about(account))
    except ValueError:
        return {}
    return msgspec.json.decode(told, type=dict[str, str]) if told else {}


def _about(account: str) -> str:
    return f"searched:{account}"
