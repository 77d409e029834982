"""Who has set the letters of their browser to twice the size reads everything: nothing is wider than the window, cut off or overlaid."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize
from playwright.sync_api import Page as Tab

from tests.pages.serving import copy_of, served
from tests.pages.test_accessibility import UNFOLD, WIDER, signed_in

LARGE = {"fontSizes": {"standard": 32, "fixed": 26}}
CHILD, HOUSE, DECISION, REFERRAL = "a[href^='/cases/01']", "a[href^='/hosts/01']", "a[href^='/decisions/01']", "a[href^='/referrals/01']"
DAYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "": (("/",), ("/pengaduan",), ("/help",)),
    "sari": (("/work",), ("/cases",), ("/cases/new",), ("/cases", CHILD), ("/cases", CHILD, "main a[href$='/file/F15']")),
    "iwan": (("/work",), ("/work", CHILD)),
    "bambang": (("/work",), ("/team",), ("/decisions",), ("/decisions", DECISION), ("/hosts",)),
    "yusuf": (("/numbers",), ("/prevention",)),
    "halimah": (("/work",), ("/cases", CHILD), ("/hosts", HOUSE)),
    "wahyu": (("/referrals",), ("/referrals", REFERRAL)),
    "nadia": (("/trail",), ("/trail/exceptions",), ("/cases", CHILD)),
    "dian": (("/breaches",), ("/data-requests",)),
    "ratih": (("/admin/people",), ("/admin/settings",)),
}
"""The main pages of each role: an address, then the links to follow."""
UNREADABLE = """() => {
  const lines = [], wrong = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || !e.checkVisibility() || e.closest('svg,.default,.scroll,.away,.skip,.told,option,textarea,script')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const r of range.getClientRects()) if (r.width > 1) lines.push([r.left, r.top, r.right, r.bottom, node.data.trim().slice(0, 40)]);
  }
  for (const [left, , right, , text] of lines) if (left < -1 || right > innerWidth + 1) wrong.push('cut off: ' + text);
  lines.sort((a, b) => a[1] - b[1]);
  lines.forEach((one, i) => {
    for (let j = i + 1; j < lines.length && lines[j][1] < one[3]; j++) {
      const other = lines[j];
      const across = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
      const down = Math.min(one[3], other[3]) - other[1];
      if (across > 3 && down > 0.35 * Math.min(one[3] - one[1], other[3] - other[1])) wrong.push(`overlaid: ${one[4]} | ${other[4]}`);
    }
  });
  return [...new Set(wrong)];
}"""


@pytest.fixture(scope="module")
def address(town_built: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(copy_of(town_built[0], tmp_path_factory.mktemp("large"))) as address:
        yield address


def unreadable(tab: Tab) -> list[str]:
    """Return what is wider than its window, cut off or overlaid on a telephone and on a desk, everything unfolded."""
    tab.evaluate(UNFOLD)
    found: list[str] = []
    for width in (390, 1280):
        tab.set_viewport_size(ViewportSize(width=width, height=800))
        found += [f"{width} {wrong}" for wrong in tab.evaluate(UNREADABLE)]
        found += [f"{width} wider by {wider}" for wider in [tab.evaluate(WIDER)] if wider > 0]
    return found


def test_letters_twice_as_large_are_read_on_everybodys_main_pages(browser: Browser, town_built: tuple[Path, str], address: str) -> None:
    wrong: list[str] = []
    for name, pages in DAYS.items():
        context = browser.new_context(base_url=address, bypass_csp=True)
        tab = signed_in(context, name, town_built[1]) if name else context.new_page()
        context.new_cdp_session(tab).send("Page.setFontSizes", LARGE)
        for start, *links in pages:
            tab.goto(start)
            for link in links:
                tab.goto(str(tab.locator(link).first.get_attribute("href")))
            assert tab.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
            wrong += [f"{name} {start} {links}: {one}" for one in unreadable(tab)]
        context.close()
    assert wrong == [], "\n".join(wrong)


def test_letters_over_one_another_and_beyond_the_window_are_noticed(browser: Browser, address: str) -> None:
    tab = browser.new_context(base_url=address, bypass_csp=True).new_page()
    tab.goto("/pengaduan")
    tab.evaluate("document.querySelector('h1').style.marginBottom = '-2rem'")
    tab.evaluate("document.querySelector('.lede').style.cssText = 'position:relative;left:60rem;white-space:nowrap'")
    assert any("cut off" in wrong for wrong in unreadable(tab))
    tab.evaluate("document.querySelector('.lede').style.cssText = ''")
    assert any("overlaid" in wrong for wrong in unreadable(tab))
