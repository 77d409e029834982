"""Opening the installation's database for a command, with the settings in force."""

import os
from datetime import UTC, datetime
from pathlib import Path

from casework.errors import StoreMismatch
from casework.ledger.event import Through
from casework.settings import Settings, load
from casework.store import keys
from casework.store.call import Call, Seat, Who
from casework.store.store import Store

TERMINAL = "terminal"
OPERATOR = Who(person="operator", account="operator", name="operator", seats=(Seat("admin", TERMINAL),))
"""Whoever has the machine's own terminal: may manage accounts and settings, never cases. The journal names the stream `actor:operator`."""


def settings_of(folder: Path | None) -> Settings:
    """Return the settings in force. Raises DefinitionError naming the file and the path."""
    return load(folder, os.environ)


def open_store(settings: Settings, *, upgrade: bool = False, search: bool = False) -> Store:
    """Return the opened store. Raises StoreMismatch, saying what to do, for a database that is not ours.

    With `search`, also for one whose index was made with another key, or whose key cannot be read.
    """
    store = store_of(settings, search=search)
    now = datetime.now(UTC)
    if upgrade:
        store.upgrade(now, settings.application_role)
    else:
        store.prepare(now)
    return store


def store_of(settings: Settings, *, search: bool = False) -> Store:
    """Return the store of these settings. Nothing is opened before it is used. Only who serves needs to `search`, and the key for it."""
    return Store(
        settings.database,
        settings.parameters,
        case_prefix=settings.office.case_prefix,
        go_live=settings.go_live,
        limits=settings.limits,
        search_key=keys.kept(settings.database, settings.search_key) if search else None,
        account_key=keys.kept(settings.database, settings.account_key, "account"),
        master_key=keys.master_kept(settings.database, settings.master_key),
    )


def open_as_it_is(settings: Settings) -> tuple[Store, str]:
    """Return the store even when it may not be served, and why not: a damaged trail must be readable to be examined."""
    store = store_of(settings)
    try:
        store.prepare(datetime.now(UTC))
    except StoreMismatch as mismatch:
        return store, str(mismatch)
    return store, ""


def operator_call() -> Call:
    """Return a call by whoever sits at the terminal, now."""
    return Call(who=OPERATOR, at=datetime.now(UTC), through=Through(device=TERMINAL))
