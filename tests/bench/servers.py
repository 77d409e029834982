"""Starting what is measured over HTTP, loading it, and stopping it again: only processes that were started here."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.bench.figures import Asked, Figures

HERE = Path(__file__).resolve().parents[2]
PORT_SECONDS = 30


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """How to start a server on a port (`{port}` in a word stands for it), and which path answers once it is ready."""

    words: Sequence[str]
    ready: str
    folder: Path = HERE
    environment: Mapping[str, str] = {}


class Running(msgspec.Struct, frozen=True):
    """A server that answers. `start` is how long it took to, in milliseconds."""

    port: int
    pid: int
    start: float

    def spent(self) -> float:
        """Return the CPU time that its processes have used so far, in seconds; 0.0 where the machine does not tell."""
        return sum(_spent(pid) for pid in _family(self.pid))

    def memory(self) -> float:
        """Return the most memory that its largest process held so far, in MiB; 0.0 where the machine does not tell."""
        return max((_peak(pid) for pid in _family(self.pid)), default=0.0)


@contextmanager
def serving(server: Server, log: Path) -> Iterator[Running]:
    """Start a server, wait until it answers, and stop it in the end. Raises RuntimeError with its last words when it does not start."""
    port = _free_port()
    words = [word.format(port=port) for word in server.words]
    with log.open("wb") as out:
        began = time.perf_counter()
        process = subprocess.Popen(words, cwd=server.folder, env={**os.environ, **server.environment}, stdout=out, stderr=out)
        try:
            _await(process, port, server.ready, log)
            yield Running(port, process.pid, (time.perf_counter() - began) * 1e3)
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def load(running: Running, requests: Sequence[bytes], asked: Asked, file: Path) -> Figures:
    """Load a running server from another process and return the figures, with the server's memory and its start."""
    file.write_bytes(msgspec.msgpack.encode(requests))
    words = [sys.executable, "-m", "tests.bench.load", str(running.port), str(file), "--connections", str(asked.clients)]
    words += ["--warm", str(asked.warm), "--seconds", str(asked.seconds), *(["--once"] if asked.once else [])]
    before = running.spent()
    done = subprocess.run(words, cwd=HERE, capture_output=True, check=True, timeout=asked.seconds + 120)
    figures = msgspec.json.decode(done.stdout.splitlines()[-1], type=Figures)
    cpu = (running.spent() - before) / max(figures.answered, 1) * 1e6
    return msgspec.structs.replace(figures, memory=running.memory(), start=running.start, cpu=cpu)


def program(name: str, python: str = sys.executable) -> str:
    """Return a program that was installed beside an interpreter."""
    beside = Path(python).parent / name
    return str(beside) if beside.exists() else shutil.which(name) or name


def post(path: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """Return the bytes of a POST of JSON on a connection that stays open."""
    lines = {"host": "127.0.0.1", "content-type": "application/json", "content-length": str(len(body)), **(headers or {})}
    told = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {path} HTTP/1.1\r\n{told}\r\n".encode() + body


def _free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


def _await(process: subprocess.Popen[bytes], port: int, ready: str, log: Path) -> None:
    end = time.monotonic() + PORT_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if _answers(port, ready):
            return
        time.sleep(0.01)
    raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-1000:]}")


def _answers(port: int, path: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as asking:
            asking.sendall(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n".encode())
            return asking.recv(12).endswith(b" 200")
    except OSError:
        return False


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from _family(int(child))


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
