"""How long anything may wait for the database, and how many connections one process holds: nothing waits for ever."""

from typing import Annotated

import msgspec

Seconds = Annotated[float, msgspec.Meta(ge=0.01, le=3600)]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Time-outs in seconds. Whoever waited that long is told that the database is busy (503 with Retry-After); nothing was changed.

    Both engines: `lock_seconds` for a lock that somebody else holds, `pool_seconds` for a connection of this process, `connections` at
    most from each process (on SQLite besides those that write). PostgreSQL only: `connect_seconds` for each host of the address,
    `statement_seconds` for one statement, `idle_seconds` for a transaction in which nothing happens. `pooler` says that a pooler stands
    between which gives every transaction another connection (PgBouncer): no prepared statements then, and these time-outs are set on
    the role by its administrator.
    """

    connect_seconds: Seconds = 5
    lock_seconds: Seconds = 5
    statement_seconds: Seconds = 30
    idle_seconds: Seconds = 30
    pool_seconds: Seconds = 5
    connections: Annotated[int, msgspec.Meta(ge=1, le=500)] = 10
    pooler: bool = False
