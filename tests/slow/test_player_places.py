"""The player finds the article's sentences in publishers' pages, and marks nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.parts import browser as chromium
from tests.parts.player_pages import source
from tests.parts.player_places import PAGES, score

pytestmark = [
    pytest.mark.slow,
    chromium.NEEDED,
]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def places(page: Page, html: str, *texts: str) -> list[Any]:
    """What is marked for these sentences, in order; None: nothing."""
    page.set_content(html)
    page.add_script_tag(content=source("places"))
    return list(
        page.evaluate(
            """(texts) => { const page = new PageText([document.body]);
            const found = placesOf(page, texts.map((text) => ({ text })));
            return found.map((at) => at && page.range(...at).toString()); }""",
            list(texts),
        )
    )


def test_sentences_are_found_in_ten_kinds_of_pages(browser: Browser) -> None:
    assert len(PAGES) == 10
    scores = [score(browser, path) for path in PAGES]
    assert [(one.page, one.wrong) for one in scores if one.wrong] == []
    everything, missed = sum(one.sentences for one in scores), [text for one in scores for text in one.missed]
    assert everything > 80
    assert len(missed) <= 0.02 * everything, missed


def test_markup_quotes_and_soft_hyphens_in_between_do_not_matter(page: Page) -> None:
    html = "<p>“The <b>spokes\u00adwoman</b> said:<br>it costs <a href=x>4\u00a0€</a>.” Then she left.</p>"
    assert places(page, html, '"The spokeswoman said: it costs 4 €."', "Then she left.") == [
        "“The spokes\u00adwoman said:it costs 4\u00a0€.”",
        "Then she left.",
    ]


def test_struck_words_are_found_where_they_are_spoken(page: Page) -> None:
    html = "<p>It costs £4 instead of <s>£5</s>. The <s>old</s> new fare holds.</p>"
    assert places(page, html, "It costs £4 instead of £5.", "The new fare holds.") == [
        "It costs £4 instead of £5.",
        "The old new fare holds.",
    ]


def test_what_stands_twice_without_a_neighbour_is_passed_over(page: Page) -> None:
    html = "<p>No way.</p><p>Something in between.</p><p>No way.</p>"
    assert places(page, html, "No way.") == [None]
    assert places(page, html, "Something in between.", "No way.") == ["Something in between.", "No way."]


def test_a_sentence_is_never_cut_out_of_a_word(page: Page) -> None:
    assert places(page, "<p>He plays the pia<b>no.</b></p><p>Yes.</p>", "No.", "no.") == [None, None]


def test_the_page_stays_as_it_was(page: Page) -> None:
    html = "<p>One <i>here</i>. Two there.</p>"
    places(page, html, "One here.", "Two there.")
    assert page.locator("body").inner_html().startswith(html)


def test_hostile_pages_take_no_time(page: Page) -> None:
    html = "<p>" + "a. " * 33_000 + "</p>" + "<i>" * 400 + "x"
    page.set_default_timeout(5_000)
    assert places(page, html, *["a."] * 300, "a" * 5_000) == [None] * 301
