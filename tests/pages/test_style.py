"""The style sheet: small, ours, and readable in light and dark."""

import re

import pytest

from casework.http.pages.statics import HERE

STYLE = (HERE / "casework.css").read_bytes()

READABLE = 4.5
"""WCAG 2.2, 1.4.3: contrast of text."""
PAIRS = [
    ("ink", "ground"), ("ink", "sheet"), ("soft", "ground"), ("soft", "sheet"), ("link", "ground"), ("link", "sheet"), ("on-act", "act"),
    ("on-deep", "deep"), ("stop", "sheet"), ("stop", "ground"), ("ok", "ok-ground"), ("wait", "wait-ground"), ("stop", "stop-ground"),
    ("off", "off-ground"), ("here", "here-ground"), ("state", "state-ground"),
]  # fmt: skip


def themes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root\{(.*?)\}", STYLE.decode())[:2]
    read = [dict(re.findall(r"--([a-z-]+):#([0-9a-f]{3,6})", block)) for block in (light, dark)]
    return {"light": read[0], "dark": read[0] | read[1]}


def luminance(colour: str) -> float:
    full = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    parts = [int(full[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_text_can_be_read(theme: str, pair: tuple[str, str]) -> None:
    colours = themes()[theme]
    dark, light = sorted((luminance(colours[pair[0]]), luminance(colours[pair[1]])))
    assert (light + 0.05) / (dark + 0.05) >= READABLE


def test_the_style_sheet_is_small_and_loads_nothing() -> None:
    assert len(STYLE) < 15_000
    assert b"url(" not in STYLE
    assert b"@import" not in STYLE


def test_paper_has_its_own_rules() -> None:
    assert b"@media print" in STYLE
