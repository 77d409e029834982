"""Signing in through an identity provider: only whom an administrator linked beforehand; nobody gets an account by signing in."""

from __future__ import annotations

from datetime import datetime

from casework.errors import Fault, Invalid, NotFound, NotSignedIn, Refusal
from casework.ledger.event import Through
from casework.machines.refusals import four_eyes
from casework.services.admins import administered
from casework.services.sessions import NOBODY, SignedIn, open_session
from casework.store import identities, journal, people, sessions
from casework.store.call import Call
from casework.store.store import Store
from casework.words import Words

_NO_ISSUER = Words("Penyedia masuk belum diatur ([oidc] issuer).", "No identity provider is set ([oidc] issuer).")


@administered
def link_identity(store: Store, call: Call, username: str, issuer: str, subject: str) -> None:
    """Link a provider's subject to somebody's account. Raises NotFound, Invalid, Conflict, and Refusal for oneself or for no admin."""
    if not issuer or not subject:
        raise Invalid(Fault("$.issuer", _NO_ISSUER))
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None or account.service:
            raise NotFound("account")
        if account.person == call.who.person:
            raise Refusal((four_eyes(),))
        identities.link(unit, account.id, issuer, subject)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code="link_identity")
        unit.commit()


@administered
def unlink_identity(store: Store, call: Call, username: str) -> None:
    """End the links of an account, and its sessions. Raises NotFound, Refusal for no admin."""
    with store.write(call) as unit:
        account = people.account_named(unit, username)
        if account is None or not identities.unlink(unit, account.id):
            raise NotFound("account")
        sessions.end_sessions(unit, account.id)
        journal.append_for_actor(unit, "account_changed", role="admin", items=(account.id,), reason_code="unlink_identity")
        unit.commit()


def sign_in_as(store: Store, at: datetime, issuer: str, subject: str, *, through: Through, client: str = "") -> SignedIn:
    """Open a session for whom the provider vouches for, if they are linked. Raises NotSignedIn."""
    with store.write(Call(who=NOBODY, at=at, through=through)) as unit:
        account = identities.account_linked(unit, issuer, subject)
        if account is None:
            journal.append_for_actor(unit, "sign_in_refused", refused=True, codes=("not_linked",))
            unit.commit()
            raise NotSignedIn
        signed = open_session(unit, account, client)
        unit.commit()
    return signed
