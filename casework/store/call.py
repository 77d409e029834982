"""Who asks, through what, and when: what every unit of work is told by the roof."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

import msgspec

from casework.ledger.event import Through
from casework.machines import policy

HOUSE_ROLES = policy.roles_in("house")
"""Roles held in one institution; nobody else's seat belongs to a host."""
RECEIVER_ROLES = policy.roles_in("receiver")
"""Roles held at a body that referrals go to: they open its desk, and nothing of any office."""


class Seat(msgspec.Struct, frozen=True):
    """One role an account holds: for which office; for which host if it is an institution's own staff, for which body if it receives.

    `area` is the code of the district or village in which somebody works in the field.
    """

    role: str
    office: str
    host: str | None = None
    body: str | None = None
    area: str | None = None


CASEWORK_ROLES = policy.roles_in("assigned", "office", "supervised")
"""Roles held in an office that give a part in its cases."""

ASKED_ROLES = policy.roles_in("asked")
"""Roles held in an office that give a part only in what they were asked to do in the field."""


class Delegation(msgspec.Struct, frozen=True):
    """What somebody acts in for another natural person, the `giver`: a role of an office, `since` when; `actions`, if it is limited.

    It reaches the cases of that office and nothing else of the role: no registers, trails, accounts, no delegating further.
    """

    id: str
    role: str
    office: str
    giver: str
    actions: frozenset[str]
    since: datetime

    def covers(self, action: str) -> bool:
        """Whether it lets somebody do this; to look is part of each ("")."""
        return not action or not self.actions or action in self.actions


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """The signed-in natural person and the account used. `certificate_until` is an ISO date, for social workers.

    `delegations` are those that hold now: what was lent is never a seat. `glass` are the cases of which they broke the glass.
    """

    person: str
    account: str
    name: str
    seats: tuple[Seat, ...]
    certificate_until: str | None = None
    delegations: tuple[Delegation, ...] = ()
    glass: frozenset[str] = frozenset()

    def holds(self, role: str, office: str | None = None) -> bool:
        """Whether a seat with this role (in this office, if named) is held."""
        return any(seat.role == role and office in {None, seat.office} for seat in self.seats)


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One command or question. `at` is now; `occurred_at` when it happened, if earlier; `seen` is the version the caller looked at.

    `proved_at` is when somebody who came through the front door last proved who they are; None for who came through no session.
    """

    who: Who
    at: datetime
    through: Through = Through()
    occurred_at: datetime | None = None
    seen: int | None = None
    proved_at: datetime | None = None

    @property
    def happened_at(self) -> datetime:
        """When it happened."""
        return self.occurred_at or self.at


def nobody_is_told(_who: Who) -> None:
    """Tell nobody who came in."""


class Knock(msgspec.Struct, frozen=True, kw_only=True):
    """A call by somebody who shows only a session: `through.session` is the digest of its token.

    Who that is, is asked inside the unit, so that no session ends between the check and the deed. `greet` is told who came in. A `bearer`
    shows the token of a service account instead, which must hold for the `action`.
    """

    at: datetime
    through: Through
    occurred_at: datetime | None = None
    seen: int | None = None
    bearer: bool = False
    action: str = ""
    greet: Callable[[Who], None] = nobody_is_told

    def by(self, who: Who, proved_at: datetime | None = None) -> Call:
        """Return the call, now that it is known who makes it, and when they last proved it."""
        return Call(who=who, at=self.at, through=self.through, occurred_at=self.occurred_at, seen=self.seen, proved_at=proved_at)


Caller: TypeAlias = Call | Knock
