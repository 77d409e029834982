"""Making batches: pure work, the same whoever does it. Some processes make, one writes."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from functools import lru_cache
from multiprocessing.connection import Connection
from typing import Any

import msgspec

from casework.errors import DefinitionError
from casework.ledger.replay import ProcessHead, Replay, StepRow
from casework.ledger.verify import CaseHead, EventRow, verify
from casework.machines.book import journey
from casework.machines.parameters import Parameters
from casework.seed.draw import draw
from casework.seed.mold import Mold, mold
from casework.seed.playing import play_all
from casework.seed.regency import CASES, regency
from casework.seed.sealing import key_line, nonce_of, sealed_case, sealed_line
from casework.seed.stamp import Press, Stamped
from casework.store.blind import Findable, rows_for
from casework.store.keyring import REGISTER
from casework.store.ledger import process_rulebooks, rulebooks
from casework.store.sealing import unwrapped
from casework.store.seeding import Batch, Line, columns_of, copy_text

BATCH = 500
"""Cases in one transaction."""
_PROVED = 100
"""Of so many cases one is replayed against the rules before it is written."""


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a batch is made from. `day` is the ordinal of the seeding's day, `key` that of the search.

    `master` is the key that wraps those of the children, `register` the register's own, wrapped by it. `bare` are batches for a database
    whose walls are down.
    """

    molds: tuple[Mold, ...]
    seed: int
    day: int
    prefix: str
    engine: str
    key: bytes
    master: bytes
    register: str
    bare: bool = False


def recipe(params: Parameters, **rest: Any) -> Recipe:
    """Play the stories and make their molds. `rest` is what else the recipe says. Raises DefinitionError when a story goes wrong."""
    return Recipe(molds=_molds(params), **rest)


@lru_cache(maxsize=1)
def _molds(params: Parameters) -> tuple[Mold, ...]:
    taken, cast = play_all(params)
    return tuple(mold(one, cast, journey().definition.initial) for one in taken)


class Maker:
    """Makes batches from a recipe."""

    def __init__(self, made_from: Recipe) -> None:
        self._recipe = made_from
        self._presses = [Press(one, bare=made_from.bare) for one in made_from.molds]
        self._noise = max(one.noise for one in made_from.molds)
        self._register = unwrapped(made_from.master, REGISTER, made_from.register)

    def make(self, start: int, stop: int) -> Batch:
        """Return cases `start` up to `stop`, with the regencies that begin there. Raises DefinitionError for one that breaks a rule."""
        rows: dict[str, list[Line]] = {}
        later: dict[str, list[Line]] = {}
        turns: list[list[Line]] = []
        children: list[Findable] = []
        numbers: dict[str, int] = {}
        entries = 0
        for number in range(start, stop):
            if number % CASES == 0:
                self._found(number // CASES, rows)
            stamped = self._stamp(number)
            if number % _PROVED == 0:
                _prove(stamped)
            children.append(_findable(next(line for table, line in stamped.rows if table == "child")))
            for table, line in sealed_case(stamped):
                rows.setdefault(table, []).append(line)
            rows.setdefault("data_key", []).append(key_line(stamped.key, self._recipe.master, rows["child"][-1][_MADE]))
            for table, line in stamped.later:
                later.setdefault(table, []).append(line)
            for turn, line in enumerate(stamped.entries):
                if turn == len(turns):
                    turns.append([])
                turns[turn].append(line)
            entries += len(stamped.entries)
            numbers[stamped.number] = number + 1
        self._index(children, rows)
        steps = _by_turn(rows.pop("process_step", []))
        shape = copy_text if self._recipe.engine == "postgresql" else _as_they_are
        return Batch(
            start,
            stop,
            {table: shape(lines) for table, lines in rows.items()},
            tuple(shape(lines) for lines in turns),
            later,
            numbers,
            entries,
            tuple(shape(lines) for lines in steps),
        )

    def _stamp(self, number: int) -> Stamped:
        made_from = self._recipe
        drawn = draw(made_from.seed, number, self._noise)
        there = regency(made_from.seed, number // CASES, made_from.day)
        return self._presses[drawn.story].stamp(number, drawn, there, made_from.day, made_from.prefix)

    def _found(self, number: int, rows: dict[str, list[Line]]) -> None:
        for table, found in regency(self._recipe.seed, number, self._recipe.day).rows.items():
            columns = columns_of(table)
            lines = (tuple(row.get(column) for column in columns) for row in found)
            rows.setdefault(table, []).extend(sealed_line(self._register, table, line, nonce_of) for line in lines)

    def _index(self, children: list[Findable], rows: dict[str, list[Line]]) -> None:
        index = rows_for(self._recipe.key, children)
        for table, found in (("child_gram", index.grams), ("child_key", index.keys)):
            columns = columns_of(table)
            rows[table] = [tuple(row[column] for column in columns) for row in found]


def _as_they_are(lines: list[Line]) -> list[Line]:
    return lines


_STEP = columns_of("process_step")
_N = _STEP.index("n")


def _by_turn(steps: list[Line]) -> list[list[Line]]:
    """Return steps by their number in their process: one that is written has moved its process before the next one is."""
    turns: list[list[Line]] = [[] for _ in range(max((line[_N] for line in steps), default=0))]
    for line in steps:
        turns[line[_N] - 1].append(line)
    return turns


_CHILD = columns_of("child")
_MADE = _CHILD.index("created_at")
_FOUND_BY = tuple(_CHILD.index(name) for name in ("id", "name", "alias", "nik", "kk"))


def _findable(line: Line) -> Findable:
    return Findable(*(line[place] for place in _FOUND_BY))


_EVENT = columns_of("event")
_SEQ, _BODY, _HASH, _PREV = (_EVENT.index(name) for name in ("seq", "body", "hash", "prev"))


def _prove(stamped: Stamped) -> None:
    """Verify a stamped case as `casework audit verify` would."""
    stream = f"case:{stamped.id}"
    rows = [
        EventRow(stream, line[_SEQ], line[_BODY], line[_HASH], line[_PREV], dict(zip(_EVENT, line, strict=True)))
        for line in stamped.entries
    ]
    last = rows[-1]
    head = CaseHead(
        machine=str(last.columns["machine"]),
        version=int(last.columns["version"]),
        state=str(last.columns["dest"]),
        seq=last.seq,
        head=last.hash,
        round=int(last.columns["round"]),
    )
    faults = [fault.code for fault in verify(rows, {stamped.id: head}, rulebooks(), None, _replay(stamped))]
    if faults:
        msg = f"a stamped case does not verify: {', '.join(faults)}"
        raise DefinitionError(msg)


def _replay(stamped: Stamped) -> Replay:
    """Return the replay of a stamped case's processes: each stands where its last step brought it."""
    steps = [StepRow(*line) for table, line in stamped.rows if table == "process_step"]
    heads = {}
    for process in dict.fromkeys(step.process for step in steps):
        made = [step for step in steps if step.process == process]
        heads[process] = ProcessHead(
            machine=made[0].machine,
            version=made[0].version,
            state=made[-1].dest,
            steps=len(made),
            opened_at=made[0].occurred_at,
            entered_at=next(step.occurred_at for step in reversed(made) if step.source != step.dest),
            case=stamped.id,
        )
    return Replay(process_rulebooks(), heads, steps)


def batches(made_from: Recipe, start: int, stop: int, workers: int, size: int = BATCH) -> Iterator[Batch]:
    """Yield every batch in order, made by so many processes; with none, by this one."""
    starts = range(start, stop, size)
    if workers == 0 or len(starts) == 1:
        maker = Maker(made_from)
        yield from (maker.make(first, min(first + size, stop)) for first in starts)
        return
    with ExitStack() as stack:
        lanes = [stack.enter_context(closing(_lane(made_from, starts[place::workers], stop, size))) for place in range(workers)]
        for turn in range(len(starts)):
            yield next(lanes[turn % workers])


def _lane(made_from: Recipe, starts: Sequence[int], stop: int, size: int) -> Generator[Batch]:
    """Yield what a process of its own makes. It is one batch ahead at most: then its pipe is full."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, made_from, tuple(starts), stop, size), daemon=True)
    process.start()
    theirs.close()
    try:
        for _ in starts:
            made = ours.recv()
            if isinstance(made, BaseException):
                raise made
            yield made
    finally:
        ours.close()
        process.join(1)
        if process.is_alive():
            process.terminate()


def _work(pipe: Connection, made_from: Recipe, starts: tuple[int, ...], stop: int, size: int) -> None:
    """Make batches until there are no more, or nobody reads them: whoever ends the writer ends the makers too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        maker = Maker(made_from)
        for first in starts:
            pipe.send(maker.make(first, min(first + size, stop)))
    except BrokenPipeError:
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, the writer tells it
        pipe.send(error)
