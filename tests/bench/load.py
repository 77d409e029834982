"""The load: keep-alive connections that each send their next request when the answer to the last has come. Prints JSON.

One thread, epoll and prepared bytes, in a process of its own: the same for everybody measured, and cheap.
"""

import argparse
import select
import socket
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

import msgspec

from tests.bench.figures import Asked, Figures, figures_of

_PART = 65_536


class Connection:
    """One connection with the answer that is coming in. A server may close it between two requests: then it is opened again."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.socket = self._open()
        self._heard = b""
        self._needed = 0
        self.asked = 0.0

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self._port), timeout=30)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def reopen(self) -> None:
        """Connect again."""
        self.socket.close()
        self.socket = self._open()

    def send(self, request: bytes) -> None:
        """Send the next request."""
        self._heard, self._needed = b"", 0
        self.asked = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> str | None:
        """Take in what has come. Return the status when the answer is whole, "closed" when the server hung up, else None."""
        part = self.socket.recv(_PART)
        if not part:
            return "closed"
        self._heard += part
        if not self._needed:
            end = self._heard.find(b"\r\n\r\n")
            if end < 0:
                return None
            self._needed = end + 4 + _length(self._heard[:end])
        return self._heard[9:12].decode() if len(self._heard) >= self._needed else None

    @property
    def closes(self) -> bool:
        """Whether the server said that it will hang up after this answer."""
        return b"connection: close" in self._heard[: self._heard.find(b"\r\n\r\n")].lower()


def _length(head: bytes) -> int:
    found = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    if not found:
        raise ValueError("an answer without a length")
    return int(found)


class Load:
    """Every connection takes the next request of one list, which is sent `once`, or over and over.

    Counting begins after `warm` seconds, or with an eighth of a list sent once; it ends after `seconds` more, or with the list.
    """

    def __init__(self, port: int, requests: Sequence[bytes], asked: Asked) -> None:
        self._requests: Iterator[bytes] = iter(requests) if asked.once else cycle(requests)
        self._warmed = len(requests) // 8 if asked.once else -1
        self._sent = 0
        self._warm, self._seconds = asked.warm, asked.seconds
        self._opened = 0.0
        self._poll = select.epoll()
        self._open = [Connection(port) for _ in range(asked.clients)]
        self._by_file: dict[int, Connection] = {}
        self._moments: deque[tuple[float, float]] = deque()
        self._wrong: Counter[str] = Counter()

    def run(self) -> Figures:
        """Send until the time or the list is over, wait for what is still coming, and return what it came to."""
        opened = time.perf_counter() + self._warm
        closed = over = opened + self._seconds
        for connection in self._open:
            self._register(connection)
        awaited = sum(self._next(connection, closed) for connection in self._open)
        while awaited:
            for file, _ in self._poll.poll(30):
                connection = self._by_file[file]
                word = connection.receive()
                if word is None:
                    continue
                self._answered(connection, word)
                if not self._next(connection, closed):
                    awaited -= 1
                    over = min(over, time.perf_counter())
        for connection in self._open:
            connection.socket.close()
        self._poll.close()
        opened = min(self._opened or opened, opened)
        return figures_of(self._moments, opened, max(over, opened + 1e-9), dict(self._wrong))

    def _register(self, connection: Connection) -> None:
        self._by_file[connection.socket.fileno()] = connection
        self._poll.register(connection.socket, select.EPOLLIN)

    def _answered(self, connection: Connection, word: str) -> None:
        now = time.perf_counter()
        if word == "200":
            self._moments.append((now, now - connection.asked))
        else:
            self._wrong[word] += 1
        if word == "closed" or connection.closes:
            self._poll.unregister(connection.socket)
            del self._by_file[connection.socket.fileno()]
            connection.reopen()
            self._register(connection)

    def _next(self, connection: Connection, closed: float) -> bool:
        """Send a connection's next request, if there is time and work for one."""
        request = next(self._requests, None) if time.perf_counter() < closed else None
        if request is not None:
            self._sent += 1
            if self._sent == self._warmed:
                self._opened = time.perf_counter()
            connection.send(request)
        return request is not None


def main() -> None:
    """Load one server for one round."""
    told = argparse.ArgumentParser()
    told.add_argument("port", type=int)
    told.add_argument("requests", type=Path)
    told.add_argument("--connections", type=int, default=32)
    told.add_argument("--warm", type=float, default=0.3)
    told.add_argument("--seconds", type=float, default=2.0)
    told.add_argument("--once", action="store_true", help="send every request of the list once, not over and over")
    asked = told.parse_args()
    requests = msgspec.msgpack.decode(asked.requests.read_bytes(), type=list[bytes])
    figures = Load(asked.port, requests, Asked(asked.connections, asked.warm, asked.seconds, asked.once)).run()
    sys.stdout.write(msgspec.json.encode(figures).decode() + "\n")


if __name__ == "__main__":
    main()
