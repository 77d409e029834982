"""What every form is for, in plain words: `help.toml`, read strictly, once.

Who signs, what is asked, when it is due and what it opens follow from the tables; there stands only what no table says.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import msgspec

from casework.machines.draw_map import AROUND, BEFORE, RUNGS
from casework.machines.forms.rights import Right
from casework.words import Words

LADDER: tuple[Words, ...] = (BEFORE, *RUNGS.values(), AROUND)
"""The headings of the index, in the order of the map."""


class FormHelp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One form in plain words. `place` is its heading in `LADDER`; `heed` is what goes wrong most easily; `fields`: why it asks."""

    place: int
    rights: tuple[Right, ...]
    what: Words
    when: Words
    heed: Words
    fields: Mapping[str, Words] = {}


@cache
def form_help() -> Mapping[str, FormHelp]:
    """Return every form's help by its code."""
    return msgspec.toml.decode((Path(__file__).parent / "help.toml").read_bytes(), type=dict[str, FormHelp])
