"""What guards about a host, or about a member of its staff, may see: no child's case among it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from casework.machines.engine import Ask
from casework.machines.facts import WITA, Host, Process
from casework.machines.parameters import Parameters


class Member(msgspec.Struct, frozen=True):
    """A member of a host's staff as the register stands. `person` is the natural person behind an account, if there is one."""

    id: str
    host: str
    duty: str
    status: str
    person: str | None = None
    police_record_on: date | None = None
    code_signed_on: date | None = None


class HouseFacts(msgspec.Struct, frozen=True):
    """One snapshot about a host. `member` is the one that a step of the staff machine is about, else None.

    `children` counts those who live there, `critical_reviews` those of them whose review is critically overdue, `open_incidents` the
    incidents against the host that have not ended, `accusing` those that
    name the member. `persons_of_host` are the natural persons with a seat there; `barred_elsewhere`: another entry of the register bars the
    member's person. `today` (WITA) follows from `now`: it is never given.
    """

    now: datetime
    params: Parameters
    ask: Ask
    host: Host
    process: Process
    trigger: str = ""
    staff: tuple[Member, ...] = ()
    member: Member | None = None
    children: int = 0
    open_incidents: int = 0
    critical_reviews: int = 0
    accusing: int = 0
    persons_of_host: frozenset[str] = frozenset()
    barred_elsewhere: bool = False
    today: date = date.min

    def __post_init__(self) -> None:
        """Count the day (WITA) once."""
        msgspec.structs.force_setattr(self, "today", self.now.astimezone(WITA).date())
