"""The README's walk, run as printed against a freshly built demo on a free port."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WALK = re.findall(r"<!-- walk -->\n```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "casework", "demo", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            assert any(f":{port}/" in line for line in server.stdout), "the demo did not say where it serves"
            _wait_until_it_answers(port)
            yield tmp_path, port
        finally:
            server.terminate()


def _wait_until_it_answers(port: int) -> None:
    health = f"http://127.0.0.1:{port}/api/health"
    asked = ["curl", "-s", "-f", "-o", "/dev/null", "--retry", "60", "--retry-delay", "1", "--retry-connrefused", health]
    subprocess.run(asked, check=True)


def test_the_walk_prints_what_the_readme_says(served: tuple[Path, int]) -> None:
    folder, port = served
    script = "\n".join(WALK).replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace(".venv/bin/casework", f"{sys.executable} -m casework")
    promised = [line.removeprefix("# ") for line in script.splitlines() if line.startswith("# ")]
    ran = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False, timeout=120)  # noqa: S607 - the walk is for a person's own shell
    assert ran.stdout.splitlines() == promised, ran.stderr
    assert len(promised) == 5
