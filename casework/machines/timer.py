"""What a deadline is: who creates it, what settles it, and what happens when it passes (DOMAIN 7.11)."""

import msgspec

from casework.words import Words

ROWS = ("rows",)
OVERDUE = ("overdue",)


class Timer(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline. `key` is the one of DOMAIN 7.11, "" for a number that stands in the text without one.

    Codes: `rows` (the tables create it, alone or beside others), `service:module:function`, `step:machine.trigger`, `decision`,
    `overdue` (the lists), `led` (those of supervisor and head), `waiting` (the list of who decides), `daily` (the head of the office is
    reminded every day), `guard:code`. What settles a task is said by `SIGNED`, `BY_HAND`, the rows' `Done`, and the states left.
    """

    parameter: str
    key: str
    about: Words
    creator: tuple[str, ...] = ROWS
    canceller: tuple[str, ...] = ()
    escalation: tuple[str, ...] = OVERDUE
