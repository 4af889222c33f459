"""The staff's pages of articles, sites and pronunciations in a real Chromium: no barriers, small, dark, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from tests.measure.doors.jobs import served
from tests.parts import browser as chromium
from tests.parts.factories import make_parts
from tests.parts.staff import signed
from tests.parts.web_rows import ready_clip, rendering_clip
from tests.slow.test_staff_pages import RULES, Desk
from tts_service.access.keys import create_key
from tts_service.cms.feeds.register import add_feed
from tts_service.cms.inbox.addresses import add_hook
from tts_service.db.tables import ArticleRow, JobRow
from tts_service.newsroom.lexicon import Place, add
from tts_service.newsroom.sites import set_options, set_policy
from tts_service.parts import Parts
from tts_service.speakable.lexeme import Lexeme

pytestmark = [pytest.mark.slow, chromium.NEEDED]

TITLES = (
    "New bridge opens in the harbour town of Elmsworth after eleven years",
    "Donaudampfschifffahrtsgesellschaftskapitänswitwe klagt gegen Rindfleischetikettierungsgesetz",
    "Council votes on flood defences",
    "Results, short",
    "Withdrawn by the editors",
)


def fill(parts: Parts) -> dict[str, str]:
    """Articles in every state, a site with everything, entries; the addresses of the pages."""
    held, german, failed, made = (ready_clip(parts, name=name) for name in ("held", "german", "failed", "made"))
    held.hold()
    gone = ready_clip(parts, name="gone")
    rendering_clip(parts, name="making").speak(0)
    error = {
        "code": "unspeakable_text",
        "title": "The voice can't speak one of the sentences",
        "detail": "The voice tone:beep crashed 3 times on sentence 1 (block 2): 'the bridge'. Change that sentence.",
        "block": 1,
        "start": 0,
        "end": 27,
    }
    with parts.database.writing() as session:
        for clip, title in zip((held, german, failed, made, gone), TITLES, strict=True):
            session.execute(
                update(ArticleRow).where(ArticleRow.id == clip.id.replace("clip", "art")).values(title=title)
            )
        session.execute(update(JobRow).where(JobRow.id == failed.job).values(state="failed", error=error))
        session.execute(update(ArticleRow).where(ArticleRow.id == "art_gone").values(withdrawn_ms=10**12))
    set_options(parts.database, "gazette", {"hold": True, "title": "The Gazette, read aloud"})
    quotes = {"blocks": {"quote": {"voice": "tone:low", "rate": 0.95}}, "pauses": {"quote_ms": 700}}
    set_policy(parts.database, parts.voices, "gazette", quotes)
    add_hook(parts.database, "ghost", "gazette")
    add_feed(parts, "gazette", "https://www.gazette.example/sitemap.xml", "test")
    create_key(parts.database, "The CMS", ("jobs:write", "jobs:read"), "gazette")
    words = (("Holyrood", "ˈhɒlɪˌruːd", None), ("Elmsworth", None, "Elms worth"), ("NATO", None, "naytoe"))
    for grapheme, ipa, alias in words:
        lexeme = Lexeme(graphemes=(grapheme,), language="en", ipa=ipa, alias=alias)
        row = add(parts.database, parts.voices, Place.of("gazette"), lexeme, author="test").row
    return {
        "articles": "/staff/articles",
        "failed": "/staff/articles?state=failed",
        "new": "/staff/articles/new",
        "held": "/staff/articles/art_held",
        "article": "/staff/articles/art_made",
        "sentence": "/staff/articles/art_made?sentence=0",
        "broken": "/staff/articles/art_failed",
        "making": "/staff/articles/art_making",
        "gone": "/staff/articles/art_gone",
        "sites": "/staff/sites",
        "site": "/staff/sites/gazette",
        "rules": "/staff/sites/gazette/rules?text=The+bridge",
        "lexicon": "/staff/lexicon",
        "entry": f"/staff/lexicon/{row.id}",
        "import": "/staff/lexicon/import",
    }


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    parts = make_parts(tmp_path_factory.mktemp("articles"))
    pages = fill(parts)
    with served(parts) as url:
        yield Desk(url, signed(parts).headers["Cookie"], pages)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_the_pages_have_no_barrier_and_fit(browser: Browser, desk: Desk, scheme: str, width: int) -> None:
    page = desk.open(browser, scheme, width, "en")
    for path in desk.pages.values():
        page.goto(desk.url + path)
        page.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, path
    page.context.close()


def test_a_held_version_is_found_and_released_by_keyboard_alone(browser: Browser, desk: Desk) -> None:
    page = desk.open(browser, "light", 1280, "en")
    page.goto(desk.url + "/staff/articles?state=held")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/articles/art_held")
    release = page.get_by_role("button", name="Release")
    release.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#held")).to_have_count(0)
    page.context.close()


def test_a_page_at_work_shows_one_state_until_its_end_and_then_another(browser: Browser, tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    clip = rendering_clip(parts, name="making")
    with served(parts) as url:
        page = Desk(url, signed(parts).headers["Cookie"], {}).open(browser, "light", 1280, "en")
        page.goto(f"{url}/staff/articles/art_making")
        expect(page.locator("#now")).to_have_text("being made")
        for position in range(3):
            clip.speak(position)
        clip.end()
        clip.finish()
        expect(page.locator("#now")).to_have_text("ready")
        expect(page.get_by_text("heard now")).to_have_count(1)
        expect(page.locator("#change details").first).to_be_visible()
        expect(page.locator("main").get_by_text("being made")).to_have_count(0)
        page.context.close()


def test_keys_do_nothing_while_somebody_types(browser: Browser, desk: Desk) -> None:
    page = desk.open(browser, "light", 1280, "en")
    page.goto(desk.url + "/staff/articles")
    page.keyboard.press("/")
    page.keyboard.type("jk/")
    expect(page.locator("#q")).to_have_value("jk/")
    page.context.close()
