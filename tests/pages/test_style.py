"""The style sheet: small, ours, and readable in light and dark."""

import re

import pytest

from casework.http.pages.statics import HERE

STYLE = (HERE / "casework.css").read_bytes()

READABLE, VISIBLE = 4.5, 3.0
"""WCAG 2.2: contrast of text (1.4.3), and of what shows where one is or what is a control (1.4.11)."""
ON = {"ground", "sheet", "line", "here", "on-act", "ink"}
"""What signs stand on, and lines that only please the eye."""
RULES = re.findall(r"([^{}]+)\{([^{}]*)\}", re.sub(r":root\{.*?\}", "", STYLE.decode()))


def _of(declared: str, body: str) -> list[str]:
    return re.findall(rf"(?<![-\w])(?:{declared}):[^;]*?var\(--([a-z-]+)\)", body)


def texts() -> set[tuple[str, str]]:
    """Return (text, ground) of every rule: what names no ground of its own stands on the page and on a sheet."""
    found = {("ink", "stop-ground"), ("link", "stop-ground"), ("soft", "state-ground")}
    for selector, body in RULES:
        text, ground = _of("color", body), _of("background", body)
        if "::before" not in selector:
            found |= {(one, under) for one in text or ["ink"] for under in ground} or {
                (one, on) for one in text for on in ("ground", "sheet")
            }
    return found - {("on-deep", "ground"), ("on-deep", "sheet"), ("here", "ground"), ("here", "sheet")}


def signs() -> set[tuple[str, str]]:
    """Return (sign, ground) of every outline, border, stroke, bar and dot that says something."""
    marks = {
        sign for _, body in RULES for sign in _of("outline|border|border-left|border-color|border-left-color|stroke|fill|box-shadow", body)
    }
    dots = {sign for selector, body in RULES if "::before" in selector for sign in _of("background", body)}
    return {(sign, on) for sign in (marks | dots) - ON for on in ("ground", "sheet")}


def themes() -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root\{(.*?)\}", STYLE.decode())[:2]
    read = [dict(re.findall(r"--([a-z-]+):#([0-9a-f]{3,6})", block)) for block in (light, dark)]
    return {"light": read[0], "dark": read[0] | read[1]}


def luminance(colour: str) -> float:
    full = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    parts = [int(full[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(colours: dict[str, str], one: str, other: str) -> float:
    dark, light = sorted((luminance(colours[one]), luminance(colours[other])))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_can_be_read_and_every_sign_seen_whatever_it_stands_on(theme: str) -> None:
    colours = themes()[theme]
    assert {("ok", "ok-ground"), ("on-act", "act"), ("stop", "sheet"), ("link", "ground")} <= texts()
    assert {("focus", "ground"), ("act", "sheet"), ("state", "ground"), ("off", "ground")} <= signs()
    faint = [(*pair, contrast(colours, *pair)) for pair in sorted(texts()) if contrast(colours, *pair) < READABLE]
    unseen = [(*pair, contrast(colours, *pair)) for pair in sorted(signs()) if contrast(colours, *pair) < VISIBLE]
    assert (faint, unseen) == ([], [])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_header_shows_where_the_focus_is(theme: str) -> None:
    own = dict(re.findall(r"--([a-z-]+):#([0-9a-f]{3,6})", next(body for selector, body in RULES if selector.strip() == ".top")))
    assert contrast(themes()[theme] | own, "focus", "deep") >= VISIBLE


def test_no_rule_has_a_colour_that_is_no_part_of_a_theme() -> None:
    assert [body for selector, body in RULES if re.search(r"(?<!-focus:)#[0-9a-f]{3,6}\b", body) and selector != "a,.top,summary"] == []


def test_the_style_sheet_is_small_and_loads_nothing() -> None:
    assert len(STYLE) < 15_000
    assert b"url(" not in STYLE
    assert b"@import" not in STYLE


def test_paper_has_its_own_rules() -> None:
    printed = STYLE.partition(b"@media print{")[2].partition(b"}}")[0]
    hidden = printed.partition(b"{display:none!important}")[0].rpartition(b"}")[2].split(b",")
    assert {b"nav", b"form", b".button", b".who", b".told"} <= {*hidden}
    assert b"break-inside:avoid" in printed
