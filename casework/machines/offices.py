"""What guards about an office's own processes may see: no case, no house, nobody's name."""

from __future__ import annotations

from datetime import datetime

import msgspec

from casework.machines.engine import Ask
from casework.machines.facts import Process
from casework.machines.parameters import Parameters


class OfficeFacts(msgspec.Struct, frozen=True):
    """One snapshot about a process that belongs to an office."""

    now: datetime
    params: Parameters
    ask: Ask
    process: Process
    trigger: str = ""
