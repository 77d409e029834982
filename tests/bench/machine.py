"""The machine that figures come from: without it they say nothing."""

import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

import msgspec

SYNCS = 300


class Machine(msgspec.Struct, frozen=True):
    """What decides about speed. `sync` is how long fdatasync of 4 KiB takes: median and 99th percentile in microseconds."""

    processor: str
    cores: int
    memory: float
    system: str
    python: str
    sync: tuple[float, float]


def this_machine(folder: Path) -> Machine:
    """Describe this machine, with the disk that a folder lies on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return Machine(_processor(), os.cpu_count() or 0, memory, system, platform.python_version(), _sync(folder))


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text().splitlines() if file.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _sync(folder: Path) -> tuple[float, float]:
    took = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1e6)
    took.sort()
    return statistics.median(took), took[int(len(took) * 0.99)]
