"""The locks name every package by name, version and hash, and nothing else."""

import re
import tomllib

import pytest

from tests.house.sources import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-mining.lock")
PINNED = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9][\w.]*)(?P<marker> ; [^\\]+)?(?P<hashes>( --hash=sha256:[0-9a-f]{64})+)")


def pinned(lock: str) -> dict[str, tuple[str, str]]:
    """Return name -> (version, hashes). Fails on any line that is not name, version, marker and hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", "")
    found = {}
    for line in filter(None, text.splitlines()):
        match = PINNED.fullmatch(re.sub(r" +", " ", line).strip())
        assert match, f"{lock}: {line[:100]}"
        found[match["name"]] = (match["version"], match["hashes"])
    return found


def required(names: list[str]) -> set[str]:
    return {re.split(r"[<>=!~\[ ;]", name)[0] for name in names}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_carries_no_address_and_no_place_of_any_machine(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"://|--[a-z-]*(?:index|find-links|host)[a-z-]*|^\s*[./~]|file:", text, re.MULTILINE) == []
    assert len(pinned(lock)) > 15


def test_the_tools_run_with_exactly_the_packages_of_the_product() -> None:
    product, tools = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert {name: tools.get(name) for name in product} == product


def test_everything_the_project_asks_for_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert required(project["project"]["dependencies"]) - set(pinned("requirements.lock")) == set()
    assert required(project["dependency-groups"]["dev"]) - set(pinned("requirements-dev.lock")) == set()
    assert required(project["dependency-groups"]["mining"]) - set(pinned("requirements-mining.lock")) == set()
    assert required(project["build-system"]["requires"]) - set(pinned("requirements-dev.lock")) == set()
