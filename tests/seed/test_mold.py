"""What cannot become a mold is refused before anything is written."""

from typing import Any

import pytest

from casework.errors import DefinitionError
from casework.ledger.event import NO_HASH, Actor, Event, Step, Through, encode_event
from casework.rehearsal.cast import Cast
from casework.seed.mold import ORDER, mold
from casework.seed.playing import Taken
from casework.seed.stories import Story
from casework.store.registers import ChildRow


def test_a_story_that_moves_what_all_copies_share_is_refused() -> None:
    step = Step(process="host", n=3, machine="host", version=1, definition="d", trigger="restrict", source="active", dest="restricted")
    actor = Actor(person="p", account="a", role="supervisor", office="o")
    at = "2026-03-02T00:00:00.000000Z"
    entry = Event(
        stream="case:c", seq=1, prev=NO_HASH, kind="record_signed", occurred_at=at, recorded_at=at, actor=actor, through=Through(),
        steps=(step,),
    )  # fmt: skip
    child = dict.fromkeys(ChildRow.__struct_fields__, "x")
    rows: dict[str, Any] = dict.fromkeys(ORDER, ()) | {
        "child": (child,),
        "event": ({"seq": 1, "hash": "h", "body": encode_event(entry)},),
    }
    story = Story(name="a house is restricted", weight=1, after=(), rest=(0, 0))
    with pytest.raises(DefinitionError, match="moves a process that is not its case's"):
        mold(Taken(story, rows, {}), Cast({}, {}, {}, {}, {}), "reported")
