"""What one round of one contender comes to, and how rounds become medians."""

import statistics
from collections.abc import Sequence

import msgspec


class Asked(msgspec.Struct, frozen=True):
    """One round of load."""

    clients: int
    warm: float
    seconds: float
    once: bool = False


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """One round: per second, milliseconds, and MiB of the process that did the work. `wrong` counts other answers than the one wanted.

    `done` counts between the two moments, `answered` from the first to the last; `cpu` is what each of those cost, in microseconds.
    """

    rate: float
    p50: float
    p99: float
    done: int
    answered: int = 0
    cpu: float = 0.0
    wrong: dict[str, int] = {}
    memory: float = 0.0
    start: float = 0.0


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One contender on one path: what all of its rounds came to. `path` is `services` or `http`."""

    who: str
    move: str
    path: str
    database: str
    clients: int
    rounds: tuple[Figures, ...]

    def median(self, name: str) -> float:
        """Return the median of a figure over the rounds, 0.0 without any."""
        return statistics.median([float(getattr(one, name)) for one in self.rounds] or [0.0])

    @property
    def spread(self) -> tuple[float, float]:
        """The slowest and the fastest round."""
        rates = [one.rate for one in self.rounds] or [0.0]
        return min(rates), max(rates)

    @property
    def wrong(self) -> int:
        """How many answers were not the one wanted, in all rounds."""
        return sum(sum(one.wrong.values()) for one in self.rounds)


def figures_of(moments: Sequence[tuple[float, float]], opened: float, closed: float, wrong: dict[str, int]) -> Figures:
    """Return the figures of answers given as (when it came, how long it took), in seconds, counting those between two moments."""
    took = sorted(seconds for at, seconds in moments if opened <= at <= closed)
    if not took:
        return Figures(rate=0.0, p50=0.0, p99=0.0, done=0, answered=len(moments), wrong=wrong)
    return Figures(
        rate=len(took) / (closed - opened),
        p50=took[len(took) // 2] * 1e3,
        p99=took[int(len(took) * 0.99)] * 1e3,
        done=len(took),
        answered=len(moments),
        wrong=wrong,
    )
