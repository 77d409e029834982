"""What verification is told, and what it says: a definition as the replay needs it, and one thing that is wrong."""

from collections.abc import Mapping

import msgspec

from casework.words import Words


class Rulebook(msgspec.Struct, frozen=True):
    """A definition as the replay needs it. `edges` maps (source, trigger, dest) to (approvals before the move, rounds it adds).

    `crossings` maps (older version, state there) to the state in which what passes into this version arrives.
    """

    digest: str
    initial: str
    edges: Mapping[tuple[str, str, str], tuple[int, int]]
    crossings: Mapping[tuple[int, str], str] = {}


class Fault(msgspec.Struct, frozen=True):
    """One thing that is wrong, and where. `seq` 0 speaks of the stream as a whole; of `process:<id>` it is the number of a step."""

    stream: str
    seq: int
    code: str
    words: Words


def fault_of(known: Mapping[str, Words], stream: str, seq: int, code: str, detail: str = "") -> Fault:
    """Return a fault with the words that are known for its code, and what it is about."""
    words = known[code]
    if detail:
        words = Words(f"{words.id}: {detail}", f"{words.en}: {detail}")
    return Fault(stream, seq, code, words)
