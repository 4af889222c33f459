"""The keyboard's place stays while the player replaces what stands on the page, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.measure.doors.jobs import served
from tests.parts import browser as chromium
from tests.parts.factories import make_parts
from tests.parts.player_pages import started
from tests.parts.web_rows import ready_clip
from tts_service.db.tables import ClipRevisionRow
from tts_service.parts import Parts

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
]
FOCUSED = """() => {
  const held = document.activeElement;
  return held.shadowRoot ? held.shadowRoot.activeElement?.getAttribute("part") || "the player" : held.tagName;
}"""
"""The part of the player that has the focus; the tag's name of anything else."""


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    made = make_parts(tmp_path_factory.mktemp("focus"))
    ready_clip(made)
    with made.database.writing() as session:
        row = session.get_one(ClipRevisionRow, ("clip_1", 1))
        row.blocks = [row.blocks[0], row.blocks[1] | {"kind": "heading"}, row.blocks[2]]
    yield made
    made.close()


@pytest.fixture(scope="module")
def url(parts: Parts) -> Iterator[str]:
    with served(parts) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


def slow_page(browser: Browser, address: str, selector: str) -> Page:
    """The page, whose player came late: after a reader had gone to an element of what stood in for it."""
    page = browser.new_page()
    late: list[Route] = []

    def hold(route: Route) -> None:  # Playwright takes no method of a list
        late.append(route)

    page.route("**/player.js", hold)
    page.goto(address, wait_until="commit")
    page.locator(selector).focus()
    assert page.evaluate("() => document.activeElement !== document.body")
    for route in late:
        route.continue_()
    page.locator("article-audio[state=ready]").wait_for(state="attached")
    page.wait_for_function("() => !document.querySelector('article-audio > *')")
    return page


@pytest.mark.parametrize("path", ["/listen/clip_1", "/embed/clip_1"])
@pytest.mark.parametrize(
    ("selector", "part"),
    [("article-audio audio", "play"), ("a#feedback", "feedback"), ("article-audio a[href*='/about/']", "more")],
)
def test_the_player_takes_the_focus_over(browser: Browser, url: str, path: str, selector: str, part: str) -> None:
    page = slow_page(browser, url + path, selector)
    assert page.evaluate(FOCUSED) == part
    page.close()


def test_who_is_elsewhere_stays_there(browser: Browser, url: str) -> None:
    page = slow_page(browser, f"{url}/listen/clip_1", "footer a")
    assert page.evaluate(FOCUSED) == "A"
    page.close()


def test_the_focus_outlives_another_language(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(f"{url}/listen/clip_1")
    page.locator("article-audio[state=ready]").wait_for(state="attached")
    page.get_by_role("button", name="Share this moment").focus()
    page.evaluate(
        "() => { document.documentElement.lang = 'de'; return document.querySelector('article-audio').refresh(0); }"
    )
    page.get_by_role("button", name="Diese Stelle teilen").wait_for()
    assert page.evaluate(FOCUSED) == "share"
    page.close()


def test_a_button_that_goes_leaves_the_focus_in_the_player(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(f"{url}/listen/clip_1")
    page.locator("article-audio[state=ready]").wait_for(state="attached")
    for part in ("renew", "follow"):
        told = """(part) => {
          const { panel } = document.querySelector("article-audio");
          panel.show(panel[part], true);
          panel[part].focus();
          panel.show(panel[part], false);
        }"""
        page.evaluate(told, part)
        assert page.evaluate(FOCUSED) == "play", part
    page.close()


def test_a_chapter_keeps_the_focus_when_the_list_grows(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(f"{url}/listen/clip_1")
    page.locator("article-audio[state=ready]").wait_for(state="attached")
    held = page.evaluate("""() => {
      const { panel } = document.querySelector("article-audio");
      const two = [{ title: "One", start_ms: 0 }, { title: "Two", start_ms: 2000 }];
      panel.controls.className = "";
      panel.list_chapters(two, 9000);
      panel.chapters.open = true;
      panel.entries.children[1].firstChild.focus();
      panel.list_chapters([...two, { title: "Three", start_ms: 4000 }], 9000);
      return panel.focused.textContent;
    }""")
    assert held.endswith("Two")
    page.close()
